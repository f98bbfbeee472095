"""one-identity-root: the callers of an API come from one source of identities, or each further one is approved.

Claim: no more undeclared identity roots stand behind an API's deployed routes than the limit. Population: every API. Deviation:
more roots than the limit that the register of issuers does not approve for the API, whether or not there is a register. A root
is a user pool or an issuer (one and the same by ARN or URL), AWS IAM, or the function of a Lambda authorizer without version or
alias. Cannot see: whose tokens a function accepts, so one that is not declared must be attested.
"""

from collections import Counter
from dataclasses import dataclass, field

from pydantic import JsonValue

from auditor.checks.api_questions import ApiItem, all_routes_are_read, apis
from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    failed,
    needs_attestation,
    not_applicable,
    passed,
    undecided,
)
from auditor.checks.issuers import approval
from auditor.checks.listed import holds
from auditor.checks.route_questions import is_message_route
from auditor.dataflow.identity_roots import AWS_IAM, is_function, is_variable, roots_of
from auditor.model.estate import Estate
from auditor.model.fact import Unread, need
from auditor.model.gateway import Api, DeployedRoute, RestApi
from auditor.model.words import counted

_BY_AUTHORIZER = frozenset({"COGNITO_USER_POOLS", "JWT", "CUSTOM"})


class _Params(Params):
    max_identity_roots: int


@dataclass
class _Found:
    """What stands behind the routes of one API."""

    roots: Counter[str] = field(default_factory=Counter)
    """Routes by root."""
    unclear: list[str] = field(default_factory=list)
    """Why a route's root cannot be told although it was read."""


def _test(item: ApiItem, estate: Estate, params: _Params) -> Outcome:
    found = _known(item.routes)
    seen: dict[str, JsonValue] = {name: found.roots[name] for name in sorted(found.roots)}
    also = tuple(route.arn for route in item.routes)
    entries = estate.registers.issuers or ()
    undeclared = [name for name in sorted(found.roots) if approval(name, item.api.api_id, entries) is None]
    if len(undeclared) > params.max_identity_roots:
        reason = f"callers come from {counted(len(found.roots), 'identity root')}, of which nobody approved {_listed(undeclared)}"
        return failed(reason, also, roots=seen, limit=params.max_identity_roots)
    _everything_is_read(item, estate)
    if found.unclear:
        return undecided(found.unclear[0], also, roots=seen)
    if not found.roots:
        return not_applicable("no deployed route of it asks who calls", also)
    opaque = [name for name in undeclared if is_function(name)]
    if opaque:
        entry = f"{{issuer: {opaque[0]}, owner: …, approved_by: …, apis: [{item.api.api_id}]}}"
        reason = f"whose identities {opaque[0].rpartition(':')[2]} accepts stands in its code; to register: {entry}"
        return needs_attestation(reason, also, roots=seen)
    words = (
        "all callers come from one identity root" if len(found.roots) == 1 else "each further identity root is approved"
    )
    return passed(f"{words}: {_listed(sorted(found.roots))}", also, roots=seen)


def _known(routes: tuple[DeployedRoute, ...]) -> _Found:
    """Return the roots that are known of; what was not read is asked for later."""
    found = _Found()
    for route in routes:
        if not is_message_route(route) and not isinstance(route.authorization_type, Unread):
            _add(route, need(route.authorization_type), found)
    return found


def _add(route: DeployedRoute, kind: str | None, found: _Found) -> None:
    if kind == AWS_IAM:
        found.roots[AWS_IAM] += 1
    elif kind in _BY_AUTHORIZER and not isinstance(route.authorizer, Unread):
        definition = need(route.authorizer)
        roots = roots_of(definition) if definition is not None else ()
        found.roots.update(each for each in roots if not is_variable(each))
        found.unclear += [
            f"a stage variable says which function authorizes: {each}" for each in roots if is_variable(each)
        ]
        if not roots:
            found.unclear.append(
                f"the authorizer of {route.route_key} names no issuer, pool or function, or is not there"
            )
    elif kind not in _BY_AUTHORIZER and kind != "NONE":
        found.unclear.append(f"the authorization type {kind} of {route.route_key} is not known to this version")


def _everything_is_read(item: ApiItem, estate: Estate) -> None:
    """Raise NotReadError where a route, or what authorizes one, was not read."""
    for route in item.routes:
        if not is_message_route(route) and (need(route.authorization_type) or "") in _BY_AUTHORIZER:
            need(route.authorizer)
    all_routes_are_read(item, estate)


def _listed(roots: list[str]) -> str:
    return " and ".join("AWS IAM" if each == AWS_IAM else each for each in roots)


CHECK = Check(
    name="one-identity-root",
    reads=("RestApi", "Api", "DeployedRoute"),
    params=_Params,
    population=apis,
    test=_test,
    registers=("issuers",),
    concerns=holds(RestApi, Api),
)
