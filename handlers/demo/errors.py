"""Why a life can't go on.

```
Unlived
├── Away        nobody answers, or not any more: somebody may later
└── Unwelcome   the server answers, and will not have it
```
"""


class Unlived(Exception):
    """A life can't go on. The sentence says what to do."""


class Away(Unlived):
    """Nobody answers, or not any more: somebody may later."""


class Unwelcome(Unlived):
    """The server answers, and will not have it, however often it is asked."""
