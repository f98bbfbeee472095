"""narrow-authorizer-roles: the role by which the gateway calls an authorizer can call that function, and API Gateway alone takes it.

Claim: a role that a Lambda authorizer names allows lambda:InvokeFunction on the functions that authorizers call with it, nothing
else, and trusts nobody but API Gateway. Population: every Lambda authorizer, configured or still deployed. Deviation: another
action, a function that is not asked, another principal in the trust policy. Not applicable without a role: then the function's own
policy lets the gateway in, which function-policies-scoped judges. Cannot see: what a permissions boundary or an SCP takes away.
"""

from collections.abc import Iterator

from pydantic import JsonValue

from auditor.access.policy import Effect, Principal, Statement
from auditor.checks.iam.authorizer_roles import Asked, AuthorizerItem, authorizers
from auditor.checks.iam.credentials_used import account_of
from auditor.checks.iam.grants import granted
from auditor.checks.iam.policies_held import attached, documents, need_all
from auditor.checks.iam.role_needs import Excess, excesses, first_certain
from auditor.checks.iam.trust_statements import UNCLEAR, opens, statements, worst
from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    failed,
    needs_attestation,
    not_applicable,
    passed,
    undecided,
)
from auditor.checks.listed import holds
from auditor.dataflow.variables import used
from auditor.model.estate import Estate
from auditor.model.fact import NotReadError, need
from auditor.model.gateway import Authorizer, DeployedRoute
from auditor.model.iam import Role
from auditor.model.snapshot import GLOBAL_REGION
from auditor.model.status import Status

_GATEWAY = frozenset({"apigateway.amazonaws.com", "apigateway.amazonaws.com.cn"})
_TAKES = ("sts:assumerole", "sts:assumerolewithsaml", "sts:assumerolewithwebidentity")


def _test(item: AuthorizerItem, estate: Estate, _params: Params) -> Outcome:
    outcomes = [_judged(each, item, estate) for each in {one.role: one for one in item.asked}.values()]
    if any(each.status is Status.FAIL for each in outcomes):
        return worst(outcomes)
    if item.definition is not None:
        need(item.definition)
    if item.hidden is not None:
        raise NotReadError(item.hidden)
    if not outcomes:
        return not_applicable("it is called without a role: the function's own policy lets the gateway in")
    return worst(outcomes)


def _judged(asked: Asked, item: AuthorizerItem, estate: Estate) -> Outcome:
    if used(asked.role):
        return undecided(f"stage variable {used(asked.role)[0]} chooses the role, and which it is was not told")
    role = estate.one(Role, account_of(asked.role), asked.role)
    if role is None:
        estate.whole(Role, account_of(asked.role), GLOBAL_REGION)
        return undecided(f"the role {asked.role} is not in the snapshot, or does not exist")
    found, trust = granted(documents(role, estate)), statements(role)
    beyond = [*excesses(found.grants, item.shared[asked.role], ()), *_strangers(trust or ())]
    also = (role.arn, *attached(role))
    seen: dict[str, JsonValue] = {
        "role": role.arn,
        "grants": [f"{each.action} on {each.resource} ({each.where})" for each in found.grants],
    }
    certain = first_certain(beyond, item.elsewhere)
    if certain is not None:
        return failed(f"{role.name}: {certain.why}", also, **seen)
    need_all(role, estate)
    need(role.trust_policy)
    if trust is None or found.troubles:
        return undecided(f"{role.name}: {UNCLEAR if trust is None else found.troubles[0]}", also, **seen)
    if beyond:
        return needs_attestation(f"{role.name}: {beyond[0].why}: a person must say", also, **seen)
    return passed(f"{role.name} can call the authorizer's function and is API Gateway's alone", also, **seen)


def _strangers(trust: tuple[Statement, ...]) -> Iterator[Excess]:
    """Yield whom else a trust policy lets take the role."""
    deny = next((each for each in trust if each.effect is Effect.DENY), None)
    for statement in trust:
        if not any(opens(statement, each) for each in _TAKES):
            continue
        for name in _others(statement):
            why = f"{statement.label} of the trust policy lets {name} take the role"
            yield (
                Excess(why, is_certain=True)
                if deny is None
                else Excess(f"{why}, unless {deny.label} denies it", is_certain=False)
            )


def _others(statement: Statement) -> Iterator[str]:
    if statement.not_principals:
        yield "everyone whom it does not name"
    yield from (_word(each) for each in statement.principals if not _is_gateway(each))


def _is_gateway(principal: Principal) -> bool:
    return principal.kind == "Service" and principal.value.lower() in _GATEWAY


def _word(principal: Principal) -> str:
    return "everyone" if principal.value == "*" else principal.value


CHECK = Check(
    name="narrow-authorizer-roles",
    reads=("Authorizer", "DeployedRoute", "Role"),
    params=Params,
    population=authorizers,
    test=_test,
    concerns=holds(Authorizer, DeployedRoute),
)
