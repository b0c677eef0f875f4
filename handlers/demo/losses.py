"""What goes wrong between a generated client and its server, as what it means for a life."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from handlers.demo.errors import Away, Unwelcome
from wirepact.errors import Conflict, ConnectionClosed, NotConnected, Refusal, Unanswered

_NOT_AGAIN: Final = frozenset({4401, 4403, 4404, 4406})


@contextmanager
def losing(what: str) -> Iterator[None]:
    """Raise `Away` when *what* is cut off or has become another, and `Unwelcome` when it is refused."""
    try:
        yield
    except ConnectionClosed as error:
        kind = Unwelcome if error.code in _NOT_AGAIN else Away
        raise kind(f"{what}: {error}") from error
    except (NotConnected, Unanswered) as error:
        raise Away(f"{what}: {error}") from error
    except Refusal as error:
        kind = Away if error.is_temporary or isinstance(error, Conflict) else Unwelcome
        raise kind(f"{what}: {error}") from error
