"""The event loop that stands still, and who made it so."""

import asyncio
import time

import pytest

from sites import hear, running, until
from wirepact.server.lag import LoopWatch


def block(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


async def test_the_lag_of_a_loop_is_told_at_intervals():
    lags = []

    with LoopWatch(lags.append, lambda: None, every=0.01):
        await until(lambda: len(lags) > 2)

    assert all(0 <= each < 1 for each in lags)


async def test_after_it_was_left_nothing_is_told():
    lags = []
    with LoopWatch(lags.append, lambda: None, every=0.001):
        await until(lambda: lags)
    told = len(lags)

    await asyncio.sleep(0)

    assert len(lags) == told


async def test_who_blocks_the_loop_is_named_while_it_happens(faults, caplog):
    blocks, lags = [], []

    with LoopWatch(lags.append, lambda: blocks.append(1), every=0.01, blocked=0.1):
        await until(lambda: lags)
        block(0.5)
        await until(lambda: blocks)
        await until(lambda: len(caplog.records) > 1)

    assert faults() == ["the event loop stands still"]
    standing, going = caplog.records[:2]
    assert standing.fields["handler"] == "block"
    assert "test_lag.py:" in standing.fields["at"]
    assert going.getMessage() == "the event loop goes on"
    assert going.fields["seconds"] >= 0.3
    assert max(lags) >= 0.3


@pytest.mark.faults(row=36)
async def test_a_handler_that_blocks_is_named_and_its_connection_survives(faults, caplog, monkeypatch):
    monkeypatch.setattr(LoopWatch.__init__, "__kwdefaults__", {"every": 0.02, "blocked": 0.2})
    async with running() as site:
        client = await site.join()
        site.handlers.notes.append("still here")
        site.handlers.blocks = 0.8
        await client.send('{"type":"get_notes"}')
        answer = await hear(client)
        await until(lambda: any("goes on" in each.getMessage() for each in caplog.records))

    assert answer["notes"] == ["still here"]
    standing = next(each for each in caplog.records if "stands still" in each.getMessage())
    assert standing.fields["handler"] == "WorksHandlers.get_notes"
    assert "wirepact_loop_blocked_total 1.0" in site.node.metrics.text().decode()
    assert faults() == ["the event loop stands still"]
