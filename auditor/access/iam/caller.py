"""Who asks: an identity of AWS or nobody, and under which of its names a policy may name it.

IAM user guide, "AWS JSON policy elements: Principal" and "NotPrincipal".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum

from auditor.access.iam.context import Context
from auditor.access.iam.truth import Truth, negated
from auditor.access.policy import Effect, Principal, Statement

_IAM = re.compile(r"(?P<start>arn:[^:]+):iam::(?P<account>[0-9]{12}):(?P<what>root|user|role)(?:/(?P<name>.+))?")
_STS = re.compile(
    r"(?P<start>arn:[^:]+):sts::(?P<account>[0-9]{12}):(?P<what>assumed-role|federated-user)/(?P<name>[^/]+)(?:/(?P<session>.+))?"
)
_ACCOUNT = re.compile(r"(?:arn:[^:]+:iam::)?(?P<account>[0-9]{12})(?::root)?")
_DELETED = re.compile(r"A(?:ROA|IDA|GPA|NPA)[A-Z0-9]{10,}")
_SESSION_OF_ROLE = re.compile(r"arn:[^:]+:sts::(?P<account>[0-9]{12}):assumed-role/(?P<role>[^/]+)/(?P<session>.+)")


class Kind(StrEnum):
    """What asks; the values are those of aws:PrincipalType where there is one."""

    USER = "User"
    ROLE = "AssumedRole"
    """A role, through whichever session."""
    FEDERATED_USER = "FederatedUser"
    ROOT = "Account"
    SERVICE = "Service"
    ANONYMOUS = "Anonymous"


class Named(Enum):
    """How a policy names a caller: it decides what else bounds the grant inside one account."""

    DIRECTLY = "directly"
    """The user, the session, the service, or everyone."""
    ROLE = "role"
    """The role of the session: bounded by permissions boundary and session policy."""
    ACCOUNT = "account"
    """The account: that delegates to its identity policies, and grants nothing by itself inside the account."""


@dataclass(frozen=True, slots=True)
class Caller:
    """One caller. `arn` of a role is the role's; `session` its session's own name where that is known."""

    kind: Kind
    arn: str
    account: str
    name: str = ""
    session: str = ""
    path: str = ""
    """Of a role, where the snapshot tells it: a session's ARN does not."""
    is_bounded: bool = False
    """Whether a permissions boundary is set on it: then a Deny with NotPrincipal always means it."""

    @property
    def is_service_linked(self) -> bool:
        """Return whether it is a service-linked role: no policy of the organization binds it."""
        return self.path.startswith("aws-service-role")

    @property
    def keys(self) -> Mapping[str, tuple[str, ...]]:
        """Return the condition keys that follow from who asks."""
        match self.kind:
            case Kind.ANONYMOUS:
                return {}
            case Kind.SERVICE:
                return {"aws:principalisawsservice": ("true",), "aws:principalservicename": (self.arn,)}
            case Kind.USER | Kind.ROLE | Kind.FEDERATED_USER | Kind.ROOT:
                if not self.account:
                    # Anyone with an identity: which one, nobody can tell.
                    return {"aws:principalisawsservice": ("false",)}
                own = {"aws:username": (self.name,)} if self.kind is Kind.USER else {}
                return {
                    "aws:principalarn": (self.arn,),
                    "aws:principalaccount": (self.account,),
                    "aws:principaltype": (self.kind.value,),
                    "aws:principalisawsservice": ("false",),
                    **own,
                }

    @property
    def missing(self) -> frozenset[str]:
        """Return the condition keys that such a caller never has."""
        match self.kind:
            case Kind.ANONYMOUS:
                return _ALL_OF_PRINCIPALS
            case Kind.SERVICE:
                return _ALL_OF_PRINCIPALS - {"aws:principalisawsservice", "aws:principalservicename"}
            case Kind.USER:
                return _OF_SERVICES
            case _ if not self.account:
                # Anyone with an identity: it may be a user.
                return _OF_SERVICES
            case Kind.ROLE | Kind.FEDERATED_USER | Kind.ROOT:
                return _OF_SERVICES | {"aws:username"}


_OF_SERVICES = frozenset({"aws:principalservicename", "aws:principalservicenameslist"})
_ALL_OF_PRINCIPALS = _OF_SERVICES | {
    "aws:principalarn",
    "aws:principalaccount",
    "aws:principaltype",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principaltag/",
    "aws:principalisawsservice",
    "aws:username",
    "aws:userid",
    "aws:multifactorauthpresent",
    "aws:multifactorauthage",
    "aws:tokenissuetime",
    "aws:federatedprovider",
    "aws:rolesessionname",
}

ANONYMOUS = Caller(Kind.ANONYMOUS, "", "")
SOMEBODY = Caller(Kind.ROLE, "*", "")
"""Anyone with an identity of AWS, in whichever account."""


def caller(arn: str) -> Caller:
    """Return the caller that an ARN names, or the service of a service's name; raise ValueError for any other text."""
    if (found := _IAM.fullmatch(arn)) is not None:
        return _of_iam(arn, found)
    if (found := _STS.fullmatch(arn)) is not None:
        name, account = found["name"], found["account"]
        if found["what"] == "federated-user":
            return Caller(Kind.FEDERATED_USER, arn, account, name)
        return Caller(Kind.ROLE, f"{found['start']}:iam::{account}:role/{name}", account, name, found["session"] or "")
    if arn.endswith((".amazonaws.com", ".amazonaws.com.cn")):
        return Caller(Kind.SERVICE, arn, "")
    raise ValueError(f"{arn} names no user, role, session, root user or service")


def _of_iam(arn: str, found: re.Match[str]) -> Caller:
    account, what, name = found["account"], found["what"], (found["name"] or "").rpartition("/")
    if what == "root":
        return Caller(Kind.ROOT, arn, account)
    kind = Kind.USER if what == "user" else Kind.ROLE
    return Caller(kind, arn, account, name[2], path=name[0])


def speaks_of(statement: Statement, who: Caller, named: Named) -> Truth:
    """Return whether a statement's Principal or NotPrincipal means the caller, named in this way."""
    if statement.not_principals:
        return _all_but(statement, who) if named is Named.DIRECTLY else Truth.NO
    found = Truth.NO
    for each in statement.principals:
        truth, how = _names(each, who)
        if how is named and truth > found:
            found = truth
    return found


def deleted(statement: Statement) -> tuple[str, ...]:
    """Return the principals of a statement that were deleted: their unique ids stand where their ARNs stood."""
    return tuple(
        each.value for each in (*statement.principals, *statement.not_principals) if _DELETED.fullmatch(each.value)
    )


def names_aws_only(statement: Statement) -> bool:
    """Return whether the principals are AWS accounts, roles or users by full name: never an anonymous caller."""
    plain = all(each.kind == "AWS" and not set(each.value) & set("*?$") for each in statement.principals)
    return bool(statement.principals) and plain


def _names(named: Principal, who: Caller) -> tuple[Truth, Named]:
    """Return whether a principal of a policy is the caller, and how it names it."""
    if named.is_everyone:
        return Truth.YES, Named.DIRECTLY
    if who.kind is Kind.ANONYMOUS:
        return Truth.NO, Named.DIRECTLY
    if who.kind is Kind.SERVICE or named.kind == "Service":
        return (Truth.YES if (named.kind, named.value) == ("Service", who.arn) else Truth.NO), Named.DIRECTLY
    if named.kind != "AWS":
        # Federated users reach a route through a role; a canonical id is S3's name of an account.
        return (Truth.NO if named.kind == "Federated" else Truth.UNKNOWN), Named.DIRECTLY
    return _names_identity(named.value, who)


def _names_identity(value: str, who: Caller) -> tuple[Truth, Named]:
    if _DELETED.fullmatch(value):
        return Truth.NO, Named.DIRECTLY
    if set(value) & set("*?$"):
        # A principal takes no wildcards but the bare one: what AWS makes of it is not documented.
        return Truth.UNKNOWN, Named.DIRECTLY
    if (account := _ACCOUNT.fullmatch(value)) is not None:
        direct = who.kind is Kind.ROOT
        is_own = account["account"] == who.account
        return (Truth.YES if is_own else Truth.NO), Named.DIRECTLY if direct else Named.ACCOUNT
    if who.kind is Kind.ROLE:
        return _names_role(value, who)
    return (Truth.YES if value == who.arn else Truth.NO), Named.DIRECTLY


def _names_role(value: str, who: Caller) -> tuple[Truth, Named]:
    session = _SESSION_OF_ROLE.fullmatch(value)
    if session is None:
        return (Truth.YES if _is_role(value, who) else Truth.NO), Named.ROLE
    if (session["account"], session["role"]) != (who.account, who.name):
        return Truth.NO, Named.DIRECTLY
    if not who.session:
        return Truth.IF, Named.DIRECTLY
    return (Truth.YES if session["session"] == who.session else Truth.NO), Named.DIRECTLY


def _is_role(value: str, who: Caller) -> bool:
    """Return whether an ARN is the caller's role; a session does not tell its role's path, so there the name decides."""
    if value == who.arn:
        return True
    found = _IAM.fullmatch(value)
    is_session = bool(who.session) and not who.path
    return (
        is_session
        and found is not None
        and (found["what"], found["account"]) == ("role", who.account)
        and found["name"].rpartition("/")[2] == who.name
    )


def _all_but(statement: Statement, who: Caller) -> Truth:
    """Return whether NotPrincipal leaves the caller in.

    To be left out, its account must be listed beside it, and for a role its session too (IAM user guide, "NotPrincipal"):
    where only some of these names are, nobody can tell from the documentation.
    """
    if statement.effect is Effect.DENY and who.is_bounded:
        return Truth.YES
    found = [_names(each, who) for each in statement.not_principals]
    by_name = max((truth for truth, how in found if how is not Named.ACCOUNT), default=Truth.NO)
    by_account = max((truth for truth, how in found if how is Named.ACCOUNT), default=Truth.NO)
    if who.kind in {Kind.ANONYMOUS, Kind.SERVICE, Kind.ROOT} or by_name is Truth.NO:
        return negated(by_name)
    return Truth.NO if by_name is by_account is Truth.YES else Truth.UNKNOWN


def context_of(who: Caller, context: Context) -> Context:
    """Return a context with the keys that follow from the caller; what is told already stands."""
    told = {key: values for key, values in who.keys.items() if key not in context.told}
    missing = frozenset(each for each in who.missing if each not in context.told)
    return context.with_told(told, missing)
