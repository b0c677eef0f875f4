"""The probe sees what is wrong with a package that was generated, when something is."""

import pytest

from tests.corpus.probe import probe
from wirepact_codegen.generating import generation
from wirepact_codegen.project import Project
from wirepact_codegen.terms import Terms
from wirepact_codegen.writing import write

DOCUMENT = """\
asyncapi: 3.0.0
info: {title: Room, version: 1.0.0}
channels:
  room:
    address: /room
    messages:
      said:
        payload:
          type: object
          required: [text]
          properties:
            text: {type: string, maxLength: 5}
            at: {type: integer}
        examples:
          - payload: {text: hello, at: 1}
          - payload: {text: too long}
"""


@pytest.fixture
def probed(tmp_path, request, monkeypatch):
    """Probes the package of the document after *change* was made to its models. Modules are found once, so each has its own name."""
    monkeypatch.syspath_prepend(tmp_path)
    name = f"p_{request.node.name.replace('[', '_').replace(']', '').replace(' ', '_')}"

    def look(change=lambda text: text):
        (tmp_path / "room.yaml").write_text(DOCUMENT)
        monkeypatch.chdir(tmp_path)
        outcome = generation(
            ["room.yaml"], {"server": tmp_path / name / "server"}, Project(), Terms("server")
        )
        write(outcome.changes)
        models = tmp_path / name / "server" / "room" / "messages.py"
        models.write_text(change(models.read_text()))
        return probe(tmp_path / name, tmp_path / "room.yaml")

    return look


def test_what_is_as_it_should_be_has_no_fault(probed):
    seen = probed()

    assert (seen.examples, seen.kept) == (2, 2)
    assert seen.import_faults == seen.example_faults == []
    assert seen.valid == {"Said": [{"text": "hello", "at": 1}]}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        pytest.param(
            ("max_length=5", "max_length=50"), "said[1]: is taken, and does not fit", id="too lenient"
        ),
        pytest.param(("max_length=5", "max_length=2"), "said[0]: is refused", id="too strict"),
        pytest.param(("    at: int", "    at: str"), "said[0]: is refused", id="another type"),
        pytest.param(("class Said(", "class Other("), "said[0]: there is no such model", id="no model"),
    ],
)
def test_a_model_that_is_wrong_is_seen(probed, change, fault):
    old, new = change

    seen = probed(lambda text: text.replace(old, new))

    assert seen.example_faults[0].startswith(fault)


def test_an_example_that_comes_back_otherwise_is_seen(probed):
    adds = '\n\n    def model_dump_json(self, **options):\n        return \'{"text": "other"}\'\n'

    seen = probed(lambda text: text.rstrip() + adds)

    assert seen.example_faults == ['said[0]: comes back as {"text": "other"}']
    assert seen.kept == 1


def test_a_module_that_does_not_import_is_seen(probed):
    seen = probed(lambda text: text + "\nimport nothing_of_that_name\n")

    assert "nothing_of_that_name" in seen.import_faults[0]
