"""Three values: yes, no, and nobody can tell."""

from collections.abc import Iterable

Verdict = bool | None
"""None: what was read does not decide it."""


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Return whether all hold: one no decides, else one unknown leaves it open."""
    found = tuple(verdicts)
    if False in found:
        return False
    return None if None in found else True


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Return whether any holds: one yes decides, else one unknown leaves it open."""
    found = tuple(verdicts)
    if True in found:
        return True
    return None if None in found else False


def inverse(verdict: Verdict) -> Verdict:
    """Return the opposite; unknown stays unknown."""
    return None if verdict is None else not verdict
