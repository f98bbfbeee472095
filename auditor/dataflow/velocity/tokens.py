"""The inputs of a template: one token a value and a place where it is taken, and what is known of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from auditor.dataflow.velocity.taken import UNTOLD, Taken, Value
from auditor.dataflow.velocity.tree import Reference
from auditor.model.transform import Source


@dataclass(slots=True)
class Token:
    """One input: a value at the place where it is taken."""

    source: Source
    at: int
    end: int
    is_printed: bool = False
    is_quoted: bool = False
    is_escaped: bool = True
    """Wherever it is printed."""
    is_bare: bool = False
    """Whether it is printed inside quotes and nothing is done about quotes in it."""
    is_raw_json: bool = False
    """Whether JSON text is printed inside quotes."""
    is_used: bool = False
    """In a condition, an override, as the name of something else."""
    is_root: bool = False
    """Whether something inside it was taken."""
    is_edited: bool = False
    """Whether a member of it is set."""

    @property
    def counts(self) -> bool:
        """Return whether it is an input itself: one of which only parts are taken is none."""
        return not self.is_root or self.is_printed or self.is_used


class Tokens:
    """Every token of a template, by its number."""

    def __init__(self) -> None:
        self.all: list[Token] = []
        self._numbers: dict[tuple[int, Source], int] = {}

    def of(self, value: Iterable[Taken]) -> Iterator[Token]:
        """Yield the inputs that a value stands for, in the order of the text."""
        numbers = sorted({each.token for each in value if each.token != UNTOLD}, key=lambda number: self.all[number].at)
        return (self.all[number] for number in numbers)

    def told(self, of: Reference, value: Value) -> Value:
        """Return a value whose parts all belong to a token: a new one at this reference where it leads somewhere new."""
        return frozenset(each._replace(token=self._number(of, each)) for each in value)

    def use(self, value: Iterable[Taken]) -> None:
        """Note that something depends on a value that is not itself printed."""
        for taken in value:
            if taken.token != UNTOLD:
                self.all[taken.token].is_used = True

    def edit(self, value: Iterable[Taken]) -> None:
        """Note that a member of what a variable holds is set."""
        for taken in value:
            if taken.token != UNTOLD and not taken.held:
                self.all[taken.token].is_edited = True

    def printed(self, value: Iterable[Taken], *, is_quoted: bool) -> None:
        """Note that a value is printed."""
        for taken in value:
            if taken.token == UNTOLD:
                continue
            token = self.all[taken.token]
            is_escaped = taken.is_escaped and not (taken.is_json and is_quoted)
            token.is_printed = True
            token.is_quoted |= is_quoted
            token.is_escaped &= is_escaped
            token.is_raw_json |= taken.is_json and is_quoted
            token.is_bare |= is_quoted and not is_escaped and not taken.is_json

    def _number(self, of: Reference, taken: Taken) -> int:
        if taken.token != UNTOLD:
            token = self.all[taken.token]
            if token.source == taken.source:
                return taken.token
            token.is_root = True
        key = (of.at, taken.source)
        if key not in self._numbers:
            self._numbers[key] = len(self.all)
            self.all.append(Token(taken.source, of.at, of.end))
        return self._numbers[key]
