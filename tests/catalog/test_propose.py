"""Proposals are text in which nothing is in force, whatever an estate is named."""

import pytest
import yaml

from auditor.catalog.propose.identities import PROPOSERS as IDENTITIES
from auditor.catalog.propose.interface import Entry, Proposer
from auditor.catalog.propose.routes import PROPOSERS as ROUTES
from auditor.catalog.propose.texts import proposals
from auditor.model.fact import Absent, NotApplicable, Present, Unread
from auditor.model.iam import Group, InlinePolicy, ManagedPolicy, Role, User
from auditor.model.keys import KmsKey, Secret
from auditor.model.register import Backend, BreakGlass, MachineIdentity, PublicRoute, Registers
from auditor.model.resource import Resource
from auditor.model.snapshot import Gap, GapReason
from tests.estates import estate, gap, resource, with_flows

WRITES = '{"Statement":[{"Effect":"Allow","Action":"apigateway:PATCH","Resource":"*"}]}'
READS = '{"Statement":[{"Effect":"Allow","Action":["apigateway:GET","s3:*"],"Resource":"*"}]}'
EVERYTHING = '{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'
ALL_BUT_IAM = '{"Statement":{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}}'
DENIES = '{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}'
MALFORMED = '{"Statement":[{"Effect":"Perhaps"}]}'
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"


def _holder(kind: type[Role] | type[User], name: str, *documents: str, attached: tuple[str, ...] = ()) -> Resource:
    inline = tuple(InlinePolicy(name=f"p{n}", document=document) for n, document in enumerate(documents))
    return resource(
        {
            "kind": kind.__name__,
            "arn": f"arn:aws:iam::111122223333:{kind.__name__.lower()}/{name}",
            "region": "aws-global",
            "name": name,
            "attached_policy_arns": attached,
            "inline_policies": inline,
            "permissions_boundary": "absent",
            "password_enabled": "absent",
            "trust_policy": "{}",
        }
    )


def _proposed(register: str, *resources: Resource, registers: Registers | None = None) -> list[str]:
    proposer = next(each for each in IDENTITIES if each.register == register)
    found = estate(resources, registers=registers)
    return [str(next(iter(entry.known.values()))).rpartition("/")[2] for entry in proposer.entries(found)]


def test_an_app_client_that_gets_tokens_by_itself_is_proposed_until_it_is_named() -> None:
    def client(name: str, *flows: str) -> Resource:
        arn = f"arn:aws:cognito-idp:eu-west-1:111122223333:userpool/p#client/{name}"
        return resource({"kind": "UserPoolClient", "arn": arn, "name": name, "client_id": name, "oauth_flows": flows})

    clients = (
        client("jobs", "client_credentials"),
        client("web", "code"),
        client("both", "code", "client_credentials"),
    )
    assert _proposed("machine_identities", *clients) == ["both", "jobs"]
    named = MachineIdentity(identity="jobs", kind="machine", owner="Orders team", acts_for_users=False)
    assert _proposed("machine_identities", *clients, registers=Registers(machine_identities=(named,))) == ["both"]


def test_whoever_may_change_the_gateway_is_proposed_as_writer() -> None:
    policy = ManagedPolicy(
        arn="arn:aws:iam::111122223333:policy/gateway",
        account="111122223333",
        region="aws-global",
        name="gateway",
        tags=Absent(),
        document=Present(value=WRITES),
        default_version=Present(value="v1"),
    )
    found = _proposed(
        "allowed_writers",
        policy,
        _holder(Role, "deployer", WRITES),
        _holder(Role, "reader", READS),
        _holder(Role, "denied", DENIES),
        _holder(Role, "odd", MALFORMED),
        _holder(Role, "nearly-all", ALL_BUT_IAM),
        _holder(Role, "by-attachment", attached=(policy.arn,)),
        _holder(User, "root-like", attached=(ADMIN,)),
        _holder(Role, "aws-service-role/AWSServiceRoleForX", EVERYTHING),
    )
    assert sorted(found) == ["by-attachment", "deployer", "nearly-all", "root-like"]


def test_users_that_may_do_everything_and_emergency_names_are_proposed_for_break_glass() -> None:
    people = (
        _holder(User, "admin", attached=(ADMIN,)),
        _holder(User, "developer", WRITES),
        _holder(Role, "pipeline", EVERYTHING),
        _holder(Role, "BreakGlass"),
    )
    assert sorted(_proposed("break_glass", *people)) == ["BreakGlass", "admin"]
    declared = Registers(
        break_glass=(
            BreakGlass.model_validate({"principal": people[0].arn, "owner": "me", "last_tested": "2026-01-01"}),
        )
    )
    assert _proposed("break_glass", *people, registers=declared) == ["BreakGlass"]


def test_what_was_not_read_is_not_proposed() -> None:
    gap = Gap(
        operation="iam:GetAccountAuthorizationDetails",
        account="111122223333",
        region="aws-global",
        resource=None,
        reason=GapReason.DENIED,
        action="iam:GetAccountAuthorizationDetails",
        detail="*; AccessDenied",
    )
    hidden = _holder(Role, "hidden").model_copy(
        update={"inline_policies": Unread(gap=gap), "attached_policy_arns": Unread(gap=gap)}
    )
    assert _proposed("allowed_writers", hidden) == []


@pytest.mark.parametrize("name", ["a\u2028- route: x", "a\x85- route: x", "a\n- route: x", "a\r- route: x", "é" * 3])
def test_no_name_of_an_estate_can_leave_its_comment(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = Proposer(
        "public_routes", PublicRoute, "Routes.", lambda _estate: iter([Entry(f"seen {name}", {"route": name})])
    )
    monkeypatch.setattr("auditor.catalog.propose.texts.PROPOSERS", (hostile,))
    text, count = proposals(estate(()))["public_routes"]
    assert count == 1
    assert yaml.safe_load(text) is None
    entry = "\n".join(line.removeprefix("# ") for line in text.split("\n") if "route:" in line)
    assert yaml.safe_load(entry) == [{"route": name}]


def test_kinds_that_renew_by_hand_are_proposed() -> None:
    place = {"account": "111122223333", "region": "eu-west-1", "tags": Absent()}
    plain = {
        name: Absent()
        for name in Secret.model_fields
        if name not in {"kind", "arn", "account", "region", "name", "tags"}
    }
    off, on = Present[bool](value=False), Present[bool](value=True)
    found = [
        Secret.model_validate({**plain, **place, "arn": f"arn:s/{name}", "name": name, **more})
        for name, more in (
            ("by-hand", {"rotation_enabled": off}),
            ("rotating", {"rotation_enabled": on}),
            ("owned", {"rotation_enabled": off, "owning_service": Present(value="rds")}),
        )
    ]
    bare = {
        name: Absent()
        for name in KmsKey.model_fields
        if name not in {"kind", "arn", "account", "region", "name", "tags", "key_id"}
    }
    cannot = {
        "rotation_enabled": NotApplicable(why="imported"),
        "manager": Present(value="CUSTOMER"),
        "state": Present(value="Enabled"),
    }
    key = KmsKey.model_validate({**bare, **place, "arn": "arn:k/imported", "name": "imported", "key_id": "k", **cannot})
    assert _proposed("secrets", *found, key) == ["by-hand", "imported"]


def test_groups_are_writers_but_never_break_glass() -> None:
    group = Group(
        arn="arn:aws:iam::111122223333:group/emergency",
        account="111122223333",
        region="aws-global",
        name="emergency",
        tags=Absent(),
        attached_policy_arns=Present(value=(ADMIN,)),
        inline_policies=Present(value=()),
    )
    assert _proposed("allowed_writers", group) == ["emergency"]
    assert _proposed("break_glass", group) == []


def _from_routes(register: str, *resources: Resource, registers: Registers | None = None) -> list[dict[str, object]]:
    proposer = next(each for each in ROUTES if each.register == register)
    return [dict(entry.known) for entry in proposer.entries(with_flows(estate(resources, registers=registers)))]


STAGE_ARN = "arn:aws:apigateway:eu-west-1::/restapis/a1/stages/prod"


def _route(name: str, uri: str | None, **integration: object) -> Resource:
    usual = {"type": "HTTP_PROXY", "http_method": "GET", "connection_type": None, "connection_id": None}
    return resource(
        {
            "kind": "DeployedRoute",
            "arn": f"arn:aws:execute-api:eu-west-1:111122223333:a1/prod/GET/{name}",
            "api_arn": STAGE_ARN.partition("/stages")[0],
            "stage_arn": STAGE_ARN,
            "stage": "prod",
            "protocol": "REST",
            "view": "DEPLOYED",
            "route_key": f"GET /{name}",
            "method": "GET",
            "path": f"/{name}",
            "integration": {**usual, "credentials": None, "uri": uri, **integration},
        }
    )


def test_back_ends_are_proposed_by_the_name_that_the_control_looks_for() -> None:
    stage = resource(
        {
            "kind": "Stage",
            "arn": STAGE_ARN,
            "stage": "prod",
            "protocol": "REST",
            "variable_names": ["host", "secret"],
            "variable_values": {"host": "Orders.example.com"},
        }
    )
    function = "arn:aws:lambda:eu-west-1:111122223333:function:orders"
    given = [
        stage,
        _route("a", "https://${stageVariables.host}/v1"),
        _route("b", "https://${stageVariables.secret}/v1"),
        _route("c", f"{function}:live", type="AWS_PROXY"),
        _route("d", None, type="MOCK"),
        _route(
            "e",
            None,
            type="AWS_PROXY",
            subtype="SQS-SendMessage",
            request_parameters={"QueueUrl": "https://q.example/1"},
        ),
        _route("f", "https://known.example.com/v1"),
    ]
    known = Registers(backends=(Backend(target="https://known.example.com", owner="o", internal=True),))
    found = [each["target"] for each in _from_routes("backends", *given, registers=known)]
    assert found == [function, "https://orders.example.com", "https://q.example"]


def test_a_domain_is_proposed_with_its_rules() -> None:
    header = {"base_paths": [], "headers": [{"header": "x-beta", "value_glob": "1*"}]}
    rule = {
        "rule_id": "r",
        "priority": 1,
        "conditions": [header],
        "api_id": "b2",
        "stage": "prod",
        "strip_base_path": True,
    }
    domain = resource(
        {
            "kind": "DomainName",
            "arn": "d",
            "domain": "api.example.com",
            "routing_mode": "ROUTING_RULE_THEN_BASE_PATH_MAPPING",
            "routing_rules": [rule],
            "mappings": [{"path": "v1", "api_id": "a1", "stage": "prod"}],
        }
    )
    assert [each["mappings"] for each in _from_routes("domains", domain)] == [
        [
            {"path": "v1", "api": "a1", "stage": "prod"},
            {"path": "", "api": "b2", "stage": "prod", "headers": ["x-beta: 1*"]},
        ]
    ]
    hidden = domain.model_copy(update={"routing_rules": Unread(gap=gap())})
    assert _from_routes("domains", hidden) == []
