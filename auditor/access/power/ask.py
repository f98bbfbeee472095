"""Whether an identity may do something at one resource, at some resource of a family, or at practically all of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from auditor.access.family import Family
from auditor.access.gateway.answers import NO, Answer, best, rank
from auditor.access.gateway.pair import answer_of
from auditor.access.iam.caller import caller, context_of
from auditor.access.iam.context import Context
from auditor.access.iam.decide import Object, Subject, Verdict, decide
from auditor.access.iam.policies import Layer, Policy, acting, resource_speakers
from auditor.access.iam.request import Arn, Request, Target
from auditor.access.iam.truth import Truth
from auditor.access.parts import parts
from auditor.access.patterns import Relation, relation
from auditor.access.policy import Effect
from auditor.access.principals import Known, Principals, context_at

YES = Answer(Verdict.ALLOWED, "", ())


@dataclass(frozen=True)
class Place:
    """What is asked about: one ARN, or a family of them."""

    account: str
    region: str
    """Of the call; empty: not told."""
    arn: str = ""
    family: str = ""
    """A language (see `patterns`), where it is no single ARN: then any of its ARNs will do."""
    is_whole: bool = False
    """Whether practically all of the family is asked about: what a Deny or NotResource takes out of it is no difference."""
    own: tuple[Policy, ...] = ()
    told: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Whole:
    """A family of which a pattern matches either all or not enough."""

    family: str

    def within(self, language: str) -> Truth:
        """Return whether a pattern covers the family."""
        match relation(language, self.family):
            case Relation.COVERS:
                return Truth.YES
            case Relation.UNKNOWN:
                return Truth.UNKNOWN
            case Relation.DISJOINT | Relation.PARTLY:
                return Truth.NO


class Asker:
    """The identities of an estate, and what is told of a call that one of them makes itself."""

    def __init__(self, principals: Principals, actions: frozenset[str]) -> None:
        """Take the actions, lower case, that will be asked about: which policies name them is looked up once."""
        self.principals = principals
        self._actions = actions
        self._context = context_at(principals.estate).with_told(
            {"aws:viaawsservice": ("false",)}, frozenset({"aws:calledvia", "aws:calledviafirst", "aws:calledvialast"})
        )
        self._named: dict[Policy, frozenset[str]] = {}
        self._of: dict[tuple[str, bool], frozenset[str]] = {}

    def names(self, known: Known, *, told_only: bool = False) -> frozenset[str]:
        """Return the actions that an identity's own policies name in an Allow, or, but for `told_only`, that nobody can tell of."""
        key = (known.who.arn, told_only)
        if key not in self._of:
            policies = (each for each in known.subject.identity if not (told_only and each.trouble))
            self._of[key] = frozenset().union(*(self._names(each) for each in policies))
        return self._of[key]

    def may(self, known: Known, action: str, place: Place) -> Answer:
        """Return the best answer that the place has for an action (lower case)."""
        if action not in self.names(known) and not any(action in self._names(each) for each in place.own):
            return NO
        return self.with_subject(known, known.subject, action, place)

    def with_subject(self, known: Known, subject: Subject, action: str, place: Place) -> Answer:
        """Return the answer as it would be with other policies than the identity has."""
        context = self._told(known, place)
        thing = Object(own=place.own, control=self._control(place.account))
        found = (
            _answer(subject, thing, Request(known.who, action, target, place.account, "", context))
            for target in _targets(subject, thing, (action, context), place)
        )
        return best(found)

    def lets(self, service: str, action: str, place: Place) -> Answer:
        """Return whether a role's trust lets an AWS service take it."""
        from_service = Known(caller(service), Subject(), Context(), None)
        return self.with_subject(from_service, Subject(), action, place)

    def _told(self, known: Known, place: Place) -> Context:
        told = {"aws:resourceaccount": (place.account,), **place.told}
        if place.region:
            told["aws:requestedregion"] = (place.region,)
        context = self._context.with_told(known.keys.told, known.keys.missing).with_told(told, place.missing)
        return context_of(known.who, context)

    def _control(self, account: str) -> tuple[tuple[Policy, ...], ...]:
        if account not in self._controls:
            levels = self.principals.organizations.levels(account, Layer.RESOURCE_CONTROL) if account else ()
            self._controls[account] = levels
        return self._controls[account]

    @cached_property
    def _controls(self) -> dict[str, tuple[tuple[Policy, ...], ...]]:
        return {}

    def _names(self, policy: Policy) -> frozenset[str]:
        if policy not in self._named:
            self._named[policy] = frozenset(
                each
                for each in self._actions
                if policy.trouble or any(one.effect is Effect.ALLOW for one in acting(policy, each))
            )
        return self._named[policy]


def worst(answers: tuple[Answer, ...]) -> Answer:
    """Return several answers, all of which are needed, as one."""
    verdict = max(answers, key=rank).verdict
    by = tuple(dict.fromkeys(label for each in answers for label in each.by))
    conditions = tuple(dict.fromkeys(text for each in answers for text in each.conditions))
    gap = next((each.gap for each in answers if each.gap is not None), None)
    return Answer(verdict, answers[0].layer, by, conditions, gap=gap)


def _answer(subject: Subject, thing: Object, request: Request) -> Answer:
    found = answer_of(decide(subject, thing, request), request, "")
    if found.verdict is Verdict.DENIED or not request.action.startswith("sts:"):
        return found
    # Both sides must agree, and a reader wants to see both: the evaluator names the one that decides.
    trust = (each for each in resource_speakers(thing.own, request) if each.effect is Effect.ALLOW)
    return replace(found, by=tuple(sorted({*found.by, *(each.label for each in trust)})))


def _targets(subject: Subject, thing: Object, asked: tuple[str, Context], place: Place) -> tuple[Target, ...]:
    if place.arn:
        return (Arn(place.arn),)
    if place.is_whole:
        return (_Whole(place.family),)
    action, context = asked
    return parts(subject, action, Family("", place.family), [(thing, context)])
