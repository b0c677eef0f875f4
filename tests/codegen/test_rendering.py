"""What documents say to people becomes prose of a language, whatever stands in it."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wirepact_codegen.rendering import docstring


@given(st.text(alphabet="ab \\\"\n\t'{}", max_size=30))
def test_a_docstring_says_what_was_said(text):
    said = ast.literal_eval(docstring(text))

    assert [line.rstrip(" \t") for line in text.strip().split("\n")] == said.removesuffix("\n").split("\n")


@pytest.mark.parametrize("text", ["ends in \\ \nand goes on", "a  \nb\t\nc"])
def test_no_line_of_a_docstring_ends_in_space(text):
    assert all(line == line.rstrip(" \t") for line in docstring(text).splitlines())
