"""The gates of an estate's AWS_IAM routes in the order of their bits, by what decides at them."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import TypeAlias

from auditor.access.gateway.gate import Gate
from auditor.access.iam.context import Context
from auditor.access.iam.policies import Policy
from auditor.access.matrix.bits import mask_of
from auditor.model.gateway import Protocol

Contexts: TypeAlias = tuple[tuple[int, Context], ...]
"""What is told of a call, for each class of gates."""
_OF_ENDPOINTS = frozenset({"aws:sourcevpce", "aws:sourcevpc"})


class Gates:
    """All gates, and what is told of every call."""

    def __init__(self, gates: tuple[Gate, ...], context: Context) -> None:
        """Take the gates in the order of their bits."""
        self.all = gates
        self.context = context
        self.full = (1 << len(gates)) - 1

    @cached_property
    def contexts(self) -> Contexts:
        """Return what is told of calls, whoever makes them, for each class of gates whose calls carry the same told keys."""
        found: dict[tuple[bool | None, str, str], int] = defaultdict(int)
        for number, gate in enumerate(self.all):
            found[gate.private, gate.account, gate.region] |= 1 << number
        one = {(each.private, each.account, each.region): each for each in self.all}
        return tuple((mask, _common(one[key], self.context)) for key, mask in found.items())

    @cached_property
    def by_account(self) -> Mapping[str, int]:
        """Return the gates of each account."""
        found: dict[str, int] = defaultdict(int)
        for number, gate in enumerate(self.all):
            found[gate.account] |= 1 << number
        return found

    @cached_property
    def private(self) -> int:
        """Return the gates behind VPC endpoints."""
        return mask_of(number for number, gate in enumerate(self.all) if gate.private)

    @cached_property
    def refusing(self) -> int:
        """Return the private gates without a resource policy: every call of them fails."""
        return mask_of(number for number, gate in enumerate(self.all) if gate.private and not gate.resource_policies)

    @cached_property
    def rest(self) -> int:
        """Return the gates of REST APIs: no other can be called across accounts."""
        return mask_of(number for number, gate in enumerate(self.all) if gate.protocol is Protocol.REST)

    @cached_property
    def policies(self) -> tuple[tuple[Policy, str, int], ...]:
        """Return each resource policy with the API's ARN and the gates that it stands before."""
        found: dict[tuple[str, str], tuple[Policy, int]] = {}
        for number, gate in enumerate(self.all):
            for each in gate.resource_policies:
                key = (gate.family.api, str(gate.policy))
                policy, mask = found.get(key, (each, 0))
                found[key] = (policy, mask | 1 << number)
        return tuple((policy, api, mask) for (api, _), (policy, mask) in found.items())


def _common(gate: Gate, context: Context) -> Context:
    """Return what is told of calls of a gate on whichever way they come: a private one has several."""
    _, _, first = gate.ways(context)[0]
    if len(gate.endpoints) == 0 or not gate.private:
        return first
    told = {key: values for key, values in first.told.items() if key not in _OF_ENDPOINTS}
    return Context(told, first.missing)
