"""What was decided of each part of a route, added up: all of its paths, some, or none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from auditor.access.iam.decide import Verdict
from auditor.model.access import Access, Paths
from auditor.model.snapshot import Gap

MOST_FIRST = (Verdict.ALLOWED, Verdict.CONDITIONAL, Verdict.UNKNOWN, Verdict.DENIED)
"""Of several ways in, the one that lets most through counts."""
_LEAST_FIRST = (Verdict.UNKNOWN, Verdict.CONDITIONAL, Verdict.ALLOWED, Verdict.DENIED)
"""Of several parts that are let in somehow, the one that says least counts."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The decision on one part of a route, on the best way in."""

    verdict: Verdict
    layer: str
    """What decided, in words: an IAM layer, or `authentication`, `token`, `authorizer`, `authorization type`, `API key`."""
    by: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    witness: str = ""
    """An ARN of the part."""
    note: str = ""
    """What AWS's own pages leave open about it."""
    gap: Gap | None = None
    """Of an unknown answer: the call that would have told, where one left a gap."""


NO = Answer(Verdict.DENIED, "")
"""Where no policy speaks of what is asked."""


def rank(answer: Answer) -> int:
    """Return 0 for what is certain, up to 3 for what is denied."""
    return MOST_FIRST.index(answer.verdict)


def best(answers: Iterable[Answer]) -> Answer:
    """Return the first of the answers that let most through."""
    return min(answers, key=rank)


def summed(principal: str, answers: Sequence[Answer]) -> Access:
    """Return the answer for the whole route: partly where some parts are allowed and the others are denied."""
    verdicts = {each.verdict for each in answers}
    paths = Paths.NONE if verdicts == {Verdict.DENIED} else Paths.SOME if Verdict.DENIED in verdicts else Paths.ALL
    least = next(each for each in _LEAST_FIRST if each in verdicts)
    shown = next(each for each in answers if each.verdict is least)
    return Access(
        principal=principal,
        decision="partly" if paths is Paths.SOME and least is Verdict.ALLOWED else least.value,
        paths=paths,
        witness=shown.witness if paths is Paths.SOME else None,
        by=shown.by,
        conditions=tuple(each for each in (*shown.conditions, shown.note) if each),
    )
