"""certificate-renewal: no certificate in use lapses within the limit, and each that must be renewed by hand has an owner.

Claim: enough days are left, and what does not renew itself is declared with an owner. Population: every certificate of the
kinds below, and every one that a domain name names and that the snapshot does not hold. Deviation: lapsed, lapses within the
limit, revoked, or nobody's. Cannot see: the certificates inside a trust store, and whether a renewed one is served.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from auditor.checks.age import days_since
from auditor.checks.certificate_kinds import KINDS, certificates, names
from auditor.checks.interface import (
    Check,
    Item,
    Outcome,
    Params,
    failed,
    needs_attestation,
    passed,
    undecided,
)
from auditor.model.certificates import Certificate
from auditor.model.estate import Estate
from auditor.model.fact import Unread, need
from auditor.model.gateway import DomainName
from auditor.model.resource import Resource
from auditor.model.words import counted

_UNREAD = "#certificate"
"""What stands for a certificate of a domain name where its ARN was not read."""


class _Params(Params):
    min_days_left: int


@dataclass(frozen=True)
class _Held(Item):
    """A certificate of the population; `of` is None where it is named and not in the snapshot."""

    of: Resource | None
    named_by: tuple[DomainName, ...] = ()


def _test(item: _Held, estate: Estate, params: _Params) -> Outcome:
    kind = next((each for each in KINDS if isinstance(item.of, each.of)), None)
    if kind is None:
        return _unseen(item, estate)
    apart = kind.apart(item.of, estate)
    if apart is not None:
        return apart
    end = need(kind.end(item.of))
    if end is None:
        return undecided("when it lapses is not told")
    # What is left is rounded down: a part of a day is none.
    left = (end - estate.as_of).days
    seen: dict[str, Any] = {"not_after": end.isoformat(), "days_left": left, "limit_days": params.min_days_left}
    if end <= estate.as_of:
        return failed(f"it lapsed {counted(days_since(end, estate), 'day')} ago", **seen)
    if left < params.min_days_left:
        return failed(f"it lapses in {counted(left, 'day')}, within {params.min_days_left}", **seen)
    return _renewal(item, estate, kind.by_hand(item.of), seen)


def _renewal(item: _Held, estate: Estate, why_by_hand: str | None, seen: dict[str, Any]) -> Outcome:
    left = counted(seen["days_left"], "day")
    if why_by_hand is None:
        return passed(f"{left} are left, and it renews itself", **seen)
    return _owned(item, estate, f"{left} are left; {why_by_hand}", seen)


def _owned(item: _Held, estate: Estate, so_far: str, seen: dict[str, Any]) -> Outcome:
    """Judge who renews by hand what does not renew itself."""
    entry = next((each for each in estate.registers.secrets or () if each.secret == item.resource), None)
    line = f"{{secret: {item.resource}, owner: …, rotation: manual}}"
    if entry is not None and entry.rotation == "automatic":
        return failed(f"{so_far}; {entry.owner} declared that it renews itself", owner=entry.owner, **seen)
    if entry is not None:
        return passed(f"{so_far}; {entry.owner} owns it", owner=entry.owner, **seen)
    if estate.registers.secrets is None:
        return needs_attestation(f"{so_far}; who renews it is not declared; to declare: {line}", **seen)
    return failed(f"{so_far}; the register of secrets names nobody who does; to declare: {line}", **seen)


def _unseen(item: _Held, estate: Estate) -> Outcome:
    """Say why a certificate that a domain name names is not in the snapshot; raise NotReadError where a gap hides it."""
    domain = item.named_by[0].domain
    if item.resource.endswith(_UNREAD):
        for fact in certificates(item.named_by[0]):
            need(fact)
    also = tuple(each.arn for each in item.named_by)
    scope = estate.snapshot.scope
    if item.account not in scope.accounts:
        return undecided(f"{domain} names it, and account {item.account} was not in scope of this collection", also)
    if item.region not in scope.regions:
        reason = (
            f"{domain} names it, and region {item.region} was not in scope of this collection; "
            "the certificates of edge-optimised domain names stand in us-east-1: add that region"
        )
        return undecided(reason, also, domain=domain)
    estate.whole(Certificate, item.account, item.region)
    return undecided(f"{domain} names it, and it is not among the account's certificates", also, domain=domain)


def _population(estate: Estate) -> Iterator[_Held]:
    known: set[tuple[str, str]] = set()
    for kind in KINDS:
        for each in estate.of(kind.of):
            known.add((each.account, each.arn))
            yield _Held(each.arn, kind.of.cloudformation, each.account, each.region, each)
    for domain in estate.of(DomainName):
        if any(isinstance(each, Unread) for each in certificates(domain)):
            arn, is_a = f"{domain.arn}{_UNREAD}", Certificate.cloudformation
            yield _Held(arn, is_a, domain.account, domain.region, None, (domain,))
    named: dict[tuple[str, str], tuple[DomainName, ...]] = {}
    for domain in estate.of(DomainName):
        for arn in names(domain):
            parts = arn.split(":")
            place = (parts[4] if len(parts) > 5 else domain.account, arn)  # noqa: PLR2004 - an ARN's parts
            named[place] = (*named.get(place, ()), domain)
    for account, arn in sorted(named.keys() - known):
        region = arn.split(":")[3] if arn.startswith("arn:") else named[account, arn][0].region
        yield _Held(arn, Certificate.cloudformation, account, region, None, named[account, arn])


CHECK = Check(
    name="certificate-renewal",
    reads=(*(each.of.__name__ for each in KINDS), DomainName.__name__),
    params=_Params,
    population=_population,
    test=_test,
    registers=("secrets",),
)
