"""collector-reads-only: whoever collected may read configuration, and nothing else.

Claim: the identity that asked in an account has actions that read, and neither changes anything nor reads data, secrets or what keys
seal. Population: each account in scope, with the caller that sts:GetCallerIdentity told. Deviation: an action that changes
something or reads data, after boundary, Denies and service control policies. What begins with a verb that no list knows, a person
weighs. Known limits, told and not judged: apigateway:GET also returns the values of API keys where a call asks for them, and no
condition keeps that apart; cognito-idp:DescribeUserPoolClient returns a client's secret, which is redacted before it is kept.
Cannot see: a session policy that narrows the session. Documented, never tried on a live account.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from auditor.access.iam.caller import Kind
from auditor.access.iam.decide import Verdict
from auditor.access.iam.request import names_action
from auditor.access.policy import Effect
from auditor.access.power.ask import Asker
from auditor.access.principals import Known, Principals
from auditor.checks.iam.beyond_reading import Beyond, Found, Verbs, beyond_reading
from auditor.checks.iam.declared_power import need_policies, policies_of
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
from auditor.model.estate import Estate
from auditor.model.iam import Role, User
from auditor.model.snapshot import GLOBAL_REGION, caller_name
from auditor.model.words import several

_LIMITS = {
    "apigateway:get": "apigateway:GET also returns the values of API keys where a call asks for them",
    "cognito-idp:describeuserpoolclient": "cognito-idp:DescribeUserPoolClient returns a client's secret, redacted before it is kept",
}
_TYPE = "AWS::IAM::Role"


class _Params(Params):
    read_verbs: list[str]
    """How the names of actions that read begin."""
    change_verbs: list[str]
    """How the names of actions that change something begin."""
    further_actions: list[str]
    """Actions that are no reads by their name, and that a collection needs."""
    data_reads: list[str]
    """Actions that read data, secrets or what is sealed, whatever their verb."""

    @property
    def verbs(self) -> Verbs:
        """Return the lists as the expansion takes them."""
        return Verbs(
            reads=tuple(each.lower() for each in self.read_verbs),
            changes=tuple(each.lower() for each in self.change_verbs),
            further=frozenset(each.lower() for each in self.further_actions),
            data=tuple(each.lower() for each in self.data_reads),
        )


@dataclass(frozen=True)
class _Item(Item):
    caller: str | None
    principals: Principals


def _population(estate: Estate) -> Iterator[_Item]:
    snapshot = estate.snapshot
    principals = estate.once(Principals)
    for account in snapshot.scope.accounts:
        name = f"auditor:snapshot/{snapshot.id}#caller/{account}"
        yield _Item(name, _TYPE, account, GLOBAL_REGION, snapshot.callers.get(account), principals)


def _test(item: _Item, estate: Estate, params: _Params) -> Outcome:
    if item.caller is None:
        return not_applicable("nobody could ask here; that is a gap of the collection")
    known = _known(item.caller, item.principals)
    if known is None:
        return undecided(f"{item.caller} is no identity whose policies can be looked up")
    if known.who.kind is Kind.ROOT:
        return failed("the root user collected, and it may do everything", (caller_name(item.account),))
    if known.of is None:
        estate.whole(User if known.who.kind is Kind.USER else Role, known.who.account, GLOBAL_REGION)
        return undecided(f"{known.who.arn} is not among the identities that IAM told", (caller_name(item.account),))
    return _judged(known, estate, tuple(beyond_reading(known, Asker(item.principals, frozenset()), params.verbs)))


def _known(arn: str, principals: Principals) -> Known | None:
    try:
        return principals.of(arn)
    except ValueError:
        return None


def _judged(known: Known, estate: Estate, found: tuple[Found, ...]) -> Outcome:
    also = (known.who.arn, *policies_of(known), caller_name(known.who.account))
    limits: list[JsonValue] = [text for action, text in _LIMITS.items() if _has(known, action)]
    seen: dict[str, JsonValue] = {
        "caller": known.who.arn,
        "known_limits": limits,
        "beyond": [_json(each) for each in found],
    }
    certain = tuple(
        each for each in found if each.answer.verdict is Verdict.ALLOWED and each.kind is not Beyond.UNCLEAR
    )
    if certain:
        return failed(f"{known.who.name} {_named(certain)}", also, **seen)
    unknown = next((each for each in found if each.answer.verdict is Verdict.UNKNOWN), None)
    if unknown is not None:
        need_policies(known, estate)
        return undecided(f"{unknown.action} of {unknown.by}: {'; '.join(unknown.answer.by)}", also, **seen)
    need_policies(known, estate)
    if found:
        return needs_attestation(f"possible: {known.who.name} {_named(found)}: say that it is needed", also, **seen)
    told = f"; known limits: {'; '.join(str(each) for each in limits)}" if limits else ""
    return passed(f"{known.who.name} has actions that read configuration alone{told}", also, **seen)


def _has(known: Known, action: str) -> bool:
    allows = (each for one in known.subject.identity for each in one.statements if each.effect is Effect.ALLOW)
    return any(names_action(written, action) for each in allows for written in each.actions)


def _named(found: tuple[Found, ...]) -> str:
    """Return what goes beyond reading, worst kind first, with the statement of the first."""
    words = []
    for kind in Beyond:
        those = tuple(dict.fromkeys(f"{each.action} of {each.by}" for each in found if each.kind is kind))
        if those:
            words.append(f"{kind.value} ({several(those)})")
    return ", ".join(words)


def _json(found: Found) -> JsonValue:
    return {
        "action": found.action,
        "kind": found.kind.value,
        "decision": found.answer.verdict.value,
        "by": found.by,
        "conditions": [*found.answer.conditions],
    }


CHECK = Check(
    name="collector-reads-only",
    reads=(),
    params=_Params,
    population=_population,
    test=_test,
)
