"""A store that an older auditor wrote: it verifies, is judged under today's catalog, and its upgrade is no change.

`tests/fixtures/store-v1` was written by the auditor of schema 1: one account, one region, `secretsmanager:ListSecrets` denied, one pack.
`tests/fixtures/store-v2` was written by that of schema 2, from API Gateway and what it leads to alone: of `one-of-each`, whose REST API has
a resource policy and a canary there.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.collect.registry import collectors
from auditor.config import Flags
from auditor.config import load as load_config
from auditor.demo.front import Answered, Front
from auditor.demo.wire import Request
from auditor.demo.writing import is_xml
from auditor.diff.compare import Side, compare
from auditor.model.diff import ResourceDiff
from auditor.model.fact import Present, Unread
from auditor.model.flow import WhoKind
from auditor.model.gateway import DeployedRoute, Protocol, Stage
from auditor.model.keys import KmsKey
from auditor.model.snapshot import GapReason, Page, ShardKey
from auditor.normalize.shard import normalize
from auditor.pipeline.judging import judge_alone, load_catalog
from auditor.store.directory import FileStore
from auditor.store.shards import read_pages, read_pages_of
from tests.collecting import ENVIRONMENT, REGION
from tests.conftest import REPOSITORY, auditor
from tests.replay import Replay, error_body, load

OLD = "20260930T220512Z-60bcce41"
SECOND = "20260930T220512Z-0e41b629"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return Path(shutil.copytree(REPOSITORY / "tests" / "fixtures" / "store-v1", tmp_path / "store"))


def _json(*arguments: str, store: Path, ends: int = 0, **environment: str) -> Any:
    done = auditor(*arguments, "--store", str(store), "--output", "json", env=environment, cwd=store.parent)
    assert done.returncode == ends, done.stderr
    return json.loads(done.stdout)


def _findings(store: Path, snapshot: str) -> list[dict[str, Any]]:
    done = auditor("evaluate", snapshot, "--store", str(store), "--output", "jsonl", cwd=store.parent)
    assert done.returncode == 3, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


class _AsItWas(Replay):
    """An estate that answers what an old snapshot's pages hold; what was not asked then is empty, or does not exist."""

    def __init__(self, store: Path, snapshot: str = OLD) -> None:
        super().__init__(load("one-of-each", (each for one in collectors() for each in one.operations)))
        objects = FileStore(store)
        pages = read_pages(objects, objects.snapshot(snapshot))
        self._pages = [(page, objects.get(page.sha256)) for page in pages]
        self._known = {page.operation for page in pages}

    def answer(self, environ: dict[str, Any], request: Request) -> Answered:
        kind = "text/xml" if is_xml(request.service) else "application/json"
        shared = request.parameters.get("resourceOwner") == "OTHER_ACCOUNTS"
        pages = [each for each in self._pages if not shared or "resourceOwner" in each[0].parameters]
        found = next((content for page, content in pages if _is_of(page, request)), None)
        if shared and found is None:
            # Nobody asked for what others share; then as now there is nothing of the kind.
            return 200, b'{"item": []}', kind
        if found is not None:
            return 200, found, kind
        if request.id in self._known:
            return 400, error_body(request.service, "NotAskedThen"), kind
        return super().answer(environ, request)


_FORM = frozenset({"embed", "limit", "accepts", "parameters"})


def _is_of(page: Page, request: Request) -> bool:
    """Return whether a page answers a request; which form, which extensions and how many a page, decides nothing here."""
    asked = {name: str(value).lower() for name, value in request.parameters.items()}
    told = {name: str(value).lower() for name, value in page.parameters.items() if name not in _FORM}
    return page.operation == request.id and told.items() <= asked.items()


@pytest.fixture
def estate(store: Path) -> Iterator[Front]:
    with Front(_AsItWas(store)) as front:
        yield front


def test_an_old_store_verifies_and_keeps_its_bytes(store: Path) -> None:
    before = {path: path.read_bytes() for path in store.rglob("*") if path.is_file()}
    done = auditor("snapshots", "verify", OLD, "--store", str(store))
    assert done.returncode == 0, done.stderr
    shown = json.loads(auditor("snapshots", "show", OLD, "--store", str(store)).stdout)
    assert (shown["schema_version"], shown["tool_digest"]) == (1, None)
    assert shown["id"].endswith(shown["root"][:8])
    assert _findings(store, OLD)
    assert {path: path.read_bytes() for path in before} == before


def test_an_old_snapshot_is_judged_and_says_what_it_did_not_record(store: Path) -> None:
    found = _findings(store, OLD)
    assert {"GW-ID-01", "KR-01", "KR-06"} <= {each["control"] for each in found if each["status"] == "fail"}
    hidden = {each["observed"]["operation"] for each in found if each["control"] == "KR-09"}
    assert hidden == {"secretsmanager:ListSecrets"}
    recorded = [each["reason"] for each in found if each["control"] == "CH-06" and each["status"] == "fail"]
    assert any("the digest of the program" in each for each in recorded)


def test_the_upgrade_is_coverage_and_never_a_change(store: Path, estate: Front) -> None:
    given = {**ENVIRONMENT, "AWS_ENDPOINT_URL": estate.endpoint, "AUDITOR_REDACTION_KEY": "k"}
    ends = auditor("collect", "--region", REGION, "--store", str(store), env=given, cwd=store.parent)
    assert ends.returncode in {0, 3}, ends.stderr
    found = _json("diff", OLD, "latest", store=store)
    assert found["resources"] == {"added": [], "removed": [], "changed": []}
    assert found["flows"] == []
    assert found["deviations"]["new"] == []
    assert found["deviations"]["resolved"] == []
    assert found["deviations"]["persisting"] > 5
    coverage = {(each["change"], each["what"]) for each in found["coverage"]}
    assert ("scope_added", "answers of sts: GetCallerIdentity") in coverage
    back = _json("diff", "latest", OLD, store=store)
    assert back["resources"] == {"added": [], "removed": [], "changed": []}


def test_a_pack_of_an_old_store_is_a_baseline(store: Path, estate: Front) -> None:
    given = {**ENVIRONMENT, "AWS_ENDPOINT_URL": estate.endpoint, "AUDITOR_REDACTION_KEY": "k"}
    done = auditor("run", "--region", REGION, "--period", "2026-Q4", "--store", str(store), env=given, cwd=store.parent)
    assert done.returncode in {1, 3}, done.stderr
    info = (store.parent / "packs" / "2026-Q4" / "bag-info.txt").read_text()
    assert "Prior-Pack: 2026-Q3 manifest-sha256" in info
    text = subprocess.run(
        ["pdftotext", str(store.parent / "packs" / "2026-Q4" / "data" / "report.pdf"), "-"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert "2026-09-30" in text


def test_what_nobody_asked_for_then_is_unread_with_the_reason(store: Path) -> None:
    objects = FileStore(store)
    shard = next(each for each in objects.snapshot(OLD).shards if each.key.service == "kms")
    pages = [(page, objects.get(page.sha256)) for page in read_pages_of(objects, shard)]
    hidden = {"kms:GetKeyPolicy", "kms:ListKeyRotations"}
    kept = [(page, content) for page, content in pages if page.operation not in hidden]
    known = set(objects.snapshot(OLD).operations)
    today = {each.id for one in collectors() if one.service == "kms" for each in one.operations}
    never = frozenset(hidden | (today - known))
    found = normalize(ShardKey(**shard.key.model_dump()), "aws", kept, shard.gaps, never)
    keys = [each for each in found.resources if isinstance(each, KmsKey)]
    assert keys
    for key in keys:
        assert isinstance(key.policy, Unread)
        assert key.policy.gap.reason is GapReason.NOT_ASKED
        assert "did not ask" in key.policy.gap.detail
    early = {(each.operation, each.parent) for each in found.listings if not each.complete}
    assert early >= {("kms:ListKeyRotations", key.arn) for key in keys}
    assert {operation for operation, _ in early} <= never
    assert found.gaps == ()


def test_a_service_that_nobody_asked_then_hides_its_population(store: Path) -> None:
    objects = FileStore(store)
    manifest = objects.snapshot(OLD)
    older = manifest.model_copy(
        update={
            "shards": tuple(each for each in manifest.shards if each.key.service != "kms"),
            "operations": tuple(each for each in manifest.operations if not each.startswith("kms:")),
        }
    )
    catalog = load_catalog(load_config(Flags(), {}, store.parent))
    judged = judge_alone(objects, older, catalog)
    keys = [each for each in judged.evaluation.findings if each.control == "KR-06"]
    assert [(each.status.value, each.observed["operation"]) for each in keys] == [("not_evaluated", "kms:ListKeys")]
    assert "did not ask for kms:ListKeys" in keys[0].reason
    assert judged.estate.snapshot.gaps == tuple(each for each in manifest.gaps if not each.operation.startswith("kms:"))
    now = judge_alone(objects, manifest, catalog)
    difference = compare(Side(judged.estate, judged.evaluation, None), Side(now.estate, now.evaluation, catalog))
    assert difference.resources.added == ()
    assert difference.deviations.new == ()
    assert {each.control for each in difference.deviations.come_into_sight} == {"KR-06"}
    assert "answers of kms" in " ".join(each.what for each in difference.coverage)


@pytest.fixture
def second(tmp_path: Path) -> Path:
    return Path(shutil.copytree(REPOSITORY / "tests" / "fixtures" / "store-v2", tmp_path / "store"))


def test_a_store_of_schema_2_verifies_keeps_its_bytes_and_is_judged(second: Path) -> None:
    before = {path: path.read_bytes() for path in second.rglob("*") if path.is_file()}
    done = auditor("snapshots", "verify", SECOND, "--store", str(second))
    assert done.returncode == 0, done.stderr
    assert json.loads(auditor("snapshots", "show", SECOND, "--store", str(second)).stdout)["schema_version"] == 2
    found = _findings(second, SECOND)
    assert {"GW-ID-01", "CH-02"} <= {each["control"] for each in found if each["status"] == "fail"}
    assert {path: path.read_bytes() for path in before} == before


def test_flows_of_a_store_of_schema_2_say_what_it_did_not_keep(second: Path) -> None:
    objects = FileStore(second)
    catalog = load_catalog(load_config(Flags(), {}, second.parent))
    judged = judge_alone(objects, objects.snapshot(SECOND), catalog)
    flows = {each.route.partition("/prod/")[2]: each for each in judged.estate.flows if "/prod/" in each.route}
    assert len(judged.estate.flows) == len(list(judged.estate.of(DeployedRoute)))
    assert flows["GET/safe"].who.kind is WhoKind.COGNITO
    canary = flows["GET/safe#canary/dep2"]
    assert (canary.who.kind, canary.canary and canary.canary.percent) == (WhoKind.NONE, "5")
    (stage,) = (each for each in judged.estate.of(Stage) if each.protocol is Protocol.REST)
    assert isinstance(stage.variable_digests, Present)
    assert stage.variable_digests.value.keys() == {"backend"}


def test_the_upgrade_of_schema_2_is_no_change_of_any_flow(second: Path) -> None:
    with Front(_AsItWas(second, SECOND)) as front:
        given = {**ENVIRONMENT, "AWS_ENDPOINT_URL": front.endpoint, "AUDITOR_REDACTION_KEY": "k"}
        ends = auditor("collect", "--region", REGION, "--store", str(second), env=given, cwd=second.parent)
    assert ends.returncode in {0, 3}, ends.stderr
    objects = FileStore(second)
    before, after = (objects.snapshot(each) for each in (SECOND, objects.snapshot_ids()[-1]))
    assert after.id != SECOND
    # Judged at one moment: what only grew old in between is no matter of the upgrade.
    at_once = after.model_copy(update={"as_of": before.as_of})
    catalog = load_catalog(load_config(Flags(), {}, second.parent))
    sides = [
        Side(judged.estate, judged.evaluation, None)
        for judged in (judge_alone(objects, each, catalog) for each in (before, at_once))
    ]
    for one, other in (sides, sides[::-1]):
        found = compare(one, other)
        assert found.resources == ResourceDiff()
        assert found.flows == ()
        assert (found.deviations.new, found.deviations.resolved) == ((), ())
        assert found.deviations.persisting > 5
        assert not [each for each in found.coverage if "GetExport" in each.what]
