"""Each format: texts that are of it, and texts that look like it."""

import pytest

from wirepact.texts import FORMATS

TEXTS = {
    "date": (
        ["2026-01-11", "2024-02-29"],
        ["2026-02-29", "2026-1-1", "20260111", "0000-01-01", "٢٠٢٦-01-11", ""],
    ),
    "date-time": (
        [
            "2026-01-11T12:00:00Z",
            "2026-01-11t12:00:00.5z",
            "2026-01-11T12:00:00+09:00",
            "2026-01-11T12:00:00-00:00",
        ],
        [
            "2026-01-11T12:00:00",
            "2026-01-11 12:00:00Z",
            "2026-01-11T12:00Z",
            "2026-01-11T25:00:00Z",
            "2026-01-11",
        ],
    ),
    "date-time-local": (
        ["2026-01-11T12:00:00", "2026-01-11T12:00:00.123456789"],
        ["2026-01-11T12:00:00Z", "2026-01-11T12:00", "2026-02-30T12:00:00"],
    ),
    "duration": (
        ["P1Y", "P1Y2M3DT4H5M6S", "PT1S", "P3W", "P1DT1H"],
        ["P", "PT", "1D", "P1Y2W", "P1H", "P1YT", "P0.5D", "PT1H3S", "p1d", "P1Y2D"],
    ),
    "email": (
        ["a@b.example", "a.b+c@example.com", '"a b"@example.com', "a@[127.0.0.1]", "a@[IPv6:::1]"],
        ["a", "a@", "@b", "a@b c", ".a@b", "a..b@c", "a@-b", "a@[127.0.0.256]", "a@b\n"],
    ),
    "hostname": (
        ["localhost", "a-b.example.com", "1.example", "x" * 63],
        ["-a", "a-", "a..b", "x" * 64, "a_b", ".".join(["x" * 63] * 4), "볼트", ""],
    ),
    "ipv4": (["127.0.0.1", "0.0.0.0"], ["127.0.0.01", "256.0.0.1", "1.2.3", "1.2.3.4.5", "\u0661.1.1.1"]),
    "ipv6": (
        ["::", "::1", "2001:db8::ff", "::ffff:1.2.3.4"],
        ["::1%eth0", "1::2::3", "12345::", "127.0.0.1"],
    ),
    "time": (
        ["12:00:00Z", "12:00:00.25+09:00", "23:59:59z"],
        ["12:00:00", "12:00Z", "24:00:00Z", "12:00:60Z"],
    ),
    "uri": (
        ["https://example.com/a?b#c", "urn:a", "a:"],
        ["/a", "a b:c", "https://example.com/ä", "1a:b", ""],
    ),
    "uri-reference": (["", "/a", "#b", "?c=%20", "https://x"], ["a b", "%zz", "#a#b", "ä", "\\"]),
    "uuid": (
        ["6f1e1f0c-3f0e-4c5e-9d5b-0d8d5a2c7b11", "6F1E1F0C-3F0E-4C5E-9D5B-0D8D5A2C7B11"],
        ["6f1e1f0c3f0e4c5e9d5b0d8d5a2c7b11", "{6f1e1f0c-3f0e-4c5e-9d5b-0d8d5a2c7b11}", "6f1e1f0c-3f0e", ""],
    ),
}


def test_every_format_is_tried():
    assert TEXTS.keys() == FORMATS.keys()


@pytest.mark.parametrize("form", TEXTS)
def test_a_format_takes_what_it_should_and_nothing_else(form):
    good, bad = TEXTS[form]

    assert [text for text in good if not FORMATS[form](text)] == []
    assert [text for text in bad if FORMATS[form](text)] == []
