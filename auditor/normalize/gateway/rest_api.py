"""REST APIs as configured: RestApi, Method, Authorizer, Stage, Deployment."""

from auditor.model.fact import NotApplicable
from auditor.model.gateway import Deployment, Protocol, RestApi, Stage
from auditor.normalize.facts import Members, decimal, texts
from auditor.normalize.gateway.authorizers import authorizer
from auditor.normalize.gateway.rest_deployed import deployed_routes
from auditor.normalize.gateway.rest_methods import methods
from auditor.normalize.gateway.stage_settings import hidden_variables, kept_variables, rest_settings
from auditor.normalize.interface import ListCall, Normalizer
from auditor.normalize.reading import Found, Reading

_APIS = "apigateway:GetRestApis"
_RESOURCES = "apigateway:GetResources"
_STAGES = "apigateway:GetStages"
_AUTHORIZERS = "apigateway:GetAuthorizers"
_DEPLOYMENTS = "apigateway:GetDeployments"
_NO_TAGS = NotApplicable(why="carries no tags of its own")
_REST_ONLY = NotApplicable(why="REST stages are deployed by hand")


def normalize(read: Reading) -> None:
    """Add every REST API of the shard with all below it."""
    for found in read.records(_APIS, "item"):
        api_id = found.record.get("id")
        if isinstance(api_id, str):
            arn = read.arn(f"/restapis/{api_id}")
            _api(read, found, api_id, arn)
            methods(read, api_id, arn)
            for each in read.records(_AUTHORIZERS, "item", restApiId=api_id):
                authorizer(read, each, arn)
            for each in read.records(_DEPLOYMENTS, "item", restApiId=api_id):
                _deployment(read, each, arn)
            for each in read.records(_STAGES, "item", restApiId=api_id):
                deployed_routes(read, api_id, arn, _stage(read, each, arn))


def _api(read: Reading, found: Found, api_id: str, arn: str) -> None:
    about = Members(read, _APIS, arn, found.record)
    inner = about.inner("endpointConfiguration")
    api = RestApi(
        **read.place,
        arn=arn,
        name=str(found.record.get("name", api_id)),
        tags=about.tags(),
        api_id=api_id,
        created=about.moment("createdDate"),
        endpoint_types=inner.texts("types"),
        vpc_endpoint_ids=inner.texts("vpcEndpointIds"),
        policy=about.policy("policy"),
        api_key_source=about.text("apiKeySource"),
        disable_execute_api_endpoint=about.flag("disableExecuteApiEndpoint"),
        security_policy=about.text("securityPolicy"),
        endpoint_access_mode=about.text("endpointAccessMode"),
        ip_address_type=inner.text("ipAddressType"),
        api_status=about.text("apiStatus"),
        minimum_compression_size=about.number("minimumCompressionSize"),
        binary_media_types=about.texts("binaryMediaTypes"),
    )
    read.add(api, found.pages, {"warnings": found.record.get("warnings")})


def _deployment(read: Reading, found: Found, api_arn: str) -> None:
    deployment_id = str(found.record.get("id", ""))
    arn = f"{api_arn}/deployments/{deployment_id}"
    about = Members(read, _DEPLOYMENTS, arn, found.record)
    deployment = Deployment(
        **read.place,
        arn=arn,
        name=deployment_id,
        tags=_NO_TAGS,
        api_arn=api_arn,
        deployment_id=deployment_id,
        created=about.moment("createdDate"),
        auto_deployed=_REST_ONLY,
    )
    read.add(deployment, found.pages, {"description": found.record.get("description")})


def _stage(read: Reading, found: Found, api_arn: str) -> Stage:
    record = found.record
    name = str(record.get("stageName", ""))
    arn = f"{api_arn}/stages/{name}"
    about = Members(read, _STAGES, arn, record)
    logs = about.inner("accessLogSettings")
    canary = about.inner("canarySettings")
    stage = Stage(
        **read.place,
        arn=arn,
        name=name,
        tags=about.tags(),
        api_arn=api_arn,
        stage=name,
        protocol=Protocol.REST,
        deployment_id=about.text("deploymentId"),
        canary_deployment_id=canary.text("deploymentId"),
        canary_percent=canary.take("percentTraffic", decimal),
        canary_variable_names=canary.take("stageVariableOverrides", lambda value: texts(list(value))),
        canary_variable_values=canary.take("stageVariableOverrides", kept_variables),
        auto_deploy=_REST_ONLY,
        deploy_error=_REST_ONLY,
        access_log_destination=logs.text("destinationArn"),
        access_log_format=logs.text("format"),
        variable_names=about.take("variables", lambda value: texts(list(value))),
        variable_values=about.take("variables", kept_variables),
        variable_digests=about.take("variables", hidden_variables),
        settings=about.take("methodSettings", rest_settings),
        cache_cluster_enabled=about.flag("cacheClusterEnabled"),
        cache_cluster_size=about.text("cacheClusterSize"),
        web_acl_arn=about.text("webAclArn"),
        client_certificate_id=about.text("clientCertificateId"),
        tracing_enabled=about.flag("tracingEnabled"),
    )
    read.add(
        stage,
        found.pages,
        {name: record.get(name) for name in ("createdDate", "lastUpdatedDate", "cacheClusterStatus")},
    )
    return stage


_REST = "arn:{partition}:apigateway:{region}::/restapis/{restApiId}"

NORMALIZER = Normalizer(
    "apigateway",
    normalize,
    lists=(
        ListCall(_APIS, "RestApi", "item"),
        ListCall(_RESOURCES, "Method", "item", _REST),
        ListCall(_STAGES, "Stage", "item", _REST),
        ListCall(_AUTHORIZERS, "Authorizer", "item", _REST),
        ListCall(_DEPLOYMENTS, "Deployment", "item", _REST),
    ),
)
