"""Every scenario, with every client, against the application behind a network that fails: `make lifecycle`."""

import pytest

from lifecycle.scenario import CLIENTS, scenarios
from lifecycle.stage import staged

MARKS = {
    "python": (),
    "node": (pytest.mark.typescript,),
    "chromium": (pytest.mark.typescript, pytest.mark.browser),
}


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("client", [pytest.param(each, marks=MARKS[each]) for each in CLIENTS])
@pytest.mark.parametrize("named", scenarios(), ids=lambda each: each.name)
async def test_every_client_sees_what_the_scenario_tells(named, client, drivers, folder, record_property):
    record_property("scenario", (named.name, client))
    scenario = named.scenario
    async with (
        drivers.driver(client) as driver,
        staged(driver, scenario.given, folder, drivers.origin) as stage,
    ):
        for step in scenario.steps_of(client):
            await stage.play(step)
        await stage.end()
