"""The lists that management owns: what it approved, who owns what. A list that is not configured is undeclared."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from auditor.model.base import Frozen

Text = Annotated[str, Field(min_length=1)]


class PublicRoute(Frozen):
    """A route that management declared public."""

    route: Text
    """execute-api ARN, without wildcards."""
    owner: Text
    reason: Text
    approved_by: Text
    approved_on: date
    review_by: date
    compensating_control: str | None = None


class DeclaredSecret(Frozen):
    """How a secret, a key or a certificate that cannot renew itself is renewed."""

    secret: Text
    """ARN."""
    owner: Text
    rotation: Literal["automatic", "manual"]


class Issuer(Frozen):
    """A source of identities that may open APIs, or this organisation's accounts."""

    issuer: Text
    """URL, user-pool ARN, authorizer function ARN, or the ARN of a SAML or OIDC provider."""
    owner: Text
    approved_by: Text
    apis: tuple[str, ...] | None = None
    """API ids that it may open; None: all."""
    self_sign_up: bool | None = None
    user_id_claim: str | None = None


class MachineIdentity(Frozen):
    """An identity that no person signs in with, and who answers for it. Two entries for one identity: two workloads share it."""

    identity: Text
    """ARN of a role or user, id of an API key, or id of an app client."""
    kind: Literal["machine", "agent"]
    owner: Text
    acts_for_users: bool
    """Whether it acts in the name of people who are not there themselves."""


class AllowedWriter(Frozen):
    """A principal that may change everything, or the gateway, and why."""

    principal: Text
    """ARN of a role, a user or a group."""
    reason: Text


class Backend(Frozen):
    """A back end that calls may go to."""

    target: Text
    """ARN, or the beginning of a URL."""
    owner: Text
    environment: str | None = None
    data_class: str | None = None
    """How sensitive its data is, in the organisation's own words; APIs that share it are of one classification."""
    trusted_headers: tuple[str, ...] = ()
    internal: bool
    authorizes: bool | None = None
    """Whether it checks the caller's token itself."""
    validates: bool | None = None
    """Whether it checks what it is sent itself."""
    same_for_all_callers: bool | None = None
    """Whether its answers are the same whoever asks, so that they may be cached for all."""
    behind_waf: bool | None = None
    catch_all: str | None = None
    """Why catch-all routes may lead here: what chooses among the calls that no route names; None: none may."""


class BreakGlass(Frozen):
    """An identity for emergencies: unused by design, and tested."""

    principal: Text
    """ARN of a user or role, or of an Identity Center user."""
    owner: Text
    last_tested: date


class DomainMapping(Frozen):
    """Where a path of a domain is expected to lead."""

    path: str = ""
    api: Text
    stage: str | None = None
    headers: tuple[str, ...] = ()
    """What a routing rule asks of a call's headers, one text a condition: `x-beta: 1*`; all must hold."""


class Domain(Frozen):
    """A custom domain name: where it is expected to lead, and whether a CDN with a WAF stands before it."""

    domain: Text
    mappings: tuple[DomainMapping, ...] = ()
    behind_cdn: bool | None = None


class AgentRoute(Frozen):
    """Routes that are meant for agents. A file without entries says that there are none."""

    route: Text
    """execute-api ARN; `*` stands for any letters."""
    owner: Text
    autonomous: bool | None = None
    """Whether agents call in their own name, for nobody else."""


class ReviewedGrant(Frozen):
    """A principal with what it was granted: routes, a role that a person may take, or a privilege."""

    principal: Text
    """ARN, user name of Identity Center, `*`, or whose tokens, as the access review names it."""
    route: Text | None = None
    """execute-api ARN; `*` stands for any letters."""
    role: Text | None = None
    privilege: Text | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if sum(each is not None for each in (self.route, self.role, self.privilege)) != 1:
            raise ValueError("a grant names one of route, role and privilege")
        return self

    @property
    def target(self) -> str:
        """Return what was granted."""
        return self.route or self.role or self.privilege or ""


class AccessDecision(Frozen):
    """What a reviewer decided about a grant."""

    grant: ReviewedGrant
    decision: Literal["keep", "revoke"]
    reason: Text
    reviewer: Text
    date: date


class Registers(Frozen):
    """The registers that were configured. None: not configured at all, hence undeclared."""

    public_routes: tuple[PublicRoute, ...] | None = None
    secrets: tuple[DeclaredSecret, ...] | None = None
    issuers: tuple[Issuer, ...] | None = None
    machine_identities: tuple[MachineIdentity, ...] | None = None
    allowed_writers: tuple[AllowedWriter, ...] | None = None
    backends: tuple[Backend, ...] | None = None
    break_glass: tuple[BreakGlass, ...] | None = None
    domains: tuple[Domain, ...] | None = None
    agent_routes: tuple[AgentRoute, ...] | None = None
    access_review: tuple[AccessDecision, ...] | None = None
