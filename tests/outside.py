"""The world around a server of the tests, for the lives of the demonstration."""

from datetime import timedelta

from handlers.demo.outside import Outside
from wirepact.testing import KEY


def outside(url="http://127.0.0.1:1", *, key=KEY, seed=1, robots=("127.0.0.1", 1)):
    return Outside(url, key, seed, robots, timedelta(hours=1))


async def some(life, moments):
    """What is said of the first moments of a life, silences included."""
    words = []
    async for each in life:
        words.append(each)
        if len(words) == moments:
            break
    await life.aclose()
    return words
