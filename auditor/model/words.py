"""Numbers and names as a sentence says them: one way for all rooms."""

from collections.abc import Sequence


def counted(count: int, noun: str) -> str:
    """Return a number with its noun: `1 day`, `2 days`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def shortened(text: str, longest: int) -> str:
    """Return a text on one line of at most so many characters, the last of which then says that more followed."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def several(names: Sequence[str], most: int = 3) -> str:
    """Return the first names and how many more there are: `a, b and 3 more`."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
