"""The tree of a template: what stands where. Nothing here says what it means."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Literal:
    """Text, a number or a word that stands for itself."""

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Joined:
    """A double-quoted string with references in it."""

    parts: "tuple[Literal | Reference, ...]"
    at: int


@dataclass(frozen=True, slots=True)
class Held:
    """A list, a map or a range: a thing that holds others. Keys of maps are dropped unless they are references."""

    items: "tuple[Expression, ...]"
    at: int


@dataclass(frozen=True, slots=True)
class Operation:
    """Operands with operators between them; one node however long the chain is."""

    operands: "tuple[Expression, ...]"
    is_test: bool
    """Whether true or false comes out."""
    at: int


@dataclass(frozen=True, slots=True)
class Member:
    """`.name`."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """`.name(arguments)`."""

    name: str
    arguments: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Index:
    """`[expression]`."""

    of: "Expression"


Part: TypeAlias = Member | Call | Index


@dataclass(frozen=True, slots=True)
class Reference:
    """`$root.part…`, in any notation."""

    root: str
    parts: tuple[Part, ...]
    at: int
    end: int


Expression: TypeAlias = Literal | Joined | Held | Operation | Reference


@dataclass(frozen=True, slots=True)
class Assignment:
    """`#set`."""

    target: Reference
    value: Expression
    at: int


@dataclass(frozen=True, slots=True)
class Choice:
    """`#if` with all its branches."""

    branches: "tuple[tuple[Expression | None, Block], ...]"
    """`#else` has no condition."""
    at: int


@dataclass(frozen=True, slots=True)
class Loop:
    """`#foreach`."""

    name: str
    over: Expression
    body: "Block"
    at: int


@dataclass(frozen=True, slots=True)
class Definition:
    """`#define`: text under a name, made anew wherever the name is printed."""

    name: str
    body: "Block"
    at: int


@dataclass(frozen=True, slots=True)
class Macro:
    """`#macro`."""

    name: str
    parameters: tuple[str, ...]
    body: "Block"
    at: int


@dataclass(frozen=True, slots=True)
class Use:
    """A macro that is called by its name."""

    name: str
    arguments: tuple[Expression, ...]
    body: "Block"
    """Empty but for `#@name(…) … #end`."""
    at: int


Node: TypeAlias = Literal | Reference | Assignment | Choice | Loop | Definition | Macro | Use
Block: TypeAlias = tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """A template that was read as far as it could be understood."""

    block: Block
    branches: int
    loops: int
    macros: int
    sets: int
    depth: int
    utils: tuple[str, ...]
    troubles: tuple[tuple[str, int], ...]
    """What was not understood, and where."""
