"""keys-in-use: no key that is disabled or about to be deleted is what something in scope is encrypted under.

Claim: a key that can no longer be used, or soon cannot, is named by no log group, secret, function, topic or trail.
Population: every KMS key. Deviation: such a key is named. Cannot see: data that was encrypted under the key before, and
what is not read (buckets, databases, caches, which API Gateway encrypts under a key of its own).
"""

from collections.abc import Iterator
from itertools import chain

from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    ResourceItem,
    failed,
    items,
    needs_attestation,
    not_applicable,
    passed,
    undecided,
)
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.keys import KmsKey, Secret
from auditor.model.logs import LogGroup
from auditor.model.platform import Function, Topic, Trail
from auditor.model.resource import Resource

_USABLE = frozenset({"Enabled", "Creating", "Updating"})
_VANISHING = frozenset({"PendingDeletion", "PendingReplicaDeletion", "Disabled"})
_NOT_NOW = frozenset({"PendingImport", "Unavailable"})
"""No decision of ours to lose it: its material is not there yet, or its key store is out of reach."""
_USERS = {LogGroup: "log group", Secret: "secret", Function: "function", Topic: "topic", Trail: "trail"}


def _test(item: ResourceItem[KmsKey], estate: Estate, _params: Params) -> Outcome:
    key = item.of
    if need(key.manager) == "AWS":
        return not_applicable("the key is AWS's own")
    state = need(key.state)
    if state in _USABLE:
        return passed("the key can be used", state=state)
    if state not in _VANISHING | _NOT_NOW:
        return undecided(f"what the key's state {state} means is not known to this version", state=state)
    users = list(_users(key, estate))
    if not users:
        _all_users_are_read(key, estate)
        return passed(f"the key is {state}, and nothing in scope names it", state=state, used_by=[])
    named = [f"{_USERS[type(each)]} {each.name}" for each in users]
    also = tuple(each.arn for each in users)
    told = f"the key is {state}, and {_first(named)} under it"
    if state in _NOT_NOW:
        return needs_attestation(
            f"{told}; whether it will be usable again must be said by a person", also, state=state, used_by=[*named]
        )
    return failed(told, also, state=state, used_by=[*named])


def _first(named: list[str]) -> str:
    rest = len(named) - 1
    return f"the {named[0]} is encrypted" if not rest else f"the {named[0]} and {rest} more are encrypted"


def _users(key: KmsKey, estate: Estate) -> Iterator[Resource]:
    """Yield what names the key, by whatever of its names; raises NotReadError where a name is unread.

    Other accounts may use a key by its ARN, and a trail uses one of its bucket's region, wherever the trail itself is.
    """
    names = _names(key)
    named: Iterator[LogGroup | Secret | Function | Topic | Trail] = chain(
        estate.of(LogGroup), estate.of(Secret), estate.of(Function), estate.of(Topic), estate.of(Trail)
    )
    for each in named:
        if each.home_region != each.region if isinstance(each, Trail) else each.region != key.region:
            continue
        named_key, is_near = need(each.kms_key), (each.account, each.region) == (key.account, key.region)
        if named_key in names and (is_near or str(named_key).startswith("arn:")):
            yield each


def _names(key: KmsKey) -> frozenset[str | None]:
    """Return every form in which something may name the key: its id, its aliases, and the ARNs of both."""
    place = key.arn.rpartition(":")[0]
    aliases = need(key.aliases) or ()
    return frozenset({key.key_id, key.arn, *aliases, *(f"{place}:{each}" for each in aliases)})


def _all_users_are_read(key: KmsKey, estate: Estate) -> None:
    scope = estate.snapshot.scope
    for account in scope.accounts:
        for kind in (LogGroup, Secret):
            estate.whole(kind, account, key.region)
        for region in scope.regions:
            estate.whole(Trail, account, region)


CHECK = Check(
    name="keys-in-use",
    reads=("KmsKey",),
    params=Params,
    population=lambda estate: items(estate.of(KmsKey)),
    test=_test,
)
