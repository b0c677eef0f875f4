import pytest

from handlers.clinic.settings import ClinicSettings
from wirepact.errors import Misconfigured


@pytest.mark.parametrize("value", ["-1", "3601", "soon"])
def test_a_wrong_grace_is_named(monkeypatch, value):
    monkeypatch.setenv("CLINIC_PRESENCE_GRACE", value)

    with pytest.raises(
        Misconfigured, match="CLINIC_PRESENCE_GRACE: must be a number of seconds from 0 to 3600"
    ):
        ClinicSettings.load()
