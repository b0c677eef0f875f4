"""A span for each message that is handled."""

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from sites import hear, running
from wirepact.server import tracing


@pytest.fixture
def spans(monkeypatch):
    """The spans that have ended."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "_tracer", provider.get_tracer("tests"))
    return exporter.get_finished_spans


async def test_a_message_that_is_handled_is_a_span_with_the_names_of_the_document(way, spans):
    async with running(way=way) as site:
        client = await site.join()
        await client.send('{"type":"get_notes"}')
        await hear(client)
        [connection] = site.node.connections

    [span] = spans()
    assert (span.name, span.kind, span.status.status_code) == (
        "getNotes",
        SpanKind.CONSUMER,
        StatusCode.UNSET,
    )
    assert dict(span.attributes) == {
        "messaging.system": "wirepact",
        "messaging.operation.type": "process",
        "messaging.destination.template": "/ws/hall/{hall}/",
        "wirepact.service": "works",
        "wirepact.channel": "hall",
        "wirepact.operation": "getNotes",
        "wirepact.connection": connection.id,
    }


async def test_a_refusal_is_told_and_is_no_error(spans):
    async with running() as site:
        client = await site.join()
        await client.send('{"type":"watch","machine":404}')
        await hear(client)

    [span] = spans()
    assert span.status.status_code is StatusCode.UNSET
    assert span.attributes["wirepact.code"] == "not_found"


async def test_a_handler_that_fails_is_an_error_with_its_exception(spans, faults):
    async with running() as site:
        client = await site.join()
        await client.send('{"type":"watch","machine":13}')
        await hear(client)

    [span] = spans()
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, "RuntimeError")
    assert [each.name for each in span.events] == ["exception"]
    assert faults()


async def test_what_was_not_handled_is_no_span(spans):
    async with running() as site:
        client = await site.join()
        await client.send("nonsense")
        await hear(client)

    assert spans() == ()


async def test_a_handlers_own_spans_are_within(spans, monkeypatch):
    async with running() as site:
        client = await site.join()

        async def notes(peer, message):
            with tracing._tracer.start_as_current_span("inside"):
                return await original(site.handlers, peer, message)

        original = type(site.handlers).get_notes
        endpoint = site.node.connections[0].endpoint
        receiver = next(each for each in endpoint.receivers.values() if each.operation.name == "getNotes")
        monkeypatch.setitem(
            endpoint.receivers, receiver.operation.message, type(receiver)(receiver.operation, notes)
        )
        await client.send('{"type":"get_notes"}')
        await hear(client)

    inside, outside = spans()
    assert (inside.name, outside.name) == ("inside", "getNotes")
    assert inside.parent.span_id == outside.context.span_id
