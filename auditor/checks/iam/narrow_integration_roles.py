"""narrow-integration-roles: the role with which the gateway calls a back end may do that, and nothing else.

Claim: a role that integrations name allows no more than their actions on their resources, for one service; the caller's own
credentials are passed on by declared AWS_IAM routes alone. Population: each role that an integration of a deployed route names, and
each deployed route that passes the caller's credentials on. Deviation: another action, one with a wildcard, a resource that is not
named or not called; rights for integrations of two services; credentials passed on by a route that asks for no AWS signature. What an
integration's URI and templates do not tell, a person says. Cannot see: what a permissions boundary or an SCP takes away, and
integrations of the working copy that are not deployed.
"""

from typing import Any

from pydantic import JsonValue

from auditor.checks.iam.credentials_used import CallerItem, HidingItem, RoleItem, credentials_used
from auditor.checks.iam.grants import Granted, granted
from auditor.checks.iam.policies_held import attached, documents, need_all
from auditor.checks.iam.role_needs import Excess, excesses, first_certain
from auditor.checks.interface import Check, Outcome, Params, failed, needs_attestation, passed, undecided
from auditor.checks.listed import holds
from auditor.checks.route_questions import KNOWN_AUTHORIZATION, is_message_route
from auditor.model.estate import Estate
from auditor.model.fact import NotReadError, need
from auditor.model.gateway import DeployedRoute
from auditor.model.iam import Role
from auditor.model.words import counted

_SIGNED, _NOBODY = "AWS_IAM", "NONE"
_ROUTES_SHOWN = 20


class _Params(Params):
    also_allowed: list[str]
    """Actions that a service may ask of the role beside the call itself, on resources that are named."""
    passthrough_routes: list[str]
    """execute-api ARNs of the routes that are meant to call with the caller's own credentials."""


def _test(item: Any, estate: Estate, params: _Params) -> Outcome:
    if isinstance(item, HidingItem):
        return _hidden(item)
    return _caller(item, estate, params) if isinstance(item, CallerItem) else _role(item, estate, params)


def _hidden(item: HidingItem) -> Outcome:
    if item.gap is not None:
        raise NotReadError(item.gap)
    return undecided(item.unknown)


def _role(item: RoleItem, estate: Estate, params: _Params) -> Outcome:
    also, seen = _evidence(item)
    role = estate.one(Role, item.account, item.resource)
    if role is None:
        estate.whole(Role, item.account, item.region)
        return undecided("the role is not in the snapshot, or does not exist", also, **seen)
    return _granted(role, item, estate, params)


def _granted(role: Role, item: RoleItem, estate: Estate, params: _Params) -> Outcome:
    routes, seen = _evidence(item)
    also, found = (*routes, *attached(role)), granted(documents(role, estate))
    beyond = list(excesses(found.grants, [each.need for each in item.uses], params.also_allowed))
    seen["grants"] = [f"{each.action} on {each.resource} ({each.where})" for each in found.grants]
    services = _served(item, found)
    if len(services) > 1:
        return failed(f"serves integrations of {' and '.join(services)}: one role for each service", also, **seen)
    certain = first_certain(beyond, item.hidden)
    if certain is not None:
        return failed(certain.why, also, **seen)
    need_all(role, estate)
    return _undoubted(item, found, beyond, (also, seen))


def _undoubted(
    item: RoleItem,
    found: Granted,
    beyond: list[Excess],
    evidence: tuple[tuple[str, ...], dict[str, JsonValue]],
) -> Outcome:
    """Return the outcome where nothing is certainly too much and all policies were read."""
    also, seen = evidence
    if found.troubles:
        return undecided(found.troubles[0], also, **seen)
    if beyond:
        if item.hidden is not None and beyond[0].by_uses:
            raise NotReadError(item.hidden)
        return needs_attestation(f"{beyond[0].why}: a person must say", also, **seen)
    if any(not each.need.service for each in item.uses):
        return needs_attestation("what an integration needs of the role is not told by its URI", also, **seen)
    needed = " and ".join(sorted({each.need.service for each in item.uses}))
    if not found.grants:
        return passed("the role allows nothing", also, **seen)
    return passed(f"allows nothing beyond {counted(len(item.uses), 'integration')} of {needed}", also, **seen)


def _served(item: RoleItem, found: Granted) -> list[str]:
    """Return the services of which an integration can do something with the role: without a grant it can do nothing."""
    granted_services = {each.action.lower().partition(":")[0] for each in found.grants}
    return sorted({each.need.service for each in item.uses} & granted_services)


def _evidence(item: RoleItem) -> tuple[tuple[str, ...], dict[str, JsonValue]]:
    routes = tuple(each.route.arn for each in item.uses[:_ROUTES_SHOWN])
    needed: list[JsonValue] = [*sorted({each.need.action or f"{each.need.service}:…" for each in item.uses})]
    return routes, {"integrations": len(item.uses), "needed": needed}


def _caller(item: CallerItem, estate: Estate, params: _Params) -> Outcome:
    kind = _authorization(item.route, estate)
    seen: dict[str, JsonValue] = {"authorization_type": kind}
    what = "passes the caller's own credentials on"
    if kind != _SIGNED and kind not in {*KNOWN_AUTHORIZATION, _NOBODY}:
        return undecided(f"{what}, and its authorization type {kind} is not known to this version", (), **seen)
    if kind != _SIGNED:
        return failed(f"{what}, and asks for no AWS signature ({kind})", (), **seen)
    arn = item.route.arn.partition("#")[0]
    if arn in params.passthrough_routes:
        return passed(f"{what}, asks for an AWS signature, and is declared to", (), **seen)
    return needs_attestation(f"{what}; if that is meant, to declare in passthrough_routes: {arn}", (), **seen)


def _authorization(route: DeployedRoute, estate: Estate) -> str | None:
    """Return what a route asks for; a message of a WebSocket API is let in by its $connect."""
    if not is_message_route(route):
        return need(route.authorization_type)
    for each in estate.of(DeployedRoute):
        if (each.account, each.stage_arn, each.route_key) == (route.account, route.stage_arn, "$connect"):
            return need(each.authorization_type)
    estate.whole(DeployedRoute, route.account, route.region, route.stage_arn)
    return _NOBODY


CHECK = Check(
    name="narrow-integration-roles",
    reads=("DeployedRoute", "Role"),
    params=_Params,
    population=credentials_used,
    test=_test,
    concerns=holds(DeployedRoute),
)
