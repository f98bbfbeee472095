"""What changes the gateway: API Gateway's own verbs, and the functions and app clients on which its authorization rests."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from auditor.access.gateway.answers import Answer
from auditor.access.iam.decide import Verdict
from auditor.access.iam.policies import Layer, of_fact
from auditor.access.power import direct
from auditor.access.power.ask import Asker, Place
from auditor.access.power.direct import VERBS, Direct, Power
from auditor.access.power.targets import Targets
from auditor.access.principals import Known, Principals
from auditor.checks.functions_behind import BehindItem, authorizer_of
from auditor.checks.pools_in_use import PoolsInUse
from auditor.dataflow.functions import function_name, unqualified
from auditor.model.cognito import UserPool
from auditor.model.estate import Estate
from auditor.model.fact import NotReadError
from auditor.model.gateway import Api, DeployedRoute, DomainName, RestApi
from auditor.model.platform import Function
from auditor.model.resource import Resource

_ON_FUNCTIONS = (
    ("lambda:updatefunctioncode", "changes the code of authorizer {}"),
    ("lambda:addpermission", "changes who may call authorizer {}"),
)
_ON_POOLS = "cognito-idp:updateuserpoolclient"
_OF_FUNCTIONS = frozenset(action for action, _ in _ON_FUNCTIONS)
_APIS: tuple[type[Resource], ...] = (RestApi, Api, DomainName)


@dataclass(frozen=True)
class Write:
    """A way to change the gateway that an identity has, or may have."""

    what: str
    answer: Answer


@dataclass(frozen=True)
class Writes:
    """What an estate's identities may change. Build one, and share it."""

    estate: Estate

    @cached_property
    def principals(self) -> Principals:
        """The identities."""
        return self.estate.once(Principals)

    @cached_property
    def targets(self) -> Targets:
        """What stands at them."""
        return Targets(self.principals)

    @cached_property
    def _asker(self) -> Asker:
        return Asker(self.principals, direct.ACTIONS | _OF_FUNCTIONS | {_ON_POOLS})

    @cached_property
    def _direct(self) -> Direct:
        return Direct(self._asker, self.estate)

    def of(self, known: Known) -> tuple[Write, ...]:
        """Return what an identity may change, or may under conditions; of functions and pools the first of each."""
        return tuple(each for each in self._all(known) if each.answer.verdict is not Verdict.DENIED)

    def is_administrator(self, known: Known) -> bool:
        """Return whether an identity may give itself any right."""
        return self._direct.has(known, Power.ADMINISTRATOR).verdict is Verdict.ALLOWED

    def none_hides(self, known: Known) -> str:
        """Return why there may be more that an identity can change, empty where not; raise NotReadError where a gap hides it."""
        names = self._asker.names(known)
        if names & set(VERBS):
            self._whole(_APIS, known.who.account)
        if names & _OF_FUNCTIONS or self._changes_any(known):
            gap = next((each.hidden for each in self._hidden if each.hidden is not None), None)
            if gap is not None:
                raise NotReadError(gap)
            self._pools.none_hides()
            if self._hidden:
                return self._hidden[0].unknown
        if _ON_POOLS in names:
            self._pools.none_hides()
            self._whole((UserPool,), known.who.account)
        return ""

    def _changes_any(self, known: Known) -> bool:
        """Return whether the own policy of some function lets an identity change it: where an authorizer hides, it may be that."""
        if not self._hidden:
            return False
        asked = ((self._function(arn), action) for arn in self._by_arn for action in sorted(_OF_FUNCTIONS))
        return any(self._asker.may(known, action, at).verdict is not Verdict.DENIED for at, action in asked)

    def _whole(self, kinds: tuple[type[Resource], ...], account: str) -> None:
        for region in self.estate.snapshot.scope.regions:
            for kind in kinds:
                self.estate.whole(kind, account, region)

    def _all(self, known: Known) -> Iterator[Write]:
        yield Write("writes to API Gateway", self._direct.has(known, Power.WRITER))
        names = self._asker.names(known)
        for action, what in _ON_FUNCTIONS:
            asked = ((self._function(each), each) for each in self._functions)
            yield from self._first(known, action, ((at, what.format(function_name(arn))) for at, arn in asked))
        if _ON_POOLS in names:
            found = ((Place(each.account, each.region, arn=each.arn), each) for each in self._in_use)
            yield from self._first(
                known, _ON_POOLS, ((at, f"changes clients of user pool {of.name}") for at, of in found)
            )

    def _first(self, known: Known, action: str, asked: Iterator[tuple[Place, str]]) -> Iterator[Write]:
        """Yield the first that is certain; before it those that are not."""
        for place, what in asked:
            found = Write(what, self._asker.may(known, action, place))
            yield found
            if found.answer.verdict is Verdict.ALLOWED:
                return

    def _function(self, arn: str) -> Place:
        """Return the place of an authorizer's function; of one that was not read its ARN alone."""
        _, _, _, region, account, *_ = arn.split(":")
        known = self._by_arn.get(arn)
        own = () if known is None else of_fact(known.policy, Layer.RESOURCE, f"of {known.name}")
        return Place(account, region, arn=arn, own=own)

    @cached_property
    def _by_arn(self) -> dict[str, Function]:
        return {each.arn: each for each in self.estate.of(Function)}

    @cached_property
    def _told(self) -> tuple[str | BehindItem, ...]:
        routes = self.estate.of(DeployedRoute)
        return tuple(each for route in routes for each in authorizer_of(route, self.estate))

    @cached_property
    def _functions(self) -> tuple[str, ...]:
        return tuple(sorted({unqualified(each) for each in self._told if isinstance(each, str)}))

    @cached_property
    def _hidden(self) -> tuple[BehindItem, ...]:
        """The places where an authorizer's function hides."""
        return tuple(each for each in self._told if isinstance(each, BehindItem))

    @cached_property
    def _pools(self) -> PoolsInUse:
        return PoolsInUse(self.estate)

    @cached_property
    def _in_use(self) -> tuple[UserPool, ...]:
        return tuple(each for each in self.estate.of(UserPool) if self._pools.opens(each.arn) is not None)
