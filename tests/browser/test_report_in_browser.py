"""The report in a real browser: it asks for nothing, runs nothing, and everybody can read it."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from conftest import Page
from fetch_axe import AXE
from stories import HOSTILE, crowd, hostile, story

from geomap.records import Candidate
from geomap.report_page import write_report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FAILED = SimpleNamespace(origin=HOSTILE, stage="parse", reason=HOSTILE, hint=HOSTILE)


@pytest.fixture
def report_of(browser: Any, tmp_path: Path) -> Iterator[Any]:
    def made(records: Any, **options: Any) -> Page:
        page = Page(browser, write_report(records, tmp_path / "report.html", **options), [])
        page.open()
        return page

    yield made
    browser.set_window_size(1400, 900)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [], "media": ""})
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def dark(page: Page) -> None:
    feature = {"name": "prefers-color-scheme", "value": "dark"}
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})


def phone(page: Page) -> None:
    size = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
    page.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def paper(page: Page) -> None:
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})


def plain(page: Page) -> None:
    del page


def twice() -> list[Any]:
    """Give the story in two papers, one of which denies all that the other says."""
    one = story()
    article = replace(one.article, id="other", source="The Post", url=None)
    events = tuple(replace(event, factuality="denied") for event in one.events)
    return [one, replace(one, article=article, events=events)]


def hostile_names() -> Any:
    """Give the hostile article with candidates that are hostile, too."""
    one = hostile()
    where = one.toponyms[0].place
    assert where is not None
    found = (Candidate(place=where, score=0.4, match="exact", reason=HOSTILE),)
    names = tuple(
        replace(name, candidates=found) if name.place is None else name for name in one.toponyms
    )
    return replace(one, toponyms=names)


def test_it_asks_for_nothing_and_says_no_error(report_of: Any) -> None:
    page = report_of(twice())
    assert page.requests == []
    assert page.errors() == []
    assert page.browser.title == "What the articles tell"
    assert page.run("return document.documentElement.lang") == "en"
    # The policy lets the page's own style in: a heading has its letters.
    assert page.run("return getComputedStyle(document.querySelector('h1')).fontWeight") == "600"


def test_it_says_what_the_articles_tell(report_of: Any) -> None:
    page = report_of(twice())
    shown = page.one("body").text
    for words in ("Strike Kyiv", "2 reports, 2 independent sources", "It did not", "Grocery",
                  "never,Grocery,,,,,", "told as done"):  # fmt: skip
        assert words in shown, words
    assert page.text("#contested .it_did_not mark") == "hit"
    assert len(page.all(".overview circle")) == 6


def test_nothing_hostile_runs(report_of: Any) -> None:
    rows = [hostile_names(), replace(hostile_names(), events=())]
    page = report_of(rows, failures=[FAILED], title=HOSTILE, scope=[HOSTILE], copies=1)
    assert page.requests == []
    assert page.errors() == []
    assert page.run("return typeof window.ran") == "undefined"
    # Nothing of a text became an element, nor a link.
    assert (
        page.run("return document.querySelectorAll('script, img, a[href^=javascript]').length") == 0
    )
    assert (
        page.run("return document.querySelectorAll('[onload], [onerror], [onmouseover]').length")
        == 0
    )
    assert "<img src=x onerror=window.ran=3>" in page.text("h1")
    assert "{{7*7}}" in page.text("#names")


def test_a_script_that_got_in_would_not_run(report_of: Any, tmp_path: Path) -> None:
    page = report_of(twice())
    html = page.path.read_text("utf-8")
    page.path.write_text(html.replace("</main>", "<script>window.ran=1</script></main>"), "utf-8")
    page.open()
    assert page.run("return typeof window.ran") == "undefined"
    assert "Content Security Policy" in str(page.errors())


@pytest.mark.parametrize("look", [plain, dark, phone, paper])
@pytest.mark.parametrize("rows", [twice, lambda: [hostile_names()], list])
def test_axe_finds_no_violation(
    report_of: Any, look: Callable[[Page], None], rows: Callable[[], list[Any]]
) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not here: python tests/browser/fetch_axe.py")
    page = report_of(rows(), failures=[FAILED])
    look(page)
    # Through the debugger: the page's own policy lets no script in.
    page.browser.execute_cdp_cmd("Runtime.evaluate", {"expression": AXE.read_text("utf-8")})
    found = page.browser.execute_async_script(
        "const done = arguments[0]; axe.run().then((r) => done(JSON.stringify(r.violations)));"
    )
    bad = [
        (one["id"], one["impact"], [node["html"][:120] for node in one["nodes"]][:3])
        for one in json.loads(found)
    ]
    assert bad == []


@pytest.mark.parametrize("rows", [twice, lambda: [hostile_names()]])
def test_a_phone_shows_all_of_it(report_of: Any, rows: Callable[[], list[Any]]) -> None:
    page = report_of(rows(), failures=[FAILED])
    phone(page)
    page.open()
    assert page.run("return document.documentElement.scrollWidth") <= 390
    # Letters keep their size where the column is narrow.
    assert (
        page.run("return parseFloat(getComputedStyle(document.querySelector('td')).fontSize)") >= 13
    )


def test_the_keyboard_leads_through_it(report_of: Any) -> None:
    page = report_of(twice())
    page.one("body").send_keys("\ue004")
    assert page.run("return document.activeElement.className") == "skip"
    assert page.one(".skip").is_displayed()
    seen = []
    for _ in range(30):
        page.run("return document.activeElement").send_keys("\ue004")
        seen.append(page.run("return document.activeElement.getAttribute('href') || "
                             "document.activeElement.getAttribute('aria-labelledby')"))  # fmt: skip
    assert seen[:3] == ["#what", "#where", "#when"]
    assert "caption-types" in seen
    # Every link of the contents leads to a section with a heading.
    assert all(page.all(f"{one} h2") for one in seen if one and one.startswith("#"))


def test_it_prints(report_of: Any) -> None:
    page = report_of(twice())
    paper(page)
    assert not page.one("nav").is_displayed()
    made = page.browser.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
    assert base64.b64decode(made["data"]).startswith(b"%PDF")


def test_a_large_report_stays_small(report_of: Any) -> None:
    page = report_of(crowd(5000))
    assert page.path.stat().st_size < 1_000_000
    assert page.text(".figures").startswith("Articles500")
