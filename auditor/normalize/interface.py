"""What turns one service's pages into resources: a module with a NORMALIZER. Deleting the file deletes the feature."""

from collections.abc import Callable
from dataclasses import dataclass

from auditor.normalize.reading import Reading


@dataclass(frozen=True)
class ListCall:
    """A list operation: what it lists, under which wire name, and below what."""

    operation: str
    """`service:Operation`."""
    kind: str
    """Class name of what is listed, or a plain noun where it is no resource of its own (`Alias`)."""
    items: str
    parent: str | None = None
    """ARN template over the call's parameters; None for region-wide lists."""


@dataclass(frozen=True)
class Normalizer:
    """One service's part: several modules may share a service."""

    service: str
    """The shard's service name."""
    normalize: Callable[[Reading], None]
    lists: tuple[ListCall, ...] = ()
    """Every list that the service is asked for: each becomes a Listing, read to its end or not, empty or not."""
