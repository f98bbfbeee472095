"""What a proposal is: entries of one register that a snapshot suggests, with the members that only management knows left open."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from auditor.model.base import Frozen
from auditor.model.estate import Estate


@dataclass(frozen=True)
class Entry:
    """One proposed entry."""

    about: str
    """One line for the reviewer: what was seen."""
    known: Mapping[str, JsonValue]
    """The members that the snapshot tells, by name."""


@dataclass(frozen=True)
class Proposer:
    """How entries of one register are proposed. What the register names already is proposed no more."""

    register: str
    """Its name in auditor.toml."""
    model: type[Frozen]
    title: str
    """What stands in the register, for the head of the file."""
    entries: Callable[[Estate], Iterator[Entry]]
