"""Values as reading sees them: where they are taken from, and where a path into them leads."""

import re
from typing import NamedTuple

from auditor.model.transform import Source, Space

BODY = Source(Space.CLIENT_BODY, "$")
EVERYTHING = Source(Space.CLIENT_ALL, "")
KINDS = {"header": Space.CLIENT_HEADER, "querystring": Space.CLIENT_QUERY, "path": Space.CLIENT_PATH}
"""Members of `$input.params()`."""
UNTOLD = -1
"""The token of a value whose reference is still being read."""
_BODIES = frozenset({Space.CLIENT_BODY, Space.BACKEND_BODY})
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*+\Z")
_GATEWAY_IDENTITY = frozenset({"identity.sourceIp"})
_USER_AGENT = "identity.userAgent"
_OVERRIDES = ("requestOverride", "responseOverride")
_LONGEST_PATH = 400
"""Characters of a path; what lies deeper is told by where it begins."""


class Members(NamedTuple):
    """Whether a value stands for the members of another, and how one of them looks."""

    are_listed: bool = False
    are_entries: bool = False
    are_keys: bool = False


class Taken(NamedTuple):
    """One thing that a value may come from."""

    source: Source
    token: int = UNTOLD
    """The input that it belongs to, by its number."""
    is_escaped: bool = False
    is_json: bool = False
    """Whether it is JSON text as `$input.json()` gives it: whole outside quotes, broken inside."""
    held: int = 0
    """In how many lists or maps of the template's own it lies."""
    members: Members = Members()


Value = frozenset[Taken]
NOTHING: Value = frozenset()


def context_source(path: str) -> Source:
    """Return what a variable of `$context` is; `path` without `$context.`."""
    if path == _USER_AGENT:
        return Source(Space.CLIENT_HEADER, "User-Agent")
    first = path.partition(".")[0]
    if first == "authorizer" or (first == "identity" and path not in _GATEWAY_IDENTITY):
        return Source(Space.IDENTITY, path)
    return Source(Space.GATEWAY if path else Space.UNKNOWN, path or "$context")


def is_override(value: Value) -> bool:
    """Return whether a value may be an override of `$context`, or a map of them."""
    return any(each.source.path.startswith(_OVERRIDES) for each in value)


def parameter_source(name: str | None) -> Source:
    """Return what `$input.params(name)` is: it looks into path, query and headers; None: a name that is not fixed."""
    if name is None:
        return EVERYTHING
    # A parameter that is called like a kind of parameters must not look like all of that kind.
    return Source(Space.CLIENT_ALL, f"'{name}'" if name in KINDS else name)


def is_every(source: Source) -> bool:
    """Return whether all parameters are meant, or all of one kind."""
    return source.space is Space.CLIENT_ALL and (not source.path or source.path in KINDS)


def is_whole_body(source: Source) -> bool:
    """Return whether a body is meant as a whole."""
    return source.space in _BODIES and source.path in {"$", "$[*]"}


def into(taken: Taken, name: str | None) -> Taken:
    """Return what a member is; None: which one is not fixed."""
    if taken.held:
        return taken._replace(held=taken.held - 1)
    if taken.members.are_entries:
        return taken._replace(members=Members())
    return taken._replace(source=_member(taken.source, name), members=Members())


def members(taken: Taken, call: str) -> Taken:
    """Return what `keySet()`, `values()` or `entrySet()` list."""
    if taken.held:
        return taken
    how = Members(are_listed=True, are_entries=call == "entrySet", are_keys=call == "keySet")
    return taken._replace(source=_element(taken.source), members=how)


def elements(taken: Taken) -> tuple[Taken, ...]:
    """Return what a loop over it sees, one at a time."""
    if taken.held:
        return (taken._replace(held=taken.held - 1),)
    if taken.members.are_keys and taken.source == EVERYTHING:
        return ()  # the three kinds of parameters have fixed names
    if taken.members.are_listed:
        return (taken._replace(members=Members(are_entries=taken.members.are_entries)),)
    return (taken._replace(source=_element(taken.source)),)


def body_source(path: str) -> Source:
    """Return the part of the body that a JSON path names."""
    path = path.strip()
    return Source(Space.CLIENT_BODY, path if path.startswith("$") else "$." + path if path else "$")


def _element(source: Source) -> Source:
    if source.space in _BODIES and len(source.path) <= _LONGEST_PATH:
        return Source(source.space, source.path + "[*]")
    return source


def _member(source: Source, name: str | None) -> Source:  # noqa: PLR0911 - one case a space
    space, path = source.space, source.path
    if name == "empty" or len(path) > _LONGEST_PATH:
        return source  # `empty` is a question that any text or list answers
    if space in _BODIES:
        return Source(space, path + _step(name))
    if space is Space.CLIENT_ALL:
        return _parameter(source, name)
    if name is None:
        return source
    if space is Space.STAGE_VARIABLE:
        return source if path else Source(space, name)
    if path == "$context":
        return context_source(name)
    if space in {Space.IDENTITY, Space.GATEWAY} and not name.isdigit():
        return context_source(f"{path}.{name}")
    return source


def _step(name: str | None) -> str:
    if name is None:
        return "[*]"
    if name.isdigit():
        return f"[{name}]"
    return f".{name}" if _PLAIN.match(name) else f"['{name}']"


def _parameter(source: Source, name: str | None) -> Source:
    if not is_every(source) or name is None:
        return source
    if source.path:
        return Source(KINDS[source.path], name)
    return Source(Space.CLIENT_ALL, name) if name in KINDS else source
