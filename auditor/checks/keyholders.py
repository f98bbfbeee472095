"""Who may use and who may administer a key or secret: by its own policy, and by identity policies where those count.

Service and resource control policies, and permissions boundaries, only take away: one that was not read leaves the list longer
than it is, and says so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

from auditor.access.actions import Wanted, decision_on, wanted
from auditor.access.iam.context import Context
from auditor.access.iam.decide import Subject, Verdict
from auditor.access.iam.operators import expression
from auditor.access.iam.policies import Policy
from auditor.access.iam.request import names_action
from auditor.access.patterns import glob
from auditor.access.policy import Effect, Statement
from auditor.access.principals import Known, Principals, context_at
from auditor.checks.iam.policies_held import need_all
from auditor.checks.openness import account_named
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.iam import Group, Role, User
from auditor.model.keys import KmsKey, Secret

Held: TypeAlias = KmsKey | Secret
_CALLER_ACCOUNT = "kms:calleraccount"
_ANYTHING = re.compile(".*", re.DOTALL)


@dataclass(frozen=True)
class Duties:
    """Which actions are use, and which administration."""

    use: tuple[str, ...]
    administer: tuple[str, ...]


@dataclass(frozen=True)
class Holder:
    """One identity that may do something with a key or secret."""

    arn: str
    uses: bool
    administers: bool
    is_certain: bool
    """Whether it may whatever the circumstances: no condition is open, and all that could take it away was read."""


@dataclass(frozen=True)
class Holders:
    """Everyone of the snapshot's accounts who may, by ARN."""

    found: tuple[Holder, ...]
    unknown: str
    """Of whom nobody can tell although all was read; empty where there is none."""


@dataclass(frozen=True)
class Keyholders:
    """The identities of an estate as holders of its keys and secrets; one for all of them."""

    estate: Estate

    def of(self, held: Held, statements: tuple[Statement, ...], duties: Duties) -> Holders:
        """Return who may; raise NotReadError where something that decides it was not read."""
        self._all_are_listed(held, statements)
        told: dict[str, dict[str, tuple[Verdict, bool]]] = {}
        unknown = ""
        for action in (*duties.use, *duties.administer):
            target, is_whole = _bounded(wanted(self.principals, action, held.arn))
            for known in self._candidates(held, statements, action):
                verdict, is_certain = self._verdict(known, target)
                told.setdefault(known.who.arn, {})[action] = verdict, is_whole and is_certain
                if verdict is Verdict.UNKNOWN:
                    self._need(known)
                    unknown = unknown or known.who.arn
        holders = (_holder(arn, may, duties) for arn, may in sorted(told.items()))
        return Holders(tuple(each for each in holders if each is not None), unknown)

    @cached_property
    def principals(self) -> Principals:
        """Return the identities, read once."""
        return self.estate.once(Principals)

    @cached_property
    def _context(self) -> Context:
        return context_at(self.estate)

    def _verdict(self, known: Known, target: Wanted) -> tuple[Verdict, bool]:
        """Return the decision without what was not read and could only take away, and whether it is a certain allow."""
        subject = Subject(
            identity=known.subject.identity,
            boundary=() if _has_trouble(known.subject.boundary) else known.subject.boundary,
            control=() if _is_untold(known.subject.control) else known.subject.control,
        )
        context = self._context.with_told({_CALLER_ACCOUNT: (known.who.account,)})
        verdict = decision_on(replace(known, subject=subject), target, context).verdict
        is_whole = (subject.boundary, subject.control) == (known.subject.boundary, known.subject.control)
        return verdict, is_whole and verdict is Verdict.ALLOWED

    def _all_are_listed(self, held: Held, statements: tuple[Statement, ...]) -> None:
        """Raise NotReadError where identities may hide of an account whose identity policies count."""
        own = {held.account} if isinstance(held, Secret) else set()
        for account in sorted((own | _delegated(statements)) & {*self.estate.snapshot.scope.accounts, held.account}):
            for kind in (User, Group, Role):
                self.estate.whole(kind, account, held.region)

    def _candidates(self, held: Held, statements: tuple[Statement, ...], action: str) -> Iterator[Known]:
        """Yield whom the policy names, and whose own policies speak of it or are not known: nobody else may."""
        allows = [each for each in statements if each.effect is Effect.ALLOW]
        names = {each.value for statement in allows for each in statement.principals}
        names |= {"*"} if any(each.not_principals for each in allows) else set()
        accounts = {held.account, *(account_named(each) for each in names)}
        if "*" in names:
            yield from self.principals.all
            return
        for known, reached in self._reaching(action):
            by_account = known.who.account in accounts and any(each.fullmatch(held.arn) for each in reached)
            if by_account or known.who.arn in names:
                yield known

    def _reaching(self, action: str) -> tuple[tuple[Known, tuple[re.Pattern[str], ...]], ...]:
        """Return every identity with what it may do an action on, by its own policies, as far as they are known."""
        if action not in self._by_action:
            self._by_action[action] = tuple((each, tuple(_reached(each, action))) for each in self.principals.all)
        return self._by_action[action]

    @cached_property
    def _by_action(self) -> dict[str, tuple[tuple[Known, tuple[re.Pattern[str], ...]], ...]]:
        return {}

    def _need(self, known: Known) -> None:
        """Raise NotReadError where a policy of an identity, or of a group it is in, was not read."""
        if known.of is None:
            return
        need_all(known.of, self.estate)
        if isinstance(known.of, User):
            for name in need(known.of.groups) or ():
                group = self._groups.get((known.who.account, name.rpartition("/")[2]))
                if group is not None:
                    need_all(group, self.estate)

    @cached_property
    def _groups(self) -> dict[tuple[str, str], Group]:
        return {(each.account, each.name): each for each in self.estate.of(Group)}


def _delegated(statements: tuple[Statement, ...]) -> set[str]:
    """Return the accounts that a policy names as such: then their identity policies decide."""
    return {
        account
        for statement in statements
        if statement.effect is Effect.ALLOW
        for each in statement.principals
        if (account := account_named(each.value)) is not None and each.value.endswith((account, ":root"))
    }


def _holder(arn: str, may: dict[str, tuple[Verdict, bool]], duties: Duties) -> Holder | None:
    use = [may[each] for each in duties.use if each in may and may[each][0] is not Verdict.DENIED]
    administer = [may[each] for each in duties.administer if each in may and may[each][0] is not Verdict.DENIED]
    if not use and not administer:
        return None
    sure = all(any(certain for _, certain in each) for each in (use, administer) if each)
    return Holder(arn, bool(use), bool(administer), sure)


def _reached(known: Known, action: str) -> Iterator[re.Pattern[str]]:
    """Yield what an identity may do an action on, or more than that; everything where a policy is not known."""
    if _has_trouble(known.subject.identity):
        yield _ANYTHING
    for policy in known.subject.identity:
        for each in policy.statements:
            if each.effect is Effect.ALLOW and _names(each, action):
                is_vague = each.not_resources or any("${" in one for one in each.resources)
                yield from (_ANYTHING,) if is_vague else (expression(glob(one)) for one in each.resources)


def _names(statement: Statement, action: str) -> bool:
    return bool(statement.not_actions) or any(names_action(pattern, action) for pattern in statement.actions)


def _bounded(target: Wanted) -> tuple[Wanted, bool]:
    """Return what is asked for without resource control policies that were not read, and whether all were."""
    if not _is_untold(target.thing.control):
        return target, True
    return replace(target, thing=replace(target.thing, control=())), False


def _is_untold(levels: tuple[tuple[Policy, ...], ...]) -> bool:
    return any(_has_trouble(level) for level in levels)


def _has_trouble(policies: tuple[Policy, ...]) -> bool:
    return any(each.trouble for each in policies)
