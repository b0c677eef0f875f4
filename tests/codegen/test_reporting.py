"""Findings in the forms that machines read."""

import json

from wirepact_codegen.errors import Finding, Place
from wirepact_codegen.reporting import reported
from wirepact_codegen.rules import RULES

FINDINGS = [
    Finding(Place("spec/a b.yaml", 3, 9), "WP104", 'channel "rooom" does not exist', 'did you mean "room"?'),
    Finding(Place("spec/c,d.yaml", 1, 1), "WP307", "100 %\nunused", severity="warning"),
    Finding(Place("/srv/e.yaml", 2, 1), "WP107", "is read as 3.0", severity="info"),
]


def test_sarif_has_a_result_a_finding_and_explains_the_rules():
    sarif = json.loads(reported(FINDINGS, "sarif"))
    (run,) = sarif["runs"]

    assert sarif["version"] == "2.1.0"
    assert run["tool"]["driver"]["rules"] == [
        {"id": rule, "shortDescription": {"text": RULES[rule]}} for rule in ("WP104", "WP107", "WP307")
    ]
    assert run["results"][0] == {
        "ruleId": "WP104",
        "ruleIndex": 0,
        "level": "error",
        "message": {"text": 'channel "rooom" does not exist; did you mean "room"?'},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "spec/a%20b.yaml"},
                    "region": {"startLine": 3, "startColumn": 9},
                }
            }
        ],
    }
    assert [each["level"] for each in run["results"]] == ["error", "warning", "note"]
    assert [run["tool"]["driver"]["rules"][each["ruleIndex"]]["id"] for each in run["results"]] == [
        each.rule for each in FINDINGS
    ]
    assert (
        run["results"][2]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        == "file:///srv/e.yaml"
    )


def test_sarif_of_nothing_is_a_run_without_results():
    (run,) = json.loads(reported([], "sarif"))["runs"]

    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])


def test_github_is_told_in_its_own_commands():
    lines = reported(FINDINGS, "github").split("\n")

    assert lines == [
        '::error file=spec/a b.yaml,line=3,col=9,title=WP104::channel "rooom" does not exist; did you mean "room"?',
        "::warning file=spec/c%2Cd.yaml,line=1,col=1,title=WP307::100 %25%0Aunused",
        "::notice file=/srv/e.yaml,line=2,col=1,title=WP107::is read as 3.0",
    ]


def test_text_and_json_of_nothing():
    assert reported([], "text") == ""
    assert json.loads(reported([], "json")) == []


def test_people_are_shown_five_warnings_of_a_rule_and_told_how_many_more_there_are():
    many = [_warning(line) for line in range(1, 10)]
    error = Finding(Place("spec.yaml", 10, 1), "WP404", "is none")

    lines = reported([*many, error], "text").split("\n")

    assert lines == [
        *map(str, many[:5]),
        'spec.yaml:6:1 WP404 warning: and 4 more findings of this rule from here on; "--format json" tells all',
        str(error),
    ]


def test_one_warning_more_is_told_rather_than_counted():
    many = [_warning(line) for line in range(1, 7)]

    assert reported(many, "text").split("\n") == [*map(str, many)]


def test_machines_are_told_everything():
    many = [_warning(line) for line in range(1, 30)]

    assert len(json.loads(reported(many, "json"))) == len(many)
    assert len(reported(many, "github").split("\n")) == len(many)


def _warning(line):
    return Finding(Place("spec.yaml", line, 1), "WP404", "is none", severity="warning")
