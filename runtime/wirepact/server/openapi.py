"""The OpenAPI document of the HTTP operations, at `/schema/openapi.json`.

Litestar derives one from signatures; ours take the raw request, so each route says here what it takes and gives,
from its descriptor and the models' own JSON Schemas.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeAlias

from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import OpenAPI, Operation
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import DatetimeSchema

from wirepact.descriptors import Credential, HttpOperation, HttpReply
from wirepact.messages import FileMessage, Message
from wirepact.server.signposts import route_path
from wirepact.server.uploads import FORM

Json: TypeAlias = dict[str, Any]

_FILE: Json = {"type": "string", "format": "binary"}

_TEXTS = {
    400: "The request can't be read, or does not fit its schema.",
    401: "A token is missing, invalid or expired.",
    403: "Not allowed.",
    404: "Something that the request speaks of does not exist.",
    408: "The body did not come in time.",
    409: "The request clashes with what is there.",
    413: "The body is too large.",
    415: "The body is not declared as what it must be.",
    429: "Too many requests.",
    500: "A fault of the server.",
    503: "What it takes is out of reach; the same may succeed later.",
}


def operation_class(operation: HttpOperation, *, anonymous: bool) -> type[Operation]:
    """What Litestar makes of a route's documentation: *operation*, as its descriptor has it."""

    @dataclass
    class DocumentedOperation(Operation):
        def to_schema(self) -> Json:
            return _operation(operation, anonymous=anonymous)

    return DocumentedOperation


def openapi_config(title: str, version: str, operations: Sequence[HttpOperation]) -> OpenAPIConfig:
    """The configuration that serves the document of *operations*, and of whatever else the application has."""
    return _Config(
        title=title,
        version=version,
        path="/schema",
        render_plugins=[JsonRenderPlugin(path=["/openapi.json", "/"])],
        operations=operations,
    )


@dataclass
class _Document(OpenAPI):
    operations: Sequence[HttpOperation] = ()

    @property
    def _exclude_fields(self) -> set[str]:
        return super()._exclude_fields | {"operations"}

    def to_schema(self) -> Json:
        document = super().to_schema()
        components = document.setdefault("components", {})
        components.setdefault("schemas", {}).update(_schemas(self.operations))
        components.setdefault("securitySchemes", {}).update(_security_schemes(self.operations))
        routes = {each.path: route_path(each.path).replace(":str}", "}") for each in self.operations}
        addresses = {route.rstrip("/"): path for path, route in routes.items()}
        document["paths"] = {addresses.get(path, path): item for path, item in document["paths"].items()}
        return document


@dataclass
class _Config(OpenAPIConfig):
    operations: Sequence[HttpOperation] = field(default=())

    def to_openapi_schema(self) -> OpenAPI:
        plain = super().to_openapi_schema()
        return _Document(
            info=plain.info,
            servers=plain.servers,
            components=plain.components,
            paths=plain.paths,
            operations=self.operations,
        )


class _SchemaMaker(GenerateJsonSchema):
    """Says of a time without a zone that it is one; `date-time` would promise a zone."""

    def datetime_schema(self, schema: DatetimeSchema) -> JsonSchemaValue:
        naive = schema.get("tz_constraint") == "naive"
        return {"type": "string", "format": "date-time-local" if naive else "date-time"}


def _operation(operation: HttpOperation, *, anonymous: bool) -> Json:
    documented: Json = {
        "operationId": operation.name,
        "tags": [operation.service],
        "summary": operation.summary,
        "parameters": [*_path_parameters(operation), *_query_parameters(operation)],
        "responses": {**_replies(operation), **_errors(operation)},
    }
    if operation.body is not None:
        documented["requestBody"] = {"required": True, "content": _body(operation, operation.body)}
    if operation.credentials:
        security: list[Json] = [{_scheme_name(each): []} for each in operation.credentials]
        documented["security"] = [*security, {}] if anonymous and not operation.roles else security
    return documented


def _path_parameters(operation: HttpOperation) -> Iterable[Json]:
    for each in operation.parameters:
        schema = {"type": each.type, "enum": list(each.enum)} if each.enum else {"type": each.type}
        yield {"name": each.name, "in": "path", "required": True, "schema": schema}


def _query_parameters(operation: HttpOperation) -> Iterable[Json]:
    if operation.query is None:
        return
    schema = _schema(operation, operation.query)
    for name, each in schema["properties"].items():
        described = {"description": each["description"]} if "description" in each else {}
        required = name in schema.get("required", ())
        yield {"name": name, "in": "query", "required": required, "schema": each, **described}


def _replies(operation: HttpOperation) -> Json:
    if not operation.replies:
        return {"204": {"description": HTTPStatus(204).phrase}}
    return {
        str(each.status): {
            "description": each.summary or HTTPStatus(each.status).phrase,
            "content": _reply(operation, each),
        }
        for each in operation.replies
    }


def _errors(operation: HttpOperation) -> Json:
    """What may go wrong: always what a handler can raise, the rest by what the operation takes."""
    statuses = {403, 404, 409, 429, 500, 503}
    if operation.body is not None or operation.query is not None:
        statuses.add(400)
    if operation.body is not None:
        statuses |= {408, 413, 415}
    if operation.credentials:
        statuses.add(401)
    content = {} if operation.error is None else {"content": _content(operation, operation.error.model)}
    return {str(status): {"description": _TEXTS[status], **content} for status in sorted(statuses)}


def _body(operation: HttpOperation, model: type[Message]) -> Json:
    if not operation.part:
        return _content(operation, model)
    form = {"type": "object", "required": [operation.part], "properties": {operation.part: _FILE}}
    return {FORM: {"schema": form}}


def _reply(operation: HttpOperation, reply: HttpReply[Message]) -> Json:
    if issubclass(reply.model, FileMessage):
        return {reply.media_type: {"schema": _FILE}}
    return _content(operation, reply.model)


def _content(operation: HttpOperation, model: type[Message]) -> Json:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{_name(operation, model)}"}}}


def _name(operation: HttpOperation, model: type[Message]) -> str:
    return f"{operation.service}.{model.__name__}"


def _schema(operation: HttpOperation, model: type[Message]) -> Json:
    template = f"#/components/schemas/{operation.service}.{{model}}"
    return model.model_json_schema(ref_template=template, schema_generator=_SchemaMaker)


def _schemas(operations: Sequence[HttpOperation]) -> Mapping[str, Json]:
    found: dict[str, Json] = {}
    for operation in operations:
        models = [each.model for each in operation.replies]
        models += [each for each in (operation.body, operation.query) if each is not None]
        models += [] if operation.error is None else [operation.error.model]
        for model in (each for each in models if not issubclass(each, FileMessage)):
            schema = _schema(operation, model)
            for name, definition in schema.pop("$defs", {}).items():
                found[f"{operation.service}.{name}"] = definition
            if model is not operation.query:
                found[_name(operation, model)] = schema
    return dict(sorted(found.items()))


def _security_schemes(operations: Sequence[HttpOperation]) -> Mapping[str, Json]:
    credentials = dict.fromkeys(each for operation in operations for each in operation.credentials)
    return {_scheme_name(each): _security_scheme(each) for each in credentials}


def _scheme_name(credential: Credential) -> str:
    return "bearer" if credential.place == "bearer" else f"{credential.place}_{credential.name}"


def _security_scheme(credential: Credential) -> Json:
    if credential.place == "bearer":
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    return {"type": "apiKey", "in": credential.place, "name": credential.name}
