"""Ways from a domain name in the order in which API Gateway asks them, and those that never get a call.

Rules are asked by priority, lowest number first, then mappings (developer guide, "Routing modes"). Only what is certain is called
shadowed: by an earlier rule each of whose conditions a later way asks for as well. Never tried on a live account.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from auditor.dataflow.ways import MAPPINGS_ONLY, RULES_ONLY, Way, by_mapping, by_rule
from auditor.model.doors import RoutingCondition
from auditor.model.fact import Present
from auditor.model.gateway import ApiMapping, DomainName


@dataclass(frozen=True)
class Step:
    """A rule or a mapping, with the ways that it opens."""

    label: str
    """`rule r1 (priority 10)`, `mapping /v1`."""
    ways: tuple[Way, ...]
    conditions: tuple[RoutingCondition, ...]
    is_rule: bool
    shadow: "Step | None" = None
    """The earlier rule that takes all its calls."""


def steps(domain: DomainName) -> tuple[Step, ...]:
    """Return what a domain name asks, in order, as far as it was read and its routing mode lets it count."""
    found: list[Step] = []
    for each in _asked(domain):
        above = next((other for other in found if other.is_rule and _takes(other, each)), None)
        found.append(replace(each, shadow=above))
    return tuple(found)


def _asked(domain: DomainName) -> Iterator[Step]:
    mode = domain.routing_mode.value if isinstance(domain.routing_mode, Present) else None
    if mode is not None and mode not in MAPPINGS_ONLY and isinstance(domain.routing_rules, Present):
        for rule in sorted(domain.routing_rules.value, key=lambda each: (each.priority, each.rule_id)):
            label = f"rule {rule.rule_id} (priority {rule.priority})"
            yield Step(label, tuple(by_rule(rule)), rule.conditions, is_rule=True)
    if mode not in RULES_ONLY and isinstance(domain.mappings, Present):
        for mapping in domain.mappings.value:
            way = by_mapping(mapping)
            yield Step(f"mapping /{way.base}", (way,), _conditions(mapping), is_rule=False)


def _conditions(mapping: ApiMapping) -> tuple[RoutingCondition, ...]:
    return (RoutingCondition(base_paths=(mapping.path,), headers=()),) if mapping.path.strip("/") else ()


def _takes(rule: Step, later: Step) -> bool:
    """Return whether a rule takes every call that a later step could."""
    return all(any(_follows(theirs, ours) for theirs in later.conditions) for ours in rule.conditions)


def _follows(narrow: RoutingCondition, wide: RoutingCondition) -> bool:
    """Return whether a call that meets one condition meets the other; any member of a condition is enough."""
    paths, wider = ({each.strip("/") for each in one.base_paths} for one in (narrow, wide))
    return paths <= wider and set(narrow.headers) <= set(wide.headers) and bool(paths or narrow.headers)
