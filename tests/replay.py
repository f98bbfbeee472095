"""Accounts of replayed AWS answers: YAML in tests/accounts, served over real HTTP through botocore's shapes.

A mock, for what no emulator gives; the form of every answer is held against botocore's model when it is loaded. A file:

```yaml
account: "111122223333"        # the defaults of the file; both may be left out
region: eu-west-1
answers:
- operation: kms:DescribeKey
  when: {KeyId: k1}            # boto3's parameters that the call must have
  answer: {KeyMetadata: {…}}   # boto3's members; "-40d" is 40 days before AS_OF; a policy may be a mapping
- operation: iam:GetAccountPasswordPolicy
  error: {status: 404, code: NoSuchEntity}
```
"""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from auditor.collect.interface import Operation
from auditor.demo.front import Answered, Front
from auditor.demo.script import Script
from auditor.demo.wire import Request, credentials, protocol_of
from auditor.demo.writing import is_xml

ACCOUNTS = Path(__file__).parent / "accounts"
AS_OF = datetime(2026, 9, 30, 22, 5, 12, tzinfo=UTC)
ACCOUNT = "123456789012"
_AGO = re.compile(r"([+-])(\d+)d")


class Replay:
    """A backend of scripted answers alone. What is not scripted is an error that names itself, and is remembered."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self.missing: set[str] = set()

    def account_of(self, environ: dict[str, Any]) -> str:
        """Take the account from the last twelve characters of the access key id, where they are digits."""
        key_id, _, _ = credentials(environ.get("HTTP_AUTHORIZATION", ""))
        return key_id[-12:] if key_id[-12:].isdigit() else ACCOUNT

    def answer(self, environ: dict[str, Any], request: Request) -> Answered:
        del environ
        kind = "text/xml" if is_xml(request.service) else "application/json"
        found = self._script.answer(request)
        if found is None:
            self.missing.add(f"{request.id} {request.parameters}")
            return 400, error_body(request.service, "NotScripted"), kind
        return (*found, kind)


def front(script: Script) -> Front:
    """Return a front that serves a script; start it with `with`."""
    return Front(Replay(script))


def load(name: str, empty: Iterable[Operation] = ()) -> Script:
    """Return the answers of an account; where nothing is scripted for a call, lists in `empty` answer that they are empty."""
    script = Script()
    for path in sorted((ACCOUNTS / name).glob("*.yaml")):
        document: dict[str, Any] = yaml.safe_load(path.read_text())
        default: dict[str, Any] = {key: document[key] for key in ("account", "region") if key in document}
        for each in document["answers"]:
            _add(script, each, default, path)
    for operation in empty:
        if operation.page is not None:
            script.refuse(operation.id, 200, _empty(operation))
    return script


def _add(script: Script, entry: dict[str, Any], default: dict[str, Any], path: Path) -> None:
    where = {**default, **{str(key): entry[key] for key in ("account", "region", "when") if key in entry}}
    try:
        if "error" in entry:
            error = entry["error"]
            body = error_body(entry["operation"].partition(":")[0], error["code"])
            script.refuse(entry["operation"], error["status"], body, **where)
        else:
            script.add(entry["operation"], _dated(entry["answer"]), **where)
    except (ValueError, LookupError) as error:
        raise ValueError(f"{path.name}: {entry['operation']} {entry.get('when', '')}: {error}") from error


def _dated(value: Any) -> Any:
    match value:
        case dict():
            return {name: _dated(inner) for name, inner in value.items()}
        case list():
            return [_dated(inner) for inner in value]
        case str() if (ago := _AGO.fullmatch(value)) is not None:
            days = timedelta(days=int(ago.group(2)))
            return AS_OF - days if ago.group(1) == "-" else AS_OF + days
        case _:
            return value


def error_body(service: str, code: str) -> bytes:
    """Return an error in the words of the service's protocol."""
    if protocol_of(service) == "ec2":
        return f"<Response><Errors><Error><Code>{code}</Code><Message>m</Message></Error></Errors></Response>".encode()
    if is_xml(service):
        return f"<ErrorResponse><Error><Code>{code}</Code><Message>m</Message></Error></ErrorResponse>".encode()
    return json.dumps({"__type": code, "message": "m"}).encode()


def _empty(operation: Operation) -> bytes:
    """Return an answer in which every list that the operation must hold is empty."""
    names = sorted({*operation.required, *(name for name, _ in operation.records)})
    if operation.page is not None and operation.page.items not in names:
        names.append(operation.page.items)
    if is_xml(operation.service):
        inner = "".join(f"<{name}/>" for name in names)
        if protocol_of(operation.service) == "ec2":
            return f"<{operation.name}Response>{inner}</{operation.name}Response>".encode()
        return f"<{operation.name}Response><{operation.name}Result>{inner}</{operation.name}Result></{operation.name}Response>".encode()
    return json.dumps({name: [] for name in names}).encode()
