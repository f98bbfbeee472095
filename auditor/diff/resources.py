"""Resources that came, went or changed, by (account, region, ARN); noise and what was not read are no change."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from pydantic import JsonValue

from auditor.diff.access_change import joined, rule_for
from auditor.diff.canonical import Unseen, differ_by_digest, leaves, members, value_of
from auditor.diff.policies import (
    ATTACHED,
    INLINE,
    NOTHING,
    POLICIES,
    Changed,
    Documents,
    compare_attached,
    compare_inline,
    compare_policy,
)
from auditor.diff.side import Side, would_see
from auditor.diff.stage_variables import without_torn
from auditor.model.diff import FieldChange, ResourceChange, ResourceDiff, ResourceRef
from auditor.model.iam import ManagedPolicy
from auditor.model.resource import Resource

Values = tuple[JsonValue, JsonValue]


class Comparable(Enum):
    """Whether keyed digests of both sides say something about each other."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True)
class _Means:
    """What comparing two members needs besides them."""

    by_digest: Comparable
    documents: Documents
    is_one_schema: bool
    """Whether both sides kept the same of what AWS answered."""


def compare_resources(old: Side, new: Side) -> ResourceDiff:
    """Return the difference, each list by ARN (then account and region).

    What vanished from a list that was not read to its end is not removed, what stands in one that was not read before
    is not added: both belong to coverage.
    """
    before, after = old.resources, new.resources
    is_one_schema = old.estate.snapshot.schema_version == new.estate.snapshot.schema_version
    means = _Means(comparable(old, new), (old.documents, new.documents), is_one_schema)
    return ResourceDiff(
        added=tuple(
            _ref(after[key])
            for key in sorted(after.keys() - before.keys(), key=_by_arn)
            if _moved(after[key], old, new)
        ),
        removed=tuple(
            _ref(before[key])
            for key in sorted(before.keys() - after.keys(), key=_by_arn)
            if _moved(before[key], new, old)
        ),
        changed=tuple(
            change
            for key in sorted(before.keys() & after.keys(), key=_by_arn)
            if (change := _change(before[key], after[key], means)) is not None
        ),
    )


def comparable(old: Side, new: Side) -> Comparable:
    """Return whether both snapshots replaced secrets under one key, so that their digests compare."""
    same = old.estate.snapshot.redaction_key_id == new.estate.snapshot.redaction_key_id
    return Comparable.YES if same else Comparable.NO


def incomparable(old: Side, new: Side) -> int:
    """Return how many members differ by digests alone that were made under different keys."""
    if comparable(old, new) is Comparable.YES:
        return 0
    return sum(
        differ_by_digest(one, other)
        for key in old.resources.keys() & new.resources.keys()
        for name, values in _differing(old.resources[key], new.resources[key])
        for _, one, other in leaves(name, *values)
    )


def _moved(resource: Resource, missing_from: Side, found_on: Side) -> bool:
    """Return whether absence on one side means that the resource was not there."""
    return not _is_by_reference(resource) and would_see(missing_from, resource, found_on)


def _is_by_reference(resource: Resource) -> bool:
    """Return whether a resource is read only because another one names it: that one's change is the news."""
    if isinstance(resource, ManagedPolicy):
        return ":iam::aws:policy/" in resource.arn
    return resource.is_by_reference


def _change(old: Resource, new: Resource, means: _Means) -> ResourceChange | None:
    if old == new:
        return None
    kind = type(new).__name__
    if not means.is_one_schema:
        old, new = without_torn(old, new)
    changes = [_member(kind, name, values, means) for name, values in _differing(old, new)]
    fields = tuple(field for change in changes for field in change.fields)
    if not fields:
        return None
    return ResourceChange(**_ref(new).model_dump(), fields=fields, access=joined(each.access for each in changes))


def _differing(old: Resource, new: Resource) -> Iterator[tuple[str, Values]]:
    """Yield the members that were read on both sides and differ in more than noise, by name."""
    before, after = members(old), members(new)
    for name in sorted(after):
        if before.get(name) != after[name]:
            one, other = value_of(before.get(name)), value_of(after[name])
            if not isinstance(one, Unseen) and not isinstance(other, Unseen) and one != other:
                yield name, (one, other)


def _member(kind: str, name: str, values: Values, means: _Means) -> Changed:
    old, new = values
    if name in POLICIES:
        return compare_policy(name, old, new)
    if name == INLINE:
        return compare_inline(name, old, new)
    fields = tuple(
        FieldChange(path=path, old=one, new=other)
        for path, one, other in leaves(name, old, new)
        if means.by_digest is Comparable.YES or not differ_by_digest(one, other)
    )
    if not fields:
        return NOTHING
    if name == ATTACHED:
        return Changed(fields, compare_attached(values, means.documents))
    return Changed(fields, rule_for(kind, name)(old, new))


def _by_arn(key: tuple[str, str, str]) -> tuple[str, str, str]:
    account, region, arn = key
    return (arn, account, region)


def _ref(resource: Resource) -> ResourceRef:
    return ResourceRef(
        resource=resource.arn,
        kind=type(resource).__name__,
        name=resource.name,
        account=resource.account,
        region=resource.region,
    )
