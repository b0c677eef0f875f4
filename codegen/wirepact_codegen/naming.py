"""Names as types: strings that can only be valid where they are going to stand.

The names of a document become those of a language by splitting them into words and joining these again. What
the language keeps for itself gets a `_`. Names on the wire are never touched.
"""

import builtins
import keyword
import re
import unicodedata
from typing import ClassVar, Protocol, Self

_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+[0-9]*|[A-Z]+[0-9]*|[0-9]+|[^\W\d_a-zA-Z]+[0-9]*")

_PYTHON_RESERVED = frozenset({*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "self", "cls"})

_FIELD_RESERVED = frozenset(
    re.findall(
        r"\w+",
        """
    construct copy dict from_orm json parse_file parse_obj parse_raw schema schema_json update_forward_refs validate
    model_computed_fields model_config model_construct model_copy model_dump model_dump_json model_extra model_fields
    model_fields_set model_json_schema model_parametrized_name model_post_init model_rebuild model_validate
    model_validate_json model_validate_strings
    bool float int list str
        """,
    )
) | {*keyword.kwlist}
"""What a model has already, and the types that the fields below it are annotated with."""

_TYPESCRIPT_RESERVED = frozenset(
    re.findall(
        r"\w+",
        """
    abstract any arguments as async await bigint boolean break case catch class const constructor continue
    debugger declare default delete do else enum eval export extends false finally for from function get if
    implements import in infer instanceof interface is keyof let module namespace never new null number object
    of package private protected public readonly require return satisfies set static string super switch symbol
    this throw true try type typeof undefined unique unknown var void while with yield
        """,
    )
)

_GLOBAL_TYPES = frozenset(
    re.findall(
        r"\w+",
        """
    Array Boolean Date Error Function Infinity JSON Map NaN Number Object Partial Pick Promise Proxy Readonly Record
    Reflect RegExp Set String Symbol WeakMap WeakSet
        """,
    )
)


_CHARACTERS = {
    "!": "not",
    "#": "hash",
    "$": "dollar",
    "%": "percent",
    "&": "and",
    "'": "quote",
    '"': "double quote",
    "(": "open",
    ")": "close",
    "*": "star",
    "+": "plus",
    ",": "comma",
    "-": "hyphen",
    ".": "dot",
    "/": "slash",
    ":": "colon",
    ";": "semicolon",
    "<": "less than",
    "=": "equals",
    ">": "greater than",
    "?": "question",
    "@": "at",
    "[": "open bracket",
    "\\": "backslash",
    "]": "close bracket",
    "^": "caret",
    "_": "underscore",
    "`": "backtick",
    "{": "open brace",
    "|": "or",
    "}": "close brace",
    "~": "tilde",
}
"""What the characters that names are seldom made of are called; all others have the names that Unicode gives them."""


class UnnameableError(ValueError):
    """Nothing in a text can stand in a name."""


class Named(Protocol):
    """Something that a document gives a name."""

    @property
    def name(self) -> str:
        """The name that it has in the document."""

    @property
    def stem(self) -> str:
        """What its names in the code are made of, where that is something else."""


def stem(thing: Named) -> str:
    """What the names of *thing* in the code are made of."""
    text = thing.stem or thing.name
    return text if words(text) else spelled(text)


class _Name(str):
    """A name that is valid in its language, made from any text."""

    __slots__ = ()

    reserved: ClassVar[frozenset[str]] = frozenset()
    before_digits: ClassVar[str] = "n"
    """What stands before a digit that a name would begin with; not `_`, which says that a name is private."""

    def __new__(cls, text: str) -> Self:
        parts = words(text)
        if not parts:
            raise UnnameableError(text)
        name = cls._joined(parts)
        if name[0].isdigit():
            name = f"{cls.before_digits}{name}"
        if name in cls.reserved:
            name = f"{name}_"
        return super().__new__(cls, name)

    @staticmethod
    def _joined(parts: list[str]) -> str:
        """The words as one name, before the language has its say."""
        raise NotImplementedError


class PythonName(_Name):
    """A variable, function or method of Python: `create_alert`, `id_`."""

    __slots__ = ()
    reserved = _PYTHON_RESERVED

    @staticmethod
    def _joined(parts: list[str]) -> str:
        return "_".join(part.lower() for part in parts)


class FieldName(_Name):
    """A field of an emitted model: `sent_at`, `class_`. What is in such a form already stays as it is."""

    __slots__ = ()
    reserved = _FIELD_RESERVED

    def __new__(cls, text: str) -> Self:
        """The name that *text* gives."""
        return (
            str.__new__(cls, text)
            if text == text.lower() and cls.can_be(text)
            else super().__new__(cls, text)
        )

    @classmethod
    def can_be(cls, text: str) -> bool:
        """Whether a field can be called *text*, letter by letter."""
        return (
            text.isidentifier()
            and text[0] != "_"
            and text not in cls.reserved
            and unicodedata.normalize("NFKC", text) == text
        )

    @staticmethod
    def _joined(parts: list[str]) -> str:
        return "_".join(part.lower() for part in parts)


class ConstantName(_Name):
    """A constant of Python: `CREATE_ALERT`."""

    __slots__ = ()
    before_digits = "N"

    @staticmethod
    def _joined(parts: list[str]) -> str:
        return "_".join(part.upper() for part in parts)


class ClassName(_Name):
    """A type, in any language: `QualityAlert`. Acronyms keep their capitals."""

    __slots__ = ()
    reserved = frozenset({"None", "True", "False"})
    before_digits = "N"

    @staticmethod
    def _joined(parts: list[str]) -> str:
        return "".join(part[0].upper() + part[1:] for part in parts)


class TypeScriptName(_Name):
    """A variable, function or method of TypeScript: `createAlert`, `delete_`."""

    __slots__ = ()
    reserved = _TYPESCRIPT_RESERVED

    @staticmethod
    def _joined(parts: list[str]) -> str:
        first, *others = parts
        return first.lower() + "".join(part[0].upper() + part[1:].lower() for part in others)


class TypeScriptTypeName(ClassName):
    """A type of TypeScript, which does not hide one that the language has: `QualityAlert`, `Error_`."""

    __slots__ = ()
    reserved = _GLOBAL_TYPES


def spelled(text: str) -> str:
    """*text* with each character in words that can't stand in a name: `event hyphen type`, `less than init`."""
    return "".join(each if _is_plain(each) else f" {_word(each)} " for each in text).strip() or "empty"


def _is_plain(character: str) -> bool:
    normal = unicodedata.normalize("NFKC", character)
    return normal == character and bool(words(character))


def _word(character: str) -> str:
    return (
        ""
        if character == " "
        else _CHARACTERS.get(character) or unicodedata.name(character, f"u{ord(character):x}").lower()
    )


def words(text: str) -> list[str]:
    """The words of a name in any of the usual spellings: `createAlert`, `create-alert` and `create_alert` alike.

    Only letters and digits that identifiers can have make words, in the form that Python compares them in.
    """
    normal = unicodedata.normalize("NFKC", text)
    return _WORDS.findall("".join(each if f"_{each}".isidentifier() else " " for each in normal))
