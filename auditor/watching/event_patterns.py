"""EventBridge's event patterns against an event that is known in part (EventBridge user guide, "Event patterns").

What this version does not know of the language decides nothing.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from ipaddress import ip_address, ip_network
from typing import Any

from pydantic import JsonValue

from auditor.watching.verdicts import Verdict, all_of, any_of, inverse

OPEN = "<open>"
"""In an event: a value that nobody knows; as a member's name: there may be members that nobody knows."""
_MISSING = object()


def matches(pattern: JsonValue, event: JsonValue) -> Verdict:
    """Return whether a pattern matches an event: every member of it must, and of a list any value is enough."""
    if not isinstance(pattern, dict) or not pattern:
        return None
    return all_of(_member(name, wanted, event) for name, wanted in pattern.items())


def _member(name: str, wanted: JsonValue, event: JsonValue) -> Verdict:
    if name == "$or":
        return any_of(matches(each, event) for each in wanted) if isinstance(wanted, list) and wanted else None
    if isinstance(event, list):
        return any_of(_member(name, wanted, each) for each in event)
    value = _of(event, name)
    if isinstance(wanted, dict):
        return None if value == OPEN else matches(wanted, {} if value is _MISSING else value)
    if not isinstance(wanted, list):
        return None
    return any_of(_value(each, value) for each in wanted)


def _of(event: Any, name: str) -> Any:
    """Return a member's value, `OPEN` where nobody knows it, or that there is none."""
    if event == OPEN:
        return OPEN
    if not isinstance(event, Mapping):
        return _MISSING
    return event.get(name, OPEN if OPEN in event else _MISSING)


def _value(wanted: JsonValue, value: Any) -> Verdict:
    if isinstance(wanted, dict) and wanted.keys() == {"exists"}:
        # An open value may be there or not.
        return None if value == OPEN else (value is not _MISSING) is wanted["exists"]
    if value is _MISSING:
        return False
    if value == OPEN or isinstance(wanted, list):
        return None
    if isinstance(value, list):
        return any_of(_value(wanted, each) for each in value)
    if isinstance(wanted, dict):
        return _filtered(wanted, value)
    return type(wanted) is type(value) and wanted == value


def _filtered(wanted: Mapping[str, JsonValue], value: Any) -> Verdict:
    if len(wanted) != 1:
        return None
    ((name, argument),) = wanted.items()
    decide = _FILTERS.get(name)
    return None if decide is None else decide(argument, value)


def _prefix(argument: JsonValue, value: Any) -> Verdict:
    return _text(argument, value, str.startswith)


def _suffix(argument: JsonValue, value: Any) -> Verdict:
    return _text(argument, value, str.endswith)


def _text(argument: JsonValue, value: Any, holds: Callable[[str, str], bool]) -> Verdict:
    if isinstance(argument, dict) and argument.keys() == {"equals-ignore-case"}:
        inner = argument["equals-ignore-case"]
        return _text(inner.lower(), value.lower(), holds) if isinstance(inner, str) and isinstance(value, str) else None
    if not isinstance(argument, str):
        return None
    return isinstance(value, str) and holds(value, argument)


def _any_case(argument: JsonValue, value: Any) -> Verdict:
    if not isinstance(argument, str):
        return None
    return isinstance(value, str) and value.lower() == argument.lower()


def _wildcard(argument: JsonValue, value: Any) -> Verdict:
    if not isinstance(argument, str) or "\\" in argument:
        return None
    # Only `*` is special in EventBridge.
    escaped = re.sub(r"([\[?])", r"[\1]", argument)
    return isinstance(value, str) and fnmatchcase(value, escaped)


def _anything_but(argument: JsonValue, value: Any) -> Verdict:
    if isinstance(argument, dict):
        return inverse(any_of(_filtered({name: one}, value) for name, one in _each(argument)))
    listed: list[Any] = argument if isinstance(argument, list) else [argument]
    return inverse(any_of(_value(each, value) for each in listed))


def _each(argument: Mapping[str, JsonValue]) -> Iterator[tuple[str, JsonValue]]:
    """Yield a filter's values one by one: within anything-but a filter may have several."""
    for name, inner in argument.items():
        yield from ((name, one) for one in (inner if isinstance(inner, list) else [inner]))


def _cidr(argument: JsonValue, value: Any) -> Verdict:
    try:
        return ip_address(value) in ip_network(str(argument))
    except ValueError:
        return None


_FILTERS: Mapping[str, Callable[[JsonValue, Any], Verdict]] = {
    "prefix": _prefix,
    "suffix": _suffix,
    "equals-ignore-case": _any_case,
    "wildcard": _wildcard,
    "anything-but": _anything_but,
    "cidr": _cidr,
}
"""`numeric` is left out: no member of a watched event is a number that a rule would ask for."""
