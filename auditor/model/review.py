"""The access review: who may call what and who holds which privilege, for a person to confirm or to take away."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from auditor.model.base import Frozen
from auditor.model.register import AccessDecision

ADMINISTRATOR, GATEWAY_WRITER = "administrator", "gateway-writer"
PRIVILEGES: Mapping[str, str] = {
    ADMINISTRATOR: "may attach any policy to any role",
    GATEWAY_WRITER: "may change any API",
}
"""Privileges that are reviewed beside routes, and what each means."""


class CallerKind(StrEnum):
    """What stands behind a principal; in the order in which reports show them."""

    ANYONE = "anyone"
    OUTSIDE = "outside"
    """An identity of an account outside the snapshot."""
    PEOPLE = "people"
    """A role that people take through Identity Center."""
    USER = "user"
    ROLE = "role"
    SERVICE = "service"
    """A role that nothing but AWS services may take."""
    TOKEN = "token"  # noqa: S105 - a kind of caller, no secret
    """Whoever holds a token of an issuer."""
    FUNCTION = "function"
    """Whoever a Lambda authorizer lets in."""
    UNKNOWN = "unknown"


class LastUse(Frozen):
    """When an identity was last used, as far as AWS keeps it."""

    state: str
    """`used`, `never`, `unknown`; `none` where AWS keeps none."""
    day: date | None = None


class Holder(Frozen):
    """Who holds access."""

    principal: str
    """ARN; `*`; of tokens and functions words."""
    name: str
    kind: CallerKind
    people: tuple[str, ...] = ()
    taken_by: tuple[str, ...] = ()
    """Whom the trust policy of a role names."""
    last_use: LastUse = LastUse(state="none")


class StageOf(Frozen):
    """A stage of an API."""

    account: str
    region: str
    api_name: str
    stage: str
    root: str
    """execute-api ARN of the stage: `arn:…:API/STAGE`."""
    routes: int


class Held(Frozen):
    """What one holder may call of one stage, as far as the decision and its reasons are the same."""

    holder: Holder
    stage: StageOf
    routes: tuple[str, ...]
    """execute-api ARNs, sorted."""
    decision: str
    """allowed, conditional, partly, unknown."""
    by: tuple[str, ...]
    """What decides, the same about all of the routes."""
    conditions: tuple[str, ...]
    new: tuple[str, ...]
    """Those of the routes that it could not call at the time of the earlier snapshot."""
    unsure: tuple[str, ...]
    """Those of which the earlier snapshot does not tell."""

    @property
    def is_all(self) -> bool:
        """Return whether these are all routes of the stage."""
        return len(self.routes) == self.stage.routes > 1


class Age(StrEnum):
    """Whether a grant is new since the earlier snapshot."""

    NEW = "new"
    KNOWN = "known"
    UNSURE = "unsure"
    """There is no earlier snapshot, or it does not tell."""


class GrantKind(StrEnum):
    """What is granted."""

    ROUTE = "route"
    ROLE = "role"
    """A person may take a role."""
    PRIVILEGE = "privilege"


class ReviewLine(Frozen):
    """What one holder was granted in one way, to be kept or revoked."""

    who: str
    path: str
    stage: StageOf | None
    """Of routes, the stage that they are on."""
    principal: str
    """What the register names: an ARN, a user name of Identity Center, `*`, or whose tokens."""
    kind: GrantKind
    grants: tuple[str, ...]
    """execute-api ARNs, or `…/STAGE/*` for all routes of a stage; a role's ARN; the name of a privilege."""
    routes: int
    """How many routes the line is about; 0 for roles and privileges."""
    access: str
    """allowed, conditional, partly, unknown."""
    conditions: tuple[str, ...]
    age: Age
    last_use: LastUse
    last: AccessDecision | None
    """The last decision, from the register `access_review`: on any of them to revoke it, else on all of them to keep it."""

    @property
    def is_revoked(self) -> bool:
        """Return whether the last decision was to take it away, and it is still there."""
        return self.last is not None and self.last.decision == "revoke"


class AccessSheet(Frozen):
    """Who may call, and what is to be reviewed."""

    stages: tuple[StageOf, ...]
    held: tuple[Held, ...]
    """By stage, then kind, then principal."""
    lines: tuple[ReviewLine, ...]
    """New ones first, then those that were to be revoked, then by who."""
    unread: tuple[str, ...]
    """Lists of identities or routes that were not read: what they hold stands in no line."""
    is_compared: bool
    """Whether an earlier snapshot tells what is new."""
