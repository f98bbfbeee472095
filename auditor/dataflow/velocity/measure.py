"""How much a template does: the score, its band, and whether one sentence can say it."""

from collections.abc import Iterable

from auditor.dataflow.velocity.flow import Followed
from auditor.dataflow.velocity.taken import is_every
from auditor.dataflow.velocity.template import Band
from auditor.dataflow.velocity.tree import Tree
from auditor.model.transform import Source, Space

_COUNTED = frozenset(Space) - {Space.GATEWAY, Space.STAGE_VARIABLE, Space.STATIC, Space.UNKNOWN}
"""What API Gateway knows of itself is nobody's input."""
_ALL = 3
_MACRO = 5
_OVERRIDE = 3
_FREE_FUNCTION = "escapeJavaScript"
_PLAIN_UP_TO = 3
_LOOK_UP_TO = 7
_MOST_INPUTS = 5


def inputs(followed: Followed) -> int:
    """Return how much a template takes: all parameters count three, a whole body and each single value one."""
    sources = {each.source for each in followed.tokens.all if each.counts}
    return weight(sources)


def weight(sources: Iterable[Source]) -> int:
    """Return how much different sources count."""
    counted = [each for each in sources if each.space in _COUNTED]
    everything = any(is_every(each) for each in counted)
    return sum(not is_every(each) for each in counted) + _ALL * everything


def score(tree: Tree, followed: Followed) -> int:
    """Return the score of dataflow.md section 2.3."""
    return (
        inputs(followed)
        + 2 * tree.branches
        + 2 * tree.loops
        + _OVERRIDE * len(followed.changes)
        + 2 * max(tree.depth - 1, 0)
        + max(tree.sets - 1, 0)
        + sum(name != _FREE_FUNCTION for name in tree.utils)
        + _MACRO * tree.macros
    )


def band(points: int) -> Band:
    """Return the band of a score."""
    if points <= _PLAIN_UP_TO:
        return Band.PLAIN
    return Band.LOOK if points <= _LOOK_UP_TO else Band.TOO_MUCH


def fits(tree: Tree, followed: Followed) -> bool:
    """Return whether one sentence can say what a template does."""
    if tree.troubles or followed.trouble is not None:
        return False
    return (
        tree.depth <= 1
        and tree.branches <= 1
        and tree.loops <= 1
        and len(followed.changes) <= 1
        and inputs(followed) <= _MOST_INPUTS
        and not tree.macros
    )
