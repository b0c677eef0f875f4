"""The commands as their users see them: what they print where, what they write, how they exit."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import wirepact_codegen.cache
import wirepact_codegen.reading
from wirepact_codegen.__main__ import main

ROOT = Path(__file__).parents[2]
BROKEN = Path(__file__).parent / "rejected" / "dangling_channel" / "spec.yaml"
AMBIGUOUS = Path(__file__).parent / "rejected" / "two_messages_in_one_frame" / "spec.yaml"
GOOD = Path(__file__).parent / "cases" / "one_message_each_way" / "spec.yaml"
SETTINGS = """\
[tool.wirepact]
documents = ["spec/*.yaml"]

[tool.wirepact.generate]
server = "generated"
python-client = "clients"
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with one document, not generated yet."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text(SETTINGS, "utf-8")
    (tmp_path / "spec").mkdir()
    shutil.copy(GOOD, tmp_path / "spec" / "echo.yaml")
    return tmp_path


def add_another(project):
    """A second document, `other.yaml`, with an address of its own."""
    text = GOOD.read_text("utf-8").replace("address: /echo", "address: /other")
    (project / "spec" / "other.yaml").write_text(text, "utf-8")


def wirepact(*arguments):
    return CliRunner().invoke(main, arguments)


def files(folder):
    return {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}


def test_generate_writes_what_pyproject_asks_for(project):
    result = wirepact("generate")

    assert result.exit_code == 0
    assert result.stdout == ""
    assert "wrote generated/echo/server.py" in result.stderr
    assert (project / "clients" / "echo" / "client.py").is_file()


def test_a_second_run_touches_nothing(project):
    wirepact("generate")
    times = {
        path: path.stat().st_mtime_ns for path in project.rglob("*") if path.suffix in {".py", ".json", ".md"}
    }

    result = wirepact("generate")

    assert result.exit_code == 0
    assert "wrote" not in result.stderr
    assert {path: path.stat().st_mtime_ns for path in times} == times


@pytest.mark.usefixtures("project")
def test_check_is_silent_when_everything_is_current():
    wirepact("generate")

    result = wirepact("generate", "--check")

    assert (result.exit_code, result.stdout) == (0, "")


def test_check_shows_what_is_stale_and_the_command_that_helps(project):
    wirepact("generate")
    document = project / "spec" / "echo.yaml"
    document.write_text(document.read_text("utf-8").replace("What was heard.", "What we heard."), "utf-8")
    before = files(project)

    result = wirepact("generate", "--check")

    assert result.exit_code == 1
    assert "+What we heard." in result.stdout
    assert 'run "wirepact generate"' in result.stderr
    assert files(project) == before


def test_check_does_not_believe_what_was_kept_from_an_earlier_run(project):
    wirepact("generate")
    (kept,) = (project / ".wirepact_cache").glob("*.models")
    key = kept.read_text("utf-8").splitlines()[0]
    kept.write_text(f"{key}\nx = 1\n", "utf-8")

    assert wirepact("generate", "--check").exit_code == 0


def test_a_changed_document_is_never_answered_from_what_was_kept(project):
    wirepact("generate")
    document = project / "spec" / "echo.yaml"
    document.write_text(document.read_text("utf-8").replace("required: [text]", "required: []"), "utf-8")

    wirepact("generate")

    assert "text: str | MISSING = MISSING" in (project / "generated" / "echo" / "messages.py").read_text(
        "utf-8"
    )


def _poison(project):
    """Have what was kept say something that can't be true, so that one sees whether it is believed."""
    (kept,) = (project / ".wirepact_cache").glob("*.generate")
    text = kept.read_text("utf-8")
    assert "What was heard." in text
    kept.write_text(text.replace("What was heard.", "What was kept."), "utf-8")


def _tells_what_was_kept(project):
    assert wirepact("generate").exit_code == 0
    return "What was kept." in (project / "generated" / "echo" / "reference.md").read_text("utf-8")


def test_what_was_kept_is_believed_while_nothing_changes(project):
    wirepact("generate")
    _poison(project)

    assert _tells_what_was_kept(project)


def test_a_changed_generator_believes_nothing(project, monkeypatch):
    wirepact("generate")
    _poison(project)
    monkeypatch.setattr("wirepact_codegen.cache._generator", lambda: "another")

    assert not _tells_what_was_kept(project)


@pytest.mark.parametrize("option", ["--allow-ambiguous", "--strict", "--perspective=server"])
def test_a_changed_option_believes_nothing(project, option):
    wirepact("generate")
    _poison(project)

    assert wirepact("generate", option).exit_code == 0
    assert "What was kept." not in (project / "generated" / "echo" / "reference.md").read_text("utf-8")


@pytest.mark.parametrize("name", ["pyproject.toml", "ruff.toml", ".ruff.toml"])
def test_changed_settings_of_the_formatter_are_followed(project, name):
    wirepact("generate")
    _poison(project)
    settings = project / name
    before = settings.read_text("utf-8") if settings.exists() else ""
    section = "\n[tool.ruff]\n" if name == "pyproject.toml" else ""
    settings.write_text(f"{before}{section}line-length = 60\n", "utf-8")

    assert not _tells_what_was_kept(project)


def test_settings_that_extend_others_are_never_answered_from_what_was_kept(project):
    (project / "base.toml").write_text("line-length = 100\n", "utf-8")
    (project / "ruff.toml").write_text('extend = "base.toml"\n', "utf-8")
    wirepact("generate")
    _poison(project)

    assert not _tells_what_was_kept(project)


def test_a_changed_file_that_a_document_refers_to_is_read_again(project):
    document, other = project / "spec" / "echo.yaml", project / "shared.yaml"
    text = document.read_text("utf-8")
    assert text.count("type: string") >= 1
    document.write_text(text.replace("type: string", "$ref: '../shared.yaml#/Text'", 1), "utf-8")
    other.write_text("Text: {type: string, maxLength: 7}\n", "utf-8")
    assert wirepact("generate").exit_code == 0
    other.write_text("Text: {type: string, maxLength: 8}\n", "utf-8")

    result = wirepact("generate")

    assert result.exit_code == 0
    assert "wrote generated/echo/messages.py" in result.stderr


def test_linting_tells_again_what_it_told_and_not_what_was_mended(project):
    document, other = project / "spec" / "echo.yaml", project / "shared.yaml"
    text = document.read_text("utf-8")
    document.write_text(text.replace("type: string", "$ref: '../shared.yaml#/Text'", 1), "utf-8")

    told = [wirepact("lint") for _ in range(2)]
    other.write_text("Text: {type: string}\n", "utf-8")
    mended = wirepact("lint")

    assert "WP104" in told[0].stdout
    assert (told[0].exit_code, told[0].stdout) == (told[1].exit_code, told[1].stdout)
    assert (mended.exit_code, mended.stdout) == (0, "")


def test_only_the_files_of_a_changed_document_are_written(project):
    add_another(project)
    wirepact("generate")
    document = project / "spec" / "echo.yaml"
    document.write_text(document.read_text("utf-8").replace("required: [text]", "required: []"), "utf-8")

    result = wirepact("generate")

    assert "wrote generated/echo/messages.py" in result.stderr
    assert "other" not in result.stderr


def test_a_changed_document_costs_no_other(project, monkeypatch):
    add_another(project)
    wirepact("generate")
    document = project / "spec" / "echo.yaml"
    document.write_text(document.read_text("utf-8").replace("required: [text]", "required: []"), "utf-8")
    read, reading = [], wirepact_codegen.reading.read_service
    monkeypatch.setattr(
        "wirepact_codegen.reading.read_service", lambda file, *rest: read.append(file) or reading(file, *rest)
    )

    assert wirepact("generate").exit_code == wirepact("lint").exit_code == wirepact("lint").exit_code == 0
    assert read == ["spec/echo.yaml", "spec/echo.yaml", "spec/other.yaml"]


def test_two_services_of_one_name_are_refused_whatever_was_kept(project):
    assert wirepact("lint").exit_code == wirepact("generate").exit_code == 0
    (project / "spec" / "more").mkdir()
    shutil.copy(GOOD, project / "spec" / "more" / "echo.yaml")

    for _ in range(2):
        for command in ("lint", "generate"):
            result = wirepact(command, "spec/echo.yaml", "spec/more/echo.yaml")

            assert (result.exit_code, result.output.count("WP601")) == (1, 1)


def test_services_at_one_address_are_refused_unless_each_has_a_port(project):
    shutil.copy(GOOD, project / "spec" / "other.yaml")

    for _ in range(2):
        for command in ("lint", "generate"):
            result = wirepact(command)

            assert (result.exit_code, result.output.count("WP321")) == (1, 1)

    settings = project / "pyproject.toml"
    settings.write_text(
        SETTINGS.replace("[tool.wirepact]\n", "[tool.wirepact]\nserved-apart = true\n"), "utf-8"
    )

    assert [wirepact(command).exit_code for command in ("lint", "generate")] == [0, 0]


@pytest.mark.parametrize(
    "what", ["a file", "a folder that can't be written to", "folders where records belong"]
)
def test_where_nothing_can_be_kept_the_work_is_done_all_the_same(project, monkeypatch, what):
    kept = project / ".wirepact_cache"
    if what == "a file":
        kept.write_text("mine\n", "utf-8")
    elif what == "folders where records belong":
        wirepact("generate")
        for each in kept.iterdir():
            each.unlink()
            each.mkdir()
    else:
        monkeypatch.setattr(Path, "mkdir", _refusing(Path.mkdir, kept))
    before = sorted(kept.rglob("*"))

    results = [wirepact(command) for command in ("generate", "lint", "generate")]

    assert [each.exit_code for each in results] == [0, 0, 0]
    assert not any(each.exception for each in results)
    assert sorted(kept.rglob("*")) == before


def _refusing(make, folder):
    """*make* for every folder but this one, as on a disk that is full or another's."""

    def attempt(path, *rest, **options):
        if path.absolute() == folder:
            raise PermissionError
        return make(path, *rest, **options)

    return attempt


def test_an_interrupted_run_leaves_nothing_behind_and_nothing_that_is_believed(project, monkeypatch):
    def interrupted(_path, _target):
        raise KeyboardInterrupt

    wirepact("lint")
    kept = {each: each.read_bytes() for each in (project / ".wirepact_cache").iterdir()}
    shutil.copy(BROKEN, project / "spec" / "echo.yaml")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", interrupted)
        assert wirepact("lint").exit_code == 1

    assert {each: each.read_bytes() for each in (project / ".wirepact_cache").iterdir()} == kept
    assert "WP104" in wirepact("lint").stdout


def test_a_service_that_is_gone_takes_its_files_along(project):
    add_another(project)
    wirepact("generate")
    (project / "spec" / "other.yaml").unlink()

    result = wirepact("generate")

    assert result.exit_code == 0
    assert "removed generated/other/server.py" in result.stderr
    assert not (project / "generated" / "other").exists()


def test_generating_one_document_leaves_the_others_alone(project):
    add_another(project)
    wirepact("generate")

    result = wirepact("generate", "spec/echo.yaml")

    assert result.exit_code == 0
    assert (project / "generated" / "other" / "server.py").is_file()


def test_a_foreign_file_in_a_generated_folder_stops_the_run(project):
    wirepact("generate")
    (project / "generated" / "echo" / "mine.py").write_text("x = 1\n", "utf-8")

    result = wirepact("generate")

    assert result.exit_code == 2
    assert "generated/echo/mine.py was not generated" in result.stderr
    assert (project / "generated" / "echo" / "mine.py").is_file()


def test_a_document_with_faults_changes_nothing(project):
    wirepact("generate")
    before = (project / "generated" / "echo" / "server.py").read_bytes()
    shutil.copy(BROKEN, project / "spec" / "echo.yaml")

    result = wirepact("generate")

    assert result.exit_code == 1
    assert 'spec/echo.yaml:39:13 WP104 channel "rooom" does not exist; did you mean "room"?' in result.stderr
    assert (project / "generated" / "echo" / "server.py").read_bytes() == before


def test_folders_on_the_command_line_replace_those_of_the_project(project):
    result = wirepact("generate", "--server", "elsewhere")

    assert result.exit_code == 0
    assert (project / "elsewhere" / "echo" / "server.py").is_file()
    assert not (project / "generated").exists()


def test_lint_prints_findings_and_counts_them(project):
    shutil.copy(BROKEN, project / "spec" / "echo.yaml")

    result = wirepact("lint")

    assert result.exit_code == 1
    assert (
        result.stdout == 'spec/echo.yaml:39:13 WP104 channel "rooom" does not exist; did you mean "room"?\n'
    )
    assert result.stderr == "1 finding in 1 document\n"


@pytest.mark.usefixtures("project")
def test_lint_is_quiet_about_a_good_document():
    result = wirepact("lint")

    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "0 findings in 1 document\n")


def test_lint_speaks_to_machines(project):
    shutil.copy(BROKEN, project / "spec" / "echo.yaml")

    (finding,) = json.loads(wirepact("lint", "--format", "json").stdout)
    shown = wirepact("lint", "--format", "github").stdout

    assert finding == {
        "file": "spec/echo.yaml",
        "line": 39,
        "column": 13,
        "rule": "WP104",
        "sentence": 'channel "rooom" does not exist',
        "suggestion": 'did you mean "room"?',
        "severity": "error",
    }
    assert shown.startswith("::error file=spec/echo.yaml,line=39,col=13,title=WP104::channel")


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ('[tool.wirepact.generate]\nserver = "generated"', "no documents"),
        ('[tool.wirepact]\ndocuments = "a"', "tool.wirepact.documents must be a list of paths"),
        ('[tool.wirepact]\ndocuments = ["nothing/*.yaml"]', '"nothing/*.yaml" matches no file'),
        ("[tool.wirepact", "pyproject.toml: Expected"),
        (
            '[tool.wirepact]\ndocuments = ["spec/*.yaml"]\ngenerate = {sever = "x"}',
            'has no "sever"; did you mean "server"?',
        ),
        (
            "[tool.wirepact]\nallow-ambigous = true",
            'has no "allow-ambigous"; did you mean "allow-ambiguous"?',
        ),
        ('[tool.wirepact]\nallow-ambiguous = "yes"', "tool.wirepact.allow-ambiguous must be true or false"),
        ('[tool.wirepact]\ndocuments = ["spec/*.yaml"]', "nothing says where to generate to"),
    ],
)
def test_a_wrong_setting_is_told_by_its_name(project, settings, told):
    (project / "pyproject.toml").write_text(settings, "utf-8")

    result = wirepact("generate")

    assert result.exit_code == 2
    assert told in result.stderr


@pytest.mark.usefixtures("project")
def test_a_file_that_does_not_exist_is_a_finding():
    result = wirepact("lint", "spec/nothing.yaml")

    assert result.exit_code == 1
    assert result.stdout == "spec/nothing.yaml:1:1 WP001 cannot be read: No such file or directory\n"


def test_two_documents_of_one_name_are_refused(project):
    (project / "more").mkdir()
    shutil.copy(GOOD, project / "more" / "echo.yaml")

    result = wirepact("lint", "spec/echo.yaml", "more/echo.yaml")

    assert 'the service would be called "echo", as that of spec/echo.yaml is' in result.stdout


def test_the_bytes_depend_on_the_document_alone(tmp_path):
    """Two hash seeds, two working directories, with and without what an earlier run kept."""
    document = (ROOT / "spec" / "spc.yaml").read_bytes()
    outputs = []
    for seed in ("0", "1"):
        folder = tmp_path / seed
        (folder / "spec").mkdir(parents=True)
        (folder / "spec" / "spc.yaml").write_bytes(document)
        for _ in range(2):
            _generate(folder, seed)
            outputs.append({path: (folder / "out" / path).read_bytes() for path in files(folder / "out")})

    assert len(outputs[0]) > 30
    assert all(each == outputs[0] for each in outputs)


def _generate(folder, seed):
    targets = [
        "--server",
        "out/server",
        "--python-client",
        "out/python",
        "--typescript-client",
        "out/typescript",
    ]
    command = [sys.executable, "-m", "wirepact_codegen", "generate", "spec/spc.yaml", *targets]
    subprocess.run(
        command, cwd=folder, env=os.environ | {"PYTHONHASHSEED": seed}, check=True, capture_output=True
    )


def test_linting_does_not_load_what_only_generating_needs():
    loaded = "import sys, wirepact_codegen.cli; print('jinja2' in sys.modules, 'datamodel_code_generator' in sys.modules)"

    shown = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout

    assert shown == "False False\n"


def test_a_service_is_named_as_a_package_can_be(project):
    (project / "spec" / "echo.yaml").rename(project / "spec" / "Echo-service.2.yaml")

    result = wirepact("generate")

    assert result.exit_code == 0
    assert (project / "generated" / "echo_service_2" / "server.py").is_file()


def test_a_file_that_no_package_can_be_named_after_is_a_finding(project):
    (project / "spec" / "echo.yaml").rename(project / "spec" / "---.yaml")

    result = wirepact("generate")

    assert result.exit_code == 1
    assert result.stderr == (
        'spec/---.yaml:1:1 WP602 no service can be named after "---"; rename the file, or give it an "x-name"\n'
    )


def test_a_project_can_allow_messages_that_nothing_tells_apart(project):
    shutil.copy(AMBIGUOUS, project / "spec" / "echo.yaml")
    refused = wirepact("lint")

    (project / "pyproject.toml").write_text(
        SETTINGS.replace("[tool.wirepact]", "[tool.wirepact]\nallow-ambiguous = true"), "utf-8"
    )

    assert refused.exit_code == 1
    assert wirepact("lint").exit_code == 0
    assert wirepact("generate").exit_code == 0


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("command", ["lint", "generate"])
def test_what_is_not_installed_says_what_to_install(command, monkeypatch):
    monkeypatch.setattr(wirepact_codegen.cache, "_STANDS_ON", ("wirepact-test-missing-dependency",))
    wirepact_codegen.cache._generator.cache_clear()

    result = CliRunner().invoke(main, [command])

    wirepact_codegen.cache._generator.cache_clear()
    assert result.exit_code == 2
    assert result.stderr == 'this needs "wirepact-test-missing-dependency": pip install "wirepact[codegen]"\n'
