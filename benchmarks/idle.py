"""Five thousand connections that say nothing: what each of them takes.

    python -m benchmarks.idle [--rounds 3]

Memory is what is the process's own (USS), less what it had before; what the kernel keeps for a socket is in no process.
"""

import socket
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack

from benchmarks.contenders import FASTAPI, Rows, channels_on, naming, redis, run, table, wirepact
from benchmarks.load import InvalidRun, connect
from benchmarks.servers import Running, running

CONNECTIONS = 5000
FIRST = 200
"""Connections that come and go before, so that what is made once is there."""

FILES = CONNECTIONS + 500
KIB = 1024


def measured(rounds: int, core: int) -> Iterator[str]:
    rows: Rows = defaultdict(list)
    for number in range(rounds):
        with ExitStack() as stack:
            between = stack.enter_context(redis(core))
            for server in (stack.enter_context(wirepact()), FASTAPI, channels_on(between)):
                print(f"round {number + 1} of {rounds}: {server.name}", file=sys.stderr)
                with naming(server), running(server, core) as target:
                    rows[server.name].append(_taken(target))
    yield from table(f"{CONNECTIONS:,} connections that say nothing.", ("KiB each", "µs of CPU each"), rows)


def _taken(target: Running) -> tuple[float, float]:
    """KiB that a connection takes, and µs of CPU that it took to connect."""
    with ExitStack() as stack:
        _connected(target.port, FIRST, stack)
    memory, cpu = target.process.memory_full_info().uss, target.cpu_seconds()
    with ExitStack() as stack:
        _connected(target.port, CONNECTIONS, stack)
        more = target.process.memory_full_info().uss - memory
        return more / CONNECTIONS / KIB, (target.cpu_seconds() - cpu) / CONNECTIONS * 1e6


def _connected(port: int, count: int, stack: ExitStack) -> list[socket.socket]:
    """So many open WebSockets."""
    found = [stack.enter_context(connect(port)) for _ in range(count)]
    if any(each.fileno() < 0 for each in found):
        raise InvalidRun("a connection was closed")
    return found


if __name__ == "__main__":
    sys.exit(run("idle", __doc__, measured, FILES))
