"""What a rule is: a pure function from one passage, among all others, to a ruling."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from auditor.dataflow.passage import Passage
from auditor.dataflow.propagation.agreement import Difference, difference, source_of_truth
from auditor.dataflow.propagation.entrances import Entrances
from auditor.dataflow.propagation.identity_names import is_identity_like
from auditor.dataflow.propagation.judging import NOBODY_ASKED
from auditor.dataflow.propagation.sending import HEADER, Sending, identity_writes, sending
from auditor.dataflow.propagation.token_sources import TokenSources
from auditor.dataflow.routing import target_key
from auditor.model.estate import Estate
from auditor.model.fact import Unread
from auditor.model.identity import Origin
from auditor.model.resource import Listing
from auditor.model.ruling import Ruling
from auditor.model.snapshot import Gap

_ROUTE_LISTS = frozenset({"RestApi", "Api", "Stage", "DeployedRoute"})
Key = tuple[str, str]
"""Account and back end; no account where every account reaches the same one."""
Headers = Mapping[str, tuple[Passage, ...]]
"""Routes by the header that they fill."""
_NO_HEADERS: Headers = {}
_FROM_EVERYWHERE = frozenset({"HTTP", "LAMBDA"})
_ANY_ACCOUNT = "*"


@dataclass(frozen=True)
class Neighbours:
    """Every passage of the estate, indexed for rules that look across routes and APIs."""

    estate: Estate
    passages: tuple[Passage, ...]

    @cached_property
    def by_backend(self) -> Mapping[tuple[str, str], tuple[Passage, ...]]:
        """Return the passages by back end; a function counts without its version or alias."""
        found: dict[tuple[str, str], list[Passage]] = defaultdict(list)
        for each in self.passages:
            if each.backend.target is not None:
                found[shared_key(each)].append(each)
        return {key: tuple(several) for key, several in found.items()}

    @cached_property
    def tokens(self) -> TokenSources:
        """Return the passages by what decides about them."""
        return TokenSources(self.passages, self.estate)

    def sent(self, passage: Passage) -> Sending:
        """Return what a route makes of a request: worked out once a passage, for many rules ask."""
        return self._sendings.get(id(passage)) or sending(passage)

    @cached_property
    def _sendings(self) -> Mapping[int, Sending]:
        return {id(each): sending(each) for each in self.passages}

    def identity_headers(self, passage: Passage) -> Headers:
        """Return the headers in which some route tells the same back end who called, with those routes."""
        return self._identity_headers.get(shared_key(passage), _NO_HEADERS)

    def doubtful_headers(self, passage: Passage) -> Headers:
        """Return the headers in which some route may tell the same back end who called: nobody knows who it asks."""
        return self._doubtful_headers.get(shared_key(passage), _NO_HEADERS)

    @cached_property
    def _identity_headers(self) -> Mapping[Key, Headers]:
        return self._by_header(Origin.VERIFIED)

    @cached_property
    def _doubtful_headers(self) -> Mapping[Key, Headers]:
        return self._by_header(Origin.UNKNOWN)

    def _by_header(self, origin: Origin) -> Mapping[Key, Headers]:
        found: dict[Key, dict[str, list[Passage]]] = defaultdict(lambda: defaultdict(list))
        for each in self.passages:
            for name in identity_writes(self.sent(each), origin):
                found[shared_key(each)][name].append(each)
        return {key: {name: tuple(several) for name, several in names.items()} for key, names in found.items()}

    @cached_property
    def learned(self) -> frozenset[str]:
        """Return the headers, folded, that any route of the estate fills from what its authorizer checked."""
        return frozenset(name for names in self._identity_headers.values() for name in names)

    @cached_property
    def doubtful(self) -> Headers:
        """Return the headers that some route of the estate may fill so: nobody knows who it asks."""
        found: dict[str, tuple[Passage, ...]] = {}
        for names in self._doubtful_headers.values():
            found.update(names)
        return found

    def is_identity(self, target: str) -> bool:
        """Return whether the target of a transform is a header that says who calls, by its name or by use."""
        name = target.removeprefix(HEADER)
        return target.startswith(HEADER) and (is_identity_like(name) or name in self.learned)

    @cached_property
    def entrances(self) -> Entrances:
        """Return the domain names of the estate."""
        return Entrances(self.estate)

    @cached_property
    def public(self) -> frozenset[str]:
        """Return the ARNs of the routes that management declared public; empty where the register is not configured."""
        return frozenset(each.route for each in self.estate.registers.public_routes or ())

    def agreement(self, passage: Passage) -> Difference | None:
        """Return where the routes to the same back end differ on who a caller is; None where they do not."""
        return self._agreement.get(shared_key(passage))

    @cached_property
    def _agreement(self) -> Mapping[tuple[str, str], Difference]:
        found = {key: difference(group, self.sent) for key, group in self.by_backend.items() if len(group) > 1}
        return {key: each for key, each in found.items() if each is not None}

    def without_source(self, passage: Passage) -> tuple[Passage, ...]:
        """Return the routes to the same back end of which it is not known what says who calls."""
        return self._without_source.get(shared_key(passage), ())

    @cached_property
    def _without_source(self) -> Mapping[tuple[str, str], tuple[Passage, ...]]:
        found: dict[tuple[str, str], list[Passage]] = defaultdict(list)
        for each in self.passages:
            if each.authenticated_by not in NOBODY_ASKED and source_of_truth(each) is None:
                found[shared_key(each)].append(each)
        return {key: tuple(several) for key, several in found.items()}

    def hidden(self, passage: Passage) -> Gap | None:
        """Return a gap behind which another route to the same back end may hide; None where all were seen."""
        key = shared_key(passage)
        if key[0] == _ANY_ACCOUNT and self._hidden_routes is not None:
            return self._hidden_routes
        return self._hidden.get((passage.route.account, "")) or self._hidden.get(key)

    @cached_property
    def _hidden_routes(self) -> Gap | None:
        """Return a gap behind which a route of any account, to any back end, may hide."""
        return next((gap for (_, key), gap in sorted(self._hidden.items(), key=lambda each: each[0]) if not key), None)

    @cached_property
    def hidden_anywhere(self) -> Gap | None:
        """Return a gap behind which any route of the estate may hide; None where all were seen."""
        return self._hidden[min(self._hidden)] if self._hidden else None

    @cached_property
    def _hidden(self) -> Mapping[tuple[str, str], Gap]:
        """Return the first gap by account and back end; none where it may hide a route to any: a list that ended early."""
        short = {each.account: each for each in reversed(self.estate.listings) if _is_short(each)}
        gaps = {(account, ""): self.estate.gap_of(each) for account, each in short.items()}
        for each in self.passages:
            if isinstance(each.integration, Unread):
                gaps.setdefault((each.route.account, ""), each.integration.gap)
            elif (hidden := _hidden_target(each)) is not None:
                gaps.setdefault((each.route.account, ""), hidden)
            elif isinstance(each.transforms, Unread):
                gaps.setdefault(shared_key(each), each.transforms.gap)
        return gaps


def _is_short(listing: Listing) -> bool:
    return listing.kind in _ROUTE_LISTS and not listing.complete


def _hidden_target(passage: Passage) -> Gap | None:
    """Return a gap that hides which back end a stage variable chooses; a value of which a digest was kept hides behind none."""
    if passage.stage is None or "${" not in (passage.backend.target or ""):
        return None
    facts = (passage.stage.variable_values, passage.stage.canary_variable_values)
    return next((each.gap for each in facts if isinstance(each, Unread)), None)


def backend_key(passage: Passage) -> str:
    """Return what makes two back ends one: the function without version or alias, the origin of a URL, the ARN of a listener."""
    return target_key(passage.backend.target or "")


def shared_key(passage: Passage) -> Key:
    """Return a back end as routes share it: servers on the internet and functions are the same from every account.

    What lies behind a VPC link may be another under the same name.
    """
    is_shared = passage.backend.kind in _FROM_EVERYWHERE and "${" not in (passage.backend.target or "")
    return (_ANY_ACCOUNT if is_shared else passage.route.account, backend_key(passage))


def is_backend_known(passage: Passage) -> bool:
    """Return whether the back end has a name that can be compared.

    A stage variable of unknown value leaves none, nor does a service action: which table or queue it is about stands in the
    request.
    """
    return passage.backend.target is not None and "${" not in backend_key(passage) and not _is_action(passage)


def _is_action(passage: Passage) -> bool:
    return passage.backend.kind == "AWS_SERVICE" and ":action/" in (passage.backend.target or "")


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
