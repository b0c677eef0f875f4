"""Query parameters as messages: a list is a parameter that comes several times."""

from collections.abc import Collection, Sequence
from typing import Generic
from urllib.parse import parse_qsl

from wirepact.descriptors import Credential, MessageT
from wirepact.errors import BadRequest
from wirepact.server.forms import Form


class QueryReader(Generic[MessageT]):
    """Reads query strings as messages of one model, past *tokens*, the parameters in which a token may stand."""

    def __init__(self, model: type[MessageT], tokens: Collection[str] = ()) -> None:
        self._form = Form(model)
        self._tokens = frozenset(tokens) - self._form.names

    def read(self, query: bytes) -> MessageT:
        """The message that *query* stands for. Raises a `Refusal`."""
        try:
            pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict")
        except ValueError:
            raise BadRequest("the query is not percent-encoded UTF-8") from None
        return self._form.read((name, text) for name, text in pairs if name not in self._tokens)


def query_reader(
    model: type[MessageT] | None, credentials: Sequence[Credential]
) -> QueryReader[MessageT] | None:
    """What reads the query, where the document has one."""
    if model is None:
        return None
    return QueryReader(model, [each.name for each in credentials if each.place == "query"])
