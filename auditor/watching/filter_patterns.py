"""CloudWatch Logs' filter patterns against a CloudTrail record (CloudWatch Logs user guide, "Filter pattern syntax").

Read are JSON patterns `{ … }` and plain terms. Regular expressions and patterns for space-delimited events decide nothing.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from auditor.watching.event_patterns import OPEN
from auditor.watching.verdicts import Verdict, all_of, any_of, inverse

_TOKEN = re.compile(
    r"""\s*(?:(?P<mark>\(|\)|&&|\|\||!=|>=|<=|=|<|>)|"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<word>[^\s()=<>!&|"]+))"""
)
_STEP = re.compile(r"""\.([\w$@-]+)|\[(\d+|\*)\]|\[["']([^"']+)["']\]""")
_TERM = re.compile(r"""\s*(?P<sign>[?-]?)(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<word>[^\s"?-][^\s"]*))""")
_PLAIN_TERM = re.compile(r"[\w.]+")


class _UnknownFormError(ValueError):
    """The pattern has a form that this version does not read."""


def notices(pattern: str, record: Mapping[str, Any]) -> Verdict:
    """Return whether a filter pattern matches a record; an empty pattern matches everything."""
    text = pattern.strip()
    if not text:
        return True
    try:
        return _json(text[1:-1], record) if text[0] == "{" and text[-1] == "}" else _terms(text, record)
    except _UnknownFormError:
        return None


Token = tuple[str, str]
"""(mark, quoted or word; the text)."""


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    position = 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise _UnknownFormError(text)
        found.append((match.lastgroup, match.group(match.lastgroup)))
        position = match.end()
    return found


def _json(text: str, record: Mapping[str, Any]) -> Verdict:
    expression = _Expression(_tokens(text), record)
    verdict = expression.either()
    if expression.left:
        raise _UnknownFormError(text)
    return verdict


class _Expression:
    """Recursive descent: either := both (`||` both)*, both := one (`&&` one)*, one := `(` either `)` or a comparison."""

    def __init__(self, tokens: list[Token], record: Mapping[str, Any]) -> None:
        self._tokens = tokens
        self._record = record

    @property
    def left(self) -> bool:
        return bool(self._tokens)

    def either(self) -> Verdict:
        return any_of(self._joined("||", self._both))

    def _both(self) -> Verdict:
        return all_of(self._joined("&&", self._one))

    def _joined(self, mark: str, part: Callable[[], Verdict]) -> list[Verdict]:
        found = [part()]
        while self._tokens[:1] == [("mark", mark)]:
            self._tokens.pop(0)
            found.append(part())
        return found

    def _one(self) -> Verdict:
        kind, text = self._take()
        if (kind, text) == ("mark", "("):
            verdict = self.either()
            if self._take() != ("mark", ")"):
                raise _UnknownFormError(text)
            return verdict
        if kind != "word" or not text.startswith("$"):
            raise _UnknownFormError(text)
        return any_of(self._compared(list(_values(text, self._record))))

    def _compared(self, values: list[Any]) -> Iterator[Verdict]:
        kind, mark = self._take()
        if kind == "word":
            return iter([self._in_words(mark.upper(), values)])
        wanted_kind, wanted = self._take()
        if kind != "mark" or wanted_kind == "mark" or wanted.startswith("%"):
            raise _UnknownFormError(mark)
        if not values:
            # What `!=` says of a member that is not there is not documented.
            return iter([None if mark == "!=" else False])
        return iter([_comparison(mark, wanted, each) for each in values])

    def _in_words(self, first: str, values: list[Any]) -> Verdict:
        if first == "EXISTS":
            return None if OPEN in values else bool(values)
        _, second = self._take()
        match (first, second.upper()):
            case ("NOT", "EXISTS"):
                return None if OPEN in values else not values
            case ("IS", "NULL" | "TRUE" | "FALSE" as what):
                if OPEN in values:
                    return None
                return {"NULL": None, "TRUE": True, "FALSE": False}[what] in values
            case _:
                raise _UnknownFormError(first)

    def _take(self) -> Token:
        if not self._tokens:
            raise _UnknownFormError("the pattern ends early")
        return self._tokens.pop(0)


def _values(selector: str, record: Any) -> Iterator[Any]:
    """Yield what a selector finds; nothing where there is no such member."""
    steps = list(_STEP.finditer(selector, 1))
    if "".join(each.group(0) for each in steps) != selector[1:]:
        raise _UnknownFormError(selector)
    found = [record]
    for step in steps:
        name, index, quoted = step.groups()
        found = [inner for each in found for inner in _inner(each, name or quoted, index)]
    return iter(found)


def _inner(value: Any, name: str | None, index: str | None) -> list[Any]:
    if value == OPEN:
        return [OPEN]
    if name is not None:
        if not isinstance(value, Mapping):
            return []
        return [value[name]] if name in value else [OPEN] if OPEN in value else []
    if not isinstance(value, list):
        return []
    return value if index == "*" else value[int(index or 0) : int(index or 0) + 1]


def _comparison(mark: str, wanted: str, value: Any) -> Verdict:
    if value == OPEN:
        return None
    if mark in {"=", "!="}:
        same = _same(wanted, value)
        return same if mark == "=" else inverse(same)
    # Members of a watched record that are compared by size are not known.
    return None


def _same(wanted: str, value: Any) -> Verdict:
    if isinstance(value, bool):
        return wanted.lower() == str(value).lower()
    if isinstance(value, str):
        return fnmatchcase(value, wanted.replace("[", "[[]").replace("?", "[?]"))
    return None


def _terms(text: str, record: Mapping[str, Any]) -> Verdict:
    """Judge plain terms: all that stand alone, one of those with `?`, none of those with `-`."""
    signs: dict[str, list[str]] = {"": [], "?": [], "-": []}
    position = 0
    while text[position:].strip():
        match = _TERM.match(text, position)
        if match is None or text[0] in "[%":
            raise _UnknownFormError(text)
        signs[match.group("sign")].append(match.group("quoted") or match.group("word"))
        position = match.end()
    if signs["?"] and signs[""]:
        raise _UnknownFormError(text)
    has = {each: _has(each, record) for each in (*signs[""], *signs["?"], *signs["-"])}
    some = [any_of(has[each] for each in signs["?"])] if signs["?"] else []
    # What must not stand there may still stand in a member that nobody knows.
    without = [inverse(has[each] or None) for each in signs["-"]]
    return all_of([*(has[each] for each in signs[""]), *some, *without])


def _has(term: str, record: Mapping[str, Any]) -> Verdict:
    """Return whether a term stands in the record's text; one that stands in no known member may stand in an open one."""
    if not _PLAIN_TERM.fullmatch(term):
        return None
    return True if term in json.dumps(record) else None if term.startswith("arn") else False
