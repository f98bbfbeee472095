"""Where reading stands in a template's text. The first thing that is not understood ends it: nothing is read twice."""

import re
from bisect import bisect_right

from auditor.dataflow.velocity.template import Position

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*+")
"""Velocity's identifiers may hold hyphens: `$input.params().header.X-Request-Id`."""
_SPACE = re.compile(r"\s*+")
_LINE_BREAK = re.compile(r"\r\n|[\r\n]")
_DEEPEST = 24
"""Parentheses, arguments and indexes in one another; more is no configuration that a person wrote."""


class Cursor:
    """A place in the text."""

    __slots__ = ("at", "depth", "end", "text", "troubles", "utils")

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.end = len(text)
        self.depth = 0
        self.troubles: list[tuple[str, int]] = []
        self.utils: list[tuple[int, str]] = []

    @property
    def has_failed(self) -> bool:
        """Return whether reading has ended before its time."""
        return bool(self.troubles)

    def fail(self, what: str, at: int | None = None) -> None:
        """End reading; the first reason counts."""
        if not self.troubles:
            self.troubles.append((what, self.at if at is None else at))
        self.at = self.end

    def peek(self) -> str:
        """Return the next character; empty at the end."""
        return self.text[self.at] if self.at < self.end else ""

    def skip_space(self) -> str:
        """Go to what follows white space and return its first character."""
        found = _SPACE.match(self.text, self.at, self.end)
        self.at = found.end() if found else self.at
        return self.peek()

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Go over what matches here, and return it."""
        found = pattern.match(self.text, self.at, self.end)
        if found:
            self.at = found.end()
        return found

    def accept(self, word: str) -> bool:
        """Go over white space and a word, where it stands here."""
        self.skip_space()
        if not self.text.startswith(word, self.at, self.end):
            return False
        self.at += len(word)
        return True

    def expect(self, word: str, of: str) -> None:
        """Go over a word that must stand here."""
        if not self.accept(word):
            self.fail(f"{word} is missing in {of}")

    def deeper(self) -> bool:
        """Go one level down; False where that is too deep."""
        self.depth += 1
        if self.depth > _DEEPEST:
            self.fail(f"an expression is nested deeper than {_DEEPEST} levels")
            return False
        return True


class Places:
    """Lines and columns of a text."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(each.end() for each in _LINE_BREAK.finditer(text))]

    def position(self, at: int) -> Position:
        """Return where an offset stands."""
        line = bisect_right(self._starts, at)
        return Position(line, at - self._starts[line - 1] + 1)
