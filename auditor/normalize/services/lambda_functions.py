"""lambda:GetFunctionConfiguration, GetPolicy and ListFunctionUrlConfigs to Function."""

from collections.abc import Mapping
from typing import Any

from auditor.model.fact import Absent, Fact, NotApplicable, Present, Unread
from auditor.model.platform import Function, FunctionUrl
from auditor.model.snapshot import Page
from auditor.normalize.facts import Members, canonical, moment, text
from auditor.normalize.interface import ListCall, Normalizer
from auditor.normalize.reading import Reading

_SETTINGS = "lambda:GetFunctionConfiguration"
_POLICY = "lambda:GetPolicy"
_URLS = "lambda:ListFunctionUrlConfigs"
_NO_TAGS = NotApplicable(why="tags of functions are not read")
_GONE = NotApplicable(why="the function does not exist")
_VOLATILE = ("State", "StateReasonCode", "LastUpdateStatus", "RevisionId")


def normalize(read: Reading) -> None:
    """Add every function that was asked about, also where nothing of it could be read."""
    asked = {_arn(read, each.page) for each in read.reads(_SETTINGS)}
    asked |= {_arn(read, page) for page in read.refusals if page.operation == _SETTINGS}
    asked |= {str(gap.resource) for gap in read.gaps if gap.operation in {_SETTINGS, _URLS}}
    for arn in sorted(asked):
        _function(read, arn)


def _arn(read: Reading, page: Page) -> str:
    name, qualifier = page.parameters.get("FunctionName"), page.parameters.get("Qualifier")
    bare = f"arn:{read.partition}:lambda:{read.key.region}:{read.key.account}:function:{name}"
    return f"{bare}:{qualifier}" if qualifier else bare


def _of(read: Reading, operation: str, arn: str) -> tuple[Any, tuple[str, ...]]:
    """Return the body of a call about one qualifier, None where AWS says there is none, and its pages."""
    found = [each for each in read.reads(operation) if _arn(read, each.page) == arn]
    refused = [page for page in read.refusals if page.operation == operation and _arn(read, page) == arn]
    return (found[0].body if found else None), (
        *(each.page.sha256 for each in found),
        *(page.sha256 for page in refused),
    )


def _function(read: Reading, arn: str) -> None:
    name, _, qualifier = arn.partition(":function:")[2].partition(":")
    bare = arn.removesuffix(f":{qualifier}") if qualifier else arn
    body, pages = _of(read, _SETTINGS, arn)
    gap = read.gap(_SETTINGS, arn)
    exists: Fact[bool] = Unread(gap=gap) if gap is not None else Present(value=body is not None)
    place: dict[str, Any] = {
        "arn": arn,
        "account": read.key.account,
        "region": read.key.region,
        "name": f"{name}:{qualifier}" if qualifier else name,
        "tags": _NO_TAGS,
        "function_arn": bare,
        "exists": exists,
    }
    if gap is None and body is None:
        missing = {each: _GONE for each in Function.model_fields if each not in place and each != "kind"}
        read.add(Function(**place, **missing), pages)
        return
    policy, policy_pages = _policy(read, arn)
    facts = {**_settings(Members(read, _SETTINGS, arn, body, gap), name), "policy": policy, "urls": _urls(read, bare)}
    volatile = {each: body.get(each) for each in _VOLATILE} if isinstance(body, Mapping) else {}
    read.add(Function(**place, **facts), [*pages, *policy_pages, *read.pages_of(_URLS, FunctionName=name)], volatile)


def _settings(about: Members, name: str) -> dict[str, Any]:
    group = about.inner("LoggingConfig").text("LogGroup")
    return {
        "version": about.text("Version"),
        "code_sha256": about.text("CodeSha256"),
        "config_sha256": about.text("ConfigSha256"),
        # AWS writes `+0000` where ISO 8601 has a colon; Python reads both.
        "last_modified": about.take("LastModified", moment),
        "runtime": about.text("Runtime"),
        "role": about.text("Role"),
        "kms_key": about.text("KMSKeyArn"),
        "environment": about.inner("Environment").tags("Variables"),
        "layers": about.take("Layers", lambda value: tuple(text(each["Arn"]) for each in value)),
        "signing_profile_version": about.text("SigningProfileVersionArn"),
        "tracing_mode": about.inner("TracingConfig").text("Mode"),
        "vpc_id": about.inner("VpcConfig").text("VpcId"),
        "log_group": Present(value=f"/aws/lambda/{name}") if isinstance(group, Absent) else group,
    }


def _policy(read: Reading, arn: str) -> tuple[Fact[str], tuple[str, ...]]:
    body, pages = _of(read, _POLICY, arn)
    gap = read.gap(_POLICY, arn) or read.gap(_SETTINGS, arn) if body is None else None
    if gap is None and body is None:
        return Absent(), pages
    return Members(read, _POLICY, arn, body, gap).policy("Policy"), pages


def _urls(read: Reading, bare: str) -> Fact[tuple[FunctionUrl, ...]]:
    listed = Members.over_pages(read, _URLS, bare, "FunctionUrlConfigs", FunctionName=bare.partition(":function:")[2])
    return listed.take(
        "FunctionUrlConfigs",
        lambda value: tuple(sorted((_url(each) for each in value), key=lambda each: each.function_arn)),
    )


def _url(record: Mapping[str, Any]) -> FunctionUrl:
    mode, cors = record.get("InvokeMode"), record.get("Cors")
    return FunctionUrl(
        function_arn=text(record["FunctionArn"]),
        url=text(record["FunctionUrl"]),
        auth_type=text(record["AuthType"]),
        invoke_mode=None if mode is None else text(mode),
        cors=None if cors is None else canonical(cors),
    )


NORMALIZER = Normalizer(
    "lambda",
    normalize,
    lists=(
        ListCall(
            _URLS,
            "FunctionUrl",
            "FunctionUrlConfigs",
            "arn:{partition}:lambda:{region}:{account}:function:{FunctionName}",
        ),
    ),
)
