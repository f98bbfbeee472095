"""Whether a statement applies to a request: action, resource, principal, condition, each element in turn.

IAM user guide: JSON policy element reference (action, not-action, resource, not-resource, principal, condition).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.access.reference.matching import Context, UnresolvedError, filled, matches, with_wildcards
from tests.access.reference.operators import as_list, condition_holds
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


def statements_that_apply(policies: list[Policy], effect: str, request: Request) -> Iterator[Policy]:
    for policy in policies:
        for statement in as_list(policy["Statement"]):
            if statement["Effect"] == effect and applies(statement, policy.get("Version"), request):
                yield statement


def applies(statement: Policy, version: str | None, request: Request) -> bool:
    """A variable that cannot be replaced makes the statement invalid: an Allow is void, a Deny is no plain answer."""
    if not _action_fits(statement, request) or not _principal_fits(statement, request):
        return False
    try:
        return _resource_fits(statement, version, request) and condition_holds(
            statement.get("Condition", {}), version, request.context
        )
    except UnresolvedError as error:
        if statement["Effect"] == "Deny":
            raise NotTwoValuedError(f"a Deny that names {error}") from error
        return False


def _action_fits(statement: Policy, request: Request) -> bool:
    """Action names mind no case."""
    asked = request.action.lower()
    patterns = [with_wildcards(each.lower()) for each in as_list(statement.get("Action", statement.get("NotAction")))]
    listed = any(matches(pattern, asked) for pattern in patterns)
    return listed if "Action" in statement else not listed


def _resource_fits(statement: Policy, version: str | None, request: Request) -> bool:
    """A trust policy names no resource: it is the role's own."""
    written = statement.get("NotResource", statement.get("Resource", "*"))
    patterns = [filled(each, version, request.context) for each in as_list(written)]
    listed = any(matches(pattern, request.resource) for pattern in patterns)
    return not listed if "NotResource" in statement else listed


def _principal_fits(statement: Policy, request: Request) -> bool:
    """Identity policies, boundaries, session policies and SCPs name no principal: it is whom they are attached to."""
    if "Principal" in statement or "NotPrincipal" in statement:
        return how_named(statement, request.caller) is not Named.NOT
    return True
