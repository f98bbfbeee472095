"""The roles with which deployed routes call their back ends, each with what it is used for, and where one may hide."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.checks.functions_behind import unread_variables
from auditor.checks.iam.integration_needs import Need, need_of
from auditor.checks.interface import Item
from auditor.dataflow.variables import resolved, used, variables_of
from auditor.model.estate import Estate
from auditor.model.fact import Present, Unread
from auditor.model.gateway import DeployedRoute, Stage
from auditor.model.iam import Role
from auditor.model.route_parts import Integration
from auditor.model.snapshot import GLOBAL_REGION, Gap

_CALLER = re.compile(r"arn:[^:]+:iam::\*:user/\*")
"""What stands for the caller's own credentials."""
_CANARY = "#canary/"
_ACCOUNT, _ARN_PARTS = 4, 6


@dataclass(frozen=True)
class Use:
    """One route's use of a role."""

    route: DeployedRoute
    need: Need


@dataclass(frozen=True)
class RoleItem(Item):
    """A role with what it is used for."""

    uses: tuple[Use, ...]
    hidden: Gap | None
    """What hides another use of it."""


@dataclass(frozen=True)
class CallerItem(Item):
    """A route that calls its back end with the caller's own credentials."""

    route: DeployedRoute


@dataclass(frozen=True)
class HidingItem(Item):
    """A place where a role may hide."""

    gap: Gap | None
    unknown: str
    """Why nobody can tell which role it is, although all was read."""


def account_of(arn: str) -> str:
    """Return the account in an ARN; empty where there is none."""
    parts = arn.split(":", _ARN_PARTS - 1)
    return parts[_ACCOUNT] if len(parts) == _ARN_PARTS else ""


def credentials_used(estate: Estate) -> Iterator[RoleItem | CallerItem | HidingItem]:
    """Yield the roles, the routes that pass the caller's credentials on, and the places where a role may hide."""
    uses: dict[tuple[str, str], list[Use]] = defaultdict(list)
    places: dict[str, HidingItem] = {}
    for route in estate.of(DeployedRoute):
        match route.integration:
            case Unread(gap=gap):
                found = _hiding(f"{route.stage_arn}#back-ends", route, gap, "")
                places.setdefault(found.resource, found)
            case Present(value=written) if written.credentials:
                told = _told(route, written, estate)
                if isinstance(told, str):
                    uses[account_of(told), told].append(Use(route, need_of(_with_values(route, written, estate))))
                else:
                    yield told
            case _:
                continue
    hidden = next((each.gap for each in places.values()), None)
    for (account, arn), found_uses in sorted(uses.items()):
        yield RoleItem(arn, Role.cloudformation, account, GLOBAL_REGION, tuple(found_uses), hidden)
    yield from (places[each] for each in sorted(places))


def _told(route: DeployedRoute, written: Integration, estate: Estate) -> str | CallerItem | HidingItem:
    arn = _with_values(route, written, estate).credentials or ""
    if _CALLER.fullmatch(arn):
        return CallerItem(route.arn, route.resource_type, route.account, route.region, route)
    if not used(arn):
        return arn
    gap = unread_variables(route, estate)
    why = f"stage variable {used(arn)[0]} chooses the role, and its value was not kept"
    return _hiding(route.arn, route, gap, "" if gap is not None else why)


def _with_values(route: DeployedRoute, written: Integration, estate: Estate) -> Integration:
    stage = estate.one(Stage, route.account, route.stage_arn)
    return resolved(written, variables_of(stage, canary=_CANARY in route.arn))


def _hiding(resource: str, route: DeployedRoute, gap: Gap | None, unknown: str) -> HidingItem:
    return HidingItem(resource, Role.cloudformation, route.account, route.region, gap, unknown)
