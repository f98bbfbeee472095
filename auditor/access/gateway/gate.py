"""A gate: all that decides who may call one deployed route (access.md sections 4.1 to 4.4).

None of it was tried on a live account.
"""

from dataclasses import dataclass

from auditor.access.family import Family, family
from auditor.access.iam.context import Context
from auditor.access.iam.decide import Object
from auditor.access.iam.policies import Layer, Policy, of_fact
from auditor.access.patterns import SEGMENT, STAR, literal
from auditor.model.fact import Fact
from auditor.model.gateway import Protocol

OUTSIDE_VPCS = frozenset(
    {
        "aws:sourcevpce",
        "aws:sourcevpc",
        "aws:sourcevpcarn",
        "aws:vpcsourceip",
        "aws:vpceaccount",
        "aws:vpceorgid",
        "aws:vpceorgpaths",
    }
)
"""Keys that only a call through a VPC endpoint carries."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A VPC endpoint through which calls of a private API come."""

    endpoint_id: str
    vpc: str | None
    """None: not told."""
    policies: tuple[Policy, ...]
    """Empty: it has none of its own, and lets everything through."""


@dataclass(frozen=True, slots=True)
class Gate:
    """One deployed route, from the caller's side."""

    route: str
    """execute-api ARN, a canary's mark behind it."""
    account: str
    region: str
    protocol: Protocol
    family: Family
    """The ARNs that its calls carry; of a WebSocket message those of `$connect`."""
    authorization: Fact[str]
    """NONE, AWS_IAM, CUSTOM, COGNITO_USER_POOLS, JWT; of a WebSocket message that of `$connect`."""
    policy: Fact[str]
    """The resource policy in effect; NotApplicable on HTTP and WebSocket APIs."""
    private: bool | None
    api_key_required: Fact[bool]
    by: str = ""
    """Whose tokens, or which function: user pools, issuers, the function's ARN."""
    scopes: tuple[str, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    """Of a private API; those of the snapshot that may reach it."""

    @property
    def resource_policies(self) -> tuple[Policy, ...]:
        """Return the resource policy as the evaluator takes it; empty where there is none."""
        return of_fact(self.policy, Layer.RESOURCE, f"of API {self.api_id}")

    @property
    def api_id(self) -> str:
        """Return the id of the API."""
        return self.family.api.rpartition(":")[2]

    def ways(self, context: Context) -> tuple[tuple[str, Object, Context], ...]:
        """Return each way in: the VPC endpoint's id or nothing, the policies on it, and the context that it makes."""
        own = self.resource_policies
        here = context.with_told({"aws:resourceaccount": (self.account,), "aws:requestedregion": (self.region,)})
        if self.private is False:
            return (("", Object(own=own), here.with_told({}, OUTSIDE_VPCS)),)
        if not self.private:
            return (("", Object(own=own), here),)
        # Whether such calls carry an aws:SourceIp, AWS documents both ways: it is not told.
        if not self.endpoints:
            return (("", Object(own=own), here),)
        return tuple(
            (each.endpoint_id, Object(own=own, endpoint=each.policies), here.with_told(_keys(each)))
            for each in self.endpoints
        )


def _keys(endpoint: Endpoint) -> dict[str, tuple[str, ...]]:
    known: dict[str, tuple[str, ...]] = {"aws:sourcevpce": (endpoint.endpoint_id,)}
    return known if endpoint.vpc is None else {**known, "aws:sourcevpc": (endpoint.vpc,)}


def route_family(arn: str, protocol: Protocol) -> Family:
    """Return the ARNs that calls of a deployed route carry; `arn` as resources name routes, a canary's mark or none behind it."""
    plain = arn.partition("#")[0]
    head, _, rest = plain.partition("/")
    stage, _, key = rest.partition("/")
    if protocol is Protocol.WEBSOCKET:
        return Family(head, literal(plain))
    if key == "$default":
        # It takes what no other route does: any verb, any path.
        return Family(head, literal(f"{head}/{stage}/") + SEGMENT + literal("/") + STAR)
    return family(plain)
