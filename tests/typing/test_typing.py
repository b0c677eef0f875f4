"""What the document does not allow does not type-check; what it allows does."""

import re
from pathlib import Path

import pytest
from mypy import api

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ERROR = re.compile(
    r"^(?P<file>[^:]+):(?P<line>\d+): error: (?P<text>.*)  \[(?P<code>[\w-]+)\]$", re.MULTILINE
)


@pytest.fixture(scope="module")
def errors():
    """What mypy says of both folders, as (file, line, code)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        said, trouble, _ = api.run(
            [
                "--config-file",
                "pyproject.toml",
                "--no-error-summary",
                "--hide-error-context",
                "tests/typing/accepted",
                "tests/typing/refused",
            ]
        )
    assert not trouble
    return {(Path(each["file"]), int(each["line"]), each["code"]) for each in ERROR.finditer(said)}


def samples(folder):
    return [path.relative_to(ROOT) for path in sorted((HERE / folder).glob("*.py"))]


def refusals(path):
    lines = enumerate((ROOT / path).read_text("utf-8").splitlines(), 1)
    return {
        (path, number, code) for number, line in lines for code in re.findall(r"# refused: ([\w-]+)", line)
    }


@pytest.mark.parametrize("path", samples("accepted"), ids=lambda path: path.stem)
def test_what_the_document_allows_type_checks(path, errors):
    assert {each for each in errors if each[0] == path} == set()


@pytest.mark.parametrize("path", samples("refused"), ids=lambda path: path.stem)
def test_what_the_document_does_not_allow_is_refused(path, errors):
    expected = refusals(path)

    assert expected
    assert {each for each in errors if each[0] == path} == expected
