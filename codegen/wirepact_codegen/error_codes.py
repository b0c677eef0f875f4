"""The codes that an error message can carry, and what each of them tells the app that gets it.

The runtime has the same list, as the classes of its refusals; a test holds the two together.
"""

from collections.abc import Mapping

ERROR_CODES: Mapping[str, str] = {
    "bad_request": "It could not be read at all: no JSON, or no object.",
    "unknown_message": "No message that may be sent here looks like it.",
    "invalid_payload": "The message is known, but its content does not fit its schema.",
    "unauthorized": "No token came with it, or one that is not trusted.",
    "permission_denied": "You are known, and may not do this.",
    "not_found": "What it is about does not exist.",
    "conflict": "It clashes with what exists.",
    "too_large": "It has more bytes than are allowed.",
    "rate_limited": "Too many came in a while; slow down.",
    "internal": "The fault is the server's.",
}
"""Each code with its meaning, in the order in which the docs list them."""
