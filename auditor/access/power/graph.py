"""Every identity's paths to power: certain ones first, then short ones, a few of each.

Worked out from the powers back: who holds one, who becomes whoever does, and so on. So only what leads to power is asked about.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from auditor.access.gateway.answers import Answer, rank
from auditor.access.iam.decide import Verdict
from auditor.access.organizations import gap_of
from auditor.access.power import direct, edits, hops, passing
from auditor.access.power.ask import Asker
from auditor.access.power.direct import Direct, Power
from auditor.access.power.edits import Edits
from auditor.access.power.hops import Hops
from auditor.access.power.steps import Hop, Path, Step
from auditor.access.power.targets import Targets, identities
from auditor.access.principals import Known, Principals
from auditor.model.estate import Estate

MOST_PATHS = 5
"""As many are kept of each identity to each power."""
_RANKS = (0, 1, 2)
_UNKNOWN_ROLE = "acts as a role that was not read"


def paths_of(estate: Estate) -> "Paths":
    """Return the paths of an estate; `estate.once` shares them."""
    return Paths(estate.once(Principals))


@dataclass(frozen=True)
class Paths:
    """The paths of an estate."""

    principals: Principals

    def of(self, arn: str, power: Power) -> tuple[Path, ...]:
        """Return the paths of an identity to a power, best first; one of no hops where it has the power itself."""
        return self._found[power].get(arn, ())

    @cached_property
    def _found(self) -> Mapping[Power, Mapping[str, tuple[Path, ...]]]:
        return {power: _Search(self, power).found for power in Power}

    @cached_property
    def asker(self) -> Asker:
        """Who is asked."""
        return Asker(self.principals, direct.ACTIONS | hops.ACTIONS | edits.ACTIONS | passing.ACTIONS)

    @cached_property
    def direct(self) -> Direct:
        """What each identity is by itself."""
        return Direct(self.asker, self.principals.estate)

    @cached_property
    def hops(self) -> Hops:
        """How identities become others."""
        return Hops(self.asker, self.direct, self.targets)

    @cached_property
    def targets(self) -> Targets:
        """What stands at each identity."""
        return Targets(self.principals)

    @cached_property
    def everyone(self) -> tuple[Known, ...]:
        """Every identity that people can make act, by ARN."""
        return tuple(identities(self.principals))

    def between(self, known: Known, end: Known) -> tuple[Hop, ...]:
        """Return the hops by which one identity comes to act as another, worked out once."""
        key = (known.who.arn, end.who.arn)
        if key not in self._between:
            self._between[key] = tuple(self.hops.between(known, end))
        return self._between[key]

    @cached_property
    def _between(self) -> dict[tuple[str, str], tuple[Hop, ...]]:
        return {}

    @cached_property
    def climbers(self) -> tuple[Known, ...]:
        """Return who is not certainly administrator by himself: the others need no way."""
        return tuple(
            each for each in self.everyone if self.direct.has(each, Power.ADMINISTRATOR).verdict is not Verdict.ALLOWED
        )

    @cached_property
    def edited(self) -> Mapping[str, tuple[Path, ...]]:
        """The paths to administrator that end with an edit: of the identity itself, or of one that it comes to act as."""
        maker = Edits(self.asker, self.direct, self.targets)
        found = {known.who.arn: tuple(self._edits(maker, known)) for known in self.climbers}
        return {arn: several for arn, several in found.items() if several}

    def _edits(self, maker: Edits, known: Known) -> Iterator[Path]:
        if not self.direct.names(known) & edits.ACTIONS:
            return
        own = [Path(known.who.arn, Power.ADMINISTRATOR, (step,), 1) for step in maker.of(known, known)]
        yield from own
        if any(each.rank == 0 for each in own):
            return
        for other in self.climbers:
            for path in () if other is known else self._edit_of(maker, known, other):
                yield path
                if path.rank == 0:
                    return

    def _edit_of(self, maker: Edits, known: Known, other: Known) -> Iterator[Path]:
        """Yield the paths on which an identity edits another one and then comes to act as that."""
        first = next(iter(sorted(maker.of(known, other), key=lambda each: rank(each.answer))), None)
        if first is None:
            return
        for hop in self.between(known, other):
            yield Path(known.who.arn, Power.ADMINISTRATOR, (first, hop.step), 2, (hop.end,))


class _Search:
    """One power's paths."""

    def __init__(self, paths: Paths, power: Power) -> None:
        self._paths, self._power = paths, power
        self._by_arn = {each.who.arn: each for each in paths.everyone}

    @cached_property
    def found(self) -> dict[str, tuple[Path, ...]]:
        """Every identity's paths, best first."""
        found: dict[str, dict[str, Path]] = {each.who.arn: {} for each in self._paths.everyone}
        for path in self._starts:
            found[path.start][path.text] = path
        for onward in self._ends:
            for known in self._paths.climbers:
                mine = found[known.who.arn]
                if not _is_full(mine, onward):
                    mine.update((path.text, path) for path in self._onward(known, onward))
        kept = {arn: sorted(few.values(), key=lambda each: each.order) for arn, few in found.items() if few}
        return {arn: tuple(few[:MOST_PATHS]) for arn, few in kept.items()}

    @cached_property
    def _ends(self) -> list[Path]:
        """The best path of each identity that has one, best first."""
        best: dict[str, Path] = {}
        for limit in _RANKS:
            best = {**self._shortest(limit), **best}
        return sorted(best.values(), key=lambda each: (each.order[:2], each.start))

    def _onward(self, known: Known, path: Path) -> Iterator[Path]:
        """Yield the paths on which an identity first becomes the one at which another path begins."""
        if known.who.arn not in path.via:
            for hop in self._paths.between(known, self._by_arn[path.start]):
                yield path.after(hop)

    @cached_property
    def _starts(self) -> tuple[Path, ...]:
        return tuple(self._first())

    def _first(self) -> Iterator[Path]:
        """Yield the paths that end where they begin, or need one hop: power that is held, edits, and functions whose role nobody knows."""
        for known in self._paths.everyone:
            answer = self._paths.direct.has(known, self._power)
            if answer.verdict is not Verdict.DENIED:
                yield Path(known.who.arn, self._power, (Step(f"is {self._power.value}", answer),), 0)
            yield from self._hidden(known)
        if self._power is Power.ADMINISTRATOR:
            yield from (path for several in self._paths.edited.values() for path in several)

    def _hidden(self, known: Known) -> Iterator[Path]:
        for function in self._paths.targets.unclear_functions:
            step = self._paths.hops.code(known, function)
            if step is not None:
                why = (f"role of {function.name} was not read",)
                end = Step(_UNKNOWN_ROLE, Answer(Verdict.UNKNOWN, "", why, gap=gap_of(function.role)))
                yield Path(known.who.arn, self._power, (step, end), 1)

    def _shortest(self, limit: int) -> dict[str, Path]:
        """Return the shortest path of each identity that has one as certain as this rank; nearest ones first."""
        best: dict[str, Path] = {}
        reached: set[str] = set()
        waiting = sorted((each for each in self._starts if each.rank <= limit), key=_near)
        while waiting:
            nearest = [each for each in waiting if each.hops == waiting[0].hops]
            rest = [each for each in waiting if each.hops > waiting[0].hops]
            fresh = [each for each in nearest if best.setdefault(each.start, each) is each]
            reached |= best.keys()
            onward = [path for each in fresh for path in self._reach(each, reached, limit)]
            waiting = sorted((*rest, *onward), key=_near)
        return best

    def _reach(self, path: Path, reached: set[str], limit: int) -> Iterator[Path]:
        """Yield what leads to a path, certain enough, from those whom nothing has reached yet; they are reached then."""
        for known in self._paths.climbers:
            if known.who.arn not in reached:
                found = [each for each in self._onward(known, path) if each.rank <= limit]
                if found:
                    reached.add(known.who.arn)
                yield from found


def _near(path: Path) -> tuple[int, str, str]:
    return path.hops, path.start, path.text


def _is_full(mine: Mapping[str, Path], onward: Path) -> bool:
    """Return whether an identity has as many paths as are kept, none of which can be worse than one that leads through another."""
    return sum(1 for each in mine.values() if each.rank <= onward.rank and each.hops <= onward.hops + 1) >= MOST_PATHS


__all__ = ["MOST_PATHS", "Path", "Paths", "Power"]
