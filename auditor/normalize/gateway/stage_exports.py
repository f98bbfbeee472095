"""What a stage's export says of the whole API: StageExport.

OpenAPI 3: the extension `x-amazon-apigateway-endpoint-configuration` of a server holds `disableExecuteApiEndpoint` (developer
guide, "OpenAPI extensions"); `x-amazon-apigateway-policy` holds the resource policy. That an export carries them was never seen
on a live account, so their absence says nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.model.doors import StageExport
from auditor.model.fact import Absent, Fact, NotApplicable, Present, Unread
from auditor.normalize.facts import canonical, flag, policy
from auditor.normalize.interface import Normalizer
from auditor.normalize.reading import Reading

_EXTENSION = "x-amazon-apigateway-endpoint-configuration"
_POLICY = "x-amazon-apigateway-policy"
_NO_TAGS = NotApplicable(why="exports carry no tags")
_VERSIONS = (
    ("apigateway:GetExport", "/restapis/", "restApiId", "stageName"),
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
            told = _Told(_flag(read, operation, arn, each.body), _policy(read, operation, arn, each.body))
            _add(read, arn, told, (each.page.sha256,))
        for gap in read.gaps:
            if gap.operation == operation and gap.resource is not None and gap.resource not in found:
                _add(read, gap.resource, _Told(Unread(gap=gap), Unread(gap=gap)), ())


@dataclass(frozen=True)
class _Told:
    is_off: Fact[bool]
    policy: Fact[str]


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


def _policy(read: Reading, operation: str, arn: str, document: Mapping[str, Any]) -> Fact[str]:
    found = document.get(_POLICY)
    if found is None:
        return Absent()
    try:
        # The developer guide shows an object, "x-amazon-apigateway-policy"; elsewhere API Gateway writes policies as text.
        return Present(value=canonical(found) if isinstance(found, Mapping) else policy(found))
    except (ValueError, TypeError, AttributeError):
        return Unread(gap=read.broken(operation, arn, f"{_POLICY} is not understood"))


def _told(document: Mapping[str, Any]) -> Iterator[Any]:
    for place in (document, *(document.get("servers") or ())):
        value = (place.get(_EXTENSION) or {}).get("disableExecuteApiEndpoint")
        if value is not None:
            yield value


NORMALIZER = Normalizer("apigateway", normalize)
