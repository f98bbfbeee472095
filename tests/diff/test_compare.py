import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.diff.compare import Side, compare
from auditor.model.control import Basis, Catalog, Control, CriterionMapping, Parameter, Severity
from auditor.model.diff import AccessChange, Diff, ResourceChange
from auditor.model.estate import Estate
from auditor.model.fact import Absent, NotApplicable, Present, Unread
from auditor.model.finding import Conclusion, ControlResult, Evaluation, Finding, Totals
from auditor.model.gateway import DeployedRoute, Protocol, RestApi, Stage, View
from auditor.model.iam import AccessKey, InlinePolicy, ManagedPolicy, Role, User
from auditor.model.logs import LogGroup
from auditor.model.register import Registers
from auditor.model.resource import Listing, Resource
from auditor.model.route_parts import RouteSetting
from auditor.model.snapshot import Declared, Gap, GapReason, ObjectRef, Scope, Shard, ShardKey, Snapshot
from auditor.model.status import Status
from tests.estates import not_set

NOW = datetime(2026, 9, 30, tzinfo=UTC)
ACCOUNT, REGION, GLOBAL = "111122223333", "eu-west-1", "aws-global"
REST = f"arn:aws:apigateway:{REGION}::/restapis/abc"
POLICY = f"arn:aws:iam::{ACCOUNT}:policy/p0"
ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
PASS_ROLE = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}
_OFFICE, _DEPOTS = "203.0.113.0/24", "198.51.100.16/28"
FROM_OFFICE = ALLOW | {"Condition": {"IpAddress": {"aws:SourceIp": _OFFICE}}}
FROM_DEPOTS = ALLOW | {"Condition": {"IpAddress": {"aws:SourceIp": _DEPOTS}}}
FROM_BOTH = ALLOW | {"Condition": {"IpAddress": {"aws:SourceIp": [_OFFICE, _DEPOTS]}}}
NOT_FROM_OFFICE = ALLOW | {"Effect": "Deny", "Condition": {"NotIpAddress": {"aws:SourceIp": _OFFICE}}}
NOT_FROM_BOTH = ALLOW | {"Effect": "Deny", "Condition": {"NotIpAddress": {"aws:SourceIp": [_OFFICE, _DEPOTS]}}}
KEY = f"arn:aws:iam::{ACCOUNT}:user/u#AKIA1"


def gap(operation: str = "apigateway:GetRestApis", resource: str | None = None) -> Gap:
    return Gap(
        operation=operation,
        account=ACCOUNT,
        region=REGION,
        resource=resource,
        reason=GapReason.DENIED,
        action="apigateway:GET",
        detail="AccessDenied",
    )


def document(*statements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def managed(*statements: Any, **members: Any) -> ManagedPolicy:
    given_ = {
        "arn": POLICY,
        "account": ACCOUNT,
        "region": GLOBAL,
        "name": "p0",
        "tags": Absent(),
        "document": Present(value=document(*statements)),
        "default_version": Present(value="v1"),
    }
    return ManagedPolicy(**given_ | members)


def api(**members: Any) -> RestApi:
    given_ = {
        "arn": REST,
        "account": ACCOUNT,
        "region": REGION,
        "name": "orders",
        "tags": Absent(),
        "api_id": "abc",
        "created": Absent(),
        "policy": Absent(),
        "endpoint_types": Present(value=("REGIONAL",)),
        "vpc_endpoint_ids": Absent(),
        "api_key_source": Absent(),
        "disable_execute_api_endpoint": Absent(),
    }
    return RestApi(**not_set(RestApi) | given_ | members)


def route(path: str = "/pets", **members: Any) -> DeployedRoute:
    given_ = {
        "arn": f"arn:aws:execute-api:{REGION}:{ACCOUNT}:abc/prod/GET{path}",
        "account": ACCOUNT,
        "region": REGION,
        "name": f"GET {path}",
        "tags": Absent(),
        "api_arn": REST,
        "stage_arn": f"{REST}/stages/prod",
        "stage": "prod",
        "protocol": Protocol.REST,
        "view": View.DEPLOYED,
        "deployment_id": Present(value="d1"),
        "route_key": f"GET {path}",
        "method": "GET",
        "path": path,
        "authorization_type": Present(value="AWS_IAM"),
        "authorizer": Absent(),
        "authorization_scopes": Absent(),
        "api_key_required": Present(value=False),
        "integration": Absent(),
    }
    return DeployedRoute(**not_set(DeployedRoute) | given_ | members)


def access_key(status: str) -> AccessKey:
    return AccessKey(
        arn=KEY,
        account=ACCOUNT,
        region=GLOBAL,
        name="AKIA1",
        tags=Absent(),
        key_id="AKIA1",
        user_arn=f"arn:aws:iam::{ACCOUNT}:user/u",
        status=Present(value=status),
        created=Absent(),
        last_used_read=Absent(),
    )


def role(*inline: InlinePolicy, **members: Any) -> Role:
    given_ = {
        "arn": f"arn:aws:iam::{ACCOUNT}:role/r",
        "account": ACCOUNT,
        "region": GLOBAL,
        "name": "r",
        **dict.fromkeys(("tags", "path", "created", "trust_policy", "instance_profiles", "last_used_read"), Absent()),
        "attached_policy_arns": Present(value=()),
        "inline_policies": Present(value=inline),
        "permissions_boundary": Absent(),
    }
    return Role(**given_ | members)


def listing(kind: str, region: str = REGION, parent: str | None = None, *, complete: bool = True) -> Listing:
    return Listing(
        kind=kind, account=ACCOUNT, region=region, parent=parent, operation="x:Y", count=0, complete=complete, pages=()
    )


def control(**members: Any) -> Control:
    given_ = {
        "id": "GW-ID-01",
        "version": 1,
        "title": "t",
        "statement": "s",
        "domain": "identity",
        "criteria": (CriterionMapping(id="CC6.1", rationale="r"),),
        "severity": Severity.HIGH,
        "frequency": "quarterly",
        "basis": Basis.DOCUMENTED,
        "procedure": "p",
        "remediation": "r",
        "check": "c",
    }
    return Control(**given_ | members)


def finding(resource: str, status: Status = Status.FAIL, **members: Any) -> Finding:
    given_ = {
        "control": "GW-ID-01",
        "control_version": 1,
        "resource": resource,
        "resource_type": "T",
        "account": ACCOUNT,
        "region": REGION,
        "status": status,
        "reason": "r.",
        "severity": Severity.HIGH,
        "criteria": ("CC6.1",),
        "observed": {},
        "exhibits": (),
        "basis": Basis.DOCUMENTED,
    }
    return Finding(**given_ | members)


def catalog(*controls: Control) -> Catalog:
    return Catalog(controls=controls, criteria=(), framework="f", registers=Registers(), waivers=(), digest="d")


def snapshot(**members: Any) -> Snapshot:
    gaps = members.pop("gaps", ())
    nothing = ObjectRef(sha256="0" * 64, count=0, size=0)
    shard = Shard(
        key=ShardKey(account=ACCOUNT, region=REGION, service="apigateway"),
        resources=nothing,
        observations=nothing,
        pages=nothing,
        gaps=gaps,
    )
    given_ = {
        "id": "20260930T000000Z-00000000",
        "root": "0" * 64,
        "as_of": NOW,
        "finished_at": NOW,
        "tool_version": "0",
        "callers": {},
        "redaction_key_id": "k1",
        "shards": (shard,),
        "scope": Scope(partition="aws", accounts=(ACCOUNT,), regions=(REGION,), services=("iam",)),
    }
    return Snapshot(**given_ | members)


def side(
    *resources: Resource,
    findings: tuple[Finding, ...] = (),
    listings: tuple[Listing, ...] = (),
    recorded: Catalog | None = None,
    subject: str = "estate",
    **members: Any,
) -> Side:
    taken = snapshot(**members)
    estate = Estate(snapshot=taken, resources=resources, observations={}, listings=listings)
    totals = Totals(population=0, fail=0, waived=0, not_evaluated=0, needs_attestation=0, passed=0, not_applicable=0)
    result = ControlResult(
        control=control(subject=subject),
        conclusion=Conclusion.EMPTY,
        totals=totals,
        findings=findings,
        listings=listings,
        gaps=(),
    )
    used = recorded or catalog(control())
    evaluation = Evaluation(
        snapshot=taken, catalog=used, evaluated_as_of=NOW, results=(result,), waivers=(), flows=(), listings=listings
    )
    return Side(estate, evaluation, recorded)


def only(diff: Diff) -> ResourceChange:
    assert len(diff.resources.changed) == 1
    return diff.resources.changed[0]


def is_empty(diff: Diff) -> bool:
    resources, deviations = diff.resources, diff.deviations
    return not (
        resources.added
        or resources.removed
        or resources.changed
        or deviations.new
        or deviations.resolved
        or deviations.lost_sight_of
        or diff.coverage
        or diff.catalog
    )


texts = st.sampled_from(["s3:GetObject", "S3:getobject", "s3:*", "iam:PassRole", "kms:Decrypt"])
targets = st.sampled_from(["*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/x"])
conditions = st.sampled_from(
    [{}, {"StringEquals": {"aws:PrincipalTag/a": "1"}}, {"Bool": {"aws:SecureTransport": True}}]
)
written = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Allow", "Deny"]),
        "Action": st.lists(texts, min_size=1, max_size=3),
        "Resource": st.lists(targets, min_size=1, max_size=2),
        "Condition": conditions,
    }
)
policies = st.lists(written, min_size=1, max_size=4)
statuses = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(list(Status)), max_size=6)


@given(policies, statuses)
def test_nothing_changes_between_equal_snapshots(statements: list[Any], found: dict[str, Status]) -> None:
    one = side(managed(*statements), api(), route(), findings=tuple(finding(*each) for each in found.items()))
    diff = compare(one, one)
    assert is_empty(diff)
    assert diff.deviations.persisting == sum(each in {Status.FAIL, Status.WAIVED} for each in found.values())


@given(st.data(), policies)
def test_noise_in_a_policy_is_no_change(data: st.DataObject, statements: list[Any]) -> None:
    noisy = []
    for number, each in enumerate(data.draw(st.permutations(statements))):
        action = data.draw(st.sampled_from(each["Action"]))
        rest = {**each, "Action": list(reversed([one.upper() for one in each["Action"]]))}
        noisy += [{**rest, "Sid": f"S{number}"}, {**rest, "Action": action}]
    assert is_empty(compare(side(managed(*statements)), side(managed(*noisy))))


@given(policies)
def test_one_new_grant_is_one_field_change(statements: list[Any]) -> None:
    clean = [each for each in statements if "iam:PassRole" not in each["Action"]]
    diff = compare(side(managed(*clean, ALLOW)), side(managed(PASS_ROLE, *clean, ALLOW)))
    change = only(diff)
    assert [field.path for field in change.fields] == ["document: Allow iam:PassRole on *"]
    assert change.access is AccessChange.WIDENED


@given(st.data(), statuses, statuses)
def test_deviations_are_a_partition_and_order_does_not_matter(
    data: st.DataObject, before: dict[str, Status], after: dict[str, Status]
) -> None:
    one = tuple(finding(*each) for each in before.items())
    other = tuple(finding(*each) for each in after.items())
    diff = compare(side(findings=one), side(findings=other)).deviations
    current = [each for each in other if each.status in {Status.FAIL, Status.WAIVED}]
    assert diff.persisting + len(diff.new) + len(diff.come_into_sight) == len(current)
    assert {before.get(each.resource) for each in diff.come_into_sight} <= {Status.NOT_EVALUATED, None}
    sets = [
        {each.resource for each in part}
        for part in (diff.new, diff.resolved, diff.lost_sight_of, diff.persisting_findings)
    ]
    assert sum(len(part) for part in sets) == len(set().union(*sets))
    shuffled = side(findings=tuple(data.draw(st.permutations(other))))
    assert compare(side(findings=tuple(data.draw(st.permutations(one)))), shuffled).deviations == diff


def test_resources_come_and_go() -> None:
    diff = compare(side(route("/old"), api()), side(route("/new"), api()))
    assert [each.name for each in diff.resources.added] == ["GET /new"]
    assert [each.name for each in diff.resources.removed] == ["GET /old"]


def test_what_vanished_from_an_unfinished_list_is_not_removed() -> None:
    diff = compare(side(api()), side(listings=(listing("RestApi", complete=False),), gaps=(gap(),)))
    assert diff.resources.removed == ()
    assert [each.change for each in diff.coverage] == ["gap_opened"]


def test_what_stands_in_a_list_that_was_not_read_before_is_not_added() -> None:
    diff = compare(side(gaps=(gap(),), listings=(listing("RestApi", complete=False),)), side(api()))
    assert diff.resources.added == ()
    assert [each.change for each in diff.coverage] == ["gap_closed"]


def test_what_stood_below_an_unread_parent_is_not_removed() -> None:
    new = side(listings=(listing("RestApi", complete=False),))
    assert compare(side(api(), route()), new).resources.removed == ()


def test_what_stood_below_a_removed_parent_is_removed() -> None:
    read = (listing("RestApi"), listing("DeployedRoute", parent=f"{REST}/stages/prod"))
    diff = compare(side(api(), route(), listings=read), side(listings=(listing("RestApi"),)))
    assert len(diff.resources.removed) == 2


def test_a_list_that_nobody_read_this_time_removes_nothing() -> None:
    assert compare(side(api(), listings=(listing("RestApi"),)), side()).resources.removed == ()


def test_what_went_out_of_scope_is_not_removed() -> None:
    elsewhere = Scope(partition="aws", accounts=(ACCOUNT,), regions=("us-east-1",), services=("iam",))
    diff = compare(side(api()), side(scope=elsewhere))
    assert diff.resources.removed == ()
    assert [(each.change, each.what) for each in diff.coverage] == [
        ("scope_added", "region us-east-1"),
        ("scope_removed", f"region {REGION}"),
    ]


def test_a_region_declared_out_of_scope_is_no_gap_and_no_removal() -> None:
    declared = (Declared(account=ACCOUNT, region=REGION, why="not enabled"),)
    diff = compare(side(api()), side(declared=declared, shards=()))
    assert diff.resources.removed == ()
    assert [each.change for each in diff.coverage] == ["scope_removed"]


def test_one_call_out_of_reach_by_nature_hides_nothing_else() -> None:
    declared = (
        Declared(account=ACCOUNT, region=REGION, why="only the management account is told", service="organizations"),
    )
    diff = compare(side(api()), side(declared=declared))
    assert [each.resource for each in diff.resources.removed] == [api().arn]
    assert diff.coverage == ()


def test_what_is_read_by_reference_alone_is_neither_added_nor_removed() -> None:
    group = LogGroup(
        arn="arn:aws:logs:x",
        account=ACCOUNT,
        region=REGION,
        name="g",
        tags=Absent(),
        retention_days=Absent(),
        retention_policy=Absent(),
        kms_key=Absent(),
        log_class=Absent(),
        deletion_protection=Absent(),
        subscription_filters=Absent(),
    )
    assert is_empty(compare(side(group), side()))


def test_a_fact_that_is_no_longer_read_is_no_change() -> None:
    unread = api(policy=Unread(gap=gap(resource=REST)))
    assert compare(side(api(policy=Present(value=document()))), side(unread)).resources.changed == ()
    assert compare(side(unread), side(api())).resources.changed == ()


def test_states_that_say_the_same_are_no_change() -> None:
    one = api(vpc_endpoint_ids=Present(value=()), api_key_source=Absent())
    assert is_empty(compare(side(one), side(api(api_key_source=NotApplicable(why="x")))))


def test_the_order_of_a_set_is_no_change() -> None:
    one = api(vpc_endpoint_ids=Present(value=("a", "b")))
    assert is_empty(compare(side(one), side(api(vpc_endpoint_ids=Present(value=("b", "a"))))))


def test_a_new_deployment_is_not_said_once_a_route() -> None:
    assert is_empty(compare(side(route()), side(route(deployment_id=Present(value="d2")))))


@pytest.mark.parametrize(
    ("old", "new", "access"),
    [
        (route(), route(authorization_type=Present(value="NONE")), AccessChange.WIDENED),
        (route(authorization_type=Present(value="NONE")), route(), AccessChange.NARROWED),
        (route(), route(authorization_type=Present(value="CUSTOM")), AccessChange.UNKNOWN),
        (route(), route(api_key_required=Present(value=True)), AccessChange.NARROWED),
        (
            route(api_key_required=Present(value=True)),
            route(authorization_type=Present(value="NONE"), api_key_required=Present(value=True)),
            AccessChange.WIDENED,
        ),
        (
            route(),
            route(authorization_type=Present(value="NONE"), api_key_required=Present(value=True)),
            AccessChange.BOTH,
        ),
        (route(authorization_scopes=Present(value=("a",))), route(), AccessChange.WIDENED),
        (
            route(authorization_scopes=Present(value=("a",))),
            route(authorization_scopes=Present(value=("a", "b"))),
            AccessChange.WIDENED,
        ),
        (
            route(authorization_scopes=Present(value=("a",))),
            route(authorization_scopes=Present(value=("b",))),
            AccessChange.BOTH,
        ),
        (access_key("Active"), access_key("Inactive"), AccessChange.NARROWED),
        (access_key("Inactive"), access_key("Active"), AccessChange.WIDENED),
        (api(), api(name="renamed"), AccessChange.NONE),
        (api(), api(endpoint_types=Present(value=("PRIVATE",))), AccessChange.NARROWED),
        (api(), api(disable_execute_api_endpoint=Present(value=True)), AccessChange.NARROWED),
        (api(), api(policy=Present(value=document(ALLOW | {"Principal": "*"}))), AccessChange.UNKNOWN),
        (role(), role(permissions_boundary=Present(value="arn:b")), AccessChange.NARROWED),
        (managed(ALLOW, PASS_ROLE), managed(ALLOW), AccessChange.NARROWED),
        (managed(ALLOW), managed(PASS_ROLE), AccessChange.BOTH),
        (managed(ALLOW), managed(ALLOW, PASS_ROLE | {"Effect": "Deny"}), AccessChange.NARROWED),
        (managed(ALLOW | {"Action": "s3:*"}), managed(ALLOW, ALLOW | {"Action": "s3:*"}), AccessChange.NONE),
        (managed(ALLOW), managed(ALLOW | {"Action": "s3:*"}), AccessChange.WIDENED),
        (managed(FROM_OFFICE), managed(FROM_BOTH), AccessChange.WIDENED),
        (managed(FROM_BOTH), managed(FROM_OFFICE), AccessChange.NARROWED),
        (managed(ALLOW, NOT_FROM_OFFICE), managed(ALLOW, NOT_FROM_BOTH), AccessChange.WIDENED),
        (managed(ALLOW, NOT_FROM_BOTH), managed(ALLOW, NOT_FROM_OFFICE), AccessChange.NARROWED),
        (managed(FROM_OFFICE), managed(FROM_DEPOTS), AccessChange.BOTH),
        (managed(ALLOW), managed({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}), AccessChange.UNKNOWN),
        (managed(ALLOW), managed(document={"state": "present", "value": "no policy"}), AccessChange.UNKNOWN),
    ],
)
def test_a_change_says_what_it_does_to_access(old: Resource, new: Resource, access: AccessChange) -> None:
    change = only(compare(side(old), side(new)))
    assert change.fields
    # A whole statement that replaces a grant narrows for certain and widens nobody knows how far.
    assert change.access is access


def test_a_grant_that_moves_between_inline_policies_changes_no_access() -> None:
    one = InlinePolicy(name="a", document=document(ALLOW))
    change = only(compare(side(role(one)), side(role(one.model_copy(update={"name": "b"})))))
    assert [field.path.partition(":")[0] for field in change.fields] == ["inline_policies.a", "inline_policies.b"]
    assert change.access is AccessChange.NONE


def test_an_account_id_and_its_root_are_one_principal() -> None:
    one = ALLOW | {"Principal": {"AWS": ACCOUNT}}
    other = ALLOW | {"Principal": {"AWS": [f"arn:aws:iam::{ACCOUNT}:root"]}}
    assert is_empty(compare(side(managed(one)), side(managed(other))))


def test_a_principal_of_a_deleted_role_is_a_change() -> None:
    one = ALLOW | {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/r"}}
    change = only(compare(side(managed(one)), side(managed(ALLOW | {"Principal": {"AWS": "AROA1234567890"}}))))
    assert len(change.fields) == 2


def test_digests_under_two_keys_are_not_compared_but_named() -> None:
    one, other = api(tags=Present(value={"a": "redacted:k1:aa"})), api(tags=Present(value={"a": "redacted:k2:bb"}))
    assert len(compare(side(one), side(other)).resources.changed) == 1
    diff = compare(side(one), side(other, redaction_key_id="k2"))
    assert diff.resources.changed == ()
    assert [each.change for each in diff.coverage] == ["not_comparable"]


@pytest.mark.parametrize("status", [Status.PASS, Status.NOT_APPLICABLE])
def test_what_is_now_in_order_is_resolved(status: Status) -> None:
    diff = compare(side(findings=(finding("a"),)), side(findings=(finding("a", status),))).deviations
    assert [each.status for each in diff.resolved] == [Status.FAIL]


@pytest.mark.parametrize("status", [Status.NOT_EVALUATED, Status.NEEDS_ATTESTATION])
def test_what_is_not_judged_now_is_lost_sight_of(status: Status) -> None:
    diff = compare(side(findings=(finding("a"),)), side(findings=(finding("a", status),))).deviations
    assert diff.resolved == ()
    assert [each.status for each in diff.lost_sight_of] == [status]


def test_a_waived_deviation_is_still_the_same_deviation() -> None:
    diff = compare(side(findings=(finding("a"),)), side(findings=(finding("a", Status.WAIVED),))).deviations
    assert (diff.persisting, diff.new, diff.resolved) == (1, (), ())


def test_a_deleted_resource_resolves_its_deviation() -> None:
    read = (listing("RestApi"),)
    old = side(api(), findings=(finding(REST),), listings=read)
    assert len(compare(old, side(listings=read)).deviations.resolved) == 1


def test_a_vanished_resource_of_an_unfinished_list_is_lost_sight_of() -> None:
    old = side(api(), findings=(finding(REST),), listings=(listing("RestApi"),))
    diff = compare(old, side(listings=(listing("RestApi", complete=False),))).deviations
    assert diff.resolved == ()
    assert [each.status for each in diff.lost_sight_of] == [Status.NOT_EVALUATED]


def test_a_resource_that_is_there_but_was_not_judged_is_lost_sight_of() -> None:
    assert len(compare(side(api(), findings=(finding(REST),)), side(api())).deviations.lost_sight_of) == 1


def test_equal_arns_of_two_accounts_are_two_deviations() -> None:
    shared = "arn:aws:apigateway:eu-west-1::/account"
    old = side(findings=(finding(shared),))
    new = side(findings=(finding(shared, Status.PASS), finding(shared, account="444455556666")))
    diff = compare(old, new).deviations
    assert (len(diff.new), len(diff.resolved), diff.persisting) == (1, 1, 0)


def test_controls_on_the_collection_are_left_out() -> None:
    new = side(findings=(finding("auditor:snapshot/x"),), subject="collection")
    assert compare(side(), new).deviations.new == ()


def test_changed_controls_stand_apart() -> None:
    limit = {"max_age_days": Parameter(value=90, source="s")}
    old = catalog(control(parameters=limit), control(id="GW-ID-02"))
    longer = {"max_age_days": Parameter(value=180, source="s")}
    new = catalog(control(version=2, parameters=longer), control(id="GW-ID-03"))
    found = compare(side(recorded=old), side(recorded=new)).catalog
    assert [(each.control, each.change, each.old, each.new) for each in found] == [
        ("GW-ID-01", "version", 1, 2),
        ("GW-ID-01", "parameter", {"max_age_days": 90}, {"max_age_days": 180}),
        ("GW-ID-02", "removed", 1, None),
        ("GW-ID-03", "added", None, 1),
    ]
    assert compare(side(), side(recorded=new)).catalog == ()


def test_users_that_lose_their_password_are_narrowed() -> None:
    facts = {name: Absent() for name in User.model_fields if "Fact" in str(User.model_fields[name].annotation)}
    one, other = (
        User(
            arn="arn:u",
            account=ACCOUNT,
            region=GLOBAL,
            name="u",
            **facts | {"password_enabled": Present(value=on)},
        )
        for on in (True, False)
    )
    assert only(compare(side(one), side(other))).access is AccessChange.NARROWED


def test_attaching_a_policy_widens_by_what_it_grants() -> None:
    attached = role(attached_policy_arns=Present(value=(POLICY,)))
    policy, denying = managed(ALLOW), managed(ALLOW | {"Effect": "Deny"})
    assert only(compare(side(role(), policy), side(attached, policy))).access is AccessChange.WIDENED
    assert only(compare(side(attached, policy), side(role(), policy))).access is AccessChange.NARROWED
    assert only(compare(side(role(), denying), side(attached, denying))).access is AccessChange.NARROWED
    assert only(compare(side(role()), side(attached))).access is AccessChange.UNKNOWN


def stage(**members: Any) -> Stage:
    given_ = {
        "arn": f"{REST}/stages/prod",
        "account": ACCOUNT,
        "region": REGION,
        "name": "prod",
        "api_arn": REST,
        "stage": "prod",
        "protocol": Protocol.REST,
    }
    return Stage(**not_set(Stage) | given_ | members)


def setting(method: str, *, data_trace: bool) -> RouteSetting:
    return RouteSetting(
        path="/orders", method=method, throttle_rate="5", throttle_burst=1, logging_level="INFO", data_trace=data_trace
    )


def test_a_changed_setting_names_the_method_it_is_about() -> None:
    one = stage(settings=Present(value=(setting("GET", data_trace=False), setting("POST", data_trace=False))))
    other = stage(settings=Present(value=(setting("GET", data_trace=False), setting("POST", data_trace=True))))
    fields = compare(side(one), side(other)).resources.changed[0].fields
    assert [(each.path, each.old, each.new) for each in fields] == [("settings.POST /orders.data_trace", False, True)]


def test_a_stage_variable_shows_once_by_its_digest() -> None:
    one = stage(variable_names=Present(value=("a",)), variable_digests=Present(value={"a": "redacted:k1:1"}))
    other = stage(
        variable_names=Present(value=("a", "b")),
        variable_digests=Present(value={"a": "redacted:k1:2", "b": "redacted:k1:3"}),
    )
    changed = compare(side(one), side(other)).resources.changed[0]
    assert [each.path for each in changed.fields] == ["variable_digests.a", "variable_digests.b"]


def _by_an_older_auditor(given: Side) -> Side:
    old = given.estate.snapshot.model_copy(update={"schema_version": 1})
    return replace(given, estate=replace(given.estate, snapshot=old))


def test_a_value_that_an_older_collection_kept_as_a_digest_is_no_change() -> None:
    digests = {"host": "redacted:k1:1", "password": "redacted:k1:2"}
    one = stage(variable_digests=Present(value=digests), variable_values=Present(value={}))
    now = {"password": "redacted:k1:3"}
    other = stage(
        variable_digests=Present(value=now),
        variable_values=Present(value={"host": "a.example"}),
        canary_variable_values=Present(value={"host": "b.example"}),
    )
    changed = compare(_by_an_older_auditor(side(one)), side(other)).resources.changed[0]
    assert [each.path for each in changed.fields] == ["variable_digests.password"]


def test_a_target_that_becomes_what_may_be_a_secret_is_a_change() -> None:
    one = stage(variable_digests=Present(value={}), variable_values=Present(value={"host": "a.example"}))
    other = stage(variable_digests=Present(value={"host": "redacted:k1:1"}), variable_values=Present(value={}))
    changed = compare(side(one), side(other)).resources.changed[0]
    assert [each.path for each in changed.fields] == ["variable_digests", "variable_values"]


@pytest.mark.parametrize("member", ["request_validation", "request_parameters", "responses", "integration_responses"])
def test_what_an_export_told_once_and_hides_now_is_no_change(member: str) -> None:
    unread = Unread(gap=gap("apigateway:GetExport", f"{REST}/stages/prod"))
    hidden = route().model_copy(update={member: unread})
    assert compare(side(route()), side(hidden)).resources.changed == ()
    assert compare(side(hidden), side(route())).resources.changed == ()
