import pytest
from click.testing import CliRunner

from handlers.demo.command import main
from handlers.demo.visitor import link
from outside import outside
from wirepact.testing import authenticator


@pytest.fixture(autouse=True)
def state(monkeypatch, tmp_path):
    monkeypatch.setenv("WIREPACT_STATE_DIR", str(tmp_path))


def test_without_a_server_the_demo_says_how_to_start_one(unused_tcp_port):
    result = CliRunner().invoke(main, ["--url", f"http://127.0.0.1:{unused_tcp_port}"])

    assert result.exit_code == 1
    assert f"no server answers at http://127.0.0.1:{unused_tcp_port}" in result.stderr
    assert "make run" in result.stderr


def test_a_wrong_setting_is_named(monkeypatch):
    monkeypatch.setenv("ROBODINE_TCP_PORT", "here")

    result = CliRunner().invoke(main)

    assert result.exit_code == 1
    assert "ROBODINE_TCP_PORT" in result.stderr


@pytest.mark.parametrize("option", ["--speed", "--minutes"])
def test_a_demo_has_a_speed_and_an_end(option):
    assert CliRunner().invoke(main, [option, "0"]).exit_code == 2


async def test_the_link_signs_in_somebody_who_may_look_and_not_feed():
    address, token = link(outside("http://localhost:8000")).split("#token=")

    identity = await authenticator().authenticate(token)
    assert address == "http://localhost:8000/"
    assert identity.sub == "1000"
    assert "SERVICE" not in identity.roles
