"""Edits that make an identity administrator: of its policies, its groups and its permissions boundary."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from auditor.access.gateway.answers import NO, Answer
from auditor.access.iam.decide import Verdict
from auditor.access.power.ask import Asker, Place, worst
from auditor.access.power.direct import Direct
from auditor.access.power.steps import Step
from auditor.access.power.targets import Targets
from auditor.access.principals import Known
from auditor.model.fact import Absent, NotApplicable, Present
from auditor.model.iam import Group, Role, User, is_made_by_aws

_AT_ROLE = (
    ("iam:attachrolepolicy", "attaches a policy to {}"),
    ("iam:putrolepolicy", "puts a policy at {}"),
)
_AT_USER = (
    ("iam:attachuserpolicy", "attaches a policy to {}"),
    ("iam:putuserpolicy", "puts a policy at {}"),
)
_AT_GROUP = (
    ("iam:attachgrouppolicy", "attaches a policy to group {}"),
    ("iam:putgrouppolicy", "puts a policy at group {}"),
)
_VERSION, _DEFAULT, _JOIN = "iam:createpolicyversion", "iam:setdefaultpolicyversion", "iam:addusertogroup"
_UNBIND_ROLE = ("iam:deleterolepermissionsboundary", "iam:putrolepermissionsboundary")
_UNBIND_USER = ("iam:deleteuserpermissionsboundary", "iam:putuserpermissionsboundary")
_IF_OLDER = "if an older version of the policy grants it"
ACTIONS = frozenset({_VERSION, _DEFAULT, _JOIN, *_UNBIND_ROLE, *_UNBIND_USER}) | {
    action for action, _ in (*_AT_ROLE, *_AT_USER, *_AT_GROUP)
}


@dataclass(frozen=True)
class Edits:
    """The edits of an estate's identities."""

    asker: Asker
    direct: Direct
    targets: Targets

    def of(self, known: Known, other: Known) -> Iterator[Step]:
        """Yield the edits with which one identity makes another one, or itself, administrator."""
        if other.of is None or known.who.account != other.who.account or is_made_by_aws(other.who.arn):
            return
        if not self.direct.names(known) & ACTIONS:
            return
        yield from self._policies(known, other)
        yield from self._boundary(known, other)
        if isinstance(other.of, User):
            yield from self._groups(known, other)

    def _policies(self, known: Known, other: Known) -> Iterator[Step]:
        """Yield the edits after which its policies would allow everything, within its boundary and the organization's."""
        found = (each for each in self._rewrites(known, other) if each.answer.verdict is not Verdict.DENIED)
        for step in found:
            would = self.direct.potential(other)
            if would.verdict is Verdict.DENIED:
                return
            yield Step(step.what, worst((step.answer, replace(would, by=()))))

    def _rewrites(self, known: Known, other: Known) -> Iterator[Step]:
        own = self._place(other, other.who.arn)
        for action, what in _AT_ROLE if isinstance(other.of, Role) else _AT_USER:
            yield Step(what.format(other.who.name), self._giving(known, action, own))
        if isinstance(other.of, User):
            for group in self.targets.groups(other.of):
                for action, what in _AT_GROUP:
                    yield Step(what.format(group.name), self._giving(known, action, self._at(other, group)))
        if other.of is not None:
            for arn in self.targets.editable_policies(other.of):
                yield from self._versions(known, arn)

    def _versions(self, known: Known, arn: str) -> Iterator[Step]:
        place = Place(known.who.account, self.direct.iam_region, arn=arn)
        name = arn.rpartition("/")[2]
        yield Step(f"writes a new version of policy {name}", self.asker.may(known, _VERSION, place))
        found = self.asker.may(known, _DEFAULT, place)
        if found.verdict is Verdict.ALLOWED:
            found = Answer(Verdict.CONDITIONAL, found.layer, found.by, (_IF_OLDER,))
        yield Step(f"takes another version of policy {name}", found)

    def _giving(self, known: Known, action: str, place: Place) -> Answer:
        """Return whether it may put or attach; a condition on which policy it attaches leaves it open which ones there are."""
        if ":attach" not in action:
            return self.asker.may(known, action, place)
        told = replace(place, told={**place.told, **self.direct.attaching()})
        found = self.asker.may(known, action, told)
        return found if found.verdict is not Verdict.DENIED else self.asker.may(known, action, place)

    def _boundary(self, known: Known, other: Known) -> Iterator[Step]:
        if not other.subject.boundary:
            return
        for action in _UNBIND_ROLE if isinstance(other.of, Role) else _UNBIND_USER:
            found = self.asker.may(known, action, self._bound(other, action))
            free = self.direct.unbound(other) if found.verdict is not Verdict.DENIED else NO
            if Verdict.DENIED not in {found.verdict, free.verdict}:
                word = "removes" if ":delete" in action else "changes"
                yield Step(f"{word} the permissions boundary of {other.who.name}", worst((found, free)))

    def _bound(self, other: Known, action: str) -> Place:
        """Return the place of a boundary's edit: a new one is told by the call, so that a condition on it stays open."""
        place = self._place(other, other.who.arn)
        return place if ":delete" in action else replace(place, told={}, missing=frozenset())

    def _groups(self, known: Known, other: Known) -> Iterator[Step]:
        for group, grants in self.direct_groups(other):
            found = self.asker.may(known, _JOIN, self._at(other, group))
            if found.verdict is not Verdict.DENIED:
                yield Step(f"adds {other.who.name} to group {group.name}", worst((found, grants)))

    def direct_groups(self, user: Known) -> Iterator[tuple[Group, Answer]]:
        """Yield the groups in which a user would be administrator."""
        for group in self.targets.estate.of(Group):
            if group.account != user.who.account:
                continue
            joined = replace(user.subject, identity=(*user.subject.identity, *self.targets.principals.of_group(group)))
            found = self.direct.would(user, joined)
            if found.verdict is not Verdict.DENIED:
                yield group, found

    def _place(self, other: Known, arn: str) -> Place:
        """Return the place of an edit of an identity, with what is told of its boundary."""
        match other.of.permissions_boundary if other.of is not None else Absent():
            case Present(value=bound):
                told, missing = {"iam:permissionsboundary": (bound,)}, frozenset[str]()
            case Absent() | NotApplicable():
                told, missing = {}, frozenset({"iam:permissionsboundary"})
            case _:
                told, missing = {}, frozenset[str]()
        return Place(other.who.account, self.direct.iam_region, arn=arn, told=told, missing=missing)

    def _at(self, other: Known, group: Group) -> Place:
        return Place(other.who.account, self.direct.iam_region, arn=group.arn)
