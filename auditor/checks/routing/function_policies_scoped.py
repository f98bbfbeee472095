"""function-policies-scoped: the policies of functions let in the API that calls them, and nobody whom management does not trust.

Claim: each statement for API Gateway names one API by its SourceArn, and no statement lets in anyone, or an account that is not
trusted. Population: every function that a deployed route leads to or asks for authorization, with the policies of the function and
of the aliases and versions that are named, or have a URL. Deviation: no SourceArn, one that fits several APIs, an API or a principal
of another account, everyone. Cannot see: whether the API that is named is one that should call, policies of other aliases, and
functions of other accounts and regions. Other AWS services that a statement names are told, not judged.
"""

from collections.abc import Iterator

from pydantic import JsonValue

from auditor.access.function_policy import Extent, Opening, openings
from auditor.checks.functions_behind import BehindItem, behind, unjudged
from auditor.checks.interface import Check, Outcome, Params, failed, passed, undecided
from auditor.dataflow.functions import function_name
from auditor.model.estate import Estate
from auditor.model.fact import Present, need


class _Params(Params):
    trusted_accounts: list[str]
    """Ids of accounts that may call functions, beside their own."""


def _test(item: BehindItem, _estate: Estate, params: _Params) -> Outcome:
    why = unjudged(item)
    if why is not None:
        return why
    also = tuple(each.arn for each in item.known)
    told = list(_told(item, frozenset(params.trusted_accounts)))
    seen: dict[str, JsonValue] = {"policies": {name: [each.why for each in found] for name, found in told}}
    wide = next(((name, each) for name, found in told for each in found if each.extent is Extent.WIDE), None)
    if wide is not None:
        return failed(f"{wide[1].why} (policy of {wide[0]})", also, **seen)
    _all_are_read(item)
    unread = sorted({*item.named} - {*also})
    if unread:
        return undecided(f"nothing was read of {function_name(unread[0])}, as which it is called", also, **seen)
    unknown = next(((name, each) for name, found in told for each in found if each.extent is Extent.UNKNOWN), None)
    if unknown is not None:
        return undecided(f"{unknown[1].why} (policy of {unknown[0]})", also, **seen)
    if not any(found for _, found in told):
        return passed("no policy lets anyone in beside identities of its own account", also, **seen)
    return passed("its policies name the APIs that may call it, and no account that is not trusted", also, **seen)


def _told(item: BehindItem, trusted: frozenset[str]) -> Iterator[tuple[str, tuple[Opening, ...]]]:
    """Yield, by name, what the policies that were read let in."""
    account = item.resource.split(":")[4]
    for each in item.known:
        if isinstance(each.policy, Present):
            yield function_name(each.arn), _openings(each.policy.value, account, trusted)


def _openings(policy: str, account: str, trusted: frozenset[str]) -> tuple[Opening, ...]:
    try:
        return openings(policy, account, trusted)
    except ValueError as error:
        return (Opening(Extent.UNKNOWN, f"the policy cannot be read: {error}"),)


def _all_are_read(item: BehindItem) -> None:
    """Raise NotReadError where a policy is unread, or whether there is such an alias."""
    for each in item.known:
        if need(each.exists) is not False:
            need(each.policy)


CHECK = Check(
    name="function-policies-scoped",
    reads=("DeployedRoute",),
    params=_Params,
    population=lambda estate: behind(estate, with_authorizers=True),
    test=_test,
)
