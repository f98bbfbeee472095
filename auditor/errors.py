"""Every failure of the program that a person should read: what happened, to what, and what to do next."""

from typing import ClassVar


class AuditorError(Exception):
    """A failure with an exit code and a next step."""

    exit_code: ClassVar[int] = 2

    def __init__(self, message: str, next_step: str = "") -> None:
        """Take the sentence to print and what the reader can do about it."""
        super().__init__(message)
        self.next_step = next_step


class UsageError(AuditorError):
    """The command line asks for something that cannot be done (exit 2)."""


class InvalidFileError(AuditorError):
    """A configuration, control, register or waiver file is wrong; carries every problem of it at once (exit 2)."""

    def __init__(self, problems: tuple[str, ...], next_step: str = "Correct the file and run again.") -> None:
        """Take problems as `path:line: what is wrong (value)`, in file order."""
        super().__init__("\n".join(problems), next_step)
        self.problems = problems


class NothingReadError(AuditorError):
    """Nothing could be read from AWS: no credentials, expired ones, or every first call refused (exit 4)."""

    exit_code = 4

    def __init__(self, message: str, next_step: str = "", code: str = "") -> None:
        """Take AWS's error code too, where it gave one: of several accounts the others are still read."""
        super().__init__(message, next_step)
        self.code = code
        self.clock_offset_seconds: int | None = None
        """Local clock minus AWS's, as the refusal's own Date header tells it; None where none did."""


class VerificationError(AuditorError):
    """Stored bytes do not match their digest where a person asked for proof (exit 5)."""

    exit_code = 5


class StoreError(AuditorError):
    """The store is missing, damaged, or cannot be written (exit 6)."""

    exit_code = 6


class NewerSchemaError(StoreError):
    """A snapshot was written by a newer auditor than this one (exit 6)."""
