"""The page in a real browser: it draws, answers, fetches nothing, and runs nothing of a text."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import folium
import pytest
from stories import HOSTILE, crowd, hostile, story

from geomap.frames import events_to_gdf
from geomap.maps import draw_map, write_map

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.browser, pytest.mark.slow]

COUNT = "#geomap-count"


def added_group(drawn: folium.Map) -> None:
    folium.FeatureGroup(name="mine").add_to(drawn)


def added_popup(drawn: folium.Map) -> None:
    folium.CircleMarker([50, 34], popup="hello").add_to(drawn)


def test_it_draws_and_fetches_nothing(page_of: Any) -> None:
    page = page_of(story())
    assert page.requests == []
    assert page.errors() == []
    assert len(page.all(".geomap-mark")) == 4
    assert len(page.all(".geomap-arrow")) == 1
    assert page.text(COUNT).startswith("4 of 7 events shown · 2 without a place · 1 denied")
    # A line, a ring and the radius of two points.
    assert len(page.all(".leaflet-overlay-pane path")) == 4
    assert page.run("return document.documentElement.lang") == "en"
    assert page.browser.title == "A day of war"


def test_the_land_reaches_the_edge_when_the_map_is_given_more_room(page_of: Any) -> None:
    page = page_of(story())
    height = "document.getElementById('geomap-timeline').style.minHeight = arguments[0];"
    page.run(height + "dispatchEvent(new Event('resize'))", "60vh")
    page.wait()
    page.run(height, "0")
    page.wait()
    low = "return document.querySelector(arguments[0]).getBoundingClientRect().bottom"
    drawn, room = (
        page.run(low, selector)
        for selector in (".leaflet-geomap-land-pane :is(svg, canvas)", ".folium-map")
    )
    assert drawn >= room


def test_a_click_in_the_list_shows_the_evidence(page_of: Any) -> None:
    page = page_of(story())
    page.one("#geomap-events button").click()
    evidence = page.text(".geomap-evidence")
    for words in (
        "Strike",
        "Missiles hit Kyiv on 3 March",
        "Kyiv’s mayor".replace("’", "'"),
        "(UA)",
        "Claimed",
        "Mar 3, 2022",
        "80 %",
        "within 5 km",
        "Russian army (RU)",
        "The Paper",
    ):
        assert words in evidence, words
    assert page.text(".geomap-evidence mark.trigger") == "hit"
    assert page.text(".geomap-evidence mark.place") == "Kyiv"
    link = page.one(".geomap-evidence a")
    assert link.get_attribute("href") == "https://example.org/a?b=1&c=2"
    assert page.one("#geomap-events button").get_attribute("aria-current") == "true"


def test_a_mark_shows_its_sentence_and_a_mention_its_mark(page_of: Any) -> None:
    page = page_of(story())
    page.one('.geomap-mark[data-event="2"]').click()
    said = [one.get_attribute("textContent") for one in page.all(".text .said")]
    assert "".join(said) == "Mariupol is surrounded."
    page.one(".text button.trigger").click()
    page.wait()
    assert page.one(".geomap-evidence").get_attribute("data-event") == "0"
    page.one('.text button[data-name="3"]').click()
    page.wait()
    assert "Sumy" in page.text(".geomap-evidence h3")
    assert "Corridor: Sumy → Poltava" in page.text(".geomap-evidence")


def test_names_that_are_no_place_say_why(page_of: Any) -> None:
    page = page_of(story())
    page.one(".text button.meant").click()
    assert "stands for a government or people: a government denies" in page.text(".note") or (
        "of the mayor" in page.text(".note")
    )
    page.one(".text button.lost").click()
    assert "Grocery – place not found: no place of that name is known" in page.text(".note")


def test_marks_answer_the_keyboard(page_of: Any) -> None:
    from selenium.webdriver.common.keys import Keys  # noqa: PLC0415 - slow to import

    page = page_of(story())
    mark = page.one(".geomap-mark")
    assert mark.get_attribute("role") == "button"
    assert mark.get_attribute("aria-label") == "Strike: Kyiv, Claimed, Mar 3, 2022"
    mark.send_keys(Keys.ENTER)
    assert page.run("return document.activeElement.getAttribute('role')") == "dialog"
    page.browser.switch_to.active_element.send_keys(Keys.ESCAPE)
    page.wait(600)
    assert not page.all(".geomap-evidence")
    assert page.run("return document.activeElement.dataset.event") == "0"
    # All there is to operate is reached by Tab alone, the list before the map.
    page.run("document.querySelector('.skip').focus()")
    seen = []
    for _ in range(5):
        page.browser.switch_to.active_element.send_keys(Keys.TAB)
        seen.append(page.run("return document.activeElement.id || document.activeElement.tagName"))
    assert seen == ["geomap-search", "geomap-link", "BUTTON", "BUTTON", "geomap-toggle-text"]
    page.one("#geomap-to-events").send_keys(Keys.ARROW_RIGHT)
    assert page.run("return document.activeElement.id") == "geomap-to-filters"
    assert page.one("#geomap-tab-filters").is_displayed()


def test_the_slider_moves_by_arrows_and_plays(page_of: Any) -> None:
    from selenium.webdriver.common.keys import Keys  # noqa: PLC0415 - slow to import

    page = page_of(story())
    page.one("#geomap-from").send_keys(Keys.ARROW_RIGHT)
    assert page.one("#geomap-from").get_attribute("aria-valuetext") == "Mar 4, 2022"
    # The corridor of 8 March and what has no date.
    assert page.text(COUNT).startswith("2 of 7")
    page.one("#geomap-undated").click()
    assert page.text(COUNT).startswith("1 of 7")
    page.one("#geomap-all-days").click()
    page.one("#geomap-undated").click()
    page.one("#geomap-play").click()
    first = page.text(".days")
    page.wait(1200)
    assert page.text(".days") != first
    page.one("#geomap-play").click()
    assert page.one("#geomap-play").get_attribute("aria-label") == "Play day by day"


def test_filters_live_in_the_address(page_of: Any) -> None:
    from selenium.webdriver.support.ui import Select  # noqa: PLC0415 - slow to import

    page = page_of(story())
    page.one("#geomap-to-filters").click()
    page.all("#geomap-tab-filters .only")[0].click()
    page.run("const s = document.getElementById('geomap-least'); s.value = 50;"
             "s.dispatchEvent(new Event('input', {bubbles: true}))")  # fmt: skip
    found = page.fragment()
    assert "type=strike" in found
    assert "conf=50" in found
    count = page.text(COUNT)
    assert count.startswith("2 of 7")
    page.open(f"#{found}")
    assert page.text(COUNT) == count
    page.open("#type=corridor&q=poltava&event=3&lang=uk")
    assert page.run("return document.documentElement.lang") == "uk"
    assert page.text(COUNT).startswith("Показано подій: 1 з 7")
    assert "Коридор" in page.text(".geomap-evidence h3")
    assert "lang=uk" in page.fragment()
    Select(page.one("#geomap-language")).select_by_value("ru")
    assert page.text(COUNT).startswith("Показано событий: 1 из 7")
    # Another address in the same page.
    page.run("location.hash = '#type=encirclement&lang=en'")
    page.wait()
    assert page.text(COUNT).startswith("1 of 7")
    assert "Encirclement" in page.text("#geomap-events button")
    assert page.errors() == []


@pytest.mark.parametrize(
    "fragment",
    ["#event=99999&view=1e99,0,NaN&conf=-5&type=nope&from=2022-99-99", "#%%%&view=,,&event=", "#" + "a" * 5000,
     "#q=<img src=x onerror=window.ran=1>&who=<script>&lang=__proto__&fact=constructor"],
)  # fmt: skip
def test_a_broken_address_shows_a_map(page_of: Any, fragment: str) -> None:
    page = page_of(story(), fragment=fragment)
    assert page.errors() == []
    assert "events shown" in page.text(COUNT)
    assert page.run("return window.ran") is None


def saved(page: Any, label: str) -> str:
    """Click a download and give the text that would be saved."""
    page.run(
        "window.kept = null; URL.createObjectURL = (blob) => { blob.text().then((t) => { window.kept = t; });"
        "return 'data:,'; }; HTMLAnchorElement.prototype.click = function () { window.named = this.download; };"
    )
    page.one(f'button[aria-label="{label}"]').click()
    page.wait()
    return str(page.run("return window.kept"))


def test_what_is_shown_can_be_downloaded(page_of: Any) -> None:
    page = page_of(story(), fragment="#type=strike")
    found = json.loads(saved(page, "Download what is shown as GeoJSON"))
    assert [one["properties"]["id"] for one in found["features"]] == ["a", "b", "f"]
    assert found["features"][0]["geometry"] == {"type": "Point", "coordinates": [30.52, 50.45]}
    assert found["features"][2]["geometry"] is None
    assert page.run("return window.named") == "geomap-events.geojson"
    rows = list(
        csv.DictReader(io.StringIO(saved(page, "Download what is shown as CSV").lstrip("\ufeff")))
    )
    assert [row["where"] for row in rows][:2] == ["Kyiv", "Irpin"]
    assert rows[0]["lon"] == "30.52"


def test_a_spreadsheet_runs_nothing(page_of: Any) -> None:
    from dataclasses import replace  # noqa: PLC0415 - here only

    one = story()
    bad = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1")
    events = tuple(replace(one.events[0], id=f"e{n}", reason=text) for n, text in enumerate(bad))
    page = page_of(replace(one, events=events))
    text = saved(page, "Download what is shown as CSV")
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline="")))
    assert [row["reason"] for row in rows] == [f"'{cell}" for cell in bad]


@pytest.mark.parametrize("add", [added_group, added_popup])
def test_what_a_user_adds_in_folium_stands_beside_ours(
    browser: Any, tmp_path: Path, add: Callable[[folium.Map], None]
) -> None:
    drawn = draw_map(story())
    add(drawn)
    browser.get_log("browser")
    browser.get(write_map(drawn, tmp_path / "map.html").as_uri())
    assert browser.get_log("browser") == []
    assert len(browser.find_elements("css selector", ".geomap-mark")) == 4
    layers = browser.find_elements("css selector", ".leaflet-control-layers-overlays")
    words = " ".join(one.get_attribute("textContent") for one in layers)
    assert ("mine" in words) is (add is added_group)


def test_a_frame_is_drawn(page_of: Any) -> None:
    page = page_of(events_to_gdf(story()))
    assert page.errors() == []
    assert page.text(COUNT).startswith("4 of 7")
    page.one("#geomap-events button").click()
    assert "Missiles hit Kyiv" in page.text(".geomap-evidence blockquote")


def test_a_notebook_shows_a_result(browser: Any, tmp_path: Path) -> None:
    (tmp_path / "cell.html").write_text(story()._repr_html_(), encoding="utf-8")
    browser.get_log("browser")
    browser.get((tmp_path / "cell.html").as_uri())
    browser.switch_to.frame(browser.find_element("tag name", "iframe"))
    try:
        assert len(browser.find_elements("css selector", ".geomap-mark")) == 4
        browser.find_element("css selector", "#geomap-events button").click()
        assert browser.find_elements("css selector", ".geomap-evidence")
    finally:
        browser.switch_to.default_content()
    assert browser.get_log("browser") == []


def test_reports_of_one_event_are_listed_with_their_claims(page_of: Any) -> None:
    from dataclasses import replace  # noqa: PLC0415 - here only

    one = story()
    other = replace(
        one,
        article=replace(one.article, id="other", title="Another paper", source="Another"),
        events=(replace(one.events[0], factuality="denied"),),
    )
    page = page_of([one, other])
    page.one("#geomap-events button").click()
    reports = page.text(".geomap-evidence .reports")
    assert "Reports of this event: 2" in reports
    assert "Another paper: Denied" in reports


@pytest.mark.parametrize("title", [None, HOSTILE])
def test_hostile_text_is_shown_and_never_run(page_of: Any, title: str | None) -> None:
    page = page_of(hostile(), title=title)
    assert page.requests == []
    assert page.errors() == []
    shown = HOSTILE.replace("\u2028", "[U+2028]")
    assert page.browser.title == shown
    page.one("#geomap-events button").click()
    page.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    for selector in (
        ".geomap-evidence",
        "#geomap-panel h1",
        "#geomap-tab-names",
        "#geomap-reader h2",
        "#geomap-text",
    ):
        assert shown in page.text(selector), selector
    for selector in (".text button", "#geomap-tab-names button", "#geomap-tab-filters select"):
        for one in page.all(selector):
            page.run("arguments[0].click()", one)
    assert "[U+2028]" in saved(page, "Download what is shown as GeoJSON")
    page.run("const s = document.getElementById('geomap-who'); s.value = s.options[1].value;"
             "s.dispatchEvent(new Event('change'))")  # fmt: skip
    page.open(f"#{page.fragment()}")
    assert page.text(COUNT).startswith("1 of 2")
    assert page.errors() == []
    assert page.run("return window.ran") is None
    assert page.all(".geomap-evidence a, #geomap-panel img, #geomap-reader img, script[src]") == []
    body = page.text("body")
    assert "Cycler" not in body
    assert "LOOP{%" in body


def test_the_policy_stops_a_script_that_got_in(page_of: Any) -> None:
    page = page_of(story())
    page.run(
        "const d = document.createElement('div'); d.innerHTML = '<img src=x onerror=\"window.ran=1\">';"
        "document.body.append(d); const s = document.createElement('script'); s.textContent = 'window.ran=2';"
        "document.body.append(s);"
    )
    page.wait()
    assert page.run("return window.ran") is None
    assert any("Content Security Policy" in row["message"] for row in page.errors())


def test_marks_too_many_for_their_place_are_told_by_a_number(page_of: Any) -> None:
    from dataclasses import replace  # noqa: PLC0415 - here only

    one = story()
    many = tuple(replace(one.events[0], id=f"e{n}") for n in range(40))
    page = page_of(replace(one, events=many))
    seen = [mark for mark in page.all(".geomap-mark") if mark.is_displayed()]
    assert len(page.all(".geomap-mark")) == 40
    assert page.text(".more") == f"+{40 - len(seen)}"
    assert page.text(COUNT).startswith("40 of 40")


# Pixels of the crowd's canvas that are not empty.
PIXELS = """
    const canvas = document.querySelector('.leaflet-geomap-crowd-pane canvas');
    const all = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    let drawn = 0;
    for (let i = 3; i < all.length; i += 4) if (all[i]) drawn += 1;
    return drawn;
"""


def test_many_events_are_drawn_on_one_canvas(page_of: Any) -> None:
    from selenium.webdriver.common.action_chains import ActionChains  # noqa: PLC0415 - slow to import

    page = page_of(crowd(3000))
    assert page.errors() == []
    assert page.all(".geomap-mark") == []
    assert page.text(COUNT).startswith("3,000 of 3,000")
    assert len(page.all("#geomap-events li")) == 100
    assert page.run(PIXELS) > 10_000
    # A disc opens up.
    before = page.fragment()
    drawn = page.one(".folium-map")
    for across in range(0, 60, 10):
        ActionChains(page.browser).move_to_element_with_offset(drawn, across, across).perform()
        if "pointing" in str(drawn.get_attribute("class")).split():
            break
    ActionChains(page.browser).click().perform()
    page.wait(900)
    assert page.fragment() != before
    # A row of the list shows its evidence, and a click on its sign does.
    page.one("#geomap-events button").click()
    page.wait()
    assert page.one(".geomap-evidence").get_attribute("data-event") == "0"
    page.open("#q=nothing-has-this-word")
    assert page.text(COUNT).startswith("0 of 3,000")
    assert page.run(PIXELS) == 0
