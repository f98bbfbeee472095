"""P11 MULTI_ISSUER: the back end is told who called, several issuers may have said so, and it is not told which.

`sub` names a person within one issuer alone (OpenID Connect Core, section 2). An authorizer with several issuers decides by
itself; several authorizers of one stage make the back end mix them up where it serves both.
"""

from auditor.dataflow.passage import Passage
from auditor.dataflow.propagation.integration_class import IntegrationClass
from auditor.dataflow.propagation.interface import Neighbours, Rule
from auditor.dataflow.propagation.judging import (
    Found,
    clean,
    fit,
    idle,
    puzzled,
    unclear_caller,
    unclear_sending,
    unseen,
    wrong,
)
from auditor.dataflow.propagation.sending import Sending, identity_paths
from auditor.dataflow.propagation.token_sources import BY_TOKEN, issuers_of
from auditor.model.control import Severity
from auditor.model.ruling import Ruling

_ID = "P11"
_ISSUER = frozenset({"authorizer.claims.iss", "authorizer.claims['iss']"})
_NO_TOKEN = idle(_ID, "no token of an issuer says who calls")
_ONE = clean(_ID, "all tokens that this stage takes come from one issuer")
_EVENT = clean(_ID, "the function gets every claim, the issuer among them")
_TOLD = clean(_ID, "the back end is told the issuer beside the caller")
_NOTHING = clean(_ID, "no claim is sent that two issuers could mean differently")
_HIDDEN = puzzled(_ID, "whether the issuer is sent may stand in something that is not understood")
_UNNAMED = puzzled(_ID, "which issuer the authorizer trusts is not told")


def _judge(passage: Passage, among: Neighbours) -> Ruling:
    unclear = unclear_caller(_ID, passage)
    if unclear is not None:
        return unclear
    if passage.authenticated_by not in BY_TOKEN:
        return _NO_TOKEN
    return _issuers(passage, among) or _sent(passage, among)


def _issuers(passage: Passage, among: Neighbours) -> Ruling | None:
    """Return a ruling where one issuer, or an unknown number, stands behind the stage; None where several do."""
    if len(among.tokens.issuers(passage)) > 1:
        return None
    gap = among.tokens.hidden_issuer(passage)
    if gap is not None:
        return unseen(_ID, gap)
    return _ONE if issuers_of(passage) else _UNNAMED


def _sent(passage: Passage, among: Neighbours) -> Ruling:
    sent = among.sent(passage)
    if sent.kind is IntegrationClass.LAMBDA_PROXY:
        return _EVENT
    unclear = unclear_sending(_ID, passage, sent)
    if unclear is not None:
        return unclear
    paths = _claims(sent)
    if _ISSUER & paths:
        return _TOLD
    if sent.is_unsure:
        return _HIDDEN
    return _several(passage, among, min(paths)) if paths else _NOTHING


def _several(passage: Passage, among: Neighbours, claim: str) -> Ruling:
    own = issuers_of(passage)
    count = len(own) if len(own) > 1 else len(among.tokens.issuers(passage))
    where = "its authorizer trusts" if len(own) > 1 else "this stage takes tokens of"
    because = f"{claim} is unique within one issuer, {where} {count}, and the back end is not told which"
    return wrong(_ID, passage, Found(fit(because), Severity.HIGH if len(own) > 1 else Severity.MEDIUM, claim))


def _claims(sent: Sending) -> frozenset[str]:
    return frozenset(
        path for each in sent.verified for path in identity_paths(each) if path.startswith("authorizer.claims")
    )


RULE = Rule(_ID, "MULTI_ISSUER", "A user's id is unique per issuer only, and there are several", _judge)
