"""few-gateway-writers: nobody but declared principals can change API Gateway, its authorizers' functions and its app clients.

Claim: whoever may write to an API or domain name (API Gateway's own verbs: POST, PUT, PATCH, DELETE), change the code or the
permissions of an authorizer's function, or change a client of a user pool that opens routes, stands in a register. Population:
every user and role, by identity policies, groups, boundary, organization and the function's own policy. Deviation: one that may,
and is not declared. What a role of a landing zone may is for a person to say, with who may assume it. Cannot see: who comes to such
rights by way of another (IAM-16), and the deployment tool's own users. Documented, never tried on a live account.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from auditor.access.iam.decide import Verdict
from auditor.access.people import People
from auditor.access.principals import Known
from auditor.access.trust import trusted
from auditor.checks.iam.declared_power import declared_identity, need_policies, policies_of, to_declare
from auditor.checks.iam.gateway_writes import Write, Writes
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
from auditor.checks.principals import is_made_for_the_account
from auditor.model.estate import Estate
from auditor.model.fact import NotReadError, need
from auditor.model.iam import Role, is_service_linked
from auditor.model.words import several

_MOST_SHOWN = 3


@dataclass(frozen=True)
class _Item(Item):
    known: Known
    writes: Writes


def _population(estate: Estate) -> Iterator[_Item]:
    writes = Writes(estate)
    for known in writes.principals.all:
        identity = known.of
        if identity is not None:
            yield _Item(known.who.arn, type(identity).cloudformation, identity.account, identity.region, known, writes)


def _test(item: _Item, estate: Estate, _params: Params) -> Outcome:
    if is_service_linked(item.resource):
        return not_applicable("a service-linked role: AWS alone takes it, for what the service itself does")
    found = item.writes.of(item.known)
    certain = tuple(each for each in found if each.answer.verdict is Verdict.ALLOWED)
    seen: dict[str, JsonValue] = {
        "writes": [_json(each) for each in found],
        "people": [*estate.once(People).behind(item.resource)],
    }
    also = policies_of(item.known)
    how = declared_identity(item.known, estate, item.writes.targets)
    if how is not None:
        return passed(f"{how}; {_named(certain or found) or 'may change nothing of the gateway'}", also, **seen)
    if certain:
        return _writer(item, estate, _named(certain), seen)
    return _uncertain(item, estate, found, seen)


def _writer(item: _Item, estate: Estate, what: str, seen: dict[str, JsonValue]) -> Outcome:
    also = policies_of(item.known)
    role = item.known.of
    if isinstance(role, Role) and is_made_for_the_account(role):
        who = ", ".join(trusted(need(role.trust_policy) or "")) or "nobody"
        why = f"{what}; AWS or the landing zone made it, and {who} may assume it"
        return needs_attestation(f"{why}; {to_declare(item.resource)}", also, **seen)
    registers = estate.registers
    # An administrator may be break-glass, and nobody said which identities are.
    may_be_break_glass = registers.break_glass is None and item.writes.is_administrator(item.known)
    if registers.allowed_writers is None or may_be_break_glass:
        return needs_attestation(f"{what}; if that is meant, {to_declare(item.resource)}", also, **seen)
    return failed(f"{what}; no register declares it", also, **seen)


def _uncertain(item: _Item, estate: Estate, found: tuple[Write, ...], seen: dict[str, JsonValue]) -> Outcome:
    also = policies_of(item.known)
    unknown = next((each for each in found if each.answer.verdict is Verdict.UNKNOWN), None)
    if unknown is not None:
        need_policies(item.known, estate)
        if unknown.answer.gap is not None:
            raise NotReadError(unknown.answer.gap)
        return undecided(
            f"whether it {unknown.what} is not known: {'; '.join(unknown.answer.by[:_MOST_SHOWN])}", also, **seen
        )
    hiding = item.writes.none_hides(item.known)
    if hiding:
        return undecided(f"it may change functions, and not all authorizers are known: {hiding}", also, **seen)
    if found:
        conditions = several(
            tuple(dict.fromkeys(text for each in found for text in each.answer.conditions)), _MOST_SHOWN
        )
        return needs_attestation(
            f"possible: {_named(found)} ({conditions}); if that is meant, {to_declare(item.resource)}", also, **seen
        )
    return passed("may change nothing of the gateway", also, **seen)


def _named(found: tuple[Write, ...]) -> str:
    return several(tuple(dict.fromkeys(each.what for each in found)), _MOST_SHOWN) if found else ""


def _json(write: Write) -> JsonValue:
    told: dict[str, JsonValue] = {"may": write.what, "decision": write.answer.verdict.value, "by": [*write.answer.by]}
    return told | ({"conditions": [*write.answer.conditions]} if write.answer.conditions else {})


CHECK = Check(
    name="few-gateway-writers",
    reads=("User", "Role", "Group"),
    params=Params,
    population=_population,
    test=_test,
    registers=("allowed_writers", "break_glass"),
)
