"""The config root: shard digests below account digests below one root, over resources alone (scale.md section 2)."""

from collections.abc import Iterable

from auditor.model.snapshot import Shard
from auditor.store.canonical import canonical, sha256


def root_digest(shards: Iterable[Shard]) -> str:
    """Return the sha256 that changes if and only if some resource changed."""
    accounts: dict[str, dict[str, str]] = {}
    for shard in shards:
        name = f"{shard.key.region}/{shard.key.service}"
        accounts.setdefault(shard.key.account, {})[name] = shard.resources.sha256
    return sha256(canonical({account: sha256(canonical(digests)) for account, digests in accounts.items()}))
