"""user-pools-closed: a user pool that opens routes lets nobody join unasked, and its clients hold short tokens that can be revoked.

Claim: administrators alone create users, or management declared that anyone may; clients do not register themselves; a client has
no implicit flow, revocation on, bounded access tokens, and does not tell who has an account. Population: every user pool and every
app client; those of a pool from which no deployed route takes tokens are not applicable. Deviation: each of these broken; sign-up
that is open and not declared needs a person. Cannot see: who confirms those that sign up (a trigger may refuse), tokens that a
back end takes without the gateway. Multi-factor sign-in is told, not judged.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from auditor.checks.interface import (
    Check,
    Item,
    Outcome,
    Params,
    failed,
    needs_attestation,
    not_applicable,
    passed,
    undecided,
)
from auditor.checks.listed import holds
from auditor.checks.pools_in_use import PoolsInUse
from auditor.dataflow.identity_roots import root
from auditor.model.cognito import UserPool, UserPoolClient
from auditor.model.estate import Estate
from auditor.model.fact import Fact, NotReadError, Present, Unread, need
from auditor.model.snapshot import Gap
from auditor.model.status import Status
from auditor.model.words import counted

_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
_DEFAULT_VALIDITY, _DEFAULT_UNIT = 1, "hours"
"""Of an access token where no validity, or no unit, is set (Cognito developer guide, access tokens)."""


class _Params(Params):
    max_access_token_minutes: int


@dataclass(frozen=True)
class _Item(Item):
    """A user pool or an app client, with the pools that are in use."""

    of: UserPool | UserPoolClient
    uses: PoolsInUse


@dataclass(frozen=True)
class _Point:
    """One thing that is asked: the facts that it stands on, and what is wrong with them."""

    facts: tuple[Fact[Any], ...]
    wrong: Callable[[], Outcome | None]


def _test(item: _Item, estate: Estate, params: _Params) -> Outcome:
    of = item.of
    pool = of.arn if isinstance(of, UserPool) else of.pool_arn
    route = item.uses.opens(pool)
    if route is None:
        item.uses.none_hides()
        return not_applicable("no deployed route takes tokens of this user pool", (pool, "list:DeployedRoute"))
    also, seen = (pool, route), _seen(of)
    if isinstance(of, UserPool):
        good = passed("users and clients are made by administrators, or management declared otherwise", also, **seen)
        return _together(_of_pool(of, estate), good)
    good = passed("its access tokens are short and can be revoked, and no implicit flow hands them out", also, **seen)
    return _together(_of_client(of, params), good)


def _together(points: Iterable[_Point], good: Outcome) -> Outcome:
    """Return what all points come to: what is certainly wrong counts whatever else was not read."""
    gaps: list[Gap] = []
    found: list[Outcome] = []
    for each in points:
        unread = next((fact.gap for fact in each.facts if isinstance(fact, Unread)), None)
        if unread is not None:
            gaps.append(unread)
        elif (outcome := each.wrong()) is not None:
            found.append(outcome)
    if gaps and not any(each.status is Status.FAIL for each in found):
        raise NotReadError(gaps[0])
    for status in (Status.FAIL, Status.NOT_EVALUATED, Status.NEEDS_ATTESTATION):
        reasons = [each.reason for each in found if each.status is status]
        if reasons:
            return replace(good, status=status, reason="; ".join(reasons))
    return good


def _of_pool(pool: UserPool, estate: Estate) -> Iterator[_Point]:
    yield _Point((pool.admin_create_user_only,), lambda: _sign_up(pool, estate))
    yield _Point((pool.dynamic_registration,), lambda: _registration(pool))


def _sign_up(pool: UserPool, estate: Estate) -> Outcome | None:
    by_admins = need(pool.admin_create_user_only)
    if by_admins is None:
        return undecided("whether anyone may sign up is not told")
    entries = [each for each in estate.registers.issuers or () if root(each.issuer) == root(pool.arn)]
    declared = {each.self_sign_up for each in entries}
    if by_admins or declared - {None} == {True}:
        return None
    if False in declared:
        return failed("anyone may sign up, and the register of issuers says that nobody may")
    entry = f"{{issuer: {pool.arn}, owner: …, approved_by: …, self_sign_up: true}}"
    return needs_attestation(f"anyone may sign up, and no register of issuers declares it; to register: {entry}")


def _registration(pool: UserPool) -> Outcome | None:
    match need(pool.dynamic_registration):
        case None | "Disabled":
            return None
        case "Enabled":
            anyone = pool.open_dynamic_registration == Present[bool](value=True)
            return failed(f"clients register themselves{', without a token' if anyone else ''}")
        case other:
            return undecided(f"whether clients register themselves by {other} is not known to this version")


def _of_client(client: UserPoolClient, params: _Params) -> Iterator[_Point]:
    yield _Point((client.oauth_enabled, client.oauth_flows), lambda: _implicit(client))
    yield _Point((client.token_revocation,), lambda: _revocation(client))
    yield _Point(
        (client.access_token_validity, client.access_token_unit), lambda: _life(client, params.max_access_token_minutes)
    )
    yield _Point((client.hides_unknown_users,), lambda: _existence(client))
    yield _Point((client.client_type,), lambda: _type(client))


def _implicit(client: UserPoolClient) -> Outcome | None:
    if need(client.oauth_enabled) and "implicit" in (need(client.oauth_flows) or ()):
        return failed("the implicit flow hands its tokens out in addresses")
    return None


def _revocation(client: UserPoolClient) -> Outcome | None:
    match need(client.token_revocation):
        case True:
            return None
        case False:
            return failed("its tokens cannot be revoked")
        case _:
            return undecided("whether its tokens can be revoked is not told")


def _life(client: UserPoolClient, max_minutes: int) -> Outcome | None:
    validity, unit = need(client.access_token_validity), need(client.access_token_unit)
    number, word = (validity, unit or _DEFAULT_UNIT) if validity else (_DEFAULT_VALIDITY, _DEFAULT_UNIT)
    if word not in _SECONDS:
        return undecided(f"how long {number} {word} are is not known to this version")
    if number * _SECONDS[word] <= max_minutes * 60:
        return None
    return failed(
        f"its access tokens are good for {counted(number, word.removesuffix('s'))}, more than {max_minutes} minutes"
    )


def _existence(client: UserPoolClient) -> Outcome | None:
    match need(client.hides_unknown_users):
        case "ENABLED":
            return None
        case "LEGACY" | None:  # what counts where nothing is set (Cognito developer guide, user existence errors)
            return failed("its errors tell who has an account")
        case other:
            return undecided(f"whether its errors tell who has an account, {other}, is not known to this version")


def _type(client: UserPoolClient) -> Outcome | None:
    match need(client.client_type):
        case "REGULAR" | None:
            return None
        case "DCR":
            return needs_attestation("it registered itself: that somebody approved it since must be said by a person")
        case other:
            return undecided(f"what a client of the type {other} is, is not known to this version")


def _seen(of: UserPool | UserPoolClient) -> dict[str, Any]:
    names = (
        ("admin_create_user_only", "dynamic_registration", "mfa")
        if isinstance(of, UserPool)
        else ("oauth_flows", "token_revocation", "access_token_validity", "access_token_unit", "hides_unknown_users")
    )
    facts = ((name, getattr(of, name)) for name in names)
    return {name: _plain(fact.value) if isinstance(fact, Present) else None for name, fact in facts}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _population(estate: Estate) -> Iterator[_Item]:
    uses = PoolsInUse(estate)
    resources: Iterator[UserPool | UserPoolClient] = chain(estate.of(UserPool), estate.of(UserPoolClient))
    for each in resources:
        yield _Item(each.arn, each.cloudformation, each.account, each.region, each, uses)


CHECK = Check(
    name="user-pools-closed",
    reads=("UserPool", "UserPoolClient", "DeployedRoute"),
    params=_Params,
    population=_population,
    test=_test,
    registers=("issuers",),
    concerns=holds(UserPool, UserPoolClient),
)
