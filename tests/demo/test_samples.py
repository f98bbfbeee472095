"""samples/company is what the demo writes: regenerated here, it must not change."""

from pathlib import Path

from tests.conftest import REPOSITORY, DemoRun


def _texts(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_sample_files_are_those_of_the_demo(demo_run: DemoRun) -> None:
    assert _texts(REPOSITORY / "samples" / "company") == _texts(demo_run.out / "company")
