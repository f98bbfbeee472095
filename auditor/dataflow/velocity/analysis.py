"""Reading a template once, for everything that is asked of it."""

from dataclasses import dataclass
from functools import lru_cache

from auditor.dataflow.velocity.flow import Followed, follow
from auditor.dataflow.velocity.lexer import Places
from auditor.dataflow.velocity.parser import parse
from auditor.dataflow.velocity.template import Trouble
from auditor.dataflow.velocity.tree import Tree

_LONGEST = 300 * 1024
"""Characters. API Gateway takes no template as long as this (developer guide, quotas)."""
_KEPT = 256


@dataclass(frozen=True, slots=True)
class Analysis:
    """A tree, what becomes of its values, and where things stand."""

    text: str
    tree: Tree
    followed: Followed
    places: Places

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        """Return what was not understood, in the order of the text."""
        found = [*self.tree.troubles, *([self.followed.trouble] if self.followed.trouble else [])]
        return tuple(Trouble(what, self.places.position(at)) for what, at in sorted(found, key=lambda each: each[1]))


@lru_cache(maxsize=_KEPT)
def analyse(text: str) -> Analysis:
    """Return what a template is and does; of one that is too long, only that."""
    if len(text) > _LONGEST:
        tree = parse("")
        too_long = Followed(trouble=(f"the template is longer than {_LONGEST} characters", _LONGEST))
        return Analysis(text, tree, too_long, Places(text))
    tree = parse(text)
    return Analysis(text, tree, follow(tree), Places(text))
