"""What a collection is told: whom to ask, how fast, how long, and the key of the redaction."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class AccountTarget:
    """One account to read. No role: the credentials' own account."""

    account: str | None = None
    role_arn: str | None = None
    external_id: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Patience:
    """How long one call is tried, in seconds."""

    attempts: int = 6
    first_delay: float = 0.3
    longest_delay: float = 8.0
    total: float = 120.0
    """Cap over all attempts of one HTTP answer, waiting included."""
    connect_timeout: float = 5.0
    read_timeout: float = 20.0
    longest_body: int = 32 * 2**20
    """Bytes of one answer. The longest known ones are below a fifth of it (aws-facts section 2: 5.9 MB)."""
    longest_list: int = 256 * 2**20
    """Bytes of all pages of one list."""
    most_pages: int = 10_000
    """Pages of one list."""
    most_blank_pages: int = 100
    """Pages of one list, in a row, that hold no record and still name a next one."""


@dataclass(frozen=True)
class CollectSettings:
    """Everything that `collect` needs to know."""

    redaction_key: bytes = field(repr=False)
    accounts: tuple[AccountTarget, ...] = (AccountTarget(),)
    regions: tuple[str, ...] = ()
    """Empty: every region that is enabled in the account."""
    profile: str | None = None
    services: tuple[str, ...] = ()
    """Empty: all collectors."""
    threads: int = 8
    patience: Patience = Patience()
