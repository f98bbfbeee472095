"""What management declared of the back ends that routes go to."""

from auditor.dataflow.functions import function_arn
from auditor.model.register import Backend
from auditor.model.route_parts import Integration

_FUNCTION_PARTS = 7
"""Colons of a function's ARN before its version or alias."""


def declared(integration: Integration, entries: tuple[Backend, ...]) -> Backend | None:
    """Return the entry of the register that names a back end: by ARN, or the longest beginning of its URL."""
    target = _target(integration)
    found = [each for each in entries if _names(each.target, target)]
    return max(found, key=lambda each: len(each.target), default=None)


def _target(integration: Integration) -> str:
    """Return a back end as the register names it: functions without version or alias."""
    uri = integration.target or integration.uri or ""
    arn = function_arn(uri)
    return ":".join(arn.split(":")[:_FUNCTION_PARTS]) if arn is not None else uri


def _names(entry: str, target: str) -> bool:
    if entry == target:
        return True
    return "://" in entry and target.startswith(entry.rstrip("/") + "/")
