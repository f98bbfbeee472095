"""Taking a snapshot: collect, normalize, keep, commit."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import JsonValue

from auditor import __version__
from auditor.assets import tool_digest
from auditor.collect.clock import now
from auditor.collect.permissions import MANAGED_POLICY_LIMIT, policies, policy, size
from auditor.collect.redact import Redactor
from auditor.collect.registry import collectors
from auditor.collect.role_templates import cloudformation, terraform
from auditor.collect.run import Collected, Hooks, UnitRead, collect
from auditor.collect.settings import AccountTarget, CollectSettings
from auditor.config import Config
from auditor.errors import StoreError, UsageError
from auditor.model.snapshot import Declared, Scope, Shard, Snapshot
from auditor.normalize.shard import normalize
from auditor.store.interface import Store
from auditor.store.journal import Journal, ShardReceipt, UnitReceipt
from auditor.store.merkle import root_digest
from auditor.store.shards import read_resources, write_shard

Progress = Callable[[str], None]


def collect_snapshot(config: Config, store: Store, tell: Progress) -> Snapshot:
    """Read the estate and commit one snapshot; an interrupted collection of the same scope goes on where it stopped."""
    settings = settings_of(config)
    journal = _journal(config, settings, store)
    receipts = {place: each for place, each in journal.finished().items() if _is_kept(each, store)}
    if receipts:
        tell(
            f"going on with the collection begun at {journal.as_of:%Y-%m-%d %H:%M} UTC: {len(receipts)} parts are read"
        )
    hooks = Hooks(
        keep=store.put,
        tell=tell,
        finished=lambda unit: journal.record(_receipt(unit)),
        skip=frozenset(receipts),
    )
    collected = collect(settings, hooks)
    units = [*receipts.values(), *(_receipt(unit) for unit in collected.units)]
    tell("normalizing")
    shards = tuple(sorted(_shards(store, units, collected.partition), key=_shard_order))
    snapshot = _snapshot(journal, collected, units, shards, settings)
    store.commit(snapshot)
    journal.close()
    return snapshot


def _journal(config: Config, settings: CollectSettings, store: Store) -> Journal:
    """Return the journal to go on with; a collection that was committed, but killed before it could tidy up, is over."""
    scope = _scope_key(config, settings)
    journal = Journal(config.store, scope, now())
    begun = f"{journal.as_of:%Y%m%dT%H%M%SZ}-"
    if any(each.startswith(begun) and store.snapshot(each).as_of == journal.as_of for each in store.snapshot_ids()):
        journal.close()
        return Journal(config.store, scope, now())
    return journal


def _is_kept(receipt: UnitReceipt, store: Store) -> bool:
    """Return whether every answer that a receipt names is whole in the store: if not, the unit is read again."""
    try:
        for shard in receipt.shards:
            for page in shard.pages:
                store.get(page.sha256)
    except StoreError:
        return False
    return True


def settings_of(config: Config) -> CollectSettings:
    """Return what the collectors are told; raise UsageError where accounts are named without a role."""
    return CollectSettings(
        redaction_key=config.redaction_key(),
        accounts=targets(config),
        regions=config.regions,
        profile=config.profile,
    )


@dataclass(frozen=True)
class LeastRights:
    """The rights that are enough, as one policy and in the parts that IAM's size limit asks for."""

    whole: dict[str, Any]
    parts: tuple[dict[str, Any], ...]

    @property
    def size_warning(self) -> str:
        """One sentence where the whole is more than one managed policy holds, else nothing."""
        if len(self.parts) == 1:
            return ""
        return (
            f"{size(self.whole)} characters are more than the {MANAGED_POLICY_LIMIT} of a managed policy: print its "
            f"{len(self.parts)} parts with --part, or use --format cloudformation or terraform"
        )


def least_rights() -> LeastRights:
    """Return the IAM rights that are enough, from what collectors declare."""
    return LeastRights(policy(collectors()), policies(collectors()))


def role_template(form: Literal["cloudformation", "terraform"]) -> str:
    """Return the role that reads an account, ready to be made."""
    return cloudformation(collectors()) if form == "cloudformation" else terraform(collectors())


def counts(store: Store, snapshot: Snapshot) -> dict[str, Any]:
    """Return the summary of `collect --output json` (product.md section 4)."""
    kinds = Counter(type(each).cloudformation for each in read_resources(store, snapshot))
    return {
        "snapshot": snapshot.id,
        "root": snapshot.root,
        "accounts": len(snapshot.scope.accounts),
        "regions": list(snapshot.scope.regions),
        "resources": dict(sorted(kinds.items())),
        "gaps": [gap.model_dump(mode="json") for gap in snapshot.gaps],
        "declared": [each.model_dump(mode="json") for each in snapshot.declared],
        "calls": snapshot.calls,
        "throttled": snapshot.throttled,
        "seconds": round((snapshot.finished_at - snapshot.as_of).total_seconds(), 3),
    }


def was_anything_read(snapshot: Snapshot) -> bool:
    """Return whether at least one answer was read."""
    return any(shard.pages.count for shard in snapshot.shards)


def targets(config: Config) -> tuple[AccountTarget, ...]:
    """Return the accounts to read; raise UsageError where several are named without a role."""
    if config.role_arn is not None:
        return (AccountTarget(role_arn=config.role_arn, external_id=config.external_id),)
    if not config.accounts:
        return (AccountTarget(),)
    if config.role_name is None:
        if len(config.accounts) > 1:
            raise UsageError(
                f"{len(config.accounts)} accounts are in scope, but no role to read them with",
                "Set [scope] role_name in auditor.toml, or --role-name.",
            )
        return (AccountTarget(account=config.accounts[0]),)
    return tuple(
        AccountTarget(account, f"arn:{_partition(config)}:iam::{account}:role/{config.role_name}", config.external_id)
        for account in config.accounts
    )


def _partition(config: Config) -> str:
    """Return the partition of the regions in scope: a role is named before anyone can be asked."""
    first = config.regions[0] if config.regions else ""
    return {"cn": "aws-cn", "us-gov": "aws-us-gov"}.get(first.rpartition("-")[0].rpartition("-")[0], "aws")


def _scope_key(config: Config, settings: CollectSettings) -> dict[str, object]:
    """Return what two runs must share so that one may go on with what the other read."""
    return {
        "accounts": list(config.accounts),
        "regions": list(config.regions),
        "profile": config.profile,
        "role": config.role_arn or config.role_name,
        "tool": tool_digest(),
        "redaction_key": Redactor(settings.redaction_key).key_id,
    }


def _receipt(unit: UnitRead) -> UnitReceipt:
    return UnitReceipt(
        account=unit.account,
        region=unit.region,
        shards=tuple(ShardReceipt(key=each.key, pages=each.pages, gaps=each.gaps) for each in unit.shards),
        calls=unit.calls,
        throttled=unit.throttled,
        declared=unit.declared,
    )


def _shards(store: Store, units: Iterable[UnitReceipt], partition: str) -> Iterable[Shard]:
    for unit in units:
        for shard in unit.shards:
            bodies = [(page, store.get(page.sha256)) for page in shard.pages]
            found = normalize(shard.key, partition, bodies, shard.gaps)
            yield write_shard(
                store,
                shard.key,
                (found.resources, found.observations, found.listings),
                (shard.pages, (*shard.gaps, *found.gaps)),
            )


def _snapshot(
    journal: Journal,
    collected: Collected,
    units: Iterable[UnitReceipt],
    shards: tuple[Shard, ...],
    settings: CollectSettings,
) -> Snapshot:
    root = root_digest(shards)
    calls: Counter[str] = Counter()
    for unit in units:
        calls.update(unit.calls)
    return Snapshot(
        id=f"{journal.as_of:%Y%m%dT%H%M%SZ}-{root[:8]}",
        root=root,
        as_of=journal.as_of,
        finished_at=now(),
        tool_version=__version__,
        tool_digest=tool_digest(),
        parameters=_parameters(settings),
        operations=collected.operations,
        scope=Scope(
            partition=collected.partition,
            accounts=tuple(sorted({*collected.callers, *(shard.key.account for shard in shards)})),
            regions=collected.regions,
            services=collected.services,
        ),
        callers=dict(sorted(collected.callers.items())),
        redaction_key_id=Redactor(settings.redaction_key).key_id,
        shards=shards,
        declared=_declared(collected, units),
        calls=dict(sorted(calls.items())),
        throttled=sum(unit.throttled for unit in units),
        clock_offset_seconds=collected.clock_offset_seconds,
    )


def _parameters(settings: CollectSettings) -> dict[str, JsonValue]:
    """Return what the run was told, but for what is secret."""
    return {
        "accounts": [each.account for each in settings.accounts if each.account is not None],
        "roles": [each.role_arn for each in settings.accounts if each.role_arn is not None],
        "external_id": any(each.external_id is not None for each in settings.accounts),
        "regions": list(settings.regions),
        "profile": settings.profile,
        "services": list(settings.services),
        "threads": settings.threads,
        "attempts": settings.patience.attempts,
    }


def _declared(collected: Collected, units: Iterable[UnitReceipt]) -> tuple[Declared, ...]:
    found = {*collected.declared, *(each for unit in units for each in unit.declared)}
    return tuple(sorted(found, key=lambda each: (each.account, each.region, each.why)))


def _shard_order(shard: Shard) -> tuple[str, str, str]:
    return (shard.key.account, shard.key.region, shard.key.service)
