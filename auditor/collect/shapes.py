"""What a credential looks like in any text. Each pattern names the part that goes: `secret`."""

import re

_NAMES = r"pass(?:word|wd|phrase)|pwd|secret|client_?secret|api[_-]?key|access[_-]?token|auth[_-]?token|token"

SHAPES: tuple[re.Pattern[str], ...] = (
    # A private key, also where its line breaks are escaped.
    re.compile(r"(?P<secret>-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z))", re.DOTALL),
    # A JSON Web Token.
    re.compile(r"(?P<secret>\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*)"),
    # An Authorization value. A digit tells a credential from the words "basic authentication".
    re.compile(r"\b(?:[Bb]earer|[Bb]asic|BEARER|BASIC)\s+(?P<secret>(?=[^\s\"']*[0-9])[A-Za-z0-9._~+/=-]{8,})"),
    # A password inside a URL.
    re.compile(r"://[^/\s:@\"']+:(?P<secret>[^@/\s\"']+)@"),
    # A secret access key: forty characters of upper case, lower case and digits.
    re.compile(
        r"(?<![A-Za-z0-9/+=_-])(?P<secret>(?=[^\s]{0,39}[A-Z])(?=[^\s]{0,39}[a-z])(?=[^\s]{0,39}[0-9])"
        r"[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=_-])"
    ),
    # Tokens of well-known services, by their prefixes.
    re.compile(r"(?P<secret>\b(?:sk|pk|rk)_(?:live|test)_[A-Za-z0-9]{8,})"),
    re.compile(r"(?P<secret>\bgh[pousr]_[A-Za-z0-9]{20,})"),
    re.compile(r"(?P<secret>\bxox[abprs]-[A-Za-z0-9-]{10,})"),
    # A member of a JSON text inside a text: "password": "…", its quotes perhaps escaped.
    re.compile(rf"(?i)(?<![\w-])(?:{_NAMES})\\*[\"']\s*:\s*\\*[\"'](?P<secret>[^\"'\\]{{6,}})"),
    # An assignment in prose or a template: password=…; not the word inside an ARN or a path.
    re.compile(rf"(?i)(?<![:/\w.-])(?:{_NAMES})\s*[=:]\s*(?P<secret>[^\s\"'`,;&<>(){{}}\\]{{6,}})"),
)
