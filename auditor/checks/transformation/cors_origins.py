"""cors-origins: no other site acts with a user's credentials, and where callers are asked who they are, origins are exact.

Claim: no answer combines any origin, or whatever origin asks, with credentials; where callers are asked, exact origins are
listed. Population: stages of REST and HTTP APIs (an HTTP API itself where no stage is known), customised gateway responses with a
CORS header, function URLs. Deviation: any origin with credentials, or where callers are asked; a pattern; an echo of the origin;
on any route of a stage. Cannot see: headers that a back end sets itself, as every proxy's may: then nobody can tell. What a
stage's export tells counts before the working copy; that exports tell CORS and gateway responses was never tried on a live
account, and where they do not, the working copy stands in.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any, assert_never

from auditor.checks.cors import CREDENTIALS, ORIGIN, Opening, Told, allows_credentials, judged, mapped, said
from auditor.checks.cors_population import CorsItem, Errors, HttpCors, RestStage, cors_headers, population
from auditor.checks.cors_routes import PROXY, SILENT, Judged, any_asks, judge, seen, who_asks
from auditor.checks.interface import Check, Outcome, Params, failed, not_applicable, passed, undecided
from auditor.model.contract import GatewayResponse
from auditor.model.estate import Estate
from auditor.model.fact import NotReadError, need
from auditor.model.gateway import DeployedRoute, Stage
from auditor.model.platform import Function
from auditor.model.status import Status

_LISTED = "its answers"
_NAMED = 3


class _Params(Params):
    allowed_origins: list[str]


def _test(item: CorsItem, estate: Estate, params: _Params) -> Outcome:
    match item.of:
        case HttpCors():
            return _http(item, item.of, estate, params)
        case RestStage():
            return _stage(item, estate, params)
        case Errors():
            return _errors(item, item.of, estate, params)
        case Function():
            return _url(item, item.of, params)
        case _:
            assert_never(item.of)


def _http(item: CorsItem, of: HttpCors, estate: Estate, params: _Params) -> Outcome:
    cors = need(of.cors)
    if cors is None:
        count = len(item.beside)
        return undecided(f"the API sets no CORS headers; those of its back ends count, which nobody saw{_of(count)}")
    opening = Opening(_LISTED, cors.allow_origins, cors.allow_credentials)
    told = {"allow_origins": list(cors.allow_origins), "allow_credentials": cors.allow_credentials}
    asks = _asks(item, of.api_arn, of.stage_arn, estate)
    outcome = judged(opening, asks, params.allowed_origins, Told(who_asks(item.beside, opening), {**told}))
    if of.stage_arn is None and outcome.status is Status.PASS:
        # A stage that nobody saw may serve another configuration.
        estate.whole(Stage, item.account, item.region, of.api_arn)
    return outcome


def _of(count: int) -> str:
    return f" ({count} route{'' if count == 1 else 's'})" if count else ""


def _stage(item: CorsItem, estate: Estate, params: _Params) -> Outcome:
    """Return what the routes of a stage come to together: one that fails, then what was not read, then what nobody saw."""
    found = judge(item.beside, params.allowed_origins)
    failing = [each for each in found if each.has(Status.FAIL)]
    if failing:
        return failed(_named(failing), _also(failing), **_told(failing, found))
    for each in found:
        if isinstance(each.outcome, NotReadError):
            raise each.outcome
    estate.whole(DeployedRoute, item.account, item.region, item.resource)
    unseen = [each for each in found if each.has(Status.NOT_EVALUATED)]
    if unseen:
        return _unseen(unseen, found)
    opened = [each for each in found if each.has(Status.PASS) and each.outcome != SILENT]
    if opened:
        return passed(_named(opened), _also(opened), **_told(opened, found))
    if any(each.has(Status.PASS) for each in found):
        return passed(f"no answer of its routes lets other sites in{_of(len(found))}", _also(found))
    return not_applicable("no route of the stage has an integration", _also(found))


def _unseen(unseen: list[Judged], found: Iterable[Judged]) -> Outcome:
    strange = [each for each in unseen if each.outcome != PROXY]
    if strange:
        return undecided(_named(strange), _also(unseen), **_told(strange, found))
    is_silent = all(_is_quiet(each) for each in found)
    said_so = "its routes set no CORS headers; those of the back ends" if is_silent else "CORS headers of back ends"
    return undecided(f"{said_so} count, which nobody saw{_of(len(unseen))}", _also(unseen), **_told(unseen, found))


def _is_quiet(each: Judged) -> bool:
    return each.outcome in (PROXY, SILENT) or each.has(Status.NOT_APPLICABLE)


def _named(found: list[Judged]) -> str:
    """Return the first routes and how many more there are, and why; where they differ, why of the first."""
    keys = [each.route.route_key for each in found]
    rest = f" and {len(keys) - _NAMED} more" if len(keys) > _NAMED else ""
    reasons = list(dict.fromkeys(_reason(each) for each in found))
    first = "" if len(reasons) == 1 else "the first: "
    return f"{', '.join(keys[:_NAMED])}{rest}: {first}{reasons[0]}"


def _reason(each: Judged) -> str:
    return each.outcome.reason if isinstance(each.outcome, Outcome) else ""


def _also(found: Iterable[Judged]) -> tuple[str, ...]:
    arns = [(each.route.arn, *(each.outcome.also if isinstance(each.outcome, Outcome) else ())) for each in found]
    return tuple(dict.fromkeys(arn for several in arns for arn in several))


def _told(found: list[Judged], among: Iterable[Judged]) -> dict[str, Any]:
    first = found[0].outcome
    told = {"routes": [each.route.route_key for each in found[:_NAMED]], "count": len(found), "of": len(tuple(among))}
    return {**told, **(first.observed if isinstance(first, Outcome) else {})}


def _errors(item: CorsItem, of: Errors, estate: Estate, params: _Params) -> Outcome:
    """Return the worst of what the stages serve."""
    outcomes: list[Outcome] = []
    hidden: NotReadError | None = None
    for each in of.versions:
        try:
            outcomes.append(_error(item, each, estate, params))
        except NotReadError as error:
            hidden = error
    order = list(Status)
    worst = min(outcomes, key=lambda each: order.index(each.status), default=None)
    if hidden is not None and (worst is None or worst.status is not Status.FAIL):
        raise hidden
    return worst or not_applicable("it carries no header that lets other sites in")


def _error(item: CorsItem, response: GatewayResponse, estate: Estate, params: _Params) -> Outcome:
    parameters = need(response.parameters)
    headers = cors_headers(parameters or {})
    if ORIGIN not in headers:
        return not_applicable("it carries no header that lets other sites in")
    origins, is_echo = said(mapped(headers[ORIGIN]))
    credentials = allows_credentials(mapped(headers[CREDENTIALS]) if CREDENTIALS in headers else None)
    opening = Opening(f"errors of type {response.response_type}", origins, credentials, is_echo)
    asks = _asks(item, response.api_arn, None, estate)
    return judged(opening, asks, params.allowed_origins, seen(opening, who_asks(item.beside, opening)))


def _url(item: CorsItem, function: Function, params: _Params) -> Outcome:
    url = item.url
    if url is None:
        need(function.urls)
        return not_applicable("the function has no URL")
    if url.cors is None:
        return undecided("the URL sets no CORS headers, so the function's own count, which nobody saw", url=url.url)
    given = json.loads(url.cors)
    origins = tuple(str(each) for each in given.get("AllowOrigins") or ())
    opening = Opening(f"answers of {url.url}", origins, bool(given.get("AllowCredentials", False)))
    asks = {"AWS_IAM": True, "NONE": False}.get(url.auth_type)
    return judged(opening, lambda: asks, params.allowed_origins, seen(opening, ()))


def _asks(item: CorsItem, api_arn: str, stage_arn: str | None, estate: Estate) -> Callable[[], bool | None]:
    """Return whether any route of a stage, or of an API, asks who calls; that raises NotReadError where one that does may hide."""

    def answer() -> bool | None:
        asked = any_asks(item.beside)
        if asked is False and stage_arn is not None:
            estate.whole(DeployedRoute, item.account, item.region, stage_arn)
        elif asked is False:
            estate.whole(Stage, item.account, item.region, api_arn)
            for each in estate.of(Stage):
                if (each.account, each.region, each.api_arn) == (item.account, item.region, api_arn):
                    estate.whole(DeployedRoute, item.account, item.region, each.arn)
        return asked

    return answer


CHECK = Check(
    name="cors-origins",
    reads=("Api", "Stage", "DeployedRoute", "GatewayResponse", "Function"),
    params=_Params,
    population=population,
    test=_test,
)
