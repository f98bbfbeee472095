"""What a template prints around its values: whether a place lies inside a JSON string, and which members are named."""

import re
from typing import NamedTuple

_QUOTE = re.compile(r"\\.|\"", re.DOTALL)
_COLON = re.compile(r"\s*+(.)", re.DOTALL)


class Place(NamedTuple):
    """Where printing stands."""

    is_quoted: bool = False
    string: str | None = None
    """The text of the string that is open, or was just closed; None where a value stands in it or no string does."""


class Output:
    """Follows the text that is printed."""

    def __init__(self) -> None:
        self.place = Place()
        self._keys: dict[str, None] = {}

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the names of JSON members, each once."""
        return tuple(self._keys)

    def value(self) -> bool:
        """Print a value; return whether it lies inside a JSON string."""
        self.place = Place(self.place.is_quoted)
        return self.place.is_quoted

    def text(self, text: str) -> None:
        """Print text."""
        at = 0
        if not self.place.is_quoted:
            self._colon(text, 0)
        for found in _QUOTE.finditer(text):
            if found[0] != '"':
                continue
            if self.place.is_quoted:
                self._grow(text[at : found.start()])
                self.place = Place(is_quoted=False, string=self.place.string)
                self._colon(text, found.end())
            else:
                self.place = Place(is_quoted=True, string="")
            at = found.end()
        if self.place.is_quoted:
            self._grow(text[at:])

    def _grow(self, text: str) -> None:
        if self.place.string is not None:
            self.place = Place(is_quoted=True, string=self.place.string + text)

    def _colon(self, text: str, at: int) -> None:
        """Keep the string that was just closed as the name of a member, where a colon follows."""
        found = _COLON.match(text, at)
        if found is None or self.place.string is None:
            return
        if found[1] == ":":
            self._keys[self.place.string] = None
        self.place = Place()
