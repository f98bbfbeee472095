"""What a credential looks like in any text. Each pattern names the part that goes: `secret`."""

import re

_NAMES = r"pass(?:word|wd|phrase)|pwd|secret|client_?secret|api[_-]?key|access[_-]?token|auth[_-]?token|token"

NAMED: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "a private key in PEM, also where its line breaks are escaped",
        re.compile(
            r"(?P<secret>-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z))", re.DOTALL
        ),
    ),
    (
        "a JSON Web Token",
        re.compile(r"(?P<secret>\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*)"),
    ),
    (
        # A digit tells a credential from the words "basic authentication".
        "the value of an Authorization header: Bearer or Basic, and a text with a digit in it",
        re.compile(r"\b(?:[Bb]earer|[Bb]asic|BEARER|BASIC)\s+(?P<secret>(?=[^\s\"']*[0-9])[A-Za-z0-9._~+/=-]{8,})"),
    ),
    (
        "a password inside a URL",
        re.compile(r"://[^/\s:@\"']+:(?P<secret>[^@/\s\"']+)@"),
    ),
    (
        "a secret access key: forty characters with upper case, lower case and digits",
        re.compile(
            r"(?<![A-Za-z0-9/+=_-])(?P<secret>(?=[^\s]{0,39}[A-Z])(?=[^\s]{0,39}[a-z])(?=[^\s]{0,39}[0-9])"
            r"[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=_-])"
        ),
    ),
    (
        "a payment service's key: sk_, pk_ or rk_, live or test",
        re.compile(r"(?P<secret>\b(?:sk|pk|rk)_(?:live|test)_[A-Za-z0-9]{8,})"),
    ),
    (
        "a GitHub token: gho_, ghp_, ghr_, ghs_ or ghu_",
        re.compile(r"(?P<secret>\bgh[pousr]_[A-Za-z0-9]{20,})"),
    ),
    (
        "a Slack token: xoxa-, xoxb-, xoxp-, xoxr- or xoxs-",
        re.compile(r"(?P<secret>\bxox[abprs]-[A-Za-z0-9-]{10,})"),
    ),
    (
        "a member of a JSON text inside a text, named like a secret",
        re.compile(rf"(?i)(?<![\w-])(?:{_NAMES})\\*[\"']\s*:\s*\\*[\"'](?P<secret>[^\"'\\]{{6,}})"),
    ),
    (
        # Not the word inside an ARN or a path.
        "an assignment in prose or a template: password=…, token: …",
        re.compile(rf"(?i)(?<![:/\w.-])(?:{_NAMES})\s*[=:]\s*(?P<secret>[^\s\"'`,;&<>(){{}}\\]{{6,}})"),
    ),
)
"""Each shape with its name, as docs/reads.md publishes it."""

SHAPES: tuple[re.Pattern[str], ...] = tuple(pattern for _, pattern in NAMED)
