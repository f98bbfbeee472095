"""Questions about flows that more than one check asks: rulings together, headers that are written, routes by API."""

from collections.abc import Iterable, Iterator

from auditor.checks.interface import Outcome, ResourceItem, items
from auditor.checks.rulings import outcome_of, ruling, worst_of
from auditor.model.estate import Estate
from auditor.model.flow import Flow
from auditor.model.gateway import DeployedRoute
from auditor.model.ruling import Ruling
from auditor.model.transform import Transform, TransformKind, Where

HEADER = "header "
_OWN_WORDS = frozenset({TransformKind.IMPLICIT, TransformKind.TEMPLATE, TransformKind.SERVICE_CALL})
"""What fills no header by itself."""


def deployed_routes(estate: Estate) -> Iterable[ResourceItem[DeployedRoute]]:
    """Yield every deployed route."""
    return items(estate.of(DeployedRoute))


def rulings(route: DeployedRoute, rules: Iterable[str], estate: Estate) -> tuple[Ruling, ...]:
    """Return what several rules say of a route, in the order asked."""
    return tuple(ruling(route, each, estate) for each in rules)


def worst(found: tuple[Ruling, ...]) -> Outcome:
    """Return the worst of several rulings as an outcome; raise NotReadError where a gap hid it."""
    return outcome_of(worst_of(found))


def header_writes(flow: Flow) -> Iterator[Transform]:
    """Yield what writes or removes a header of the request, in order; nothing where the transforms were not read."""
    for each in flow.transforms or ():
        if each.where is Where.REQUEST and each.target.startswith(HEADER) and each.kind not in _OWN_WORDS:
            yield each
