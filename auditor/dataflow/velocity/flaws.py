"""What is wrong with a template by itself, whatever stands around it. Nothing here is tried: it is read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from auditor.dataflow.velocity.analysis import Analysis, analyse
from auditor.dataflow.velocity.taken import is_every, is_whole_body
from auditor.dataflow.velocity.template import Position, Side
from auditor.dataflow.velocity.tokens import Token
from auditor.model.transform import Source, Space

_KEPT = 4096
_CLIENT = frozenset({Space.CLIENT_HEADER, Space.CLIENT_QUERY, Space.CLIENT_PATH, Space.CLIENT_BODY, Space.CLIENT_ALL})
# Shapes only. The value is looked at nowhere else and printed nowhere.
_SECRETS = (
    ("an AWS access key id", re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b")),
    ("a private key", re.compile(r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----")),
    ("a signed token", re.compile(r"\beyJ[A-Za-z0-9_-]{10,2000}\.[A-Za-z0-9_-]{10,2000}\.[A-Za-z0-9_-]{10,2000}")),
    ("credentials of an Authorization header", re.compile(r"\b(?:Basic|Bearer) [A-Za-z0-9+/_.=-]{16,2000}")),
    (
        "a literal under the name of a secret",
        re.compile(
            r"""(?:api[_-]?key|secret|passw(?:or)?d|token|credential)s?["']?\s{0,8}[:=]\s{0,8}["'](?![^"'\n]{0,200}\$)[^"'\s]{8,200}["']""",
            re.IGNORECASE,
        ),
    ),
)


class FlawKind(StrEnum):
    """The closed list."""

    UNESCAPED = "unescaped"
    """A client's text is printed inside quotes as it came: a quote in it ends the string."""
    QUOTED_JSON = "quoted json"
    """`"$input.json('$')"`: JSON text inside quotes is no JSON any more."""
    IDENTITY_NOT_PRINTED = "identity not printed"
    """The caller is looked up, and told to nobody."""
    EDITS_LOST = "edits lost"
    """Members of the body are set, and then the body is printed as it came."""
    STATUS_HIDDEN = "status hidden"
    """The status of the answer is changed inside a body template."""
    EVERYTHING_TRAVELS = "everything travels"
    """All headers or parameters are printed, whatever the mapping says."""
    OVERRIDE_TWICE = "override twice"
    """API Gateway answers 5XX where the same thing is overridden twice (developer guide, overrides)."""
    SECRET = "secret"  # noqa: S105 - the word, no password


@dataclass(frozen=True, slots=True)
class Flaw:
    """One finding."""

    kind: FlawKind
    what: str
    """What it is about: `$input.params('q')`, `header x-user-id`; never a literal's value."""
    at: Position
    source: Source | None = None


@lru_cache(maxsize=_KEPT)
def flaws(text: str) -> tuple[Flaw, ...]:
    """Return what is wrong, in the order of the text; of a template with trouble, only what was understood."""
    found = analyse(text)
    return tuple(sorted(_all(found), key=lambda each: (each.at.line, each.at.column, each.kind)))


def travels(text: str) -> frozenset[str]:
    """Return which parameters all go into the output: `header`, `path`, `querystring`."""
    kinds: set[str] = set()
    for each in flaws(text):
        if each.kind is FlawKind.EVERYTHING_TRAVELS and each.source is not None:
            kinds |= {each.source.path} if each.source.path else {"header", "path", "querystring"}
    return frozenset(kinds)


def _all(found: Analysis) -> Iterator[Flaw]:
    for token in found.followed.tokens.all:
        yield from _of_token(token, found)
    yield from _everything(found)
    yield from _edits_lost(found)
    yield from _of_overrides(found)
    yield from _secrets(found)


def _of_token(token: Token, found: Analysis) -> Iterator[Flaw]:
    if token.is_bare and token.source.space in _CLIENT:
        yield _flaw(FlawKind.UNESCAPED, token, found)
    if token.is_raw_json:
        yield _flaw(FlawKind.QUOTED_JSON, token, found)
    if token.source.space is Space.IDENTITY and not (token.is_printed or token.is_used or token.is_root):
        yield _flaw(FlawKind.IDENTITY_NOT_PRINTED, token, found)


def _everything(found: Analysis) -> Iterator[Flaw]:
    seen: set[Source] = set()
    for token in sorted(found.followed.tokens.all, key=lambda each: each.at):
        if is_every(token.source) and token.is_printed and token.source not in seen:
            seen.add(token.source)
            yield _flaw(FlawKind.EVERYTHING_TRAVELS, token, found)


def _flaw(kind: FlawKind, token: Token, found: Analysis) -> Flaw:
    return Flaw(kind, found.text[token.at : token.end][:120], found.places.position(token.at), token.source)


def _edits_lost(found: Analysis) -> Iterator[Flaw]:
    tokens = found.followed.tokens.all
    edited = [
        each for each in tokens if each.is_edited and each.source.space is Space.CLIENT_BODY and not each.is_printed
    ]
    whole = [each for each in tokens if each.is_printed and is_whole_body(each.source)]
    if edited:
        yield from (_flaw(FlawKind.EDITS_LOST, each, found) for each in whole[:1])


def _of_overrides(found: Analysis) -> Iterator[Flaw]:
    for _, change in sorted(found.followed.changes.items()):
        at, what = found.places.position(change.at), f"{change.part} {change.name}".strip()
        first = next(found.followed.tokens.of(change.value), None)
        if change.is_second:
            yield Flaw(FlawKind.OVERRIDE_TWICE, what, at)
        if change.side is Side.RESPONSE and change.part == "status":
            yield Flaw(FlawKind.STATUS_HIDDEN, what, at, first.source if first else None)


def _secrets(found: Analysis) -> Iterator[Flaw]:
    seen: set[int] = set()
    for what, shape in _SECRETS:
        for match in shape.finditer(found.text):
            position = found.places.position(match.start())
            if position.line not in seen:
                seen.add(position.line)
                yield Flaw(FlawKind.SECRET, what, position)
