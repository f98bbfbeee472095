"""Whether conditions are at least as narrow as others: whatever meets the ones meets the others.

Only where each narrower condition is of the same key and operator: then the values decide, whichever the request has, or if it has
none (IAM user guide, "Condition operators" and "Multivalued context keys").
"""

from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network

from auditor.access.iam.operators import NEGATED
from auditor.access.patterns import Relation, glob, relation
from auditor.access.policy import Condition
from auditor.access.sources import network

_ARN_PARTS = 6


def implies(narrow: tuple[Condition, ...], wide: tuple[Condition, ...]) -> bool:
    """Return whether whatever certainly meets all of the first conditions meets all of the others."""
    return all(any(_implies(one, other) for one in narrow) for other in wide)


def _implies(narrow: Condition, wide: Condition) -> bool:
    if narrow == wide:
        return True
    if (narrow.key, narrow.operator) != (wide.key, wide.operator) or not (narrow.values and wide.values):
        return False
    base = narrow.parts.base
    covers = _COVERS.get(NEGATED.get(base, base))
    if covers is None:
        return False
    # To be none of more values says more.
    some, others = (wide.values, narrow.values) if base in NEGATED else (narrow.values, wide.values)
    return all(_is_covered(each, others, covers) for each in some)


def _is_covered(value: str, by: tuple[str, ...], covers: Callable[[str, str], bool]) -> bool:
    return value in by or ("${" not in value and any("${" not in each and covers(each, value) for each in by))


def _same(one: str, other: str) -> bool:
    return one == other


def _like(wide: str, narrow: str) -> bool:
    return relation(glob(wide), glob(narrow)) is Relation.COVERS


def _arn(wide: str, narrow: str) -> bool:
    """Compare part by part, as the operators do."""
    parts = [each.split(":", _ARN_PARTS - 1) for each in (wide, narrow)]
    return all(len(each) == _ARN_PARTS for each in parts) and all(map(_like, *parts))


def _network(wide: str, narrow: str) -> bool:
    one, other = network(wide), network(narrow)
    if isinstance(one, IPv4Network) and isinstance(other, IPv4Network):
        return other.subnet_of(one)
    return isinstance(one, IPv6Network) and isinstance(other, IPv6Network) and other.subnet_of(one)


_COVERS: dict[str, Callable[[str, str], bool]] = {
    "stringequals": _same,
    "stringlike": _like,
    "arnequals": _arn,
    "arnlike": _arn,
    "ipaddress": _network,
}
"""By operator: whether a value of the policy is met wherever another one is."""
