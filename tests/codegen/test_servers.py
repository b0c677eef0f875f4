"""Where servers are said to be, in every spelling that documents have for it, and the routes that follow."""

import pytest
import yaml

from wirepact_codegen.errors import Findings
from wirepact_codegen.reading import read_services

SHOUT = {"payload": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}}


def read(document, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spec.yaml").write_text(yaml.safe_dump(document, sort_keys=False), "utf-8")
    findings = Findings()
    (service,) = read_services(["spec.yaml"], findings, "server")
    assert not findings.errors, list(map(str, findings))
    return service, [each.sentence for each in findings if each.severity == "warning"]


def version_2(address="/", **server):
    return {
        "asyncapi": "2.6.0",
        "info": {"title": "Echo", "version": "1"},
        "servers": {"live": {"protocol": "wss", **server}},
        "channels": {address: {"publish": {"operationId": "shout", "message": SHOUT}}},
    }


def version_3(servers, channels):
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Echo", "version": "1"},
        "servers": {name: {"protocol": "wss", **each} for name, each in servers.items()},
        "channels": {
            name: {
                "address": address,
                "messages": {f"{name} said": SHOUT},
                "servers": [{"$ref": f"#/servers/{each}"} for each in on],
            }
            for name, (address, on) in channels.items()
        },
        "operations": {
            f"say {name}": {"action": "receive", "channel": {"$ref": f"#/channels/{name}"}}
            for name in channels
        },
    }


@pytest.mark.parametrize(
    ("url", "base", "route"),
    [
        ("wss://example.com", "wss://example.com", "/"),
        ("example.com", "wss://example.com", "/"),
        ("example.com:8443/", "wss://example.com:8443", "/"),
        ("wss://example.com/ws", "wss://example.com", "/ws"),
        ("wss://example.com/ws/v2/", "wss://example.com", "/ws/v2"),
        ("{protocol}://example.com/ws", "wss://example.com", "/ws"),
        ("[::1]:8443/ws", "wss://[::1]:8443", "/ws"),
        ("", None, "/"),
    ],
)
def test_a_url_is_parted_into_what_a_client_is_made_with_and_the_route(
    url, base, route, tmp_path, monkeypatch
):
    service, _ = read(version_2(url=url), tmp_path, monkeypatch)

    assert [each.url for each in service.servers] == ([base] if base else [])
    assert [each.address for each in service.channels] == [route]


def test_a_variable_in_the_path_is_a_parameter_of_the_address(tmp_path, monkeypatch):
    variables = {"port": {"default": "8443"}, "version": {"enum": ["v1", "v2"], "default": "v2"}}
    document = version_2("/rooms", url="wss://example.com:{port}/{version}", variables=variables)

    service, told = read(document, tmp_path, monkeypatch)

    (channel,), (server,) = service.channels, service.servers
    (parameter,) = channel.parameters
    assert channel.address == "/{version}/rooms"
    assert (parameter.name, parameter.enum, parameter.default) == ("version", ("v1", "v2"), "v2")
    assert server.url == "wss://example.com:{port}"
    assert [each.name for each in server.variables] == ["port"]
    assert not told


def test_a_host_that_is_all_variable_may_hold_a_whole_url(tmp_path, monkeypatch):
    document = version_2(url="{url}", variables={"url": {"default": "wss://example.com:9090/ws/"}})

    service, told = read(document, tmp_path, monkeypatch)

    (server,) = service.servers
    assert server.url == "wss://{url}"
    assert [each.default for each in server.variables] == ["example.com:9090/ws"]
    assert len(told) == 1


def test_a_query_in_the_url_is_left_out_with_a_word(tmp_path, monkeypatch):
    variables = {"version": {"default": "9"}}
    document = version_2(url="wss://example.com?v={version}&encoding=json", variables=variables)

    service, told = read(document, tmp_path, monkeypatch)

    assert [each.url for each in service.servers] == ["wss://example.com"]
    assert told == ['server "live" has "?v={version}&encoding=json" in its url: it is left out']


def test_servers_that_share_a_path_put_it_into_the_routes(tmp_path, monkeypatch):
    servers = {
        "live": {"host": "example.com", "pathname": "/v1/"},
        "test": {"host": "test.example.com", "pathname": "/v1"},
        "old": {"host": "old.example.com", "pathname": "/old"},
    }
    channels = {"room": ("/rooms", ["live", "test"]), "log": ("/", ["old"])}

    service, told = read(version_3(servers, channels), tmp_path, monkeypatch)

    assert [each.address for each in service.channels] == ["/v1/rooms", "/old"]
    assert [each.pathname for each in service.servers] == ["", "", ""]
    assert not [each for each in told if "different paths" in each]


def test_where_paths_differ_the_route_is_the_address_and_clients_add_the_path(tmp_path, monkeypatch):
    servers = {
        "live": {"host": "example.com", "pathname": "/v1"},
        "test": {"host": "localhost:8000"},
    }
    channels = {"room": ("/rooms", ["live", "test"]), "log": ("/log", ["live"])}

    service, told = read(version_3(servers, channels), tmp_path, monkeypatch)

    assert [each.address for each in service.channels] == ["/rooms", "/log"]
    assert [each.url for each in service.servers] == ["wss://example.com/v1", "wss://localhost:8000"]
    assert told == [
        'the servers of channel "room" have different paths, "/v1" and "/": its route is the address alone'
    ]


def test_a_server_of_a_broker_has_no_say_in_what_a_socket_asks_for(tmp_path, monkeypatch):
    servers = {
        "live": {"host": "example.com", "security": [{"type": "http", "scheme": "bearer"}]},
        "broker": {"host": "broker:9092", "protocol": "kafka", "pathname": "/never"},
    }

    service, told = read(version_3(servers, {"room": ("/rooms", ["live", "broker"])}), tmp_path, monkeypatch)

    assert [each.where for each in service.channels[0].credentials] == ["bearer"]
    assert service.channels[0].address == "/rooms"
    assert not [each for each in told if "different" in each]
