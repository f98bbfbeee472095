"""Whether one statement speaks of a request."""

from auditor.access.family import is_whole, written_out
from auditor.access.iam.condition import holds
from auditor.access.iam.context import Context
from auditor.access.iam.request import Request, names_action
from auditor.access.iam.truth import Truth, all_of, any_of, negated, truth_of
from auditor.access.iam.variables import OpenError, VoidError, has_variables, is_complete, is_void, language
from auditor.access.patterns import glob
from auditor.access.policy import Condition, Effect, Statement

_ARN_COLONS = 5


def speaks(statement: Statement, request: Request) -> Truth:
    """Return whether a statement's action, resource and conditions are those of a request; who is named, `caller` tells.

    A resource with a variable that has no value matches nothing, and no value of a key equals such a variable (IAM user guide,
    "Policy variables with no value"). The same page says that the whole statement may be invalid then: so where such an Allow
    would grant, or a Deny of such a resource would deny, nobody can tell.
    """
    if not has_action(statement, request.action):
        return Truth.NO
    truth = _resource(statement, request)
    if truth is not Truth.NO:
        truth = all_of((truth, met(statement, request.context)))
    return Truth.UNKNOWN if truth is not Truth.NO and is_doubted(statement, request.context) else truth


def met(statement: Statement, context: Context) -> Truth:
    """Return whether all conditions of a statement are met."""
    return all_of(holds(each, context, dynamic=statement.dynamic) for each in statement.conditions)


def is_doubted(statement: Statement, context: Context) -> bool:
    """Return whether a variable without a value leaves open what a statement that would speak does."""
    return _has_void_resource(statement, context) or has_void_grant(statement, context)


def _has_void_resource(statement: Statement, context: Context) -> bool:
    """Return whether a resource of a statement has a variable without a value."""
    return statement.dynamic and any(
        is_void(each, context) for each in (*statement.resources, *statement.not_resources) if has_variables(each)
    )


def has_void_grant(statement: Statement, context: Context) -> bool:
    """Return whether a condition of an Allow has a variable without a value."""
    return (
        statement.dynamic
        and statement.effect is Effect.ALLOW
        and any(_is_void(each, context) for each in statement.conditions)
    )


def _is_void(condition: Condition, context: Context) -> bool:
    return any(is_void(value, context) for value in condition.values if has_variables(value))


def resource_language(written: str, statement: Statement, context: Context, api: str) -> str | None:
    """Return the language of a Resource entry (see `patterns`); None where nobody can tell what it matches.

    `api`: the ARN that `execute-api:/…` abbreviates; API Gateway writes it out when a resource policy is saved, and there
    alone (access.md section 4.1). Raises OpenError or VoidError for a variable whose value is not told, or that has none.
    """
    hangs_on_api = bool(api and (statement.principals or statement.not_principals))
    if hangs_on_api and not is_whole(written, api):
        return None
    whole = written_out(written, api) if hangs_on_api else written
    if statement.dynamic and has_variables(written):
        return language(whole, context) if is_complete(written) else None
    if hangs_on_api:
        return glob(whole)
    if written.startswith("arn:") and written.count(":") < _ARN_COLONS and "*" not in written:
        return None
    return glob(written)


def open_conditions(statement: Statement, request: Request) -> tuple[str, ...]:
    """Return the conditions of a statement that depend on keys which are not told, for people."""
    word = "if" if statement.effect is Effect.ALLOW else "unless"
    return tuple(
        f"{word} {each.key} {each.operator} {', '.join(each.values)}"
        for each in statement.conditions
        if holds(each, request.context, dynamic=statement.dynamic) is Truth.IF
    )


def not_understood(statement: Statement, request: Request) -> tuple[str, ...]:
    """Return what in a statement nobody can tell, in words: an operator or value that is not understood, a resource, a variable."""
    found = []
    for each in statement.conditions:
        if statement.dynamic and _is_void(each, request.context):
            found.append(f"a variable of {each.key} has no value")
        elif holds(each, request.context, dynamic=statement.dynamic) is Truth.UNKNOWN:
            found.append(f"condition {each.operator} {each.key} is not understood")
    for written in (*statement.resources, *statement.not_resources):
        if statement.dynamic and has_variables(written) and is_void(written, request.context):
            found.append(f"a variable of resource {written} has no value")
        elif _matches(written, statement, request) is Truth.UNKNOWN:
            found.append(f"resource {written} is not understood")
    return tuple(found)


def has_action(statement: Statement, action: str) -> bool:
    """Return whether a statement's Action or NotAction means an action (lower case)."""
    if statement.not_actions:
        return not any(names_action(each, action) for each in statement.not_actions)
    return any(names_action(each, action) for each in statement.actions)


def _resource(statement: Statement, request: Request) -> Truth:
    if statement.not_resources:
        return negated(any_of(_matches(each, statement, request) for each in statement.not_resources))
    if not statement.resources:
        # Trust policies, and key policies of old, name no resource: it is what the policy hangs on.
        return truth_of(bool(statement.principals or statement.not_principals))
    return any_of(_matches(each, statement, request) for each in statement.resources)


def _matches(written: str, statement: Statement, request: Request) -> Truth:
    if written == "*":
        return Truth.YES
    try:
        found = resource_language(written, statement, request.context, request.api)
    except OpenError:
        return Truth.IF
    except VoidError:
        return Truth.NO
    return Truth.UNKNOWN if found is None else request.target.within(found)
