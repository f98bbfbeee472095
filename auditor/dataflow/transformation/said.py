"""The one sentence about all that is changed on one way."""

from collections.abc import Sequence

from auditor.model.transform import Transform


def request_sentence(found: Sequence[Transform]) -> str:
    """Return what is changed on the way to the back end."""
    return found[0].sentence if found else "Passes the request unchanged."


def response_sentence(found: Sequence[Transform]) -> str:
    """Return what becomes of the answer."""
    return found[0].sentence if found else "Passes the answer unchanged."
