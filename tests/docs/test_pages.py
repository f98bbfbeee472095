"""The generated pages of docs/ are current, and what a person wrote there names only what exists.

`python -m tests.docs` writes the generated ones anew.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.cli.completion import control_ids
from auditor.cli.progress import INTERRUPTED
from auditor.collect.registry import collectors
from auditor.errors import AuditorError
from auditor.model.snapshot import GapReason
from tests.conftest import auditor
from tests.docs import commands, controls, reads

REPOSITORY = Path(__file__).parents[2]
WRITTEN = ("quick-start", "organisation", "weekly", "troubleshooting")


def _pages() -> Iterator[tuple[str, str]]:
    for each in (reads, controls, commands):
        yield from each.pages()


PAGES = dict(_pages())


def write_pages(folder: Path) -> None:
    """Write every generated page below a folder."""
    for name, text in PAGES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_current(name: str) -> None:
    assert (REPOSITORY / name).read_text() == PAGES[name]


def test_every_domain_has_a_page_and_no_page_is_left_over() -> None:
    found = {f"docs/controls/{path.name}" for path in (REPOSITORY / "docs" / "controls").iterdir()}
    assert found == {name for name, _ in controls.pages()}


def test_every_control_and_every_operation_has_its_place() -> None:
    sections = "\n".join(text for name, text in PAGES.items() if name.startswith("docs/controls/"))
    for control in control_ids(""):
        assert f"\n## {control}\n" in sections
    for collector in collectors():
        for operation in collector.operations:
            assert f"| {operation.id} | {operation.action} |" in PAGES["docs/reads.md"]


@pytest.mark.parametrize("command", [("run",), ("doctor",), ("snapshots", "list")])
def test_the_help_in_the_docs_is_what_the_command_prints(command: tuple[str, ...]) -> None:
    printed = auditor(*command, "--help", env={"COLUMNS": "102", "TERMINAL_WIDTH": "100"}).stdout
    page = (REPOSITORY / "docs" / "cli.md").read_text()
    section = page.partition(f"\n## auditor {' '.join(command)}\n")[2].partition("```text\n")[2].partition("\n```")[0]
    assert " ".join(section.split()) == " ".join(printed.split())


@pytest.mark.parametrize("name", [*WRITTEN])
def test_a_written_page_names_only_commands_options_and_files_that_exist(name: str) -> None:
    page = (REPOSITORY / "docs" / f"{name}.md").read_text()
    known = (REPOSITORY / "docs" / "cli.md").read_text()
    for command in re.findall(r"^\s*(?:\$ )?auditor ([a-z]+)", page, flags=re.MULTILINE):
        assert f"## auditor {command}\n" in known, command
    for option in re.findall(r"^\s*auditor .*?(--[a-z-]+)", page, flags=re.MULTILINE):
        assert option in known, option
    for link in re.findall(r"\]\(([^)#:]+)", page):
        assert (REPOSITORY / "docs" / link).exists(), link


def test_the_readme_links_to_every_page() -> None:
    readme = (REPOSITORY / "README.md").read_text()
    for name in (*WRITTEN, "reads", "cli", "controls/README", "design"):
        assert f"docs/{name}.md" in readme, name
    for link in re.findall(r"\]\(([^)#:]+)", readme):
        assert (REPOSITORY / link).exists(), link


def test_every_message_of_the_troubleshooting_page_is_one_that_the_program_prints() -> None:
    page = (REPOSITORY / "docs" / "troubleshooting.md").read_text()
    source = "\n".join(path.read_text() for path in (REPOSITORY / "auditor").rglob("*.py"))
    foreign = {"The config profile": "botocore", "Input should be": "pydantic"}
    headings = re.findall(r"^### (.+)$", page, flags=re.MULTILINE)
    assert len(headings) > 20
    for heading in headings:
        assert heading in source or heading in foreign, heading


def test_every_exit_code_and_every_reason_of_a_gap_is_explained() -> None:
    page = (REPOSITORY / "docs" / "troubleshooting.md").read_text()
    kinds: tuple[type[AuditorError], ...] = (AuditorError, *_below(AuditorError))
    codes = {each.exit_code for each in kinds} | {0, 1, 3, INTERRUPTED}
    assert codes == {int(code) for code in re.findall(r"^\| (\d+) \|", page, flags=re.MULTILINE)}
    assert {each.value for each in GapReason} == set(re.findall(r"^\| `([a-z_]+)` \|", page, flags=re.MULTILINE))


def _below(kind: type[AuditorError]) -> Iterator[type[AuditorError]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)
