"""Who from outside a snapshot may take a role: anyone, other accounts, and users of a provider whose subject is left open."""

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.access.iam.caller import Caller, Kind
from auditor.access.iam.context import Context
from auditor.access.iam.decide import Subject, Verdict
from auditor.access.iam.policies import Layer, policy
from auditor.access.policy import Effect, Statement
from auditor.access.power.ask import Place
from auditor.access.power.graph import Paths
from auditor.access.power.hops import ASSUME
from auditor.access.principals import Known
from auditor.checks.iam.federated_claims import Claim, keys_of, subject
from auditor.checks.iam.trust_statements import opens
from auditor.model.iam import Role

_ANYTHING = policy(Layer.IDENTITY, "of its own", '{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}')
_OF_CLAIM = {
    Claim.MISSING: (Verdict.ALLOWED, "with no subject named"),
    Claim.WIDE: (Verdict.ALLOWED, "with subjects of several projects or tenants"),
    Claim.LOOSE: (Verdict.CONDITIONAL, "with a subject that a token may leave out"),
    Claim.PATTERN: (Verdict.CONDITIONAL, "with a pattern of subjects"),
    Claim.UNKNOWN: (Verdict.UNKNOWN, "with a condition on the subject that is not understood"),
}
_OIDC = ":oidc-provider/"


@dataclass(frozen=True)
class Outsider:
    """One who is no identity of the snapshot, as a role's trust policy names it."""

    name: str
    """For people: `anyone`, `account 999988887777`, `users of PROVIDER`."""
    principal: str
    """As a register names it; empty where nobody knows who it is, so that no register can."""
    verdict: Verdict
    by: str
    """The statement."""
    conditions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return who it is and under what, in words."""
        return f"{self.name} ({'; '.join((self.by, *self.conditions))})"


def outsiders(role: Role, paths: Paths) -> tuple[Outsider, ...]:
    """Return the outsiders that a role's trust policy lets in, or may; each once, by name."""
    trust = paths.targets.trust(role)
    found: dict[str, Outsider] = {}
    for each in trust.policies:
        if each.trouble:
            found["?"] = Outsider("whom its trust policy names", "", Verdict.UNKNOWN, each.trouble)
        for statement in each.statements:
            if statement.effect is Effect.ALLOW:
                found.update((one.name, one) for one in _of(statement, role, paths))
    return tuple(each for _, each in sorted(found.items()) if each.verdict is not Verdict.DENIED)


def _of(statement: Statement, role: Role, paths: Paths) -> Iterator[Outsider]:
    if statement.not_principals:
        yield Outsider("everyone but a few", "", Verdict.UNKNOWN, statement.label)
    for each in statement.principals:
        if each.kind == "Federated":
            yield from _federated(statement, each.value, role, paths)
        elif each.value == "*":
            anyone = Known(Caller(Kind.ROLE, "*", ""), Subject(identity=(_ANYTHING,)), Context(), None)
            yield _asked(statement, ("anyone", "*"), anyone, (role, paths))
        elif each.kind == "AWS":
            yield from _identity(statement, each.value, role, paths)


def _identity(statement: Statement, value: str, role: Role, paths: Paths) -> Iterator[Outsider]:
    partition = role.arn.split(":")[1]
    arn = f"arn:{partition}:iam::{value}:root" if value.isdigit() else value
    try:
        known = paths.principals.of(arn)
    except ValueError:
        # The id of one who was deleted, or no principal at all: it lets nobody in.
        return
    inside = {each.key.account for each in paths.principals.estate.snapshot.shards}
    if known.who.account and known.who.account not in inside:
        name = f"account {known.who.account}" if known.who.kind is Kind.ROOT else arn
        yield _asked(statement, (name, arn), known, (role, paths))


def _asked(statement: Statement, names: tuple[str, str], known: Known, at: tuple[Role, Paths]) -> Outsider:
    role, paths = at
    place = Place(role.account, "", arn=role.arn, own=paths.targets.trust(role).policies)
    found = paths.asker.with_subject(known, known.subject, ASSUME, place)
    return Outsider(names[0], names[1], found.verdict, statement.label, found.conditions)


def _federated(statement: Statement, value: str, role: Role, paths: Paths) -> Iterator[Outsider]:
    keys = keys_of(value)
    if _OIDC not in value or not opens(statement, keys.action):
        # What a SAML provider's users are, the provider alone says; who is known by a name alone, no administrator is.
        return
    told = _OF_CLAIM.get(subject(statement, keys, ()))
    if told is None:
        return
    verdict, why = told
    denies = (
        one for each in paths.targets.trust(role).policies for one in each.statements if one.effect is Effect.DENY
    )
    if any(True for _ in denies) and verdict is Verdict.ALLOWED:
        verdict, why = Verdict.CONDITIONAL, f"{why}; a Deny of the policy is not weighed"
    yield Outsider(f"users of {value.partition(_OIDC)[2]}", value, verdict, f"{statement.label}, {why}")
