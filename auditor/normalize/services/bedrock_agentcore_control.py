"""bedrock-agentcore-control's gateways and what each of them reaches."""

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.model.agents import AgentGateway, AgentGatewayTarget
from auditor.model.fact import Absent, Fact, NotApplicable, Present
from auditor.normalize.facts import Members, canonical, text
from auditor.normalize.interface import ListCall, Normalizer
from auditor.normalize.reading import Found, Read, Reading

_GATEWAYS = "bedrock-agentcore-control:ListGateways"
_GATEWAY = "bedrock-agentcore-control:GetGateway"
_TARGETS = "bedrock-agentcore-control:ListGatewayTargets"
_TARGET = "bedrock-agentcore-control:GetGatewayTarget"
_ARN = "arn:{partition}:bedrock-agentcore:{region}:{account}:gateway/{gatewayIdentifier}"
_NO_TAGS = NotApplicable(why="tags of agent gateways are not read")
_PLACES = ("endpoint", "lambdaArn", "arn")


def normalize(read: Reading) -> None:
    """Add every gateway and target that the lists name."""
    for found in read.records(_GATEWAYS, "items"):
        _gateway(read, found)
    for each in read.reads(_TARGETS):
        for record in each.body.get("items") or ():
            _target(read, each, record)


def _arn(read: Reading, gateway: str) -> str:
    place = {"partition": read.partition, "region": read.key.region, "account": read.key.account}
    return _ARN.format_map({**place, "gatewayIdentifier": gateway})


def _place(read: Reading, arn: str, name: object) -> dict[str, Any]:
    return {"account": read.key.account, "region": read.key.region, "arn": arn, "name": str(name), "tags": _NO_TAGS}


def _gateway(read: Reading, found: Found) -> None:
    gateway = str(found.record["gatewayId"])
    arn = _arn(read, gateway)
    answered = read.reads(_GATEWAY, gatewayIdentifier=gateway)
    about = Members(read, _GATEWAY, arn, answered[0].body if answered else None, read.gap(_GATEWAY, arn))
    tokens = about.inner("authorizerConfiguration").inner("customJWTAuthorizer")
    engine = about.inner("policyEngineConfiguration")
    resource = AgentGateway(
        **_place(read, arn, found.record.get("name", gateway)),
        gateway_id=gateway,
        status=about.text("status"),
        url=about.text("gatewayUrl"),
        protocol=about.text("protocolType"),
        authorizer_type=about.text("authorizerType"),
        discovery_url=tokens.text("discoveryUrl"),
        allowed_audiences=tokens.texts("allowedAudience"),
        allowed_clients=tokens.texts("allowedClients"),
        allowed_scopes=tokens.texts("allowedScopes"),
        required_claims=tokens.take("customClaims", _claims),
        role=about.text("roleArn"),
        policy_engine=engine.text("arn"),
        policy_engine_mode=engine.text("mode"),
        interceptors=about.take("interceptorConfigurations", _interceptors),
        kms_key=about.text("kmsKeyArn"),
        web_acl=about.text("webAclArn"),
        created=about.moment("createdAt"),
    )
    read.add(resource, [*found.pages, *read.pages_of(_GATEWAY, gatewayIdentifier=gateway)])


def _claims(value: Any) -> tuple[str, ...]:
    return tuple(sorted(text(each["inboundTokenClaimName"]) for each in value))


def _interceptors(value: Any) -> tuple[str, ...]:
    return tuple(sorted(text(each["interceptor"]["lambda"]["arn"]) for each in value))


def _target(read: Reading, each: Read, record: Mapping[str, Any]) -> None:
    gateway, target = str(each.page.parameters["gatewayIdentifier"]), str(record["targetId"])
    arn = f"{_arn(read, gateway)}#target/{target}"
    answered = read.reads(_TARGET, gatewayIdentifier=gateway, targetId=target)
    about = Members(read, _TARGET, arn, answered[0].body if answered else None, read.gap(_TARGET, arn))
    kind = about.take("targetConfiguration", lambda value: _chosen(value)[0])
    resource = AgentGatewayTarget(
        **_place(read, arn, record.get("name", target)),
        gateway_arn=_arn(read, gateway),
        status=about.text("status"),
        target_type=kind,
        rest_api=_some(about.take("targetConfiguration", lambda value: _member(value, "restApiId"))),
        stage=_some(about.take("targetConfiguration", lambda value: _member(value, "stage"))),
        endpoint=_some(about.take("targetConfiguration", _endpoint)),
        credentials=about.take("credentialProviderConfigurations", _credentials),
        configuration=about.take("targetConfiguration", canonical),
    )
    pages = read.pages_of(_TARGET, gatewayIdentifier=gateway, targetId=target)
    read.add(resource, [each.page.sha256, *pages], {"lastSynchronizedAt": record.get("lastSynchronizedAt")})


def _chosen(value: Any) -> tuple[str, Mapping[str, Any]]:
    """Return the one member of the one member of a target's configuration, e.g. mcp.apiGateway."""
    ((_, family),) = value.items()
    ((name, inner),) = family.items()
    return text(name), inner


def _member(value: Any, name: str) -> str | None:
    found = _chosen(value)[1].get(name)
    return None if found is None else text(found)


def _endpoint(value: Any) -> str | None:
    return next(iter(_endpoints(value)), None)


def _endpoints(value: Any) -> Iterator[str]:
    for name in _PLACES:
        found = _member(value, name)
        if found is not None:
            yield found


def _some(fact: Fact[Any]) -> Fact[Any]:
    return Absent() if isinstance(fact, Present) and fact.value is None else fact


def _credentials(value: Any) -> tuple[str, ...]:
    return tuple(sorted(text(each["credentialProviderType"]) for each in value))


NORMALIZER = Normalizer(
    "bedrock-agentcore-control",
    normalize,
    lists=(
        ListCall(_GATEWAYS, "AgentGateway", "items"),
        ListCall(_TARGETS, "AgentGatewayTarget", "items", _ARN),
    ),
)
