"""What a template does, as far as reading it can tell."""

from dataclasses import dataclass
from enum import StrEnum

from auditor.model.transform import Source


@dataclass(frozen=True, slots=True)
class Position:
    """Where something stands; both count from 1."""

    line: int
    column: int

    def __str__(self) -> str:
        """Return it as people read it."""
        return f"line {self.line}, column {self.column}"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that was not understood. A template with trouble has not been read to its end, and decides nothing."""

    what: str
    at: Position


@dataclass(frozen=True, slots=True)
class Input:
    """A value that the template takes."""

    source: Source
    """Stage variables, `$context`, `$input` and `$util` only; a `#set` variable stands for what was put into it."""
    text: str
    """The reference as written."""
    at: Position
    is_printed: bool
    """Whether it can reach the output; one that is only `#set` and never printed does not."""
    is_quoted: bool
    """Whether it is printed inside a JSON string."""
    is_escaped: bool
    """Whether `$util.escapeJavaScript` or another encoder stands around it."""


class Side(StrEnum):
    """What an override changes."""

    REQUEST = "request"
    RESPONSE = "response"


@dataclass(frozen=True, slots=True)
class Override:
    """`#set($context.requestOverride.header.X = …)` and its kin."""

    side: Side
    part: str
    """`header`, `path`, `querystring`, `status`."""
    name: str
    """Of the header or parameter, in lower case for headers; empty for `status`."""
    sources: tuple[Source, ...]
    at: Position


class Band(StrEnum):
    """How much a template does."""

    PLAIN = "plain"
    LOOK = "look"
    TOO_MUCH = "doing too much"


@dataclass(frozen=True, slots=True)
class Template:
    """What reading a template told."""

    inputs: tuple[Input, ...]
    """In the order of the text."""
    overrides: tuple[Override, ...]
    output_keys: tuple[str, ...]
    """Names of JSON members that it prints, in the order of the text, each once."""
    branches: int
    """`#if` and `#elseif`."""
    loops: int
    macros: int
    """`#macro`, `#define`, `#evaluate`."""
    sets: int
    depth: int
    """Of nested directives; 0 without any."""
    utils: tuple[str, ...]
    """Functions of `$util` that are called, in the order of the text, with repetitions."""
    lines: int
    """That are not blank."""
    troubles: tuple[Trouble, ...]
    score: int
    band: Band
    fits: bool
    """Whether it can be said in one sentence (dataflow.md section 2.3); never with trouble."""
