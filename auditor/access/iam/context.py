"""The request context: what is told of a call's condition keys, and what it certainly does not carry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

_NOTHING: Mapping[str, tuple[str, ...]] = MappingProxyType({})


def at(moment: datetime) -> dict[str, tuple[str, ...]]:
    """Return the keys that tell the time of a call."""
    return {"aws:currenttime": (moment.isoformat(),), "aws:epochtime": (str(int(moment.timestamp())),)}


@dataclass(frozen=True, slots=True)
class Context:
    """Keys are lower case: IAM compares their names without case. A key in neither member is not told."""

    told: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NOTHING)
    """Values by key; several where the key has several (IAM user guide, "Multivalued context keys")."""
    missing: frozenset[str] = frozenset()
    """Keys, and beginnings of keys that end in `/` (`aws:principaltag/`), that the request does not carry."""

    def values(self, key: str) -> tuple[str, ...] | None:
        """Return the values of a key; None where it is missing or not told."""
        return self.told.get(key)

    def is_missing(self, key: str) -> bool:
        """Return whether the request certainly does not carry the key."""
        if key in self.told:
            return False
        return key in self.missing or ("/" in key and key.partition("/")[0] + "/" in self.missing)

    def with_told(self, told: Mapping[str, tuple[str, ...]], missing: frozenset[str] = frozenset()) -> "Context":
        """Return this context with more told; what is told anew replaces what was."""
        return Context({**self.told, **told}, (self.missing | missing).difference(told))
