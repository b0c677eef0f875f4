import pytest

from handlers.classroom.settings import ClassroomSettings
from wirepact.errors import Misconfigured


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("CLASSROOM_SILENCE", "0", "CLASSROOM_SILENCE: must be a number of seconds from 1 to 86400"),
        ("CLASSROOM_DATABASE_URL", "nowhere", "CLASSROOM_DATABASE_URL: must be a database URL"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch, name, value, told):
    monkeypatch.setenv(name, value)

    with pytest.raises(Misconfigured, match=told):
        ClassroomSettings.load()


def test_every_setting_is_in_the_table_of_the_docs(pytestconfig):
    table = (pytestconfig.rootpath / "docs" / "settings.md").read_text()

    assert [
        name for name in ClassroomSettings.model_fields if f"`CLASSROOM_{name.upper()}`" not in table
    ] == []
