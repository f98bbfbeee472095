"""authorizer-cache-time: what an authorizer decided is not kept for long.

Claim: the time for which API Gateway keeps an authorizer's decision is within the limit. Population: every authorizer, as
configured and as each stage deployed it. Deviation: a longer time. Cannot see: how long the authorizer's own function, or
the token, lets a caller in.
"""

from auditor.checks.authorizer_questions import (
    AuthorizerItem,
    all_are_known,
    copies,
    evidence,
    population,
    with_hidden,
)
from auditor.checks.interface import Check, Outcome, Params, failed, not_applicable, passed, undecided
from auditor.dataflow.authorizer_cache import CACHED, kept_seconds
from auditor.model.estate import Estate
from auditor.model.words import counted


class _Params(Params):
    max_ttl_seconds: int


_AUTHORIZED = frozenset({"CUSTOM", "COGNITO_USER_POOLS", "JWT"})
"""Authorization types of routes that name an authorizer."""


def _test(item: AuthorizerItem, estate: Estate, params: _Params) -> Outcome:
    found, also = copies(item), evidence(item)
    longest, is_stated = 0, False
    for copy in found:
        seconds = kept_seconds(copy.definition, is_rest=item.is_rest)
        if seconds is not None and seconds > params.max_ttl_seconds:
            return failed(
                f"decisions are kept for {counted(seconds, 'second')}, more than {params.max_ttl_seconds} ({copy.where})",
                also,
                ttl_seconds=seconds,
                limit_seconds=params.max_ttl_seconds,
                type=copy.definition.type,
            )
        longest = max(longest, seconds or 0)
        is_stated = is_stated or copy.definition.ttl_seconds is not None
    all_are_known(item, estate)
    strange = sorted({copy.definition.type for copy in found} - CACHED - {"JWT"})
    if strange:
        return undecided(f"whether decisions of type {', '.join(strange)} are kept is not known to this version", also)
    if all(copy.definition.type == "JWT" for copy in found):
        return not_applicable("a JWT authorizer looks at every token anew", also)
    how = "" if is_stated else ", by default"
    words = f"decisions are kept for {counted(longest, 'second')}{how}" if longest else f"no decision is kept{how}"
    return passed(words, also, ttl_seconds=longest, limit_seconds=params.max_ttl_seconds)


CHECK = Check(
    name="authorizer-cache-time",
    reads=("Authorizer", "DeployedRoute"),
    params=_Params,
    population=lambda estate: with_hidden(population(estate), estate, _AUTHORIZED),
    test=_test,
)
