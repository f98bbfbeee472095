"""What one collection leaves behind: pages, gaps, and the manifest that ties them to digests."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field, JsonValue

from auditor.model.base import Frozen

GLOBAL_REGION = "aws-global"
"""Where global services stand."""
EVERY_REGION = "*"
"""The region of what hides regions that nobody could name."""
SCOPE_SERVICE = "scope"
"""The shard of the calls that find out who asks and what there is to read."""


def caller_name(account: str) -> str:
    """Return the name under which an observation says who asked in an account."""
    return f"auditor:caller/{account}"


SCHEMA_VERSION = 3
"""Bumped when a stored shape changes: `store.upgrade` reads older manifests, `pipeline.upgrading` their pages; newer ones are refused."""


class GapReason(StrEnum):
    """Why something in scope could not be read."""

    DENIED = "denied"
    THROTTLED = "throttled"
    EXPIRED = "expired"
    MALFORMED = "malformed"
    UNSUPPORTED = "unsupported"
    UNAVAILABLE = "unavailable"
    """AWS answered 5xx, or the connection broke or timed out, until the retries ran out."""
    INTERRUPTED = "interrupted"
    NOT_ASKED = "not_asked"
    """Nobody tried: the auditor that took the snapshot did not know the call. Never in a collection, only in an older one read today."""


class Gap(Frozen):
    """Something in scope that could not be read. Holds nothing that differs between two equal runs."""

    operation: str
    """`service:Operation`, botocore's names, e.g. `apigateway:GetExport`."""
    account: str
    region: str
    """AWS region, or `aws-global` for IAM."""
    resource: str | None
    """ARN of the resource that the call asked about; for a list of children, the parent; None for region-wide lists."""
    reason: GapReason
    action: str
    """IAM action that would have been needed, e.g. `apigateway:GET`."""
    detail: str
    """The IAM resource path needed and AWS's error code; never a message with ids or credentials."""


def not_asked(operation: str, place: tuple[str, str], resource: str | None, action: str) -> Gap:
    """Return the gap in the place of a call that an older auditor did not make; `place` is account and region."""
    account, region = place
    return Gap(
        operation=operation,
        account=account,
        region=region,
        resource=resource,
        reason=GapReason.NOT_ASKED,
        action=action,
        detail="*; the snapshot's collection did not ask for this",
    )


class Declared(Frozen):
    """Out of scope by declaration (a region not enabled, an account excluded): recorded, but no gap."""

    account: str
    region: str
    why: str
    service: str | None = None
    """The shard's service where only what it would tell is out of reach; None: the whole region, or account, is."""
    lists: tuple[str, ...] = ()
    """Kinds that can have no members here for this reason (the service is not offered): their lists are empty by nature."""


class Page(Frozen):
    """One API answer: the primary evidence. The body stands in the store under `sha256`."""

    operation: str
    parameters: dict[str, JsonValue]
    """As given to boto3, page tokens included."""
    account: str
    region: str
    caller: str
    """ARN of the identity that asked."""
    requested_at: datetime
    answered_at: datetime
    request_id: str
    status: int
    sequence: int
    """0 for the first page of a call, counting up with each further page of the same list."""
    sha256: str
    """Of exactly the stored bytes, after redaction."""
    size: int
    """Bytes, after redaction."""
    redacted: tuple[str, ...] = ()
    """JSON pointers or XML paths of what was replaced by a keyed digest, sorted."""


class ObjectRef(Frozen):
    """A content-addressed object of the store: JSON Lines, or a page body."""

    sha256: str
    count: int
    """Records in it."""
    size: int
    """Uncompressed bytes."""


class ShardKey(Frozen):
    """The unit of collection, storage and comparison."""

    account: str
    region: str
    service: str
    """`apigateway` (both API versions), `iam`, `kms`, `secretsmanager`, `logs`, `firehose`, `sts`."""


class Shard(Frozen):
    """What one (account, region, service) left: four objects, of which only `resources` enters the config root."""

    key: ShardKey
    resources: ObjectRef
    observations: ObjectRef
    pages: ObjectRef
    gaps: tuple[Gap, ...]


class Scope(Frozen):
    """What the collection set out to read."""

    partition: str
    accounts: tuple[str, ...]
    regions: tuple[str, ...]
    services: tuple[str, ...]


class Snapshot(Frozen):
    """The manifest of one collection. Immutable once written."""

    schema_version: int = SCHEMA_VERSION
    id: str
    """`20260930T220512Z-1a2b3c4d`: as_of, first eight digits of the root."""
    root: str
    """sha256 over the account digests, each over its shards' resource digests: configuration alone."""
    as_of: datetime
    """The moment from which ages are measured: when the collection began, UTC."""
    finished_at: datetime
    tool_version: str
    tool_digest: str | None = None
    """sha256 over the source files of the auditor that collected; None: schema 1, which did not record it."""
    parameters: dict[str, JsonValue] = Field(default_factory=dict)
    """What the run was told: accounts, regions, role, profile. Nothing secret."""
    operations: tuple[str, ...] = ()
    """`service:Operation` of everything that the collectors of that auditor ask for, where there is cause; sorted."""
    scope: Scope
    callers: dict[str, str]
    """Account id to ARN of the identity that read it."""
    redaction_key_id: str
    shards: tuple[Shard, ...]
    """Sorted by (account, region, service)."""
    declared: tuple[Declared, ...] = ()
    calls: dict[str, int] = Field(default_factory=dict)
    """`service:Operation` to number of HTTP answers, retries included."""
    throttled: int = 0
    clock_offset_seconds: int | None = None
    """Local clock minus AWS's Date header on the first answer of an account, whole seconds, the one furthest from zero;
    None where no answer carried one."""

    def asked(self, operation: str) -> bool:
        """Return whether the collection would have called an operation; one that says nothing of its operations would."""
        return not self.operations or operation in self.operations

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Every gap, in shard order."""
        return tuple(gap for shard in self.shards for gap in shard.gaps)
