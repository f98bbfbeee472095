"""A route as both sides saw it, and one change of its path in words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import JsonValue

from auditor.diff.canonical import differ_by_digest
from auditor.model.diff import Direction
from auditor.model.fact import Fact, Present
from auditor.model.flow import Flow
from auditor.model.gateway import DeployedRoute

_STAGE_VARIABLE = "${stageVariables."


@dataclass(frozen=True, slots=True)
class Seen:
    """A route as one side saw it."""

    flow: Flow
    route: DeployedRoute
    policy: Fact[str]
    """The resource policy in effect; NotApplicable on HTTP and WebSocket APIs."""
    is_policy_told: bool
    """Whether what is deployed told the policy itself; else the working copy's stands in."""
    answers_read: bool
    """Whether the gateway's own answers were read."""
    as_of: datetime
    created: date | None
    """UTC day of the deployment that serves it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One route on both sides."""

    old: Seen
    new: Seen
    is_one_key: bool
    """Whether secrets were replaced under one key, so that their digests compare."""
    is_one_schema: bool
    """Whether both sides kept the same of what AWS answered."""

    @property
    def was_redeployed(self) -> bool | None:
        """Return whether another deployment serves it now; None where not known."""
        one, other = self.old.route.deployment_id, self.new.route.deployment_id
        if isinstance(one, Present) and isinstance(other, Present):
            return one.value != other.value
        return None

    @property
    def are_variables_torn(self) -> bool:
        """Return whether a stage variable may stand as a digest on one side alone, so that where the call goes does not compare."""
        one, other = self.old.route.integration, self.new.route.integration
        return not self.is_one_schema and one == other and isinstance(one, Present) and _STAGE_VARIABLE in repr(one)

    def is_same(self, one: JsonValue, other: JsonValue) -> bool:
        """Return whether two values are one; digests of secrets under different keys tell no difference."""
        return one == other or (not self.is_one_key and differ_by_digest(one, other))


@dataclass(frozen=True, slots=True)
class Change:
    """One change, before it is known whose and when."""

    member: str
    words: str
    """What the route does now, to be read behind its name: `no longer asks for a token`."""
    direction: Direction
    old: JsonValue
    new: JsonValue
    is_deployed: bool = True
    """Whether such a change takes effect with a deployment; else with the edit itself."""


Comparator = Callable[[Pair], Iterator[Change]]


def step_fact(flow: Flow, n: int, name: str) -> str | None:
    """Return the value of a fact of step `n`, None where there is none."""
    return next((each.value for each in flow.steps[n - 1].facts if each.name == name), None)
