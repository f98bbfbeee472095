"""IAM over real HTTP: who is asked, and what a refusal means."""

import pytest
import time_machine

from auditor.model.account import AccountSettings
from auditor.model.fact import NotApplicable
from auditor.model.iam import User
from tests.collecting import ACCOUNT, AS_OF, ENVIRONMENT, Collection, collected
from tests.replay import front, load


def _read(monkeypatch: pytest.MonkeyPatch, operation: str, status: int, code: str) -> tuple[Collection, dict[str, int]]:
    script = load("one-of-each")
    body = f"<ErrorResponse><Error><Code>{code}</Code><Message>m</Message></Error></ErrorResponse>"
    script.refuse(operation, status, body.encode(), account=ACCOUNT)
    with front(script) as simulated, time_machine.travel(AS_OF, tick=True):
        for name, value in {**ENVIRONMENT, "AWS_ENDPOINT_URL": simulated.endpoint}.items():
            monkeypatch.setenv(name, value)
        found = collected("iam")
    return found, found.calls


def _settings(found: Collection) -> AccountSettings:
    return next(each for each in found.resources["iam"] if isinstance(each, AccountSettings))


def test_a_member_account_that_may_not_ask_leaves_no_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "AccountNotManagementOrDelegatedAdministrator"
    found, _ = _read(monkeypatch, "iam:ListOrganizationsFeatures", 400, code)
    assert found.gaps["iam"] == []
    assert isinstance(_settings(found).root_features, NotApplicable)


def test_a_denied_right_to_ask_is_a_gap_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    found, _ = _read(monkeypatch, "iam:ListOrganizationsFeatures", 403, "AccessDenied")
    assert [each.operation for each in found.gaps["iam"]] == ["iam:ListOrganizationsFeatures"]


def test_devices_are_asked_for_where_the_report_tells_of_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    _, calls = _read(monkeypatch, "iam:ListOrganizationsFeatures", 400, "OrganizationNotFound")
    assert calls["iam:ListMFADevices"] == 2


def test_without_the_report_the_devices_of_every_user_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    found, calls = _read(monkeypatch, "iam:GetCredentialReport", 403, "AccessDenied")
    assert calls["iam:ListMFADevices"] == sum(isinstance(each, User) for each in found.resources["iam"]) == 3
