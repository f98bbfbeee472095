"""How AWS decides one request, step by step, for a case in which everything is told. Slow and plain on purpose.

IAM user guide: "Determining whether a request is allowed or denied within an account" and "Cross-account policy
evaluation logic"; Organizations user guide: SCP evaluation, RCP evaluation. Nothing here was tried on a live account.
"""

from dataclasses import dataclass
from typing import Any

from tests.access.reference.principals import Case, Named, Policy, caller_of, how_named, request_context
from tests.access.reference.statements import NotTwoValuedError, Request, statements_that_apply

ALLOWED, DENIED = "allowed", "denied"

# Organizations user guide, services that support RCPs (of those that the cases ask about).
SERVICES_WITH_RCPS = {"kms", "s3", "sqs", "secretsmanager", "sts"}
# IAM user guide: trust policies and key policies are the exceptions, they must allow explicitly.
RESOURCE_MUST_ALLOW = {"kms", "sts"}

SERVICE_CONTROL = "service control policy"
RESOURCE_CONTROL = "resource control policy"
ENDPOINT = "VPC endpoint policy"
RESOURCE = "resource policy"
TRUST = "trust policy"
IDENTITY = "identity policy"
BOUNDARY = "permissions boundary"
SESSION = "session policy"

# The decision and the layer that made it. No layer: the root user's own power, which no policy grants.
Verdict = tuple[str, str | None]


@dataclass(frozen=True)
class Policies:
    """All policies that bear on one request. None: there is no such policy."""

    scp_levels: list[list[Policy]]
    rcp_levels: list[list[Policy]]
    endpoint: list[Policy] | None
    resource: list[Policy]
    identity: list[Policy]
    boundary: list[Policy] | None
    session: list[Policy] | None


def agrees(case: Case, decision: str, layer: str) -> bool:
    """Whether an answer is the reference's own; where the pages leave a statement open, only what holds either way is certain."""
    try:
        expected, by = decide(case)
    except NotTwoValuedError:
        either = {decide(case, doubted=doubted)[0] for doubted in (True, False)}
        return decision == "unknown" or {decision} == either
    return decision == expected and by in {None, layer}


def decide(case: Case, *, doubted: bool | None = None) -> Verdict:
    """The verdict of one case; NotTwoValuedError where the pages leave it open and nothing is taken for what is `doubted`."""
    request = Request(caller_of(case), case["action"], case["resource"], request_context(case), doubted)
    policies = _policies(case, request)
    resource_layer = TRUST if _service(request) == "sts" else RESOURCE
    return (
        _explicit_deny(policies, request, resource_layer)
        or _organization_or_endpoint_refuses(policies, request)
        or _granted(case, policies, request, resource_layer)
    )


def _policies(case: Case, request: Request) -> Policies:
    principal = case.get("principal", {})
    return Policies(
        scp_levels=_scp_levels(case, request),
        rcp_levels=_rcp_levels(case, request),
        endpoint=_optional(case.get("endpoint_policy")),
        resource=_optional(case.get("resource_policy")) or [],
        identity=principal.get("identity", []),
        boundary=_optional(principal.get("boundary")),
        session=_optional(principal.get("session")),
    )


def _scp_levels(case: Case, request: Request) -> list[list[Policy]]:
    """SCPs bind the principals of member accounts: not the management account, no service-linked role, no service."""
    organization = case.get("organization", {})
    exempt = case.get("principal", {}).get("service_linked") or not request.caller.arn
    if exempt or request.caller.account == organization.get("management_account"):
        return []
    levels: list[list[Policy]] = organization.get("scps", [])
    return levels


def _rcp_levels(case: Case, request: Request) -> list[list[Policy]]:
    """RCPs bind the resources of member accounts, in services that have them; service-linked roles are not bound."""
    organization = case.get("organization", {})
    if _service(request) not in SERVICES_WITH_RCPS or case.get("principal", {}).get("service_linked"):
        return []
    if case["resource_account"] == organization.get("management_account"):
        return []
    levels: list[list[Policy]] = organization.get("rcps", [])
    return levels


def _explicit_deny(policies: Policies, request: Request, resource_layer: str) -> Verdict | None:
    """Step 1, deny evaluation: one Deny that applies, in any policy, is final."""
    asked: list[tuple[str, list[Policy]]] = [
        (SERVICE_CONTROL, [policy for level in policies.scp_levels for policy in level]),
        (RESOURCE_CONTROL, [policy for level in policies.rcp_levels for policy in level]),
        (ENDPOINT, policies.endpoint or []),
        (resource_layer, policies.resource),
        (IDENTITY, policies.identity),
        (BOUNDARY, policies.boundary or []),
        (SESSION, policies.session or []),
    ]
    for layer, documents in asked:
        if any(statements_that_apply(documents, "Deny", request)):
            return DENIED, layer
    return None


def _organization_or_endpoint_refuses(policies: Policies, request: Request) -> Verdict | None:
    """Steps 2 and 3: each level of the organization must allow; so must the endpoint that the call passes."""
    if not all(_allows(level, request) for level in policies.rcp_levels):
        return DENIED, RESOURCE_CONTROL
    if not all(_allows(level, request) for level in policies.scp_levels):
        return DENIED, SERVICE_CONTROL
    if policies.endpoint is not None and not _allows(policies.endpoint, request):
        return DENIED, ENDPOINT
    return None


def _granted(case: Case, policies: Policies, request: Request, resource_layer: str) -> Verdict:
    """Step 4: who must grant depends on who calls from where."""
    grant = _resource_grant(policies, request)
    if not request.caller.arn:  # nobody known, or a service: nothing but the resource's policy speaks for it
        return (DENIED if grant is Named.NOT else ALLOWED), resource_layer
    if request.caller.account != case["resource_account"]:
        return _across_accounts(grant, policies, request, resource_layer)
    if _service(request) in RESOURCE_MUST_ALLOW and grant is Named.NOT:
        return DENIED, resource_layer
    return _within_the_account(grant, policies, request, resource_layer)


def _across_accounts(grant: Named, policies: Policies, request: Request, resource_layer: str) -> Verdict:
    """Both accounts must allow: the resource's policy, and the caller's policies with all that limits them."""
    if grant is Named.NOT:
        return DENIED, resource_layer
    if request.caller.is_root:
        return ALLOWED, resource_layer
    missing = _missing_in_the_callers_account(policies, request)
    return (DENIED, missing) if missing else (ALLOWED, IDENTITY)


def _within_the_account(grant: Named, policies: Policies, request: Request, resource_layer: str) -> Verdict:
    """Identity policy or resource policy; whom the resource's policy names says what still limits it."""
    if request.caller.is_root:
        return ALLOWED, None
    missing = _missing_in_the_callers_account(policies, request)
    if missing is None:
        return ALLOWED, IDENTITY
    if grant is Named.DIRECTLY:
        return ALLOWED, resource_layer
    if grant is Named.ROLE:
        limit = _missing_limit(policies, request)
        return (DENIED, limit) if limit else (ALLOWED, resource_layer)
    return DENIED, missing


def _missing_in_the_callers_account(policies: Policies, request: Request) -> str | None:
    """The first of identity policy, boundary and session policy that does not allow."""
    if not _allows(policies.identity, request):
        return IDENTITY
    return _missing_limit(policies, request)


def _missing_limit(policies: Policies, request: Request) -> str | None:
    """A session of a federated user has nothing without a session policy; a role's session needs none."""
    if policies.boundary is not None and not _allows(policies.boundary, request):
        return BOUNDARY
    if policies.session is None:
        return SESSION if request.caller.is_federated else None
    return None if _allows(policies.session, request) else SESSION


def _resource_grant(policies: Policies, request: Request) -> Named:
    """The strongest way in which an Allow of the resource's policy names the caller."""
    allows = statements_that_apply(policies.resource, "Allow", request)
    ways = {how_named(statement, request.caller) for statement in allows}
    for way in (Named.DIRECTLY, Named.ROLE, Named.ACCOUNT):
        if way in ways:
            return way
    return Named.NOT


def _allows(policies: list[Policy], request: Request) -> bool:
    return any(statements_that_apply(policies, "Allow", request))


def _optional(policy: Any) -> list[Policy] | None:
    return None if policy is None else [policy]


def _service(request: Request) -> str:
    return request.action.split(":")[0].lower()
