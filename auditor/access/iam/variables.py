"""Policy variables: `${aws:username}`, `${key, 'default'}`, and `${*}`, `${?}`, `${$}` for the characters themselves.

IAM user guide, "IAM policy elements: Variables and tags". Only a document of Version 2012-10-17 has them; in any other they
are plain text. A variable whose key the request does not carry has no value.
"""

import re
from dataclasses import dataclass

from auditor.access.iam.context import Context
from auditor.access.patterns import glob, literal

_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_DEFAULT = re.compile(r"([^,]+?)\s*,\s*'(.*)'\s*")
_CHARACTERS = frozenset({"*", "?", "$"})


class VoidError(Exception):
    """A variable has no value and no default."""


class OpenError(Exception):
    """A variable's key is not told."""

    def __init__(self, key: str) -> None:
        """Carry the key, lower case."""
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a resolved text."""

    text: str
    is_plain: bool
    """Whether `*` and `?` in it stand for themselves."""


def has_variables(text: str) -> bool:
    """Return whether a text holds a variable."""
    return "${" in text


def is_void(text: str, context: Context) -> bool:
    """Return whether a variable of a text has no value, and no default."""
    try:
        pieces(text, context)
    except VoidError:
        return True
    except OpenError:
        return False
    return False


def names_of(text: str) -> tuple[str, ...]:
    """Return what the variables of a text name, as written."""
    return tuple(each.partition(",")[0].strip() for each in _VARIABLE.findall(text))


def is_complete(text: str) -> bool:
    """Return whether every variable that begins in a text ends in it."""
    return "${" not in _VARIABLE.sub("", text)


def pieces(text: str, context: Context) -> tuple[Piece, ...]:
    """Return the text with variables replaced; raise VoidError or OpenError where one has no value, or none told."""
    found: list[Piece] = []
    for number, part in enumerate(_VARIABLE.split(text)):
        if number % 2 == 0:
            if part:
                found.append(Piece(part, is_plain=False))
        else:
            found.append(Piece(_value(part, context), is_plain=True))
    return tuple(found)


def language(text: str, context: Context) -> str:
    """Return the language of a pattern with variables (see `patterns`); raises as `pieces` does."""
    return "".join(literal(each.text) if each.is_plain else glob(each.text) for each in pieces(text, context))


def plain(text: str, context: Context) -> str:
    """Return a text with variables replaced, for comparisons without wildcards; raises as `pieces` does."""
    return "".join(each.text for each in pieces(text, context))


def _value(variable: str, context: Context) -> str:
    if variable in _CHARACTERS:
        return variable
    with_default = _DEFAULT.fullmatch(variable)
    key = (with_default[1] if with_default else variable).strip().lower()
    values = context.values(key)
    if values is not None and len(values) == 1:
        return values[0]
    if values is None and not context.is_missing(key):
        raise OpenError(key)
    # Missing, or several: a variable takes a key of one value alone.
    if with_default is None:
        raise VoidError
    if not with_default[2]:
        # What AWS makes of a default without characters is not documented.
        raise OpenError(key)
    return with_default[2]
