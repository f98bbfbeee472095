"""docs/schemas and the editors' schema of controls are generated from the models, and current.

`python -m tests.docs.test_schemas` writes them anew.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from auditor.model.access import RouteAccess
from auditor.model.checkup import Checkup
from auditor.model.control import Control, Waiver
from auditor.model.diff import Diff
from auditor.model.explanation import Explanation
from auditor.model.finding import Finding
from auditor.model.flow import Flow
from auditor.model.register import (
    AccessDecision,
    AgentRoute,
    AllowedWriter,
    Backend,
    BreakGlass,
    DeclaredSecret,
    Domain,
    Issuer,
    MachineIdentity,
    PublicRoute,
)
from auditor.model.snapshot import Gap, Page, Snapshot

REPOSITORY = Path(__file__).parents[2]
SCHEMAS: dict[str, type[Any]] = {
    "controls/control.schema.json": Control,
    "docs/schemas/checkup.json": Checkup,
    "docs/schemas/diff.json": Diff,
    "docs/schemas/explanation.json": Explanation,
    "docs/schemas/finding.json": Finding,
    "docs/schemas/flow.json": Flow,
    "docs/schemas/gap.json": Gap,
    "docs/schemas/page.json": Page,
    "docs/schemas/access_decision.json": AccessDecision,
    "docs/schemas/agent_route.json": AgentRoute,
    "docs/schemas/allowed_writer.json": AllowedWriter,
    "docs/schemas/backend.json": Backend,
    "docs/schemas/break_glass.json": BreakGlass,
    "docs/schemas/domain.json": Domain,
    "docs/schemas/issuer.json": Issuer,
    "docs/schemas/machine_identity.json": MachineIdentity,
    "docs/schemas/public_route.json": PublicRoute,
    "docs/schemas/secret.json": DeclaredSecret,
    "docs/schemas/snapshot.json": Snapshot,
    "docs/schemas/route_access.json": RouteAccess,
    "docs/schemas/waiver.json": Waiver,
}


def _schema(model: type[Any], name: str) -> str:
    mode: Any = "validation" if name.startswith("controls/") else "serialization"
    return json.dumps(TypeAdapter(model).json_schema(mode=mode), indent=2, sort_keys=True) + "\n"


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_published_schema_is_current(name: str) -> None:
    assert (REPOSITORY / name).read_text() == _schema(SCHEMAS[name], name)


def test_nothing_else_is_published() -> None:
    published = {f"docs/schemas/{path.name}" for path in (REPOSITORY / "docs" / "schemas").iterdir()}
    assert published == {name for name in SCHEMAS if name.startswith("docs/")}


def write_schemas() -> None:
    for each, model in SCHEMAS.items():
        (REPOSITORY / each).write_text(_schema(model, each))


if __name__ == "__main__":
    write_schemas()
