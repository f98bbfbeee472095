"""One shard: pages and gaps in, resources, observations and listings out. Pure, and blind to the order of arrival."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from auditor.model.resource import Listing, Observation, Resource
from auditor.model.snapshot import Gap, Page, ShardKey
from auditor.normalize import doors, http_api, iam, kms, logs, rest_api, scope, secrets
from auditor.normalize.lists import list_calls
from auditor.normalize.reading import Reading, reading


@dataclass(frozen=True)
class Normalized:
    """What a shard holds, each sorted."""

    resources: tuple[Resource, ...]
    observations: tuple[Observation, ...]
    listings: tuple[Listing, ...]
    gaps: tuple[Gap, ...]
    """Members of whole answers that could not be understood, beyond the gaps given."""


def _gateway(read: Reading) -> None:
    rest_api.normalize(read)
    http_api.normalize(read)
    doors.normalize(read)


_SERVICES: Mapping[str, Callable[[Reading], None]] = {
    "apigateway": _gateway,
    "firehose": logs.normalize_streams,
    "iam": iam.normalize,
    "kms": kms.normalize,
    "logs": logs.normalize_groups,
    "scope": scope.normalize,
    "secretsmanager": secrets.normalize,
}


def normalize(key: ShardKey, partition: str, pages: Sequence[tuple[Page, bytes]], gaps: Sequence[Gap]) -> Normalized:
    """Return what one (account, region, service) holds. Raises ValueError for a page that is no whole answer."""
    read = reading(key, partition, pages, gaps)
    list_calls(read)
    work = _SERVICES.get(key.service)
    if work is not None:
        work(read)
    return Normalized(
        resources=tuple(sorted(read.resources, key=lambda each: (each.arn, type(each).__name__))),
        observations=tuple(sorted(read.observations, key=lambda each: (each.arn, each.kind))),
        listings=tuple(sorted(read.listings, key=lambda each: (each.kind, each.operation, each.parent or ""))),
        gaps=tuple(sorted(set(read.malformed), key=lambda each: (each.operation, each.resource or "", each.detail))),
    )
