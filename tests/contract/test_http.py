"""The HTTP side, by schemathesis: what the application's OpenAPI document promises, with all checks.

What is answered is judged a second time, by the AsyncAPI document that everything comes from.
"""

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import positive_data_acceptance

from contract.application import Application, created, served
from contract.conversation import setting
from contract.documents import documents
from contract.judge import fitting
from postgres import is_installed, postgres

OPERATIONS = {
    operation.name: operation
    for document in documents()
    for channel in document.endpoints
    for operation in channel.operations
}
UNSAYABLE = {
    name: why for document in documents() for name, why in setting(document.service).unsayable.items()
}
"""Operations that refuse what fits their schemas, with the rule that JSON Schema has no words for."""

NOT_KEPT = "U+0000"
"""What PostgreSQL has no texts with, told where somebody tries."""

load_all_checks()


def openapi():
    with TemporaryDirectory() as state:
        return created(Path(state)).openapi_schema.to_schema()


@pytest.fixture(scope="module")
def shared_application(tmp_path_factory):
    """The application on PostgreSQL, where there is one: it refuses more than SQLite does."""
    with ExitStack() as stack:
        database = None
        if is_installed():
            server = stack.enter_context(postgres())
            database = server.url(server.create())
        yield stack.enter_context(served(tmp_path_factory.mktemp("state"), database))


schema = schemathesis.openapi.from_dict(openapi())


@schema.auth()
class BackEnd:
    """Who may do everything, and shows one credential only."""

    def get(self, case, _context):
        operation = OPERATIONS[case.operation.definition.raw["operationId"]]
        return Application.tokens(operation.channel.service)["service"]

    def set(self, case, token, _context):
        case.query = {name: value for name, value in (case.query or {}).items() if name != "token"}
        case.cookies = {}
        case.headers["Authorization"] = f"Bearer {token}"


def test_what_is_tested_is_what_is_served(shared_application):
    assert httpx.get(f"{shared_application.url}/schema/openapi.json").json() == openapi()


def test_the_operations_are_those_of_the_documents():
    assert {
        each.ok().definition.raw["operationId"] for each in schema.get_all_operations()
    } == OPERATIONS.keys()


@schema.parametrize()
@settings(
    max_examples=50, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
def test_an_operation_keeps_its_promises(case, shared_application):
    operation = OPERATIONS[case.operation.definition.raw["operationId"]]
    case.body = with_whole_integers(case.body)

    answer = case.call(base_url=shared_application.url)

    is_unsayable = answer.status_code == 400 and (operation.name in UNSAYABLE or NOT_KEPT in answer.text)
    case.validate_response(answer, excluded_checks=[positive_data_acceptance] if is_unsayable else [])
    if case.method == operation.method and not is_file(answer, operation):
        said = fitting(answer.json(), [*operation.replies, operation.channel.error])
        assert len(said) == 1, answer.text


def is_file(answer, operation):
    """Whether it is a file, of which no schema says more."""
    return answer.status_code < 300 and any(not each.is_json for each in operation.replies)


def with_whole_integers(value):
    """`1.0` is an integer to JSON Schema and none to our models, which a decision of ours says: it is sent as `1`."""
    match value:
        case dict():
            return {key: with_whole_integers(item) for key, item in value.items()}
        case list():
            return [with_whole_integers(item) for item in value]
        case float() if value.is_integer():
            return int(value)
    return value
