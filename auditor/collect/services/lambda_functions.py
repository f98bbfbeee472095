"""The functions that integrations and authorizers name: settings, who may invoke them, and their own URLs.

A URL hangs on an alias as well as on the function, so lambda:ListFunctionUrlConfigs is asked, once a function, in place of
lambda:GetFunctionUrlConfig for each alias. Functions of another account or region are not asked about: they are foreign.
"""

from collections.abc import Callable, Iterator
from functools import partial

from auditor.collect.gateway.wire import FUNCTION
from auditor.collect.interface import Caller, Collector, Operation, Paging, Reach

_FUNCTION = "arn:{partition}:lambda:{region}:{account}:function:{FunctionName}"
_NAMED_BY = ("Method", "Route", "Integration", "Authorizer", "Stage")
_ALIAS = "function-alias"
"""Topic of the aliases, `name:alias`, that have URLs."""
_GONE = ("ResourceNotFoundException",)

CONFIGURATION = Operation(
    service="lambda",
    name="GetFunctionConfiguration",
    action="lambda:GetFunctionConfiguration",
    resource=_FUNCTION,
    required=("FunctionArn", "CodeSha256", "Version"),
    per=_NAMED_BY,
    # That a function does not exist is an answer: the route leads nowhere.
    tolerated=_GONE,
)
POLICY = Operation(
    service="lambda",
    name="GetPolicy",
    action="lambda:GetPolicy",
    resource=_FUNCTION,
    required=("Policy",),
    per=_NAMED_BY,
    # A function without a policy answers so.
    tolerated=_GONE,
)
URLS = Operation(
    service="lambda",
    name="ListFunctionUrlConfigs",
    action="lambda:ListFunctionUrlConfigs",
    resource=_FUNCTION,
    required=("FunctionUrlConfigs",),
    per=_NAMED_BY,
    records=(("FunctionUrlConfigs", "FunctionArn"),),
    page=Paging(items="FunctionUrlConfigs", token_out="NextMarker", token_in="Marker"),  # noqa: S106 - names of page tokens
    tolerated=_GONE,
)


def _collect(call: Caller) -> None:
    asked: set[tuple[str, str]] = set()
    call.gather(_named(call, asked))
    # An alias that only its URL names is known once the URLs are read.
    call.gather(
        partial(_settings, call, name, alias)
        for name, _, alias in (each.partition(":") for each in call.recall(_ALIAS))
        if (name, alias) not in asked
    )


def _named(call: Caller, asked: set[tuple[str, str]]) -> Iterator[Callable[[], object]]:
    """Yield what is to be read of each function, and of each alias or version, as soon as something names it."""
    here = f"arn:{call.partition}:lambda:{call.region}:{call.account}:function:"
    for _, arn in call.follow(FUNCTION):
        if not arn.startswith(here):
            continue
        name, _, qualifier = arn.removeprefix(here).partition(":")
        if (name, "") not in asked:
            yield partial(_urls, call, name)
        for each in sorted({"", qualifier}):
            if (name, each) not in asked:
                asked.add((name, each))
                yield partial(_settings, call, name, each)


def _urls(call: Caller, name: str) -> None:
    arn = _arn(call, name)
    for each in call(URLS, arn, FunctionName=name).items("FunctionUrlConfigs"):
        alias = str(each.get("FunctionArn", "")).removeprefix(arn).lstrip(":")
        if alias:
            call.remember(_ALIAS, f"{name}:{alias}")


def _settings(call: Caller, name: str, qualifier: str) -> None:
    """Read what a function, or an alias or version of it, is set to, and who may invoke it."""
    own = {"Qualifier": qualifier} if qualifier else {}
    about = f"{_arn(call, name)}:{qualifier}" if qualifier else _arn(call, name)
    settings = call(CONFIGURATION, about, FunctionName=name, **own)
    if settings.bodies or settings.gap is not None:
        call(POLICY, about, FunctionName=name, **own)
    for body in settings.bodies:
        logs = body.get("LoggingConfig")
        group = logs.get("LogGroup") if isinstance(logs, dict) else None
        call.remember(FUNCTION_LOGS, group if isinstance(group, str) and group else f"/aws/lambda/{name}")


def _arn(call: Caller, name: str) -> str:
    return f"arn:{call.partition}:lambda:{call.region}:{call.account}:function:{name}"


FUNCTION_LOGS = "function-logs"
"""Topic of the names of the log groups that functions write to."""

COLLECTOR = Collector(
    service="lambda",
    reach=Reach.REGIONAL,
    operations=(CONFIGURATION, POLICY, URLS),
    collect=_collect,
    beside=("apigateway",),
)
