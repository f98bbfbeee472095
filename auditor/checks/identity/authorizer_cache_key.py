"""authorizer-cache-key: a decision that is kept counts for the calls alone that it was made for.

Claim: where an authorizer's decisions are kept, the key of the cache holds what the decision rests on. Population: every
authorizer, as configured and as each stage deployed it. Deviation: decisions are kept without an identity source; or a Lambda
authorizer's decision is kept without the route in its key, and counts for routes that declare different scopes. Where the
routes declare no difference, only the function's code says whether there is one: that must be attested. Cannot see: that code.
"""

from collections import defaultdict
from collections.abc import Iterator

from auditor.checks.authorizer_questions import (
    AuthorizerItem,
    all_are_known,
    copies,
    evidence,
    population,
    with_hidden,
)
from auditor.checks.interface import Check, Outcome, Params, not_applicable
from auditor.dataflow.authorizer_cache import Kept, kept
from auditor.model.estate import Estate
from auditor.model.fact import NotReadError
from auditor.model.gateway import DeployedRoute
from auditor.model.route_parts import AuthorizerDefinition
from auditor.model.status import Status

_AUTHORIZED = frozenset({"CUSTOM", "COGNITO_USER_POOLS", "JWT"})
"""Authorization types of routes that name an authorizer."""


def _test(item: AuthorizerItem, estate: Estate, _params: Params) -> Outcome:
    found = sorted(_verdicts(item), key=lambda each: list(Status).index(each[0].status))
    worst, where = found[0] if found else (None, "")
    if worst is None or worst.status is not Status.FAIL:
        all_are_known(item, estate)
    if worst is None or all(each.definition.type == "JWT" for each in copies(item)):
        return not_applicable("a JWT authorizer looks at every token anew", evidence(item))
    if worst.gap is not None:
        raise NotReadError(worst.gap)
    if worst.status is Status.PASS and not any(item.carried):
        return not_applicable("no deployed route carries it, so it decides nothing")
    return Outcome(
        worst.status, f"{worst.because} ({where})", {"type": copies(item)[0].definition.type}, evidence(item)
    )


def _verdicts(item: AuthorizerItem) -> Iterator[tuple[Kept, str]]:
    """Yield what is to be said of each copy: a stage's with the routes that carry it, the working copy by itself."""
    groups: dict[tuple[str, AuthorizerDefinition], list[DeployedRoute]] = defaultdict(list)
    for route, definition in item.carried:
        groups[route.stage, definition].append(route)
    for (stage, definition), routes in groups.items():
        yield kept(definition, routes, is_rest=item.is_rest), f"as deployed on {stage}"
    if item.configured is not None:
        for copy in copies(item)[:1]:
            yield kept(copy.definition, (), is_rest=item.is_rest), copy.where


CHECK = Check(
    name="authorizer-cache-key",
    reads=("Authorizer", "DeployedRoute"),
    params=Params,
    population=lambda estate: with_hidden(population(estate), estate, _AUTHORIZED),
    test=_test,
)
