"""A fact is read, absent, not applicable or unread. A field that a control judges is never anything else."""

from typing import Annotated, ClassVar, Generic, Literal, Self, TypeVar

from pydantic import Field
from typing_extensions import TypeAliasType

from auditor.model.base import Frozen
from auditor.model.snapshot import Gap

T = TypeVar("T")


class Present(Frozen, Generic[T]):
    """AWS answered, and this is the value."""

    state: Literal["present"] = "present"
    value: T


class Absent(Frozen):
    """AWS answered, and the member is not set. There is one such value: a large estate says it a million times."""

    state: Literal["absent"] = "absent"
    _one: ClassVar[Self | None] = None

    def __new__(cls, *_arguments: object, **_members: object) -> Self:
        """Return the one value."""
        if cls._one is None:
            cls._one = super().__new__(cls)
        return cls._one


class NotApplicable(Frozen):
    """The fact cannot exist for this resource."""

    state: Literal["not_applicable"] = "not_applicable"
    why: str


class Unread(Frozen):
    """Nobody knows: the call that would tell left a gap."""

    state: Literal["unread"] = "unread"
    gap: Gap


Fact = TypeAliasType(
    "Fact", Annotated[Present[T] | Absent | NotApplicable | Unread, Field(discriminator="state")], type_params=(T,)
)


class NotReadError(Exception):
    """Judgement asked for a fact that was never read; the engine, and nobody else, catches this."""

    def __init__(self, gap: Gap) -> None:
        """Carry the gap that explains why the fact is unknown."""
        super().__init__(gap.operation)
        self.gap = gap


def need(fact: Fact[T]) -> T | None:
    """Return the value, or None where AWS says there is none; raise NotReadError where nobody knows."""
    match fact:
        case Present():
            return fact.value
        case Unread():
            raise NotReadError(fact.gap)
        case _:
            return None


def is_unread(fact: Fact[T]) -> bool:
    """Return whether the fact is hidden behind a gap."""
    return isinstance(fact, Unread)
