"""What a rule is: a pure function from one passage, among all others, to a ruling."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from auditor.dataflow.passage import Passage
from auditor.dataflow.propagation.identity_names import is_identity_like
from auditor.dataflow.propagation.sending import HEADER, Sending, sending
from auditor.dataflow.ways import needed_ways
from auditor.model.estate import Estate
from auditor.model.fact import NotReadError, Unread
from auditor.model.gateway import DomainName
from auditor.model.identity import Origin
from auditor.model.resource import Listing
from auditor.model.ruling import Ruling
from auditor.model.snapshot import Gap

_ROUTE_LISTS = frozenset({"RestApi", "Api", "Stage", "DeployedRoute"})
_NO_HEADERS: Mapping[str, tuple[Passage, ...]] = {}


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

    def sent(self, passage: Passage) -> Sending:
        """Return what a route makes of a request: worked out once a passage, for many rules ask."""
        return self._sendings.get(id(passage)) or sending(passage)

    @cached_property
    def _sendings(self) -> Mapping[int, Sending]:
        return {id(each): sending(each) for each in self.passages}

    def identity_headers(self, passage: Passage) -> Mapping[str, tuple[Passage, ...]]:
        """Return the headers in which some route tells the same back end who called, with those routes."""
        return self._identity_headers.get((passage.route.account, backend_key(passage)), _NO_HEADERS)

    @cached_property
    def _identity_headers(self) -> Mapping[tuple[str, str], Mapping[str, tuple[Passage, ...]]]:
        found: dict[tuple[str, str], dict[str, list[Passage]]] = defaultdict(lambda: defaultdict(list))
        for each in self.passages:
            if each.backend.target is not None:
                for name in self._set_from_verified(each):
                    found[each.route.account, backend_key(each)][name].append(each)
        return {key: {name: tuple(several) for name, several in names.items()} for key, names in found.items()}

    def _set_from_verified(self, passage: Passage) -> tuple[str, ...]:
        writes = self.sent(passage).writes
        found = (each.target for each in writes if each.origin is Origin.VERIFIED and each.target.startswith(HEADER))
        return tuple(dict.fromkeys(each.removeprefix(HEADER) for each in found))

    @cached_property
    def learned(self) -> frozenset[str]:
        """Return the headers, folded, that any route of the estate fills from what its authorizer checked."""
        return frozenset(name for each in self.passages for name in self._set_from_verified(each))

    def is_identity(self, target: str) -> bool:
        """Return whether the target of a transform is a header that says who calls, by its name or by use."""
        name = target.removeprefix(HEADER)
        return target.startswith(HEADER) and (is_identity_like(name) or name in self.learned)

    def domain(self, passage: Passage, name: str) -> DomainName | None:
        """Return the custom domain name by which a door of a route is reached."""
        return self._domains.get((passage.route.account, passage.route.region, name))

    @cached_property
    def _domains(self) -> Mapping[tuple[str, str, str], DomainName]:
        return {(each.account, each.region, each.domain): each for each in self.estate.of(DomainName)}

    @cached_property
    def behind_cdn(self) -> Mapping[str, bool | None]:
        """Return what management declared of domain names: whether a CDN with a WAF stands before them."""
        return {each.domain: each.behind_cdn for each in self.estate.registers.domains or ()}

    def hidden_door(self, passage: Passage) -> Gap | None:
        """Return a gap behind which a domain name, a mapping or a rule may hide that leads to a route."""
        return self._hidden_doors[passage.route.account, passage.route.region]

    @cached_property
    def _hidden_doors(self) -> Mapping[tuple[str, str], Gap | None]:
        return {place: _hidden_door(place, self.estate) for place in {_place(each) for each in self.passages}}

    def hidden(self, passage: Passage) -> Gap | None:
        """Return a gap behind which another route to the same back end may hide; None where all were seen."""
        return self._hidden.get(passage.route.account)

    @cached_property
    def _hidden(self) -> Mapping[str, Gap]:
        """Return the first gap by account: an API list that ended early, or a route whose integration was not read."""
        found = {each.account: each for each in reversed(self.estate.listings) if _is_short(each)}
        gaps = {account: self.estate.gap_of(each) for account, each in found.items()}
        for each in self.passages:
            for fact in (each.integration, each.transforms):
                if isinstance(fact, Unread):
                    gaps.setdefault(each.route.account, fact.gap)
        return gaps


def _place(passage: Passage) -> tuple[str, str]:
    return passage.route.account, passage.route.region


def _hidden_door(place: tuple[str, str], estate: Estate) -> Gap | None:
    try:
        estate.whole(DomainName, *place)
        for each in estate.of(DomainName):
            if (each.account, each.region) == place:
                needed_ways(each)
    except NotReadError as not_read:
        return not_read.gap
    return None


def _is_short(listing: Listing) -> bool:
    return listing.kind in _ROUTE_LISTS and not listing.complete


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
