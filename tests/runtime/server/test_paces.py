"""How much users say, without a socket and with a clock of its own."""

import pytest

from brokers import Clock
from wirepact.server.paces import Paces
from wirepact.tallies_memory import MemoryTallies


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def nodes(clock):
    tallies = MemoryTallies(clock=clock)
    return [Paces(tallies, clock), Paces(tallies.beside(), clock)]


async def test_who_talks_at_two_nodes_is_held_to_one_allowance(nodes, clock):
    one, two = (each.join("ann", 10) for each in nodes)
    said = [pace.take(clock.now) for pace in (one, two) for _ in range(10)]
    assert all(said)

    for node in nodes:
        await node.settle()

    clock.now += 0.5
    assert not two.take(clock.now)
    clock.now += 0.7
    assert two.take(clock.now)


async def test_in_the_long_run_two_nodes_let_no_more_through_than_one(nodes, clock):
    one, two = (each.join("ann", 10) for each in nodes)
    said = 0

    for tick in range(1000):
        clock.now += 0.1
        said += sum(pace.take(clock.now) for pace in (one, two) for _ in range(5))
        if tick % 10 == 9:
            for node in nodes:
                await node.settle()

    assert 900 <= said <= 1050


async def test_a_pace_is_forgotten_when_it_is_whole_again_and_nobody_is_there(nodes, clock):
    node, _ = nodes
    node.join("ann", 10)
    node.join("bob", 10)
    node.join("ann", 10).take(clock.now)
    node.leave("ann")
    node.leave("bob")
    await node.settle()
    assert len(node) == 1

    node.leave("ann")
    await node.settle()
    assert len(node) == 1
    clock.now += 1
    await node.settle()

    assert len(node) == 0
