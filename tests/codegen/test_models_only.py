"""What nobody can reach has messages, and nothing that would serve or open it."""

from tests.codegen.emission import CASES, emitted


def test_only_the_messages_are_generated(monkeypatch):
    monkeypatch.chdir(CASES / "models_only")

    files = {path for path in emitted(CASES / "models_only" / "generated") if "/spec/" in path}

    assert {each for each in files if each.endswith(".py")} == {
        "server/spec/__init__.py",
        "server/spec/messages.py",
        "python-client/spec/__init__.py",
        "python-client/spec/messages.py",
    }
    assert "server/spec/reference.md" in files
    assert "server/spec/schemas/tick.json" in files
