"""Steps and paths: what an identity does, by which statements, and where that leads."""

from dataclasses import dataclass

from pydantic import JsonValue

from auditor.access.gateway.answers import Answer, rank
from auditor.access.iam.decide import Verdict
from auditor.access.power.direct import Power
from auditor.model.snapshot import Gap


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is done, or the power that is had at the end."""

    what: str
    """`assumes deploy`, `puts a policy at ada`, `is administrator`."""
    answer: Answer

    @property
    def json(self) -> JsonValue:
        """Return the step as evidence shows it."""
        found: dict[str, JsonValue] = {
            "step": self.what,
            "decision": self.answer.verdict.value,
            "by": [*self.answer.by],
        }
        return found | ({"conditions": [*self.answer.conditions]} if self.answer.conditions else {})


@dataclass(frozen=True, slots=True)
class Hop:
    """A step by which one identity comes to act as another."""

    start: str
    end: str
    step: Step


@dataclass(frozen=True, slots=True)
class Path:
    """All steps from an identity to a power."""

    start: str
    """ARN."""
    power: Power
    steps: tuple[Step, ...]
    """The last one is the power itself, where it is held; or the edit that makes it."""
    hops: int
    """Steps before the power is held; 0: by its own policies."""
    via: tuple[str, ...] = ()
    """ARNs of the identities that it comes to act as."""

    @property
    def gap(self) -> Gap | None:
        """Return the call that would have told what is not known of it, where one left a gap."""
        return next((each.answer.gap for each in self.steps if each.answer.gap is not None), None)

    @property
    def rank(self) -> int:
        """Return how certain it is: as its least certain step; 0 certain, 1 conditional, 2 unknown."""
        return max(rank(each.answer) for each in self.steps)

    @property
    def verdict(self) -> Verdict:
        """Return the verdict of the least certain step."""
        return max((each.answer for each in self.steps), key=rank).verdict

    @property
    def text(self) -> str:
        """Return the steps in words."""
        *done, last = (each.what for each in self.steps)
        which = "which " if done and last.startswith("is ") else ""
        return ", ".join((*done, f"{which}{last}"))

    @property
    def conditions(self) -> tuple[str, ...]:
        """Return what its steps depend on."""
        return tuple(dict.fromkeys(text for each in self.steps for text in each.answer.conditions))

    @property
    def json(self) -> JsonValue:
        """Return the path as evidence shows it."""
        return {"to": self.power.value, "decision": self.verdict.value, "steps": [each.json for each in self.steps]}

    def after(self, hop: Hop) -> "Path":
        """Return the path with one more step before it."""
        return Path(hop.start, self.power, (hop.step, *self.steps), self.hops + 1, (hop.end, *self.via))

    @property
    def order(self) -> tuple[int, int, str]:
        """Sorts certain ones first, then short ones."""
        return self.rank, self.hops, self.text
