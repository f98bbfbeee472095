"""Whether one statement speaks of a request."""

from auditor.access.family import is_whole, written_out
from auditor.access.iam.condition import holds
from auditor.access.iam.context import Context
from auditor.access.iam.request import Request, names_action
from auditor.access.iam.truth import Truth, all_of, any_of, negated, truth_of
from auditor.access.iam.variables import OpenError, VoidError, has_variables, is_complete, language
from auditor.access.patterns import glob
from auditor.access.policy import Effect, Statement

_ARN_COLONS = 5


def speaks(statement: Statement, request: Request) -> Truth:
    """Return whether a statement's action, resource and conditions are those of a request; who is named, `caller` tells.

    A variable without a value makes the statement invalid: an Allow then grants nothing. Whether a Deny still denies is
    not documented.
    """
    if not has_action(statement, request.action):
        return Truth.NO
    try:
        resource = _resource(statement, request)
        return resource if resource is Truth.NO else all_of((resource, met(statement, request.context)))
    except VoidError:
        return Truth.NO if statement.effect is Effect.ALLOW else Truth.UNKNOWN


def met(statement: Statement, context: Context) -> Truth:
    """Return whether all conditions of a statement are met; raise VoidError where one has no value and no other fails."""
    void: VoidError | None = None
    truths: list[Truth] = []
    for each in statement.conditions:
        try:
            truths.append(holds(each, context, dynamic=statement.dynamic))
        except VoidError as error:
            void = error
    whole = all_of(truths)
    if void is not None and whole is not Truth.NO:
        raise void
    return whole


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
    found = []
    for each in statement.conditions:
        try:
            truth = holds(each, request.context, dynamic=statement.dynamic)
        except VoidError:
            continue
        if truth is Truth.IF:
            found.append(f"{word} {each.key} {each.operator} {', '.join(each.values)}")
    return tuple(found)


def not_understood(statement: Statement, request: Request) -> tuple[str, ...]:
    """Return what in a statement nobody can tell, in words: an operator or value that is not understood, a resource, a variable."""
    found = []
    for each in statement.conditions:
        try:
            truth = holds(each, request.context, dynamic=statement.dynamic)
        except VoidError:
            found.append(f"a variable of {each.key} has no value")
            continue
        if truth is Truth.UNKNOWN:
            found.append(f"condition {each.operator} {each.key} is not understood")
    for written in (*statement.resources, *statement.not_resources):
        try:
            truth = _matches(written, statement, request)
        except VoidError:
            found.append(f"a variable of resource {written} has no value")
            continue
        if truth is Truth.UNKNOWN:
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
    return Truth.UNKNOWN if found is None else request.target.within(found)
