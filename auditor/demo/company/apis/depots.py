"""Depots: machines come with tokens that a function looks at, and answers with yes or no.

P13  a yes for one route of `depot-token` is kept for five minutes, and counts for every other route of it too; since an incident,
     writing asks `depot-write`, which keeps its answers for each route.
"""

from auditor.demo.company import EUROPE
from auditor.demo.company.building import HttpBuilder
from auditor.demo.company.clients import Company
from auditor.demo.company.log_formats import FUNCTION


def build(company: Company) -> HttpBuilder:
    """Build what stands at the end of the second quarter, and is left alone in the third."""
    api = HttpBuilder(company.production, EUROPE, "depots")
    token = "$request.header.Authorization"  # noqa: S105 - where the token stands
    kept = {
        "AuthorizerPayloadFormatVersion": "2.0",
        "EnableSimpleResponses": True,
        "AuthorizerResultTtlInSeconds": 300,
    }
    api.function_authorizer("depot-token", "authorize-depot", token, **kept)
    api.function_authorizer("depot-write", "authorize-depot", token, "$context.routeKey", **kept)
    api.route("GET /depots", "depot-token", "depots-list")
    api.route("GET /depots/{depotId}/keys", "depot-token", "depots-keys")
    api.route("PUT /depots/{depotId}", "depot-write", "depots-update")
    api.stage("$default", company.production.log_group(EUROPE, "/aws/apigateway/depots"), FUNCTION, auto=True)
    return api
