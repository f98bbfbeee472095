"""Members of resources as comparable JSON: sets in one order, no state of a fact but what AWS said."""

import json
import re
from collections.abc import Iterable, Mapping

from pydantic import JsonValue, TypeAdapter

from auditor.model.base import Frozen
from auditor.model.fact import Absent, NotApplicable, Present, Unread
from auditor.model.resource import Resource
from auditor.model.route_parts import RouteSetting

IDENTITY = frozenset({"arn", "account", "region", "kind"})
_DERIVED = {"DeployedRoute": frozenset({"deployment_id"}), "Stage": frozenset({"variable_names"})}
"""A new deployment id on each route of a stage would say once a route what the stage says once; the digests name variables."""
_ANY: TypeAdapter[object] = TypeAdapter(object)
_REDACTED = re.compile(r"[\[<{]?redacted[^\s\"'\]>}]*[\]>}]?", re.IGNORECASE)


class Unseen:
    """What stands for a fact that nobody read."""


UNSEEN = Unseen()


def members(resource: Resource) -> Mapping[str, object]:
    """Return the members that are configuration, by name; the values are not canonical yet."""
    left_out = IDENTITY | _DERIVED.get(type(resource).__name__, frozenset())
    return {name: getattr(resource, name) for name in type(resource).model_fields if name not in left_out}


def value_of(member: object) -> JsonValue | Unseen:
    """Return a member as canonical JSON: None for not set, for not applicable, and for an empty list."""
    match member:
        case Unread():
            return UNSEEN
        case Absent() | NotApplicable():
            return None
        case Present():
            return canonical(member.value)
        case _:
            return canonical(member)


def canonical(value: object) -> JsonValue:
    """Return JSON in which order of sets does not show. All lists of the model are sets."""
    if isinstance(value, Frozen):
        return {name: canonical(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, tuple) and any(isinstance(each, RouteSetting) for each in value):
        # By method, so that a change names the one that changed.
        return {f"{each.method} {each.path}": canonical(each) for each in value}
    if isinstance(value, tuple | list):
        return sorted((canonical(each) for each in value), key=text) or None
    if isinstance(value, dict):
        return {str(name): canonical(each) for name, each in sorted(value.items())} or None
    found: JsonValue = _ANY.dump_python(value, mode="json")
    return found


def text(value: JsonValue) -> str:
    """Return the one text of a JSON value."""
    return json.dumps(value, sort_keys=True)


def leaves(path: str, old: JsonValue, new: JsonValue) -> Iterable[tuple[str, JsonValue, JsonValue]]:
    """Yield (path, old, new) for each member that differs; objects are compared member by member."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in sorted(old.keys() | new.keys()):
            yield from leaves(f"{path}.{name}", old.get(name), new.get(name))
    elif old != new:
        yield path, old, new


def differ_by_digest(old: JsonValue, new: JsonValue) -> bool:
    """Return whether two values differ in nothing but the keyed digests that stand for secrets."""
    one, other = text(old), text(new)
    return one != other and _without_digests(one) == _without_digests(other) and _REDACTED.search(one) is not None


def _without_digests(written: str) -> str:
    return _REDACTED.sub("redacted", written)
