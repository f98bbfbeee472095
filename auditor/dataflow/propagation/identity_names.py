"""Which headers speak of who calls: by their name, or because some route of the estate fills them from its authorizer."""

import re
from functools import lru_cache

from auditor.dataflow.propagation.sending import HEADER

_IDENTITY = re.compile(
    r"(x-)?(user|sub|account|tenant|org|client|principal|actor|agent|caller|email|role|scope|groups?|auth)"
    r"[-_]?(id|name|email|arn)?$|^x-(amzn-oidc|forwarded)-(identity|user|email).*",
    re.IGNORECASE,
)
_SOFTWARE = re.compile(r"(^|-)user-agent$")
"""The one common header that ends like an identity and names a program."""
_TOKEN = re.compile(r"authori[sz]ation|cookie|token|secret|passw|api-?key|session|credential")


@lru_cache(maxsize=4096)
def is_identity_like(header: str) -> bool:
    """Return whether the name of a header, in any case, says that it holds who calls (dataflow.md section 3.3)."""
    folded = header.lower()
    return _IDENTITY.search(folded) is not None and _SOFTWARE.search(folded) is None


@lru_cache(maxsize=4096)
def is_token_like(header: str) -> bool:
    """Return whether the name of a header, in any case, says that it holds a token, a session or a secret."""
    return _TOKEN.search(header.lower()) is not None


def looks_like_identity(target: str) -> bool:
    """Return whether the target of a transform is a header whose name says so."""
    return target.startswith(HEADER) and is_identity_like(target.removeprefix(HEADER))
