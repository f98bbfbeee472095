"""Who may do anything else than call a route: any action on any ARN, by the policies that the snapshot holds."""

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.access.gateway.answers import Answer, summed
from auditor.access.gateway.pair import answer_of
from auditor.access.iam.caller import context_of
from auditor.access.iam.context import Context
from auditor.access.iam.decide import Decision, Object, decide
from auditor.access.iam.policies import Layer, Policy, of_fact
from auditor.access.iam.request import Arn, Request
from auditor.access.people import People
from auditor.access.principals import Known, Principals
from auditor.model.access import Access
from auditor.model.estate import Estate
from auditor.model.iam import Role
from auditor.model.keys import KmsKey, Secret
from auditor.model.platform import Function

_PARTS = 6


@dataclass(frozen=True)
class Wanted:
    """An action on a resource, with the policies on it."""

    action: str
    """Lower case."""
    arn: str
    account: str
    """Empty where the ARN names none (API Gateway's management ARNs): then each caller's own."""
    region: str
    thing: Object


def who_can_do(principals: Principals, asked: tuple[str, str], context: Context) -> Iterator[Access]:
    """Yield the answer for every identity of the snapshot; `asked`: the action, lower case, and the resource's ARN."""
    target = wanted(principals, *asked)
    people = principals.estate.once(People)
    for known in principals.all:
        found = may(known, target, context)
        told = summed(known.who.arn, (found,))
        yield Access(
            told.principal, told.decision, told.paths, None, told.by, told.conditions, people.behind(known.who.arn)
        )


def may(known: Known, target: Wanted, context: Context) -> Answer:
    """Return whether an identity may do something, with the statements that decide."""
    decision, request = _decide(known, target, context)
    return answer_of(decision, request, "")


def decision_on(known: Known, target: Wanted, context: Context) -> Decision:
    """Return the decision alone."""
    return _decide(known, target, context)[0]


def _decide(known: Known, target: Wanted, context: Context) -> tuple[Decision, Request]:
    account = target.account or known.who.account
    told = context.with_told(known.keys.told, known.keys.missing).with_told({"aws:resourceaccount": (account,)})
    if target.region:
        told = told.with_told({"aws:requestedregion": (target.region,)})
    request = Request(known.who, target.action, Arn(target.arn), account, "", context_of(known.who, told))
    return decide(known.subject, target.thing, request), request


def wanted(principals: Principals, action: str, arn: str) -> Wanted:
    """Return an action on a resource with what the snapshot knows of the resource's own policy."""
    parts = arn.split(":", _PARTS - 1)
    region, account = (parts[3], parts[4]) if len(parts) == _PARTS else ("", "")
    own = tuple(_own(principals.estate, action, arn))
    control = principals.organizations.levels(account, Layer.RESOURCE_CONTROL) if account else ()
    return Wanted(action, arn, account, region, Object(own=own, control=control))


def _own(estate: Estate, action: str, arn: str) -> Iterator[Policy]:
    """Yield the policy of a resource of the snapshot: of a function, key or secret, and the trust policy of a role."""
    if action.startswith("sts:assumerole"):
        for role in estate.of(Role):
            if role.arn == arn:
                yield from of_fact(role.trust_policy, Layer.TRUST, f"of {role.name}")
    held: tuple[Function | KmsKey | Secret, ...] = (*estate.of(Function), *estate.of(KmsKey), *estate.of(Secret))
    for each in held:
        if each.arn == arn:
            yield from of_fact(each.policy, Layer.RESOURCE, f"of {each.name}")
