"""`auditor who-can`: from a stored snapshot to who may call what; offline."""

from collections.abc import Iterator

from auditor.access.actions import who_can_do
from auditor.access.gateway.gate import Gate
from auditor.access.principals import Principals, context_at
from auditor.access.who_can import WhoCan
from auditor.config import Config
from auditor.dataflow.explain.call import Options, parse
from auditor.dataflow.explain.explain import explain
from auditor.dataflow.gates import gates
from auditor.errors import UsageError
from auditor.model.access import Access, RouteAccess
from auditor.pipeline.judging import load_bare_estate, load_catalog, open_store, resolve

EVERY_ROUTE = "*"
_SEE = "See: auditor flows --output json"


class Asking:
    """One snapshot, to be asked who may call what."""

    def __init__(self, config: Config, snapshot: str) -> None:
        """Load a snapshot; raise UsageError where the store has none of this name."""
        store = open_store(config)
        self.estate = load_bare_estate(store, resolve(store, snapshot), load_catalog(config))
        self._who = WhoCan(gates(self.estate), self.estate.once(Principals), context_at(self.estate))

    def route(self, asked: str, *, with_denied: bool) -> Iterator[RouteAccess]:
        """Yield who may call a route: an execute-api ARN, `METHOD URL`, or `*` for every route. Raises UsageError for no route."""
        return self._who.routes(self._chosen(asked), with_denied=with_denied)

    def principal(self, arn: str) -> Iterator[tuple[str, Access]]:
        """Yield each AWS_IAM route that an identity may call."""
        try:
            found = list(self._who.of_principal(arn))
        except ValueError as error:
            raise UsageError(str(error), "Give the ARN of a user, a role or a session.") from error
        return ((gate.route, access) for gate, access in found)

    def action(self, action: str, resource: str, *, with_denied: bool) -> RouteAccess:
        """Return who may do anything else with a resource; raise UsageError where that is no action or no ARN."""
        if action.count(":") != 1 or not resource.startswith("arn:"):
            raise UsageError(
                f"{action} on {resource} is no action on an ARN", "For example: --action lambda:InvokeFunction ARN"
            )
        callers = who_can_do(self._who.principals, (action.lower(), resource), self._who.context)
        shown = tuple(each for each in callers if with_denied or each.decision != "denied")
        return RouteAccess(resource, None, None, shown)

    def _chosen(self, asked: str) -> tuple[Gate, ...]:
        if asked == EVERY_ROUTE:
            return self._who.gates
        arn = asked
        if " " in asked:
            method, _, url = asked.partition(" ")
            arn = explain(parse(method, url.strip(), Options()), self.estate).route or ""
        found = tuple(each for each in self._who.gates if each.route in {arn, asked})
        if not found:
            raise UsageError(f"{asked} is no deployed route of this snapshot", _SEE)
        return found
