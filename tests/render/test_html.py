"""What the HTML report shows: totals that add up, links that lead somewhere, hostile text that stays text."""

import hashlib
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from auditor.model.control import Severity
from auditor.model.pack import PackContents
from auditor.model.status import Status
from auditor.render.flow_files import flow_files
from auditor.render.html import render_html
from auditor.render.view.exhibits import cited
from auditor.render.view.report import screen_report

Make = Callable[..., PackContents]
STATUSES = [status.value for status in Status]


class Page(HTMLParser):
    """Ids, links, tags, and the counts that table rows show."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.links: list[str] = []
        self.tags: Counter[str] = Counter()
        self.counts: list[dict[str, int]] = []
        self.texts: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self._cell: str | None = None
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags[tag] += 1
        self.attributes += list(given.items())
        if "id" in given:
            self.ids[given["id"]] += 1
        if "href" in given:
            self.links.append(given["href"])
        if tag == "tr":
            self.counts.append({})
        if tag == "td":
            self._cell = given.get("data-count")
            if "total" in given.get("class", "").split():
                self._cell = "population"

    def handle_endtag(self, tag: str) -> None:
        if tag == "td":
            self._cell = None

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self._cell and data.strip().replace(",", "").isdigit():
            self.counts[-1][self._cell] = int(data.replace(",", ""))

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


@pytest.fixture(scope="module")
def html(contents: PackContents) -> bytes:
    return render_html(screen_report(contents))


@pytest.fixture(scope="module")
def page(html: bytes) -> Page:
    return Page(html)


def test_totals_add_up_wherever_they_are_shown(page: Page) -> None:
    shown = [each for each in page.counts if "population" in each]
    assert len(shown) > 15
    for each in shown:
        assert each["population"] == sum(each[status] for status in STATUSES)


def test_control_rows_add_up_to_the_cover(page: Page, contents: PackContents) -> None:
    shown = [each for each in page.counts if "population" in each]
    estate = [each for each in contents.evaluation.results if each.control.subject == "estate"]
    assert shown[0]["population"] == sum(len(each.findings) for each in estate)
    rows = shown[1 : 1 + len(estate)]
    assert sum(each["population"] for each in rows) == shown[0]["population"]
    assert shown[1 + len(estate)] == shown[0]


def test_every_internal_link_resolves_and_every_id_is_unique(page: Page) -> None:
    assert [each for each, count in page.ids.items() if count > 1] == []
    broken = {each for each in page.links if each.startswith("#") and each[1:] not in page.ids}
    assert broken == set()


def test_every_other_link_is_a_file_of_the_pack(page: Page, contents: PackContents) -> None:
    files = {f"exhibits/{each}" for each in cited(contents.evaluation)}
    files |= {f"populations/{each.control.id}.csv" for each in contents.evaluation.results}
    files |= {
        "flows/routes.csv",
        "diff.json",
        "completeness.json",
        "access-review.csv",
        *flow_files(contents.evaluation),
    }
    assert {each for each in page.links if not each.startswith("#")} <= files


def test_hostile_names_stay_text(html: bytes, page: Page) -> None:
    assert page.tags["script"] == 1
    assert page.tags["b"] > 0
    assert b"<script>alert(1)" not in html
    assert b"</style><b>bold" not in html
    assert "{{ 7*7 }}" in page.text
    assert "\u202e" not in html.decode()
    assert "\\u202e" in page.text


def test_nothing_is_fetched(html: bytes, page: Page) -> None:
    policy = re.search(rb'Content-Security-Policy" content="([^"]+)"', html)
    assert policy is not None
    assert policy.group(1).startswith(b"default-src 'none'")
    assert page.tags["link"] == page.tags["img"] == page.tags["iframe"] == 0
    assert not [value for name, value in page.attributes if name in {"src", "srcset", "action", "data"}]
    assert b"@import" not in html
    assert not re.search(rb"url\((?!\"data:)", html)


def test_policy_allows_the_one_script(html: bytes) -> None:
    script = html.split(b"<script>")[1].split(b"</script>")[0]
    assert b64encode(hashlib.sha256(script).digest()) in html


def test_sample_is_small_enough_to_mail(html: bytes) -> None:
    assert len(html) < 1_500_000


def test_first_pack_says_so(make: Make) -> None:
    page = Page(render_html(screen_report(make(with_diff=False))))
    assert "This is the first pack: there is no earlier one to compare with." in page.text


def test_empty_estate_reads_as_empty(make: Make) -> None:
    page = Page(render_html(screen_report(make(specs=(), routes=0))))
    assert "No control was tested: 0 deployed routes." in page.text
    assert "No deployed route was seen" in page.text
    assert {each for each in page.links if each.startswith("#") and each[1:] not in page.ids} == set()


def test_controls_without_findings_conclude_nothing(make: Make, contents: PackContents) -> None:
    evaluation = contents.evaluation
    bare = tuple(each.model_copy(update={"findings": ()}) for each in evaluation.results)
    page = Page(
        render_html(screen_report(make(evaluation=evaluation.model_copy(update={"results": bare}), with_diff=False)))
    )
    assert "9 controls found nothing to test" in page.text


def test_never_says_compliant(page: Page) -> None:
    assert "compliant" not in page.text.lower()


def test_thousands_of_rows_render_in_chunks(make: Make) -> None:
    spec = make.__globals__["Spec"]
    big = spec("KR-01", "Keys", "key-rotation", ("CC6.1",), Severity.HIGH, {Status.FAIL: 4000, Status.PASS: 5000})
    page = Page(render_html(screen_report(make(specs=(big,), routes=3000, with_diff=False))))
    shown = [each for each in page.counts if "population" in each]
    assert shown[0]["population"] == 9000
    assert "4,000 further lines are not printed here; all 5,000 stand in" in page.text
    assert {each for each in page.links if each.startswith("#") and each[1:] not in page.ids} == set()
