"""Two WebSocket APIs: notify, which anybody may open, and dispatch, which asks drivers for a token.

P16  nobody can say who called notify; dispatch's log names the driver of each message.
"""

from auditor.demo.company import EUROPE
from auditor.demo.company.building import HttpBuilder
from auditor.demo.company.clients import Company
from auditor.demo.company.log_formats import ANYBODY, DRIVER


def build_notify(company: Company) -> HttpBuilder:
    """Build the notifications."""
    api = HttpBuilder(company.production, EUROPE, "notify", "WEBSOCKET")
    for key in ("$connect", "$disconnect", "$default", "subscribe"):
        api.route(key, "NONE", "notify-handler")
    api.stage("prod", company.production.log_group(EUROPE, "/aws/apigateway/notify"), ANYBODY, auto=False)
    return api


def build_dispatch(company: Company) -> HttpBuilder:
    """Build the dispatch of drivers."""
    api = HttpBuilder(company.production, EUROPE, "dispatch", "WEBSOCKET")
    api.function_authorizer("driver-token", "authorize-driver", "route.request.querystring.token")
    api.route("$connect", "driver-token", "dispatch-connect")
    for key in ("$disconnect", "position", "job"):
        api.route(key, "NONE", "dispatch-handler")
    api.stage("prod", company.production.log_group(EUROPE, "/aws/apigateway/dispatch"), DRIVER, auto=True)
    return api
