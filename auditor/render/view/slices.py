"""Long lists, cut into tables of a bearable length, and honest about what is left out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Limits:
    """How much of each list a report prints before it points to the file that holds all of it."""

    rows: int
    """Findings of one status in one workpaper, changes of one kind."""
    compact: int
    """Passing and not applicable items of one workpaper."""
    routes: int
    exhibits: int
    chunk: int
    """Rows of one table: long tables are slow to lay out."""


SCREEN = Limits(rows=5_000, compact=1_000, routes=20_000, exhibits=20_000, chunk=200)
PRINT = Limits(rows=250, compact=40, routes=600, exhibits=600, chunk=150)


@dataclass(frozen=True)
class Slice(Generic[R]):
    """The first rows of a list, in chunks; `hidden` more stand in the file `where`."""

    chunks: tuple[tuple[R, ...], ...]
    total: int
    hidden: int
    where: str


def cut(items: Sequence[T], limit: int, chunk: int, where: str, row: Callable[[T], R]) -> Slice[R]:
    """Return a slice of at most `limit` rows, each made by `row`."""
    rows = [row(each) for each in items[:limit]]
    chunks = tuple(tuple(rows[start : start + chunk]) for start in range(0, len(rows), chunk))
    return Slice(chunks, len(items), len(items) - len(rows), where)
