"""One OpenTelemetry span for each message that is handled. Without an SDK that takes them, it costs a look."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib.metadata import version

from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind, Status, StatusCode

from wirepact.descriptors import ReceiveOperation
from wirepact.errors import Refusal
from wirepact.messages import Message

_tracer = trace.get_tracer("wirepact", version("wirepact"))


_unrecorded = nullcontext()


def handling(
    operation: ReceiveOperation[Message], connection: str, request: str
) -> AbstractContextManager[None]:
    """While this is entered the message of *operation* is handled. A refusal is no error of the span; what it is, it says."""
    span = _tracer.start_span(operation.name, kind=SpanKind.CONSUMER)
    if not span.is_recording():
        return _unrecorded
    return _recorded(span, operation, connection, request)


@contextmanager
def _recorded(
    span: Span, operation: ReceiveOperation[Message], connection: str, request: str
) -> Iterator[None]:
    channel = operation.channel
    span.set_attributes(
        {
            "messaging.system": "wirepact",
            "messaging.operation.type": "process",
            "messaging.destination.template": channel.address,
            "wirepact.service": channel.service,
            "wirepact.channel": channel.name,
            "wirepact.operation": operation.name,
            "wirepact.connection": connection,
        }
    )
    if request:
        span.set_attribute("wirepact.request", request)
    with trace.use_span(span, end_on_exit=True, record_exception=False, set_status_on_exception=False):
        try:
            yield
        except Refusal as refusal:
            span.set_attribute("wirepact.code", refusal.code)
            raise
        except BaseException as error:
            span.record_exception(error)
            span.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise
