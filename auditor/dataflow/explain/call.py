"""One call as a person describes it, parsed once: what is said of it, and nothing that is not said."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from auditor.access.iam.caller import caller
from auditor.dataflow.explain.claims import Claims
from auditor.errors import UsageError

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
ANONYMOUS = "anonymous"
_LONGEST = 10_240
"""Bytes of a request line and headers that API Gateway takes: no longer path reaches a route."""
_SHOWN = 60
_PATH = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@{}/-]*")
_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_ENDPOINT = re.compile(r"vpce-[0-9a-z]+")
_PRINCIPAL = re.compile(
    r"arn:[^:]+:(iam|sts)::(?P<account>[0-9]{12}):(?P<kind>user|role|assumed-role|root|federated-user)(/.+)?"
)
_CONTENT = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(\s*;.*)?")
_KEY = re.compile(r"[A-Za-z0-9]+")
_CONNECTING = frozenset({"GET", "CONNECT", "$connect"})
_NEXT = "Give the method and the URL as the client sends them, for instance GET https://api.example.com/v1/orders."


@dataclass(frozen=True, slots=True)
class Call:
    """One call."""

    method: str
    """HTTP method; of WebSocket APIs the route key of the message, `$connect` for the connection."""
    host: str
    """Lower case."""
    path: str
    """Begins with `/`."""
    is_websocket: bool
    principal: str | None = None
    """ARN of who signed it; `anonymous`: neither signature nor token; None: not told."""
    claims: Claims | None = None
    address: IPv4Address | IPv6Address | None = None
    endpoint: str | None = None
    """Id of the VPC endpoint that it comes through."""
    api_key_id: str | None = None
    content_type: str | None = None

    @property
    def is_anonymous(self) -> bool:
        """Return whether the call certainly carries no identity."""
        return self.principal == ANONYMOUS

    @property
    def signer(self) -> str | None:
        """Return the ARN of who signed the call; None where nobody did, or it is not told."""
        return None if self.is_anonymous else self.principal


@dataclass(frozen=True, slots=True)
class Options:
    """What is said of a call besides its method and its URL."""

    principal: str | None = None
    claims: Claims | None = None
    source: str | None = None
    api_key_id: str | None = None
    content_type: str | None = None


def parse(method: str, url: str, options: Options) -> Call:
    """Return the call; raise UsageError, with what is wrong and what to do, where it cannot be one."""
    scheme, host, path = _address(url)
    is_websocket = scheme == "wss"
    address, endpoint = _source(options.source)
    if options.claims is not None and options.principal is not None:
        raise UsageError("a call is signed (--as) or carries a token (--token), not both", "Give one of them.")
    return Call(
        method=_route_key(method) if is_websocket else _method(method),
        host=host,
        path=path,
        is_websocket=is_websocket,
        principal=_principal(options.principal),
        claims=options.claims,
        address=address,
        endpoint=endpoint,
        api_key_id=_formed(options.api_key_id, _KEY, "is no id of an API key", "Give the id, never the key itself."),
        content_type=_formed(options.content_type, _CONTENT, "is no content type", "For instance: application/json"),
    )


def shown(text: str) -> str:
    """Return a text for a message: what is too long is cut."""
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


def _address(url: str) -> tuple[str, str, str]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UsageError(f"{shown(url)} is no URL", _NEXT) from error
    problem = _problem(parts.scheme, parts.netloc, url, parts.path)
    host = (parts.hostname or "").rstrip(".")
    if problem is None and not _HOST.fullmatch(host):
        problem = "has no host name that an API answers to"
    if problem is None and port not in {None, 443}:
        problem = f"names port {port}; API Gateway answers on 443 alone"
    if problem is not None:
        raise UsageError(f"the URL {shown(url.rpartition('@')[2] if '@' in parts.netloc else url)} {problem}", _NEXT)
    return parts.scheme, host, parts.path or "/"


def _problem(scheme: str, netloc: str, url: str, path: str) -> str | None:
    """Return the first thing that keeps a URL from naming a route."""
    parts = set(path.split("/"))
    found = (
        ("has no scheme: it begins with https:// or wss://", "://" not in url or not scheme),
        ("is no https:// or wss:// URL; API Gateway answers to no other", scheme not in {"https", "wss"}),
        ("names a user; API Gateway knows none", "@" in netloc),
        ("has a query; routes are chosen without it, so leave it out", "?" in url),
        ("has a fragment, which is never sent", "#" in url),
        (f"has a path of more than {_LONGEST} characters, which API Gateway does not take", len(path) > _LONGEST),
        ("is percent-encoded; give the path as it is before encoding", "%" in path),
        ("has characters that do not stand in a path", not _PATH.fullmatch(path)),
        ("has `.`, `..` or an empty part in its path; give it as clients resolve it", bool({".", ".."} & parts)),
        ("has two slashes in a row in its path; give it as clients resolve it", "//" in path),
    )
    return next((problem for problem, is_so in found if is_so), None)


def _method(method: str) -> str:
    if method.upper() not in METHODS:
        raise UsageError(f"{shown(method)} is no method of a route", f"One of {', '.join(METHODS)}.")
    return method.upper()


def _route_key(method: str) -> str:
    if not method or len(method) > 128 or not method.isprintable():  # noqa: PLR2004 - no longer route key can be made
        raise UsageError(f"{shown(method)} is no route key", "For instance: auditor explain '$connect' wss://…")
    return "$connect" if method in _CONNECTING else method


def _principal(given: str | None) -> str | None:
    if given is None or given == ANONYMOUS or (_PRINCIPAL.fullmatch(given) and _is_caller(given)):
        return given
    raise UsageError(
        f"{shown(given)} is no principal", "Give the ARN of an IAM user, role or role session, or the word anonymous."
    )


def _is_caller(arn: str) -> bool:
    try:
        caller(arn)
    except ValueError:
        return False
    return True


def account_of(principal: str) -> str:
    """Return the account of a principal's ARN."""
    found = _PRINCIPAL.fullmatch(principal)
    if found is None:
        raise UsageError(f"{shown(principal)} is no principal", "Give the ARN of an IAM user, role or role session.")
    return found["account"]


def _source(given: str | None) -> tuple[IPv4Address | IPv6Address | None, str | None]:
    if given is None:
        return None, None
    if _ENDPOINT.fullmatch(given):
        return None, given
    try:
        return ip_address(given), None
    except ValueError as error:
        raise UsageError(
            f"{shown(given)} is no IP address and no VPC endpoint",
            "For instance: --from 203.0.113.7, --from vpce-0a1b2c3d",
        ) from error


def _formed(given: str | None, form: re.Pattern[str], problem: str, to_do: str) -> str | None:
    if given is None or form.fullmatch(given):
        return given
    raise UsageError(f"{shown(given)} {problem}", to_do)
