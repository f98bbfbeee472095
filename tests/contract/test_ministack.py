"""The whole job against ministack: the seeded counts come out, the open route fails, what that server cannot answer is a gap by name."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from auditor.collect.registry import collectors
from tests.conftest import auditor
from tests.contract import ministack_server, seeding
from tests.contract.seeding import Seeded

OPERATIONS = {each.id: each for of in collectors() for each in of.operations}


@dataclass(frozen=True)
class Job:
    """What the command line said and left."""

    seeded: Seeded
    collected: dict[str, Any]
    findings: tuple[dict[str, Any], ...]
    run: "subprocess.CompletedProcess[str]"
    pack: Path


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    folder = tmp_path_factory.mktemp("ministack")
    with ministack_server.running(folder) as endpoint:
        seeded = seeding.seed(endpoint)
        env = {
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ACCESS_KEY_ID": seeding.ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "HOME": str(folder),
        }
        here = ("--region", seeding.REGION)
        collected = auditor("collect", *here, "--output", "json", env=env, cwd=folder)
        run = auditor("run", *here, "--period", "2026-Q3", "--out", str(folder / "packs"), env=env, cwd=folder)
    evaluated = auditor("evaluate", "--output", "jsonl", env=env, cwd=folder)
    return Job(
        seeded,
        json.loads(collected.stdout),
        tuple(json.loads(line) for line in evaluated.stdout.splitlines()),
        run,
        folder / "packs" / "2026-Q3",
    )


def test_the_seeded_counts_come_out(job: Job) -> None:
    counted = job.collected["resources"]
    expected = {
        "AWS::ApiGateway::RestApi": 1,
        "AWS::ApiGatewayV2::Api": 1,
        "AWS::ApiGatewayV2::Route": 2,
        "AWS::IAM::Role": seeding.ROLES,
        "AWS::IAM::User": seeding.USERS + 1,  # and the root user
        "AWS::IAM::AccessKey": seeding.USERS,
        "AWS::KMS::Key": seeding.KEYS,
        "AWS::SecretsManager::Secret": seeding.SECRETS,
    }
    if "acm:ListCertificates" in OPERATIONS:
        expected["AWS::CertificateManager::Certificate"] = seeding.CERTIFICATES
    assert {name: counted.get(name) for name in expected} == expected


def test_the_open_routes_fail_or_say_what_hid_them(job: Job) -> None:
    status = {each["resource"]: each for each in job.findings if each["control"] == "GW-ID-01"}
    assert set(status) >= job.seeded.open_routes
    found = {status[route]["status"] for route in job.seeded.open_routes}
    assert "fail" in found
    assert found <= {"fail", "not_evaluated"}


def test_what_the_server_cannot_answer_is_a_gap_by_name(job: Job) -> None:
    gaps = job.collected["gaps"]
    assert {"apigatewayv2:ExportApi"} <= {gap["operation"] for gap in gaps}
    for gap in gaps:
        assert gap["action"] == OPERATIONS[gap["operation"]].action
        assert gap["reason"] in {"unsupported", "malformed", "unavailable"}
        assert gap["detail"]
    sheet = " ".join(each["reason"] for each in job.findings if each["control"] == "CH-05")
    assert {gap["operation"] for gap in gaps} <= {each for each in OPERATIONS if each in sheet}


def test_the_evidence_is_incomplete_and_the_pack_is_built_all_the_same(job: Job) -> None:
    assert job.run.returncode == 3, job.run.stderr
    assert "Traceback" not in job.run.stderr
    assert (job.pack / "data" / "report.pdf").stat().st_size > 10_000
    assert job.pack.with_suffix(".zip").exists()


def test_no_seeded_secret_stands_in_the_store_or_the_pack(job: Job) -> None:
    folder = job.pack.parents[1]
    for path in folder.rglob("*"):
        if path.is_file() and path.name != "ministack.log":
            assert b"marked-secret-value" not in path.read_bytes(), path
