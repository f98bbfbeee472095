"""external-access-analysed: in each region an analyzer looks for access from outside, and nothing of the gateway stands open in it.

Claim: an active analyzer of type ACCOUNT or ORGANIZATION watches the account there, without an active finding on a function,
role, secret or key that the gateway uses. Population: each account and region in scope. Deviation: no such analyzer, one that is
not active, or such a finding; a finding that was accepted is archived, and counts no more. Cannot see: an organization's
analyzer in an account outside the scope, what functions use (secrets above all): such findings a person must weigh.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from auditor.checks.iam.gateway_uses import gateway_uses, is_used
from auditor.checks.interface import (
    Check,
    Item,
    Outcome,
    Params,
    failed,
    needs_attestation,
    not_applicable,
    passed,
    undecided,
)
from auditor.checks.listed import holds
from auditor.model.analyzers import AccessAnalyzer, AccessFinding
from auditor.model.estate import Estate
from auditor.model.fact import Absent, Fact, NotReadError, Present, need
from auditor.model.organization import Organization
from auditor.model.snapshot import not_asked
from auditor.model.words import counted, several

_ORGANIZATION = "ORGANIZATION"
_LOOKING = frozenset({"ACCOUNT", _ORGANIZATION})
"""Types of analyzers that look for access from outside; the others look for unused or inner access."""
_ACTIVE, _IDLE = "ACTIVE", frozenset({"CREATING", "DISABLED", "FAILED"})
_SETTLED = frozenset({"ARCHIVED", "RESOLVED"})
_OUTSIDE = "ExternalAccess"
_TYPES = frozenset({"AWS::Lambda::Function", "AWS::IAM::Role", "AWS::SecretsManager::Secret", "AWS::KMS::Key"})
_DESCRIBE = "organizations:DescribeOrganization"
_LISTS = ("list:AccessAnalyzer", "list:AccessFinding")


@dataclass(frozen=True)
class _Place(Item):
    """An account and region that must be watched."""

    used: frozenset[str]
    """ARNs of what the gateway uses, as far as they were read."""


def _population(estate: Estate) -> Iterator[_Place]:
    scope, used = estate.snapshot.scope, gateway_uses(estate)
    for account in sorted(scope.accounts):
        for region in sorted(scope.regions):
            place = {"partition": scope.partition, "account": account, "region": region}
            name = AccessAnalyzer.whole_list.format_map(place)
            yield _Place(name, AccessAnalyzer.cloudformation, account, region, used)


def _test(item: _Place, estate: Estate, _params: Params) -> Outcome:
    here = [each for each in estate.snapshot.declared if (each.account, each.region) == (item.account, item.region)]
    out_of_reach = next((each for each in here if each.service is None or AccessAnalyzer.__name__ in each.lists), None)
    if out_of_reach is not None:
        return not_applicable(f"out of reach: {out_of_reach.why}")
    looking = [each for each in _near(item, estate) if each.account == item.account and _looks_outside(each)]
    active = [each for each in looking if need(each.status) == _ACTIVE] or list(_of_organization(item, estate))
    if active:
        return _findings(item, active, estate)
    estate.whole(AccessAnalyzer, item.account, item.region)
    return _idle(looking) if looking else _unwatched(item, estate)


def _near(item: _Place, estate: Estate) -> Iterator[AccessAnalyzer]:
    return (each for each in estate.of(AccessAnalyzer) if each.region == item.region)


def _looks_outside(analyzer: AccessAnalyzer) -> bool:
    return (need(analyzer.analyzer_type) or "") in _LOOKING


def _of_organization(item: _Place, estate: Estate) -> Iterator[AccessAnalyzer]:
    """Yield the active analyzers of the account's organization that stand in another account, in the same region."""
    own = _organization(item.account, estate)
    for each in _near(item, estate) if own is not None else ():
        if each.account != item.account and need(each.analyzer_type) == _ORGANIZATION and need(each.status) == _ACTIVE:
            other = _organization(each.account, estate)
            if own is not None and other is not None and need(own.organization_id) == need(other.organization_id):
                yield each


def _idle(looking: list[AccessAnalyzer]) -> Outcome:
    also, status = tuple(each.arn for each in looking), need(looking[0].status) or "of no status"
    if status not in _IDLE:
        return undecided(f"whether the analyzer {looking[0].name} works is not understood", also, status=status)
    why = f"the analyzer {looking[0].name} is {status.lower()}, and no other looks for access from outside here"
    return failed(why, also, status=status)


def _organization(account: str, estate: Estate) -> Organization | None:
    return next((each for each in estate.of(Organization) if each.account == account), None)


def _delegates(own: Organization, estate: Estate) -> Fact[tuple[str, ...]]:
    """Return the organization's delegated administrators, as an account was told that may ask: a member account may not."""
    same = (each for each in estate.of(Organization) if each.organization_id == own.organization_id)
    told = (each.delegated_administrators for each in same if isinstance(own.organization_id, Present))
    return next((each for each in told if isinstance(each, Present)), own.delegated_administrators)


def _unwatched(item: _Place, estate: Estate) -> Outcome:
    """Return the outcome where no analyzer of the snapshot looks: one of the organization may stand outside it."""
    own = _organization(item.account, estate)
    why = f"no analyzer looks for access from outside in {item.region}"
    if own is None:
        _is_in_none(item, estate)
        return failed(why, _LISTS)
    management, delegates = need(own.management_account), need(_delegates(own, estate)) or ()
    outside = sorted({each for each in (management, *delegates) if each and each not in estate.snapshot.scope.accounts})
    if management is None or outside:
        where = several(outside) or "its management account"
        return needs_attestation(
            f"{why}; whether one of the organization does must be said, or bring {where} into scope", (own.arn, *_LISTS)
        )
    for account in (management, *delegates):
        estate.whole(AccessAnalyzer, account, item.region)
    return failed(f"{why}, of the account or its organization", (own.arn, *_LISTS))


def _is_in_none(item: _Place, estate: Estate) -> None:
    """Raise NotReadError where nobody knows whether the account is in an organization."""
    gap = next((each for each in estate.gaps if (each.account, each.operation) == (item.account, _DESCRIBE)), None)
    if gap is not None:
        raise NotReadError(gap)
    if not estate.snapshot.asked(_DESCRIBE):
        raise NotReadError(not_asked(_DESCRIBE, (item.account, item.region), None, _DESCRIBE))


def _findings(item: _Place, active: list[AccessAnalyzer], estate: Estate) -> Outcome:
    found = [each for analyzer in active for each in estate.below(AccessFinding, analyzer) if _may_concern(each, item)]
    names = several([each.name for each in active])
    also = (*(each.arn for each in active), *_LISTS)
    certain = [each for each in found if _is_certain(each) and is_used(_resource(each), item.used)]
    if certain:
        why = (
            f"{certain[0].name} can be reached from outside, the gateway uses it, and the finding of {names} is active"
        )
        return failed(why, (*also, *(each.arn for each in certain)), **_seen(names, certain))
    opened = [each for each in found if _is_open(each, item)]
    odd = [each for each in opened if need(each.status) != _ACTIVE or need(each.finding_type) != _OUTSIDE]
    if odd:
        return undecided(f"a finding of {names} is not understood", also, **_seen(names, odd))
    for analyzer in active:
        estate.whole(AccessFinding, analyzer.account, analyzer.region, analyzer.arn)
    if not opened:
        return passed(
            f"{names} looks for access from outside, and has no active finding on what a gateway uses",
            also,
            **_seen(names, []),
        )
    why = f"{names} has {counted(len(opened), 'active finding')}, the first on {opened[0].name}"
    return needs_attestation(
        f"{why}: whether the gateway uses it must be said; close the access, or archive what is meant",
        (*also, *(each.arn for each in opened)),
        **_seen(names, opened),
    )


def _may_concern(finding: AccessFinding, item: _Place) -> bool:
    """Return whether a finding is, or may be, of the account: an organization's analyzer tells of all its accounts."""
    return not isinstance(finding.owner_account, Present) or finding.owner_account.value == item.account


def _is_certain(finding: AccessFinding) -> bool:
    """Return whether a finding is certainly an active one of access from outside to one of these things."""
    said = (finding.status, finding.finding_type)
    return (
        said == (Present[str](value=_ACTIVE), Present[str](value=_OUTSIDE))
        and isinstance(finding.found_resource_type, Present)
        and finding.found_resource_type.value in _TYPES
        and isinstance(finding.owner_account, Present | Absent)
    )


def _is_open(finding: AccessFinding, item: _Place) -> bool:
    """Return whether a finding is not settled and on one of these things; what is not understood may be so."""
    owner = need(finding.owner_account)
    if owner not in {None, item.account} or (need(finding.status) or "") in _SETTLED:
        return False
    need(finding.finding_type)
    return (need(finding.found_resource_type) or "") in _TYPES


def _resource(finding: AccessFinding) -> str:
    return finding.found_resource.value if isinstance(finding.found_resource, Present) else ""


def _seen(names: str, findings: list[AccessFinding]) -> dict[str, JsonValue]:
    return {"analyzers": names, "findings": [_resource(each) or each.name for each in findings]}


CHECK = Check(
    name="external-access-analysed",
    reads=("AccessAnalyzer", "AccessFinding", "Organization"),
    params=Params,
    population=_population,
    test=_test,
    concerns=holds(AccessAnalyzer),
)
