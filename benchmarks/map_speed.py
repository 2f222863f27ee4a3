"""Time the map beside plain Folium: build, size, first paint, pan, filter, at 100 to 100,000 events.

``python benchmarks/map_speed.py [--sizes 100 1000 10000 100000] [--slow]``, in headless Chromium
(Debian: chromium chromium-driver). All maps are of the same points, in one run. geomap's holds a
sentence, a claim and a date of each event; Folium's hold bare points, and get their scripts inlined
(Leaflet as vendored here, leaflet.markercluster from npm), so that no network is measured. Folium's
Marker is left out above 1,000 points (a minute to paint at 10,000) unless ``--slow`` asks for it.

Paint: from the start of navigation to the second frame after the load event. Pan: 200 px without
animation to the next frame, mean and worst of ten. Filter: from a click on "only" to the next
frame; search: the first one, which reads all sentences, and a second.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import shutil
import subprocess
import tarfile
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
from folium.plugins import FastMarkerCluster, MarkerCluster
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from geomap.geometry import ring
from geomap.maps import draw_map
from geomap.maps.assets import asset, leaflet_css
from geomap.maps.canvas import Verbatim
from geomap.records import (
    Article,
    Attribution,
    DateRange,
    Event,
    ExtractedArticle,
    Place,
    PlaceArgument,
    Provenance,
    Sentence,
    Toponym,
    Trigger,
)

if TYPE_CHECKING:
    from collections.abc import Callable

CLUSTER = "leaflet.markercluster@1.1.0"
MOST_MARKERS = 1000
KINDS = ("strike", "talks", "assault", "encirclement", "explosion", "protest")
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1400,900")
FRAME = "requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => {0})));"


def spots(count: int) -> list[tuple[float, float]]:
    """Give points, lon, lat: towns of Ukraine's size, denser in the east."""
    chance = random.Random(7)  # noqa: S311 - the same points in each run
    return [(24 + 16 * chance.random() ** 0.6, 46 + 6 * chance.random()) for _ in range(count)]


def extractions(count: int) -> list[ExtractedArticle]:
    """Give events at the points, ten an article; every tenth is a ring."""
    made = Provenance(
        version="0", gazetteer="0", model="0", settings_sha256="0", worldview="un-68-262"
    )
    rows, places = [], spots(count)
    for first in range(0, count, 10):
        events, toponyms, text = [], [], ""
        for number, (lon, lat) in enumerate(places[first : first + 10]):
            name = f"Town{(first + number) % 4999}"
            sentence = f"On day {number} shells hit the outskirts of {name}, the council said in a statement."
            start = len(text)
            text += sentence + " "
            at = start + sentence.index(name)
            toponyms.append(_toponym(number, name, at, lon, lat))
            events.append(_event(first + number, number, sentence, start, lon, lat))
        article = Article(
            id=f"a{first}", text=text, title=f"Report {first}", source=f"Paper {first % 23}"
        )
        rows.append(
            ExtractedArticle(
                article=article, toponyms=tuple(toponyms), events=tuple(events), provenance=made
            )
        )
    return rows


def _toponym(number: int, name: str, at: int, lon: float, lat: float) -> Toponym:
    place = Place(id=f"x:{lon}", name=name, country="UA", admin1=None, lat=lat, lon=lon,
                  feature_class="P", feature_code="PPL", radius_km=3.0)  # fmt: skip
    return Toponym(id=number, start=at, end=at + len(name), text=name, reading="literal", place=place,
                   confidence=0.9, reason="the only place of that name")  # fmt: skip


def _event(total: int, number: int, sentence: str, start: int, lon: float, lat: float) -> Event:
    day = dt.date(2022, 3, 1) + dt.timedelta(days=total % 300)
    geometry: Any = {"type": "Point", "coordinates": [lon, lat]}
    at = start + sentence.index("hit")
    return Event(
        id=f"e{total}", type=KINDS[total % len(KINDS)], subtype=None, places=(PlaceArgument(role="at", toponym=number),),
        trigger=Trigger(start=at, end=at + 3, text="hit"), sentence=Sentence(start=start, end=start + len(sentence), text=sentence),
        geometry=ring(lon, lat, radius_km=8) if not total % 10 else geometry, geometry_method="point",
        uncertainty_km=3.0, date=DateRange(start=day, end=day, precision="day"), actors=(), factuality="claimed",
        attribution=Attribution(organisation="the council", verb="said"), codes={}, confidence=0.8,
        reason="“hit” says strike; places: at the town",
    )  # fmt: skip


def cluster_script(folder: Path) -> str:
    """Fetch leaflet.markercluster from npm."""
    npm = shutil.which("npm") or "npm"
    subprocess.run([npm, "pack", "--silent", CLUSTER], cwd=folder, check=True)  # noqa: S603
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        found = archive.extractfile("package/dist/leaflet.markercluster.js")
        return found.read().decode() if found else ""


def plain(
    add: Callable[[folium.Map, list[tuple[float, float]]], None], count: int, script: str
) -> str:
    """Give the page of a plain Folium map with its scripts inlined."""
    drawn = folium.Map([49, 32], zoom_start=6, tiles=None)
    drawn.options["max_zoom"] = 17  # clustering needs one
    drawn.default_js, drawn.default_css = [], []
    add(drawn, spots(count))
    icons = "L.Icon.Default.imagePath = 'data:,';"
    head = f"<style>{leaflet_css()}</style><script>{asset('leaflet.js')}</script><script>{asset('page/jquery_stub.js')}{icons}{script}</script>"
    drawn.get_root().header.add_child(Verbatim(head))
    return str(drawn.get_root().render())


def markers(drawn: folium.Map, points: list[tuple[float, float]]) -> None:
    """Add a Marker for each point."""
    for lon, lat in points:
        folium.Marker([lat, lon]).add_to(drawn)


def clustered(drawn: folium.Map, points: list[tuple[float, float]]) -> None:
    """Add Markers to a MarkerCluster."""
    group = MarkerCluster()
    group.default_js, group.default_css = [], []
    group.add_to(drawn)
    for lon, lat in points:
        folium.Marker([lat, lon]).add_to(group)


def fast(drawn: folium.Map, points: list[tuple[float, float]]) -> None:
    """Add a FastMarkerCluster."""
    # The default draws an icon of another library.
    icon = "(row) => L.marker(new L.LatLng(row[0], row[1]))"
    group = FastMarkerCluster([[lat, lon] for lon, lat in points], callback=icon)
    group.default_js, group.default_css = [], []
    group.add_to(drawn)


def geojson(drawn: folium.Map, points: list[tuple[float, float]]) -> None:
    """Add a GeoJson layer of circle markers, on canvas."""
    drawn.options["prefer_canvas"] = True
    features = [
        {
            "type": "Feature",
            "properties": {},
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
        }
        for lon, lat in points
    ]
    folium.GeoJson(
        {"type": "FeatureCollection", "features": features}, marker=folium.CircleMarker(radius=4)
    ).add_to(drawn)


def browser() -> Any:
    """Start a headless Chromium."""
    options = webdriver.ChromeOptions()
    for flag in FLAGS:
        options.add_argument(flag)
    options.binary_location = shutil.which("chromium") or "chromium"
    found = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    found.set_script_timeout(300)
    found.set_page_load_timeout(300)
    return found


def measure(driver: Any, page: Path, *, is_ours: bool) -> dict[str, float]:
    """Time a page in the browser, milliseconds."""
    driver.get("about:blank")
    driver.get(page.as_uri())
    found = {
        "paint": driver.execute_async_script(
            "const done = arguments[0];" + FRAME.format("done(performance.now())")
        )
    }
    spent = driver.execute_async_script(
        "const done = arguments[0], spent = [];"
        "const map = Object.keys(window).filter((k) => /^map_/.test(k)).map((k) => window[k])[0];"
        "const step = (n) => { if (n === 10) return done(spent); const t = performance.now();"
        "map.panBy([n % 2 ? 200 : -200, n % 3 ? 100 : -100], { animate: false });"
        "requestAnimationFrame(() => setTimeout(() => { spent.push(performance.now() - t); step(n + 1); })); };"
        "step(0);"
    )
    found |= {"pan": sum(spent) / len(spent), "worst": max(spent)}
    if is_ours:
        timed = "const done = arguments[0], t = performance.now(); {0} requestAnimationFrame(() => setTimeout(() => done(performance.now() - t)));"
        search = "const s = document.getElementById('geomap-search'); s.value = '{0}'; s.dispatchEvent(new Event('input'));"
        driver.execute_script("document.getElementById('geomap-to-filters').click()")
        found["filter"] = driver.execute_async_script(
            timed.replace("{0}", "document.querySelector('#geomap-tab-filters .only').click();")
        )
        driver.execute_script("document.getElementById('geomap-clear').click()")
        for name, word in (("search", "outskirts of town12"), ("again", "town77")):
            # Less the wait for the reader to finish typing.
            script = timed.replace("{0}", search.replace("{0}", word)).replace(
                "requestAnimationFrame", "setTimeout(() => requestAnimationFrame", 1
            )
            script = script[:-1] + ", 180);"
            found[name] = driver.execute_async_script(script) - 180
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000, 10_000, 100_000])
    parser.add_argument("--slow", action="store_true", help="also Folium's Marker above 1,000")
    asked = parser.parse_args()
    draw_map([])  # Loads what is loaded once.
    driver = browser()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        script = cluster_script(folder)
        print(
            f"{'events':>8} {'map':<22}{'build s':>9}{'MB':>8}{'paint s':>9}{'pan ms':>8}{'worst':>7}{'filter ms':>11}{'search':>8}{'again':>7}"
        )
        for count in asked.sizes:
            rows = extractions(count)
            kinds: dict[str, Callable[[], str]] = {
                "geomap": lambda rows=rows: str(draw_map(rows).get_root().render()),  # type: ignore[misc]
                **{
                    title: lambda add=add, count=count: plain(add, count, script)  # type: ignore[misc]
                    for title, add in (("Folium Marker", markers), ("MarkerCluster", clustered),
                                       ("FastMarkerCluster", fast), ("GeoJson (canvas)", geojson))
                },
            }  # fmt: skip
            for title, build in kinds.items():
                is_slow = title in {"Folium Marker", "MarkerCluster"} and count > MOST_MARKERS
                if is_slow and not asked.slow:
                    continue
                start = time.perf_counter()
                text = build()
                spent = time.perf_counter() - start
                page = folder / "map.html"
                page.write_text(text, encoding="utf-8")
                try:
                    found = measure(driver, page, is_ours=title == "geomap")
                except Exception as err:  # noqa: BLE001 - a page that does not answer is a result
                    print(
                        f"{count:>8} {title:<22}{spent:>9.2f}{page.stat().st_size / 1e6:>8.2f}  {type(err).__name__}"
                    )
                    continue
                line = f"{count:>8} {title:<22}{spent:>9.2f}{page.stat().st_size / 1e6:>8.2f}{found['paint'] / 1000:>9.2f}{found['pan']:>8.0f}{found['worst']:>7.0f}"
                if "filter" in found:
                    line += f"{found['filter']:>11.0f}{found['search']:>8.0f}{found['again']:>7.0f}"
                print(line, flush=True)
    driver.quit()


if __name__ == "__main__":
    main()
