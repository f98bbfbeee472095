"""Options turned into Flags, and Flags into a Config; loaded only inside a command."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.config import Config


def configured(
    config: Path | None,
    store: str | None,
    *,
    profile: str | None = None,
    regions: list[str] | None = None,
    accounts: list[str] | None = None,
    role_name: str | None = None,
    role_arn: str | None = None,
    external_id: str | None = None,
) -> "Config":
    """Return the configuration in force for what the command line said."""
    from auditor.config import Flags, load

    return load(
        Flags(
            config=config,
            store=store,
            profile=profile,
            regions=tuple(regions or ()),
            accounts=tuple(accounts or ()),
            role_name=role_name,
            role_arn=role_arn,
            external_id=external_id,
        )
    )
