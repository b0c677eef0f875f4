import asyncio

import httpx
import pytest

from handlers.app import create_app, databases
from handlers.schema import upgrade
from handlers.spc.handlers import Spc
from handlers.spc.settings import SpcSettings
from wirepact.auth import mint_token
from wirepact.errors import Misconfigured
from wirepact.testing import KEY, serving


@pytest.fixture(autouse=True)
def environment(monkeypatch, tmp_path):
    monkeypatch.setenv("WIREPACT_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("WIREPACT_JWT_SECRET", KEY)


async def test_the_application_serves_the_page_the_services_and_its_health():
    async with serving(create_app()) as url, httpx.AsyncClient(base_url=url, trust_env=False) as http:
        answers = [await http.get(path) for path in ["/", "/api/spc/products/", "/health/ready", "/nowhere"]]

    assert [each.status_code for each in answers][1:] == [200, 200, 404]
    assert answers[0].headers["content-type"].startswith("text/html")


async def test_its_data_is_in_the_state_directory(tmp_path):
    async with serving(create_app()):
        pass

    assert (tmp_path / "wirepact.db").is_file()


async def test_in_production_a_token_is_needed(monkeypatch):
    monkeypatch.setenv("WIREPACT_ENV", "production")
    for schema, url in databases():
        await asyncio.to_thread(upgrade, schema, url)
    headers = {"authorization": f"Bearer {mint_token(KEY, 'ann')}"}

    async with serving(create_app()) as url, httpx.AsyncClient(base_url=url, trust_env=False) as http:
        without, with_token = [await http.get("/api/spc/products/", headers=each) for each in [{}, headers]]

    assert without.status_code == 401
    assert with_token.status_code == 200


async def test_in_production_a_database_that_is_not_at_the_newest_revision_stops_the_start(monkeypatch):
    monkeypatch.setenv("WIREPACT_ENV", "production")

    told = pytest.RaisesExc(Misconfigured, match='_DATABASE_URL: .* run "wirepact db upgrade"')
    with pytest.RaisesGroup(told):
        await create_app().lifespan().__aenter__()


def test_a_handler_that_is_missing_stops_the_start_with_its_name(monkeypatch):
    monkeypatch.setattr(Spc, "__abstractmethods__", frozenset({"get_alerts"}))

    with pytest.raises(TypeError, match="get_alerts"):
        create_app()


@pytest.mark.parametrize(
    "url",
    ["sqlite:///spc.db", "postgresql+nothing://host/name", "postgresql+psycopg://host/name"],
    ids=["not asynchronous", "no such driver", "driver not installed"],
)
def test_a_database_without_a_driver_stops_the_start(monkeypatch, url):
    monkeypatch.setenv("SPC_DATABASE_URL", url)

    with pytest.raises(Misconfigured, match="SPC_DATABASE_URL: needs an asynchronous driver"):
        create_app()


async def test_a_database_that_can_not_be_opened_stops_the_start(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("SPC_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/file/spc.db")
    app = create_app()

    told = pytest.RaisesExc(Misconfigured, match="SPC_DATABASE_URL: the database can't be opened")
    with pytest.RaisesGroup(told):
        await app.lifespan().__aenter__()


def test_a_database_that_is_out_of_reach_is_told_before_anything_is_served(monkeypatch):
    monkeypatch.setenv("SERVICE", "spc")
    monkeypatch.setenv("SPC_DATABASE_URL", "postgresql+asyncpg://user:secret@127.0.0.1:1/spc")
    (check,) = create_app().checks

    with pytest.raises(Misconfigured, match="SPC_DATABASE_URL: the database can't be opened"):
        check()


def test_every_setting_is_in_the_table_of_the_docs(pytestconfig):
    table = (pytestconfig.rootpath / "docs" / "settings.md").read_text()

    assert [name for name in SpcSettings.model_fields if f"`SPC_{name.upper()}`" not in table] == []


async def test_one_service_can_be_served_alone(monkeypatch):
    monkeypatch.setenv("SERVICE", "spc")
    async with serving(create_app()) as url, httpx.AsyncClient(base_url=url, trust_env=False) as http:
        answers = [await http.get("/api/spc/products/"), await http.put("/api/robodine/robots/r1/")]

    assert [each.status_code for each in answers] == [200, 404]


def test_a_service_that_there_is_none_stops_the_start(monkeypatch):
    monkeypatch.setenv("SERVICE", "spc, chess")

    with pytest.raises(
        Misconfigured, match="SERVICE: chess is not among chat, classroom, clinic, robodine, spc"
    ):
        create_app()
