"""docs/explain.md: calls of the sample company, with what becomes of each and why.

`python -m tests.docs.explained DEMO` writes the page anew from what `auditor demo --out DEMO` left.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from auditor.config import Flags
from auditor.config import load as load_config
from auditor.dataflow.explain.answer import STEPS, lowered
from auditor.dataflow.explain.call import Options, parse
from auditor.dataflow.explain.claims import read
from auditor.dataflow.explain.explain import explain
from auditor.model.estate import Estate
from auditor.model.explanation import Decision, Explanation
from auditor.model.gateway import Api, RestApi
from auditor.model.keys_and_plans import ApiKey
from auditor.pipeline.judging import load_bare_estate, load_catalog, open_store, resolve

PAGE = "docs/explain.md"
_HEAD = """\
# Why is this call refused?

<!-- Generated from the sample company: python -m tests.docs.explained DEMO. Do not edit. -->

`auditor explain METHOD URL` walks a call through the deployed flow and says at which step and why it is refused or let through:
offline, from the latest snapshot (or `--snapshot`). It ends with 0 where the call is let through, 1 where it is refused, 3 where
that cannot be known.

```text
$ auditor explain POST https://{customers}/customers --token claims.json
$EXAMPLE
```

## How to read the answer

- **Let through** says that nothing in the configuration refuses a call like this one. What depends on the content of a call, on
  load or on the moment (rules of a web ACL, validators, quotas) is listed below the answer, with the step.
- **Refused** is certain: an earlier step that is not known could only refuse it earlier. The status is what callers see; where a
  customised gateway response hides the true type, both are named (as the working copy has it).
- **Not known** names what decides and was not read, not told, or stands in no snapshot: the code of a Lambda authorizer,
  the policies of an account that is not in it.
- `--token FILE` takes the decoded claims of a token (a JSON object), never a token. Its signature is taken for granted; its expiry
  is held against the time of the snapshot. Of its claims only iss, aud, client_id, token_use, scopes and exp are ever shown.
- `--as anonymous` says that a call carries neither signature nor token; without `--as` and `--token` nothing is known of either.

## Calls of the sample company

`{name}` stands for the host of that API, `https://ID.execute-api.REGION.amazonaws.com`; its ids differ from run to run.

| call | what is said of it | answer | step | callers see | why |
|---|---|---|---|---|---|
"""
_READER = {
    "iss": "https://login.halvorsen-id.example/oauth2/default",
    "aud": "api://customers",
    "scope": "customers.read",
    "exp": 1893456000,
}


@dataclass(frozen=True)
class Sample:
    """One call of the page."""

    call: str
    said: str = ""
    """As the page says it."""
    options: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None
    """Name of the API key."""


SAMPLES = (
    Sample("GET https://{customers}/customers", "a token with scope customers.read", {"claims": _READER}),
    Sample("POST https://{customers}/customers", "the same token", {"claims": _READER}),
    Sample(
        "GET https://{customers}/customers",
        "a token that expired in August",
        {"claims": {**_READER, "exp": 1787000000}},
    ),
    Sample("GET https://{customers}/customers", "`--as anonymous`", {"principal": "anonymous"}),
    Sample("PATCH https://{customers}/customers/7", "`--as anonymous`", {"principal": "anonymous"}),
    Sample("POST https://{customers}/customers/7/archive"),
    Sample(
        "POST https://{customers}/internal/sync",
        "signed by a role of another account",
        {"principal": "arn:aws:iam::999999999999:role/sync"},
    ),
    Sample("GET https://{orders}/prod/orders", "`--as anonymous`", {"principal": "anonymous"}),
    Sample("GET https://partners.halvorsen.example/v1/rates"),
    Sample("GET https://partners.halvorsen.example/v2/rates"),
    Sample("GET https://{tracking}/prod/track/7", "API key carrier-north", key="carrier-north"),
    Sample("GET https://{tracking}/prod/track/7", "API key carrier-west", key="carrier-west"),
    Sample("GET https://{tracking}/prod/depots", "`--as anonymous`", {"principal": "anonymous"}),
    *(
        Sample(f"{call} https://{{tracking}}/prod/depots{path}", f"signed by {who}", {"principal": arn})
        for call, path, who, arn in (
            ("GET", "/7/stock", "role depot-planner", "arn:aws:iam::111122223333:role/depot-planner"),
            (
                "PUT",
                "/7",
                "role depot-planner, which a boundary limits",
                "arn:aws:iam::111122223333:role/depot-planner",
            ),
            (
                "GET",
                "/7/stock",
                "role label-printer of the partner account",
                "arn:aws:iam::444455556666:role/label-printer",
            ),
        )
    ),
    Sample(
        "POST https://{partner-portal}/prod/claims",
        "signed by role claims-archive",
        {"principal": "arn:aws:iam::444455556666:role/claims-archive"},
    ),
    Sample("GET https://{partner-portal}/prod/shipments", "`--from 203.0.113.7`", {"source": "203.0.113.7"}),
    Sample("GET https://{partner-portal}/prod/shipments", "`--from 198.51.100.7`", {"source": "198.51.100.7"}),
    Sample("GET https://{reports}/prod/reports", "`--from 203.0.113.7`", {"source": "203.0.113.7"}),
    Sample("GET https://{ledger}/prod/balance/7"),
    Sample(
        "GET https://{ledger}/prod/balance/7", "`--from vpce-0a1b2c3d4e5f60718`", {"source": "vpce-0a1b2c3d4e5f60718"}
    ),
    Sample(
        "GET https://{ledger}/prod/balance/7", "`--from vpce-0ffffffffffffffff`", {"source": "vpce-0ffffffffffffffff"}
    ),
    Sample("subscribe wss://{notify}/prod"),
)


def page(store: Path) -> str:
    """Return the page for the snapshot that a demo left."""
    estate = estate_of(store)
    answers = [(each, explain_sample(each, estate)) for each in SAMPLES]
    rows = [_row(each, found, estate) for each, found in answers]
    head = _HEAD.replace("$EXAMPLE", _example(answers[1][1], estate))
    return head + "\n".join(rows) + "\n"


def estate_of(store: Path) -> Estate:
    config = load_config(Flags(store=str(store)))
    kept = open_store(config)
    return load_bare_estate(kept, resolve(kept, "latest"), load_catalog(config))


def explain_sample(sample: Sample, estate: Estate) -> Explanation:
    """Return the answer for one call."""
    method, _, url = sample.call.partition(" ")
    for name, host in _hosts(estate).items():
        url = url.replace(f"{{{name}}}", host)
    said = dict(sample.options)
    claims = said.pop("claims", None)
    key = next((each.key_id for each in estate.of(ApiKey) if each.name == sample.key), None)
    found = None if claims is None else read(json.dumps(claims), "claims.json")
    return explain(parse(method, url, Options(claims=found, api_key_id=key, **said)), estate)


def _apis(estate: Estate) -> list[RestApi | Api]:
    return [*estate.of(RestApi), *estate.of(Api)]


def _hosts(estate: Estate) -> dict[str, str]:
    return {each.name: f"{each.api_id}.execute-api.{each.region}.amazonaws.com" for each in _apis(estate)}


def _row(sample: Sample, found: Explanation, estate: Estate) -> str:
    step = "" if found.step is None else f"{found.step} {STEPS[found.step]}"
    seen = " ".join(str(each) for each in (found.status, found.message) if each is not None)
    if found.gateway_response:
        seen = f"{seen} ({found.gateway_response})"
    cells = (f"`{sample.call}`", sample.said, found.decision.value, step, seen, found.because)
    return _named(f"| {' | '.join(each.replace('|', chr(92) + '|') for each in cells)} |", estate)


def _example(found: Explanation, estate: Estate) -> str:
    body = json.dumps({"message": found.message}, separators=(",", ":"))
    assert found.decision is Decision.REFUSED
    assert found.step is not None
    sentence = f"Refused at step {found.step} ({STEPS[found.step]}): {lowered(found.because)}."
    return _named(f"{sentence} You would see {found.status} {body}.", estate)


def _named(text: str, estate: Estate) -> str:
    """Return a text with the names of APIs in the place of their ids."""
    for each in _apis(estate):
        text = text.replace(f"{each.api_id}.execute-api.{each.region}.amazonaws.com", f"{{{each.name}}}")
        text = text.replace(each.api_id, f"{{{each.name}}}")
    return text


if __name__ == "__main__":
    (Path(__file__).parents[2] / PAGE).write_text(page(Path(sys.argv[1]) / "store"), encoding="utf-8")
