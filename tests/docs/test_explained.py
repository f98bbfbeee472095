"""docs/explain.md tells what the sample company's snapshot really answers."""

from tests.conftest import REPOSITORY, DemoRun
from tests.docs.explained import PAGE, SAMPLES, page


def test_the_page_of_explained_calls_is_current(demo_run: DemoRun) -> None:
    text = page(demo_run.store)
    assert (REPOSITORY / PAGE).read_text() == text
    for decision in ("| allowed |", "| refused |", "| unknown |"):
        assert text.count(decision) >= 3
    assert len(SAMPLES) >= 15
