"""Which lists hold a check's population, apart from those that it only looks things up in."""

from collections.abc import Callable

from auditor.model.estate import Estate
from auditor.model.resource import Listing, Resource


def holds(*kinds: type[Resource]) -> Callable[[Listing, Estate], bool]:
    """Return whether a list could hide a member of a population of these kinds.

    A check names the kinds that it looks things up in as well, so that `auditor doctor` can tell what a refused call takes
    from it; such a list hides no member, and each finding that needed it says so by itself.
    """
    lists = frozenset(name for kind in kinds for name in kind.lists())
    return lambda listing, _estate: listing.kind in lists
