"""The formats of JSON Schema that are checked as text: whether a string is a `uuid`, an `email`, a `uri` and so on."""

import ipaddress
import re
from collections.abc import Callable, Mapping
from datetime import date, time


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = rf"{_LABEL}(\.{_LABEL})*"
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_QUOTED = r'"([^"\\\x00-\x1f\x7f-\uffff]|\\[ -~])*"'
_IN_URI = r"([A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*"
_DURATION_TIME = r"T([0-9]+H([0-9]+M([0-9]+S)?)?|[0-9]+M([0-9]+S)?|[0-9]+S)"
_DURATION_DATE = r"([0-9]+Y([0-9]+M([0-9]+D)?)?|[0-9]+M([0-9]+D)?|[0-9]+D)"
_ZONE = r"([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(rf"(?P<clock>[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}})(\.[0-9]+)?(?P<zone>{_ZONE})?")
_ADDRESS = re.compile(rf"({_ATOM}(\.{_ATOM})*|{_QUOTED})@(?P<host>{_HOST}|\[.*\])", re.DOTALL)


def is_date(text: str) -> bool:
    """Whether *text* is RFC 3339's full-date."""
    if _DATE.fullmatch(text) is None:
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_time(text: str) -> bool:
    """Whether *text* is RFC 3339's full-time, with its zone. Leap seconds are none to Python, nor to us."""
    found = _TIME.fullmatch(text)
    return found is not None and found["zone"] is not None and _is_clock(found["clock"])


def is_date_time(text: str) -> bool:
    """Whether *text* is RFC 3339's date-time."""
    return text[10:11] in {"T", "t"} and is_date(text[:10]) and is_time(text[11:])


def is_local_date_time(text: str) -> bool:
    """Whether *text* is RFC 3339's date-time without the zone."""
    found = _TIME.fullmatch(text[11:])
    return (
        text[10:11] in {"T", "t"}
        and is_date(text[:10])
        and found is not None
        and found["zone"] is None
        and _is_clock(found["clock"])
    )


def is_email(text: str) -> bool:
    """Whether *text* is RFC 5321's mailbox."""
    found = _ADDRESS.fullmatch(text)
    if found is None:
        return False
    host = found["host"]
    if not host.startswith("["):
        return is_hostname(host)
    literal = host[1:-1]
    return is_ipv6(literal[5:]) if literal.lower().startswith("ipv6:") else is_ipv4(literal)


def is_hostname(text: str) -> bool:
    """Whether *text* is RFC 1123's name of a host."""
    return len(text) <= 253 and _matches_host(text) and all(len(each) <= 63 for each in text.split("."))


def is_ipv4(text: str) -> bool:
    """Whether *text* is an address of four decimal numbers."""
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return text.isascii()


def is_ipv6(text: str) -> bool:
    """Whether *text* is RFC 4291's address, without a zone."""
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return "%" not in text


def is_uri_reference(text: str) -> bool:
    """Whether *text* is RFC 3986's reference."""
    before, _, fragment = text.partition("#")
    return _in_uri(before.replace("[", "").replace("]", "")) and _in_uri(fragment)


def is_uri(text: str) -> bool:
    """Whether *text* is RFC 3986's URI, with its scheme."""
    return _has_scheme(text) and is_uri_reference(text)


def _is_clock(text: str) -> bool:
    try:
        time.fromisoformat(text)
    except ValueError:
        return False
    return True


_matches_host = _matches(_HOST)
_in_uri = _matches(_IN_URI)
_has_scheme = _matches(r"[A-Za-z][A-Za-z0-9+.-]*:.*")

FORMATS: Mapping[str, Callable[[str], bool]] = {
    "date": is_date,
    "date-time": is_date_time,
    "date-time-local": is_local_date_time,
    "duration": _matches(rf"P({_DURATION_DATE}({_DURATION_TIME})?|{_DURATION_TIME}|[0-9]+W)"),
    "email": is_email,
    "hostname": is_hostname,
    "ipv4": is_ipv4,
    "ipv6": is_ipv6,
    "time": is_time,
    "uri": is_uri,
    "uri-reference": is_uri_reference,
    "uuid": _matches(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"),
}
"""The formats that are checked, by their names."""
