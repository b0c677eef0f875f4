"""Whose view a document takes changes what its words mean, and nothing of what is made of them."""

import pytest

from tests.codegen.emission import CASES
from wirepact_codegen.errors import Findings
from wirepact_codegen.reading import read_service

_SERVERS = (CASES / "one_message_each_way" / "spec.yaml").read_text("utf-8")
_CLIENTS = (CASES / "the_clients_view" / "spec.yaml").read_text("utf-8")


@pytest.fixture
def read(tmp_path):
    """The operations of each direction of a document, read in a view that it does not say itself."""

    def operations(text, perspective):
        file = tmp_path / "spec.yaml"
        file.write_text(text, "utf-8")
        findings = Findings()
        service = read_service(str(file), findings, perspective)
        assert not findings.errors
        (channel,) = service.channels
        return (
            [each.name for each in channel.receive_operations],
            [each.name for each in channel.send_operations],
        )

    return operations


def test_a_document_is_read_in_the_view_that_is_asked_for(read):
    silent = _CLIENTS.replace("x-perspective: client\n", "")

    assert read(silent, "client") == read(_SERVERS, None)
    (heard, said) = read(_SERVERS, None)
    assert read(silent, "server") == ([*said, "shout reply"], heard)  # whoever was asked is heard, too


def test_what_the_document_says_itself_wins(read):
    assert read(_CLIENTS, "server") == read(_CLIENTS, None)


def test_a_stranger_need_not_say_whom_messages_go_to(read):
    silent = "".join(
        line
        for line in _SERVERS.splitlines(keepends=True)
        if "x-to" not in line and "x-perspective" not in line
    )

    assert read(silent, "server") == read(_SERVERS, None)
