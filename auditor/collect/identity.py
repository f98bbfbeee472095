"""Who asks: the first call in each account, kept as a page like every other."""

from auditor.collect.failures import NO_CREDENTIALS
from auditor.collect.interface import Caller, Operation
from auditor.collect.session import Identity, no_credentials, step_after, unreachable
from auditor.errors import NothingReadError
from auditor.model.snapshot import Gap, GapReason

GET_CALLER_IDENTITY = Operation(
    service="sts",
    name="GetCallerIdentity",
    action="sts:GetCallerIdentity",
    resource="*",
    required=("Account", "Arn", "UserId"),
)
NOBODY = Identity(account="", arn="", partition="aws")
"""Who a reader is before AWS says who asks."""
_WHAT = "AWS does not say who is asking"


def identify(caller: Caller) -> Identity:
    """Return who asks, by sts:GetCallerIdentity; raise NothingReadError where nobody can be told."""
    answer = caller(GET_CALLER_IDENTITY)
    if answer.gap is not None:
        raise _untold(answer.gap)
    told = answer.bodies[0]
    arn, account = told["Arn"], told["Account"]
    if not isinstance(arn, str) or not arn.startswith("arn:") or not isinstance(account, str) or not account:
        raise NothingReadError("sts:GetCallerIdentity gave a broken answer", "Check the endpoint and run again.")
    return Identity(account=account, arn=arn, partition=arn.split(":")[1])


def _untold(gap: Gap) -> NothingReadError:
    code = gap.detail.partition("; ")[2]
    if code == NO_CREDENTIALS:
        return no_credentials()
    match gap.reason:
        case GapReason.UNAVAILABLE:
            return unreachable(_WHAT, code)
        case GapReason.MALFORMED:
            return NothingReadError(f"{_WHAT}: {code}", "Check the endpoint and run again.", code)
        case _:
            return NothingReadError(f"{_WHAT}: {code}", step_after(code), code)
