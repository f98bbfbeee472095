"""Changes that are one change of several routes or principals: an edit of a stage, an API or its policy is told once."""

from collections.abc import Iterable
from dataclasses import dataclass

from auditor.model.diff import AccessGroup, FlowChange


@dataclass(frozen=True)
class Alike:
    """One change, and the routes of a stage that share it."""

    first: FlowChange
    others: tuple[str, ...]
    """Route keys of the further routes, in order."""

    @property
    def sentence(self) -> str:
        """Return the change in words, with the number of routes that share it."""
        count = len(self.others)
        return f"{self.first.what}; so {_ROUTES[count > 1].format(count)}" if count else self.first.what


_ROUTES = ("does {} more route", "do {} more routes")


def alike(changes: Iterable[FlowChange]) -> tuple[Alike, ...]:
    """Return the changes, worst first; those of one stage that say the same together."""
    found: dict[tuple[str, ...], list[FlowChange]] = {}
    for each in changes:
        # What `what` says before `change` is the route, or the route in a canary.
        head = each.what.removesuffix(each.change).replace(each.route_key, "", 1)
        key = (each.account, each.region, each.api_name, each.stage, each.member, each.direction, each.change, head)
        found.setdefault(key, []).append(each)
    return tuple(Alike(first, tuple(one.route_key for one in others)) for first, *others in found.values())


@dataclass(frozen=True)
class Together:
    """Access that several principals gained or lost alike."""

    first: AccessGroup
    others: tuple[AccessGroup, ...]

    @property
    def pairs(self) -> int:
        """Return how many (principal, route) pairs it is about."""
        return len(self.first.routes) * (1 + len(self.others))

    @property
    def sentence(self) -> str:
        """Return the change in words, with the number of principals that share it."""
        count = len(self.others)
        return f"{self.first.what}; so {_PRINCIPALS[count > 1].format(count)}" if count else self.first.what


_PRINCIPALS = ("does {} more principal", "do {} more principals")


def together(groups: Iterable[AccessGroup]) -> tuple[Together, ...]:
    """Return groups by stage, those about the same routes together; anyone stands alone."""
    found: dict[tuple[object, ...], list[AccessGroup]] = {}
    for each in groups:
        alone = each.principal if each.principal == "*" else ""
        found.setdefault((each.account, each.region, each.routes, each.before, each.after, alone), []).append(each)
    return tuple(Together(first, tuple(others)) for first, *others in found.values())
