"""How the resource policy and the authorizer decide together (dataflow.md section 4.2, access.md section 4.1), as data.

Documented in the developer guide, "How API Gateway resource policies affect authorization workflow"; of JWT authorizers inferred.
With user pools the guide's own text and the title of one of its tables differ on a silent policy: the stricter is taken.
"""

from collections.abc import Iterable
from enum import StrEnum
from itertools import product

from auditor.model.explanation import Decision


class Kind(StrEnum):
    """What is asked for beside the policy."""

    NONE = "none"
    FUNCTION = "function"
    IAM = "iam, same account"
    IAM_ACROSS = "iam, other account"
    USER_POOL = "user pool"
    JWT = "jwt"


class Policy(StrEnum):
    """What the resource policy says."""

    NOT_SET = "not set"
    ALLOW = "allow"
    SILENT = "silent"
    DENY = "deny"


class Grant(StrEnum):
    """What the authorizer, or the caller's own policies, say; a token that was found good is an allow."""

    ALLOW = "allow"
    NEITHER = "neither"
    DENY = "deny"


_EITHER = {
    (Policy.NOT_SET, Grant.ALLOW),
    (Policy.ALLOW, Grant.ALLOW),
    (Policy.ALLOW, Grant.NEITHER),
    (Policy.SILENT, Grant.ALLOW),
}
"""An allow of one of the two is enough."""
_BOTH = {(Policy.ALLOW, Grant.ALLOW)}
_POLICY_TOO = {(Policy.NOT_SET, Grant.ALLOW), (Policy.ALLOW, Grant.ALLOW)}
"""The policy is asked by itself where there is one."""
ALLOWED = {
    Kind.NONE: {(policy, grant) for policy in (Policy.NOT_SET, Policy.ALLOW) for grant in Grant},
    Kind.FUNCTION: _EITHER,
    Kind.IAM: _EITHER,
    Kind.IAM_ACROSS: _BOTH,
    Kind.USER_POOL: _POLICY_TOO,
    Kind.JWT: _POLICY_TOO,
}
"""What is let through; everything else is refused."""


def together(kind: Kind, policies: Iterable[Policy], grants: Iterable[Grant], *, is_private: bool) -> Decision:
    """Return what all combinations that are possible agree on; a private API without a policy refuses every call."""
    found = {
        (policy, grant) in ALLOWED[kind] and not (is_private and policy is Policy.NOT_SET)
        for policy, grant in product(policies, grants)
    }
    if len(found) != 1:
        return Decision.UNKNOWN
    return Decision.ALLOWED if found.pop() else Decision.REFUSED
