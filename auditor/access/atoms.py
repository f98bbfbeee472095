"""A policy as a set of grants: what is left when order, Sid, string-or-list, splitting and merging are no difference.

scale.md section 3. Statements with NotAction, NotResource or NotPrincipal are kept whole: they have no such grants.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pydantic import JsonValue

from auditor.access.implied import implies
from auditor.access.patterns import Relation, glob, relation
from auditor.access.policy import Condition, Effect, Principal, Statement, parse

_ROOT = re.compile(r"arn:[^:]+:iam::([0-9]{12}):root")
_ALL = "*"


@dataclass(frozen=True, order=True)
class Grant:
    """One (effect, principal, action, resource, condition), normalised; or one statement, whole."""

    effect: Effect
    principal: str
    """`*`, an account id, an ARN, `Service:NAME`; empty in identity policies."""
    action: str
    """Lower case: actions are compared without case."""
    resource: str
    """Empty where the policy names none (trust policies)."""
    condition: str
    whole: str = ""
    """Canonical JSON of a statement that has no grants of its own; then the members above but the effect are empty."""
    spelled: str = field(default="", compare=False)
    """The action as written."""
    conditions: tuple[Condition, ...] = field(default=(), compare=False)
    """What `condition` says, to be compared."""

    @property
    def text(self) -> str:
        """Return the grant for people: `Allow * execute-api:Invoke on ARN if …`."""
        if self.whole:
            return f"{self.effect.value} {self.whole}"
        words = [self.effect.value, self.principal, self.spelled or self.action]
        words += ["on", self.resource] if self.resource else []
        words += ["if", self.condition] if self.condition else []
        return " ".join(word for word in words if word)

    @property
    def json(self) -> JsonValue:
        """Return the grant as a policy would write it; empty members are left out."""
        if self.whole:
            return {"Effect": self.effect.value, "Statement": self.whole}
        written: dict[str, JsonValue] = {"Effect": self.effect.value, "Action": self.spelled or self.action}
        rest = {"Principal": self.principal, "Resource": self.resource, "Condition": self.condition}
        return written | {name: value for name, value in rest.items() if value}


def grants(policy: str) -> frozenset[Grant]:
    """Return the grants of a policy document; raise ValueError where it is malformed."""
    found: dict[Grant, Grant] = {}
    for statement in parse(policy):
        for grant in _of(statement):
            known = found.get(grant)
            if known is None or grant.spelled < known.spelled:
                found[grant] = grant
    return frozenset(found.values())


def is_covered(grant: Grant, by: Iterable[Grant]) -> bool:
    """Return whether one of the grants already says all that this one says (`s3:*` says `s3:GetObject`, a network its parts)."""
    return grant in by or any(_says(other, grant) for other in by)


def _says(wide: Grant, narrow: Grant) -> bool:
    if wide.whole or narrow.whole or wide.effect is not narrow.effect:
        return False
    return (
        implies(narrow.conditions, wide.conditions)
        and wide.principal in {_ALL, narrow.principal}
        and _matches(wide.action, narrow.action)
        and _matches(wide.resource, narrow.resource)
    )


def _matches(wide: str, narrow: str) -> bool:
    if "${" in wide or "${" in narrow:
        return wide == narrow
    return relation(glob(wide), glob(narrow)) is Relation.COVERS


def _of(statement: Statement) -> Iterable[Grant]:
    if statement.not_actions or statement.not_resources or statement.not_principals:
        yield Grant(statement.effect, "", "", "", "", whole=_whole(statement))
        return
    condition = "; ".join(_condition(each) for each in statement.conditions)
    for principal in _principals(statement.principals) or ("",):
        for action in statement.actions:
            for resource in statement.resources or ("",):
                yield Grant(
                    statement.effect, principal, action.lower(), resource, condition, "", action, statement.conditions
                )


def _whole(statement: Statement) -> str:
    members: dict[str, tuple[str, ...]] = {
        "Principal": _principals(statement.principals),
        "NotPrincipal": _principals(statement.not_principals),
        "Action": tuple(sorted({each.lower() for each in statement.actions})),
        "NotAction": tuple(sorted({each.lower() for each in statement.not_actions})),
        "Resource": statement.resources,
        "NotResource": statement.not_resources,
        "Condition": tuple(_condition(each) for each in statement.conditions),
    }
    return json.dumps({name: values for name, values in members.items() if values}, sort_keys=True)


def _condition(condition: Condition) -> str:
    return f"{condition.key} {condition.operator} {json.dumps(list(condition.values))}"


def _principals(written: tuple[Principal, ...]) -> tuple[str, ...]:
    return tuple(sorted({_principal(each) for each in written}))


def _principal(principal: Principal) -> str:
    """Return a principal in one spelling: an account's root ARN is its id, `{"AWS": "*"}` is `*`."""
    if principal.kind not in {_ALL, "AWS"}:
        return f"{principal.kind}:{principal.value}"
    root = _ROOT.fullmatch(principal.value)
    return root[1] if root else principal.value
