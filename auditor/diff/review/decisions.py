"""What reviewers decided before, from the register `access_review`."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property

from auditor.model.register import AccessDecision


@dataclass(frozen=True)
class Decisions:
    """The entries of the register, looked up by principal."""

    entries: tuple[AccessDecision, ...]

    def on(self, principal: str, targets: tuple[str, ...]) -> AccessDecision | None:
        """Return the last decision on a line: to revoke any of its targets, else to keep all of them (then the oldest)."""
        found = [self._on(principal, each) for each in targets]
        known = [each for each in found if each is not None]
        revoked = [each for each in known if each.decision == "revoke"]
        if revoked:
            return max(revoked, key=lambda each: each.date)
        return min(known, key=lambda each: each.date) if known and len(known) == len(found) else None

    def _on(self, principal: str, target: str) -> AccessDecision | None:
        entries = (each for each in self._by_principal.get(principal, ()) if _speaks_of(each, target))
        return max(entries, key=lambda each: (each.date, each.decision), default=None)

    @cached_property
    def _by_principal(self) -> Mapping[str, list[AccessDecision]]:
        found: dict[str, list[AccessDecision]] = defaultdict(list)
        for each in self.entries:
            found[each.grant.principal].append(each)
        return found


def _speaks_of(entry: AccessDecision, target: str) -> bool:
    if entry.grant.target == target:
        return True
    # fnmatch knows `?` and `[` too; an ARN's are meant as they stand.
    pattern = (entry.grant.route or "").replace("[", "[[]").replace("?", "[?]")
    return bool(pattern) and fnmatchcase(target, pattern)
