"""How one identity comes to act as another: by trust, by passing a role, by its code, its credentials, its provider."""

import json
from collections.abc import Iterator

from auditor.access.gateway.answers import NO, Answer, rank
from auditor.access.iam.decide import Verdict
from auditor.access.iam.policies import Layer, of_fact, policy
from auditor.access.power.ask import Asker, Place, worst
from auditor.access.power.direct import Direct
from auditor.access.power.passing import PROFILE, WAYS, Way
from auditor.access.power.steps import Hop, Step
from auditor.access.power.targets import Targets
from auditor.access.principals import Known
from auditor.model.fact import Present, Unread
from auditor.model.federation import OidcProvider
from auditor.model.iam import Role, User, is_made_by_aws
from auditor.model.platform import Function

ASSUME = "sts:assumerole"
_PASSING = "iam:passrole"
_TRUST = "iam:updateassumerolepolicy"
CODE = (
    ("lambda:updatefunctioncode", "changes the code of {}"),
    ("lambda:updatefunctionconfiguration", "changes the layers of {}"),
)
_CREDENTIALS = (
    ("iam:createaccesskey", "makes an access key for {}"),
    ("iam:updateloginprofile", "sets the password of {}"),
    ("iam:createloginprofile", "gives {} a password"),
)
_SAML, _THUMBPRINT, _NEW_OIDC = (
    "iam:updatesamlprovider",
    "iam:updateopenidconnectproviderthumbprint",
    "iam:createopenidconnectprovider",
)
_IF_THUMBPRINT = "if AWS goes by the provider's thumbprint, which it does not for all"
_IF_ISSUER = "if tokens of this issuer can be had"
_IF_CENTER = "if IAM lets anybody change Identity Center's own provider"
ACTIONS = frozenset({ASSUME, _PASSING, _TRUST, _SAML, _THUMBPRINT, _NEW_OIDC}) | {
    action for action, _ in (*CODE, *_CREDENTIALS)
}
_OTHERS = ACTIONS - {ASSUME}


class Hops:
    """The hops of an estate."""

    def __init__(self, asker: Asker, direct: Direct, targets: Targets) -> None:
        """Take who is asked, and what stands at each identity."""
        self._asker, self._direct, self._targets = asker, direct, targets
        self._run: dict[tuple[str, Way], Answer] = {}

    def between(self, known: Known, other: Known) -> Iterator[Hop]:
        """Yield the ways in which one identity comes to act as another one, the first way of each kind."""
        if known.who.arn == other.who.arn:
            return
        for step in self._steps(known, other):
            if step is not None and step.answer.verdict is not Verdict.DENIED:
                yield Hop(known.who.arn, other.who.arn, step)

    def _steps(self, known: Known, other: Known) -> Iterator[Step | None]:
        names = self._direct.names(known)
        if isinstance(other.of, Role):
            if self._targets.trust(other.of).may_mean(known, by_account=ASSUME in names):
                yield self._assume(known, other.of)
            if names & _OTHERS or self._targets.functions(other.of):
                yield from self._role(known, other.of, names)
        elif isinstance(other.of, User) and known.who.account == other.who.account:
            yield self._best(known, _CREDENTIALS, (self._at(other), other.who.name))

    def _role(self, known: Known, role: Role, names: frozenset[str]) -> Iterator[Step | None]:
        if _TRUST in names and known.who.account == role.account and not is_made_by_aws(role.arn):
            yield self._retrust(known, role)
        if _PASSING in names and known.who.account == role.account:
            yield self._pass(known, role, names)
        for function in self._targets.functions(role):
            yield self.code(known, function)
        if known.who.account == role.account:
            yield from self._providers(known, role)

    def _assume(self, known: Known, role: Role) -> Step:
        place = Place(role.account, self._region, arn=role.arn, own=self._targets.trust(role).policies)
        return Step(f"assumes {role.name}", self._asker.may(known, ASSUME, place))

    def _retrust(self, known: Known, role: Role) -> Step:
        changed = self._asker.may(known, _TRUST, Place(role.account, self._direct.iam_region, arn=role.arn))
        if changed.verdict is not Verdict.DENIED:
            taken = self._asker.may(known, ASSUME, self._as_changed(known, role))
            changed = worst((changed, Answer(taken.verdict, taken.layer, (), taken.conditions)))
        return Step(f"changes the trust policy of {role.name} and assumes it", changed)

    def _as_changed(self, known: Known, role: Role) -> Place:
        statement = {"Effect": "Allow", "Principal": {"AWS": known.who.arn}, "Action": "sts:AssumeRole"}
        trust = policy(Layer.TRUST, "as changed", json.dumps({"Statement": [statement]}))
        return Place(role.account, self._region, arn=role.arn, own=(trust,))

    def _pass(self, known: Known, role: Role, names: frozenset[str]) -> Step | None:
        """Return the best way to make a service run something under the role."""
        best: Step | None = None
        for way in WAYS:
            if way.service not in self._targets.trust(role).services:
                continue
            if any(action not in names for action, _ in way.needs):
                continue
            found = Step(f"passes {role.name} to {way.what}", self._way(known, role, way))
            if best is None or rank(found.answer) < rank(best.answer):
                best = found
        return best

    def _way(self, known: Known, role: Role, way: Way) -> Answer:
        place = Place(role.account, self._direct.iam_region, arn=role.arn, told={"iam:passedtoservice": (way.service,)})
        passed = self._asker.may(known, _PASSING, place)
        if passed.verdict is Verdict.DENIED:
            return NO
        trust = Place(role.account, self._region, arn=role.arn, own=self._targets.trust(role).policies)
        lets = self._asker.lets(way.service, ASSUME, trust)
        return worst((passed, lets, self._runs(known, way), self._profile(known, role, way)))

    def _runs(self, known: Known, way: Way) -> Answer:
        """Return whether an identity may make a service run something, in the region where it best may; whatever the role."""
        key = (known.who.arn, way)
        if key not in self._run:
            found = (self._runs_in(known, way, region) for region in self._regions)
            self._run[key] = min(found, key=rank, default=NO)
        return self._run[key]

    def _runs_in(self, known: Known, way: Way, region: str) -> Answer:
        account = known.who.account
        asked = way.asked((self._direct.partition, region, account))
        return worst(
            tuple(self._asker.may(known, action, Place(account, region, family=each)) for action, each in asked)
        )

    def _profile(self, known: Known, role: Role, way: Way) -> Answer:
        """Return whether an instance can have the role: by a profile that it stands in, or by a new one."""
        if way.service != "ec2.amazonaws.com" or (
            isinstance(role.instance_profiles, Present) and role.instance_profiles.value
        ):
            return Answer(Verdict.ALLOWED, "")
        iam = Way("iam", "", PROFILE, "")
        asked = iam.asked((self._direct.partition, "", role.account))
        found = worst(
            tuple(
                self._asker.may(known, action, Place(role.account, self._direct.iam_region, family=each))
                for action, each in asked
            )
        )
        if found.verdict is Verdict.ALLOWED or not isinstance(role.instance_profiles, Unread):
            return found
        why = (f"instance profiles of {role.name} were not read",)
        return Answer(Verdict.UNKNOWN, "", why, gap=role.instance_profiles.gap)

    def code(self, known: Known, function: Function) -> Step | None:
        """Return how an identity makes a function run other code; None where it cannot."""
        wanted = self._function(function)
        return self._best(known, CODE, (wanted, function.function_arn.rpartition(":")[2]))

    def _function(self, function: Function) -> Place:
        own = (
            of_fact(function.policy, Layer.RESOURCE, f"of {function.name}")
            if function.arn == function.function_arn
            else ()
        )
        return Place(function.account, function.region, arn=function.function_arn, own=own)

    def _providers(self, known: Known, role: Role) -> Iterator[Step | None]:
        for arn in self._targets.trust(role).providers:
            if ":saml-provider/" in arn:
                condition = _IF_CENTER if arn.endswith("_DO_NOT_DELETE") else ""
                yield self._provider(known, _SAML, arn, condition)
            elif ":oidc-provider/" in arn:
                is_there = self._targets.estate.one(OidcProvider, role.account, arn) is not None
                yield self._provider(known, _THUMBPRINT, arn, _IF_THUMBPRINT)
                yield None if is_there else self._provider(known, _NEW_OIDC, arn, _IF_ISSUER)

    def _provider(self, known: Known, action: str, arn: str, condition: str) -> Step:
        found = self._asker.may(known, action, Place(known.who.account, self._direct.iam_region, arn=arn))
        if condition and found.verdict is Verdict.ALLOWED:
            found = Answer(Verdict.CONDITIONAL, found.layer, found.by, (*found.conditions, condition))
        word = "makes" if action == _NEW_OIDC else "changes"
        return Step(f"{word} the identity provider {arn.partition('-provider/')[2]}", found)

    def _best(self, known: Known, actions: tuple[tuple[str, str], ...], at: tuple[Place, str]) -> Step | None:
        place, name = at
        found = [Step(what.format(name), self._asker.may(known, action, place)) for action, what in actions]
        best = min(found, key=lambda each: rank(each.answer))
        return None if best.answer.verdict is Verdict.DENIED else best

    def _at(self, known: Known) -> Place:
        return Place(known.who.account, self._direct.iam_region, arn=known.who.arn)

    @property
    def _regions(self) -> tuple[str, ...]:
        return self._targets.estate.snapshot.scope.regions

    @property
    def _region(self) -> str:
        return next(iter(self._regions), "")
