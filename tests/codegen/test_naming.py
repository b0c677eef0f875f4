"""Names that can only be valid, whatever they are made from."""

import builtins
import keyword
from string import punctuation

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wirepact_codegen.naming import (
    ClassName,
    ConstantName,
    PythonName,
    TypeScriptName,
    TypeScriptTypeName,
    UnnameableError,
    words,
)


@pytest.mark.parametrize(
    ("text", "python", "type_name", "typescript"),
    [
        ("createAlert", "create_alert", "CreateAlert", "createAlert"),
        ("run_rule_violation", "run_rule_violation", "RunRuleViolation", "runRuleViolation"),
        ("get-alerts", "get_alerts", "GetAlerts", "getAlerts"),
        ("HTTPServer", "http_server", "HTTPServer", "httpServer"),
        ("getURLNow", "get_url_now", "GetURLNow", "getUrlNow"),
        ("sha256sum", "sha256_sum", "Sha256Sum", "sha256Sum"),
        ("MESG", "mesg", "MESG", "mesg"),
        ("a.b/c", "a_b_c", "ABC", "aBC"),
        ("@type", "type_", "Type", "type_"),
        ("<init", "init", "Init", "init"),
        ("1st", "n1_st", "N1St", "n1St"),
        ("id", "id_", "Id", "id"),
        ("class", "class_", "Class", "class_"),
        ("delete", "delete", "Delete", "delete_"),
        ("None", "none", "None_", "none"),
        ("볼트 알림", "볼트_알림", "볼트알림", "볼트알림"),
    ],
)
def test_a_name_is_split_into_words_and_joined_again(text, python, type_name, typescript):
    assert (PythonName(text), ClassName(text), TypeScriptName(text)) == (python, type_name, typescript)


@given(st.text(min_size=1))
def test_every_name_is_valid_in_its_language(text):
    try:
        names = [PythonName(text), ConstantName(text), ClassName(text)]
    except UnnameableError:
        assert not words(text)
    else:
        assert all(name.isidentifier() and not keyword.iskeyword(name) for name in names)
        assert names[0] not in dir(builtins)


@pytest.mark.parametrize("text", ["", "!?", " ", "_", punctuation])
def test_nothing_can_be_named_after_nothing(text):
    with pytest.raises(UnnameableError):
        PythonName(text)


def test_a_type_does_not_hide_one_that_typescript_has():
    assert TypeScriptTypeName("error") == "Error_"
    assert TypeScriptTypeName("alert") == "Alert"
