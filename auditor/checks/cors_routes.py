"""What the routes of a REST API's stage let other sites do: the headers that mappings and templates of answers set."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from auditor.checks.cors import CREDENTIALS, ORIGIN, Opening, Told, allows_credentials, judged, said
from auditor.checks.interface import Outcome, not_applicable, passed, undecided
from auditor.checks.route_questions import KNOWN_AUTHORIZATION
from auditor.dataflow.transformation.passthrough import PROXIES, TEMPLATED
from auditor.dataflow.transformation.read import transforms
from auditor.dataflow.velocity.read import read
from auditor.model.fact import NotReadError, Present, need
from auditor.model.gateway import DeployedRoute, Protocol
from auditor.model.identity import AuthenticatedBy
from auditor.model.route_parts import Integration, IntegrationResponse
from auditor.model.status import Status
from auditor.model.transform import Transform, TransformKind, Where

SILENT = passed("its answers carry no header that lets other sites in")
PROXY = undecided("the back end sets CORS headers itself: the integration is a proxy")
_NO_INTEGRATION = not_applicable("the route has no integration")


@dataclass(frozen=True)
class Judged:
    """What one route comes to; an error in the place of an outcome that was not read."""

    route: DeployedRoute
    outcome: Outcome | NotReadError

    def has(self, status: Status) -> bool:
        """Return whether the route came to this status."""
        return isinstance(self.outcome, Outcome) and self.outcome.status is status


def judge(routes: tuple[DeployedRoute, ...], allowed: list[str]) -> tuple[Judged, ...]:
    """Return what each route of a stage comes to. A preflight answers for the other methods of its path."""
    by_path: dict[str, list[DeployedRoute]] = defaultdict(list)
    for each in routes:
        by_path[each.path].append(each)
    return tuple(Judged(each, _settled(each, by_path[each.path], allowed)) for each in routes)


def _settled(route: DeployedRoute, beside: list[DeployedRoute], allowed: list[str]) -> Outcome | NotReadError:
    try:
        return _outcome(route, beside, allowed)
    except NotReadError as hidden:
        return hidden


def _outcome(route: DeployedRoute, beside: list[DeployedRoute], allowed: list[str]) -> Outcome:
    integration = need(route.integration)
    if integration is None:
        return _NO_INTEGRATION
    if integration.type in PROXIES:
        return PROXY
    if integration.type not in TEMPLATED:
        return undecided(f"what integration type {integration.type} does with headers is not known to this version")
    responses = need(route.integration_responses) or ()
    found = _of_answers(integration, responses)
    if any(each.kind is TransformKind.NOT_UNDERSTOOD for each in found):
        return undecided("a mapping or template of its answers is not understood")
    outcomes = [
        judged(each, lambda: any_asks(beside), allowed, seen(each, who_asks(beside, each)))
        for each in _openings(found, responses)
    ]
    order = list(Status)
    return min(outcomes, key=lambda each: order.index(each.status), default=SILENT)


def _of_answers(integration: Integration, responses: tuple[IntegrationResponse, ...]) -> tuple[Transform, ...]:
    found = transforms(integration, responses, (), Protocol.REST, AuthenticatedBy.UNKNOWN)
    return tuple(each for each in found if each.where is Where.RESPONSE)


def _openings(found: Iterable[Transform], responses: Iterable[IntegrationResponse]) -> Iterator[Opening]:
    """Yield what the answers of each status say; an override of a template beats the mapping, so it comes last."""
    by_status: dict[str, dict[str, Transform]] = defaultdict(dict)
    for each in found:
        name = each.target.removeprefix("header ")
        if name in {ORIGIN, CREDENTIALS}:
            by_status[each.layer.rpartition(" ")[2]][name] = each
    branching = {each.status for each in responses if any(read(text).branches for text in each.templates.values())}
    for status, headers in by_status.items():
        origin, credentials = headers.get(ORIGIN), headers.get(CREDENTIALS)
        if origin is not None:
            origins, is_echo = said(origin.sources)
            allowed = allows_credentials(credentials.sources if credentials else None)
            yield Opening(f"answers of status {status}", origins, allowed, is_echo and status not in branching)


def seen(opening: Opening, also: tuple[str, ...]) -> Told:
    """Return what is said of an opening whatever the outcome."""
    origins = None if opening.origins is None else list(opening.origins)
    return Told(also, {"where": opening.where, "allow_origins": origins, "allow_credentials": opening.credentials})


def who_asks(routes: Iterable[DeployedRoute], opening: Opening) -> tuple[str, ...]:
    """Return a route that asks who calls, where any site is let in: it is part of the evidence."""
    return tuple(each.arn for each in routes if _is_known(each))[:1] if "*" in (opening.origins or ()) else ()


def any_asks(routes: Iterable[DeployedRoute]) -> bool | None:
    """Return whether a route asks who calls; None where a type is not known; raise NotReadError where it was not read."""
    found = tuple(routes)
    if any(_is_known(each) for each in found):
        return True
    return None if any(need(each.authorization_type) not in {"NONE", None} for each in found) else False


def _is_known(route: DeployedRoute) -> bool:
    found = route.authorization_type
    return isinstance(found, Present) and found.value in KNOWN_AUTHORIZATION
