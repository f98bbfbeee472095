"""One call at one route: all that the steps are asked about."""

from dataclasses import dataclass
from functools import cached_property

from auditor.access.iam.context import at
from auditor.access.one_call import Circumstances
from auditor.dataflow.explain.call import Call
from auditor.dataflow.passage import Passage
from auditor.dataflow.surroundings import Surroundings
from auditor.model.doors import VpcEndpoint
from auditor.model.fact import Present
from auditor.model.gateway import Protocol
from auditor.model.identity import AuthenticatedBy

_NETWORK = frozenset({"aws:sourcevpce", "aws:sourcevpc", "aws:vpcsourceip", "aws:vpceaccount", "aws:vpceorgid"})
_IDENTITY = frozenset(
    {
        "aws:principalarn",
        "aws:principalaccount",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principaltype",
        "aws:userid",
        "aws:username",
        "aws:multifactorauthpresent",
        "aws:multifactorauthage",
        "aws:tokenissuetime",
    }
)
"""Keys that only a signed call carries (access.md section 4.1)."""


@dataclass(frozen=True)
class Meeting:
    """A call, and the passage of the route that takes it."""

    call: Call
    passage: Passage
    around: Surroundings
    path: str
    """As the API sees it."""

    @property
    def is_http(self) -> bool:
        """Return whether it is a route of an HTTP API."""
        return self.passage.route.protocol is Protocol.HTTP

    @property
    def stage(self) -> str:
        """Return the stage's ARN."""
        return self.passage.route.stage_arn

    @property
    def route(self) -> str:
        """Return the route's ARN, without a canary's mark."""
        return self.passage.route.arn.partition("#")[0]

    @property
    def request_arn(self) -> str:
        """Return the ARN that the call itself carries: its own verb and path (access.md section 4.4)."""
        head, route = self.route.partition("/")[0], self.passage.route
        if route.protocol is Protocol.WEBSOCKET:
            return f"{head}/{route.stage}/{route.route_key}"
        return f"{head}/{route.stage}/{self.call.method}{self.path}"

    @cached_property
    def circumstances(self) -> Circumstances:
        """Return the call as a policy sees it."""
        by_iam = self.passage.authenticated_by is AuthenticatedBy.IAM
        signer = self.call.signer
        return Circumstances(
            arn=self.request_arn,
            principal=signer if by_iam else None,
            is_signed=(True if signer else False if self.call.is_anonymous else None) if by_iam else False,
            values=self._values(),
            missing=self._missing(is_signed=by_iam),
        )

    @cached_property
    def endpoint(self) -> VpcEndpoint | None:
        """Return the VPC endpoint that the call comes through, where it was read."""
        route, wanted = self.passage.route, self.call.endpoint
        every = self.around.estate.of(VpcEndpoint)
        return next((each for each in every if each.endpoint_id == wanted and each.region == route.region), None)

    def _values(self) -> dict[str, str]:
        moment = at(self.around.estate.as_of)
        found = {"aws:securetransport": "true", **{key: values[0] for key, values in moment.items()}}
        if self.call.address is not None:
            found["aws:vpcsourceip" if self.passage.private else "aws:sourceip"] = str(self.call.address)
        if self.call.endpoint is not None and self.passage.private:
            found["aws:sourcevpce"] = self.call.endpoint
            if self.endpoint is not None and isinstance(self.endpoint.vpc, Present):
                found["aws:sourcevpc"] = self.endpoint.vpc.value
        return found

    def _missing(self, *, is_signed: bool) -> frozenset[str]:
        identity = frozenset() if is_signed else _IDENTITY
        return identity | (_NETWORK if self.passage.private is False else frozenset())
