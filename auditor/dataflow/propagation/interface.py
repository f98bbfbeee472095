"""What a rule is: a pure function from one passage, among all others, to a ruling."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from auditor.dataflow.authorizer_cache import Kept, kept
from auditor.dataflow.passage import Passage
from auditor.model.estate import Estate
from auditor.model.fact import Present
from auditor.model.gateway import DeployedRoute, Protocol
from auditor.model.route_parts import AuthorizerDefinition
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

    @cached_property
    def by_stage(self) -> Mapping[tuple[str, str, str], tuple[Passage, ...]]:
        """Return the passages by (account, region, ARN of the stage), canaries among them."""
        found: dict[tuple[str, str, str], list[Passage]] = defaultdict(list)
        for each in self.passages:
            found[_stage(each)].append(each)
        return {key: tuple(several) for key, several in found.items()}

    def of_one_stage(self, passage: Passage) -> tuple[Passage, ...]:
        """Return every passage of the same stage, this one among them."""
        return self.by_stage[_stage(passage)]

    @cached_property
    def _kept(self) -> Mapping[tuple[str, str, str, AuthorizerDefinition], tuple[Kept, tuple[str, ...]]]:
        found: dict[tuple[str, str, str, AuthorizerDefinition], list[DeployedRoute]] = defaultdict(list)
        for each in self.passages:
            if isinstance(each.authorizer, Present) and each.asked is each.route:
                found[*_stage(each), each.authorizer.value].append(each.route)
        return {
            key: (kept(key[3], routes, is_rest=routes[0].protocol is Protocol.REST), tuple(one.arn for one in routes))
            for key, routes in found.items()
        }

    def kept_decisions(self, passage: Passage, definition: AuthorizerDefinition) -> tuple[Kept, tuple[str, ...]]:
        """Return what is to be said of the decisions that an authorizer's cache keeps on a stage, and the routes there."""
        return self._kept[*_stage(passage), definition]


def _stage(passage: Passage) -> tuple[str, str, str]:
    return passage.route.account, passage.route.region, passage.route.stage_arn


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
