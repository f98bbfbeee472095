"""apigatewayv2:GetStages to Stage."""

from auditor.model.fact import Absent, Fact, NotApplicable, Present
from auditor.model.gateway import Api, Stage
from auditor.normalize.facts import Members, texts
from auditor.normalize.gateway.stage_settings import hidden_variables, http_settings, kept_variables
from auditor.normalize.reading import Found, Reading

_STAGES = "apigatewayv2:GetStages"
_NOT_HERE = NotApplicable(why="HTTP and WebSocket APIs have none")


def stage(read: Reading, found: Found, api: Api) -> Stage:
    """Add one stage, and return it."""
    record = found.record
    name = str(record.get("stageName", ""))
    arn = f"{api.arn}/stages/{name}"
    about = Members(read, _STAGES, arn, record)
    logs = about.inner("accessLogSettings")
    made = Stage(
        account=read.key.account,
        region=read.key.region,
        arn=arn,
        name=name,
        tags=about.tags(),
        api_arn=api.arn,
        stage=name,
        protocol=api.protocol,
        deployment_id=about.text("deploymentId"),
        canary_deployment_id=_NOT_HERE,
        canary_percent=_NOT_HERE,
        canary_variable_names=_NOT_HERE,
        canary_variable_values=_NOT_HERE,
        # AWS leaves autoDeploy out where it is off (API reference, Stage).
        auto_deploy=_off_where_absent(about.flag("autoDeploy")),
        deploy_error=_error(about),
        access_log_destination=logs.text("destinationArn"),
        access_log_format=logs.text("format"),
        variable_names=about.take("stageVariables", lambda value: texts(list(value))),
        variable_values=about.take("stageVariables", kept_variables),
        variable_digests=about.take("stageVariables", hidden_variables),
        settings=Members(read, _STAGES, arn, {"it": record}).take("it", http_settings),
        cache_cluster_enabled=_NOT_HERE,
        cache_cluster_size=_NOT_HERE,
        web_acl_arn=_NOT_HERE,
        client_certificate_id=about.text("clientCertificateId"),
        tracing_enabled=_NOT_HERE,
    )
    volatile = {each: record.get(each) for each in ("createdDate", "lastUpdatedDate", "lastDeploymentStatusMessage")}
    read.add(made, found.pages, volatile)
    return made


def _off_where_absent(fact: Fact[bool]) -> Fact[bool]:
    return Present(value=False) if isinstance(fact, Absent) else fact


def _error(about: Members) -> Fact[str]:
    """Return the message of a failed automatic deployment; AWS also writes a message when one succeeded."""
    message = about.text("lastDeploymentStatusMessage")
    if isinstance(message, Present) and "success" in message.value.lower():
        return Absent()
    return message
