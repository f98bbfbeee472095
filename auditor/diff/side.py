"""One snapshot as the comparison sees it, and what it would have seen: absence counts only where someone looked."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from auditor.access.principals import Principals, context_at
from auditor.access.who_can import WhoCan
from auditor.dataflow.gates import gates
from auditor.model.control import Catalog
from auditor.model.estate import Estate
from auditor.model.fact import Present
from auditor.model.finding import Evaluation
from auditor.model.iam import ManagedPolicy
from auditor.model.resource import Resource
from auditor.model.snapshot import EVERY_REGION, GLOBAL_REGION

Key = tuple[str, str, str]
"""Account, region, ARN."""
ListKey = tuple[str, str, str, str | None]
"""Account, region, kind, parent's ARN."""

_WHOLE_ACCOUNT = frozenset({"", EVERY_REGION})


@dataclass(frozen=True)
class Side:
    """A snapshot with its findings."""

    estate: Estate
    evaluation: Evaluation
    catalog: Catalog | None
    """The catalog as it was recorded then; None where nobody recorded it."""

    @cached_property
    def resources(self) -> Mapping[Key, Resource]:
        """Return the resources by (account, region, ARN)."""
        return {key_of(each): each for each in self.estate.resources}

    @cached_property
    def documents(self) -> Mapping[str, str]:
        """Return the managed policies' documents by ARN; AWS's own are the same in every account."""
        policies = self.estate.of(ManagedPolicy)
        return {each.arn: each.document.value for each in policies if isinstance(each.document, Present)}

    @cached_property
    def who(self) -> WhoCan:
        """Return who may call what."""
        return WhoCan(gates(self.estate), self.estate.once(Principals), context_at(self.estate))

    @cached_property
    def lists(self) -> Mapping[ListKey, bool]:
        """Return whether each list was read to its end."""
        found: dict[ListKey, bool] = {}
        for each in self.estate.listings:
            key = (each.account, each.region, each.kind, each.parent)
            found[key] = each.complete and found.get(key, True)
        return found

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Return the kinds that this side holds, or holds a list of."""
        held = {type(each).__name__ for each in self.estate.resources}
        return frozenset(held | {each.kind for each in self.estate.listings})

    def knows_nothing_of(self, kind: str, other: "Side") -> bool:
        """Return whether an older auditor took this side and never looked for a kind."""
        older = self.estate.snapshot.schema_version < other.estate.snapshot.schema_version
        return older and kind not in self.kinds

    @cached_property
    def gaps(self) -> Mapping[tuple[str, str], frozenset[str | None]]:
        """Return what gaps asked about, by account and region; None among them for region-wide lists."""
        found: dict[tuple[str, str], set[str | None]] = {}
        for each in self.estate.gaps:
            found.setdefault((each.account, each.region), set()).add(each.resource)
        return {place: frozenset(asked) for place, asked in found.items()}

    @cached_property
    def _excluded(self) -> frozenset[tuple[str, str]]:
        """Return the accounts and regions that were declared out of scope whole, not one call of them."""
        return frozenset((each.account, each.region) for each in self.estate.snapshot.declared if each.service is None)

    @cached_property
    def accounts(self) -> frozenset[str]:
        """Return the accounts in scope, those declared out of scope taken away."""
        excluded = {account for account, region in self._excluded if region in _WHOLE_ACCOUNT}
        return frozenset(self.estate.snapshot.scope.accounts) - excluded

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Return the (account, region) pairs in scope, what was declared out of scope taken away."""
        regions = self.estate.snapshot.scope.regions
        return frozenset((account, region) for account in self.accounts for region in regions) - self._excluded


def key_of(resource: Resource) -> Key:
    """Return what identifies a resource."""
    return (resource.account, resource.region, resource.arn)


def would_see(side: Side, resource: Resource, other: Side) -> bool:
    """Return whether this side would hold a resource of the other side if it existed: in scope, and lists read whole.

    Where this side keeps no record of a list that the other side read, although the parent is there, nobody looked.
    """
    if not _in_scope(side, resource):
        return False
    above = resource.parents
    kind = type(resource).__name__
    if side.knows_nothing_of(kind, other):
        return False
    known = [
        side.lists[key]
        for parent in (None, *above)
        if (key := (resource.account, resource.region, kind, parent)) in side.lists
    ]
    if known:
        return all(known) and _parents_seen(side, resource, other)
    if _is_skipped(side, resource, other) or side.gaps.get((resource.account, resource.region), frozenset()) & {
        None,
        resource.arn,
        *above,
    }:
        return False
    return _parents_seen(side, resource, other)


def _in_scope(side: Side, resource: Resource) -> bool:
    if resource.region == GLOBAL_REGION:
        return resource.account in side.accounts
    return (resource.account, resource.region) in side.pairs


def _is_skipped(side: Side, resource: Resource, other: Side) -> bool:
    kind = type(resource).__name__
    for parent in (None, *resource.parents):
        was_read = (resource.account, resource.region, kind, parent) in other.lists
        if was_read and (parent is None or (resource.account, resource.region, parent) in side.resources):
            return True
    return False


def _parents_seen(side: Side, resource: Resource, other: Side) -> bool:
    """Return whether each parent is there, or is certainly gone."""
    for parent in resource.parents:
        key = (resource.account, resource.region, parent)
        if key in side.resources:
            continue
        above = other.resources.get(key)
        if above is not None and not would_see(side, above, other):
            return False
    return True
