"""api-keys-known: every enabled API key has one owner, stands in a usage plan, and is in use; the rest are off.

Claim: somebody answers for the key, at least one plan has it, and by what the plans counted it was used within the limit; what
was never used counts from its creation. Population: every API key. Deviation: no owner in the register of machine identities
and no Marketplace customer; two owners; no plan; unused for more than the limit, exactly the limit passes. Cannot see: use of a
key that no plan has, for AWS counts none; use before the days that were asked for, and before a plan had the key; who holds it.
How AWS tells of a key without use was never seen: where a plan is silent, nobody can tell.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    ResourceItem,
    failed,
    items,
    needs_attestation,
    not_applicable,
    passed,
    undecided,
)
from auditor.checks.key_rotation.api_key_use import Unused, unused, usage_of
from auditor.checks.listed import holds
from auditor.model.estate import Estate
from auditor.model.fact import NotApplicable, Present, is_unread, need
from auditor.model.keys_and_plans import ApiKey

_READ = Present[bool](value=True)


class _Params(Params):
    max_unused_days: int


@dataclass(frozen=True)
class _Known:
    """What is known of a key without asking further."""

    key: ApiKey
    owners: tuple[str, ...]
    """By the register of machine identities, sorted."""
    has_register: bool
    use: Unused | None
    """None where no plan counts its use, or that was not read."""


def _test(item: ResourceItem[ApiKey], estate: Estate, params: _Params) -> Outcome:
    key, limit = item.of, params.max_unused_days
    if need(key.enabled) is False:
        return not_applicable("the key is disabled", enabled=False)
    known = _known(key, estate)
    also = ("list:UsagePlan",)
    seen: dict[str, Any] = {
        "owners": [*known.owners],
        "use": known.use.words if known.use else "not counted",
        "counted": {plan: dict(each) for plan, each in usage_of(key, estate).items()},
        "limit_days": limit,
    }
    # What is certain decides, whatever else was not read.
    wrong = list(_wrong(known, limit))
    if wrong:
        return failed("; ".join(wrong), also, **seen)
    need(key.usage_read)
    if known.use is None:
        return undecided("whether a plan has the key is not told", also, **seen)
    if known.use.most is None or known.use.most > limit:
        need(key.created)
        return undecided(f"{known.use.words}, so whether it was used within {limit} days is not known", also, **seen)
    return _owned(known, also, seen)


def _known(key: ApiKey, estate: Estate) -> _Known:
    entries = estate.registers.machine_identities
    owners = tuple(sorted({each.owner for each in entries or () if each.identity in {key.key_id, key.arn}}))
    return _Known(key, owners, entries is not None, unused(key, estate) if key.usage_read == _READ else None)


def _wrong(known: _Known, limit: int) -> Iterator[str]:
    """Yield each deviation that is certain."""
    if len(known.owners) > 1:
        yield f"{' and '.join(known.owners)} share it, as the register says"
    if not known.owners and known.has_register and _is_nobodys(known.key):
        yield "the register of machine identities names no owner"
    if isinstance(known.key.usage_read, NotApplicable):
        yield "no usage plan has it, so nothing limits it and nothing counts its use"
    if known.use is not None and known.use.least > limit:
        yield f"{known.use.words}, more than {limit}"


def _is_nobodys(key: ApiKey) -> bool:
    """Return whether a key is certainly no customer's."""
    return not is_unread(key.customer_id) and not need(key.customer_id)


def _owned(known: _Known, also: tuple[str, ...], seen: dict[str, Any]) -> Outcome:
    """Return the outcome of a key in a plan and in use, by who answers for it."""
    use = known.use.words if known.use else ""
    if known.owners:
        return passed(f"{known.owners[0]} answers for it; {use}", also, **seen)
    customer = need(known.key.customer_id)
    if customer:
        return passed(f"it is the Marketplace customer {customer}'s; {use}", also, **seen)
    entry = f"{{identity: {known.key.key_id}, kind: machine, owner: …, acts_for_users: false}}"
    return needs_attestation(f"nobody is named who answers for it; to register: {entry}", also, **seen)


CHECK = Check(
    name="api-keys-known",
    reads=("ApiKey", "UsagePlan"),
    params=_Params,
    population=lambda estate: items(estate.of(ApiKey)),
    test=_test,
    registers=("machine_identities",),
    concerns=holds(ApiKey),
)
