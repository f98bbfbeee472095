"""Which environment something belongs to, and by when a deviation is due: what auditor.toml says about both."""

from collections.abc import Mapping
from fnmatch import fnmatchcase

from pydantic import Field

from auditor.model.base import Frozen

PRODUCTION = "production"


class EnvironmentRule(Frozen):
    """What belongs to an environment: any of these accounts, stages (`prod*`) or tags."""

    accounts: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    tags: dict[str, str] = Field(default_factory=dict)

    def holds(self, account: str, stage: str | None, tags: Mapping[str, str]) -> bool:
        """Return whether something belongs here."""
        return (
            account in self.accounts
            or (stage is not None and any(fnmatchcase(stage, pattern) for pattern in self.stages))
            or any(tags.get(name) == value for name, value in self.tags.items())
        )


class Environments(Frozen):
    """The environments by name; without any, everything is production."""

    rules: dict[str, EnvironmentRule] = Field(default_factory=dict)

    def of(self, account: str, stage: str | None, tags: Mapping[str, str]) -> str:
        """Return the environment of something: production first, then by name.

        What no rule holds is production where production itself has no rule, else `undeclared`.
        """
        for name in sorted(self.rules, key=lambda each: (each != PRODUCTION, each)):
            if self.rules[name].holds(account, stage, tags):
                return name
        return "undeclared" if PRODUCTION in self.rules else PRODUCTION


class Sla(Frozen):
    """Days until a deviation is due, by severity; None: no due date."""

    critical: int | None = None
    high: int | None = None
    medium: int | None = None
    low: int | None = None
