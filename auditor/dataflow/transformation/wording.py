"""How values are shown inside a sentence: cut where long, on one line, and never a secret."""

LONGEST = 160
"""Characters of a sentence."""
_VALUE = 40
_NAME = 48
_REDACTED = "redacted:"
"""What the collector leaves in a secret's place."""


def fit(sentence: str) -> str:
    """Return a sentence of at most 160 characters; values in it were cut before, so that this is the last resort."""
    return sentence if len(sentence) <= LONGEST else f"{sentence[: LONGEST - 2].rstrip()}…."


def cut(text: str, longest: int = _NAME) -> str:
    """Return a text on one line, its end cut where it is long."""
    line = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def constant(value: str) -> str:
    """Return `the constant 'v'`; a secret is never shown."""
    return "a secret value" if is_secret(value) else f"the constant '{cut(value, _VALUE)}'"


def is_secret(value: str) -> bool:
    """Return whether a secret was taken out of a value before it was stored."""
    return _REDACTED in value


def listed(words: list[str], most: int = 3) -> str:
    """Return `a`, `a and b`, `a, b and c`, `a, b, c and 4 more`."""
    if len(words) > most:
        return f"{', '.join(words[:most])} and {len(words) - most} more"
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
