"""What IAM decides of one request (IAM user guide, "Policy evaluation logic", and the page on cross-account access).

A Deny anywhere denies. Then every resource control policy level, every service control policy level and the VPC endpoint's policy
must allow; and the grant itself comes from identity policies within boundary and session, or from the resource's policy. None
of it was tried on a live account.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from auditor.access.iam.caller import Kind, Named
from auditor.access.iam.policies import Layer, Policy, Speaker, allowed_by, denied_by, resource_speakers, speakers
from auditor.access.iam.request import Request
from auditor.access.iam.truth import Truth, all_of, any_of, negated
from auditor.access.policy import Effect

NEEDS_RESOURCE_POLICY = frozenset({"sts", "kms"})
"""Services whose resources' own policy must allow (trust policies, key policies): identity policies alone never do."""
HAS_RESOURCE_CONTROL = frozenset(
    {"s3", "sts", "kms", "sqs", "secretsmanager", "ecr", "aoss", "cognito-identity", "cognito-idp", "logs", "dynamodb"}
)
"""Services that resource control policies speak of (Organizations user guide as of 2026-03; API Gateway is not one)."""


Step: TypeAlias = tuple[Layer, Truth, tuple[Speaker, ...]]
"""A layer, whether it lets the request through, and the statements that say so."""
_WITHOUT_POLICIES = frozenset({Kind.ANONYMOUS, Kind.SERVICE})


class Verdict(StrEnum):
    """The decision."""

    ALLOWED = "allowed"
    DENIED = "denied"
    CONDITIONAL = "conditional"
    """It depends on condition keys that are not told."""
    UNKNOWN = "unknown"
    """Something was not read or is not understood."""


VERDICTS: Mapping[Truth, Verdict] = {
    Truth.YES: Verdict.ALLOWED,
    Truth.NO: Verdict.DENIED,
    Truth.IF: Verdict.CONDITIONAL,
    Truth.UNKNOWN: Verdict.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Subject:
    """The policies that bound and grant what a caller may do, wherever the resource is."""

    identity: tuple[Policy, ...] = ()
    boundary: tuple[Policy, ...] = ()
    """Empty: none is set."""
    session: tuple[Policy, ...] = ()
    control: tuple[tuple[Policy, ...], ...] = ()
    """Service control policies of the caller's account, a level each from the root down; empty where none bind it."""


@dataclass(frozen=True, slots=True)
class Object:
    """The policies of what is asked for."""

    own: tuple[Policy, ...] = ()
    """The resource's policy; empty: it has none."""
    control: tuple[tuple[Policy, ...], ...] = ()
    """Resource control policies of its account, a level each; of services that have none they are not asked."""
    endpoint: tuple[Policy, ...] = ()
    """Of the VPC endpoint that the request comes through; empty: through none that limits."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision, the layer that made it, and the statements that spoke."""

    verdict: Verdict
    layer: Layer
    speakers: tuple[Speaker, ...]
    """Those that made it, or left it open; empty for an implicit deny."""
    open: tuple[Speaker, ...] = ()
    """Of a conditional decision: every statement whose conditions it depends on."""

    @property
    def statement(self) -> str:
        """Return the Sid, else the number, of the first statement; empty where none decided."""
        first = next((each.statement for each in self.speakers if each.statement is not None), None)
        return "" if first is None else first.sid or str(first.number)


@dataclass(frozen=True, slots=True)
class Asked:
    """What every layer says of one request."""

    request: Request
    control: tuple[tuple[Speaker, ...], ...]
    resource_control: tuple[tuple[Speaker, ...], ...]
    endpoint: tuple[Speaker, ...] | None
    own: tuple[Speaker, ...]
    identity: tuple[Speaker, ...]
    boundary: tuple[Speaker, ...] | None
    session: tuple[Speaker, ...] | None

    @property
    def own_layer(self) -> Layer:
        """How the resource's own policy is called."""
        return Layer.TRUST if self.request.action.startswith("sts:") else Layer.RESOURCE

    def denies(self) -> Iterator[Step]:
        """Yield each layer's Deny, in the order in which answers name them."""
        layers = (
            (Layer.SERVICE_CONTROL, tuple(each for level in self.control for each in level)),
            (Layer.RESOURCE_CONTROL, tuple(each for level in self.resource_control for each in level)),
            (Layer.ENDPOINT, self.endpoint or ()),
            (self.own_layer, self.own),
            (Layer.IDENTITY, self.identity),
            (Layer.BOUNDARY, self.boundary or ()),
            (Layer.SESSION, self.session or ()),
        )
        for layer, found in layers:
            truth = denied_by(found)
            if truth is not Truth.NO:
                yield layer, truth, _of(found, Effect.DENY, truth)

    def gates(self) -> Iterator[Step]:
        """Yield each layer that must allow whoever asks."""
        for layer, levels in (
            (Layer.RESOURCE_CONTROL, self.resource_control),
            (Layer.SERVICE_CONTROL, self.control),
            (Layer.ENDPOINT, () if self.endpoint is None else (self.endpoint,)),
        ):
            for level in levels:
                yield layer, allowed_by(level), _of(level, Effect.ALLOW, allowed_by(level))

    def grants(self) -> list[Step]:
        """Return what must all allow for identity policies to grant: themselves, the boundary and the session policy."""
        found: list[Step] = []
        is_root = self.request.caller.kind is Kind.ROOT
        own = Truth.YES if is_root else allowed_by(self.identity)
        found.append((Layer.IDENTITY, own, _of(self.identity, Effect.ALLOW, own)))
        for layer, speaking in ((Layer.BOUNDARY, self.boundary), (Layer.SESSION, self.session)):
            if speaking is not None:
                truth = allowed_by(speaking)
                found.append((layer, truth, _of(speaking, Effect.ALLOW, truth)))
        if self.session is None and self.request.caller.kind is Kind.FEDERATED_USER:
            # GetFederationToken gives what its session policy allows, and without one nothing.
            found.append((Layer.SESSION, Truth.NO, ()))
        return found


def decide(subject: Subject, thing: Object, request: Request) -> Decision:
    """Return the decision on a request."""
    asked = ask(subject, thing, request)
    denies = list(asked.denies())
    for layer, truth, found in denies:
        if truth is Truth.YES:
            return Decision(Verdict.DENIED, layer, found)
    steps = [(layer, negated(truth), found) for layer, truth, found in denies]
    steps += asked.gates()
    steps.append(_grant(asked))
    whole = all_of(truth for _, truth, _ in steps)
    # Granted: the grant is what people ask for. Else the first layer that stands in the way.
    layer, _, found = steps[-1] if whole is Truth.YES else next(each for each in steps if each[1] is whole)
    open_ = _open(asked, steps) if whole is Truth.IF else ()
    return Decision(VERDICTS[whole], layer, () if whole is Truth.NO else found, open_)


def _open(asked: Asked, steps: list[Step]) -> tuple[Speaker, ...]:
    """Return every statement that a conditional decision depends on."""
    who, inner = asked.request.caller, []
    if steps[-1][1] is Truth.IF and who.kind not in _WITHOUT_POLICIES:
        inner = asked.grants()
        if who.account != asked.request.resource_account:
            # Both sides must allow, so both sides' conditions count.
            inner.append((asked.own_layer, allowed_by(asked.own), _of(asked.own, Effect.ALLOW, Truth.IF)))
    found = [each for _, truth, speaking in (*steps, *inner) if truth is Truth.IF for each in speaking]
    return tuple(dict.fromkeys(each for each in found if each.truth is Truth.IF))


def ask(subject: Subject, thing: Object, request: Request) -> Asked:
    """Put a request to every layer."""
    is_bound = request.action.partition(":")[0] in HAS_RESOURCE_CONTROL and not request.caller.is_service_linked
    bound = thing.control if is_bound else ()
    return Asked(
        request=request,
        control=tuple(speakers(level, request) for level in subject.control),
        resource_control=tuple(resource_speakers(level, request) for level in bound),
        endpoint=resource_speakers(thing.endpoint, request) if thing.endpoint else None,
        own=resource_speakers(thing.own, request),
        identity=speakers(subject.identity, request),
        boundary=speakers(subject.boundary, request) if subject.boundary else None,
        session=speakers(subject.session, request) if subject.session else None,
    )


def _grant(asked: Asked) -> Step:
    """Return through which layer the request is granted, whether it is, and by which statements."""
    own, who = asked.own, asked.request.caller
    direct = allowed_by(own, Named.DIRECTLY)
    if who.kind in _WITHOUT_POLICIES:
        return asked.own_layer, direct, _of(own, Effect.ALLOW, direct)
    layers = asked.grants()
    by_identity = all_of(truth for _, truth, _ in layers)
    if who.account != asked.request.resource_account:
        return _across(asked, by_identity, layers)
    within = all_of(truth for _, truth, _ in layers[1:])
    as_role = all_of((allowed_by(own, Named.ROLE), within))
    needs_own = asked.request.action.partition(":")[0] in NEEDS_RESOURCE_POLICY
    through_identity = all_of((allowed_by(own, Named.ACCOUNT), by_identity)) if needs_own else by_identity
    granted = any_of((through_identity, direct, as_role))
    if granted is Truth.NO:
        return _lacking(asked, layers, needs_own=needs_own)
    if granted in {through_identity, by_identity}:
        # Where both sides allow, the caller's own policies are named.
        return _deciding(layers, granted, by_identity)
    return asked.own_layer, granted, _of(own, Effect.ALLOW, granted)


def _lacking(asked: Asked, layers: list[Step], *, needs_own: bool) -> Step:
    """Return the layer that lacked the Allow inside one account."""
    named = {how: allowed_by(asked.own, how) for how in Named}
    if named[Named.ROLE] is not Truth.NO:
        # The resource's policy grants to the role: boundary or session policy stopped it.
        return next(each for each in layers[1:] if each[1] is Truth.NO)
    if needs_own and named[Named.ACCOUNT] is Truth.NO:
        return asked.own_layer, Truth.NO, ()
    return next(each for each in layers if each[1] is Truth.NO)


def _across(asked: Asked, by_identity: Truth, layers: list[Step]) -> Step:
    """Both sides must allow."""
    named = allowed_by(asked.own)
    granted = all_of((named, by_identity))
    is_root = asked.request.caller.kind is Kind.ROOT
    if granted is named and (granted is Truth.NO or granted is not by_identity or is_root):
        return asked.own_layer, granted, _of(asked.own, Effect.ALLOW, named)
    return _deciding(layers, granted, by_identity)


def _deciding(layers: list[Step], granted: Truth, by_identity: Truth) -> Step:
    layer, _, found = next(each for each in layers if each[1] is by_identity)
    return layer, granted, found


def _of(found: tuple[Speaker, ...], effect: Effect, truth: Truth) -> tuple[Speaker, ...]:
    return tuple(each for each in found if each.effect is effect and each.truth is truth)
