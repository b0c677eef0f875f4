"""One message now and then to a thousand subscribers: how long it takes to get to them.

python -m benchmarks.pace [--rounds 3]
"""

import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack

from benchmarks.contenders import FASTAPI, Rows, channels_on, naming, redis, run, table, wirepact
from benchmarks.load import Load
from benchmarks.servers import running

SUBSCRIBERS = 1000
RATE = 2
SECONDS = 10.0
FILES = SUBSCRIBERS + 200


def measured(rounds: int, core: int) -> Iterator[str]:
    rows: Rows = defaultdict(list)
    for number in range(rounds):
        with ExitStack() as stack:
            between = stack.enter_context(redis(core))
            for server in (stack.enter_context(wirepact()), FASTAPI, channels_on(between)):
                print(f"round {number + 1} of {rounds}: {server.name}", file=sys.stderr)
                with naming(server), running(server, core) as target, Load(target.port) as load:
                    load.grow(SUBSCRIBERS)
                    load.pace(1, RATE)
                    took = load.pace(SECONDS, RATE)
                    rows[server.name].append((took.median, took.p99, took.longest))
    title = f"{RATE} messages a second to {SUBSCRIBERS:,} subscribers: milliseconds from the sender to a subscriber."
    yield from table(title, ("median", "p99", "longest"), rows)


if __name__ == "__main__":
    sys.exit(run("pace", __doc__, measured, FILES))
