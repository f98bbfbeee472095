"""What a check is: a pure function from one item of a population to an outcome.

The check reads facts with `need`; where a fact was never read, `need` raises and the engine, not the check, writes
`not_evaluated`. A check that could not decide although everything was read (a policy form that is not recognised)
says so with `Outcome.undecided`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, JsonValue

from auditor.model.estate import Estate
from auditor.model.finding import Status
from auditor.model.resource import Resource

P = TypeVar("P", bound="Params")
I = TypeVar("I", bound="Item")  # noqa: E741 - the item type of a generic check


class Params(BaseModel):
    """The parameters a check understands; a control's YAML must give exactly these."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True)
class Outcome:
    """What a check says of one item."""

    status: Status
    """Never WAIVED: the engine applies waivers. NOT_EVALUATED only through `undecided`."""
    reason: str
    """One sentence a person can act on."""
    observed: dict[str, JsonValue] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    """ARNs of other resources, or kinds of lists (`list:LogGroup`), whose pages belong to the evidence."""


@dataclass(frozen=True)
class Item:
    """One member of a population."""

    resource: str
    """ARN as findings print it."""
    resource_type: str
    account: str
    region: str


@dataclass(frozen=True)
class ResourceItem(Item):
    """A population member that is a resource."""

    of: Resource


@dataclass(frozen=True)
class Check(Generic[I, P]):
    """A check as the engine binds it. Registered by its module as `CHECK`."""

    name: str
    """Named for the good state, e.g. `access-key-age`."""
    reads: tuple[type[Resource], ...]
    """Kinds whose lists the population rests on: a gap in one of these lists becomes `not_evaluated`."""
    params: type[P]
    population: Callable[[Estate], Iterable[I]]
    test: Callable[[I, Estate, P], Outcome]
    registers: tuple[str, ...] = ()


class AnyCheck(Protocol):
    """A check of whatever item and parameter types, as catalogs list them."""

    @property
    def name(self) -> str:
        """The name that a control binds to."""
