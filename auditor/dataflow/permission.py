"""Whether API Gateway may invoke a Lambda function, by the function's own resource policy (lambda:GetPolicy).

Three-valued: a function that was not read, or a policy in a form that is not recognised, decides nothing. The call's source is the
execute-api ARN of the route, of an authorizer `API/authorizers/ID` (access.md section 4.4). Never tried on a live account.
"""

from auditor.access.one_call import Circumstances, Truth, holds
from auditor.access.patterns import Relation, glob, literal, relation
from auditor.access.policy import Condition, Effect, Statement, parse
from auditor.model.fact import Absent, NotApplicable, Present, Unread
from auditor.model.platform import Function

_SERVICE = "apigateway.amazonaws.com"
_INVOKE = "lambda:invokefunction"
_SOURCE_ARN, _SOURCE_ACCOUNT = "aws:sourcearn", "aws:sourceaccount"
_EQUAL = frozenset({"arnlike", "arnequals", "stringlike", "stringequals"})


def may_invoke(function: Function | None, source: str) -> Truth:
    """Return whether the gateway may invoke a function for a source; `source`: a language of `access.patterns`."""
    if function is None:
        return Truth.UNKNOWN
    match function.policy:
        case Unread():
            return Truth.UNKNOWN
        case Absent() | NotApplicable():
            return Truth.NO
        case Present(value=policy):
            return _by_policy(policy, source)


def _by_policy(policy: str, source: str) -> Truth:
    try:
        statements = [each for each in parse(policy) if _speaks(each)]
    except ValueError:
        return Truth.UNKNOWN
    found = {effect: [_applies(each, source) for each in statements if each.effect is effect] for effect in Effect}
    if any(each is not Truth.NO for each in found[Effect.DENY]):
        return Truth.NO if Truth.YES in found[Effect.DENY] else Truth.UNKNOWN
    if Truth.YES in found[Effect.ALLOW]:
        return Truth.YES
    return Truth.UNKNOWN if Truth.UNKNOWN in found[Effect.ALLOW] else Truth.NO


def _speaks(statement: Statement) -> bool:
    """Return whether a statement may speak of the gateway at all."""
    if statement.not_principals or statement.not_actions:
        return True
    by_name = any(each.kind == "Service" and each.value.lower() == _SERVICE for each in statement.principals)
    everyone = any(each.value == "*" for each in statement.principals)
    acts = any(relation(glob(each.lower()), literal(_INVOKE)) is Relation.COVERS for each in statement.actions)
    return (by_name or everyone) and acts


def _applies(statement: Statement, source: str) -> Truth:
    """Return whether a statement covers the source; the resource is the function itself, in whose policy it stands."""
    if statement.not_principals or statement.not_actions or statement.not_resources:
        return Truth.UNKNOWN
    found = {_condition(each, source) for each in statement.conditions}
    return Truth.NO if Truth.NO in found else Truth.UNKNOWN if Truth.UNKNOWN in found else Truth.YES


def _condition(condition: Condition, source: str) -> Truth:
    if condition.key == _SOURCE_ARN and condition.operator.removesuffix("ifexists") in _EQUAL:
        is_pattern = "like" in condition.operator or condition.operator.startswith("arn")
        return _covers(condition.values, source, is_pattern=is_pattern)
    if condition.key == _SOURCE_ACCOUNT:
        account = source.split(":")[4]
        return holds(condition, Circumstances("", values={_SOURCE_ACCOUNT: account}))
    return Truth.UNKNOWN


def _covers(values: tuple[str, ...], source: str, *, is_pattern: bool) -> Truth:
    """Return whether the values cover the source: all of its calls, none of them, or nobody can tell."""
    relations = {relation(glob(each) if is_pattern else literal(each), source) for each in values if "${" not in each}
    if Relation.COVERS in relations:
        return Truth.YES
    if any("${" in each for each in values) or relations - {Relation.DISJOINT}:
        return Truth.UNKNOWN
    return Truth.NO
