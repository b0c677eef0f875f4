"""What a program sees, in the words in which scenarios and the table have it: the same for each client."""

from typing import Any

Seen = dict[str, Any]

# What tells one message of a name from another.
_LABELS = {
    "alert": lambda said: said["alert"]["title"],
    "alerts": lambda said: ", ".join(each["title"] for each in said["alerts"]) or "none",
    "alert_filter": lambda said: str(said["min_priority"]),
    "error": lambda said: said["code"],
    "measurement": lambda said: f"{said['measurement']['measurement_value']:g}",
    "subscribe_product": lambda said: str(said["product_id"]),
    "unsubscribe_product": lambda said: str(said["product_id"]),
    "get_alerts": lambda said: str(said.get("limit", "")),
}

_CALLS = {"answer", "failed", "handed back", "not sent", "too large", "status"}


def is_of_call(seen: Seen) -> bool:
    """Whether it is the outcome of something that the program called, which is not in one order with what it is told."""
    return seen["saw"] in _CALLS


def in_words(seen: Seen) -> str:  # noqa: C901, PLR0911, PLR0912  a table
    match seen:
        case {"saw": "token", "reason": reason}:
            return f"token asked: {reason}"
        case {"saw": "open"}:
            return _opened(seen)
        case {"saw": "lost", "code": code, "attempt": attempt}:
            return f"lost {code}, attempt {attempt}"
        case {"saw": "closed", "terminal": False}:
            return "closed"
        case {"saw": "closed", "code": code}:
            return f"ended {code}"
        case {"saw": "resumed", "audience": audience, "recovered": recovered}:
            of = f" of {audience}" if audience else ""
            return ("recovered" if recovered else "missed") + of
        case {"saw": "message", "name": name, "content": content}:
            return message(name, content)
        case {"saw": "unknown", "name": name}:
            return f"unknown {name or ''}".rstrip()
        case {"saw": "refused", "code": code}:
            return f"refused: {code}"
        case {"saw": "unsent" | "handed back" as saw, "messages": messages}:
            said = ", ".join(message(each["type"], each) for each in messages)
            return f"{saw}: {said or 'nothing'}"
        case {"saw": "dropped", "messages": count}:
            return f"dropped {count}"
        case {"saw": "answer", "name": name, "content": content}:
            said = "done" if content is None else message(content["type"], content)
            return f"answer {name}: {said}"
        case {"saw": "failed", "name": name, "error": error, "code": code}:
            return f"failed {name}: {error}" + (f" {code}" if code else "")
        case {"saw": "failed", "name": name, "error": error}:
            return f"failed {name}: {error}"
        case {"saw": "raised", "error": error}:
            return f"raised {error}"
        case {"saw": "status", "status": status}:
            return f"is {status}"
    return str(seen["saw"])


def message(name: str, content: Seen) -> str:
    label = _LABELS.get(name)
    return name if label is None else f"{name} {label(content)}"


def _opened(seen: Seen) -> str:
    parts = ["open again" if seen["again"] else "open"]
    if not seen["protocol"]:
        parts.append("legacy")
    if not seen["sameContract"]:
        parts.append("of another contract")
    return ", ".join(parts)
