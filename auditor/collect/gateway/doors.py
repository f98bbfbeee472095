"""What stands before the APIs: domain names, keys and plans, VPC links, portals."""

from auditor.collect.gateway import domains, keys_and_plans, links, portals
from auditor.collect.interface import Caller

_PARTS = (domains, keys_and_plans, links, portals)

OPERATIONS = tuple(operation for part in _PARTS for operation in part.OPERATIONS)


def collect(call: Caller) -> None:
    """Read every door of the region."""
    for part in _PARTS:
        part.collect(call)
