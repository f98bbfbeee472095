"""Who a principal is: people, a user, a role, a service, somebody outside, anyone."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from auditor.access.naming import ANYONE, named
from auditor.access.trust import SERVICE, trusted
from auditor.diff.review.last_use import last_used
from auditor.diff.side import Side
from auditor.model.fact import Present
from auditor.model.iam import Role, User
from auditor.model.review import CallerKind, Holder, LastUse

TOKENS, FUNCTIONS = "token of ", "caller let in by "
"""How `WhoCan` names callers that IAM does not know."""
NOT_KNOWN = "not known"
_NOT_TOLD = LastUse(state="none")


@dataclass(frozen=True)
class Holders:
    """The principals of a snapshot, described once."""

    side: Side

    def of(self, principal: str, account: str, *, by_iam: bool) -> Holder:
        """Return a principal; `account`: that of the API, which need not be said again; `by_iam`: at a route that asks IAM."""
        identity = self.identities.get(principal)
        if identity is not None:
            return self._identity(identity).model_copy(update={"name": named(principal, account)})
        if principal == ANYONE:
            kind, name = (CallerKind.OUTSIDE, "any AWS account") if by_iam else (CallerKind.ANYONE, "anyone")
            return Holder(principal=ANYONE, name=name, kind=kind)
        for start, kind, words in (
            (TOKENS, CallerKind.TOKEN, "whoever holds a token of "),
            (FUNCTIONS, CallerKind.FUNCTION, "whoever is let in by "),
        ):
            if principal.startswith(start):
                return Holder(principal=principal, name=words + _short(principal.removeprefix(start)), kind=kind)
        if principal == NOT_KNOWN:
            return Holder(principal=principal, name=principal, kind=CallerKind.UNKNOWN)
        return Holder(principal=principal, name=named(principal, account), kind=CallerKind.OUTSIDE)

    @cached_property
    def identities(self) -> Mapping[str, User | Role]:
        """Return every user and role, by ARN."""
        users: dict[str, User | Role] = {each.arn: each for each in self.side.estate.of(User)}
        return users | {each.arn: each for each in self.side.estate.of(Role)}

    def _identity(self, identity: User | Role) -> Holder:
        if identity.arn not in self._known:
            self._known[identity.arn] = self._described(identity)
        return self._known[identity.arn]

    @cached_property
    def _known(self) -> dict[str, Holder]:
        return {}

    def _described(self, identity: User | Role) -> Holder:
        people = self.side.who.people.behind(identity.arn)
        taken_by = _taken_by(identity)
        return Holder(
            principal=identity.arn,
            name=named(identity.arn),
            kind=_kind(identity, people, taken_by),
            people=people,
            taken_by=() if people else taken_by,
            last_use=last_used(identity, self.side.estate),
        )


def _taken_by(identity: User | Role) -> tuple[str, ...]:
    if isinstance(identity, Role) and isinstance(identity.trust_policy, Present):
        return trusted(identity.trust_policy.value)
    return ()


def _kind(identity: User | Role, people: tuple[str, ...], taken_by: tuple[str, ...]) -> CallerKind:
    if isinstance(identity, User):
        return CallerKind.USER
    if people:
        return CallerKind.PEOPLE
    is_service = bool(taken_by) and all(each.startswith(SERVICE) for each in taken_by)
    return CallerKind.SERVICE if is_service else CallerKind.ROLE


def _short(text: str) -> str:
    """Return what an ARN ends with; an issuer's URL as it is."""
    parts = text.split(", ")
    return ", ".join(
        each.rpartition(":")[2].removeprefix("userpool/") if each.startswith("arn:") else each for each in parts
    )
