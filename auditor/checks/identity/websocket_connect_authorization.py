"""websocket-connect-authorization: every WebSocket API asks who calls when a connection opens.

Claim: $connect has an authorizer. Population: the $connect route of each stage of each WebSocket API. Deviation: $connect has NONE, or
does not exist. Cannot see: how long a connection lives. Without auto-deploy the configured side is judged, and said so.
"""

from collections.abc import Iterator
from typing import Any

from auditor.checks.interface import Check, Outcome, Params, ResourceItem, failed, passed, undecided
from auditor.checks.route_questions import KNOWN_AUTHORIZATION
from auditor.model.estate import Estate
from auditor.model.fact import Absent, NotReadError, need
from auditor.model.gateway import Api, DeployedRoute, Protocol, Stage, View
from auditor.model.resource import Listing
from auditor.model.snapshot import Gap


def _test(item: ResourceItem[Stage], estate: Estate, _params: Params) -> Outcome:
    stage = item.of
    connect = next(
        (
            route
            for route in estate.of(DeployedRoute)
            if (route.stage_arn, route.account, route.route_key) == (stage.arn, stage.account, "$connect")
        ),
        None,
    )
    if connect is None:
        gap = _hidden(stage, estate)
        if gap is not None:
            raise NotReadError(gap)
        return failed(
            "anyone may connect: the API has no $connect route to hold an authorizer", ("list:DeployedRoute",)
        )
    side = (
        ""
        if connect.view is View.DEPLOYED
        else " (configured side: what is deployed cannot be read without auto-deploy)"
    )
    authorization = need(connect.authorization_type)
    seen: dict[str, Any] = {"authorization_type": authorization, "side": connect.view.value.lower()}
    also = (connect.arn,)
    if authorization == "NONE":
        return failed(f"anyone may connect: $connect has no authorizer{side}", also, **seen)
    if authorization not in KNOWN_AUTHORIZATION:
        return undecided(f"the authorization type {authorization} is not known to this version", also, **seen)
    if authorization != "AWS_IAM" and isinstance(connect.authorizer, Absent):
        return undecided(f"$connect asks for {authorization}, but the authorizer it names is not there", also, **seen)
    return passed(f"$connect asks who calls: {authorization}{side}", also, **seen)


def _hidden(stage: Stage, estate: Estate) -> Gap | None:
    """Return the gap behind which the stage's $connect may stand."""
    complete = all(
        listing.complete
        for listing in estate.listings
        if listing.kind == "DeployedRoute" and listing.parent == stage.arn
    )
    if complete:
        return None
    below = {stage.arn, stage.api_arn}
    return next((gap for gap in estate.gaps if gap.resource in below and gap.account == stage.account), None)


def _concerns(listing: Listing, estate: Estate) -> bool:
    """Return whether a list could hide a stage of a WebSocket API."""
    if listing.kind in {"Api", "RestApi"}:
        return listing.kind == "Api"
    if not listing.operation.startswith("apigatewayv2:"):
        return False
    api = next((each for each in estate.of(Api) if (each.arn, each.account) == (listing.parent, listing.account)), None)
    return api is None or api.protocol is Protocol.WEBSOCKET


def _population(estate: Estate) -> Iterator[ResourceItem[Stage]]:
    """Yield one item a stage, named by its $connect route, whether that exists or not."""
    partition = estate.snapshot.scope.partition
    for stage in estate.of(Stage):
        if stage.protocol is Protocol.WEBSOCKET:
            api_id = stage.api_arn.rpartition("/")[2]
            arn = f"arn:{partition}:execute-api:{stage.region}:{stage.account}:{api_id}/{stage.stage}/$connect"
            yield ResourceItem(arn, "AWS::ApiGatewayV2::Route", stage.account, stage.region, stage)


CHECK = Check(
    name="websocket-connect-authorization",
    reads=("Stage",),
    params=Params,
    population=_population,
    test=_test,
    concerns=_concerns,
)
