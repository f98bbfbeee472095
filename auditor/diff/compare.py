"""The difference of two snapshots: resources, access, paths of routes, deviations, coverage and catalog, each apart."""

from auditor.diff.access import compare_access
from auditor.diff.catalog_changes import compare_catalogs
from auditor.diff.coverage import compare_coverage
from auditor.diff.deviations import compare_deviations
from auditor.diff.flows import compare_flows
from auditor.diff.resources import compare_resources
from auditor.diff.side import Side
from auditor.model.diff import Diff

__all__ = ["Side", "compare"]


def compare(old: Side, new: Side) -> Diff:
    """Return what changed from one snapshot to another, both judged under one catalog. `compare(a, a)` is empty."""
    access, in_doubt = compare_access(old, new)
    return Diff(
        old=old.estate.snapshot.id,
        new=new.estate.snapshot.id,
        resources=compare_resources(old, new),
        flows=compare_flows(old, new),
        access=access,
        deviations=compare_deviations(old, new),
        coverage=(*compare_coverage(old, new), *in_doubt),
        catalog=compare_catalogs(old.catalog, new.catalog),
    )
