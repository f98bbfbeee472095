"""Orders: the web shop asks with tokens of a Cognito user pool, and the access log says whose they are.

What its routes show, by rule of the dataflow map:
P1, P3  `GET …/receipt` goes to billing with whatever the client sends; `GET …/invoice` beside it sets x-user-id from the token.
P1      `GET …/label` goes to a host that a stage variable chooses, and tells it nothing.
P6      `POST …/claims` sets x-user-id from the token, and its template sets it again from what the client says.
P7      `POST …/messages` blanks the cookie, and its template copies every header into the body.
P10     `GET …/invoice` and the customers API reach billing with tokens of two issuers.
P12     `PUT …` asks for a scope that no resource server knows; `POST …/notes` takes any token of the pool.
P17     `POST …/claims` and `…/messages` lose their templates with another content type; `POST …/returns` refuses it.
Refusals: a 500 of the claims service becomes a 403, and so does everything that the gateway refuses (DEFAULT_4XX).
In the third quarter a canary meets a third state: neither what most callers meet, nor the working copy.
"""

from auditor.demo.company import EUROPE
from auditor.demo.company.building import Rest, RestBuilder
from auditor.demo.company.clients import Company
from auditor.demo.company.log_formats import COGNITO
from auditor.demo.company.secrets import STAGE_VARIABLE, TAG_PASSWORD
from auditor.demo.company.sending import Reply, Sends, custom, proxy
from auditor.demo.company.templates import CLAIM, RETURN, SEND_EVERYTHING

_POOL = "customers-pool"
_READ, _WRITE = ("orders/read",), ("orders/write",)
_USER = {"x-user-id": "context.authorizer.claims.sub"}
_ORDER = {"integration.request.path.orderId": "method.request.path.orderId"}
_BILLING = "https://billing.halvorsen.example/v1/orders/{orderId}"
_LABELS = "https://${stageVariables.labelsHost}/v1/labels/{orderId}"
_ANYWHERE = Reply(
    headers={
        "Access-Control-Allow-Origin": "'*'",
        "Access-Control-Allow-Methods": "'GET,POST,PUT,DELETE,OPTIONS'",
        "Access-Control-Allow-Headers": "'Authorization,Content-Type'",
    },
    model="Empty",
)


def build(company: Company) -> RestBuilder:
    """Build what stands at the end of the second quarter."""
    api = RestBuilder(company.production, EUROPE, "orders", tags={"team": "orders", "note": f"password={TAG_PASSWORD}"})
    api.cognito(_POOL, "eu-west-1_Ab3dEfGh1")
    api.validator("body", body=True, parameters=False)
    api.model(
        "Order",
        {
            "type": "object",
            "required": ["parcels"],
            "properties": {"parcels": {"type": "array", "minItems": 1, "items": {"type": "object"}}},
        },
    )
    api.model("Note", {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}})
    api.routes(_functions())
    api.routes(_services())
    # Somebody was tired of explaining the statuses to the web shop.
    api.answer("DEFAULT_4XX", "403", '{"message": "Forbidden"}', Access_Control_Allow_Origin="'*'")
    api.answer("DEFAULT_5XX", Access_Control_Allow_Origin="'*'")
    api.deploy(
        "prod",
        company.production.log_group(EUROPE, "/aws/apigateway/orders"),
        COGNITO,
        variables={"dbPassword": STAGE_VARIABLE, "labelsHost": "labels.halvorsen.example"},
    )
    # Left on after a night of debugging: whole orders stand in the execution log.
    own = {"logging_loglevel": "INFO", "throttling_rateLimit": 50, "throttling_burstLimit": 100}
    api.treat("prod", "~1orders/POST", **own, logging_dataTrace="true")
    company.names["health"] = api.route_arn("prod", "GET", "/health")
    return api


def _functions() -> list[Rest]:
    return [
        Rest("GET", "/health"),
        Rest("GET", "/orders", _POOL, "orders-list", scopes=_READ),
        Rest("POST", "/orders", _POOL, "orders-create", scopes=_WRITE, validator="body", model="Order"),
        Rest("OPTIONS", "/orders", replies=(_ANYWHERE,)),
        Rest("GET", "/orders/{orderId}", _POOL, "orders-read", scopes=_READ),
        # The scope was renamed in the code, and never made in the pool; the model is the one that takes everything.
        Rest(
            "PUT",
            "/orders/{orderId}",
            _POOL,
            "orders-update",
            scopes=("orders/admin",),
            validator="body",
            model="Empty",
        ),
        Rest("DELETE", "/orders/{orderId}", _POOL, "orders-cancel", scopes=_WRITE),
        Rest("OPTIONS", "/orders/{orderId}", replies=(_ANYWHERE,)),
        # Forgotten: added in a hurry, never given the authorizer.
        Rest("POST", "/orders/{orderId}/refund", "NONE", "orders-refund"),
        Rest("POST", "/orders/{orderId}/notes", _POOL, "orders-notes", validator="body", model="Note"),
    ]


def _services() -> list[Rest]:
    order = "/orders/{orderId}"
    claims = custom("https://claims.halvorsen.example/v1/claims", CLAIM, _USER, timeoutInMillis=10000)
    messages = custom(
        "https://mail.halvorsen.example/v1/messages",
        SEND_EVERYTHING,
        {"Cookie": "''"},
        passthroughBehavior="WHEN_NO_MATCH",
        contentHandling="CONVERT_TO_TEXT",
    )
    returns = custom("https://rma.halvorsen.example/v1/requests", RETURN, passthroughBehavior="NEVER")
    return [
        Rest("GET", f"{order}/label", _POOL, scopes=_READ, sends=proxy(_LABELS, requestParameters=_ORDER)),
        Rest("GET", f"{order}/invoice", _POOL, scopes=_READ, sends=_billing("invoice", named=True)),
        Rest("GET", f"{order}/receipt", _POOL, scopes=_READ, sends=_billing("receipt", named=False)),
        Rest(
            "POST",
            f"{order}/claims",
            _POOL,
            scopes=_WRITE,
            sends=claims,
            replies=(
                Reply(template="{\"claim\": $input.json('$.id')}", model="Empty"),
                Reply("403", r"5\d{2}", template='{"message": "Forbidden"}', model="Error"),
            ),
        ),
        Rest("POST", f"{order}/messages", _POOL, scopes=_WRITE, sends=messages, replies=(Reply("202"),)),
        Rest("POST", f"{order}/returns", _POOL, scopes=_WRITE, sends=returns, replies=(Reply("201"),)),
    ]


def _billing(paper: str, *, named: bool) -> Sends:
    return proxy(f"{_BILLING}/{paper}", _USER if named else None, requestParameters=_ORDER)


def third_quarter(api: RestBuilder) -> None:
    """Do what the third quarter brought."""
    # A tenth of the calls meets the new label service, which is told who asks, and a route that nobody else has.
    api.change("GET", "/orders/{orderId}/label", sends=proxy(_LABELS, _USER, requestParameters=_ORDER))
    api.routes([Rest("PUT", "/orders/{orderId}/address", _POOL, "orders-address", scopes=_WRITE)])
    api.canary("prod", 10, labelsHost="labels-next.halvorsen.example")
    # The refund route got its authorizer, and receipts their caller, in the working copy; nobody deployed it.
    api.secure("POST", "/orders/{orderId}/refund", _POOL)
    api.change("GET", "/orders/{orderId}/receipt", sends=_billing("receipt", named=True))
    # Debugging is over.
    api.treat("prod", "~1orders/POST", logging_dataTrace="false")
