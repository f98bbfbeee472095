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
    apis: int
    """APIs that have a section of their own, with the paths of calls."""
    api_rows: int
    """Routes of one API that its section lists."""
    cell: int
    """Characters of one cell of the matrix: on paper each row is to be one line."""
    in_a_cell: int
    """Findings that one cell of the matrix names."""
    pictures: int
    """Routes that are drawn, the worst of all APIs."""


SCREEN = Limits(
    rows=5_000,
    compact=1_000,
    routes=20_000,
    exhibits=20_000,
    chunk=200,
    apis=60,
    api_rows=35,
    cell=44,
    in_a_cell=3,
    pictures=24,
)
PRINT = Limits(
    rows=250, compact=40, routes=600, exhibits=600, chunk=150, apis=8, api_rows=35, cell=22, in_a_cell=1, pictures=8
)


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
