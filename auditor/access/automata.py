"""The automata of `patterns`: one character more, in a family that is walked and in patterns that are matched.

A pattern's states are one bit a place, so a set of places is a number.
"""

from collections.abc import Iterable, Iterator

ONE, STAR, _ONE_IN_SEGMENT, _STAR_IN_SEGMENT = "\ue000", "\ue001", "\ue002", "\ue003"
SEGMENT = _ONE_IN_SEGMENT + _STAR_IN_SEGMENT
"""One or more characters but `/`: what `{id}` stands for."""
REST = ONE + STAR
"""One or more characters: what `{proxy+}` stands for."""
OPEN = frozenset({ONE, STAR, _ONE_IN_SEGMENT, _STAR_IN_SEGMENT})
_REPEATED = frozenset({STAR, _STAR_IN_SEGMENT})
OTHER = "\0"
"""A character that neither side names."""


def alphabet(texts: Iterable[str]) -> frozenset[str]:
    """Return every character that matters: those that are named, the separator, and one that is not named."""
    return (frozenset(each for text in texts for each in text) - OPEN) | {"/", OTHER}


def after(family: str, place: int, characters: frozenset[str]) -> Iterator[tuple[str, list[int]]]:
    """Yield each character that may come at a place of a family, and the places where that leads."""
    token = family[place]
    for character in characters if token in OPEN else (token,):
        if takes(token, character):
            yield character, places(family, place if token in _REPEATED else place + 1)


def takes(token: str, character: str) -> bool:
    """Return whether a token of a language reads a character."""
    if token not in OPEN:
        return token == character
    return character != "/" or token in {ONE, STAR}


def places(family: str, place: int) -> list[int]:
    """Return the places reachable without reading: what is repeated may be left out."""
    found = [place]
    while place < len(family) and family[place] in _REPEATED:
        place += 1
        found.append(place)
    return found


def closed(pattern: str, states: int) -> int:
    """Return the states with those reachable without reading; one bit a place."""
    for place, token in enumerate(pattern):
        if token in _REPEATED and states >> place & 1:
            states |= 1 << (place + 1)
    return states


def read(pattern: str, states: int, character: str) -> int:
    """Return the states of a pattern after one character more."""
    reached = 0
    for place, token in enumerate(pattern):
        if states >> place & 1 and takes(token, character):
            reached |= 1 << (place if token in _REPEATED else place + 1)
    return closed(pattern, reached)
