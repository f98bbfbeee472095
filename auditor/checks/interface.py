"""What a check is: a pure function from one item of a population to an outcome.

The check reads facts with `need`; where a fact was never read, `need` raises and the engine, not the check, writes
`not_evaluated`. A check that could not decide although everything was read (a policy form that is not recognised)
says so with `undecided`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, JsonValue

from auditor.model.control import Severity
from auditor.model.estate import Estate
from auditor.model.resource import Listing, Resource
from auditor.model.status import Status

P = TypeVar("P", bound="Params")
I = TypeVar("I", bound="Item")  # noqa: E741 - the item type of a generic check


class Params(BaseModel):
    """The parameters a check understands; a control's YAML must give exactly these."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


@dataclass(frozen=True)
class Outcome:
    """What a check says of one item."""

    status: Status
    """Never WAIVED: the engine applies waivers."""
    reason: str
    """One sentence a person can act on."""
    observed: dict[str, JsonValue] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    """ARNs of other resources, or kinds of lists (`list:LogGroup`), whose pages belong to the evidence."""
    severity: Severity | None = None
    """Of this deviation, where it matters less than the control's others do; None: as the control says."""


def passed(reason: str, also: tuple[str, ...] = (), **observed: JsonValue) -> Outcome:
    """Return that the statement is true of the item."""
    return Outcome(Status.PASS, reason, observed, also)


def failed(reason: str, also: tuple[str, ...] = (), **observed: JsonValue) -> Outcome:
    """Return that the statement is false of the item."""
    return Outcome(Status.FAIL, reason, observed, also)


def not_applicable(reason: str, also: tuple[str, ...] = (), **observed: JsonValue) -> Outcome:
    """Return that the statement cannot apply to the item, and why."""
    return Outcome(Status.NOT_APPLICABLE, reason, observed, also)


def needs_attestation(reason: str, also: tuple[str, ...] = (), **observed: JsonValue) -> Outcome:
    """Return that a named person must say the rest."""
    return Outcome(Status.NEEDS_ATTESTATION, reason, observed, also)


def undecided(reason: str, also: tuple[str, ...] = (), **observed: JsonValue) -> Outcome:
    """Return that everything was read and still nobody can tell; never a pass."""
    return Outcome(Status.NOT_EVALUATED, reason, observed, also)


@dataclass(frozen=True)
class Item:
    """One member of a population."""

    resource: str
    """ARN as findings print it."""
    resource_type: str
    account: str
    region: str


R = TypeVar("R", bound=Resource)


@dataclass(frozen=True)
class ResourceItem(Item, Generic[R]):
    """A population member that is a resource."""

    of: R


def items(resources: Iterable[R]) -> Iterable[ResourceItem[R]]:
    """Yield a population made of resources; a deployed route's type depends on its API version."""
    for each in resources:
        kind = getattr(each, "resource_type", "") or type(each).cloudformation
        yield ResourceItem(each.arn, kind, each.account, each.region, each)


@dataclass(frozen=True)
class Check(Generic[I, P]):
    """A check as the engine binds it. Registered by its module as `CHECK`."""

    name: str
    """Named for the good state, e.g. `access-key-age`."""
    reads: tuple[str, ...]
    """Kinds whose lists the population rests on: a gap in one of these lists becomes `not_evaluated`."""
    params: type[P]
    population: Callable[[Estate], Iterable[I]]
    test: Callable[[I, Estate, P], Outcome]
    registers: tuple[str, ...] = ()
    concerns: Callable[[Listing, Estate], bool] = field(default=lambda _listing, _estate: True)
    """Whether an incomplete list could hide a member of the population; by default any of the kinds read could."""
    follows_waivers: bool = False
    """Whether it judges the waivers: tested after every other check, on what they met. Its findings cannot be waived."""
