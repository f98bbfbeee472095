"""What every normalised configuration item has, and what is observed beside it."""

from typing import ClassVar

from pydantic import JsonValue

from auditor.model.base import Frozen
from auditor.model.fact import Fact


class Resource(Frozen):
    """A configuration item, identified by (account, region, ARN). Subclasses fix `kind` with a Literal."""

    cloudformation: ClassVar[str] = ""
    """CloudFormation's type name, as findings print it."""
    rests_on: ClassVar[tuple[str, ...]] = ()
    """Kinds of lists that must be whole for a population of this kind to be whole; empty: the kind's own list alone."""
    whole_list: ClassVar[str] = ""
    """ARN template that names the list of a whole account and region in findings; empty where lists stand below a parent,
    or where the kind is read only by name."""
    is_global: ClassVar[bool] = False
    """Whether it is asked for once an account, in region `aws-global`."""
    is_by_reference: ClassVar[bool] = False
    """Whether it is read only because another resource names it: that one's change is then the news."""

    arn: str
    account: str
    region: str
    name: str
    """As AWS shows it to people; the id where there is no name."""
    tags: Fact[dict[str, str]]

    @property
    def parents(self) -> tuple[str, ...]:
        """ARNs of what it stands below, nearest first."""
        return ()

    @classmethod
    def lists(cls) -> tuple[str, ...]:
        """Return the kinds of lists that a population of this kind rests on."""
        return cls.rests_on or (cls.__name__,)


class Observation(Frozen):
    """What belongs to a resource but not to its configuration: volatile facts, and the pages it was read from."""

    arn: str
    kind: str
    facts: dict[str, JsonValue]
    """Volatile members (last used, next rotation, warnings), by AWS's member names, keys sorted."""
    pages: tuple[str, ...]
    """sha256 of every page that this resource was derived from: its exhibits. Sorted."""


class Listing(Frozen):
    """One list, read to its end or not: what a population's completeness rests on. Empty lists are listings too."""

    kind: str
    """Class name of the resources listed, e.g. `Stage`."""
    account: str
    region: str
    parent: str | None
    """ARN of the parent for lists below a resource; None for region-wide ones."""
    operation: str
    count: int
    """Items read."""
    complete: bool
    """False where a gap ended the list early."""
    pages: tuple[str, ...]
    """sha256 of the pages, in the order read."""
    second_count: int | None = None
    """The same number from an independent path, where one exists."""
    second_source: str | None = None
    """Where `second_count` comes from, e.g. `iam:GetAccountSummary Users`."""
    second_as_of: str | None = None
    """ISO time of a cached second source (credential report); None where it is live."""
