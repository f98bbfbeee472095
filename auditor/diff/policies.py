"""Policies compared as grants: one field change a grant, and what the change does to access."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from auditor.access.atoms import Grant, grants
from auditor.diff.access_change import by_grants
from auditor.model.diff import AccessChange, FieldChange

POLICIES = frozenset({"policy", "management_policy", "trust_policy", "document"})
INLINE = "inline_policies"
ATTACHED = "attached_policy_arns"


Documents = tuple[Mapping[str, str], Mapping[str, str]]
"""Managed policies by ARN, before and after."""


@dataclass(frozen=True)
class Changed:
    """What became of one member."""

    fields: tuple[FieldChange, ...]
    access: AccessChange


NOTHING = Changed((), AccessChange.NONE)


def compare_policy(path: str, old: JsonValue, new: JsonValue) -> Changed:
    """Return the grants that came and went.

    A document that comes or goes as a whole, or that is malformed, changes access in a way that is not known: without a
    resource policy other rules decide.
    """
    before, after = _grants(old), _grants(new)
    if before is None or after is None:
        if old == new:
            return NOTHING
        return Changed((FieldChange(path=path, old=old, new=new),), AccessChange.UNKNOWN)
    access = AccessChange.UNKNOWN if old is None or new is None else by_grants(before, after)
    return Changed(tuple(_moved(path, before, after)), access if before != after else AccessChange.NONE)


def compare_inline(path: str, old: JsonValue, new: JsonValue) -> Changed:
    """Return the grants that came and went in an identity's inline policies, by policy name.

    Access is compared over all of them: a grant that moves from one policy to another changes nothing.
    """
    before, after = _documents(old), _documents(new)
    fields: list[FieldChange] = []
    for name in sorted(before.keys() | after.keys()):
        fields.extend(compare_policy(f"{path}.{name}", before.get(name), after.get(name)).fields)
    one, other = _union(before), _union(after)
    if not fields:
        return NOTHING
    return Changed(tuple(fields), AccessChange.UNKNOWN if one is None or other is None else by_grants(one, other))


def compare_attached(values: tuple[JsonValue, JsonValue], documents: Documents) -> AccessChange:
    """Return what attaching and detaching managed policies does: the policies that stay attached may cover a grant.

    What a policy's own document became is that policy's change, not its holders'.
    """
    before, after = (set(each) if isinstance(each, list) else set() for each in values)
    kept = _attached(before & after, documents[1])
    gone, come = _attached(before - after, documents[0]), _attached(after - before, documents[1])
    if kept is None or gone is None or come is None:
        return AccessChange.UNKNOWN
    return by_grants(kept | gone, kept | come)


def _attached(arns: Iterable[object], documents: Mapping[str, str]) -> frozenset[Grant] | None:
    """Return the grants of policies together; None where one was not read."""
    found = {str(arn): documents.get(str(arn), "") for arn in arns}
    return _union(found)


def _moved(path: str, before: frozenset[Grant], after: frozenset[Grant]) -> Iterable[FieldChange]:
    for grant in sorted(before - after):
        yield FieldChange(path=f"{path}: {grant.text}", old=grant.json, new=None)
    for grant in sorted(after - before):
        yield FieldChange(path=f"{path}: {grant.text}", old=None, new=grant.json)


def _grants(document: JsonValue) -> frozenset[Grant] | None:
    """Return the grants, none for no document; None where the document is malformed."""
    if document is None:
        return frozenset()
    try:
        return grants(document) if isinstance(document, str) else None
    except ValueError:
        return None


def _documents(inline: JsonValue) -> Mapping[str, str]:
    listed = inline if isinstance(inline, list) else []
    return {str(each["name"]): str(each["document"]) for each in listed if isinstance(each, dict)}


def _union(documents: Mapping[str, str]) -> frozenset[Grant] | None:
    found: frozenset[Grant] = frozenset()
    for document in documents.values():
        one = _grants(document)
        if one is None:
            return None
        found |= one
    return found
