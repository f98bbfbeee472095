"""What stands at each identity that others might become: its trust, its function, the providers that it trusts."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from auditor.access.iam.policies import Layer, Policy, of_fact
from auditor.access.policy import Effect, Principal
from auditor.access.principals import Known, Principals
from auditor.model.estate import Estate
from auditor.model.fact import Present, Unread
from auditor.model.iam import Group, ManagedPolicy, Role, User, is_service_linked
from auditor.model.platform import Function


@dataclass(frozen=True)
class Trust:
    """Whom a role's trust policy names in its Allow statements."""

    policies: tuple[Policy, ...]
    principals: tuple[Principal, ...]
    open: bool
    """Whether it may mean any identity: it names everyone, or all but some, or nobody knows what it says."""
    accounts: frozenset[str]
    arns: frozenset[str]

    @property
    def services(self) -> tuple[str, ...]:
        """Return the AWS services that it names."""
        return tuple(sorted({each.value for each in self.principals if each.kind == "Service"}))

    @property
    def providers(self) -> tuple[str, ...]:
        """Return the identity providers that it names."""
        return tuple(sorted({each.value for each in self.principals if each.kind == "Federated"}))

    def may_mean(self, known: Known, *, by_account: bool) -> bool:
        """Return whether it may name an identity; `by_account`: whether that may use what its account is given."""
        who = known.who
        return (
            self.open
            or who.arn in self.arns
            or (by_account and who.account in self.accounts)
            or any(f":assumed-role/{who.name}/" in each for each in self.arns)
        )


def trust_of(role: Role) -> Trust:
    """Return the trust of a role."""
    held = of_fact(role.trust_policy, Layer.TRUST, f"of {role.name}")
    allows = [each for one in held for each in one.statements if each.effect is Effect.ALLOW]
    principals = tuple(sorted({who for each in allows for who in each.principals}))
    named = [each.value for each in principals if each.kind in {"AWS", "*"}]
    wild = any(set(each) & set("*?$") for each in named)
    accounts = frozenset(each.split(":")[4] if each.startswith("arn:") else each for each in named if _is_account(each))
    return Trust(
        policies=held,
        principals=principals,
        open=wild or any(each.trouble for each in held) or any(each.not_principals for each in allows),
        accounts=accounts,
        arns=frozenset(each for each in named if not _is_account(each)),
    )


def _is_account(value: str) -> bool:
    return value.isdigit() or value.endswith(":root")


@dataclass(frozen=True)
class Targets:
    """The identities of an estate as somebody else's target."""

    principals: Principals

    @property
    def estate(self) -> Estate:
        """Return the estate."""
        return self.principals.estate

    def trust(self, role: Role) -> Trust:
        """Return the trust of a role, worked out once."""
        if role.arn not in self._trusts:
            self._trusts[role.arn] = trust_of(role)
        return self._trusts[role.arn]

    @cached_property
    def _trusts(self) -> dict[str, Trust]:
        return {}

    def functions(self, role: Role) -> tuple[Function, ...]:
        """Return the functions that run under a role."""
        return tuple(self._functions.get(role.arn, ()))

    @cached_property
    def _functions(self) -> Mapping[str, list[Function]]:
        found: dict[str, dict[str, Function]] = defaultdict(dict)
        for each in self.estate.of(Function):
            if isinstance(each.role, Present):
                found[each.role.value].setdefault(each.function_arn, each)
        return {arn: list(several.values()) for arn, several in found.items()}

    @cached_property
    def unclear_functions(self) -> tuple[Function, ...]:
        """The functions of which nobody knows under which role they run."""
        return tuple(each for each in self.estate.of(Function) if isinstance(each.role, Unread))

    def groups(self, user: User) -> tuple[Group, ...]:
        """Return the groups of a user, as far as they were read."""
        names = user.groups.value if isinstance(user.groups, Present) else ()
        found = (self._groups.get((user.account, each.rpartition("/")[2])) for each in names)
        return tuple(each for each in found if each is not None)

    @cached_property
    def _groups(self) -> Mapping[tuple[str, str], Group]:
        return {(each.account, each.name): each for each in self.estate.of(Group)}

    def editable_policies(self, identity: User | Role) -> tuple[str, ...]:
        """Return the account's own managed policies that hang on an identity or its groups."""
        holders: tuple[User | Role | Group, ...] = (identity,)
        if isinstance(identity, User):
            holders += self.groups(identity)
        facts = (each.attached_policy_arns for each in holders)
        arns = {arn for each in facts if isinstance(each, Present) for arn in each.value}
        return tuple(sorted(each for each in arns if f"::{identity.account}:policy/" in each))

    def is_listed(self, account: str, arn: str) -> bool:
        """Return whether the snapshot holds a managed policy."""
        return self.estate.one(ManagedPolicy, account, arn) is not None


def identities(principals: Principals) -> Iterator[Known]:
    """Yield who may be made to act by people: service-linked roles act for AWS alone."""
    return (each for each in principals.all if not is_service_linked(each.who.arn))
