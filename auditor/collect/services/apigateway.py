"""API Gateway, both API versions in one shard: they share a quota, domain names, and stages' log destinations."""

from auditor.collect.gateway import doors, http, rest
from auditor.collect.interface import Caller, Collector, Reach


def _collect(call: Caller) -> None:
    rest.collect(call)
    http.collect(call)
    doors.collect(call)


COLLECTOR = Collector(
    service="apigateway",
    reach=Reach.REGIONAL,
    operations=(*rest.OPERATIONS, *http.OPERATIONS, *doors.OPERATIONS),
    collect=_collect,
)
