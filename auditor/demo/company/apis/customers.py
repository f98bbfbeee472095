"""Customers: staff and services come with tokens of the company's own identity provider, partners with those of another.

What its routes show, by rule of the dataflow map:
P1   `POST …/erasure` starts a workflow that is not told who asked; `POST …/export` beside it is.
P2   `GET …/invoices` reads the subject under a name that is always empty; the third quarter puts that right.
P4   `GET …/parcels` appends the user's id to whatever the client sent under that name.
P5   `GET …/preferences` takes the account from a header of the client's.
P8   `POST …/loyalty` takes away the header that `GET …/loyalty` sets for the same back end.
P10  `GET …/invoices` and `GET …/statements` reach billing, as orders do with tokens of another issuer.
P11  two authorizers of two issuers on one API; `GET …/statements` tells billing a subject without its issuer.
P12  `POST …/notes` takes any token, where its siblings ask for a scope.
In the third quarter, `PATCH /customers/{customerId}` no longer asks for a token.
"""

from auditor.demo.company import EUROPE, PRODUCTION
from auditor.demo.company.building import HttpBuilder
from auditor.demo.company.clients import Company
from auditor.demo.company.log_formats import JWT
from auditor.demo.company.sending import Sends

ISSUER = "https://login.halvorsen-id.example/oauth2/default"
PARTNERS_ISSUER = "https://login.partners-id.example/"
_STAFF, _PARTNERS = "halvorsen-id", "partners-id"
_READ, _WRITE = ("customers.read",), ("customers.write",)
_SUBJECT = "$context.authorizer.claims.sub"
_BILLING = "https://billing.halvorsen.example/v1/customers"
_LOYALTY = "https://loyalty.halvorsen.example/v1/points"


def build(company: Company) -> HttpBuilder:
    """Build what stands at the end of the second quarter."""
    cors = {
        "AllowOrigins": ["https://desk.halvorsen.example"],
        "AllowMethods": ["GET", "POST", "PATCH", "DELETE"],
        "AllowHeaders": ["authorization", "content-type"],
        "AllowCredentials": True,
        "MaxAge": 600,
    }
    api = HttpBuilder(company.production, EUROPE, "customers", CorsConfiguration=cors)
    api.jwt(_STAFF, ISSUER, "api://customers")
    api.jwt(_PARTNERS, PARTNERS_ISSUER, "api://customers")
    _functions(api)
    _services(api)
    _workflows(api)
    api.stage("$default", company.production.log_group(EUROPE, "/aws/apigateway/customers"), JWT, auto=True)
    company.names["customers-health"] = api.route_arn("$default", "GET /health")
    company.names["api-customers"] = api.id
    company.names["agents-addresses"] = api.route_arn("$default", "GET /customers/{customerId}/addresses")
    return api


def _functions(api: HttpBuilder) -> None:
    api.route("GET /customers", _STAFF, "customers-list", _READ)
    api.route("POST /customers", _STAFF, "customers-create", _WRITE)
    api.route("GET /customers/{customerId}", _STAFF, "customers-read", _READ)
    api.route("PATCH /customers/{customerId}", _STAFF, "customers-update", _WRITE)
    api.route("GET /customers/{customerId}/addresses", _STAFF, "customers-addresses", _READ)
    api.route("POST /customers/{customerId}/notes", _STAFF, "customers-notes")
    api.route("GET /partners/customers", _PARTNERS, "customers-of-partner", _READ)
    api.route("POST /internal/sync", "AWS_IAM", "customers-sync")
    api.route("GET /health", "NONE", "customers-health")
    # The shadow route: whatever nothing else matches goes to the old monolith, and nobody asks who calls.
    api.route("$default", "NONE", "http://legacy.halvorsen.example")


def _services(api: HttpBuilder) -> None:
    # The name that the function's event uses; in a mapping it is always empty.
    wrong = {"overwrite:header.x-user-id": "$context.authorizer.jwt.claims.sub"}
    right = {"overwrite:header.x-user-id": _SUBJECT}
    appended = {"append:header.x-user-id": _SUBJECT}
    claimed = {"overwrite:header.x-account-id": "$request.header.x-account"}
    customer = "/customers/{customerId}"
    api.route(f"GET {customer}/invoices", _STAFF, _proxy(f"{_BILLING}/invoices", wrong), _READ)
    api.route(f"GET {customer}/statements", _STAFF, _proxy(f"{_BILLING}/statements", right), _READ)
    api.route(f"GET {customer}/parcels", _STAFF, _proxy("https://parcels.halvorsen.example/v1", appended), _READ)
    preferences = _proxy("https://preferences.halvorsen.example/v1", claimed)
    # The service answers 500 where it finds no account.
    preferences["ResponseParameters"] = {"500": {"overwrite:statuscode": "403"}}
    api.route(f"GET {customer}/preferences", _STAFF, preferences, _READ)
    told = {"overwrite:header.x-customer-id": _SUBJECT}
    api.route(f"GET {customer}/loyalty", _STAFF, _proxy(_LOYALTY, told), _READ)
    untold = {"remove:header.x-customer-id": "''"}
    api.route(f"POST {customer}/loyalty", _STAFF, _proxy(_LOYALTY, untold), _WRITE)


def _workflows(api: HttpBuilder) -> None:
    api.route("POST /customers/{customerId}/erasure", _STAFF, _workflow("erasure", "$request.body"), _WRITE)
    told = '{"customer": "${request.path.customerId}", "askedBy": "${context.authorizer.claims.sub}"}'
    api.route("POST /customers/{customerId}/export", _STAFF, _workflow("export", told), _WRITE)


def _proxy(url: str, mapped: dict[str, str]) -> Sends:
    given = {"IntegrationType": "HTTP_PROXY", "IntegrationMethod": "ANY", "PayloadFormatVersion": "1.0"}
    return {**given, "IntegrationUri": url, "RequestParameters": mapped}


def _workflow(name: str, handed: str) -> Sends:
    machine = f"arn:aws:states:{EUROPE}:{PRODUCTION}:stateMachine:{name}"
    return {
        "IntegrationType": "AWS_PROXY",
        "IntegrationSubtype": "StepFunctions-StartExecution",
        "CredentialsArn": f"arn:aws:iam::{PRODUCTION}:role/gateway-workflows",
        "PayloadFormatVersion": "1.0",
        "RequestParameters": {"StateMachineArn": machine, "Input": handed},
    }


def third_quarter(api: HttpBuilder) -> None:
    """Do what the third quarter brought: the shadow route is gone, invoices know who asks, and a new route came."""
    api.remove("$default")
    api.route("DELETE /customers/{customerId}", _STAFF, "customers-erase", _WRITE)
    key = "GET /customers/{customerId}/invoices"
    api.remove(key)
    api.route(key, _STAFF, _proxy(f"{_BILLING}/invoices", {"overwrite:header.x-user-id": _SUBJECT}), _READ)
    # A batch of corrections had no token; nobody put the authorizer back.
    api.secure("PATCH /customers/{customerId}", "NONE")
