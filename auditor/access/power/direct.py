"""The power that an identity has by its own policies: administrator, or writer of the gateway.

An administrator may give every identity of its own kind whatever rights it likes: by iam:*, by everything, or in other words.
"""

from dataclasses import replace
from enum import StrEnum
from functools import cached_property

from auditor.access.gateway.answers import NO, Answer, rank
from auditor.access.iam.caller import Kind
from auditor.access.iam.decide import Subject, Verdict
from auditor.access.iam.policies import Layer, policy
from auditor.access.patterns import REST, SEGMENT, STAR, literal
from auditor.access.power.ask import Asker, Place
from auditor.access.principals import Known
from auditor.model.estate import Estate
from auditor.model.gateway import Api, DomainName, RestApi

VERBS = ("apigateway:patch", "apigateway:put", "apigateway:post", "apigateway:delete")
"""API Gateway's own words for changing anything: its actions are the methods of HTTP."""
_GIVING = {
    Kind.ROLE: (("iam:attachrolepolicy", "role/"), ("iam:putrolepolicy", "role/")),
    Kind.USER: (("iam:attachuserpolicy", "user/"), ("iam:putuserpolicy", "user/")),
}
ACTIONS = frozenset({*VERBS, *(action for pairs in _GIVING.values() for action, _ in pairs)})
_BELOW = {
    "/restapis/": (
        "",
        "/authorizers",
        "/authorizers/%",
        "/deployments",
        "/deployments/%",
        "/gatewayresponses/%",
        "/models/%",
        "/policy",
        "/requestvalidators/%",
        "/resources",
        "/resources/%",
        "/resources/%/methods/%",
        "/resources/%/methods/%/integration",
        "/resources/%/methods/%/integration/responses/%",
        "/resources/%/methods/%/responses/%",
        "/stages",
        "/stages/%",
    ),
    "/apis/": (
        "",
        "/authorizers",
        "/authorizers/%",
        "/cors",
        "/deployments",
        "/deployments/%",
        "/integrations",
        "/integrations/%",
        "/routes",
        "/routes/%",
        "/stages",
        "/stages/%",
    ),
    "/domainnames/": (
        "",
        "/apimappings",
        "/apimappings/%",
        "/basepathmappings",
        "/basepathmappings/%",
        "/routingrules",
        "/routingrules/%",
    ),
}
"""What API Gateway's management ARNs name below an API or a domain name (service authorization reference); `%` an id."""
_EVERYTHING = policy(
    Layer.IDENTITY, "as changed", '{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
)
_NO_BOUNDARY = frozenset({"iam:permissionsboundary"})


class Power(StrEnum):
    """What a path leads to, in words."""

    ADMINISTRATOR = "administrator"
    WRITER = "writer of the gateway"


class Direct:
    """What each identity of an estate is by itself."""

    def __init__(self, asker: Asker, estate: Estate) -> None:
        """Take who is asked and where the APIs stand."""
        self.asker, self._estate = asker, estate
        self._known: dict[tuple[str, Power], Answer] = {}
        self._potentials: dict[str, Answer] = {}

    @property
    def partition(self) -> str:
        """Return the partition of the snapshot."""
        return self._estate.snapshot.scope.partition

    @property
    def iam_region(self) -> str:
        """Return the region that calls of IAM carry; that of other partitions is not told here."""
        return "us-east-1" if self.partition == "aws" else ""

    def names(self, known: Known) -> frozenset[str]:
        """Return the actions by which an identity may come to more than it is; of one that may be anything, those that are told."""
        return self.asker.names(known, told_only=self.has(known, Power.ADMINISTRATOR).verdict is Verdict.UNKNOWN)

    def has(self, known: Known, power: Power) -> Answer:
        """Return whether an identity has a power by its own policies."""
        key = (known.who.arn, power)
        if key not in self._known:
            is_admin = power is Power.ADMINISTRATOR
            self._known[key] = self._gives(known, known.subject) if is_admin else self._writes(known)
        return self._known[key]

    def potential(self, known: Known) -> Answer:
        """Return whether an identity would be administrator if its policies allowed everything."""
        arn = known.who.arn
        if arn not in self._potentials:
            own = (*known.subject.identity, _EVERYTHING)
            self._potentials[arn] = self.would(known, replace(known.subject, identity=own))
        return self._potentials[arn]

    def unbound(self, known: Known) -> Answer:
        """Return whether an identity would be administrator without its permissions boundary."""
        return self.would(known, replace(known.subject, boundary=())) if known.subject.boundary else NO

    def would(self, known: Known, subject: Subject) -> Answer:
        """Return whether an identity would be administrator with other policies than it has."""
        return self._gives(known, subject)

    def attaching(self) -> dict[str, tuple[str, ...]]:
        """Return what is told of a call that attaches the policy of administrators."""
        return {"iam:policyarn": (f"arn:{self.partition}:iam::aws:policy/AdministratorAccess",)}

    def _gives(self, known: Known, subject: Subject) -> Answer:
        best = NO
        for action, kind in _GIVING.get(known.who.kind, ()):
            place = Place(
                known.who.account,
                self.iam_region,
                family=literal(f"arn:{self.partition}:iam::{known.who.account}:{kind}") + REST,
                is_whole=True,
                told=self.attaching() if "attach" in action else {},
                missing=_NO_BOUNDARY,
            )
            if subject is known.subject:
                found = self.asker.may(known, action, place)
            else:
                found = self.asker.with_subject(known, subject, action, place)
            best = min((best, found), key=rank)
        return best

    def _writes(self, known: Known) -> Answer:
        best = NO
        verbs = tuple(each for each in VERBS if each in self.asker.names(known))
        for arn, region in self._apis.get(known.who.account, ()) if verbs else ():
            for verb in verbs:
                found = self._writes_at(known, verb, (arn, region))
                if found.verdict is Verdict.ALLOWED:
                    return found
                best = min((best, found), key=rank)
        return best

    def _writes_at(self, known: Known, verb: str, api: tuple[str, str]) -> Answer:
        """Return whether an identity may use a verb at an API or anything below it."""
        arn, region = api
        account = known.who.account
        # A wildcard crosses everything, so this family holds ARNs that are none; but who is denied it is denied all.
        if self.asker.may(known, verb, Place(account, region, family=literal(arn) + STAR)).verdict is Verdict.DENIED:
            return NO
        places = (Place(account, region, family=literal(arn) + each) for each in _below(arn))
        return min((self.asker.may(known, verb, each) for each in places), key=rank)

    @cached_property
    def _apis(self) -> dict[str, list[tuple[str, str]]]:
        """ARN and region of APIs and domain names, by account."""
        found: dict[str, list[tuple[str, str]]] = {}
        held = (*self._estate.of(RestApi), *self._estate.of(Api), *self._estate.of(DomainName))
        for each in held:
            found.setdefault(each.account, []).append((each.arn, each.region))
        return found


def _below(arn: str) -> tuple[str, ...]:
    """Return the languages of what stands at and below an API or domain name."""
    ends = next((each for kind, each in _BELOW.items() if kind in arn), ("",))
    return tuple(SEGMENT.join(literal(part) for part in each.split("%")) for each in ends)
