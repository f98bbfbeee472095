"""Service and resource control policies that bind an account, level by level from the root down.

Organizations user guide, "SCP evaluation" and "RCP evaluation": every level must allow, a Deny at any level denies, the management
account is not bound. Only the management account and delegated administrators may read them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from auditor.access.iam.policies import Layer, Policy, policy, unread
from auditor.model.estate import Estate
from auditor.model.fact import Fact, Present, Unread
from auditor.model.organization import Organization, OrganizationAccount, OrganizationPolicy
from auditor.model.snapshot import GLOBAL_REGION, Gap, not_asked

Levels: TypeAlias = tuple[tuple[Policy, ...], ...]
_ASKED = "organizations:DescribeOrganization"
_TYPES = {
    Layer.SERVICE_CONTROL: "SERVICE_CONTROL_POLICY",
    Layer.RESOURCE_CONTROL: "RESOURCE_CONTROL_POLICY",
}


@dataclass(frozen=True)
class Organizations:
    """What a snapshot tells of organizations."""

    estate: Estate

    def levels(self, account: str, layer: Layer) -> Levels:
        """Return the policies that bind an account: none where nothing does, one that was not read where nobody knows."""
        own = self._own.get(account)
        if own is None:
            if self._is_in_none(account):
                return ()
            return _unread(layer, f"whether {account} is in an organization was not read", self._gap(account))
        if own.management_account == Present[str](value=account) or own.feature_set == Present[str](
            value="CONSOLIDATED_BILLING"
        ):
            return ()
        told = self._telling(own)
        if told is None:
            return _unread(layer, "the organization's policies were not read", gap_of(own.service_control_policies))
        return self._told(told, account, layer)

    def organization_of(self, account: str) -> str | None:
        """Return the id of the organization that an account is in; empty: in none; None: not read."""
        own = self._own.get(account)
        if own is None:
            return "" if self._is_in_none(account) else None
        return own.organization_id.value if isinstance(own.organization_id, Present) else None

    @cached_property
    def _own(self) -> Mapping[str, Organization]:
        """Return the organization of each account: as the account itself was told, or as its management account lists it."""
        every = tuple(self.estate.of(Organization))
        listed = {
            member: each for each in every if isinstance(each.accounts, Present) for member in each.accounts.value
        }
        return listed | {each.account: each for each in every}

    @cached_property
    def _asked(self) -> frozenset[str]:
        """Return the accounts whose answer, whatever it was, is in the snapshot."""
        gaps = {each.account for each in self.estate.gaps if each.operation == _ASKED}
        if not self.estate.snapshot.asked(_ASKED):
            return frozenset()
        return frozenset(each.key.account for each in self.estate.snapshot.shards) - gaps

    def _gap(self, account: str) -> Gap:
        """Return why nobody knows whether an account is in an organization."""
        gaps = (each for each in self.estate.gaps if (each.operation, each.account) == (_ASKED, account))
        return next(gaps, None) or not_asked(_ASKED, (account, GLOBAL_REGION), None, _ASKED)

    def _placed(self, account: str) -> Gap | None:
        """Return why nobody knows where an account stands."""
        found = (each.above for each in self.estate.of(OrganizationAccount) if each.account_id == account)
        return next((gap for each in found if (gap := gap_of(each)) is not None), None)

    def _is_in_none(self, account: str) -> bool:
        return account in self._asked

    def _telling(self, own: Organization) -> Organization | None:
        """Return the organization as told to an account that may read its policies."""
        same = (each for each in self.estate.of(Organization) if each.organization_id == own.organization_id)
        return next((each for each in same if isinstance(each.service_control_policies, Present)), None)

    def _told(self, told: Organization, account: str, layer: Layer) -> Levels:
        if not isinstance(told.enabled_policy_types, Present):
            return _unread(layer, "which types of policies are enabled was not read", gap_of(told.enabled_policy_types))
        if _TYPES[layer] not in told.enabled_policy_types.value:
            return ()
        chain = self._chain(told, account)
        listed = told.service_control_policies if layer is Layer.SERVICE_CONTROL else told.resource_control_policies
        if chain is None or not isinstance(listed, Present):
            return _unread(
                layer, f"which policies bind {account} was not read", gap_of(listed) or self._placed(account)
            )
        policies = self._policies[told.account, _TYPES[layer]]
        return tuple(tuple(_policy(each, layer) for each in policies if _hangs(each.targets, place)) for place in chain)

    def _chain(self, told: Organization, account: str) -> tuple[str, ...] | None:
        """Return the ids from the root down to the account."""
        for each in self.estate.of(OrganizationAccount):
            if (each.account, each.account_id) == (told.account, account) and isinstance(each.above, Present):
                return (*reversed(each.above.value), account)
        return None

    @cached_property
    def _policies(self) -> Mapping[tuple[str, str], tuple[OrganizationPolicy, ...]]:
        every = tuple(self.estate.of(OrganizationPolicy))
        return {
            (holder, kind): tuple(each for each in every if (each.account, each.policy_type) == (holder, kind))
            for holder in {each.account for each in self.estate.of(Organization)}
            for kind in _TYPES.values()
        }


def _hangs(targets: Fact[tuple[str, ...]], place: str) -> bool:
    """Return whether a policy hangs there; one whose targets were not read may hang anywhere."""
    return place in targets.value if isinstance(targets, Present) else True


def _policy(of: OrganizationPolicy, layer: Layer) -> Policy:
    if not isinstance(of.targets, Present):
        return unread(layer, of.name, "what it is attached to was not read", gap_of(of.targets))
    if not isinstance(of.document, Present):
        return unread(layer, of.name, "its document was not read", gap_of(of.document))
    return policy(layer, of.name, of.document.value)


def gap_of(fact: Fact[Any]) -> Gap | None:
    """Return the gap behind a fact that was not read."""
    return fact.gap if isinstance(fact, Unread) else None


def _unread(layer: Layer, why: str, gap: Gap | None) -> Levels:
    return ((unread(layer, "of the organization", why, gap),),)
