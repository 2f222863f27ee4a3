"""For everyone: axe-core's verdict, phone, print, motion, and a first-time user's questions."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from fetch_axe import AXE
from stories import crowd, story

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.browser, pytest.mark.slow]

COUNT = "#geomap-count"


def dark(page: Any) -> None:
    feature = {"name": "prefers-color-scheme", "value": "dark"}
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})


def phone(page: Any) -> None:
    size = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
    page.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def plain(page: Any) -> None:
    del page


def evidence(page: Any) -> None:
    page.one("#geomap-events button").click()
    page.wait(600)


def filters(page: Any) -> None:
    page.one("#geomap-to-filters").click()


def names(page: Any) -> None:
    page.one("#geomap-to-names").click()
    page.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


@pytest.mark.parametrize("look", [plain, dark, phone])
@pytest.mark.parametrize("state", [plain, evidence, filters, names])
def test_axe_finds_no_serious_violation(
    page_of: Any, look: Callable[[Any], None], state: Callable[[Any], None]
) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not here: python tests/browser/fetch_axe.py")
    page = page_of(story())
    look(page)
    state(page)
    # Through the debugger: the page's own policy lets no other script in.
    page.browser.execute_cdp_cmd("Runtime.evaluate", {"expression": AXE.read_text("utf-8")})
    found = page.browser.execute_async_script(
        "const done = arguments[0]; axe.run().then((r) => done(JSON.stringify(r.violations)));"
    )
    bad = [
        (one["id"], one["impact"], [node["html"][:120] + node.get("failureSummary", "") for node in one["nodes"]][:3])
        for one in json.loads(found)
        if one["impact"] in {"serious", "critical"}
    ]  # fmt: skip
    assert bad == []


def test_a_phone_shows_map_list_and_text_below_each_other(page_of: Any) -> None:
    page = page_of(story())
    phone(page)
    page.open()
    tops = [page.run("return document.querySelector(arguments[0]).getBoundingClientRect().top", one)
            for one in (".folium-map", "#geomap-timeline", "#geomap-panel", "#geomap-reader")]  # fmt: skip
    assert tops == sorted(tops)
    assert page.run("return document.documentElement.scrollWidth") <= 390
    page.one("#geomap-events button").click()
    page.wait(600)
    box = page.run(
        "return document.querySelector('.leaflet-popup').getBoundingClientRect().toJSON()"
    )
    assert box["left"] >= 0
    assert box["right"] <= 390
    assert box["top"] >= 0


def test_a_print_holds_the_sentences(page_of: Any) -> None:
    page = page_of(story())
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert page.one("#geomap-events .print-only").is_displayed()
    assert not page.one("#geomap-search").is_displayed()
    assert page.one("#geomap-tab-filters").is_displayed()
    made = page.browser.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
    assert base64.b64decode(made["data"]).startswith(b"%PDF")


def test_without_motion_the_map_jumps(page_of: Any) -> None:
    page = page_of(story())
    feature = {"name": "prefers-reduced-motion", "value": "reduce"}
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    page.one("#geomap-events button").click()
    assert not page.all(".leaflet-zoom-anim .leaflet-zoom-animated")


class Clicks:
    """Counts what a user does."""

    def __init__(self, page: Any) -> None:
        self.page, self.count = page, 0

    def click(self, selector: str) -> None:
        self.count += 1
        self.page.one(selector).click()

    def type(self, selector: str, text: str) -> None:
        self.click(selector)
        self.page.one(selector).send_keys(text)
        self.page.wait()


def test_what_happened_near_kyiv_on_3_march(page_of: Any) -> None:
    page = page_of(story())
    user = Clicks(page)
    user.type("#geomap-search", "Kyiv")
    user.click('.bar[data-day="2022-03-03"]')
    page.one("#geomap-undated")
    found = [one.text.split("\n")[0] for one in page.all("#geomap-events button")]
    # Irpin is 20 km away.
    assert found == ["Strike Kyiv", "Strike Irpin"]
    assert "with all within 30 km of Kyiv" in page.text(COUNT)
    assert user.count == 2


def test_who_says_so(page_of: Any) -> None:
    page = page_of(story())
    user = Clicks(page)
    user.click('.geomap-mark[data-event="0"]')
    assert "Who says soKyiv's mayor (UA): “said”" in page.text(".geomap-evidence dl")
    assert user.count == 1


def test_which_places_were_not_found(page_of: Any) -> None:
    page = page_of(story())
    user = Clicks(page)
    user.click("#geomap-to-names")
    lost = page.one("#geomap-names-lost")
    assert lost.text.startswith("Places that were not found (1)\nGrocery")
    assert user.count == 1


def test_only_strikes_please(page_of: Any) -> None:
    page = page_of(story())
    user = Clicks(page)
    user.click("#geomap-to-filters")
    user.click('button[aria-label="only: Strike"]')
    assert {one.get_attribute("aria-label").split(":")[0] for one in page.all(".geomap-mark")} == {
        "Strike"
    }
    assert user.count == 2


def test_send_me_this_view(page_of: Any) -> None:
    page = page_of(story(), fragment="#type=strike")
    user = Clicks(page)
    page.run("window.sent = null; Object.defineProperty(navigator, 'clipboard', { value: "
             "{ writeText: (text) => { window.sent = text; return Promise.resolve(); } } })")  # fmt: skip
    user.click("#geomap-link")
    page.wait()
    address = page.run("return window.sent")
    assert page.text(".tool-status") == "The link to this view is copied."
    count = page.text(COUNT)
    page.open("#" + address.partition("#")[2])
    assert page.text(COUNT) == count
    assert user.count == 1


@pytest.mark.parametrize("events", [3000])
def test_a_crowd_answers_at_once(page_of: Any, events: int) -> None:
    page = page_of(crowd(events))
    spent = page.browser.execute_async_script(
        "const done = arguments[0]; const t = performance.now();"
        "document.querySelector('#geomap-to-filters').click();"
        "document.querySelector('#geomap-tab-filters .only').click();"
        "requestAnimationFrame(() => setTimeout(() => done(performance.now() - t)));"
    )
    assert (
        page.text(COUNT).startswith("900 of")
        or page.text(COUNT).startswith("750 of")
        or "of 3,000" in page.text(COUNT)
    )
    assert spent < 1500
