"""What routes say at steps 11 and 13, to be read aloud. `python -m tests.dataflow.transformation.sentences` writes it."""

from collections.abc import Iterator

from auditor.dataflow.transformation.said import request_sentence, response_sentence
from tests.dataflow.transformation.tables import HERE, made, rows

GOLDEN = HERE.parent / "sentences.txt"


def spoken() -> str:
    """Return the whole text, one paragraph a route."""
    return "\n".join(_paragraphs())


def _paragraphs() -> Iterator[str]:
    for case in rows("sentences"):
        found = made(case)
        yield f"{case['protocol']}, {case['authenticated_by']}: {case['case']}"
        yield f"  11  {request_sentence(found)}"
        yield f"  13  {response_sentence(found)}"
        yield ""


if __name__ == "__main__":
    GOLDEN.write_text(spoken(), encoding="utf-8")
