"""What a format of an access log says, read without writing a line of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LogVariable:
    """A variable of a format."""

    name: str
    """Without `$context.`: `identity.userArn`."""
    key: str | None
    """The JSON member that holds it; None in other formats."""
    is_quoted: bool


@dataclass(frozen=True, slots=True)
class LogFormat:
    """A format, taken apart."""

    text: str
    is_json: bool
    variables: tuple[LogVariable, ...]
    """In the order of the text, with repetitions."""
    troubles: tuple[str, ...]
    """Why entries cannot be read, or are cut off; empty where they can."""
