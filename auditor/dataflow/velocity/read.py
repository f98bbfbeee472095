"""Reads a template: text in, what it does out. Never raises, never executes."""

from functools import lru_cache

from auditor.dataflow.velocity.analysis import Analysis, analyse
from auditor.dataflow.velocity.flow import Change
from auditor.dataflow.velocity.measure import band, fits, score
from auditor.dataflow.velocity.template import Input, Override, Template
from auditor.dataflow.velocity.tokens import Token
from auditor.model.transform import Source

_KEPT = 4096
_LONGEST_REFERENCE = 120


@lru_cache(maxsize=_KEPT)
def read(text: str) -> Template:
    """Return what a template does. Values of `$input` are the client's; in a response template they are the back end's."""
    found = analyse(text)
    tree, followed = found.tree, found.followed
    points = score(tree, followed)
    return Template(
        inputs=tuple(_input(each, found) for each in sorted(followed.tokens.all, key=lambda token: token.at)),
        overrides=tuple(_override(each, found) for _, each in sorted(followed.changes.items())),
        output_keys=followed.output.keys,
        branches=tree.branches,
        loops=tree.loops,
        macros=tree.macros,
        sets=tree.sets,
        depth=tree.depth,
        utils=tree.utils,
        lines=sum(1 for line in text.splitlines() if line.strip()),
        troubles=found.troubles,
        score=points,
        band=band(points),
        fits=fits(tree, followed),
    )


def _input(token: Token, found: Analysis) -> Input:
    text = found.text[token.at : token.end]
    return Input(
        source=token.source,
        text=text if len(text) <= _LONGEST_REFERENCE else text[: _LONGEST_REFERENCE - 1] + "…",
        at=found.places.position(token.at),
        is_printed=token.is_printed,
        is_quoted=token.is_quoted,
        is_escaped=token.is_printed and token.is_escaped,
    )


def _override(change: Change, found: Analysis) -> Override:
    sources: dict[Source, None] = dict.fromkeys(each.source for each in found.followed.tokens.of(change.value))
    return Override(change.side, change.part, change.name, tuple(sources), found.places.position(change.at))
