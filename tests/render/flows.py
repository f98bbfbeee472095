"""Flows by hand, as the pictures and tables show them: every state of a step, every origin of a fact."""

from collections.abc import Mapping
from typing import Any

from auditor.model.control import Severity
from auditor.model.fact import Present
from auditor.model.flow import Backend, Canary, Door, Drift, DriftField, Flow, ToldToBackend, Trace, Who, WhoKind
from auditor.model.gateway import Protocol, View
from auditor.model.identity import AuthenticatedBy, Carried, ClientHeaders, IdentityState, Lane, Origin
from auditor.model.ruling import Ruling
from auditor.model.status import Status
from auditor.model.step import Domain, Effect, Step, StepFact, StepState
from auditor.model.transform import Source, Space, Transform, TransformKind, Where

ACCOUNT = "111122223333"
RULES = tuple(f"P{n}" for n in range(1, 19))
NAMES = (
    ("entry", Domain.ROUTING, "Enters by the execute-api address and by api.example.com."),
    ("domain", Domain.ROUTING, "api.example.com leads here and asks for a client certificate."),
    ("WAF", Domain.ROUTING, "Web ACL shield filters the call."),
    ("resource policy, refusals", Domain.IDENTITY, "No resource policy is set."),
    ("authorizer", Domain.IDENTITY, "Checks a token of pool customers; the scope orders/read is asked for."),
    ("resource policy, result", Domain.IDENTITY, "No resource policy is set."),
    ("API key", Domain.IDENTITY, "Needs no API key."),
    ("throttle", Domain.ROUTING, "At most 100 calls a second, by the stage's default."),
    ("validation", Domain.TRANSFORMATION, "Neither body nor parameters are validated."),
    ("cache", Domain.ROUTING, "No answer is cached."),
    ("request transformation", Domain.TRANSFORMATION, "Sends body fields to the back end; no caller identity."),
    ("integration", Domain.ROUTING, "Sends the call to https://legacy.example.com/v1/orders."),
    ("response transformation", Domain.TRANSFORMATION, "Returns the answer of the back end unchanged."),
    ("evidence", Domain.EVIDENCE, "The access log names no caller."),
)
STATES = {3: StepState.SET, 4: StepState.ABSENT, 6: StepState.ABSENT, 7: StepState.ABSENT, 8: StepState.DEFAULT,
          9: StepState.ABSENT, 10: StepState.ABSENT}  # fmt: skip
EFFECTS = {2: Effect.CHECK, 3: Effect.CHECK, 5: Effect.CHECK, 11: Effect.DROP}


def state(*facts: tuple[Lane, str, Origin], by: AuthenticatedBy = AuthenticatedBy.COGNITO) -> IdentityState:
    return IdentityState(by, False, tuple(Carried(*each) for each in facts), ClientHeaders.PASS_ALL)


CLAIMS = state(
    (Lane.ACTOR, "authorizer.claims.sub", Origin.VERIFIED),
    (Lane.TENANT, "authorizer.claims.scope", Origin.VERIFIED),
    (Lane.TOKEN, "header authorization", Origin.VERIFIED),
)
AT_FIRST = state((Lane.TOKEN, "header authorization", Origin.CLIENT), by=AuthenticatedBy.NONE)
LOST = state(*((each, "", Origin.LOST) for each in Lane))
CARRIED = state(
    (Lane.ACTOR, "header x-user-id", Origin.VERIFIED),
    (Lane.TENANT, "header x-tenant", Origin.MIXED),
    (Lane.TOKEN, "header authorization", Origin.CLIENT),
)


def steps(after: Mapping[int, IdentityState | None] | None = None, **changes: Mapping[int, Any]) -> tuple[Step, ...]:
    """Return the 14 steps; `after`: what is known behind a step; `sentences`, `states`, `effects`: by number."""
    known: IdentityState | None = AT_FIRST
    points = {5: CLAIMS, 11: LOST} if after is None else after
    found = []
    for n, (name, domain, sentence) in enumerate(NAMES, start=1):
        before, known = known, points.get(n, known)
        found.append(
            Step(
                n=n,
                domain=domain,
                name=name,
                state=changes.get("states", {}).get(n, STATES.get(n, StepState.SET)),
                sentence=changes.get("sentences", {}).get(n, sentence),
                effect=changes.get("effects", {}).get(n, EFFECTS.get(n, Effect.PASS)),
                facts=evidence() if n == 14 else (),
                identity_in=before,
                identity_out=known,
            )
        )
    return tuple(found)


def evidence() -> tuple[StepFact, ...]:
    return (
        StepFact("access log", "logs:gateway", StepState.SET, "apigateway:GetStages item.accessLogSettings"),
        StepFact("X-Ray", "off", StepState.SET, "apigateway:GetStages item.tracingEnabled"),
        StepFact("metrics", "on", StepState.SET, "apigateway:GetStages item.methodSettings"),
    )


def rulings(**said: Status) -> tuple[Ruling, ...]:
    return tuple(
        Ruling(
            each,
            said.get(each, Status.PASS),
            f"What {each} says of this route, in a sentence that a person can act on.",
            severity=Severity.HIGH if said.get(each) is Status.FAIL else None,
            chain=("authorizer customers-pool", "step 11 request transformation", "https://legacy.example.com"),
        )
        for each in RULES
    )


def transform(**changes: Any) -> Transform:
    given = {
        "kind": TransformKind.TEMPLATE, "where": Where.REQUEST, "target": "body application/json",
        "sources": (Source(Space.CLIENT_BODY, "$.items"),), "origin": Origin.CLIENT,
        "sentence": "Sends body fields to the back end; no caller identity.", "layer": "body template application/json",
        "score": 5,
    }  # fmt: skip
    return Transform(**{**given, **changes})


def route(**changes: Any) -> Flow:
    """Return one flow: a Cognito caller whose identity is lost in a body template."""
    given: dict[str, Any] = {
        "route": f"arn:aws:execute-api:eu-west-1:{ACCOUNT}:a1b2c3/prod/GET/orders/{{id}}",
        "resource_type": "AWS::ApiGateway::Method",
        "api": "a1b2c3",
        "api_arn": "arn:aws:apigateway:eu-west-1::/restapis/a1b2c3",
        "api_name": "orders",
        "account": ACCOUNT,
        "region": "eu-west-1",
        "stage": "prod",
        "route_key": "GET /orders/{id}",
        "kind": Protocol.REST,
        "view": View.DEPLOYED,
        "who": Who(kind=WhoKind.COGNITO, label="Cognito customers", scopes=("orders/read",)),
        "doors": (
            Door(url="https://a1b2c3.execute-api.eu-west-1.amazonaws.com/prod", kind="execute-api", mutual_tls=False),
            Door(url="https://api.example.com/orders", kind="domain", mutual_tls=True),
        ),
        "doors_complete": True,
        "api_key_required": Present(value=False),
        "private": False,
        "told_to_backend": ToldToBackend.NOTHING,
        "transforms": (transform(),),
        "backend": Backend(kind="HTTP", label="https://legacy.example.com", target="https://legacy.example.com/v1/orders"),
        "trace": Trace.ANONYMOUS,
        "drift": Drift.NONE,
        "drift_fields": (),
        "steps": steps(),
        "identity": LOST,
        "canary": None,
        "rulings": rulings(P1=Status.FAIL, P16=Status.FAIL, P17=Status.NEEDS_ATTESTATION, P12=Status.NOT_EVALUATED),
    }  # fmt: skip
    return Flow(**{**given, **changes})


def told(**changes: Any) -> Flow:
    """Return a flow whose back end is told who called, beside a header that the client can write as well."""
    sentences = {11: "Sets header x-user-id from the verified caller (claims.sub)."}
    given: dict[str, Any] = {
        "route_key": "POST /orders",
        "route": f"arn:aws:execute-api:eu-west-1:{ACCOUNT}:a1b2c3/prod/POST/orders",
        "steps": steps({5: CLAIMS, 11: CARRIED}, sentences=sentences, effects={11: Effect.CHANGE}),
        "told_to_backend": ToldToBackend.VERIFIED,
        "trace": Trace.IDENTIFIED,
        "identity": CARRIED,
        "rulings": rulings(P4=Status.FAIL, P9=Status.NEEDS_ATTESTATION),
        "drift": Drift.UNDEPLOYED_CHANGE,
        "drift_fields": (
            DriftField(field="authorization type", configured="NONE", deployed="COGNITO_USER_POOLS"),
            DriftField(field="scopes", configured="not set", deployed="orders/read"),
        ),
    }
    return route(**{**given, **changes})


def unread(**changes: Any) -> Flow:
    """Return a flow of which next to nothing was read."""
    given: dict[str, Any] = {
        "route_key": "DELETE /orders/{id}",
        "route": f"arn:aws:execute-api:eu-west-1:{ACCOUNT}:a1b2c3/prod/DELETE/orders/{{id}}",
        "who": Who(kind=WhoKind.UNKNOWN, label="not known"),
        "steps": steps(
            {2: None},
            states={1: StepState.SET, 2: StepState.NOT_READ, 3: StepState.NOT_APPLICABLE,
                    **dict.fromkeys(range(4, 15), StepState.NOT_READ)},
            sentences=dict.fromkeys(range(4, 15), "This was not read: apigateway:GetResources was denied."),
        ),
        "told_to_backend": ToldToBackend.UNKNOWN,
        "transforms": None,
        "trace": None,
        "identity": None,
        "private": None,
        "doors_complete": False,
        "drift": Drift.UNKNOWN,
        "rulings": rulings(**dict.fromkeys(RULES, Status.NOT_EVALUATED)),
    }  # fmt: skip
    return route(**{**given, **changes})


def canary(**changes: Any) -> Flow:
    """Return the second flow of a route whose stage has a canary."""
    return told(
        drift=Drift.NONE, drift_fields=(), canary=Canary(deployment="d9e8f7", percent="10", variables=()), **changes
    )
