import pytest

from handlers.clinic.service import clinic as service
from handlers.clinic.settings import ClinicSettings
from handlers.demo.clinic import clinic
from handlers.demo.errors import Unwelcome
from handlers.demo.ward import STAFF
from outside import outside, some
from wirepact.broker_memory import MemoryBroker
from wirepact.server import Node, build_app
from wirepact.settings import Settings
from wirepact.testing import authenticator, serving
from wirepact_clients.clinic import messages
from wirepact_clients.clinic.client import ClinicClient


@pytest.fixture
async def url(tmp_path):
    node = Node(MemoryBroker(), authenticator(), Settings(state_dir=tmp_path))
    served = service(node, ClinicSettings())
    async with serving(build_app(node, served.routes, lifespan=[served.lifespan])) as url:
        yield url


def client(url):
    token = outside().token("1000", claims={"departments": ["*"]})
    return ClinicClient(url.replace("http", "ws"), token=token)


async def first(here, kind):
    """The next message of a kind, whatever comes before it."""
    while not isinstance(message := await here.receive(), kind):
        pass
    return message


async def open_orders(url):
    async with client(url) as looking, looking.ocs() as here:
        return (await first(here, messages.OcsSnapshot)).orders


async def test_whoever_looks_on_sees_staff_orders_results_and_permissions(url):
    life = clinic(outside(url))
    await anext(life)
    async with (
        client(url) as looking,
        looking.presence() as presence,
        looking.ocs() as ocs,
        looking.ai_inference() as ai,
        looking.permissions() as permissions,
        looking.user_permissions() as own,
    ):
        for _ in range(150):
            await anext(life)
        online = {each.user_id for each in (await first(presence, messages.PresenceSnapshot)).online}
        while not online >= set(STAFF):
            online.add((await first(presence, messages.UserOnline)).user_id)
        created = await first(ocs, messages.OrderCreated)
        changed = await first(ocs, messages.OrderStatusChanged)
        result = await first(ai, messages.AiInferenceResult)
        granted = await first(permissions, messages.PermissionGranted)
        mine = await first(own, messages.PermissionGranted)
    await life.aclose()

    assert created.order_id.startswith("DEMO-")
    assert changed.status == "accepted"
    assert result.job_id.startswith("job-DEMO-")
    assert granted.user_id in STAFF
    assert mine.user_id == "1000"


async def test_a_second_life_ends_what_the_first_left_open_and_makes_new_orders(url):
    await some(clinic(outside(url)), 60)
    left = {each.order_id for each in await open_orders(url)}

    await some(clinic(outside(url)), 20)

    now = {each.order_id for each in await open_orders(url)}
    assert left
    assert now
    assert not now & left


async def test_a_server_with_another_key_is_told_apart(url):
    with pytest.raises(Unwelcome, match="orders: "):
        await some(clinic(outside(url, key="a key that this server does not trust at all")), 1)
