"""The OpenAPI document: complete, and what the server really does."""

import httpx
import jsonschema_rs
import pytest
from hypothesis import settings
from schemathesis import openapi
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import positive_data_acceptance

from sites import running
from wirepact.testing import token
from works import works

load_all_checks()
SCHEMA = openapi.from_asgi("/schema/openapi.json", works().app)


@pytest.fixture
async def document():
    async with running() as site, httpx.AsyncClient(base_url=site.url.replace("ws", "http", 1)) as http:
        response = await http.get("/schema/openapi.json")
        assert response.status_code == 200
        assert (await http.get("/schema")).json() == response.json()
        return response.json()


async def test_paths_stand_as_in_the_document(document):
    assert document["paths"].keys() == {"/api/notes/", "/api/notes/{id}/", "/api/all-notes/"}
    assert document["paths"]["/api/notes/"].keys() == {"get", "post"}


async def test_an_operation_says_what_it_takes_and_gives(document):
    create = document["paths"]["/api/notes/"]["post"]

    assert create["operationId"] == "createNote"
    assert create["requestBody"]["required"]
    assert create["requestBody"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/works.NewNote"
    }
    assert create["responses"]["201"]["description"] == "It is kept."
    statuses = {"201", "400", "401", "403", "404", "408", "409", "413", "415", "429", "500", "503"}
    assert create["responses"].keys() == statuses
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/works.Error"}}}
    assert all(create["responses"][each]["content"] == error for each in statuses - {"201"})
    assert create["security"] == [{"query_token": []}, {"cookie_session": []}, {"bearer": []}]


async def test_query_and_path_parameters_have_their_schemas(document):
    listing = {each["name"]: each for each in document["paths"]["/api/notes/"]["get"]["parameters"]}
    reading = document["paths"]["/api/notes/{id}/"]["get"]["parameters"]

    assert listing.keys() == {"hall", "limit", "text"}
    assert not any(each["required"] for each in listing.values())
    assert (listing["limit"]["schema"]["maximum"], listing["limit"]["schema"]["default"]) == (100, 10)
    assert reading == [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}]


async def test_a_time_without_a_zone_is_not_promised_one(document):
    at = document["components"]["schemas"]["works.NotePage"]["properties"]["at"]

    assert at["format"] == "date-time-local"


async def test_every_reference_leads_somewhere_and_every_schema_is_one(document):
    def references(node):
        if isinstance(node, dict):
            yield from ([node["$ref"]] if isinstance(node.get("$ref"), str) else [])
            for each in node.values():
                yield from references(each)
        elif isinstance(node, list):
            for each in node:
                yield from references(each)

    for reference in references(document):
        prefix, _, name = reference.rpartition("/")
        assert prefix == "#/components/schemas"
        assert name in document["components"]["schemas"]
    for schema in document["components"]["schemas"].values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


@SCHEMA.auth()
class Service:
    """Somebody who may do everything, and shows one credential only."""

    def get(self, case, context):
        return token(roles=["SERVICE"])

    def set(self, case, data, context):
        case.query = {name: value for name, value in (case.query or {}).items() if name != "token"}
        case.cookies = {}
        case.headers["Authorization"] = f"Bearer {data}"


@SCHEMA.parametrize()
@settings(max_examples=30, deadline=None, derandomize=True, database=None)
def test_the_server_does_what_it_says(case):
    # 1.0 is an integer to JSON Schema and none to strict models, so not all that fits the schema is accepted.
    case.call_and_validate(excluded_checks=[positive_data_acceptance])
