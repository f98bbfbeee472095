"""What management declared about agents: which routes are meant for them."""

import re
from collections.abc import Iterator
from functools import lru_cache

from auditor.checks.interface import Item, Outcome, needs_attestation, not_applicable
from auditor.model.estate import Estate
from auditor.model.gateway import Stage
from auditor.model.register import AgentRoute

_PLACE = "AWS::ApiGateway::Account"


def agent_entry(route: str, estate: Estate) -> AgentRoute | None:
    """Return the entry that names a route, by its ARN; a canary's routes are those of its stage."""
    arn = route.partition("#")[0]
    return next((each for each in estate.registers.agent_routes or () if _pattern(each.route).fullmatch(arn)), None)


@lru_cache(maxsize=1024)
def _pattern(route: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(each) for each in route.split("*")), re.DOTALL)


def places_without(estate: Estate) -> Iterator[Item]:
    """Yield each account and region that has stages and no route for agents: one item instead of one a route."""
    named = {(flow.account, flow.region) for flow in estate.flows if agent_entry(flow.route, estate) is not None}
    for account, region in sorted({(each.account, each.region) for each in estate.of(Stage)} - named):
        partition = estate.snapshot.scope.partition
        yield Item(f"arn:{partition}:apigateway:{region}::/account", _PLACE, account, region)


def of_place(estate: Estate) -> Outcome:
    """Return what it means that an account and region have no route for agents."""
    entries = estate.registers.agent_routes
    if entries is None:
        proposed = "{route: …, owner: …, autonomous: …}, or a file without entries where there are none"
        return needs_attestation(
            f"which routes are meant for agents is not known: no register of them is configured; to register: {proposed}"
        )
    if not entries:
        return not_applicable("management declared that no route is meant for agents")
    return not_applicable("the register of agent routes names none of the routes seen here")
