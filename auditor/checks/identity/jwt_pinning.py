"""jwt-pinning: every JWT authorizer takes tokens of approved issuers, made for its API, signed with a public key.

Claim: each issuer is https and approved, has at least one audience, and algorithms are asymmetric. Population: every JWT
authorizer, as configured and as each stage deployed it, attached or not. Deviation: an issuer without https, audience or
approval; an algorithm that is not allowed; an audience that an API of another classification takes too. Cannot see: which
clients an audience stands for, and tokens without `aud`, which HTTP APIs match by `client_id`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from auditor.checks.authorizer_questions import (
    AuthorizerItem,
    Copy,
    Place,
    all_are_known,
    all_routes,
    copies,
    evidence,
    population,
    with_hidden,
)
from auditor.checks.classification import classes_behind
from auditor.checks.interface import Check, Outcome, Params, failed, needs_attestation, passed, undecided
from auditor.checks.issuers import approval
from auditor.dataflow.identity_roots import issuer_url
from auditor.model.estate import Estate
from auditor.model.fact import NotReadError, Present, is_unread, need
from auditor.model.gateway import Authorizer
from auditor.model.route_parts import AuthorizerDefinition

_JWT = "JWT"
_LISTS = frozenset({"RestApi", "Api", "Authorizer"})


class _Params(Params):
    allowed_algorithms: list[str]


@dataclass(frozen=True)
class _Told:
    """What is said of an authorizer whatever the outcome."""

    also: tuple[str, ...]
    seen: dict[str, Any]


def _test(item: AuthorizerItem, estate: Estate, params: _Params) -> Outcome:
    found = [copy for copy in copies(item) if copy.definition.type == _JWT]
    if not found:
        all_are_known(item, estate)
    told = _Told(evidence(item), _seen(item, found))
    for copy in found:
        why = _loose(item, copy.definition, params) or _unapproved(item, copy.definition, estate)
        if why is not None:
            return failed(f"{why} ({copy.where})", told.also, **told.seen)
    shared = _shared(item, found, estate)
    for other, audience in shared:
        mine, theirs = classes_behind(item.place, estate), classes_behind(other, estate)
        if mine and theirs and mine != theirs:
            why = (
                f"the audience {audience} also opens {other[2]}, behind which lies {_words(theirs)}, not {_words(mine)}"
            )
            return failed(why, (*told.also, other[2]), **told.seen)
    _everything_is_read(item, estate)
    if item.is_rest and not all(copy.definition.algorithms for copy in found):
        return undecided("which signing algorithms are allowed is not told", told.also, **told.seen)
    return _to_attest(item, estate, shared, told) or passed(
        "issuer, audience and algorithms are pinned, the issuer is approved", told.also, **told.seen
    )


def _to_attest(item: AuthorizerItem, estate: Estate, shared: list[tuple[Place, str]], told: _Told) -> Outcome | None:
    """Return what a person must say where no register does."""
    if estate.registers.issuers is None:
        proposed = "; ".join(f"{{issuer: {each}, owner: …, approved_by: …}}" for each in told.seen["issuers"])
        why = "whether the issuer is approved is not known: no register of issuers is configured"
        return needs_attestation(f"{why}; to register: {proposed}", told.also, **told.seen)
    for other, audience in shared:
        for place in (item.place, other):
            for route in all_routes(place, estate):
                need(route.integration)
            if not classes_behind(place, estate):
                why = f"the audience {audience} also opens {other[2]}; whether both are of one classification is not known"
                entry = f"{{target: …, owner: …, internal: …, data_class: …}} for the back ends of {place[2]}"
                return needs_attestation(f"{why}; to register: {entry}", (*told.also, other[2]), **told.seen)
    return None


def _seen(item: AuthorizerItem, found: list[Copy]) -> dict[str, Any]:
    definition = found[0].definition
    return {
        "issuers": {each.issuer: list(each.audiences) for each in definition.issuers},
        "algorithms": None if definition.algorithms is None else list(definition.algorithms),
        "attached": any(copy.stage for copy in found),
        "configured": item.configured is not None,
    }


def _loose(item: AuthorizerItem, definition: AuthorizerDefinition, params: _Params) -> str | None:
    if not definition.issuers:
        return "it names no issuer"
    for each in definition.issuers:
        if not each.issuer.lower().startswith("https://"):
            return f"the issuer {each.issuer} is not https"
        if not any(audience.strip() for audience in each.audiences):
            return f"tokens of {each.issuer} are taken for any audience"
    # HTTP APIs take RSA signatures alone, and leave nothing to choose (developer guide, JWT authorizers).
    others = sorted(set(definition.algorithms or ()) - set(params.allowed_algorithms)) if item.is_rest else []
    return f"it takes tokens signed with {', '.join(others)}" if others else None


def _unapproved(item: AuthorizerItem, definition: AuthorizerDefinition, estate: Estate) -> str | None:
    entries = estate.registers.issuers
    if entries is None:
        return None
    api_id = item.api_arn.rpartition("/")[2]
    missing = [each.issuer for each in definition.issuers if approval(each.issuer, api_id, entries) is None]
    return f"the register of issuers does not approve {missing[0]} for this API" if missing else None


def _shared(item: AuthorizerItem, found: list[Copy], estate: Estate) -> list[tuple[Place, str]]:
    """Return the other APIs that take tokens of the same issuer for the same audience, in order."""
    own = {pair for copy in found for pair in _pairs(copy.definition)}
    return sorted(
        {
            (place, audience)
            for place, other in _definitions(estate)
            if place != item.place
            for issuer, audience in _pairs(other)
            if (issuer, audience) in own
        }
    )


def _pairs(definition: AuthorizerDefinition) -> Iterator[tuple[str, str]]:
    return ((issuer_url(each.issuer), audience) for each in definition.issuers for audience in each.audiences)


def _definitions(estate: Estate) -> Iterator[tuple[Place, AuthorizerDefinition]]:
    """Yield the JWT authorizers of all APIs, as configured: each is judged itself on what a stage still has."""
    for each in estate.of(Authorizer):
        if isinstance(each.definition, Present) and each.definition.value.type == _JWT:
            yield (each.account, each.region, each.api_arn), each.definition.value


def _words(classes: frozenset[str]) -> str:
    return " and ".join(sorted(classes))


def _everything_is_read(item: AuthorizerItem, estate: Estate) -> None:
    """Raise NotReadError where a stage, or another API, may hold an authorizer that nobody saw."""
    all_are_known(item, estate)
    for each in estate.listings:
        if each.kind in _LISTS and not each.complete:
            raise NotReadError(estate.gap_of(each))
    for other in estate.of(Authorizer):
        need(other.definition)


def _population(estate: Estate) -> Iterator[AuthorizerItem]:
    """Yield what is a JWT authorizer anywhere, and what nobody can tell."""
    return with_hidden(_of_kind(estate), estate, frozenset({_JWT}))


def _of_kind(estate: Estate) -> Iterator[AuthorizerItem]:
    for item in population(estate):
        is_hidden = item.configured is not None and is_unread(item.configured.definition)
        if is_hidden or any(copy.definition.type == _JWT for copy in copies(item)):
            yield item


CHECK = Check(
    name="jwt-pinning",
    reads=("Authorizer", "DeployedRoute"),
    params=_Params,
    population=_population,
    test=_test,
    registers=("issuers", "backends"),
)
