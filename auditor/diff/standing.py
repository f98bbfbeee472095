"""Who may call which route on one side of a comparison, and whether that side can tell at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from auditor.access.gateway.gate import Gate
from auditor.access.naming import ANYONE
from auditor.access.who_can import open_to_anyone
from auditor.diff.paths.sight import CANARY
from auditor.diff.side import Side, would_see
from auditor.model.access import Access
from auditor.model.fact import Present, Unread
from auditor.model.gateway import Api, DeployedRoute, RestApi, Stage
from auditor.model.iam import Role, User

Place: TypeAlias = tuple[str, str, str, str]
"""Account, region, API's ARN, stage."""
UNKNOWN, DENIED, ALLOWED, CONDITIONAL = "unknown", "denied", "allowed", "conditional"
_BY_NOBODY, _BY_IAM = "NONE", "AWS_IAM"
_WHAT_ROUTES_REST_ON = frozenset(each.__name__ for each in (RestApi, Api, Stage, DeployedRoute))


@dataclass(frozen=True)
class Standing:
    """One side, and the other one: what stands there and not here may be gone, or out of sight. Canaries are left out."""

    side: Side
    other: Side

    @cached_property
    def gates(self) -> Mapping[str, Gate]:
        """Return the gates by route."""
        return {each.route: each for each in self.side.who.gates if CANARY not in each.route}

    @property
    def tells(self) -> bool:
        """Return whether this side knows of a single route who may call it, or that there is none."""
        if self.gates:
            return any(isinstance(each.authorization, Present) for each in self.gates.values())
        lists = [whole for (_, _, kind, _), whole in self.side.lists.items() if kind in _WHAT_ROUTES_REST_ON]
        return bool(lists) and all(lists)

    @property
    def principals(self) -> frozenset[str]:
        """Return all who may be let through somewhere."""
        return frozenset(self.side.who.let_in) | {ANYONE}

    def let_in(self, principal: str) -> frozenset[str]:
        """Return the routes that a principal may be let through to, for all that is known."""
        found = frozenset(each for each in self.side.who.let_in.get(principal, ()) if CANARY not in each)
        return found | frozenset(self.anyone) if principal == ANYONE else found

    @cached_property
    def anyone(self) -> Mapping[str, str]:
        """Return the decision on a call without credentials at each route that asks for none."""
        return {route: self._of_anyone(gate) for route, gate in self.gates.items() if _asks(gate) == _BY_NOBODY}

    def decision(self, principal: str, route: str) -> str:
        """Return whether a principal may call a route: allowed, conditional, partly, denied, unknown."""
        gate = self.gates.get(route)
        if gate is None:
            return DENIED if self._is_gone(route) else UNKNOWN
        asks = _asks(gate)
        if asks is None:
            return UNKNOWN
        if asks != _BY_IAM:
            # Credentials of IAM are no token: such a caller is let through as everybody is.
            return self.anyone.get(route, DENIED)
        word = self.side.who.let_in.get(principal, {}).get(route)
        return self._not_let_in(principal, gate) if word is None else word

    def why(self, principal: str, route: str) -> Access | None:
        """Return the reasons of a decision; None where no statement makes it."""
        gate = self.gates.get(route)
        if gate is None or _asks(gate) not in {_BY_NOBODY, _BY_IAM}:
            return None
        if _asks(gate) == _BY_NOBODY:
            return next(self.side.who.without_identity(gate), None)
        wanted = (each for each in self.side.who.outsiders(gate) if each.who.arn == principal)
        known = next(wanted, None) if principal == ANYONE else self.side.who.principals.of(principal)
        return None if known is None else self.side.who.pair(known, gate)

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """Return where each route stands."""
        found = ((route, self.route_of(route)) for route in self.gates)
        return {route: (it.account, it.region, it.api_arn, it.stage) for route, it in found if it is not None}

    def route_of(self, route: str) -> DeployedRoute | None:
        """Return the resource behind a route."""
        gate = self.gates.get(route)
        return None if gate is None else self.side.estate.one(DeployedRoute, gate.account, route)

    def _of_anyone(self, gate: Gate) -> str:
        match open_to_anyone(gate, self.side.estate.as_of):
            case True:
                return ALLOWED
            case None:
                return UNKNOWN
            case False:
                found = next(self.side.who.without_identity(gate)).decision
                # Let through, and yet not anyone: from some network alone.
                return CONDITIONAL if found == ALLOWED else found

    def _not_let_in(self, principal: str, gate: Gate) -> str:
        """Return why a principal stands in no answer of a route: it is denied, it did not exist, or nobody knows."""
        if principal in self._identities:
            return DENIED
        if principal == ANYONE:
            return UNKNOWN if isinstance(gate.policy, Unread) else DENIED
        identity = self._identities_there.get(principal)
        if identity is not None:
            return DENIED if would_see(self.side, identity, self.other) else UNKNOWN
        return self.side.who.pair(self.side.who.principals.of(principal), gate).decision

    def _is_gone(self, route: str) -> bool:
        there = self._routes_there.get(route)
        return there is not None and would_see(self.side, there, self.other)

    @cached_property
    def _routes_there(self) -> Mapping[str, DeployedRoute]:
        return {each.arn: each for each in self.other.estate.of(DeployedRoute)}

    @cached_property
    def _identities(self) -> Mapping[str, User | Role]:
        return _identities(self.side)

    @cached_property
    def _identities_there(self) -> Mapping[str, User | Role]:
        return _identities(self.other)


def _identities(side: Side) -> dict[str, User | Role]:
    users: dict[str, User | Role] = {each.arn: each for each in side.estate.of(User)}
    return users | {each.arn: each for each in side.estate.of(Role)}


def _asks(gate: Gate) -> str | None:
    """Return what a route asks of a caller; None where that was not read."""
    return gate.authorization.value if isinstance(gate.authorization, Present) else None
