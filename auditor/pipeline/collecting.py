"""Taking a snapshot: collect, normalize, keep, commit."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from auditor import __version__
from auditor.collect.clock import now
from auditor.collect.run import Collected, collect
from auditor.collect.settings import AccountTarget, CollectSettings
from auditor.config import Config
from auditor.model.snapshot import Scope, Shard, Snapshot
from auditor.normalize.shard import normalize
from auditor.store.interface import Store
from auditor.store.journal import Journal, ShardReceipt, UnitReceipt
from auditor.store.merkle import root_digest
from auditor.store.shards import write_shard

Progress = Callable[[str], None]
