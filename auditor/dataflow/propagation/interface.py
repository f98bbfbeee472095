"""What a rule is: a pure function from one passage, among all others, to a ruling."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from auditor.dataflow.passage import Passage
from auditor.model.estate import Estate
from auditor.model.ruling import Ruling


@dataclass(frozen=True)
class Neighbours:
    """Every passage of the estate, indexed for rules that look across routes and APIs."""

    estate: Estate
    passages: tuple[Passage, ...]

    @cached_property
    def by_backend(self) -> Mapping[tuple[str, str], tuple[Passage, ...]]:
        """Return the passages by (account, back end); a function counts without its version or alias."""
        found: dict[tuple[str, str], list[Passage]] = defaultdict(list)
        for each in self.passages:
            if each.backend.target is not None:
                found[each.route.account, backend_key(each)].append(each)
        return {key: tuple(several) for key, several in found.items()}

    def of_one_backend(self, passage: Passage) -> tuple[Passage, ...]:
        """Return every passage to the same back end, this one among them; empty where its back end is not known."""
        return self.by_backend.get((passage.route.account, backend_key(passage)), ())


def backend_key(passage: Passage) -> str:
    """Return what makes two back ends one: the function without version or alias, the origin of a URL, the ARN of a listener."""
    target = passage.backend.target or ""
    if ":function:" in target:
        return ":".join(target.split(":")[:7])
    scheme, separator, rest = target.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}".lower() if separator else target


@dataclass(frozen=True)
class Rule:
    """A rule as its module registers it, under the name RULE."""

    id: str
    """`P1` … `P18`."""
    name: str
    """`DROPPED`."""
    title: str
    """What is wrong where it fails, in words: `The back end is not told who called`."""
    judge: Callable[[Passage, Neighbours], Ruling]
