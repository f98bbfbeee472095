"""Which variables of a log or a mapping name an agent, and which the person it acts for."""

from collections.abc import Iterable

from auditor.dataflow.context.existence import Existence, Use, existence
from auditor.model.gateway import Protocol
from auditor.model.identity import AuthenticatedBy

_NOWHERE = frozenset({Existence.EMPTY, Existence.NO_VARIABLE})


def naming(
    variables: Iterable[str], claims: Iterable[str], protocol: Protocol, by: AuthenticatedBy, use: Use
) -> tuple[str, ...]:
    """Return the variables that hold one of the claims on a route, in order.

    Behind a Lambda authorizer a key of its context bears the claim's name, and `principalId` is the user.
    """
    wanted = frozenset(claims)
    return tuple(
        each
        for each in dict.fromkeys(variables)
        if _claim(each, by) in wanted and existence(each, protocol, by, use) not in _NOWHERE
    )


def _claim(variable: str, by: AuthenticatedBy) -> str:
    if by is AuthenticatedBy.LAMBDA:
        key = variable.removeprefix("authorizer.")
        return "sub" if key == "principalId" else key if key != variable else ""
    return variable.removeprefix("authorizer.claims.") if variable.startswith("authorizer.claims.") else ""
