"""What no access log should hold: secrets, and what tells more of a person than who called."""

import re
from enum import StrEnum


class Sensitivity(StrEnum):
    """Why a variable should not be written."""

    SECRET = "secret"  # noqa: S105 - the word
    """Whoever reads the log can call as somebody else."""
    PERSONAL = "personal"
    """It tells more of a person than a log needs."""


_SECRET_KEY = re.compile(
    r"(^|[._-])((access|id|refresh|bearer|raw|auth|session|x)?[_-]?(token|jwt)|authorization(_?header)?|bearer"
    r"|password|passwd|secret|client_?secret|api_?key|x-api-key|private_?key|credentials?|cookie)$",
    re.IGNORECASE,
)
_PERSONAL_CLAIMS = frozenset(
    {
        "address",
        "birthdate",
        "email",
        "family_name",
        "gender",
        "given_name",
        "middle_name",
        "name",
        "nickname",
        "phone_number",
        "picture",
        "profile",
        "website",
    }
)


def sensitive(variable: str) -> Sensitivity | None:
    """Return why a variable should not stand in an access log; None: nothing is known against it.

    A key of a Lambda authorizer's context is judged by its name alone: what it holds is not known.
    """
    if variable == "identity.apiKey":
        return Sensitivity.SECRET
    if variable == "identity.clientCert.clientCertPem":
        return Sensitivity.PERSONAL
    if not variable.startswith(("authorizer.", "requestOverride.header.")):
        return None
    key = variable.partition(".")[2].removeprefix("header.").removeprefix("jwt.").removeprefix("claims.")
    if _SECRET_KEY.search(key):
        return Sensitivity.SECRET
    return Sensitivity.PERSONAL if key.lower() in _PERSONAL_CLAIMS else None
