"""Who may change the estate itself: two questions put to every user and role.

Each is asked of a resource that no policy names, so it is answered yes where any such resource may be changed. A grant that names
certain APIs or roles is not among them, nor is what only several steps together give (IAM-16).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.access.actions import may, wanted
from auditor.access.gateway.answers import NO, rank
from auditor.access.iam.decide import Verdict
from auditor.diff.side import Side
from auditor.model.gateway import Api, RestApi
from auditor.model.review import ADMINISTRATOR, GATEWAY_WRITER, PRIVILEGES

_ANY = "a-name-that-no-policy-has"


@dataclass(frozen=True, slots=True)
class Privilege:
    """One privilege of one identity."""

    principal: str
    name: str
    decision: str
    by: tuple[str, ...]
    conditions: tuple[str, ...]


def privileges(side: Side) -> tuple[Privilege, ...]:
    """Return the privileges that identities have, may have, or of which nobody knows, by principal."""
    who = side.who
    asked = {
        (account, name): tuple(wanted(who.principals, action, arn) for action, arn in questions)
        for account, name, questions in _questions(side)
    }
    found: list[Privilege] = []
    for known in who.principals.all:
        for name in PRIVILEGES:
            answers = [may(known, each, who.context) for each in asked.get((known.who.account, name), ())]
            most = min(answers, key=rank, default=NO)
            if most.verdict is not Verdict.DENIED:
                found.append(Privilege(known.who.arn, name, most.verdict.value, most.by, most.conditions))
    return tuple(found)


def _questions(side: Side) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """Yield account, privilege, and the actions on ARNs that show it: one is enough."""
    partition = side.estate.snapshot.scope.partition
    regions: dict[str, set[str]] = {}
    for each in (*side.estate.of(RestApi), *side.estate.of(Api)):
        regions.setdefault(each.account, set()).add(each.region)
    for account in sorted({each.who.account for each in side.who.principals.all}):
        yield account, ADMINISTRATOR, [("iam:attachrolepolicy", f"arn:{partition}:iam::{account}:role/{_ANY}")]
        apis = [
            ("apigateway:patch", f"arn:{partition}:apigateway:{region}::/{kind}/{_ANY}")
            for region in sorted(regions.get(account, ()))
            for kind in ("restapis", "apis")
        ]
        yield account, GATEWAY_WRITER, apis
