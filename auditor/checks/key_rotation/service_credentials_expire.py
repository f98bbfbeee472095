"""service-credentials-expire: a key of one service (of Bedrock, CodeCommit, …) lives no longer than the limit, or there is none.

Claim: from its creation to its expiry within the limit. Population: the service-specific credentials of every IAM user.
Deviation: an active one that never expires, or later than the limit; exactly the limit passes. One that is switched off or has
expired opens nothing, and is listed. Cannot see: who holds it, and what its user may do.
"""

from datetime import datetime
from typing import Any

from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    ResourceItem,
    failed,
    items,
    not_applicable,
    passed,
    undecided,
)
from auditor.model.credentials import ServiceSpecificCredential
from auditor.model.estate import Estate
from auditor.model.fact import Present, need
from auditor.model.words import counted

_ACTIVE = "Active"
_SHUT = frozenset({"Inactive", "Expired"})


class _Params(Params):
    max_life_days: int


def _test(item: ResourceItem[ServiceSpecificCredential], estate: Estate, params: _Params) -> Outcome:
    credential = item.of
    status, expiration = need(credential.status), need(credential.expiration)
    seen: dict[str, Any] = {"user": credential.user_name, "service": _service(credential), "status": status}
    if status in _SHUT:
        return not_applicable(f"the credential is {status.lower()}", **seen)
    if status != _ACTIVE:
        return undecided("whether the credential can be used is not known: its status is not understood", **seen)
    if expiration is None:
        return failed(f"opens {seen['service']} for {credential.user_name} and never expires", expires=None, **seen)
    if expiration <= estate.as_of:
        return not_applicable(f"the credential expired on {expiration.date()}", expires=expiration.isoformat(), **seen)
    return _life(need(credential.created), expiration, params.max_life_days, seen)


def _service(credential: ServiceSpecificCredential) -> str:
    """Return what a credential opens; it decides nothing, so a gap here hides nothing else."""
    return credential.service.value if isinstance(credential.service, Present) else "some service"


def _life(created: datetime | None, expiration: datetime, limit: int, seen: dict[str, Any]) -> Outcome:
    if created is None:
        return undecided("the credential has no creation date", expires=expiration.isoformat(), **seen)
    days = (expiration - created).days
    seen |= {"created": created.isoformat(), "expires": expiration.isoformat(), "life_days": days, "limit_days": limit}
    if days > limit:
        return failed(f"lives for {counted(days, 'day')}, more than {limit}", **seen)
    return passed(f"lives for {counted(days, 'day')}; the limit is {limit}", **seen)


CHECK = Check(
    name="service-credentials-expire",
    reads=("ServiceSpecificCredential",),
    params=_Params,
    population=lambda estate: items(estate.of(ServiceSpecificCredential)),
    test=_test,
)
