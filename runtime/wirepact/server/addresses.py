"""Where somebody comes from: the address of the client, past the proxies that are trusted to say it."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias

from wirepact.server.identity import Scope

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

_IPV6_HOME = 64
"""How many bits of an IPv6 address say whose it is: whoever has one has all that begin with these."""


def client_host(scope: Scope, proxies: Sequence[Network]) -> str:
    """The address that *scope* comes from; `""` if nobody knows.

    `X-Forwarded-For` is read from the right, for as long as whoever wrote an entry is one of *proxies*: what stands further left
    anyone may have written. A connection without an address (a Unix socket) is a proxy's, where there are any.
    """
    client = scope.get("client")
    host = _plain(str(client[0])) if client else ""
    for entry in _forwarded(scope):
        if not _is_one_of(host, proxies) and (host or not proxies):
            break
        address = _read(entry)
        if address is None:
            break
        host = str(address)
    return host


def counted_as(host: str) -> str:
    """What counts as one address in a limit: an IPv4 address, or the network that one has with an IPv6 address."""
    address = _read(host)
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, _IPV6_HOME), strict=False))
    return _plain(host)


def _forwarded(scope: Scope) -> Iterable[str]:
    """The entries of `X-Forwarded-For`, the last one first."""
    lines = [value.decode("latin-1") for key, value in scope["headers"] if key == b"x-forwarded-for"]
    return reversed(",".join(lines).split(",")) if lines else ()


def _is_one_of(host: str, proxies: Sequence[Network]) -> bool:
    address = _read(host)
    return address is not None and any(address in network for network in proxies)


def _plain(host: str) -> str:
    address = _read(host)
    return host if address is None else str(address)


def _read(text: str) -> Address | None:
    """The address in *text*, with a port behind it or not; an IPv4 address in IPv6 clothes is one."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
