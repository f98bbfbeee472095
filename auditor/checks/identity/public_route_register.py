"""public-route-register: every route that anyone may call has a current entry in the register of public routes.

Claim: entry with owner, reason, approval; review not overdue. Population: every deployed route. Deviation: the review date
has passed, or the approval is older than the limit. Cannot see: whether the people named really agreed.
"""

from datetime import UTC
from typing import Any

from auditor.access.strangers.restriction import RestrictionKind
from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    ResourceItem,
    failed,
    items,
    needs_attestation,
    not_applicable,
    passed,
    undecided,
)
from auditor.checks.route_questions import KNOWN_AUTHORIZATION, is_message_route, policy_restriction, registered
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.gateway import DeployedRoute
from auditor.model.register import PublicRoute
from auditor.model.words import counted

_PREFLIGHT = "OPTIONS"


class _Params(Params):
    max_review_age_days: int


def _test(item: ResourceItem[DeployedRoute], estate: Estate, params: _Params) -> Outcome:
    route = item.of
    if route.method == _PREFLIGHT or is_message_route(route):
        return not_applicable("not a route that is registered: a preflight, or messages of a connection")
    authorization = need(route.authorization_type)
    if authorization in KNOWN_AUTHORIZATION:
        return not_applicable(f"not public: asks who calls ({authorization})", authorization_type=authorization)
    if authorization != "NONE":
        return undecided(
            f"the authorization type {authorization} is not known to this version", authorization_type=authorization
        )
    entry = registered(route, estate)
    if entry is not None:
        return _entry(entry, estate, params)
    return _unregistered(route, estate)


def _entry(entry: PublicRoute, estate: Estate, params: _Params) -> Outcome:
    today = estate.as_of.astimezone(UTC).date()
    age = (today - entry.approved_on).days
    seen: dict[str, Any] = {
        "owner": entry.owner,
        "review_by": entry.review_by.isoformat(),
        "approved_on": entry.approved_on.isoformat(),
    }
    if entry.approved_on > today:
        return failed(f"the approval is dated after the snapshot ({entry.approved_on})", **seen)
    if today > entry.review_by:
        return failed(
            f"the review was due by {entry.review_by}, {counted((today - entry.review_by).days, 'day')} ago", **seen
        )
    if age > params.max_review_age_days:
        return failed(f"the approval is {counted(age, 'day')} old, more than {params.max_review_age_days}", **seen)
    return passed(f"registered by {entry.owner}, to be reviewed by {entry.review_by}", **seen)


def _unregistered(route: DeployedRoute, estate: Estate) -> Outcome:
    policy = policy_restriction(route, estate)
    also = (route.api_arn,)
    if policy.kind in {RestrictionKind.RESTRICTING, RestrictionKind.CLOSED}:
        return not_applicable(f"not public: the resource policy restricts callers ({policy.why})", also)
    if policy.kind is RestrictionKind.UNDECIDED:
        return undecided(f"whether the route is public is not decided: {policy.why}", also)
    if estate.registers.public_routes is None:
        proposed = f"{{route: {route.arn}, owner: …, reason: …, approved_by: …, approved_on: …, review_by: …}}"
        return needs_attestation(
            f"anyone may call, and no register of public routes is configured; to register: {proposed}", also
        )
    return not_applicable("anyone may call and the register does not name it: GW-ID-01 fails on it", also)


CHECK = Check(
    name="public-route-register",
    reads=("DeployedRoute",),
    params=_Params,
    population=lambda estate: items(estate.of(DeployedRoute)),
    test=_test,
    registers=("public_routes",),
)
