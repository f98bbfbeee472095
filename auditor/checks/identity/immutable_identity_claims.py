"""immutable-identity-claims: what names a user to the back end cannot be changed by that user.

Claim: the claims that stand for a user's id come from an attribute of the identity provider that never changes, and no app
client may write them. Population: every identity provider of a user pool. Deviation: such a claim is, or is mapped from, an
attribute that can be changed there, or an app client of the pool may write it and the pool lets it be changed. Which claim names
the user the register of issuers says (`user_id_claim`); without an entry the parameter lists the usual ones. Cannot see: what a
back end really takes for the id; and what a function does that rewrites claims, which must be attested.
"""

import re

from pydantic import JsonValue

from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    ResourceItem,
    failed,
    items,
    needs_attestation,
    passed,
    undecided,
)
from auditor.dataflow.identity_roots import issuer_url
from auditor.model.cognito import UserPool, UserPoolClient, UserPoolIdentityProvider
from auditor.model.estate import Estate
from auditor.model.fact import need

_PREFIX = "cognito:"
_NEVER_WRITTEN = frozenset({"sub", "username"})
"""Cognito makes these itself: no client writes them."""
_REWRITES = ("PreTokenGeneration", "PreTokenGenerationConfig")


class _Params(Params):
    user_id_claims: list[str]
    mutable_attributes: list[str]
    immutable_attributes: list[str]


def _test(item: ResourceItem[UserPoolIdentityProvider], estate: Estate, params: _Params) -> Outcome:
    provider = item.of
    claims = _claims(provider, estate, params)
    mapping = need(provider.attribute_mapping) or {}
    sources = {claim: mapping[claim] for claim in claims if claim in mapping}
    seen: dict[str, JsonValue] = {"user_id_claims": [*claims], "mapped_from": {**sources}}
    also = (provider.pool_arn,)
    changing = {each.lower() for each in params.mutable_attributes}
    for claim in claims:
        if _last(claim) in changing:
            return failed(f"the claim that names the user is {claim}, which its holder can change", also, **seen)
        if claim in sources and _last(sources[claim]) in changing:
            return failed(f"{claim} names the user and comes from {sources[claim]}, which can be changed", also, **seen)
    writer = _writer(claims, provider, estate)
    if writer is not None:
        return failed(f"{writer[1]} names the user, and the app client {writer[0].name} may write it", also, **seen)
    return _to_attest(provider, sources, estate, params) or passed(_words(sources), also, **seen)


def _claims(provider: UserPoolIdentityProvider, estate: Estate, params: _Params) -> tuple[str, ...]:
    """Return the attributes that name a user: as declared for the pool, else the usual ones."""
    pool = issuer_url(provider.pool_arn)
    entries = (each for each in estate.registers.issuers or () if issuer_url(each.issuer) == pool)
    declared = [each.user_id_claim for each in entries if each.user_id_claim is not None]
    return tuple(sorted({each.removeprefix(_PREFIX) for each in declared or params.user_id_claims}))


def _last(attribute: str) -> str:
    """Return the name of an attribute without what stands before it: SAML names attributes by URL."""
    return re.split(r"[/:]", attribute)[-1].lower()


def _writer(
    claims: tuple[str, ...], provider: UserPoolIdentityProvider, estate: Estate
) -> tuple[UserPoolClient, str] | None:
    """Return an app client that may write one of the claims; raise NotReadError where one may hide."""
    estate.whole(UserPoolClient, provider.account, provider.region, provider.pool_arn)
    pool = estate.one(UserPool, provider.account, provider.pool_arn)
    for client in estate.of(UserPoolClient):
        if (client.account, client.pool_arn) != (provider.account, provider.pool_arn):
            continue
        written = need(client.write_attributes) or ()
        for claim in claims:
            if claim in written and claim not in _NEVER_WRITTEN and _can_change(claim, pool):
                return client, claim
    return None


def _can_change(claim: str, pool: UserPool | None) -> bool:
    """Return whether a pool's schema lets an attribute be changed; where it says nothing, it does."""
    told = need(pool.mutable_attributes) if pool is not None else None
    return told is None or claim in told


def _to_attest(
    provider: UserPoolIdentityProvider, sources: dict[str, str], estate: Estate, params: _Params
) -> Outcome | None:
    pool = estate.one(UserPool, provider.account, provider.pool_arn)
    also = (provider.pool_arn,)
    if pool is None:
        estate.whole(UserPool, provider.account, provider.region)
        return undecided("the user pool of the provider is not in the snapshot")
    function = next((found for each in _REWRITES if (found := (need(pool.triggers) or {}).get(each))), None)
    if function is not None:
        reason = f"{function.rpartition(':')[2]} may rewrite every claim before a token is made: read its code"
        return needs_attestation(reason, also, function=function)
    lasting = {each.lower() for each in params.immutable_attributes}
    unclear = next((claim for claim in sorted(sources) if _last(sources[claim]) not in lasting), None)
    if unclear is not None:
        reason = f"{unclear} names the user and comes from {sources[unclear]}: whether that can change, {provider.name} must say"
        return needs_attestation(reason, also, claim=unclear)
    return None


def _words(sources: dict[str, str]) -> str:
    if not sources:
        return "no claim that names the user is taken from the provider, and no app client may write one"
    listed = ", ".join(f"{claim} from {sources[claim]}" for claim in sorted(sources))
    return f"what names the user never changes: {listed}"


CHECK = Check(
    name="immutable-identity-claims",
    reads=("UserPoolIdentityProvider",),
    params=_Params,
    population=lambda estate: items(estate.of(UserPoolIdentityProvider)),
    test=_test,
    registers=("issuers",),
)
