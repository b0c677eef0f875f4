import pytest

from handlers.demo.errors import Away, Unwelcome
from handlers.demo.losses import losing
from wirepact.errors import (
    Conflict,
    ConnectionClosed,
    ConnectionLost,
    ConnectionRefused,
    NotConnected,
    OutOfReach,
    PermissionDenied,
)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ConnectionClosed(1001, "Server is shutting down"), Away),
        (ConnectionClosed(4404, "No such session"), Unwelcome),
        (ConnectionRefused("no", 401), Unwelcome),
        (ConnectionRefused("nobody is there"), Away),
        (NotConnected("away"), Away),
        (ConnectionLost("lost"), Away),
        (Conflict("the session has ended"), Away),
        (OutOfReach("the broker is out of reach"), Away),
        (PermissionDenied("not yours"), Unwelcome),
    ],
    ids=repr,
)
def test_what_may_pass_is_told_from_what_will_not(error, kind):
    with pytest.raises(kind, match=r"^the lesson: "), losing("the lesson"):
        raise error


def test_a_mistake_of_ours_stays_one():
    with pytest.raises(ZeroDivisionError), losing("the lesson"):
        raise ZeroDivisionError
