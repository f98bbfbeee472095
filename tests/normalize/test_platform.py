"""What stands around the APIs: collected from replayed answers, normalized, and no secret in any byte."""

from collections.abc import Iterator

import pytest
import time_machine

from auditor.collect.gateway.wire import FUNCTION, named_targets
from auditor.collect.interface import Answer
from auditor.model.fact import Absent, NotApplicable, Present, need
from auditor.model.logs import LogGroup
from auditor.model.platform import Alarm, EventRule, Function, Topic, Trail, WafRuleGroup, WebAcl
from auditor.model.resource import Resource
from tests.collecting import AS_OF, ENVIRONMENT, Collection, collected
from tests.replay import front, load


@pytest.fixture(scope="module")
def whole() -> Iterator[Collection]:
    with pytest.MonkeyPatch.context() as patch, front(load("one-of-each")) as simulated:
        for name, value in {**ENVIRONMENT, "AWS_ENDPOINT_URL": simulated.endpoint}.items():
            patch.setenv(name, value)
        with time_machine.travel(AS_OF, tick=True):
            yield collected()


def _of(whole: Collection, service: str) -> dict[str, Resource]:
    return {each.name: each for each in whole.resources[service]}


def test_a_function_is_read_with_every_alias_that_has_a_url(whole: Collection) -> None:
    found = _of(whole, "lambda")
    assert list(found) == ["f", "f:live"]
    plain, alias = found["f"], found["f:live"]
    assert isinstance(plain, Function)
    assert isinstance(alias, Function)
    assert isinstance(plain.policy, Present)
    assert alias.policy == Absent()
    assert need(alias.version) == "7"
    assert [url.auth_type for url in need(plain.urls) or ()] == ["NONE"]


def test_no_environment_value_stands_in_a_resource_or_a_page(whole: Collection) -> None:
    plain = _of(whole, "lambda")["f"]
    assert isinstance(plain, Function)
    assert (need(plain.environment) or {})["DATABASE"].startswith("redacted:")
    pages = [page for page in whole.pages["lambda"] if page.operation == "lambda:GetFunctionConfiguration"]
    assert {page.redacted for page in pages} == {("/Environment/Variables/DATABASE",)}
    assert "a-function-setting" not in "".join(each.model_dump_json() for each in whole.resources["lambda"])


def test_a_web_acl_tells_its_rules_and_an_own_group_what_is_in_it(whole: Collection) -> None:
    found = _of(whole, "wafv2")
    acl, group = found["acl"], found["own"]
    assert isinstance(acl, WebAcl)
    assert isinstance(group, WafRuleGroup)
    assert [(rule.action, rule.overridden) for rule in need(acl.rules) or ()] == [
        ("Count", {}),
        ("None", {"bad-paths": "Count"}),
    ]
    assert [rule.action for rule in need(group.rules) or ()] == ["Block"]


def test_a_prefix_finds_groups_that_nobody_named_and_they_stay_out(whole: Collection) -> None:
    groups = [each for each in whole.resources["logs"] if isinstance(each, LogGroup)]
    assert sorted(each.name for each in groups) == [
        "/aws/lambda/f",
        "/rest",
        "API-Gateway-Execution-Logs_rest1/prod",
        "aws-waf-logs-acl",
        "trail",
    ]
    trail = next(each for each in groups if each.name == "trail")
    assert trail.subscription_filters == Present(value=())
    endless = next(each for each in groups if each.name == "/aws/lambda/f")
    assert isinstance(endless.subscription_filters, NotApplicable)


def test_the_chain_from_a_trail_to_a_subscriber(whole: Collection) -> None:
    trail, alarms, rules, topics = (_of(whole, each) for each in ("cloudtrail", "cloudwatch", "events", "sns"))
    every = trail["all"]
    assert isinstance(every, Trail)
    assert need(every.log_group) == "arn:aws:logs:eu-west-1:123456789012:log-group:trail"
    assert every.event_selectors == Absent()
    alarm, made_of_alarms = alarms["trails"], alarms["any"]
    assert isinstance(alarm, Alarm)
    assert isinstance(made_of_alarms, Alarm)
    assert (need(alarm.threshold), need(alarm.datapoints_to_alarm)) == ("1", 1)
    assert need(made_of_alarms.rule) == 'ALARM("policies")'
    nightly, pending, gone = rules["nightly"], topics["pending"], topics["gone"]
    assert isinstance(nightly, EventRule)
    assert isinstance(pending, Topic)
    assert isinstance(gone, Topic)
    assert isinstance(nightly.targets, NotApplicable)
    assert [each.is_confirmed for each in need(pending.subscriptions) or ()] == [False]
    assert gone.exists == Present(value=False)


class _Notes:
    def __init__(self) -> None:
        self.found: set[tuple[str, str]] = set()

    def remember(self, topic: str, value: str) -> None:
        self.found.add((topic, value))


ARN = "arn:aws:lambda:eu-west-1:111122223333:function:"
INVOKED = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{}/invocations"


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        (f"{ARN}f", f"{ARN}f"),
        (INVOKED.format(f"{ARN}f:live"), f"{ARN}f:live"),
        (INVOKED.format(f"{ARN}f:$LATEST"), f"{ARN}f:$LATEST"),
        (INVOKED.format(ARN + "${stageVariables.f}"), None),
        (INVOKED.format(ARN + "f-${stageVariables.e}"), None),
        (INVOKED.format(ARN + "f:${stageVariables.e}"), None),
        ("https://example.com/arn", None),
    ],
)
def test_a_function_is_named_by_the_uri_of_an_integration(uri: str, expected: str | None) -> None:
    notes = _Notes()
    answer = Answer(({"item": [{"methodIntegration": {"uri": uri}}]},), None)
    assert named_targets(notes, answer) is answer  # type: ignore[arg-type]
    assert notes.found == (set() if expected is None else {(FUNCTION, expected)})
