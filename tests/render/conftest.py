"""A rich synthetic pack: every status, every waiver state, gaps, drift, hostile names, as large as asked for."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import JsonValue

from auditor.model.control import (
    Basis,
    Catalog,
    Control,
    Coverage,
    Criterion,
    CriterionMapping,
    Parameter,
    Severity,
    Waiver,
)
from auditor.model.diff import (
    AccessChange,
    AccessDiff,
    AccessGroup,
    CatalogChange,
    CoverageChange,
    DeviationDiff,
    Diff,
    Direction,
    FieldChange,
    FlowChange,
    ResourceChange,
    ResourceDiff,
    ResourceRef,
)
from auditor.model.fact import Fact, Present, Unread
from auditor.model.finding import Conclusion, ControlResult, Evaluation, Finding, Totals, WaiverResult, WaiverState
from auditor.model.flow import Backend, Door, Drift, DriftField, Flow, ToldToBackend, Trace, Who, WhoKind
from auditor.model.gateway import Protocol, View
from auditor.model.pack import PackContents, PackRecord
from auditor.model.register import AccessDecision, DeclaredSecret, PublicRoute, Registers
from auditor.model.resource import Listing
from auditor.model.review import AccessSheet, Age, CallerKind, GrantKind, Held, Holder, LastUse, ReviewLine, StageOf
from auditor.model.snapshot import (
    Declared,
    Gap,
    GapReason,
    ObjectRef,
    Page,
    Scope,
    Shard,
    ShardKey,
    Snapshot,
)
from auditor.model.status import Status
from auditor.model.transform import TransformKind
from tests.render.flows import CARRIED, CLAIMS, rulings, steps, transform

ACCOUNT = "111122223333"
REGIONS = ("eu-west-1", "us-east-1")
AS_OF = datetime(2026, 9, 30, 22, 5, 12, tzinfo=UTC)
HOSTILE = (
    "<script>alert(1)</script>",
    "</svg></style><b>bold</b>",
    "{{ 7*7 }}{% raw %}",
    "\u202egnp.exe \u05e9\u05dc\u05d5\u05dd",
    '=HYPERLINK("http://evil.example")',
    "x" * 500,
    "tab\tnul\x00bell\x07",
)
CRITERIA = {
    "control environment": [f"CC1.{n}" for n in range(1, 6)],
    "communication and information": [f"CC2.{n}" for n in range(1, 4)],
    "risk assessment": [f"CC3.{n}" for n in range(1, 5)],
    "monitoring": [f"CC4.{n}" for n in range(1, 3)],
    "control activities": [f"CC5.{n}" for n in range(1, 4)],
    "logical and physical access": [f"CC6.{n}" for n in range(1, 9)],
    "system operations": [f"CC7.{n}" for n in range(1, 6)],
    "change management": ["CC8.1"],
    "risk mitigation": ["CC9.1", "CC9.2"],
    "availability": [f"A1.{n}" for n in range(1, 4)],
    "confidentiality": ["C1.1", "C1.2"],
    "processing integrity": [f"PI1.{n}" for n in range(1, 6)],
    "privacy": ["P1.1", "P2.1", "P3.1", "P3.2", "P4.1", "P4.2", "P4.3", "P5.1", "P5.2",
                *(f"P6.{n}" for n in range(1, 8)), "P7.1", "P8.1"],
}  # fmt: skip
PARTLY = {"CC2.1", "CC4.1", "CC4.2", "CC6.1", "CC6.2", "CC6.3", "CC6.6", "CC6.7", "CC7.1", "CC7.2", "CC7.3", "CC8.1",
          "C1.1", "PI1.2"}  # fmt: skip


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def criteria() -> tuple[Criterion, ...]:
    return tuple(
        Criterion(
            id=each,
            category="common" if each.startswith("CC") else group,
            group=group,
            title=f"Our short title of {each}, {group}",
            coverage=Coverage.PARTLY if each in PARTLY else Coverage.NOT,
            tool_gives="what every deployed route asks of a caller, with the answer of AWS" if each in PARTLY else None,
            still_needed="access reviews by the owner, joiner and leaver tickets",
        )
        for group, ids in CRITERIA.items()
        for each in ids
    )


@dataclass(frozen=True)
class Spec:
    """One synthetic control and the statuses of its population."""

    id: str
    title: str
    domain: str
    criteria: tuple[str, ...]
    severity: Severity
    counts: dict[Status, int]
    kind: str = "AWS::KMS::Key"
    subject: str = "estate"
    parameters: dict[str, Parameter] = field(default_factory=dict)


F, W, N, A, P, X = (
    Status.FAIL, Status.WAIVED, Status.NOT_EVALUATED, Status.NEEDS_ATTESTATION, Status.PASS, Status.NOT_APPLICABLE,
)  # fmt: skip
ROUTE = "AWS::ApiGateway::Method"
SPECS = (
    Spec("GW-ID-01", "Every route names who may call it", "identity", ("CC6.1", "CC6.6"), Severity.CRITICAL,
         {F: 3, W: 1, N: 2, P: 29, X: 6}, ROUTE,
         parameters={"ignore_methods": Parameter(value=["OPTIONS"], source="CORS preflight (Fetch standard)")}),
    Spec("GW-ID-02", "Public routes are registered, owned and short-lived", "identity", ("CC6.1", "CC4.2"),
         Severity.HIGH, {F: 1, A: 4, P: 2, X: 34}, ROUTE,
         parameters={"max_review_age_days": Parameter(value=365, source="project policy")}),
    Spec("GW-OB-01", "Every stage writes an access log", "observability", ("CC7.2", "CC7.3"), Severity.HIGH,
         {F: 2, W: 1, P: 5}, "AWS::ApiGateway::Stage"),
    Spec("GW-CH-01", "What is deployed is what is configured", "change", ("CC8.1",), Severity.MEDIUM,
         {F: 2, N: 3, P: 36}, ROUTE),
    Spec("KR-01", "Access keys are younger than the limit", "key-rotation", ("CC6.1",), Severity.HIGH,
         {F: 4, W: 2, P: 11}, "AWS::IAM::AccessKey",
         parameters={"max_key_age_days": Parameter(value=90, source="CIS AWS 1.14 (3.0), FSBP IAM.3")}),
    Spec("KR-04", "KMS keys rotate", "key-rotation", ("CC6.1", "C1.1"), Severity.MEDIUM, {F: 1, N: 1, P: 9, X: 3}),
    Spec("KR-07", "Secrets rotate", "key-rotation", ("CC6.1", "CC6.7"), Severity.LOW, {N: 4},
         "AWS::SecretsManager::Secret"),
    Spec("KR-09", "Root has no access keys", "key-rotation", ("CC6.1", "CC6.3"), Severity.CRITICAL, {P: 1},
         "AWS::IAM::Account"),
    Spec("KR-11", "API keys are renewed", "key-rotation", ("CC6.1",), Severity.MEDIUM, {}, "AWS::ApiGateway::ApiKey"),
    Spec("CH-05", "The collection is complete", "change", ("CC2.1",), Severity.HIGH, {F: 1, P: 5},
         "auditor:snapshot", "collection"),
)  # fmt: skip


def control(spec: Spec) -> Control:
    return Control.model_validate(
        {
            "id": spec.id,
            "version": 2,
            "title": spec.title,
            "statement": f"{spec.title}: each item of the population, as deployed at the moment of the snapshot.",
            "domain": spec.domain,
            "subject": spec.subject,
            "criteria": tuple(
                CriterionMapping(id=each, rationale=f"An item that breaks this opens a way around {each}.")
                for each in spec.criteria
            ),
            "severity": spec.severity,
            "frequency": "each quarter; the setting is automatic",
            "basis": Basis.DOCUMENTED,
            "procedure": "For each deployed item: read the setting that AWS enforces, compare it with the parameter, "
            "fail where it differs. The deployed definition is tested, not only the working copy.",
            "cannot_see": "Whether the setting held between two snapshots; who used the route meanwhile.",
            "remediation": "Attach an authorizer or AWS_IAM, deploy the stage, or register the item with owner, "
            "reason and end date.",
            "references": {"aws_fsbp": ["APIGateway.8"], "prowler": ["apigateway_restapi_authorizers_enabled"]},
            "registers": ("public_routes",) if spec.id == "GW-ID-02" else (),
            "check": spec.title.lower().replace(" ", "-"),
            "parameters": spec.parameters,
        }
    )


def page(operation: str, region: str, sequence: int, moment: datetime) -> Page:
    return Page(
        operation=operation,
        parameters={"limit": 500},
        account=ACCOUNT,
        region=region,
        caller=f"arn:aws:sts::{ACCOUNT}:assumed-role/auditor-read/ci",
        requested_at=moment,
        answered_at=moment + timedelta(milliseconds=240),
        request_id=f"{digest(operation + region)[:8]}-5c1e-4d7b-9a60-{sequence:012d}",
        status=200,
        sequence=sequence,
        sha256=digest(f"{operation}|{region}|{sequence}"),
        size=2048 + 17 * sequence,
        redacted=("/items/0/value",) if operation.endswith("GetApiKeys") else (),
    )


OPERATIONS = (
    "apigateway:GetRestApis", "apigateway:GetStages", "apigateway:GetExport", "apigateway:GetDeployment",
    "apigatewayv2:GetApis", "apigatewayv2:ExportApi", "apigateway:GetApiKeys", "kms:ListKeys", "kms:DescribeKey",
    "kms:GetKeyRotationStatus", "secretsmanager:ListSecrets", "logs:DescribeLogGroups",
)  # fmt: skip
IAM_OPERATIONS = ("iam:GetAccountSummary", "iam:GetCredentialReport", "iam:ListAccessKeys", "sts:GetCallerIdentity")


def pages() -> tuple[Page, ...]:
    asked = [(each, region) for region in REGIONS for each in OPERATIONS]
    asked += [(each, "aws-global") for each in IAM_OPERATIONS]
    return tuple(
        page(operation, region, sequence, AS_OF + timedelta(seconds=3 * index + sequence))
        for index, (operation, region) in enumerate(asked)
        for sequence in range(3 if operation == "apigateway:GetExport" else 1)
    )


def gaps() -> tuple[Gap, ...]:
    return (
        Gap(operation="apigateway:GetExport", account=ACCOUNT, region="eu-west-1",
            resource="arn:aws:apigateway:eu-west-1::/restapis/b7f3k2/stages/prod", reason=GapReason.DENIED,
            action="apigateway:GET", detail="arn:aws:apigateway:eu-west-1::/restapis/b7f3k2/stages/prod/exports/oas30 "
            "AccessDeniedException"),
        Gap(operation="secretsmanager:ListSecrets", account=ACCOUNT, region="us-east-1", resource=None,
            reason=GapReason.THROTTLED, action="secretsmanager:ListSecrets", detail="* ThrottlingException"),
        Gap(operation="kms:GetKeyRotationStatus", account=ACCOUNT, region="eu-west-1",
            resource=f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
            reason=GapReason.DENIED, action="kms:GetKeyRotationStatus", detail="key policy AccessDeniedException"),
    )  # fmt: skip


APIS = (
    ("a1b2c3", "orders", Protocol.REST), ("b7f3k2", "legacy-billing", Protocol.REST),
    ("d4e5f6", "payments", Protocol.HTTP), ("w9x8y7", "notifications", Protocol.WEBSOCKET),
    ("h0s7i1", HOSTILE[0], Protocol.REST),
)  # fmt: skip
PATHS = ("/orders", "/orders/{id}", "/orders/{id}/items", "/invoices/{invoiceId}/lines/{lineId}", "/health", "/search")
WHOS = (
    Who(kind=WhoKind.IAM, label="IAM"),
    Who(kind=WhoKind.JWT, label="JWT login.example.com", detail="https://login.example.com", scopes=("orders:read",)),
    Who(kind=WhoKind.COGNITO, label="Cognito customers", detail="arn:aws:cognito-idp:eu-west-1:1:userpool/x"),
    Who(kind=WhoKind.LAMBDA, label="Lambda verify-token", detail="arn:aws:lambda:eu-west-1:1:function:verify-token"),
    Who(kind=WhoKind.NONE, label="open to anyone"),
    Who(kind=WhoKind.UNKNOWN, label="not known"),
)
BACKENDS = (
    Backend(kind="LAMBDA", label="λ orders-api", target=f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:orders-api"),
    Backend(kind="HTTP", label="https://legacy.example.com", target="https://legacy.example.com/v1"),
    Backend(kind="PRIVATE", label="VPC link core", target="http://internal-core.example.internal"),
    Backend(kind="MOCK", label="mock", target=None),
)

TRANSFORMS = (
    None,
    (),
    (transform(), transform(kind=TransformKind.IMPLICIT, sentence="API Gateway itself drops header host.", score=0)),
    (transform(score=9, fits=False),),
)


def flow(index: int) -> Flow:
    api, name, kind = APIS[index % len(APIS)]
    method = ("GET", "POST", "DELETE", "PUT")[index % 4]
    path = PATHS[index % len(PATHS)] + ("" if index < 20 else f"/v{index}")
    if kind is Protocol.WEBSOCKET:
        method, path = "", "$connect" if index == 3 else "$default" if index == 8 else f"message{index}"
    if index == 4:
        path = f"/{HOSTILE[1]}/{HOSTILE[2]}"
    if index == 9:
        path = f"/{HOSTILE[5]}"
    if index == 14:
        path = f"/{HOSTILE[3]}"
    stage = "$default" if kind is Protocol.HTTP else "prod"
    who = WHOS[4] if index in {4, 11, 17, 22} else WHOS[5] if index == 6 else WHOS[index % 4]
    drift = Drift.UNDEPLOYED_CHANGE if index in {5, 12} else Drift.UNKNOWN if index % 13 == 3 else Drift.NONE
    suffix = f"{method}{path}" if method else path
    unread: Fact[bool] = Unread(gap=gaps()[0])
    return Flow(
        route=f"arn:aws:execute-api:eu-west-1:{ACCOUNT}:{api}/{stage}/{suffix}",
        resource_type=ROUTE,
        api=api,
        api_arn=f"arn:aws:apigateway:eu-west-1::/restapis/{api}",
        api_name=name,
        account=ACCOUNT,
        region="eu-west-1",
        stage=stage,
        route_key=f"{method} {path}".strip(),
        kind=kind,
        view=View.CONFIGURED if kind is Protocol.WEBSOCKET else View.DEPLOYED,
        who=who,
        doors=(
            Door(
                url=f"https://{api}.execute-api.eu-west-1.amazonaws.com/{stage}", kind="execute-api", mutual_tls=False
            ),
            *([Door(url="https://api.example.com/orders", kind="domain", mutual_tls=True)] if index % 5 == 0 else []),
        ),
        doors_complete=index % 7 != 6,
        api_key_required=unread if index == 6 else Present(value=index in {11, 17}),
        private=index == 8,
        told_to_backend=tuple(ToldToBackend)[index % 4],
        transforms=TRANSFORMS[index % 4],
        backend=BACKENDS[index % 4],
        trace=(None, *Trace)[index % 6],
        drift=drift,
        drift_fields=(DriftField(field="authorizer", configured="IAM", deployed="none"),)
        if drift is Drift.UNDEPLOYED_CHANGE
        else (),
        steps=steps() if index % 3 else steps({5: CLAIMS, 11: CARRIED}),
        identity=None,
        canary=None,
        rulings=rulings(P1=Status.FAIL, P17=Status.NEEDS_ATTESTATION)
        if index % 3
        else rulings(P9=Status.NOT_EVALUATED),
    )


def resource(spec: Spec, index: int, flows: tuple[Flow, ...]) -> str:
    user = HOSTILE[index % len(HOSTILE)] if index < 3 else f"svc-deploy-{index}"
    named = {
        "AWS::ApiGateway::Stage": f"arn:aws:apigateway:eu-west-1::/restapis/{APIS[index % 5][0]}/stages/prod{index}",
        "AWS::IAM::AccessKey": f"arn:aws:iam::{ACCOUNT}:user/{user}#AKIAEXAMPLE{index:09d}",
        "AWS::SecretsManager::Secret": f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:prod/db/{index}-AbCdEf",
        "AWS::IAM::Account": f"arn:aws:iam::{ACCOUNT}:account",
        "auditor:snapshot": f"auditor:snapshot/20260930T220512Z-1a2b3c4d#shard/{index}",
    }
    if spec.kind == ROUTE and index < len(flows):
        return flows[index].route
    return named.get(spec.kind, f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/0f1e2d3c-4b5a-6978-8796-{index:012d}")


REASONS = {
    F: "The deployed method asks nobody who calls (authorization type NONE) and no resource policy restricts callers.",
    W: "The key is 214 days old; the limit is 90.",
    N: "apigateway:GetExport was denied, so the deployed side of this item is not known.",
    A: "No register of public routes is configured: management must attest that this route is meant to be public.",
    P: "Attached authorizer, deployed.",
    X: "An OPTIONS method carries no credentials.",
}


def observed(status: Status, index: int) -> dict[str, JsonValue]:
    if status is N:
        gap = gaps()[0]
        return {"operation": gap.operation, "action": gap.action, "detail": gap.detail}
    return {"authorization_type": "NONE", "age_days": 214 + index, "note": HOSTILE[index % len(HOSTILE)][:40]}


def findings(spec: Spec, flows: tuple[Flow, ...], all_pages: tuple[Page, ...]) -> tuple[Finding, ...]:
    statuses = [status for status in Status for _ in range(spec.counts.get(status, 0))]
    return tuple(
        Finding(
            control=spec.id,
            control_version=2,
            resource=resource(spec, index, flows),
            resource_type=spec.kind,
            account=ACCOUNT,
            region="eu-west-1",
            status=status,
            reason=REASONS[status],
            severity=spec.severity,
            criteria=spec.criteria,
            observed=observed(status, index),
            exhibits=tuple(sorted(each.sha256 for each in all_pages[index % 7 : index % 7 + 1 + index % 5])),
            waiver=f"WV-2026-{index:03d}" if status is W else None,
            basis=Basis.DOCUMENTED,
            root_cause="GW-ID-01" if spec.id == "GW-ID-02" and status is F else None,
            first_seen=date(2026, 6, 30) if index % 2 else None,
            due=date(2026, 10, 30) if status is F else None,
        )
        for index, status in enumerate(statuses)
    )


def totals(counted: dict[Status, int]) -> Totals:
    return Totals(
        population=sum(counted.values()),
        fail=counted.get(F, 0),
        waived=counted.get(W, 0),
        not_evaluated=counted.get(N, 0),
        needs_attestation=counted.get(A, 0),
        passed=counted.get(P, 0),
        not_applicable=counted.get(X, 0),
    )


def conclusion(counted: dict[Status, int]) -> Conclusion:
    if counted.get(F) or counted.get(W):
        return Conclusion.DEVIATIONS
    if counted.get(N):
        return Conclusion.INCOMPLETE
    if counted.get(A):
        return Conclusion.ATTESTATION
    return Conclusion.NO_DEVIATIONS if counted.get(P) else Conclusion.EMPTY


KINDS = {
    "apigateway:GetRestApis": "RestApi", "apigateway:GetStages": "Stage", "apigatewayv2:GetApis": "Api",
    "apigateway:GetApiKeys": "ApiKey", "kms:ListKeys": "KmsKey", "iam:ListAccessKeys": "AccessKey",
    "secretsmanager:ListSecrets": "Secret",
}  # fmt: skip
SECOND = {
    "iam:ListAccessKeys": (17, "iam:GetCredentialReport keys", "2026-09-30T20:11:00+00:00"),
    "kms:ListKeys": (18, "resource-explorer-2:Search", None),
}


def listings(all_pages: Iterable[Page]) -> tuple[Listing, ...]:
    return tuple(
        Listing(
            kind=KINDS[each.operation],
            account=each.account,
            region=each.region,
            parent=None,
            operation=each.operation,
            count=0 if each.operation == "apigateway:GetApiKeys" else 17,
            complete=not (each.operation == "secretsmanager:ListSecrets" and each.region == "us-east-1"),
            pages=(each.sha256,),
            second_count=SECOND.get(each.operation, (None, None, None))[0],
            second_source=SECOND.get(each.operation, (None, None, None))[1],
            second_as_of=SECOND.get(each.operation, (None, None, None))[2],
        )
        for each in all_pages
        if each.operation in KINDS
    )


def result(spec: Spec, flows: tuple[Flow, ...], all_pages: tuple[Page, ...]) -> ControlResult:
    return ControlResult(
        control=control(spec),
        conclusion=conclusion(spec.counts),
        totals=totals(spec.counts),
        findings=findings(spec, flows, all_pages),
        listings=listings(all_pages)[:4],
        gaps=gaps()[:1] if spec.counts.get(N) else (),
    )


def waiver(number: int, control_id: str, arn: str, expires: date) -> Waiver:
    return Waiver(
        id=f"WV-2026-{number:03d}", control=control_id, resource=arn,
        reason="Batch partner moves to short-lived credentials in Q4; the key is limited to one bucket.",
        requested_by="J. Doe", risk_owner="Head of Platform", approver="CISO", approved_on=date(2026, 5, 2),
        starts_on=date(2026, 5, 3), expires_on=expires, ticket="SEC-1182", compensating_control=None,
    )  # fmt: skip


def waivers(results: tuple[ControlResult, ...]) -> tuple[WaiverResult, ...]:
    applied = tuple(
        WaiverResult(
            waiver=waiver(int(each.waiver[-3:]), each.control, each.resource, date(2026, 12, 31)),
            state=WaiverState.APPLIED,
            why="in force at the moment of the snapshot",
        )
        for one in results
        for each in one.findings
        if each.waiver
    )
    rest = tuple(
        WaiverResult(waiver=waiver(900 + n, "KR-01", f"arn:aws:iam::{ACCOUNT}:user/old-{n}#AKIA{n}", date(2026, 8, 31)),
                     state=state, why=f"{state.value.replace('_', ' ')} at the moment of the snapshot")
        for n, state in enumerate(WaiverState)
        if state is not WaiverState.APPLIED
    )  # fmt: skip
    return applied + rest


def catalog(specs: tuple[Spec, ...], all_criteria: tuple[Criterion, ...], given: tuple[WaiverResult, ...]) -> Catalog:
    return Catalog(
        controls=tuple(control(each) for each in specs),
        criteria=all_criteria,
        framework="AICPA TSP section 100, 2017 Trust Services Criteria",
        registers=Registers(
            public_routes=(
                PublicRoute(route=f"arn:aws:execute-api:eu-west-1:{ACCOUNT}:a1b2c3/prod/GET/health", owner="Platform",
                            reason="Load balancer probe", approved_by="CISO", approved_on=date(2026, 1, 12),
                            review_by=date(2027, 1, 12), compensating_control="WAF rate rule"),
            ),
            secrets=None if len(specs) > 3 else (DeclaredSecret(secret="s", owner="o", rotation="manual"),),
        ),
        waivers=tuple(each.waiver for each in given),
        digest=digest("catalog"),
    )  # fmt: skip


def snapshot(size: int, *, with_gaps: bool) -> Snapshot:
    ref = ObjectRef(sha256=digest(str(size)), count=10, size=1000)
    return Snapshot(
        id="20260930T220512Z-1a2b3c4d",
        root=digest("root"),
        as_of=AS_OF,
        finished_at=AS_OF + timedelta(minutes=6, seconds=28),
        tool_version="0.1.0",
        scope=Scope(partition="aws", accounts=(ACCOUNT,), regions=REGIONS,
                    services=("apigateway", "iam", "kms", "secretsmanager", "logs", "firehose", "sts")),
        callers={ACCOUNT: f"arn:aws:sts::{ACCOUNT}:assumed-role/auditor-read/ci"},
        redaction_key_id="rk-5d41402abc4b",
        shards=(
            Shard(key=ShardKey(account=ACCOUNT, region="eu-west-1", service="apigateway"), resources=ref,
                  observations=ref, pages=ref, gaps=gaps() if with_gaps else ()),
            Shard(key=ShardKey(account=ACCOUNT, region="eu-west-1", service="firehose"), resources=ref,
                  observations=ref, pages=ref, gaps=()),
        ),
        declared=(Declared(account=ACCOUNT, region="me-south-1", why="region not enabled"),),
        calls={"apigateway:GetRestApis": 2, "apigateway:GetExport": 14, "kms:DescribeKey": 12, "iam:ListAccessKeys": 9},
        throttled=3,
        clock_offset_seconds=1,
    )  # fmt: skip


def diff(results: tuple[ControlResult, ...]) -> Diff:
    failing = tuple(each for one in results for each in one.findings if each.status in {F, W})
    unseen = tuple(each for one in results for each in one.findings if each.status is N)
    key = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/0f1e2d3c-4b5a-6978-8796-000000000003"
    changed = (
        ResourceChange(resource="arn:aws:apigateway:eu-west-1::/restapis/a1b2c3", kind="RestApi", name="orders",
                       account=ACCOUNT, region="eu-west-1", access=AccessChange.WIDENED,
                       fields=(FieldChange(path="policy/Allow/*/execute-api:Invoke", old=None,
                                           new={"Effect": "Allow", "Principal": "*"}),
                               FieldChange(path="endpoint_types", old=["PRIVATE"], new=["REGIONAL"]))),
        ResourceChange(resource=key, kind="KmsKey", name=HOSTILE[2], account=ACCOUNT, region="eu-west-1",
                       access=AccessChange.NONE,
                       fields=(FieldChange(path="rotation_enabled", old={"state": "present", "value": False},
                                           new={"state": "present", "value": True}),)),
    )  # fmt: skip
    worse = FlowChange(
        route=f"arn:aws:execute-api:eu-west-1:{ACCOUNT}:a1b2c3/prod/PATCH/orders", account=ACCOUNT, region="eu-west-1",
        api_name=HOSTILE[0], stage="prod", route_key="PATCH /orders", member="who", direction=Direction.WORSE,
        change="no longer asks for a token; deployed 2026-08-12", deployed=date(2026, 8, 12), old="JWT", new="open to anyone",
        what="`PATCH /orders` no longer asks for a token; deployed 2026-08-12",
    )  # fmt: skip
    alike = worse.model_copy(update={"route_key": "GET /orders", "what": f"`GET /orders` {worse.change}"})
    hostile = worse.model_copy(update={"change": HOSTILE[0], "what": f"`PATCH /orders` {HOSTILE[0]}", "deployed": None})
    ref = ResourceRef(resource=key, kind="KmsKey", name="orders-data", account=ACCOUNT, region="eu-west-1")
    return Diff(
        old="20260630T220401Z-9f8e7d6c",
        new="20260930T220512Z-1a2b3c4d",
        resources=ResourceDiff(added=(ref,), removed=(ref.model_copy(update={"name": HOSTILE[0]}),), changed=changed),
        flows=(worse, alike, hostile),
        access=AccessDiff(
            gained=(
                group(f"arn:aws:iam::{ACCOUNT}:role/orders", "role orders"),
                group(f"arn:aws:iam::{ACCOUNT}:role/billing", HOSTILE[0]),
                group("*", "anyone", before="conditional"),
            ),
            lost=(group(f"arn:aws:iam::{ACCOUNT}:user/old", "user old", before="allowed", after="denied"),),
        ),
        deviations=DeviationDiff(new=failing[:3], resolved=(
                *failing[3:4],
                *(each.model_copy(update={"resource": "arn:aws:kms:eu-west-1:1:key/gone"}) for each in failing[4:5]),
                *(each.model_copy(update={"control": "OLD-01"}) for each in failing[5:6]),
            ), persisting=len(failing[5:]),
                                 persisting_findings=failing[5:], lost_sight_of=unseen[:2]),
        coverage=(CoverageChange(change="gap_opened", what="apigateway:GetExport", gap=gaps()[0]),
                  CoverageChange(change="access_unknown", what="whether role r may call 2 routes of API orders, prod"),
                  CoverageChange(change="scope_added", what="us-east-1")),
        catalog=(CatalogChange(control="KR-01", change="parameter", old={"max_key_age_days": 180},
                               new={"max_key_age_days": 90}),),
    )  # fmt: skip


def group(principal: str, name: str, before: str = "denied", after: str = "allowed") -> AccessGroup:
    return AccessGroup(
        principal=principal, name=name, people=(HOSTILE[2],), account=ACCOUNT, region="eu-west-1", api_name="orders",
        stage="prod", routes=(f"{STAGE}/GET/orders", f"{STAGE}/PATCH/orders"), is_all=True, before=before, after=after,
        by=(f"identity policy: {HOSTILE[1]}#1",), conditions=(), what=f"{name} gained all 2 routes of API orders, prod",
    )  # fmt: skip


STAGE = f"arn:aws:execute-api:eu-west-1:{ACCOUNT}:a1b2c3/prod"
STAGE_OF = StageOf(account=ACCOUNT, region="eu-west-1", api_name="orders", stage="prod", root=STAGE, routes=3)
HOLDERS = (
    Holder(principal="*", name="anyone", kind=CallerKind.ANYONE),
    Holder(principal=f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef",
           name="permission set Admin", kind=CallerKind.PEOPLE, people=(HOSTILE[0], "group Platform: ada@x.example"),
           last_use=LastUse(state="unknown")),
    Holder(principal=f"arn:aws:iam::{ACCOUNT}:user/ci", name=HOSTILE[4], kind=CallerKind.USER,
           last_use=LastUse(state="used", day=date(2026, 9, 1))),
    Holder(principal=f"arn:aws:iam::{ACCOUNT}:role/fn", name="role fn", kind=CallerKind.SERVICE,
           taken_by=("service lambda.amazonaws.com",), last_use=LastUse(state="never")),
    Holder(principal="not known", name="not known", kind=CallerKind.UNKNOWN),
)  # fmt: skip


def held(position: int, *paths: str, decision: str = "allowed", new: int = 0, unsure: int = 0) -> Held:
    routes = tuple(f"{STAGE}/{each}" for each in paths)
    return Held(
        holder=HOLDERS[position], stage=STAGE_OF, routes=routes, decision=decision, by=("identity policy: inline p#1",),
        conditions=("through vpce-1",) if decision == "conditional" else (), new=routes[:new], unsure=routes[:unsure],
    )  # fmt: skip


def decided(decision: str, target: str) -> AccessDecision:
    grant = {"principal": HOLDERS[1].principal, "route": target}
    given_ = {"grant": grant, "decision": decision, "reason": HOSTILE[0], "reviewer": "Ada", "date": "2026-07-01"}
    return AccessDecision.model_validate(given_)


def line(position: int, **members: Any) -> ReviewLine:
    holder = HOLDERS[position]
    given_ = {
        "who": holder.name, "path": "identity policy: inline p#1", "stage": STAGE_OF, "principal": holder.principal,
        "kind": GrantKind.ROUTE, "grants": (f"{STAGE}/GET/orders", f"{STAGE}/PATCH/orders"), "routes": 2,
        "access": "allowed", "conditions": (), "age": Age.KNOWN, "last_use": holder.last_use, "last": None,
    }  # fmt: skip
    return ReviewLine(**given_ | members)


def access() -> AccessSheet:
    role = HOLDERS[1].principal
    return AccessSheet(
        stages=(STAGE_OF,),
        held=(
            held(0, "GET/health", new=1),
            held(1, "GET/health", "GET/orders", "PATCH/orders", decision="conditional"),
            held(2, "GET/orders", "PATCH/orders", unsure=1),
            held(3, "GET/orders", decision="unknown"),
            held(4, "GET/orders", decision="unknown"),
        ),
        lines=(
            line(0, age=Age.NEW, grants=(f"{STAGE}/GET/health",), routes=1),
            line(1, last=decided("revoke", f"{STAGE}/*"), grants=(f"{STAGE}/*",), routes=3, access="conditional"),
            line(2, kind=GrantKind.PRIVILEGE, stage=None, grants=("administrator",), routes=0),
            line(
                1,
                who="ada@x.example",
                principal="ada@x.example",
                kind=GrantKind.ROLE,
                stage=None,
                grants=(role,),
                routes=0,
            ),
            line(2, age=Age.UNSURE),
            line(
                3,
                last=decided("keep", f"{STAGE}/GET/orders"),
                grants=(f"{STAGE}/GET/orders",),
                routes=1,
                access="unknown",
            ),
        ),
        unread=(),
        is_compared=True,
    )


def build(
    specs: tuple[Spec, ...] = SPECS,
    routes: int = 41,
    *,
    with_diff: bool = True,
    all_criteria: tuple[Criterion, ...] | None = None,
    **changes: Any,
) -> PackContents:
    all_pages = pages()
    flows = tuple(flow(index) for index in range(routes))
    results = tuple(result(each, flows, all_pages) for each in sorted(specs, key=lambda spec: spec.id))
    given = waivers(results)
    book = catalog(specs, all_criteria or criteria(), given)
    evaluation = Evaluation(
        snapshot=snapshot(routes, with_gaps=bool(specs)), catalog=book, evaluated_as_of=AS_OF, results=results,
        waivers=given, flows=flows, listings=listings(all_pages),
    )  # fmt: skip
    prior = PackRecord(name="2026-Q2", period="2026-Q2", snapshot="20260630T220401Z-9f8e7d6c",
                       made_at=AS_OF - timedelta(days=92), manifest_sha256=digest("q2"), catalog=book)  # fmt: skip
    contents = PackContents(
        name="2026-Q3", period="2026-Q3", organisation="Example Logistics GmbH", reviewer="M. Auditor",
        time_zone="Europe/Berlin", evaluation=evaluation, diff=diff(results) if with_diff else None, access=access(),
        prior_pack=prior if with_diff else None, pages=all_pages,
    )  # fmt: skip
    return contents.model_copy(update=changes)


Build = Callable[..., PackContents]


@pytest.fixture(scope="session")
def make() -> Build:
    return build


@pytest.fixture(scope="session")
def contents() -> PackContents:
    return build()
