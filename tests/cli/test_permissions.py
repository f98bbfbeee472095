"""The least rights: parts that IAM takes, and templates that make the role."""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml

from auditor.collect.interface import Collector, Operation
from auditor.collect.permissions import MANAGED_POLICY_LIMIT, policies, policy, size
from auditor.collect.registry import collectors
from auditor.collect.role_templates import cloudformation, terraform
from auditor.demo.simulation import Simulation
from tests.cli.people import KEYS, Person

LONG_PARTITION = "aws-us-gov"
ROLES_LIMIT = 10
"""Managed policies that a role takes without asking AWS for more (IAM quotas)."""


def _grants(document: dict[str, Any]) -> set[tuple[str, str]]:
    return {
        (action, resource)
        for statement in document["Statement"]
        for action in statement["Action"]
        for resource in statement["Resource"]
    }


def _many(count: int) -> tuple[Collector, ...]:
    """Return collectors as they might be in a while: each of ours under several names."""
    return tuple(replace(each, service=f"{each.service}{number}") for number in range(count) for each in collectors())


@pytest.mark.parametrize("chosen", [collectors(), _many(8)], ids=["ours", "many"])
def test_every_part_fits_a_managed_policy_and_nothing_is_lost(chosen: tuple[Collector, ...]) -> None:
    parts = policies(chosen, LONG_PARTITION)
    assert all(size(part) <= MANAGED_POLICY_LIMIT for part in parts)
    whole = policy(chosen, LONG_PARTITION)
    assert set().union(*(_grants(part) for part in parts)) == _grants(whole)
    sids = [statement["Sid"] for part in parts for statement in part["Statement"]]
    assert len(sids) == len(set(sids))
    assert all(sid.isalnum() for sid in sids)


def test_our_rights_fit_one_role() -> None:
    assert len(policies(collectors(), LONG_PARTITION)) <= ROLES_LIMIT


def test_a_template_partition_is_measured_as_the_longest_that_there_is() -> None:
    chosen = _many(8)
    for placeholder in ("${AWS::Partition}", "${data.aws_partition.current.partition}"):
        for part in policies(chosen, placeholder):
            assert size(json.loads(json.dumps(part).replace(placeholder, LONG_PARTITION))) <= MANAGED_POLICY_LIMIT


def test_a_collector_that_alone_is_too_long_is_split() -> None:
    long = Operation("x", "ListX", "x:ListX", "*")
    operations = tuple(
        replace(long, resource=f"arn:{{partition}}:x:{{region}}:{{account}}:thing-with-a-long-name-{n}")
        for n in range(200)
    )
    parts = policies([replace(collectors()[0], service="x", operations=operations)])
    assert len(parts) > 1
    assert all(size(part) <= MANAGED_POLICY_LIMIT for part in parts)
    assert len(set().union(*(_grants(part) for part in parts))) == 200 + 2


def test_no_action_is_granted_on_more_than_an_operation_declares() -> None:
    asked = {
        (operation.action, operation.resource.partition("{")[0])
        for collector in collectors()
        for operation in collector.operations
    }
    for statement in policy(collectors())["Statement"][1:]:
        for action in statement["Action"]:
            for resource in statement["Resource"]:
                assert any(action == name and resource.startswith(start) for name, start in asked), (action, resource)


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulation]:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    with Simulation() as running:
        yield running


@pytest.mark.parametrize("external", ["an id", ""])
def test_the_cloudformation_template_makes_the_role(simulated: Simulation, external: str, tmp_path: Path) -> None:
    printed = Person(tmp_path).auditor("permissions", "--format", "cloudformation")
    assert (printed.returncode, printed.stderr) == (0, "")
    given = {"TrustedPrincipalArn": "arn:aws:iam::123456789012:user/me", "ExternalId": external}
    place = {"endpoint_url": simulated.endpoint, "region_name": "eu-west-1"}
    boto3.client("cloudformation", **place).create_stack(
        StackName="auditor-read",
        TemplateBody=printed.stdout,
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in given.items()],
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    iam = boto3.client("iam", **place)
    trust = iam.get_role(RoleName="auditor-read")["Role"]["AssumeRolePolicyDocument"]["Statement"][0]
    assert trust["Principal"] == {"AWS": given["TrustedPrincipalArn"]}
    assert trust.get("Condition") == ({"StringEquals": {"sts:ExternalId": external}} if external else None)
    attached = iam.list_attached_role_policies(RoleName="auditor-read")["AttachedPolicies"]
    documents = [
        iam.get_policy_version(PolicyArn=each["PolicyArn"], VersionId="v1")["PolicyVersion"]["Document"]
        for each in attached
    ]
    assert set().union(*(_grants(each) for each in documents)) == _grants(policy(collectors()))


def test_the_templates_hold_as_many_policies_as_there_are_parts() -> None:
    chosen = _many(8)
    count = len(policies(chosen, LONG_PARTITION))
    assert count > 2
    resources = yaml.safe_load(cloudformation(chosen))["Resources"]
    assert len([each for each in resources.values() if each["Type"] == "AWS::IAM::ManagedPolicy"]) == count
    assert terraform(chosen).count('resource "aws_iam_policy" ') == count


def test_the_terraform_configuration_says_the_same_as_the_policy(tmp_path: Path) -> None:
    printed = Person(tmp_path).auditor("permissions", "--format", "terraform")
    assert (printed.returncode, printed.stderr) == (0, "")
    text = printed.stdout
    for opening, closing in ("{}", "[]"):
        assert text.count(opening) == text.count(closing)
    partition = "${data.aws_partition.current.partition}"
    for statement in policy(collectors(), partition)["Statement"]:
        for each in (*statement["Action"], *statement["Resource"]):
            assert f"      {json.dumps(each)},\n" in text
    # As `terraform fmt` would have it: two spaces a level, no tab, no trailing space, no two blank lines.
    depth = 0
    for line in text.splitlines():
        depth -= line.strip()[:1] in {"}", "]"}
        assert line == "" or line.startswith("#") or line == f"{'  ' * depth}{line.strip()}"
        depth += line.rstrip()[-1:] in {"{", "["}
    assert "\n\n\n" not in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--part", "99"), "there is no part 99"),
        (("--part", "0"), "--part"),
        (("--part", "1", "--format", "terraform"), "--part is for policies"),
        (("--format", "pulumi"), "pulumi"),
    ],
)
def test_what_cannot_be_printed_ends_with_2(arguments: tuple[str, ...], words: str, tmp_path: Path) -> None:
    done = Person(tmp_path).auditor("permissions", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_the_policy_is_one_document_and_its_first_part_is_a_policy_too(tmp_path: Path) -> None:
    person = Person(tmp_path)
    whole = json.loads(person.auditor("permissions").stdout)
    assert _grants(json.loads(person.auditor("permissions", "--part", "1").stdout)) <= _grants(whole)
    assert whole == policy(collectors())
