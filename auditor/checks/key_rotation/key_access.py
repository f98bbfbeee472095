"""key-access-named: policies of keys and secrets say who may use and who may administer them, and let no stranger in.

Claim: no statement lets in everyone or a foreign account unless a condition on an organization, an account or a service restricts
it, no grant goes to a foreign account, and all who may use or administer are known. Population: every KMS key and secret. Deviation:
such a statement or grant; where the parameter asks for it, an identity that may do both and is in no register. A key policy that
names its account hands over to IAM: then identity policies decide, and one that was not read leaves it open. Cannot see: what an
unread SCP, RCP or permissions boundary takes away, federated users without a role, and what services do on behalf of others.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from pydantic import JsonValue

from auditor.access.policy import Statement, parse
from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    ResourceItem,
    failed,
    needs_attestation,
    not_applicable,
    passed,
    undecided,
)
from auditor.checks.keyholders import Duties, Held, Holders, Keyholders
from auditor.checks.listed import holds
from auditor.checks.openness import Home, Opened, account_named, opened
from auditor.model.estate import Estate
from auditor.model.fact import Present, need
from auditor.model.keys import KmsKey, Secret
from auditor.model.words import counted

_USES = {
    "ENCRYPT_DECRYPT": "kms:decrypt",
    "SIGN_VERIFY": "kms:sign",
    "GENERATE_VERIFY_MAC": "kms:generatemac",
    "KEY_AGREEMENT": "kms:derivesharedsecret",
}
"""What using a key is, by its usage."""
_ADMINISTER_KEY = ("kms:schedulekeydeletion", "kms:putkeypolicy")
_OF_SECRET = Duties(
    ("secretsmanager:getsecretvalue",), ("secretsmanager:deletesecret", "secretsmanager:putresourcepolicy")
)
_MOST_SHOWN = 50


class _Params(Params):
    trusted_accounts: list[str]
    """Ids of accounts outside the scope that may be let in."""
    separate_duties: bool
    """Whether it is a deviation that one identity may both use and administer."""


@dataclass(frozen=True)
class _Item(ResourceItem[Any]):
    holders: Keyholders


def _population(estate: Estate) -> Iterator[_Item]:
    holders = Keyholders(estate)
    for each in chain[Held](estate.of(KmsKey), estate.of(Secret)):
        yield _Item(each.arn, type(each).cloudformation, each.account, each.region, each, holders)


def _test(item: _Item, estate: Estate, params: _Params) -> Outcome:
    held: Held = item.of
    apart = _apart(held)
    if apart is not None:
        return apart
    text = need(held.policy)
    if text is None and isinstance(held, KmsKey):
        return undecided("the key's policy is not told")
    try:
        statements = parse(text) if text is not None else ()
    except ValueError as error:
        return undecided(f"its policy cannot be read: {error}")
    home = Home(frozenset({held.account, *estate.snapshot.scope.accounts, *params.trusted_accounts}))
    found = [*opened(statements, home), *_granted(held, home)]
    certain = next((each for each in found if each.is_certain), None)
    if certain is not None:
        return failed(certain.why, (), named=_named(statements))
    if isinstance(held, KmsKey):
        need(held.grants)
    odd = next((each for each in found if not each.is_understood), None)
    if odd is not None:
        return undecided(odd.why, (), named=_named(statements))
    return _held(item, statements, found, params, estate)


def _apart(held: Held) -> Outcome | None:
    """Return why nobody need say who may; None for a key or secret that must."""
    if isinstance(held, Secret):
        deleted = need(held.deleted)
        return None if deleted is None else not_applicable("the secret is marked for deletion, and gives no value")
    manager = need(held.manager)
    if manager == "AWS":
        return not_applicable("the key is AWS's own, and so is its policy")
    if manager != "CUSTOMER":
        return undecided(f"who manages the key is not understood: {manager}")
    usage = need(held.usage)
    return None if usage in _USES else undecided(f"what the key is for is not understood: {usage}")


def _granted(held: Held, home: Home) -> Iterator[Opened]:
    """Yield the grants of a key that go to somebody of a foreign account, or to nobody knows whom."""
    if not isinstance(held, KmsKey) or not isinstance(held.grants, Present):
        return
    for each in held.grants.value:
        account = account_named(each.grantee)
        operations = ", ".join(each.operations)
        if account is None and not each.grantee.endswith((".amazonaws.com", ".amazonaws.com.cn")):
            yield Opened(f"to whom a grant of {operations} goes is not understood: {each.grantee}", False, False)
        elif account is not None and account not in home.accounts:
            why = f"a grant of {operations} goes to {each.grantee}, of another account"
            limit = ", under a constraint" if each.is_constrained else ""
            yield Opened(why + limit, is_certain=not each.is_constrained)


def _held(
    item: _Item, statements: tuple[Statement, ...], found: list[Opened], params: _Params, estate: Estate
) -> Outcome:
    """Return the outcome where no stranger is certainly let in."""
    held: Held = item.of
    holders = item.holders.of(held, statements, _duties(held))
    seen = _seen(holders, held, statements)
    also = tuple(each.arn for each in holders.found[:_MOST_SHOWN])
    if holders.unknown:
        return undecided(f"what {holders.unknown} may do with it is not understood", also, **seen)
    if params.separate_duties:
        outcome = _both(holders, estate, also, seen)
        if outcome is not None:
            return outcome
    if found:
        return needs_attestation(f"{found[0].why}: a person must say whether that is narrow enough", also, **seen)
    users, administrators = _users(holders), _administrators(holders)
    why = f"{_count(users)} may use it and {_count(administrators)} may administer it; no stranger is let in"
    return passed(why, also, **seen)


def _duties(held: Held) -> Duties:
    if isinstance(held, Secret):
        return _OF_SECRET
    return Duties((_USES[need(held.usage) or ""],), _ADMINISTER_KEY)


def _both(holders: Holders, estate: Estate, also: tuple[str, ...], seen: dict[str, JsonValue]) -> Outcome | None:
    """Return the outcome where one identity has both duties and is in no register."""
    registers = estate.registers
    declared = {each.principal for each in registers.break_glass or ()}
    declared |= {each.principal for each in registers.allowed_writers or ()}
    found = [each for each in holders.found if each.uses and each.administers and each.arn not in declared]
    certain = next((each for each in found if each.is_certain), None)
    if certain is not None and registers.allowed_writers is not None:
        return failed(f"{certain.arn} may both use and administer it", also, **seen)
    if found:
        arn = (certain or found[0]).arn
        line = f"to declare in allowed_writers: {{principal: {arn}, reason: …}}"
        return needs_attestation(f"{arn} may use and administer it, as far as is known; {line}", also, **seen)
    return None


def _seen(holders: Holders, held: Held, statements: tuple[Statement, ...]) -> dict[str, JsonValue]:
    both = [each.arn for each in holders.found if each.uses and each.administers]
    seen: dict[str, JsonValue] = {
        "may_use": [*_users(holders)[:_MOST_SHOWN]],
        "may_administer": [*_administrators(holders)[:_MOST_SHOWN]],
        "may_do_both": [*both[:_MOST_SHOWN]],
        "named": _named(statements),
    }
    if isinstance(held, KmsKey):
        seen["grants"] = [f"{each.grantee}: {', '.join(each.operations)}" for each in need(held.grants) or ()]
    return seen


def _users(holders: Holders) -> list[str]:
    return [each.arn for each in holders.found if each.uses]


def _administrators(holders: Holders) -> list[str]:
    return [each.arn for each in holders.found if each.administers]


def _named(statements: tuple[Statement, ...]) -> JsonValue:
    return [*sorted({each.value for statement in statements for each in statement.principals})]


def _count(arns: list[str]) -> str:
    return counted(len(arns), "identity") if len(arns) == 1 else f"{len(arns)} identities"


CHECK = Check(
    name="key-access-named",
    reads=("KmsKey", "Secret", "User", "Group", "Role"),
    params=_Params,
    population=_population,
    test=_test,
    registers=("break_glass", "allowed_writers"),
    concerns=holds(KmsKey, Secret),
)
