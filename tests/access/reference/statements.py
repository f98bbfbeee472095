"""Whether a statement applies to a request: action, resource, principal, condition, each element in turn.

IAM user guide: JSON policy element reference (action, not-action, resource, not-resource, principal, condition).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.access.reference.matching import Context, UnresolvedError, filled, matches, with_wildcards
from tests.access.reference.operators import as_list, condition_holds, has_null_variable
from tests.access.reference.principals import Caller, Named, Policy, how_named


class NotTwoValuedError(Exception):
    """The request cannot be answered with a plain yes or no."""


@dataclass(frozen=True)
class Request:
    """What one call asks, with all that is known of it."""

    caller: Caller
    action: str
    resource: str
    context: Context
    doubted: bool | None = None
    """What is taken for statements of which nobody can say whether they apply; None: nothing, they are no plain answer."""


def statements_that_apply(policies: list[Policy], effect: str, request: Request) -> Iterator[Policy]:
    for policy in policies:
        for statement in as_list(policy["Statement"]):
            if statement["Effect"] == effect and applies(statement, policy.get("Version"), request):
                yield statement


def applies(statement: Policy, version: str | None, request: Request) -> bool:
    """Whether the statement is about the request.

    The page on variables says what becomes of one without a value: a resource with it matches nothing, and no value equals it.
    It also says that the whole statement might be invalid. Where the two differ there is no plain answer, but for a Deny whose
    condition has such a variable: the page shows one, and says that it denies.
    """
    if not _action_fits(statement, request) or not _principal_fits(statement, request):
        return False
    condition = statement.get("Condition", {})
    if not _resource_fits(statement, version, request) or not condition_holds(condition, version, request.context):
        return False
    is_allow = statement["Effect"] == "Allow"
    if _has_null_resource(statement, version, request) or (
        is_allow and has_null_variable(condition, version, request.context)
    ):
        if request.doubted is None:
            raise NotTwoValuedError("a variable without a value")
        return request.doubted
    return True


def _action_fits(statement: Policy, request: Request) -> bool:
    """Action names mind no case."""
    asked = request.action.lower()
    patterns = [with_wildcards(each.lower()) for each in as_list(statement.get("Action", statement.get("NotAction")))]
    listed = any(matches(pattern, asked) for pattern in patterns)
    return listed if "Action" in statement else not listed


def _resource_fits(statement: Policy, version: str | None, request: Request) -> bool:
    """A trust policy names no resource: it is the role's own."""
    written = statement.get("NotResource", statement.get("Resource", "*"))
    patterns = [_filled(each, version, request) for each in as_list(written)]
    listed = any(matches(pattern, request.resource) for pattern in patterns if pattern is not None)
    return not listed if "NotResource" in statement else listed


def _has_null_resource(statement: Policy, version: str | None, request: Request) -> bool:
    written = statement.get("NotResource", statement.get("Resource", "*"))
    return any(_filled(each, version, request) is None for each in as_list(written))


def _filled(written: str, version: str | None, request: Request) -> str | None:
    """The pattern; None where a variable of it has no value."""
    try:
        return filled(written, version, request.context)
    except UnresolvedError:
        return None


def _principal_fits(statement: Policy, request: Request) -> bool:
    """Identity policies, boundaries, session policies and SCPs name no principal: it is whom they are attached to."""
    if "Principal" in statement or "NotPrincipal" in statement:
        return how_named(statement, request.caller) is not Named.NOT
    return True
