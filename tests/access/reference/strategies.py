"""Cases drawn at random, in which everything is told: `CASES` for Hypothesis, `numbered_case` for long runs.

Left out on purpose, because AWS's pages leave it open: a Deny whose variable has no value, NotPrincipal that names
a caller but not its account, plain operators on multivalued keys, a root user who assumes a role.
"""

from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.access.reference.made_conditions import OF_IDENTITIES, OF_REQUESTS, condition, variable
from tests.access.reference.principals import Case, Policy, caller_of

HOME, OTHER, STRANGER = "111122223333", "444455556666", "777788889999"

# Each action with the one thing it is asked of, and shapes of its ARN that a policy may name.
REQUESTS = (
    ("execute-api:Invoke", f"arn:aws:execute-api:eu-west-1:{HOME}:api1/prod/GET/pets"),
    ("execute-api:Invoke", f"arn:aws:execute-api:eu-west-1:{HOME}:api1/prod/POST/users/red"),
    ("kms:Decrypt", f"arn:aws:kms:eu-west-1:{HOME}:key/red"),
    ("s3:GetObject", "arn:aws:s3:::pets/red"),
    ("sts:AssumeRole", f"arn:aws:iam::{HOME}:role/red"),
)
ACTIONS = (
    "execute-api:*",
    "execute-api:Inv?ke",
    "KMS:decrypt",
    "kms:D*",
    "s3:Get*",
    "s3:PutObject",
    "sts:*",
    "STS:AssumeRole",
)
FULL: Policy = {
    "Version": "2012-10-17",
    "Statement": {"Sid": "Full", "Effect": "Allow", "Action": "*", "Resource": "*"},
}
FULL_RCP: Policy = {"Statement": [{"Sid": "Full", "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}
IDENTITIES = (
    ("role/reader",) * 4 + ("user/bob",) * 3 + ("assumed-role/reader/alice",) * 3 + ("federated-user/carol", "root")
)


def made_case(random: Random) -> Case:
    """One case. It says what is asked, not what comes of it."""
    case = _request(random)
    present = set(case["context"])
    maker = _Maker(random, case, present)
    maker.add_policies_of_the_caller()
    maker.add_policies_around()
    return case


def numbered_case(number: int) -> Case:
    """The same number, the same case: for runs too long for Hypothesis."""
    return made_case(Random(number))  # noqa: S311 (cases, not secrets)


CASES: st.SearchStrategy[Case] = st.randoms(use_true_random=False).map(made_case)


def _request(random: Random) -> Case:
    action, resource = random.choice(REQUESTS)
    case: Case = {"action": action, "resource": resource, "resource_account": HOME}
    kind = random.random()
    if kind < 0.08 and action.startswith(("execute-api", "s3")):
        case["context"], case["absent"] = _keys(random, identity=False)
        case["absent"] += ["aws:PrincipalArn", "aws:PrincipalAccount", "aws:PrincipalType", "aws:username"]
        case["absent"] += ["aws:PrincipalIsAWSService", "aws:PrincipalServiceName"]
    elif kind < 0.16:
        case["principal"] = {"service": "lambda.amazonaws.com"}
        case["context"], case["absent"] = _keys(random, identity=False)
        case["absent"] += ["aws:PrincipalArn", "aws:PrincipalAccount", "aws:PrincipalType", "aws:username"]
    else:
        case["principal"] = {"arn": _arn(random, action)}
        case["context"], case["absent"] = _keys(random, identity=True)
        case["absent"] += ["aws:PrincipalServiceName"] + ([] if caller_of(case).is_user else ["aws:username"])
    return case


def _arn(random: Random, action: str) -> str:
    name = random.choice(IDENTITIES)
    if name == "root" and action.startswith("sts"):
        name = "role/reader"
    service = "sts" if name.startswith(("assumed", "federated")) else "iam"
    return f"arn:aws:{service}::{random.choice((HOME, HOME, HOME, OTHER))}:{name}"


def _keys(random: Random, *, identity: bool) -> tuple[dict[str, Any], list[str]]:
    context = {key.name: random.choice(key.told) for key in OF_REQUESTS if random.random() < 0.6}
    if identity:
        context.update({key.name: random.choice(key.told) for key in OF_IDENTITIES if random.random() < 0.6})
    return context, sorted({key.name for key in (*OF_IDENTITIES, *OF_REQUESTS)} - set(context))


class _Maker:
    """Adds to one case the policies that bear on it."""

    def __init__(self, random: Random, case: Case, present: set[str]) -> None:
        self.random, self.case = random, case
        self.caller = caller_of(case)
        self.present = present | ({"aws:username"} if self.caller.is_user else set())
        self.trust = case["action"].startswith("sts")

    def add_policies_of_the_caller(self) -> None:
        random, caller = self.random, self.caller
        if not caller.arn or caller.is_root:
            return
        principal = self.case["principal"]
        principal["identity"] = [self._policy() for _ in range(random.choice((0, 1, 1, 2)))]
        if caller.arn.endswith("role/reader") and random.random() < 0.05:
            principal["service_linked"] = True
            return
        if random.random() < 0.25:
            principal["boundary"] = self._policy()
        if not caller.is_user and random.random() < (0.8 if caller.is_federated else 0.25):
            principal["session"] = self._policy()

    def add_policies_around(self) -> None:
        random = self.random
        if random.random() < 0.75:
            self.case["resource_policy"] = self._policy(of_resource=True, names=True)
        if random.random() < 0.2:
            self.case["endpoint_policy"] = random.choice((FULL_RCP, FULL_RCP, self._policy(names=True)))
        if random.random() < 0.35:
            self.case["organization"] = self._organization()

    def _organization(self) -> dict[str, Any]:
        random = self.random
        levels = range(random.choice((1, 2, 3)))
        return {
            "management_account": random.choice(("999999999999", "999999999999", HOME, OTHER)),
            "scps": [self._level(FULL, self._policy()) for _ in levels],
            "rcps": [self._level(FULL_RCP, self._policy(everyone=True)) for _ in levels],
        }

    def _level(self, full: Policy, drawn: Policy) -> list[Policy]:
        return self.random.choice(([full], [full], [full, drawn], [drawn]))

    def _policy(self, *, names: bool = False, of_resource: bool = False, everyone: bool = False) -> Policy:
        statements = [
            self._statement(f"S{number}", names=names, everyone=everyone, of_resource=of_resource)
            for number in range(self.random.choice((1, 1, 2, 3, 4)))
        ]
        policy: Policy = {"Statement": statements}
        if len(statements) == 1 and self.random.random() < 0.2:
            policy["Statement"] = statements[0]
        version = self.random.choice(("2012-10-17",) * 6 + ("2008-10-17", None))
        return {"Version": version, **policy} if version else policy

    def _statement(self, sid: str, *, names: bool, everyone: bool, of_resource: bool) -> Policy:
        random = self.random
        effect = random.choice(("Allow",) * 6 + ("Deny",))
        statement: Policy = {"Sid": sid, "Effect": effect}
        if everyone:
            statement["Principal"] = "*"
        elif names:
            # NotPrincipal is for the Deny of a resource's policy: in an Allow and in trust policies AWS does not support it.
            self._name(statement, but_some=of_resource and effect == "Deny" and not self.trust)
        statement[random.choice(("Action",) * 5 + ("NotAction",))] = self._listed(self._action)
        if not (of_resource and self.trust):  # a trust policy names no resource
            resources = self._listed(lambda: self._resource(effect))
            statement[random.choice(("Resource",) * 5 + ("NotResource",))] = resources
        asked = condition(random, effect, self.present)
        return {**statement, "Condition": asked} if asked else statement

    def _listed(self, make: Any) -> Any:
        values = [make() for _ in range(self.random.choice((1, 1, 2)))]
        return values if len(values) > 1 or self.random.random() < 0.3 else values[0]

    def _action(self) -> str:
        kind = self.random.random()
        if kind < 0.4:
            return str(self.case["action"])
        return "*" if kind < 0.7 else self.random.choice(ACTIONS)

    def _resource(self, effect: str) -> str:
        random, arn = self.random, str(self.case["resource"])
        front, _, last = arn.rpartition("/")
        return random.choice(
            (
                *("*",) * 4,
                *(arn,) * 2,
                f"{front}/*",
                f"{front}/?{last[1:]}",
                f"{front}/other",
                f"{front}/{variable(random, effect, self.present)}",
                arn.replace("eu-west-1", "*").replace("GET", "*"),
            )
        )

    def _name(self, statement: Policy, *, but_some: bool) -> None:
        """Principal, or NotPrincipal with all that it takes to name the caller, or with a stranger."""
        random = self.random
        stranger = {"AWS": [f"arn:aws:iam::{STRANGER}:role/stranger", f"arn:aws:iam::{STRANGER}:root"]}
        if but_some and random.random() < 0.3:
            statement["NotPrincipal"] = random.choice((stranger, self._whole_chain() or stranger))
        else:
            statement["Principal"] = random.choice((stranger, "*", self._everyone(), *self._ways_to_name() * 3))

    def _everyone(self) -> Any:
        """Whether `AWS: *` holds services as well is open."""
        return "*" if self.caller.service else {"AWS": "*"}

    def _ways_to_name(self) -> tuple[Any, ...]:
        caller = self.caller
        if caller.service:
            return ({"Service": caller.service}, {"Service": ["events.amazonaws.com", caller.service]})
        if not caller.arn:
            return ("*", {"AWS": HOME})
        names = {caller.arn, caller.role_arn or caller.arn}
        account = caller.account
        return (
            *({"AWS": name} for name in sorted(names)),
            {"AWS": account},
            {"AWS": f"arn:aws:iam::{account}:root"},
            {"AWS": [f"arn:aws:iam::{account}:role/writer", *sorted(names)], "Service": "events.amazonaws.com"},
            {"AWS": [f"arn:aws:iam::{account}:role/writer", f"arn:aws:iam::{account}:user/dave"]},
        )

    def _whole_chain(self) -> Any:
        caller = self.caller
        if caller.service:
            return {"Service": caller.service}
        if not caller.arn or caller.is_federated:
            return None
        return {"AWS": sorted({caller.arn, caller.role_arn or caller.arn, f"arn:aws:iam::{caller.account}:root"})}
