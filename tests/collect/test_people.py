"""Who people are, over HTTP: what is told to a member of an organization, what is never stored, what everything becomes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest

from auditor.collect.interface import Answer, Operation
from auditor.collect.services.organizations import COLLECTOR as ORGANIZATIONS
from auditor.demo.faults import Fault, Rule
from auditor.model.agents import AgentGateway, AgentGatewayTarget
from auditor.model.analyzers import AccessAnalyzer, AccessFinding
from auditor.model.cognito import UserPool, UserPoolClient, UserPoolIdentityProvider
from auditor.model.fact import Absent, NotApplicable, Present, Unread
from auditor.model.organization import Organization, OrganizationAccount, OrganizationPolicy
from auditor.model.people import AccountAssignment, IdentityCenterInstance, IdentityCenterUser, PermissionSet
from auditor.model.resource import Resource
from tests.collecting import ENVIRONMENT, Collection, collected
from tests.replay import front, load

R = TypeVar("R", bound=Resource)
SERVICES = (
    "accessanalyzer",
    "bedrock-agentcore-control",
    "cognito-idp",
    "identitystore",
    "organizations",
    "sso-admin",
)


@contextmanager
def _account(
    monkeypatch: pytest.MonkeyPatch, name: str, *services: str, deny: str | None = None
) -> Iterator[Collection]:
    for key, value in ENVIRONMENT.items():
        monkeypatch.setenv(key, value)
    with front(load(name)) as simulated:
        monkeypatch.setenv("AWS_ENDPOINT_URL", simulated.endpoint)
        if deny is not None:
            simulated.fault(Rule(deny, Fault.DENY))
        yield collected(*services)


def _of(read: Collection, kind: type[R]) -> list[R]:
    return [each for resources in read.resources.values() for each in resources if isinstance(each, kind)]


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collection]:
    with _account(monkeypatch, "one-of-each", *SERVICES) as read:
        yield read


def test_no_secret_of_a_client_a_provider_or_a_target_is_kept(whole: Collection) -> None:
    assert not [each for each in whole.bodies.values() if b"MARKED-SECRET" in each]
    redacted = {page.operation for pages in whole.pages.values() for page in pages if page.redacted}
    assert redacted == {
        "bedrock-agentcore-control:GetGatewayTarget",
        "cognito-idp:DescribeIdentityProvider",
        "cognito-idp:DescribeUserPoolClient",
        "cognito-idp:ListUserPoolClientSecrets",
        "identitystore:ListUsers",
    }
    (provider,) = _of(whole, UserPoolIdentityProvider)
    assert isinstance(provider.details, Present)
    assert provider.details.value["client_secret"].startswith("redacted:")
    assert provider.details.value["oidc_issuer"] == "https://login.example.com"


def test_of_a_person_the_names_are_kept_and_nothing_more(whole: Collection) -> None:
    (page,) = [each for each in whole.pages["identitystore"] if each.operation == "identitystore:ListUsers"]
    body = whole.bodies[page.sha256]
    assert b"Ada Berg" in body
    assert not [each for each in (b"ada.private", b"900 00 000", b"Engineer") if each in body]
    assert "/Users/0/Emails/0/Value" in page.redacted


def test_a_copy_of_an_instance_is_read_in_its_primary_region_alone(whole: Collection) -> None:
    own, copy = sorted(_of(whole, IdentityCenterInstance), key=lambda each: each.arn)
    assert isinstance(own.permission_sets, Present)
    assert isinstance(copy.permission_sets, NotApplicable)
    assert whole.calls["sso-admin:ListPermissionSets"] == 1


def test_an_assignment_is_named_below_its_permission_set(whole: Collection) -> None:
    sets = {each.name: each for each in _of(whole, PermissionSet)}
    assert isinstance(sets["Administrator"].permissions_boundary, Absent)
    assert sets["Reader"].permissions_boundary == Present(value="/people/edge")
    assert isinstance(sets["Reader"].policy, Absent)
    arn = f"{sets['Reader'].arn}#assignment/123456789012/USER/22222222-bbbb-4bbb-8bbb-222222222222"
    assert arn in {each.arn for each in _of(whole, AccountAssignment)}
    assert {each.status for each in _of(whole, IdentityCenterUser)} == {
        Present(value="ENABLED"),
        Present(value="DISABLED"),
    }


def test_clients_say_whether_they_have_a_secret_and_since_when(whole: Collection) -> None:
    clients = {each.name: each for each in _of(whole, UserPoolClient)}
    assert clients["billing"].has_secret == Present(value=True)
    assert isinstance(clients["billing"].secrets, Present)
    assert clients["web"].has_secret == Present(value=False)
    assert isinstance(clients["web"].secrets, NotApplicable)
    (pool,) = _of(whole, UserPool)
    assert pool.admin_create_user_only == Present(value=False)
    assert pool.mutable_attributes == Present(value=("email",))


def test_agent_gateways_say_who_is_let_in_and_what_they_reach(whole: Collection) -> None:
    (gateway,) = _of(whole, AgentGateway)
    assert (gateway.allowed_audiences, gateway.required_claims) == (Absent(), Present(value=("act",)))
    assert gateway.policy_engine_mode == Present(value="LOG_ONLY")
    api, partner = sorted(_of(whole, AgentGatewayTarget), key=lambda each: each.arn)
    assert (api.target_type, api.rest_api) == (Present(value="apiGateway"), Present(value="rest1"))
    assert partner.endpoint == Present(value="https://partner.example.com")


def test_findings_are_read_of_analyzers_that_look_outside(whole: Collection) -> None:
    assert len(_of(whole, AccessAnalyzer)) == 2
    (finding,) = _of(whole, AccessFinding)
    assert finding.found_resource == Present(value="arn:aws:iam::123456789012:role/shared")


def test_the_management_account_is_told_everything(whole: Collection) -> None:
    (organization,) = _of(whole, Organization)
    assert isinstance(organization.service_control_policies, Present)
    assert isinstance(organization.resource_control_policies, Present)
    assert organization.enabled_policy_types == Present(value=("SERVICE_CONTROL_POLICY",))
    above = {each.account_id: each.above for each in _of(whole, OrganizationAccount)}
    assert above["210987654321"] == Present(value=("ou-aaaa-11111111", "r-aaaa"))
    assert {each.policy_type for each in _of(whole, OrganizationPolicy)} == {
        "RESOURCE_CONTROL_POLICY",
        "SERVICE_CONTROL_POLICY",
    }


def test_a_member_is_refused_by_nature_and_nothing_of_it_is_taken_for_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    with _account(monkeypatch, "member-of-an-organization", "organizations", "sso-admin") as read:
        assert [gap for gaps in read.gaps.values() for gap in gaps] == []
        assert sorted(each.service or "" for each in read.declared) == ["organizations", "sso-admin"]
        (organization,) = _of(read, Organization)
        assert organization.management_account == Present(value="999999999999")
        for fact in (organization.service_control_policies, organization.accounts, organization.enabled_policy_types):
            assert isinstance(fact, Unread)
        (instance,) = _of(read, IdentityCenterInstance)
        assert isinstance(instance.permission_sets, Unread)


def test_in_the_management_account_a_refusal_is_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    with _account(monkeypatch, "one-of-each", "organizations", deny="organizations:ListPolicies") as read:
        assert {gap.operation for gap in read.gaps["organizations"]} == {"organizations:ListPolicies"}
        (organization,) = _of(read, Organization)
        assert isinstance(organization.service_control_policies, Unread)
        assert isinstance(organization.accounts, Present)


def test_an_account_without_an_organization_says_so_without_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    with _account(monkeypatch, "alone", "organizations", "sso-admin") as read:
        assert [gap for gaps in read.gaps.values() for gap in gaps] == []
        assert _of(read, Organization) == []
        assert [(each.kind, each.count, each.complete) for each in read.listings["sso-admin"]] == [
            ("IdentityCenterInstance", 0, True)
        ]


def test_units_that_stand_below_themselves_end_the_walk() -> None:
    told: dict[str, dict[str, Any]] = {
        "DescribeOrganization": {"Organization": {"MasterAccountId": "111122223333"}},
        "ListRoots": {"Roots": [{"Id": "r-1"}]},
        "ListOrganizationalUnitsForParent": {"OrganizationalUnits": [{"Id": "ou-1"}, {"Id": "r-1"}]},
    }
    caller = _Told(told)
    ORGANIZATIONS.collect(caller)
    assert [each for each in caller.asked if each == "ListOrganizationalUnitsForParent"] == [
        "ListOrganizationalUnitsForParent"
    ] * 2


class _Told:
    """A caller that answers every call of an operation alike."""

    account, partition, region = "111122223333", "aws", "aws-global"

    def __init__(self, told: Mapping[str, Mapping[str, Any]]) -> None:
        self.asked: list[str] = []
        self._told = told

    def __call__(self, operation: Operation, /, about: str | None = None, **parameters: Any) -> Answer:
        del about, parameters
        self.asked.append(operation.name)
        return Answer((self._told.get(operation.name, {}),), None)

    def declare(self, why: str) -> None:
        raise AssertionError(why)

    def remember(self, topic: str, value: str) -> None:
        raise AssertionError(topic, value)

    def recall(self, topic: str) -> tuple[str, ...]:
        raise AssertionError(topic)

    def follow(self, *topics: str) -> Iterator[tuple[str, str]]:
        raise AssertionError(topics)

    def gather(self, work: Iterable[Callable[[], object]]) -> None:
        raise AssertionError(work)

    def beside(self, *work: Callable[[], object]) -> None:
        raise AssertionError(work)
