"""Changes of flows that are one change of several routes: an edit of a stage or an API is told once."""

from collections.abc import Iterable
from dataclasses import dataclass

from auditor.model.diff import FlowChange


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
