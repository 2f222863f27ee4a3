"""The page in a real browser: it draws, answers, fetches nothing, and runs nothing of a text."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import folium
import pytest
from samples import POLTAVA, SUMY, TEXT, event, extracted, place, toponym

from geomap.geometry import point, ring
from geomap.maps import draw_map, write_map
from geomap.records import Actor, Article, Attribution, DateRange, PlaceArgument, Sentence, Trigger

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DAY = dt.date(2022, 3, 8)
HOSTILE = (
    "{{7*7}} {% for x in [1] %}LOOP{% endfor %} {# gone #} ${window.ran=1} `${window.ran=2}` "
    "<img src=x onerror=window.ran=3> </script><script>window.ran=4</script> \\u0024{window.ran=5} "
    "\" onmouseover=window.ran=6 ' javascript:window.ran=7 <svg onload=window.ran=8> {{ cycler }}"
)


def added_group(drawn: folium.Map) -> None:
    folium.FeatureGroup(name="mine").add_to(drawn)


def added_popup(drawn: folium.Map) -> None:
    folium.CircleMarker([50, 34], popup="hello").add_to(drawn)


def opened(browser: Any, path: Path, records: Any, **options: Any) -> list[str]:
    """Open the map; give the addresses of all requests but the page's own."""
    browser.get_log("performance")
    browser.get_log("browser")
    browser.get(write_map(draw_map(records, **options), path / "map.html").as_uri())
    messages = [json.loads(row["message"])["message"] for row in browser.get_log("performance")]
    sent = [
        message["params"]["request"]["url"]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    ]
    # chrome:// is the browser's own empty tab, data: stands in the page itself.
    own = ("data:", "chrome:", "chrome-untrusted:")
    return [url for url in sent if not url.startswith(own) and not url.endswith("/map.html")]


def some() -> Any:
    events = (
        event(id="c"),
        event(id="r", type="encirclement", geometry=ring(SUMY.lon, SUMY.lat, radius_km=8)),
        event(id="s", type="strike", geometry=point(POLTAVA.lon, POLTAVA.lat)),
        event(id="n", type="strike", factuality="negated", geometry=point(34, 50)),
        event(id="u", type="talks", geometry=None, reason="the text gives it no place"),
    )
    return extracted(events=events)


def test_it_draws_and_fetches_nothing(browser: Any, tmp_path: Path) -> None:
    assert opened(browser, tmp_path, some()) == []
    assert browser.get_log("browser") == []
    assert len(browser.find_elements("css selector", ".geomap-mark")) == 3
    assert len(browser.find_elements("css selector", ".geomap-arrow")) == 1
    assert browser.find_element("id", "geomap-count").text == "3 of 3 events shown"
    paths = browser.find_elements("css selector", ".leaflet-overlay-pane path")
    assert len(paths) >= 3  # a line, a ring, an uncertainty
    assert browser.execute_script("return document.documentElement.lang") == "en"


def test_a_click_in_the_list_shows_the_evidence(browser: Any, tmp_path: Path) -> None:
    opened(browser, tmp_path, some())
    browser.find_elements("css selector", "button[data-event]")[1].click()
    popup = browser.find_element("css selector", ".geomap-evidence")
    assert TEXT in popup.get_attribute("textContent")
    assert "Claimed" in popup.get_attribute("textContent")
    marked = [m.get_attribute("textContent") for m in popup.find_elements("tag name", "mark")]
    assert marked == ["corridor", "Sumy", "Poltava"]


def test_marks_answer_the_keyboard(browser: Any, tmp_path: Path) -> None:
    from selenium.webdriver.common.keys import Keys  # noqa: PLC0415 - slow to import

    opened(browser, tmp_path, some())
    mark = browser.find_element("css selector", ".geomap-mark")
    assert mark.get_attribute("role") == "button"
    assert "Sumy" in mark.get_attribute("aria-label")
    mark.send_keys(Keys.ENTER)
    assert browser.find_elements("css selector", ".geomap-evidence")
    browser.find_element("tag name", "body").send_keys(Keys.ESCAPE)
    browser.execute_async_script("setTimeout(arguments[0], 500)")
    assert not browser.find_elements("css selector", ".geomap-evidence")


@pytest.mark.parametrize("add", [added_group, added_popup])
def test_what_a_user_adds_in_folium_stands_beside_ours(
    browser: Any, tmp_path: Path, add: Callable[[folium.Map], None]
) -> None:
    drawn = draw_map(some())
    add(drawn)
    browser.get_log("browser")
    browser.get(write_map(drawn, tmp_path / "map.html").as_uri())
    assert browser.get_log("browser") == []
    assert len(browser.find_elements("css selector", ".geomap-mark")) == 3
    layers = browser.find_element("css selector", ".leaflet-control-layers").text
    assert ("mine" in layers) is (add is added_group)


def test_a_type_switched_off_is_not_counted(browser: Any, tmp_path: Path) -> None:
    opened(browser, tmp_path, some())
    browser.find_element("css selector", ".leaflet-control-layers-overlays input").click()
    assert browser.find_element("id", "geomap-count").text == "2 of 3 events shown"


def test_what_is_not_drawn_is_listed(browser: Any, tmp_path: Path) -> None:
    opened(browser, tmp_path, some())
    panel = browser.find_element("id", "geomap-panel").text
    assert "the text gives it no place" in panel
    assert "negated: drawn only when asked for" in panel


def hostile() -> Any:
    where = place(HOSTILE, 34.0, 50.0, id=HOSTILE, admin1=HOSTILE)
    article = Article(
        id=HOSTILE, text=HOSTILE, title=HOSTILE, source=HOSTILE, url="javascript:window.ran=9"
    )
    names = (
        toponym(0, HOSTILE, where, start=0, end=len(HOSTILE), reason=HOSTILE),
        toponym(1, HOSTILE, None, start=0, end=len(HOSTILE), reason=HOSTILE),
        toponym(2, HOSTILE, None, start=0, end=len(HOSTILE), reason=HOSTILE, reading="metonymic"),
    )
    attack = event(
        type=HOSTILE, subtype=HOSTILE, reason=HOSTILE, geometry=point(34.0, 50.0),
        places=(PlaceArgument(role="at", toponym=0),),
        trigger=Trigger(start=0, end=7, text=HOSTILE[:7]),
        sentence=Sentence(start=0, end=len(HOSTILE), text=HOSTILE),
        actors=(Actor(text=HOSTILE, role="by", side=HOSTILE),),
        attribution=Attribution(speaker=HOSTILE, organisation=HOSTILE, side=HOSTILE, verb=HOSTILE),
        date=DateRange(start=DAY, end=DAY, precision="day", text=HOSTILE),
    )  # fmt: skip
    lost = replace(attack, id="x", geometry=None)
    return extracted(article=article, toponyms=names, events=(attack, lost))


@pytest.mark.parametrize("title", [None, HOSTILE])
def test_hostile_text_is_shown_and_never_run(
    browser: Any, tmp_path: Path, title: str | None
) -> None:
    assert opened(browser, tmp_path, hostile(), title=title) == []
    assert browser.get_log("browser") == []
    assert browser.title == HOSTILE
    browser.find_element("css selector", "button[data-event]").click()
    for details in browser.find_elements("tag name", "details"):
        browser.execute_script("arguments[0].open = true", details)
    evidence = browser.find_element("css selector", ".geomap-evidence")
    popup = evidence.get_attribute("textContent")
    panel = browser.find_element("id", "geomap-panel").text
    layers = browser.find_element("css selector", ".leaflet-control-layers").text
    for shown in (popup, panel, layers):
        assert HOSTILE.lower() in shown.lower()
        assert "49" not in shown
        assert "Cycler" not in shown
    assert browser.execute_script("return window.ran") is None
    assert browser.find_elements("css selector", ".geomap-evidence a, #geomap-panel img") == []
