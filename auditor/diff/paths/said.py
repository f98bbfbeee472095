"""From a change to the sentence that a person reads."""

from datetime import date

from auditor.diff.paths.interface import Change, Pair
from auditor.model.diff import Direction, FlowChange
from auditor.model.flow import Flow
from auditor.model.gateway import View
from auditor.model.words import shortened

LONGEST = 160
"""Characters of a sentence."""
_NAME, _SHORTEST = 64, 24


def said(change: Change, flow: Flow, deployed: date | None = None, head: str | None = None) -> FlowChange:
    """Return a change of a flow in words; `head` stands for the route's name where it is about something else."""
    subject = f"`{shortened(flow.route_key, _NAME)}`" if head is None else head
    tail = f"; deployed {deployed.isoformat()}" if deployed else ""
    words = shortened(change.words, max(_SHORTEST, LONGEST - len(subject) - 1 - len(tail)))
    return FlowChange(
        route=flow.route,
        account=flow.account,
        region=flow.region,
        api_name=flow.api_name,
        stage=flow.stage,
        route_key=flow.route_key,
        member=change.member,
        change=f"{words}{tail}",
        what=f"{subject} {words}{tail}",
        direction=change.direction,
        deployed=deployed,
        old=change.old,
        new=change.new,
    )


def said_of(change: Change, pair: Pair) -> FlowChange:
    """Return a change of a route that both sides saw, with the day of the deployment that brought it."""
    new = pair.new
    if not change.is_deployed:
        return said(change, new.flow)
    if new.flow.view is View.DEPLOYED:
        return said(change, new.flow, new.created if pair.was_redeployed else None)
    # The deployed side cannot be read, so the working copy stands in: without a deployment nothing of it is in effect.
    if pair.was_redeployed is False:
        return said(_marked(change, "in the working copy, not deployed", Direction.NEITHER), new.flow)
    return said(_marked(change, "as configured", change.direction), new.flow)


def _marked(change: Change, words: str, direction: Direction) -> Change:
    return Change(change.member, f"{change.words}, {words}", direction, change.old, change.new)
