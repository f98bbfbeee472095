"""Scripted answers: what AWS would say to a call, given by hand, held against botocore's shapes when it is added.

They stand in where no emulator answers. Members carry boto3's names; times may be `datetime`; a policy may be a mapping.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from auditor.demo.wire import Request, model
from auditor.demo.writing import UnlikeAwsError, write


@dataclass(frozen=True)
class Scripted:
    """The answer to one operation, for the calls whose parameters match."""

    operation: str
    """`service:Operation`."""
    body: bytes
    status: int = 200
    when: Mapping[str, Any] = field(default_factory=dict)
    """Parameters, by boto3's names, that the call must have."""
    region: str | None = None
    account: str | None = None

    def matches(self, request: Request) -> bool:
        """Return whether this answers a call."""
        if request.id != self.operation:
            return False
        if self.region not in {None, request.region} or self.account not in {None, request.account}:
            return False
        asked = request.parameters if self.when else {}
        return all(str(asked.get(name)) == str(value) for name, value in self.when.items())


class Script:
    """Scripted answers; of several that match, the one that asks for most decides."""

    def __init__(self) -> None:
        """Start empty."""
        self._answers: dict[str, list[Scripted]] = {}

    def add(self, operation: str, value: Mapping[str, Any], **where: Any) -> None:
        """Add an answer; raise UnlikeAwsError where it has not the form of the operation's output."""
        service, _, name = operation.partition(":")
        known = model(service).operation_model(name)
        unknown = sorted(set(where.get("when", {})) - set(known.input_shape.members if known.input_shape else ()))
        if unknown:
            raise UnlikeAwsError(f"{operation} takes no {', '.join(unknown)}")
        self._keep(Scripted(operation, write(service, known, value), **where))

    def refuse(self, operation: str, status: int, body: bytes, **where: Any) -> None:
        """Add an error, in the words of the service's protocol."""
        self._keep(Scripted(operation, body, status, **where))

    def answer(self, request: Request) -> tuple[int, bytes] | None:
        """Return status and body for a call; None where nothing is scripted for it."""
        found = [each for each in self._answers.get(request.id, ()) if each.matches(request)]
        if not found:
            return None
        best = max(found, key=lambda each: (len(each.when), each.region is not None, each.account is not None))
        return best.status, best.body

    def operations(self) -> Iterable[str]:
        """Return every operation that something is scripted for, sorted."""
        return sorted(self._answers)

    def _keep(self, scripted: Scripted) -> None:
        self._answers.setdefault(scripted.operation, []).append(scripted)
