"""API Gateway, both API versions in one shard: they share a quota, domain names, and stages' log destinations."""

from functools import partial

from auditor.collect.gateway import doors, http, rest
from auditor.collect.interface import Caller, Collector, Reach


def _collect(call: Caller) -> None:
    # Side by side, so that no call of the shared quota is left unused while one walk waits for its last answers.
    call.beside(partial(rest.collect, call), partial(http.collect, call), partial(doors.collect, call))


COLLECTOR = Collector(
    service="apigateway",
    reach=Reach.REGIONAL,
    operations=(*rest.OPERATIONS, *http.OPERATIONS, *doors.OPERATIONS),
    collect=_collect,
)
