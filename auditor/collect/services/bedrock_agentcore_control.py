"""AgentCore gateways: how agents are let in, and which APIs, functions and servers they reach through each."""

from functools import partial

from auditor.collect.interface import Caller, Collector, Operation, Paging, Reach

_GATEWAY = "arn:{partition}:bedrock-agentcore:{region}:{account}:gateway/{gatewayIdentifier}"
_TOKEN = {"token_out": "nextToken", "token_in": "nextToken"}

GATEWAYS = Operation(
    "bedrock-agentcore-control",
    "ListGateways",
    "bedrock-agentcore:ListGateways",
    "*",
    required=("items",),
    records=(("items", "gatewayId"),),
    page=Paging(items="items", **_TOKEN),
)
GATEWAY = Operation(
    "bedrock-agentcore-control",
    "GetGateway",
    "bedrock-agentcore:GetGateway",
    _GATEWAY,
    required=("gatewayId", "authorizerType"),
    per=("AgentGateway",),
)
TARGETS = Operation(
    "bedrock-agentcore-control",
    "ListGatewayTargets",
    "bedrock-agentcore:ListGatewayTargets",
    _GATEWAY,
    required=("items",),
    records=(("items", "targetId"),),
    page=Paging(items="items", **_TOKEN),
    per=("AgentGateway",),
)
TARGET = Operation(
    "bedrock-agentcore-control",
    "GetGatewayTarget",
    "bedrock-agentcore:GetGatewayTarget",
    _GATEWAY,
    required=("targetId", "targetConfiguration"),
    per=("AgentGatewayTarget",),
)


def _collect(call: Caller) -> None:
    gateways = call(GATEWAYS, maxResults=100)
    call.gather([partial(_gateway, call, str(each["gatewayId"])) for each in gateways.items("items")])


def _gateway(call: Caller, gateway: str) -> None:
    arn = f"arn:{call.partition}:bedrock-agentcore:{call.region}:{call.account}:gateway/{gateway}"
    call(GATEWAY, arn, gatewayIdentifier=gateway)
    for each in call(TARGETS, arn, gatewayIdentifier=gateway, maxResults=100).items("items"):
        target = str(each["targetId"])
        call(TARGET, f"{arn}#target/{target}", gatewayIdentifier=gateway, targetId=target)


COLLECTOR = Collector(
    service="bedrock-agentcore-control",
    reach=Reach.REGIONAL,
    operations=(GATEWAYS, GATEWAY, TARGETS, TARGET),
    collect=_collect,
)
