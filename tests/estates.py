"""Small estates from plain words. What a case does not say is unread, loudly: a check that looks at it is caught."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from auditor.dataflow.build import flows
from auditor.model.control import Waiver
from auditor.model.environment import EnvironmentRule, Environments
from auditor.model.estate import Estate, PageRecords
from auditor.model.fact import Absent
from auditor.model.kinds import KINDS
from auditor.model.register import Registers
from auditor.model.resource import Listing, Observation, Resource
from auditor.model.snapshot import (
    GLOBAL_REGION,
    Declared,
    Gap,
    GapReason,
    ObjectRef,
    Scope,
    Shard,
    ShardKey,
    Snapshot,
    caller_name,
)

ACCOUNT, REGION = "111122223333", "eu-west-1"
AS_OF = datetime(2026, 9, 30, 22, 5, 12, tzinfo=UTC)
UNSAID = "the case does not say"
_PLAIN = {"arn", "account", "region", "name", "kind"}


def gap(operation: str = "kms:DescribeKey", resource: str | None = None, **other: Any) -> Gap:
    given = {
        "account": ACCOUNT,
        "region": REGION,
        "reason": GapReason.DENIED,
        "action": operation,
        "detail": "*; AccessDenied",
    }
    return Gap(operation=operation, resource=resource, **{**given, **other})


def resource(given: Mapping[str, Any]) -> Resource:
    """Build a resource: plain values are present, `absent` is absent, `unread` is a gap, the rest is unsaid."""
    kind = KINDS[given["kind"]]
    values: dict[str, Any] = {"arn": "", "account": ACCOUNT, "region": REGION, "name": "it"}
    for name, field in kind.model_fields.items():
        if name in given and (name in _PLAIN or "Fact" not in str(field.annotation)):
            values[name] = given[name]
        elif "Fact" in str(field.annotation):
            values[name] = _fact(given.get(name, UNSAID), name)
        elif name not in values and name != "kind":
            values[name] = ""
    return kind.model_validate(values)


def with_flows(given: Estate) -> Estate:
    """Return the estate with the flow of each of its deployed routes."""
    return replace(given, flows=flows(given))


def not_set(kind: type[Resource]) -> dict[str, Absent]:
    """Every fact of a kind as absent: what a test that builds resources by hand does not care about."""
    return {name: Absent() for name, field in kind.model_fields.items() if "Fact" in str(field.annotation)}


def _fact(value: Any, name: str) -> dict[str, Any]:
    match value:
        case "absent":
            return {"state": "absent"}
        case "not applicable":
            return {"state": "not_applicable", "why": "it cannot exist here"}
        case "unread":
            return {"state": "unread", "gap": gap(f"test:{name}").model_dump()}
        case str() if value == UNSAID:
            return {"state": "unread", "gap": gap("case:unsaid", detail=f"{UNSAID}: {name}").model_dump()}
        case datetime():
            return {"state": "present", "value": value.replace(tzinfo=UTC) if value.tzinfo is None else value}
        case _:
            return {"state": "present", "value": value}


def snapshot(gaps: Sequence[Gap] = (), as_of: datetime = AS_OF, services: Sequence[str] = ("apigateway",)) -> Snapshot:
    empty = ObjectRef(sha256="0" * 64, count=1, size=0)
    shards = tuple(
        Shard(
            key=ShardKey(account=ACCOUNT, region=REGION, service=service),
            resources=empty,
            observations=empty,
            pages=empty,
            gaps=tuple(gaps) if index == 0 else (),
        )
        for index, service in enumerate(services)
    )
    return Snapshot(
        id="20260930T220512Z-00000000",
        root="0" * 64,
        as_of=as_of,
        finished_at=as_of,
        tool_version="0",
        scope=Scope(partition="aws", accounts=(ACCOUNT,), regions=(REGION,), services=tuple(services)),
        callers={ACCOUNT: "arn:aws:iam::111122223333:role/auditor-read"},
        redaction_key_id="k",
        shards=shards,
    )


def estate(
    resources: Sequence[Resource],
    registers: Registers | None = None,
    listings: Sequence[Listing] = (),
    gaps: Sequence[Gap] = (),
    facts: Mapping[str, Mapping[str, Any]] | None = None,
) -> Estate:
    observations = {
        (each.account, each.region, each.arn): Observation(
            arn=each.arn,
            kind=type(each).__name__,
            facts=dict((facts or {}).get(each.arn, {})),
            pages=(f"page of {each.arn}",),
        )
        for each in resources
    }
    return Estate(
        snapshot=snapshot(gaps),
        resources=tuple(sorted(resources, key=lambda each: (each.account, each.region, each.arn))),
        observations=observations,
        listings=tuple(listings),
        registers=registers or Registers(),
    )


def listing(kind: str, parent: str | None = None, **other: Any) -> Listing:
    given = {"account": ACCOUNT, "region": REGION, "operation": "test:List", "count": 0, "complete": True, "pages": ()}
    return Listing(kind=kind, parent=parent, **{**given, **other})


def registers(given: Mapping[str, Any] | None) -> Registers:
    """Build registers from entries that say what matters; a name that is not given is undeclared."""
    return Registers.model_validate(
        {name: [{**_USUAL[name], **each} for each in entries] for name, entries in (given or {}).items()}
    )


_USUAL: Mapping[str, Mapping[str, Any]] = {
    "public_routes": {
        "owner": "Orders team",
        "reason": "Health check.",
        "approved_by": "CISO",
        "approved_on": date(2026, 3, 1),
        "review_by": date(2027, 3, 1),
    },
    "secrets": {"owner": "Platform team"},
    "issuers": {"owner": "Identity team", "approved_by": "CISO"},
    "machine_identities": {"kind": "machine", "owner": "Orders team", "acts_for_users": False},
    "allowed_writers": {"reason": "deploys"},
    "backends": {"owner": "Orders team", "internal": True},
    "break_glass": {"owner": "Security team", "last_tested": date(2026, 9, 1)},
    "domains": {},
    "agent_routes": {"owner": "Agents team"},
}
"""What an entry says besides what a case is about."""


def whole_lists(given: Sequence[Listing]) -> list[Listing]:
    """Return listings with a whole one for each kind that a case says nothing about: only then absence says anything."""
    named = {each.kind for each in given}
    rest = [kind for name, kind in KINDS.items() if kind.whole_list and name not in named]
    return [*given, *(listing(each.__name__, region=GLOBAL_REGION if each.is_global else REGION) for each in rest)]


def environments(given: Mapping[str, Any] | None) -> Environments:
    """Build the environments of auditor.toml: a name to its accounts, stages and tags."""
    return Environments(rules={name: EnvironmentRule.model_validate(rule) for name, rule in (given or {}).items()})


def waiver(given: Mapping[str, Any]) -> Waiver:
    """Build a waiver of `control` on `resource` from what a case says; the rest is in order, for thirty days."""
    usual = {
        "id": "W-1",
        "reason": "moves in November",
        "requested_by": "Platform team",
        "risk_owner": "CTO",
        "approver": "CISO",
        "approved_on": date(2026, 9, 20),
        "expires_on": date(2026, 10, 20),
        "ticket": "SEC-1",
    }
    return Waiver.model_validate({**usual, **given})


def collected(given: Estate, said: Mapping[str, Any]) -> Estate:
    """Return the estate as its collection: members of the manifest, `caller` as the kept page says it, `pages` of each shard."""
    members = {name: value for name, value in said.items() if name not in {"caller", "pages"}}
    if "declared" in members:
        members["declared"] = tuple(
            Declared.model_validate({"account": ACCOUNT, **each}) for each in members["declared"]
        )
    if "scope" in members:
        members["scope"] = given.snapshot.scope.model_copy(
            update={name: tuple(each) for name, each in members["scope"].items()}
        )
    observations = dict(given.observations)
    if (told := said.get("caller")) is not None:
        name = caller_name(ACCOUNT)
        observations[(ACCOUNT, REGION, name)] = Observation(arn=name, kind="Caller", facts=told, pages=("p",))
    records = {
        (each.key.account, each.key.region, each.key.service): PageRecords(
            said["pages"]["count"], tuple(said["pages"].get("unnamed", ()))
        )
        for each in given.snapshot.shards
        if said.get("pages") is not None
    }
    manifest = given.snapshot.model_copy(update=members)
    return replace(given, snapshot=manifest, observations=observations, page_records=records)
