"""How sensitive the data behind an API is, as management declared it of the back ends that its routes go to."""

from auditor.checks.authorizer_questions import Place
from auditor.checks.back_ends import declared
from auditor.model.estate import Estate
from auditor.model.fact import Present, is_unread
from auditor.model.gateway import DeployedRoute


def classes_behind(place: Place, estate: Estate) -> frozenset[str]:
    """Return the classes of data behind an API's deployed routes; empty where one of them is not declared, or not read."""
    found: set[str] = set()
    for route in estate.of(DeployedRoute):
        if (route.account, route.region, route.api_arn) != place:
            continue
        if is_unread(route.integration):
            return frozenset()
        if not isinstance(route.integration, Present) or route.integration.value.type == "MOCK":
            continue
        entry = declared(route.integration.value, estate.registers.backends or ())
        if entry is None or entry.data_class is None:
            return frozenset()
        found.add(entry.data_class)
    return frozenset(found)
