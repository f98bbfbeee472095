"""narrow-invoke: who may call APIs by an AWS signature may call routes that are named, not whatever there is.

Claim: each grant of execute-api:Invoke names the parts of a route that the parameter lists. Population: users, groups and roles
whose own policies grant it, or may, and the REST APIs, whose resource policies grant it on AWS_IAM routes. Deviation: a grant that
leaves a part open; of less weight where it names the API. Under a real condition, or where a Deny may take some of it back, a person
decides. A principal whose policies grant everything is judged by no-full-access, once. Cannot see: what a permissions boundary
or an SCP takes away, and whether the routes that are named are the right ones.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

from pydantic import JsonValue

from auditor.access.everything import Breadth, breadth
from auditor.access.family import INVOKE
from auditor.checks.api_questions import ApiItem, all_routes_are_read, apis
from auditor.checks.iam.grants import Grant, Granted, granted
from auditor.checks.iam.invoke_scope import API, Scope, scope
from auditor.checks.iam.policies_held import Principal, attached, documents, need_all
from auditor.checks.interface import (
    Check,
    Item,
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
from auditor.checks.listed import holds
from auditor.checks.route_questions import policy_of
from auditor.model.control import Severity
from auditor.model.estate import Estate
from auditor.model.fact import NotReadError, Present, need
from auditor.model.gateway import DeployedRoute, RestApi
from auditor.model.iam import Group, Role, User
from auditor.model.words import counted

_SIGNED = "AWS_IAM"
_WHOLE = frozenset({Breadth.FULL, Breadth.CONDITIONAL})


class _Params(Params):
    must_name: list[Literal["API", "stage", "method", "path"]]
    """The parts of a route that a grant must name."""


@dataclass(frozen=True)
class _Reach:
    """A grant of the right to call, and what of the parts that must be named it leaves open."""

    grant: Grant
    scope: Scope


def _population(estate: Estate) -> Iterator[Item]:
    every: Iterable[Principal] = chain(estate.of(User), estate.of(Group), estate.of(Role))
    yield from items(each for each in every if _may_invoke(each, estate))
    yield from (each for each in apis(estate) if isinstance(each.api, RestApi))


def _may_invoke(principal: Principal, estate: Estate) -> bool:
    try:
        need_all(principal, estate)
    except NotReadError:
        return True
    found = granted(documents(principal, estate))
    return bool(found.troubles or _invoking(found, estate))


def _invoking(found: Granted, estate: Estate, api: str = "") -> tuple[_Reach, ...]:
    """Return the grants of the right to call."""
    partition = estate.snapshot.scope.partition
    reaches = (_Reach(each, scope(each, partition, api)) for each in found.grants if each.holds(INVOKE))
    return tuple(each for each in reaches if each.scope.is_of_calls)


def _test(item: Any, estate: Estate, params: _Params) -> Outcome:
    return _of_api(item, estate, params) if isinstance(item, ApiItem) else _of_principal(item, estate, params)


def _of_principal(item: ResourceItem[Any], estate: Estate, params: _Params) -> Outcome:
    principal: Principal = item.of
    held = documents(principal, estate)
    also, found = attached(principal), granted(held)
    reaches = _invoking(found, estate)
    # Whoever may do everything may call every API.
    wide = {each.grant.policy for each in reaches if API in each.scope.open}
    breadths = {_breadth(held[each], principal, estate) for each in sorted(wide)}
    if Breadth.FULL in breadths:
        return not_applicable("its policies grant everything, which no-full-access judges")
    certain = _certain(reaches, params)
    if certain is not None:
        severity = None if API in certain.scope.open else Severity.MEDIUM
        return _with(failed(_first(certain, params), also, **_seen(reaches)), severity)
    need_all(principal, estate)
    if breadths & _WHOLE:
        return not_applicable("a policy grants everything under a condition, which no-full-access judges")
    return _weighed(reaches, found, params, also) or not_applicable("none of its policies lets it call an API", also)


def _breadth(document: str | None, principal: Principal, estate: Estate) -> Breadth:
    return breadth(document or "", estate.snapshot.scope.partition, principal.account).breadth


def _of_api(item: ApiItem, estate: Estate, params: _Params) -> Outcome:
    api = item.api
    if not isinstance(api, RestApi):
        return not_applicable("HTTP and WebSocket APIs have no resource policy")
    signed = [each for each in item.routes if each.authorization_type == Present[str](value=_SIGNED)]
    found = granted(dict(_policies(signed, api, estate)), resource="*")
    reaches, also = _invoking(found, estate, _arn(api, estate)), tuple(each.arn for each in signed)
    inner = params.model_copy(update={"must_name": [each for each in params.must_name if each != API]})
    certain = _certain(reaches, inner)
    if certain is not None:
        return _with(failed(_first(certain, inner), also, **_seen(reaches)), Severity.MEDIUM)
    all_routes_are_read(item, estate)
    for each in item.routes:
        need(each.authorization_type)
    if not signed:
        return not_applicable("no deployed route asks for an AWS signature")
    why = "no resource policy grants a call of its AWS_IAM routes: policies of the callers decide"
    return _weighed(reaches, found, inner, also) or not_applicable(why, also)


def _policies(routes: list[DeployedRoute], api: RestApi, estate: Estate) -> Iterator[tuple[str, str]]:
    """Yield the resource policies in effect on routes; raise NotReadError where one was not read."""
    texts = {policy for route in routes if (policy := need(policy_of(route, api, estate))) is not None}
    for number, each in enumerate(sorted(texts), start=1):
        yield ("the resource policy" if len(texts) == 1 else f"resource policy {number} of {len(texts)}"), each


def _arn(api: RestApi, estate: Estate) -> str:
    return f"arn:{estate.snapshot.scope.partition}:execute-api:{api.region}:{api.account}:{api.api_id}"


def _open(reach: _Reach, params: _Params) -> bool:
    return bool(set(reach.scope.open) & set(params.must_name))


def _first(reach: _Reach, params: _Params) -> str:
    part = next(each for each in reach.scope.open if each in params.must_name)
    return f"{reach.grant.where} allows {reach.grant.action} on {reach.grant.resource}, and names no {part}"


def _certain(reaches: tuple[_Reach, ...], params: _Params) -> _Reach | None:
    """Return the widest grant that is open whatever the circumstances."""
    found = [each for each in reaches if _open(each, params) and not each.grant.limit and not each.scope.trouble]
    return max(found, key=lambda each: len(each.scope.open), default=None)


def _weighed(reaches: tuple[_Reach, ...], found: Granted, params: _Params, also: tuple[str, ...]) -> Outcome | None:
    """Return the outcome where nothing certain is open; None where there is no grant at all."""
    troubles = [*found.troubles, *(each.scope.trouble for each in reaches if each.scope.trouble)]
    if troubles:
        return undecided(troubles[0], also, **_seen(reaches))
    limited = next((each for each in reaches if _open(each, params)), None)
    if limited is not None:
        why = f"{_first(limited, params)}, {limited.grant.limit}: a person must say whether that is narrow enough"
        return needs_attestation(why, also, **_seen(reaches))
    if not reaches:
        return None
    return passed(f"names what may be called ({counted(len(reaches), 'grant')})", also, **_seen(reaches))


def _seen(reaches: tuple[_Reach, ...]) -> dict[str, JsonValue]:
    return {"grants": [f"{each.grant.action} on {each.grant.resource} ({each.grant.where})" for each in reaches]}


def _with(outcome: Outcome, severity: Severity | None) -> Outcome:
    return Outcome(outcome.status, outcome.reason, outcome.observed, outcome.also, severity)


CHECK = Check(
    name="narrow-invoke",
    reads=("User", "Group", "Role", "RestApi", "DeployedRoute"),
    params=_Params,
    population=_population,
    test=_test,
    concerns=holds(User, Group, Role, RestApi),
)
