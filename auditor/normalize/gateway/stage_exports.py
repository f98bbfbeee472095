"""What a stage's export says of the whole API: StageExport.

OpenAPI 3: the extension `x-amazon-apigateway-endpoint-configuration` of a server holds `disableExecuteApiEndpoint` (developer
guide, "OpenAPI extensions"); `x-amazon-apigateway-policy` holds the resource policy, `x-amazon-apigateway-gateway-responses` the
customised answers by type, `x-amazon-apigateway-cors` what an HTTP API says to browsers. That an export carries them was never
seen on a live account, so their absence says nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from auditor.model.doors import StageExport
from auditor.model.fact import Absent, Fact, NotApplicable, Present, Unread
from auditor.model.route_parts import Cors, GatewayAnswer
from auditor.model.snapshot import Gap
from auditor.normalize.facts import canonical, flag, number, optional, policy, text, text_map
from auditor.normalize.gateway.cors import cors
from auditor.normalize.gateway.integrations import mapping
from auditor.normalize.interface import Normalizer
from auditor.normalize.reading import Reading

_EXTENSION = "x-amazon-apigateway-endpoint-configuration"
_POLICY = "x-amazon-apigateway-policy"
_ANSWERS = "x-amazon-apigateway-gateway-responses"
_CORS = "x-amazon-apigateway-cors"
_GET_EXPORT = "apigateway:GetExport"
_NO_ANSWERS = NotApplicable(why="the gateway's own answers of HTTP APIs cannot be customised")
_NO_CORS = NotApplicable(why="REST APIs have no CORS configuration of their own")
T = TypeVar("T")
_NO_TAGS = NotApplicable(why="exports carry no tags")
_VERSIONS = (
    (_GET_EXPORT, "/restapis/", "restApiId", "stageName"),
    ("apigatewayv2:ExportApi", "/apis/", "ApiId", "StageName"),
)
"""Export, the API's path, and the parameters that name API and stage."""


def normalize(read: Reading) -> None:
    """Add what each stage's export says, also where it could not be read: controls ask for it by name."""
    for operation, path, api, stage in _VERSIONS:
        found = {
            f"{read.arn(path)}{each.page.parameters.get(api)}/stages/{each.page.parameters.get(stage)}": each
            for each in read.reads(operation)
        }
        for arn, each in found.items():
            _add(read, arn, _said(read, operation, arn, each.body), (each.page.sha256,))
        for gap in read.gaps:
            if gap.operation == operation and gap.resource is not None and gap.resource not in found:
                _add(read, gap.resource, _hidden(gap), ())


@dataclass(frozen=True)
class _Told:
    is_off: Fact[bool]
    policy: Fact[str]
    answers: Fact[tuple[GatewayAnswer, ...]]
    cors: Fact[Cors]


def _said(read: Reading, operation: str, arn: str, document: Mapping[str, Any]) -> _Told:
    is_rest = operation == _GET_EXPORT
    return _Told(
        _flag(read, operation, arn, document),
        _extension(read, (operation, arn, _POLICY), document, _written_policy),
        _extension(read, (operation, arn, _ANSWERS), document, _answers) if is_rest else _NO_ANSWERS,
        _NO_CORS if is_rest else _extension(read, (operation, arn, _CORS), document, cors),
    )


def _hidden(gap: Gap) -> _Told:
    is_rest = gap.operation == _GET_EXPORT
    unread = Unread(gap=gap)
    return _Told(unread, unread, unread if is_rest else _NO_ANSWERS, _NO_CORS if is_rest else unread)


def _add(read: Reading, stage_arn: str, told: _Told, pages: tuple[str, ...]) -> None:
    export = StageExport(
        account=read.key.account,
        region=read.key.region,
        arn=f"{stage_arn}/exports/oas30",
        name=f"export of {stage_arn.rpartition('/')[2]}",
        tags=_NO_TAGS,
        api_arn=stage_arn.partition("/stages/")[0],
        stage_arn=stage_arn,
        disable_execute_api_endpoint=told.is_off,
        policy=told.policy,
        gateway_responses=told.answers,
        cors=told.cors,
    )
    read.add(export, pages)


def _flag(read: Reading, operation: str, arn: str, document: Mapping[str, Any]) -> Fact[bool]:
    """Return what the servers say together; two that differ say nothing that can be understood."""
    try:
        told = {flag(each) for each in _told(document)}
    except (ValueError, TypeError, AttributeError):
        return Unread(gap=read.broken(operation, arn, f"{_EXTENSION} is not understood"))
    if len(told) > 1:
        return Unread(gap=read.broken(operation, arn, f"{_EXTENSION} contradicts itself"))
    return Present(value=told.pop()) if told else Absent()


def _extension(
    read: Reading, where: tuple[str, str, str], document: Mapping[str, Any], convert: Callable[[Any], T]
) -> Fact[T]:
    """Return what an extension says. `where`: operation, the stage's ARN, and the extension's name."""
    operation, arn, name = where
    found = document.get(name)
    if found is None:
        return Absent()
    try:
        return Present(value=convert(found))
    except (ValueError, TypeError, AttributeError):
        return Unread(gap=read.broken(operation, arn, f"{name} is not understood"))


def _written_policy(value: Any) -> str:
    # The developer guide shows an object, "x-amazon-apigateway-policy"; elsewhere API Gateway writes policies as text.
    return canonical(value) if isinstance(value, Mapping) else policy(value)


def _answers(value: Any) -> tuple[GatewayAnswer, ...]:
    return tuple(_answer(text(kind), mapping(each)) for kind, each in sorted(mapping(value).items()))


def _answer(kind: str, given: Mapping[str, Any]) -> GatewayAnswer:
    status = given.get("statusCode")
    return GatewayAnswer(
        response_type=kind,
        # A text in the developer guide; a number is understood as well.
        status=str(number(status)) if isinstance(status, int) else optional(text, status),
        parameters=text_map(given.get("responseParameters") or {}),
        templates=text_map(given.get("responseTemplates") or {}),
    )


def _told(document: Mapping[str, Any]) -> Iterator[Any]:
    for place in (document, *(document.get("servers") or ())):
        value = (place.get(_EXTENSION) or {}).get("disableExecuteApiEndpoint")
        if value is not None:
            yield value


NORMALIZER = Normalizer("apigateway", normalize)
