"""The faults that the whole must survive, and a table of them: which tests stand for each, and how they ended.

A test says so with `@pytest.mark.faults(row=11)`. `make faults` runs those and prints the table (`--fault-table`). A row that no
test stands for fails it, unless `NOT_HERE` says why there is none.
"""

from collections import defaultdict

import pytest

ROWS = {
    1: "Redis restarts with its data gone, in the middle of a broadcast",
    2: "Redis restarts from an old snapshot",
    3: "Redis is down for a while",
    4: "Redis is frozen, without an error",
    5: "Redis cuts a listener off for its output buffer",
    6: "a replica without the last writes is promoted",
    7: "a worker is killed while it holds connections",
    8: "SIGTERM in the middle of a broadcast",
    9: "a second SIGTERM, or the window is over",
    10: "workers are restarted one after the other",
    11: "a client does not read",
    12: "the cable is pulled",
    13: "a reset in the middle of a frame",
    14: "a token expires while connected",
    15: "a token is revoked, a user disabled, a role taken",
    16: "forged tokens",
    17: "another tenant's channel, in every spelling",
    18: "a foreign origin with a good cookie",
    19: "too large a frame, or too many fragments, or a deflate bomb",
    20: "text that is not UTF-8",
    21: "a binary frame where there is text only",
    22: "what is not JSON, or no object",
    23: "nesting, integers and keys without end",
    24: "what fits no schema, no message, no address",
    25: "words before the hello, a second one, none",
    26: "an id that is in use, and one that nobody gave",
    27: "one idempotency key on two nodes",
    28: "versions that overtake each other",
    29: "positions out of the window, or that never were",
    30: "publishing while somebody subscribes",
    31: "everyone comes back at once",
    32: "floods of messages, pings, joins and leaves",
    33: "upgrades that are never finished",
    34: "clocks that are wrong, or go back",
    35: "handlers that raise, hang or leave tasks behind",
    36: "a handler that blocks the loop",
    37: "a callback that comes twice, or late",
    38: "what can't be read from the broker",
    39: "one connection whose sending raises",
    40: "a disk that is full or can't be written",
    41: "a proxy that is less patient than the pings",
    42: "a page that sleeps for ten minutes",
}

NOT_HERE: dict[int, str] = {}
"""Rows without a test, and why."""

_ENDED: defaultdict[int, list[tuple[str, str, float]]] = defaultdict(list)


def pytest_addoption(parser):
    parser.addoption("--fault-table", action="store_true", help="print the table of faults at the end")


def pytest_runtest_setup(item):
    for mark in item.iter_markers("faults"):
        item.user_properties.append(("fault", mark.kwargs["row"]))


def pytest_runtest_logreport(report):
    if report.when == "call" or report.outcome != "passed":
        for name, row in report.user_properties:
            if name == "fault":
                _ENDED[row].append((report.nodeid, report.outcome, report.duration))


def missing():
    """Rows that no test stood for, though one should."""
    return [row for row in ROWS if row not in _ENDED and row not in NOT_HERE]


def pytest_sessionfinish(session, exitstatus):
    is_worker = hasattr(session.config, "workerinput")
    if session.config.getoption("--fault-table") and not is_worker and exitstatus == 0 and missing():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    if not config.getoption("--fault-table"):
        return
    terminalreporter.section("faults")
    for row, what in ROWS.items():
        tests = _ENDED.get(row, [])
        passed = sum(outcome == "passed" for _, outcome, _ in tests)
        seconds = sum(duration for *_, duration in tests)
        verdict = f"{passed}/{len(tests)} passed, {seconds:.1f} s" if tests else NOT_HERE.get(row, "NO TEST")
        terminalreporter.write_line(f"{row:>3}  {what:<62} {verdict}")
