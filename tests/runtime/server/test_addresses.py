"""Where somebody comes from, behind proxies and without."""

from ipaddress import ip_network

import pytest

from wirepact.server.addresses import client_host, counted_as

PROXIES = tuple(map(ip_network, ("10.0.0.0/8", "192.168.1.1", "fd00::/8")))


def host(client, *forwarded, proxies=PROXIES):
    headers = [(b"x-forwarded-for", each.encode()) for each in forwarded]
    return client_host({"client": (client, 1) if client else None, "headers": headers}, proxies)


@pytest.mark.parametrize(
    ("client", "forwarded", "found"),
    [
        ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.7"], "203.0.113.7"),
        ("10.0.0.1", ["1.1.1.1, 203.0.113.7"], "203.0.113.7"),
        ("10.0.0.1", ["1.1.1.1, 203.0.113.7, 192.168.1.1"], "203.0.113.7"),
        ("10.0.0.1", ["1.1.1.1", "203.0.113.7, 10.9.9.9"], "203.0.113.7"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", ["203.0.113.7:51234"], "203.0.113.7"),
        ("10.0.0.1", ["[2001:db8::7]:443"], "2001:db8::7"),
        ("fd00::1", ["2001:db8::7"], "2001:db8::7"),
        ("::ffff:10.0.0.1", ["203.0.113.7"], "203.0.113.7"),
        ("10.0.0.1", ["203.0.113.7, unknown"], "10.0.0.1"),
        ("10.0.0.1", [""], "10.0.0.1"),
        (None, ["203.0.113.7"], "203.0.113.7"),
        (None, [], ""),
    ],
)
def test_only_what_trusted_proxies_say_is_believed(client, forwarded, found):
    assert host(client, *forwarded) == found


def test_without_trusted_proxies_nothing_is_believed():
    assert host("10.0.0.1", "203.0.113.7", proxies=()) == "10.0.0.1"
    assert host(None, "203.0.113.7", proxies=()) == ""


def test_an_ipv6_network_counts_as_one_and_ipv4_addresses_each():
    assert counted_as("2001:db8:1:2::7") == counted_as("2001:db8:1:2:ffff::1") == "2001:db8:1:2::/64"
    assert counted_as("2001:db8:1:3::7") != counted_as("2001:db8:1:2::7")
    assert counted_as("203.0.113.7") == counted_as("::ffff:203.0.113.7") == "203.0.113.7"
    assert counted_as("") == ""
