"""function-urls-closed: no function behind an API has a URL of its own that lets calls in around the gateway.

Claim: it has no URL, or one that asks for AWS signatures and is registered. Population: every function that a deployed route
leads to, with the URLs of all its aliases. Deviation: a URL that asks nobody who calls, whatever the policy says (medium while
no statement lets anyone in); one for AWS signatures that the register of back ends does not name (high). Cannot see: URLs of
functions of other accounts and regions, and whether AWS still exempts an account from the second permission that URLs need
since October 2025 (lambda:InvokeFunction beside lambda:InvokeFunctionUrl; AWS Lambda developer guide). Never tried on a live account.
"""

from dataclasses import replace

from pydantic import JsonValue

from auditor.access.one_call import Circumstances, Truth, holds
from auditor.access.patterns import Relation, glob, literal, relation
from auditor.access.policy import Effect, Statement, parse
from auditor.checks.back_ends import declared_as, entry_for
from auditor.checks.functions_behind import BehindItem, behind, unjudged
from auditor.checks.interface import Check, Outcome, Params, failed, needs_attestation, passed, undecided
from auditor.dataflow.functions import function_name
from auditor.model.control import Severity
from auditor.model.estate import Estate
from auditor.model.fact import Present, Unread, need
from auditor.model.platform import Function, FunctionUrl
from auditor.model.status import Status

_USE, _INVOKE = "lambda:invokefunctionurl", "lambda:invokefunction"
_CALLS = {
    _USE: Circumstances("", values={"lambda:functionurlauthtype": "NONE"}),
    _INVOKE: Circumstances("", values={"lambda:invokedviafunctionurl": "true"}),
}
"""What a call through a URL with AuthType NONE carries, by the permission that it needs."""
_WORST_FIRST = (Status.FAIL, Status.NOT_EVALUATED, Status.NEEDS_ATTESTATION, Status.PASS)


def _test(item: BehindItem, estate: Estate, _params: Params) -> Outcome:
    why = unjudged(item)
    if why is not None:
        return why
    urls = next((need(each.urls) for each in item.known if each.arn == item.resource), None) or ()
    if not urls:
        return passed("it has no URL, on none of its aliases", urls=[])
    outcomes = [_of_url(each, item, estate) for each in urls]
    seen: list[JsonValue] = [
        {"function": each.function_arn, "url": each.url, "auth_type": each.auth_type, "cors": each.cors}
        for each in urls
    ]
    also = tuple(each.arn for each in item.known)
    return replace(min(outcomes, key=_badness), observed={"urls": seen}, also=also)


def _badness(outcome: Outcome) -> tuple[int, int]:
    ranks = [None, *Severity]
    return _WORST_FIRST.index(outcome.status), ranks.index(outcome.severity)


def _of_url(url: FunctionUrl, item: BehindItem, estate: Estate) -> Outcome:
    name = f"the URL of {function_name(url.function_arn)}"
    if url.auth_type == "NONE":
        function = next((each for each in item.known if each.arn == url.function_arn), None)
        return _asks_nobody(name, function)
    if url.auth_type != "AWS_IAM":
        return undecided(f"whom {name} lets in by {url.auth_type} is not known to this version")
    entries = estate.registers.backends
    if entries is None:
        entry = entry_for(url.url.rstrip("/"))
        why = f"{name} is a door beside the gateway, and no register of back ends is configured"
        return needs_attestation(f"{why}; to register: {entry}")
    found = declared_as((url.url,), entries)
    if found is None:
        why = f"{name} lets AWS identities in around the gateway, and the register of back ends does not name it"
        return replace(failed(why), severity=Severity.HIGH)
    return passed(f"{name} asks for AWS signatures, and {found.owner} answers for it")


def _asks_nobody(name: str, function: Function | None) -> Outcome:
    """Return the deviation: the policy tells only how much it matters."""
    if function is None or isinstance(function.policy, Unread):
        return failed(f"{name} asks nobody who calls, and whether its policy lets anyone in was not read")
    policy = function.policy.value if isinstance(function.policy, Present) else None
    match (_anyone(policy, _USE), _anyone(policy, _INVOKE)):
        case (Truth.NO, _):
            why = f"{name} asks nobody who calls; its policy lets nobody in yet, and one statement would"
            return replace(failed(why), severity=Severity.MEDIUM)
        case (Truth.YES, Truth.YES):
            return failed(f"{name} is open to anyone, around the gateway")
        case (Truth.YES, Truth.NO):
            exempt = "where AWS exempts the account from the second permission of October 2025"
            return failed(f"{name} is open to anyone, around the gateway, {exempt}")
        case _:
            return failed(f"{name} asks nobody who calls, and its policy may let anyone in: it is not understood")


def _anyone(policy: str | None, action: str) -> Truth:
    """Return whether a policy lets a caller without any identity do what a URL needs."""
    if policy is None:
        return Truth.NO
    try:
        statements = parse(policy)
    except ValueError:
        return Truth.UNKNOWN
    allows = {_lets(each, action) for each in statements if each.effect is Effect.ALLOW}
    if not allows - {Truth.NO}:
        return Truth.NO
    denies = any(_lets(each, action) is not Truth.NO for each in statements if each.effect is Effect.DENY)
    return Truth.YES if Truth.YES in allows and not denies else Truth.UNKNOWN


def _lets(statement: Statement, action: str) -> Truth:
    """Return whether a statement speaks of a call by nobody in particular; its resource is the function in whose policy it stands."""
    if statement.not_principals or statement.not_actions:
        return Truth.UNKNOWN
    if not any(each.is_everyone for each in statement.principals):
        return Truth.NO
    if all(relation(glob(each.lower()), literal(action)) is Relation.DISJOINT for each in statement.actions):
        return Truth.NO
    met = {holds(each, _CALLS[action]) for each in statement.conditions}
    return Truth.NO if Truth.NO in met else Truth.UNKNOWN if Truth.UNKNOWN in met else Truth.YES


CHECK = Check(
    name="function-urls-closed",
    reads=("DeployedRoute",),
    params=Params,
    population=lambda estate: behind(estate, with_authorizers=False),
    test=_test,
    registers=("backends",),
)
