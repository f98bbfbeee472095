"""What became of the controls themselves, so that a changed control does not look like a changed estate."""

from collections.abc import Iterator

from pydantic import JsonValue

from auditor.model.control import Catalog, Control
from auditor.model.diff import CatalogChange


def compare_catalogs(old: Catalog | None, new: Catalog | None) -> tuple[CatalogChange, ...]:
    """Return controls that came, went, or changed their version or parameters, by id; none where unrecorded."""
    if old is None or new is None:
        return ()
    before = {each.id: each for each in old.controls}
    after = {each.id: each for each in new.controls}
    return tuple(
        change
        for control in sorted(before.keys() | after.keys())
        for change in _changes(control, before.get(control), after.get(control))
    )


def _changes(control: str, old: Control | None, new: Control | None) -> Iterator[CatalogChange]:
    if old is None or new is None:
        yield CatalogChange(
            control=control,
            change="added" if old is None else "removed",
            old=old.version if old else None,
            new=new.version if new else None,
        )
        return
    if old.version != new.version:
        yield CatalogChange(control=control, change="version", old=old.version, new=new.version)
    before, after = _parameters(old), _parameters(new)
    differing = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    if differing:
        yield CatalogChange(
            control=control,
            change="parameter",
            old={name: before[name] for name in differing if name in before},
            new={name: after[name] for name in differing if name in after},
        )


def _parameters(control: Control) -> dict[str, JsonValue]:
    return {name: each.value for name, each in control.parameters.items()}
