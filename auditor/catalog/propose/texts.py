"""The files that `auditor init` writes, as text: auditor.toml and one proposal a register. Everything in them is a comment."""

import json
from collections.abc import Iterator, Mapping
from string import Template

from pydantic import JsonValue

from auditor.assets import templates_dir
from auditor.catalog.propose import identities, reviews, routes
from auditor.catalog.propose.interface import Entry, Proposer
from auditor.model.estate import Estate
from auditor.model.snapshot import Snapshot

PROPOSERS: tuple[Proposer, ...] = tuple(
    sorted((*routes.PROPOSERS, *identities.PROPOSERS, *reviews.PROPOSERS), key=lambda each: each.register)
)

_HINTS = {
    "owner": "who answers for it",
    "reason": "why",
    "approved_by": "who decided it",
    "approved_on": "YYYY-MM-DD",
    "review_by": "YYYY-MM-DD, when it is looked at again",
    "last_tested": "YYYY-MM-DD",
    "internal": "true | false",
    "kind": "machine | agent",
    "acts_for_users": "true | false",
    "decision": "keep | revoke",
    "reviewer": "who decided it",
    "date": "YYYY-MM-DD",
}
_HEAD = """\
# $title
#
# Proposed from snapshot $snapshot. Nothing here is in force: every entry is a comment, and
# auditor.toml names another file. To declare what is meant to be:
#
#   1. copy those entries, without "# ", into $file, and fill in what is empty;
#   2. name that file in auditor.toml:  [registers]  $register = "$file"
#
# Go through the whole list first: once a register is named, what it does not hold counts as not approved.
$warning"""
_INCOMPLETE = "# The snapshot has gaps ($gaps): something may be missing here.\n"


def file_of(register: str) -> str:
    """Return where a register is meant to stand, below the folder of auditor.toml."""
    return f"registers/{register.replace('_', '-')}.yaml"


def proposals(estate: Estate) -> Mapping[str, tuple[str, int]]:
    """Return the text of each register's proposal and the number of its entries, by register; those without any are left out."""
    found: dict[str, tuple[str, int]] = {}
    for proposer in PROPOSERS:
        entries = tuple(proposer.entries(estate))
        if entries:
            found[proposer.register] = (_text(proposer, entries, estate.snapshot), len(entries))
    return found


def configuration(snapshot: Snapshot | None) -> str:
    """Return a commented auditor.toml, with the accounts and regions of a snapshot where there is one."""
    accounts = snapshot.scope.accounts if snapshot is not None else ("111122223333",)
    regions = snapshot.scope.regions if snapshot is not None else ("eu-west-1",)
    template = Template((templates_dir() / "auditor.toml").read_text(encoding="utf-8"))
    return template.substitute(accounts=json.dumps(list(accounts)), regions=json.dumps(list(regions)))


def _text(proposer: Proposer, entries: tuple[Entry, ...], snapshot: Snapshot) -> str:
    warning = Template(_INCOMPLETE).substitute(gaps=len(snapshot.gaps)) if snapshot.gaps else ""
    head = Template(_HEAD).substitute(
        title=proposer.title,
        snapshot=snapshot.id,
        file=file_of(proposer.register),
        register=proposer.register,
        warning=warning,
    )
    lines = [line for entry in entries for line in _lines(proposer, entry)]
    return head + "\n" + "\n".join(f"# {line}".rstrip() if line else "" for line in lines) + "\n"


def _lines(proposer: Proposer, entry: Entry) -> Iterator[str]:
    """Yield an entry's lines: known members, those that a person must fill in empty, the optional ones not at all."""
    yield f"## {_one_line(entry.about)}"
    lead = "- "
    for name, field in proposer.model.model_fields.items():
        if name in entry.known:
            yield f"{lead}{name}: {_scalar(entry.known[name])}"
        elif field.is_required():
            hint = _HINTS.get(name)
            yield f"{lead}{name}:" + (f"   # {hint}" if hint else "")
        else:
            continue
        lead = "  "
    yield ""


def _scalar(value: JsonValue) -> str:
    """Return a value as YAML that is JSON too, so that no name of an estate can be more than a text."""
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isprintable() else json.dumps(value)


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)
