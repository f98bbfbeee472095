"""Which scopes the user pools of an estate define: what their tokens can hold."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from auditor.dataflow.identity_roots import issuer_url
from auditor.model.cognito import UserPool, UserPoolResourceServer
from auditor.model.estate import Estate
from auditor.model.fact import NotReadError, need
from auditor.model.snapshot import Gap

STANDARD = frozenset({"openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"})
"""Scopes that every user pool knows (developer guide, scopes, M2M, and resource servers)."""
_ADDS = "PreTokenGenerationConfig"
"""The trigger whose newer versions may add scopes to access tokens."""


@dataclass(frozen=True, slots=True)
class PoolScopes:
    """The scopes of one user pool."""

    scopes: frozenset[str]
    """Those that its resource servers define, as tokens carry them, as far as they were read."""
    gap: Gap | None
    """What hides further ones, or a function that adds some."""
    adds: str | None
    """ARN of a function that may add scopes to tokens."""


def user_pools(estate: Estate) -> Mapping[str, PoolScopes]:
    """Return the scopes of each user pool of the snapshot, by its issuer URL."""
    servers: dict[tuple[str, str], list[UserPoolResourceServer]] = defaultdict(list)
    for each in estate.of(UserPoolResourceServer):
        servers[each.account, each.pool_arn].append(each)
    return {
        issuer_url(pool.arn): _of(pool, servers.get((pool.account, pool.arn), []), estate)
        for pool in estate.of(UserPool)
    }


def _of(pool: UserPool, servers: list[UserPoolResourceServer], estate: Estate) -> PoolScopes:
    found: set[str] = set()
    try:
        for each in servers:
            scopes = need(each.scopes)
            found.update(scopes or ())
        estate.whole(UserPoolResourceServer, pool.account, pool.region, pool.arn)
        adds = (need(pool.triggers) or {}).get(_ADDS)
    except NotReadError as unread:
        # A rule hands on the gap as a value: only the engine turns it into a finding.
        return PoolScopes(frozenset(found), unread.gap, None)
    return PoolScopes(frozenset(found), None, adds)
