"""Where a call by nobody in particular may come from, as far as a policy's conditions tell such calls apart.

All calls are cut into classes: in one class, every condition of the policy has the same answer. So the evaluator, asked
about one call of each class, has answered for all. Which keys a call carries: API Gateway developer guide, "AWS condition keys
that can be used in API Gateway resource policies" (those of VPCs on private APIs alone, those of identities with AWS_IAM
alone, the referer where the caller sends one). Calls through VPC endpoints carry no aws:SourceIp (IAM user guide, "AWS global
condition context keys"), unless the endpoint rewrites it, as API Gateway's guide says: both are possible. What lets strangers in
now is open; what keeps them out now alone decides nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from itertools import product
from math import prod

from auditor.access.conditions import SPOOFABLE
from auditor.access.gateway.gate import OUTSIDE_VPCS
from auditor.access.iam.caller import ANONYMOUS, SOMEBODY, Caller, context_of
from auditor.access.iam.context import Context, at
from auditor.access.iam.variables import names_of
from auditor.access.policy import Condition, Statement
from auditor.access.sources import EVERYWHERE, Network
from auditor.access.strangers.addresses import addresses
from auditor.access.strangers.texts import ids, texts
from auditor.access.strangers.values import MISSING, NOT_TOLD, Naming, Values

_ADDRESS = "aws:sourceip"
_PRIVATE_ADDRESS = "aws:vpcsourceip"
_IDS = {"aws:sourcevpce": "vpce-", "aws:sourcevpc": "vpc-"}
_SPELLED = {"aws:sourcevpce": "aws:SourceVpce", "aws:sourcevpc": "aws:SourceVpc"}
TIMES = frozenset({"aws:currenttime", "aws:epochtime"})
_FEW = 16
_MOST = 16_384
"""Classes times statements."""


@dataclass(frozen=True, slots=True)
class Way:
    """How calls come to an API."""

    inside: bool = False
    """Through VPC endpoints; else from the internet."""
    is_signed: bool = False
    """By an identity of AWS, of which nobody knows which; else by none."""
    by_address: bool = False
    """Inside: whether an aws:SourceIp may be there all the same."""
    moment: datetime | None = None
    """When; a call at another time may come too, and of that nothing is told."""

    @property
    def caller(self) -> Caller:
        """Return who calls."""
        return SOMEBODY if self.is_signed else ANONYMOUS

    @property
    def context(self) -> Context:
        """Return what is told of all such calls."""
        missing = frozenset({_ADDRESS}) if self.inside else OUTSIDE_VPCS
        return context_of(self.caller, Context({"aws:securetransport": ("true",)}, missing))


@dataclass(frozen=True, slots=True)
class Origin:
    """One class of calls."""

    context: Context
    """Of one call of the class."""
    naming: Naming
    """How the policy names the VPC or endpoint that it comes through; ANYONE outside VPCs."""
    networks: tuple[Network, ...]
    """Outside VPCs: the addresses that its calls come from."""
    is_certain: bool
    """Whether such calls come at all."""
    named: tuple[tuple[str, str], ...]
    """Inside: each id that the policy names of it, behind its key as AWS writes it."""


@lru_cache(maxsize=1024)
def origins(statements: tuple[Statement, ...], way: Way) -> tuple[Origin, ...] | None:
    """Return the classes of calls that come this way; None where they are too many."""
    keys = dict(_keys(statements, way))
    if prod(len(each) for each in keys.values()) * max(len(statements), _FEW) > _MOST:
        return None
    return tuple(_origin(dict(zip(keys, chosen, strict=True)), way.context) for chosen in product(*keys.values()))


def _keys(statements: tuple[Statement, ...], way: Way) -> Iterator[tuple[str, tuple[Values, ...]]]:
    """Yield each key whose value such a call may choose, or has by where it comes from, with its classes."""
    conditions = [each for statement in statements for each in statement.conditions]
    used = _used(conditions)
    moment = at(way.moment) if way.moment is not None and any(each.key in TIMES for each in conditions) else {}
    found: dict[str, tuple[Values, ...]] = {key: (Values(value), NOT_TOLD) for key, (value,) in moment.items()}
    found |= {each: texts(_of(each, conditions)) for each in SPOOFABLE}
    if way.inside:
        found[_PRIVATE_ADDRESS] = addresses(_of(_PRIVATE_ADDRESS, conditions))
        found |= {each: ids(_of(each, conditions), start) for each, start in _IDS.items()}
    if way.by_address or not way.inside:
        found[_ADDRESS] = addresses(_of(_ADDRESS, conditions)) + ((MISSING,) if way.inside else ())
    elif _of(_ADDRESS, conditions):
        found[_ADDRESS] = (MISSING, *(replace(each, is_certain=False) for each in addresses(_of(_ADDRESS, conditions))))
    for key, values in found.items():
        yield key, (NOT_TOLD,) if key in used else values


def _used(conditions: Iterable[Condition]) -> frozenset[str]:
    """Return the keys whose values variables of conditions take: what such a condition says depends on more than its own key."""
    written = (value for each in conditions for value in each.values)
    return frozenset(name.lower() for value in written for name in names_of(value))


def _of(key: str, conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    return tuple(sorted({each for each in conditions if each.key == key}))


def _origin(chosen: dict[str, Values], base: Context) -> Origin:
    told = {key: (each.value,) for key, each in chosen.items() if each.value is not None}
    missing = frozenset(key for key, each in chosen.items() if each.value is None and each.is_told)
    through = [(key, each) for key, each in chosen.items() if key in _IDS]
    return Origin(
        context=Context({**base.told, **told}, base.missing.difference(chosen) | missing),
        naming=min((each.naming for _, each in through), default=Naming.ANYONE),
        networks=chosen[_ADDRESS].networks if _ADDRESS in chosen else EVERYWHERE,
        is_certain=all(each.is_certain for each in chosen.values()),
        named=tuple((_SPELLED[key], name) for key, each in through for name in each.named),
    )
