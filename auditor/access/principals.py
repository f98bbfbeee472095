"""The users and roles of a snapshot as subjects: every policy that grants to them or bounds them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TypeAlias

from auditor.access.iam.caller import Caller, Kind, caller
from auditor.access.iam.context import Context, at
from auditor.access.iam.decide import Subject
from auditor.access.iam.policies import Layer, Policy, elsewhere, policy, unread
from auditor.access.organizations import Levels, Organizations
from auditor.model.estate import Estate
from auditor.model.fact import Absent, Fact, NotApplicable, Present, Unread
from auditor.model.iam import Group, InlinePolicy, ManagedPolicy, Role, User

Identity: TypeAlias = User | Role
_WORDS = {Kind.USER: "user", Kind.ROLE: "role", Kind.FEDERATED_USER: "federated user", Kind.ROOT: "root user"}


@dataclass(frozen=True, slots=True)
class Known:
    """One identity with its policies."""

    who: Caller
    subject: Subject
    keys: Context
    """What is told of the condition keys that its tags and its organization decide."""
    of: Identity | None
    """None: it is not in the snapshot; its own policies are unknown."""


@dataclass(frozen=True)
class Principals:
    """The identities of a snapshot."""

    estate: Estate

    @cached_property
    def all(self) -> tuple[Known, ...]:
        """Return every user and role, by ARN."""
        return tuple(sorted((self._known(each) for each in self._identities()), key=lambda each: each.who.arn))

    @cached_property
    def organizations(self) -> Organizations:
        """Return what is told of organizations."""
        return Organizations(self.estate)

    def of(self, arn: str) -> Known:
        """Return the identity that an ARN names, a role by its session too; raise ValueError where it names none."""
        who = caller(arn)
        found = self._by_arn.get(who.arn) or self._by_name.get((who.kind, who.account, who.name))
        if found is None:
            return self._outside(who)
        return Known(_session(found.who, who.session), found.subject, found.keys, found.of)

    @cached_property
    def _by_arn(self) -> Mapping[str, Known]:
        return {each.who.arn: each for each in self.all}

    @cached_property
    def _by_name(self) -> Mapping[tuple[Kind, str, str], Known]:
        return {(each.who.kind, each.who.account, each.who.name): each for each in self.all}

    def _identities(self) -> Iterator[Identity]:
        yield from self.estate.of(User)
        yield from self.estate.of(Role)

    def _known(self, identity: Identity) -> Known:
        who = replace(_caller(identity), is_bounded=isinstance(identity.permissions_boundary, Present))
        return Known(
            who=who,
            subject=Subject(
                identity=tuple(self._identity(identity)),
                boundary=tuple(self._boundary(identity)),
                control=() if who.is_service_linked else self._levels(identity.account),
            ),
            keys=self._keys(who, identity),
            of=identity,
        )

    def _outside(self, who: Caller) -> Known:
        """Return who is not in the snapshot: a root user, a service, or an identity whose own policies nobody read."""
        if who.kind is Kind.SERVICE:
            return Known(who, Subject(), Context(), None)
        if who.account not in self._accounts:
            must = (
                elsewhere(f"of account {who.account}", f"account {who.account}, not in the snapshot, allows it too"),
            )
            subject = Subject(control=(must,)) if who.kind is Kind.ROOT else Subject(identity=must)
        else:
            missing = f"no {_WORDS[who.kind]} of this name is in the snapshot"
            own = () if who.kind is Kind.ROOT else (unread(Layer.IDENTITY, "of the identity", missing),)
            subject = Subject(identity=own, control=self._levels(who.account))
        return Known(who, subject, self._keys(who, None), None)

    @cached_property
    def _accounts(self) -> frozenset[str]:
        return frozenset(each.key.account for each in self.estate.snapshot.shards)

    def _levels(self, account: str) -> Levels:
        if account not in self._by_level:
            self._by_level[account] = self.organizations.levels(account, Layer.SERVICE_CONTROL)
        return self._by_level[account]

    @cached_property
    def _by_level(self) -> dict[str, Levels]:
        return {}

    def _identity(self, identity: Identity) -> Iterator[Policy]:
        yield from _inline(identity.inline_policies, "inline")
        yield from self._attached(identity.account, identity.attached_policy_arns)
        if not isinstance(identity, User):
            return
        match identity.groups:
            case Present(value=names):
                for name in names:
                    yield from self._of_group(identity.account, name)
            case Unread(gap=gap):
                yield unread(Layer.IDENTITY, "of its groups", "which groups it is in was not read", gap)
            case Absent() | NotApplicable():
                return

    def _of_group(self, account: str, name: str) -> Iterator[Policy]:
        group = self._groups.get((account, name.rpartition("/")[2]))
        if group is None:
            yield unread(Layer.IDENTITY, f"of group {name}", "the group was not read")
            return
        yield from self.of_group(group)

    def of_group(self, group: Group) -> Iterator[Policy]:
        """Yield the policies that a group gives its users."""
        yield from _inline(group.inline_policies, f"group {group.name}, inline")
        yield from self._attached(group.account, group.attached_policy_arns)

    @cached_property
    def _groups(self) -> Mapping[tuple[str, str], Group]:
        return {(each.account, each.name): each for each in self.estate.of(Group)}

    def _attached(self, account: str, arns: Fact[tuple[str, ...]]) -> Iterator[Policy]:
        match arns:
            case Present(value=found):
                for arn in found:
                    yield self._managed(account, arn, Layer.IDENTITY)
            case Unread(gap=gap):
                yield unread(Layer.IDENTITY, "attached", "which policies are attached was not read", gap)
            case Absent() | NotApplicable():
                return

    def _boundary(self, identity: Identity) -> Iterator[Policy]:
        match identity.permissions_boundary:
            case Present(value=arn):
                yield self._managed(identity.account, arn, Layer.BOUNDARY)
            case Unread(gap=gap):
                yield unread(Layer.BOUNDARY, "of the identity", "whether it has one was not read", gap)
            case Absent() | NotApplicable():
                return

    def _managed(self, account: str, arn: str, layer: Layer) -> Policy:
        """Return a managed policy, one value for all identities that it hangs on."""
        key = (account, arn, layer)
        if key not in self._shared:
            self._shared[key] = self._read(account, arn, layer)
        return self._shared[key]

    @cached_property
    def _shared(self) -> dict[tuple[str, str, Layer], Policy]:
        return {}

    def _read(self, account: str, arn: str, layer: Layer) -> Policy:
        found = self.estate.one(ManagedPolicy, account, arn)
        name = arn.rpartition("/")[2]
        if found is None:
            return unread(layer, name, "it is not in the snapshot")
        if not isinstance(found.document, Present):
            gap = found.document.gap if isinstance(found.document, Unread) else None
            return unread(layer, name, "its document was not read", gap)
        return policy(layer, name, found.document.value)

    def _keys(self, who: Caller, identity: Identity | None) -> Context:
        told: dict[str, tuple[str, ...]] = {}
        missing: set[str] = set()
        organization = self.organizations.organization_of(who.account) if who.account else None
        if organization:
            told["aws:principalorgid"] = (organization,)
        elif organization == "":
            missing |= {"aws:principalorgid", "aws:principalorgpaths"}
        if isinstance(identity, User) and isinstance(identity.tags, Present):
            # A user's tags are the principal's. A role's session may carry tags of its own, so there they are not told.
            told |= {f"aws:principaltag/{name.lower()}": (value,) for name, value in identity.tags.value.items()}
            missing.add("aws:principaltag/")
        return Context(told, frozenset(missing))


def _inline(found: Fact[tuple[InlinePolicy, ...]], name: str) -> Iterator[Policy]:
    match found:
        case Present(value=policies):
            for each in policies:
                yield _document(f"{name} {each.name}", each.document)
        case Unread(gap=gap):
            yield unread(Layer.IDENTITY, name, "inline policies were not read", gap)
        case Absent() | NotApplicable():
            return


@lru_cache(maxsize=65_536)
def _document(name: str, text: str) -> Policy:
    return policy(Layer.IDENTITY, name, text)


def _caller(identity: Identity) -> Caller:
    """Return the caller that an identity is; one whose ARN has no known form is nobody that a policy could name."""
    try:
        return caller(identity.arn)
    except ValueError:
        return Caller(
            Kind.USER if isinstance(identity, User) else Kind.ROLE, identity.arn, identity.account, identity.name
        )


def _session(role: Caller, session: str) -> Caller:
    return replace(role, session=session) if session else role


def context_at(estate: Estate) -> Context:
    """Return what is told of every call: the time is that of the snapshot, and API Gateway speaks TLS alone."""
    return Context({**at(estate.as_of), "aws:securetransport": ("true",)})
