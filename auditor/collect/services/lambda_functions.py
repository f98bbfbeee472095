"""The functions that integrations and authorizers name: settings, who may invoke them, and their own URLs.

A URL hangs on an alias as well as on the function, so lambda:ListFunctionUrlConfigs is asked, once a function, in place of
lambda:GetFunctionUrlConfig for each alias. Functions of another account or region are not asked about: they are foreign.
"""

from functools import partial

from auditor.collect.gateway.wire import FUNCTION
from auditor.collect.interface import Caller, Collector, Operation, Paging, Reach

_FUNCTION = "arn:{partition}:lambda:{region}:{account}:function:{FunctionName}"
_NAMED_BY = ("Method", "Route", "Integration", "Authorizer", "Stage")
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
    here = f"arn:{call.partition}:lambda:{call.region}:{call.account}:function:"
    named: dict[str, set[str]] = {}
    for arn in call.recall(FUNCTION):
        if arn.startswith(here):
            name, _, qualifier = arn.removeprefix(here).partition(":")
            named.setdefault(name, set()).add(qualifier)
    call.gather([partial(_function, call, name, named[name]) for name in sorted(named)])


def _function(call: Caller, name: str, qualifiers: set[str]) -> None:
    arn = f"arn:{call.partition}:lambda:{call.region}:{call.account}:function:{name}"
    urls = call(URLS, arn, FunctionName=name)
    aliases = {
        str(each.get("FunctionArn", "")).removeprefix(arn).lstrip(":") for each in urls.items("FunctionUrlConfigs")
    }
    for qualifier in sorted({"", *qualifiers, *aliases}):
        own = {"Qualifier": qualifier} if qualifier else {}
        about = f"{arn}:{qualifier}" if qualifier else arn
        settings = call(CONFIGURATION, about, FunctionName=name, **own)
        if settings.bodies or settings.gap is not None:
            call(POLICY, about, FunctionName=name, **own)
        for body in settings.bodies:
            logs = body.get("LoggingConfig")
            group = logs.get("LogGroup") if isinstance(logs, dict) else None
            call.remember(FUNCTION_LOGS, group if isinstance(group, str) and group else f"/aws/lambda/{name}")


FUNCTION_LOGS = "function-logs"
"""Topic of the names of the log groups that functions write to."""

COLLECTOR = Collector(
    service="lambda",
    reach=Reach.REGIONAL,
    operations=(CONFIGURATION, POLICY, URLS),
    collect=_collect,
    after=("apigateway",),
)
