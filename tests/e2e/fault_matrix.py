"""The matrix of faults: every declared operation, and every way in which its answer can go wrong."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore.model import StructureShape

from auditor.collect.interface import Operation
from auditor.collect.registry import collectors
from auditor.demo.faults import PAGING, Fault, Rule
from auditor.demo.spoiling import PageNames
from auditor.demo.wire import model

OPERATIONS: dict[str, Operation] = {each.id: each for of in collectors() for each in of.operations}

_ALWAYS = tuple(each for each in Fault if each not in PAGING and each is not Fault.WRONG_MEMBER)
_ONCE = (Fault.THROTTLE, Fault.ERROR, Fault.UNAVAILABLE, Fault.RESET, Fault.TRUNCATE, Fault.BLANK, Fault.EXPIRED)
_OTHER: dict[str, tuple[Any, ...]] = {
    "list": ("none", {"none": 1}),
    "structure": ("none", ["none"]),
    "map": ("none", ["none"]),
    "boolean": ("none", {"none": 1}),
    "integer": ("none", ["none"]),
    "string": (7, ["none"]),
}
"""Values of another type, by the type that botocore's model gives a member."""

PASSING = frozenset({Fault.THROTTLE, Fault.ERROR, Fault.UNAVAILABLE, Fault.RESET, Fault.TRUNCATE, Fault.BLANK})
"""Faults that are tried again: once, they cost nothing."""


@dataclass(frozen=True)
class Cell:
    """One operation and one fault."""

    operation: str
    fault: Fault
    once: bool = False
    member: str = ""
    value: Any = None

    @property
    def column(self) -> str:
        """The fault's name in the matrix."""
        return f"{self.fault.value}{' once' if self.once else ''}"

    @property
    def id(self) -> str:
        """The cell's name as a test."""
        spot = f"-{self.member}-{type(self.value).__name__}" if self.member else ""
        return f"{self.operation}-{self.column.replace(' ', '-')}{spot}"

    @property
    def must_pass(self) -> bool:
        """Whether the fault must leave no trace."""
        return (self.once and self.fault in PASSING) or self.fault in {Fault.PAGES, Fault.PAGE_THROTTLED}

    @property
    def may_be_unread(self) -> bool:
        """Whether what is spoiled may be something that nobody reads: a list inside a record, a free document's version."""
        inside = self.fault in {Fault.WRONG_MEMBERS, Fault.WRONG_RECORDS}
        return self.must_pass or inside or self.member == "openapi"

    def rule(self) -> Rule:
        """Return the rule for the front."""
        page = OPERATIONS[self.operation].page
        pages = PageNames(page.items, page.token_out, page.token_in, page.more) if page is not None else None
        return Rule(
            self.operation,
            self.fault,
            times=1 if self.once else None,
            pages=pages,
            member=self.member,
            value=self.value,
        )


def cells() -> Iterator[Cell]:
    """Yield the whole matrix, operation by operation."""
    for name, operation in sorted(OPERATIONS.items()):
        yield from (Cell(name, fault) for fault in _ALWAYS)
        yield from (Cell(name, fault, once=True) for fault in _ONCE)
        if operation.page is not None:
            yield from (Cell(name, fault) for fault in sorted(PAGING))
        yield from (Cell(name, Fault.WRONG_MEMBER, member=each, value=v) for each, v in _others(operation))


def _others(operation: Operation) -> Iterator[tuple[str, Any]]:
    kinds = _kinds(operation)
    for name in sorted({*operation.required, *(name for name, _ in operation.records)}):
        yield from ((name, value) for value in _OTHER.get(kinds.get(name, "list"), ("none", ["none"])))


def _kinds(operation: Operation) -> dict[str, str]:
    shape = model(operation.service).operation_model(operation.name).output_shape
    if not isinstance(shape, StructureShape) or shape.serialization.get("payload"):
        return {}
    return {
        str(member.serialization.get("name", name)): str(member.type_name) for name, member in shape.members.items()
    }
