"""What a snapshot set out to read: what one service cannot tell takes nothing else out of scope."""

import pytest

from auditor.diff.side import Side
from auditor.evaluate.engine import evaluate
from auditor.model.control import Catalog
from auditor.model.estate import Estate
from auditor.model.register import Registers
from auditor.model.snapshot import GLOBAL_REGION, Declared
from tests.estates import ACCOUNT, REGION, snapshot

CATALOG = Catalog(controls=(), criteria=(), framework="", registers=Registers(), waivers=(), digest="")


def _side(declared: Declared) -> Side:
    estate = Estate(snapshot().model_copy(update={"declared": (declared,)}), (), {}, ())
    return Side(estate, evaluate(estate, CATALOG), CATALOG)


@pytest.mark.parametrize(
    ("region", "service", "accounts", "pairs"),
    [
        (REGION, None, {ACCOUNT}, set()),
        (REGION, "bedrock-agentcore-control", {ACCOUNT}, {(ACCOUNT, REGION)}),
        (GLOBAL_REGION, "organizations", {ACCOUNT}, {(ACCOUNT, REGION)}),
    ],
)
def test_a_declaration_of_one_service_leaves_the_rest_in_scope(
    region: str, service: str | None, accounts: set[str], pairs: set[tuple[str, str]]
) -> None:
    side = _side(Declared(account=ACCOUNT, region=region, why="w", service=service))
    assert (set(side.accounts), set(side.pairs)) == (accounts, pairs)
