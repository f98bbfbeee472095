"""What the variables of a template may hold, along its branches and loops."""

from collections.abc import Callable, Iterable

from auditor.dataflow.velocity.taken import NOTHING, Value

MOST_VALUES = 64
"""More values in one variable is no configuration that a person wrote."""


class Variables:
    """A branch is undone at its end, and what all branches leave is joined; in a loop a variable forgets nothing."""

    def __init__(self, fail: Callable[[str], None]) -> None:
        self._held: dict[str, Value] = {}
        self._undo: list[dict[str, Value]] = []
        """What variables held before the branches that are open."""
        self._fail = fail
        self.loops = 0
        """That are open."""
        self.have_grown = False
        """Whether a loop brought something new to one."""

    def get(self, name: str) -> Value:
        """Return what a variable may hold; nothing for one that was never set."""
        return self._held.get(name, NOTHING)

    def put(self, name: str, value: Value) -> None:
        """Let a variable hold this; inside a loop, this too."""
        before = self.get(name)
        if self.loops:
            value |= before
            self.have_grown |= value != before
        if len(value) > MOST_VALUES:
            self._fail(f"more than {MOST_VALUES} values meet in one variable")
            value = before
        self.bind(name, value)

    def bind(self, name: str, value: Value) -> None:
        """Let a variable hold this and nothing else."""
        if self._undo:
            self._undo[-1].setdefault(name, self.get(name))
        self._held[name] = value

    def open(self) -> None:
        """Begin a branch."""
        self._undo.append({})

    def close(self) -> dict[str, Value]:
        """End a branch and undo it; return what it leaves in the variables that it set."""
        before = self._undo.pop()
        left = {name: self.get(name) for name in before}
        self._held.update(before)
        return left

    def join(self, ends: Iterable[dict[str, Value]]) -> None:
        """Let each variable hold what it holds at the end of any of these branches."""
        joined: dict[str, Value] = {}
        counts: dict[str, int] = {}
        number = 0
        for end in ends:
            number += 1
            for name, value in end.items():
                joined[name] = joined.get(name, NOTHING) | value
                counts[name] = counts.get(name, 0) + 1
        for name, value in joined.items():
            self.put(name, value | self.get(name) if counts[name] < number else value)
