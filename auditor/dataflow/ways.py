"""Where a domain name leads: its mappings and its routing rules, as its routing mode lets them count.

Rules lead to REST APIs alone and are asked before mappings (developer guide, "Routing modes"). Which of two rules is asked
first is left aside: a way that another always takes the calls of is still named.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.model.doors import RoutingHeader, RoutingRule
from auditor.model.fact import Fact, NotReadError, Present, Unread
from auditor.model.gateway import ApiMapping, DeployedRoute, DomainName
from auditor.model.snapshot import Gap

MAPPINGS_ONLY = frozenset({"BASE_PATH_MAPPING_ONLY", "API_MAPPING_ONLY"})
RULES_ONLY = frozenset({"ROUTING_RULE_ONLY"})
BOTH = frozenset({"ROUTING_RULE_THEN_BASE_PATH_MAPPING", "ROUTING_RULE_THEN_API_MAPPING"})
"""Routing modes by the names of both API versions."""
ANY_STAGE = ""
"""The stage of a mapping that names none: it stands in the path of the call."""


@dataclass(frozen=True)
class Way:
    """One way from a domain name to a stage of an API."""

    api_id: str
    stage: str
    """Empty: the stage stands in the path."""
    base: str
    """The path in front of the API's own, without slashes at its ends."""
    is_stripped: bool = True
    """Whether the base is taken off before the API sees the path; a rule may leave it on."""
    headers: tuple[str, ...] = ()
    """What headers the call must carry, in words; one text a condition."""


def ways(domain: DomainName) -> Iterator[Way]:
    """Yield every way that is known; an unknown routing mode lets everything count."""
    mode = domain.routing_mode.value if isinstance(domain.routing_mode, Present) else None
    if mode not in RULES_ONLY and isinstance(domain.mappings, Present):
        yield from (by_mapping(each) for each in domain.mappings.value)
    if mode not in MAPPINGS_ONLY and isinstance(domain.routing_rules, Present):
        for rule in domain.routing_rules.value:
            yield from by_rule(rule)


def needed_ways(domain: DomainName) -> tuple[Way, ...]:
    """Return every way; raise NotReadError where one may hide."""
    gap = _hidden(domain)
    if gap is not None:
        raise NotReadError(gap)
    return tuple(ways(domain))


def is_known(mode: Fact[str]) -> bool:
    """Return whether a routing mode is one that this program understands; one that is not told is the default."""
    return not isinstance(mode, Present) or mode.value in MAPPINGS_ONLY | RULES_ONLY | BOTH


def are_read(domain: DomainName) -> bool:
    """Return whether no way hides behind a gap."""
    return _hidden(domain) is None


def leads_to(way: Way, route: DeployedRoute) -> bool:
    """Return whether a way reaches a route, its path included where a rule leaves the base on."""
    if way.api_id != route.api_arn.rpartition("/")[2] or way.stage not in {route.stage, ANY_STAGE}:
        return False
    return way.is_stripped or _begins(route.path, way.base)


def _hidden(domain: DomainName) -> Gap | None:
    """Return why something is unread that may count."""
    mode = domain.routing_mode
    named = mode.value if isinstance(mode, Present) else None
    if isinstance(mode, Unread):
        return mode.gap
    if named not in RULES_ONLY and isinstance(domain.mappings, Unread):
        return domain.mappings.gap
    if named not in MAPPINGS_ONLY and isinstance(domain.routing_rules, Unread):
        return domain.routing_rules.gap
    return None


def by_mapping(mapping: ApiMapping) -> Way:
    """Return the way that a mapping opens."""
    return Way(mapping.api_id, mapping.stage, mapping.path.strip("/"))


def by_rule(rule: RoutingRule) -> Iterator[Way]:
    """Yield the ways that a rule opens: one a base path."""
    headers = tuple(asked_headers(each.headers) for each in rule.conditions if each.headers)
    bases = sorted({path.strip("/") for each in rule.conditions for path in each.base_paths}) or [""]
    for base in bases:
        yield Way(rule.api_id, rule.stage, base, rule.strip_base_path or not base, headers)


def asked_headers(headers: tuple[RoutingHeader, ...]) -> str:
    """Return what a condition asks of headers, in words."""
    return " or ".join(f"{each.header}: {each.value_glob}" for each in headers)


def _begins(path: str, base: str) -> bool:
    """Return whether a route's path begins with a base; a path parameter takes any one part, a greedy one all the rest."""
    parts = [each for each in path.split("/") if each]
    for index, wanted in enumerate(base.split("/")):
        if index >= len(parts):
            return False
        if parts[index].endswith("+}"):
            return True
        if parts[index] != wanted and not parts[index].startswith("{"):
            return False
    return True
