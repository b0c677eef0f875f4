"""Fan-out through Redis: the publisher at one process, a thousand subscribers at another.

    python -m benchmarks.processes [--rounds 3]

CPU is that of both processes and of Redis, all of them on one core. The first line is one process without Redis.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack

from benchmarks.contenders import Redis, Rows, channels_on, naming, redis, run, table, wirepact
from benchmarks.load import Load
from benchmarks.servers import Running, Server, running

SUBSCRIBERS = 1000
IN_FLIGHT = (8, 1)
WARM_UP = 0.2
SECONDS = 1.0
FILES = SUBSCRIBERS + 200


def measured(rounds: int, core: int) -> Iterator[str]:
    rows: Rows = defaultdict(list)
    for number in range(rounds):
        print(f"round {number + 1} of {rounds}", file=sys.stderr)
        with wirepact("wirepact, one process") as alone:
            rows[alone.name].append(_heat(alone, core, None))
        with redis(core) as between, wirepact("wirepact, Redis", broker=between.url) as ours:
            rows[ours.name].append(_heat(ours, core, between))
        with redis(core) as between:
            theirs = channels_on(between)
            rows[theirs.name].append(_heat(theirs, core, between))
    title = f"Fan-out to {SUBSCRIBERS:,} subscribers at another process; µs of CPU a delivery."
    yield from table(title, [f"{each} in flight" for each in IN_FLIGHT], rows)


def _heat(server: Server, core: int, between: Redis | None) -> tuple[float, ...]:
    """µs of CPU a delivery, for each of `IN_FLIGHT`."""
    with naming(server), ExitStack() as stack:
        first = stack.enter_context(running(server, core))
        second = stack.enter_context(running(server, core)) if between is not None else first
        load = stack.enter_context(Load(first.port))
        load.grow(1)
        load.grow(SUBSCRIBERS, second.port)
        load.be_refused()
        busy: list[Running | Redis] = [first, *([second, between] if between is not None else [])]
        costs = []
        for in_flight in IN_FLIGHT:
            load.run(WARM_UP, in_flight=1)
            before = sum(each.cpu_seconds() for each in busy)
            heat = load.run(SECONDS, in_flight)
            costs.append((sum(each.cpu_seconds() for each in busy) - before) / heat.deliveries * 1e6)
        return tuple(costs)


if __name__ == "__main__":
    sys.exit(run("processes", __doc__, measured, FILES))
