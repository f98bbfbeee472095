"""Every list that was asked for, read to its end or not, empty or not: what populations rest on."""

import re
from collections.abc import Iterable

from auditor.model.resource import Listing
from auditor.model.snapshot import Page
from auditor.normalize.interface import ListCall
from auditor.normalize.reading import Reading


def list_calls(reading: Reading, calls: Iterable[ListCall]) -> None:
    """Add a Listing for every list call of the shard, by (operation, parent)."""
    for call in calls:
        operation = call.operation
        found: dict[str | None, list[tuple[Page, int]]] = {}
        for read in reading.reads(operation):
            count = len(read.body.get(call.items) or ())
            found.setdefault(_parent(reading, call, read.page), []).append((read.page, count))
        for gap in reading.gaps:
            if gap.operation == operation:
                found.setdefault(gap.resource, [])
        for parent, pages in sorted(found.items(), key=lambda item: item[0] or ""):
            reading.listings.append(
                Listing(
                    kind=call.kind,
                    account=reading.key.account,
                    region=reading.key.region,
                    parent=parent,
                    operation=operation,
                    count=sum(count for _, count in pages),
                    complete=reading.gap(operation, parent) is None,
                    pages=tuple(page.sha256 for page, _ in pages),
                )
            )


def never_asked_lists(reading: Reading, calls: Iterable[ListCall]) -> None:
    """Add a list that was not read for each that an older auditor did not ask for: below each parent that is there."""
    for call in calls:
        if call.operation not in reading.never_asked:
            continue
        for parent in _parents_there(reading, call):
            reading.listings.append(
                Listing(
                    kind=call.kind,
                    account=reading.key.account,
                    region=reading.key.region,
                    parent=parent,
                    operation=call.operation,
                    count=0,
                    complete=False,
                    pages=(),
                )
            )


def _parents_there(reading: Reading, call: ListCall) -> Iterable[str | None]:
    if call.parent is None:
        return (None,)
    place = {"partition": reading.partition, "region": reading.key.region, "account": reading.key.account}
    # What the template takes from the call's parameters is one step of a path, or a name.
    pattern = re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(call.parent.format_map(_Kept(place)))))
    return sorted({each.arn for each in reading.resources if pattern.fullmatch(each.arn)})


class _Kept(dict[str, str]):
    """Leaves in place what is not known yet."""

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


def _parent(reading: Reading, call: ListCall, page: Page) -> str | None:
    if call.parent is None:
        return None
    place = {"partition": reading.partition, "region": reading.key.region, "account": reading.key.account}
    return call.parent.format_map({**{name: str(value) for name, value in page.parameters.items()}, **place})
