"""For tests of what stands on the runtime: an application and its clients in the test's own event loop, and tokens for them."""

from wirepact.testing.connected import connected
from wirepact.testing.serving import serving
from wirepact.testing.tokens import KEY, authenticator, token

__all__ = ["KEY", "authenticator", "connected", "serving", "token"]
