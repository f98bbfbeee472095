"""Which stage variables say where calls go and are no secret: these values alone are kept, all others become digests.

A name AND a value must both say so, and where either leaves a doubt the value goes: a wrong digest costs a "not evaluated",
a wrong value a secret in the evidence.
"""

import re

_SECRET_PARTS = (
    "apikey",
    "auth",
    "bearer",
    "cert",
    "cipher",
    "cred",
    "crypt",
    "hash",
    "hmac",
    "jwt",
    "key",
    "login",
    "nonce",
    "pass",
    "pem",
    "pepper",
    "phrase",
    "private",
    "pwd",
    "salt",
    "secret",
    "seed",
    "session",
    "sign",
    "token",
    "webhook",
)
"""Anywhere in a name, also inside of a word, these make its value one that is never kept."""
_SECRET_WORDS = frozenset({"code", "otp", "pin", "pw", "sig"})
_ANYTHING = frozenset(
    {
        "alias",
        "api",
        "backend",
        "cluster",
        "domain",
        "endpoint",
        "env",
        "environment",
        "fn",
        "func",
        "function",
        "host",
        "hostname",
        "lambda",
        "link",
        "nlb",
        "origin",
        "port",
        "region",
        "role",
        "server",
        "service",
        "stage",
        "target",
        "upstream",
        "uri",
        "url",
        "version",
        "vpclink",
    }
)
"""Words of a name that say that it stands for a target, or for a part of one."""
_FUNCTIONS = frozenset({"fn", "func", "function", "lambda", "authorizer", "alias", "target"})
_LINKS = frozenset({"link", "vpclink"})
_VERSIONS = frozenset({"alias", "version"})
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_LONGEST = 2048
"""Characters of a value."""

_REGION = re.compile(r"[a-z]{2}(?:-[a-z]{3,9}){1,2}-[1-9]")
_LINK = re.compile(r"[a-z0-9]{6}")
_VERSION = re.compile(r"\$LATEST|[0-9]{1,4}|[0-9]{1,3}(?:\.[0-9]{1,3}){1,2}")
_PORT = re.compile(r"[0-9]{2,5}")
_ACCOUNT = r"[0-9]{12}"
_ARN = re.compile(
    rf"arn:aws[a-z-]*:(?:lambda:[a-z0-9-]+:{_ACCOUNT}:function:[A-Za-z0-9_-]{{1,64}}(?::[A-Za-z0-9_$-]{{1,128}})?"
    rf"|iam::{_ACCOUNT}:role/[A-Za-z0-9_+=,.@/-]{{1,256}}"
    rf"|elasticloadbalancing:[a-z0-9-]+:{_ACCOUNT}:(?:listener|loadbalancer)/(?:app|net)/[A-Za-z0-9-]{{1,32}}(?:/[0-9a-f]{{16}}){{1,2}})"
)
"""What AWS writes itself; no credential begins like that."""
_ADDRESS = re.compile(
    r"(?:(?:https?|wss?)://)?(?P<host>[a-z0-9][a-z0-9.-]{0,252})(?::[0-9]{2,5})?(?P<path>(?:/[^/?#@:]*)*)"
)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_IP = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")
_AWS_HOST = re.compile(r"(?:[a-z0-9-]+\.)+(?:amazonaws\.com(?:\.cn)?|on\.aws|cloudfront\.net|api\.aws)")
"""Names that AWS makes up hold random parts; they are addresses all the same."""
_SINGLE = re.compile(r"[a-z]{1,20}")
_CAMEL = re.compile(r"[a-z]{0,20}(?:[A-Z][a-z]{2,19})+")
_NUMBERED = re.compile(
    r"(?:a|alb|alpha|api|app|backend|beta|blue|demo|dev|elb|env|fn|gateway|green|host|http|int|lambda|live|nlb|node|perf|"
    r"preprod|prod|production|qa|r|release|sandbox|server|service|stage|staging|test|uat|v|web|worker)[0-9]{1,2}"
)
"""The only words that may carry digits: `hunter2` has the shape of a name, and is none."""
_UPPER = re.compile(r"PROD|PRODUCTION|STAGING|STAGE|TEST|DEV|DEVELOPMENT|LIVE|QA|UAT|INT|BLUE|GREEN|CANARY|BETA|ALPHA")
_PARTS = re.compile(r"[-_.:]")
_UNSPEAKABLE = re.compile(r"[^aeiouy]{5}|[aeiou]{4}|(.)\1\1|^[a-f]{8}")
"""Runs of letters that no word has; eight of a to f are a number to the base of sixteen."""


def is_target(name: str, value: str) -> bool:
    """Return whether a stage variable's name and its value both say that it is a target and no secret."""
    words = frozenset(each.lower() for each in _WORD.findall(name))
    if not value or len(value) > _LONGEST or _is_secret(name, words):
        return False
    hints = words & (_ANYTHING | {"authorizer"}) or _ending(name)
    return bool(hints) and _has_shape(value, hints)


def _is_secret(name: str, words: frozenset[str]) -> bool:
    """Return whether a name speaks of a secret. The function of an authorizer is none."""
    bare = name.lower().replace("authorizer", "")
    return any(part in bare for part in _SECRET_PARTS) or not words.isdisjoint(_SECRET_WORDS)


def _ending(name: str) -> frozenset[str]:
    """Return the hint that a name without separators ends in: `ordershost`."""
    bare = name.lower()
    return frozenset(each for each in _ANYTHING if len(each) > 2 and bare.endswith(each))  # noqa: PLR2004 - `fn` ends much


def _has_shape(value: str, hints: frozenset[str]) -> bool:
    if _ARN.fullmatch(value) or _is_address(value) or _REGION.fullmatch(value):
        return True
    if _LINK.fullmatch(value) and hints & _LINKS:
        return True
    if _VERSION.fullmatch(value) and hints & _VERSIONS:
        return True
    if _PORT.fullmatch(value) and "port" in hints:
        return True
    return _is_name(value, may_be_camel=bool(hints & _FUNCTIONS))


def _is_address(value: str) -> bool:
    found = _ADDRESS.fullmatch(value)
    if found is None:
        return False
    host = found["host"]
    is_host = bool(_IP.fullmatch(host) or _AWS_HOST.fullmatch(host)) or _is_host(host, may_be_bare="://" in value)
    return is_host and all(_is_step(each) for each in found["path"].split("/") if each)


def _is_host(host: str, *, may_be_bare: bool) -> bool:
    """Return whether labels are words; without a scheme a single one could be a user in front of a number."""
    labels = host.split(".")
    if not labels[-1].isalpha() or (len(labels) == 1 and not may_be_bare):
        return False
    return all(_LABEL.fullmatch(each) and all(_is_word(part) for part in each.split("-")) for each in labels)


def _is_step(step: str) -> bool:
    """Return whether a part of a path is a name or a placeholder: webhooks hide their secret in the path."""
    return _is_name(step.strip("{}+"), may_be_camel=False)


def _is_name(value: str, *, may_be_camel: bool) -> bool:
    parts = _PARTS.split(value)
    return all(_is_word(each) or (may_be_camel and _is_camel(each)) for each in parts)


def _is_word(word: str) -> bool:
    if _NUMBERED.fullmatch(word) or _UPPER.fullmatch(word):
        return True
    return bool(_SINGLE.fullmatch(word)) and not _UNSPEAKABLE.search(word)


def _is_camel(word: str) -> bool:
    return bool(_CAMEL.fullmatch(word)) and all(_is_word(each.lower()) for each in _WORD.findall(word))
