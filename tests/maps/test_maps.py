from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
import time
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import folium
import geopandas as gpd
import pytest
from folium.plugins import MarkerCluster
from samples import SUMY, event, extracted, toponym

from geomap.errors import GeometryError, OutputError, SettingsError
from geomap.frames import events_to_gdf
from geomap.geometry import circle, point, ring
from geomap.maps import draw_map, write_map
from geomap.maps.assets import FOLDER, PAGE_FILES, page_script
from geomap.maps.basemap import basemap_detail, basemap_features
from geomap.maps.data import COLUMNS
from geomap.maps.symbols import FACTUALITIES
from geomap.palette import EVENT_COLOURS
from geomap.records import Article, Attribution, Sentence, Trigger
from geomap.signs import EVENT_SIGNS

if TYPE_CHECKING:
    from pathlib import Path


def html_of(*args: Any, **kwargs: Any) -> str:
    return str(draw_map(*args, **kwargs).get_root().render())


def data_of(page: str) -> dict[str, Any]:
    (found,) = re.findall(r'id="geomap-data">(.*?)</script>', page)
    return json.loads(found)  # type: ignore[no-any-return]


def column(page: str, name: str) -> list[Any]:
    """Give a column of the events, numbers of texts as texts."""
    data = data_of(page)
    values = data["events"][name]
    texts = {"id", "subtype", "precision", "dateText", "where", "reason", "weapon"}
    if name not in texts:
        return list(values)
    return [data["texts"][value] if value >= 0 else None for value in values]


def policy_of(page: str) -> str:
    (found,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    return str(found)


def test_a_map_is_a_folium_map_to_which_can_be_added() -> None:
    drawn = draw_map(extracted())
    assert isinstance(drawn, folium.Map)
    folium.Marker([50, 30]).add_to(drawn.groups["corridor"])
    assert "L.marker" in drawn.get_root().render()
    assert "<iframe" in drawn._repr_html_()


def test_nothing_is_fetched() -> None:
    page = html_of(extracted())
    assert not re.findall(r"""\bsrc=["']?(?:https?:)?//|<link\b""", page)
    assert not re.findall(r"@import|url\((?!data:|#)", page.replace("url(#geomap-fade-${", ""))
    assert policy_of(page).startswith("default-src 'none'; script-src 'sha256-")
    assert "http" not in policy_of(page)
    assert '<html lang="en">' in page
    data = re.search(r'id="geomap-data">.*?</script>', page)
    assert data is not None
    assert len(page) - len(data[0]) < 350_000


def test_each_script_of_the_page_stands_in_its_policy() -> None:
    drawn = draw_map(extracted())
    folium.Marker([50, 30], popup="mine").add_to(drawn)
    page = drawn.get_root().render()
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert len(scripts) == 4
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy_of(page)
    assert "'unsafe-inline'" not in policy_of(page).partition("style-src")[0]


def test_what_the_maker_links_is_allowed_and_no_more() -> None:
    drawn = draw_map(extracted(), tiles="OpenStreetMap")
    MarkerCluster().add_to(drawn)
    page = drawn.get_root().render()
    assert "img-src data: https://tile.openstreetmap.org" in policy_of(page)
    assert "https://cdnjs.cloudflare.com" in policy_of(page).partition("style-src")[0]
    assert "openstreetmap.org/copyright" in page


def test_tiles_that_folium_does_not_know_are_refused() -> None:
    with pytest.raises(SettingsError, match="name a set that folium knows"):
        draw_map(extracted(), tiles="https://example.org/{z}/{x}/{y}.png")


def test_the_same_input_gives_the_same_bytes() -> None:
    assert html_of([extracted()]) == html_of([extracted()])


def test_rendering_again_gives_the_same_bytes() -> None:
    page = draw_map(extracted()).get_root()
    assert page.render() == page.render()


def test_the_data_says_what_an_analyst_asks() -> None:
    page = html_of(extracted())
    data = data_of(page)
    texts, (article,) = data["texts"], data["articles"]
    assert column(page, "where") == ["Sumy → Poltava"]
    assert column(page, "uncertainty") == [5.0]
    assert column(page, "confidence") == [0.8]
    assert column(page, "d0") == column(page, "d1") == [19059]  # days since 1970: 8 March 2022
    assert [texts[number] for number in data["events"]["said"][0] if number >= 0] == [
        "Kyiv", "UA", "said",
    ]  # fmt: skip
    start, end = data["events"]["trigger"][0]
    assert article["text"][start:end] == "corridor"
    assert [article["text"][a:b] for a, b, *_ in article["names"]] == ["Sumy", "Poltava", "Kyiv"]
    assert [texts[name[3]] for name in article["names"]] == ["literal", "literal", "metonymic"]
    assert [texts[role] for role, _ in data["events"]["places"][0]] == ["from", "to"]


def test_offsets_are_those_of_javascript() -> None:
    text = "\U0001f525 \u202eSumy was hit."
    found = event(
        trigger=Trigger(start=12, end=15, text="hit"),
        sentence=Sentence(start=0, end=len(text), text=text),
    )
    names = (toponym(0, "Sumy", SUMY, start=3, end=7),)
    page = html_of(extracted(article=Article(id="a", text=text), toponyms=names, events=(found,)))
    data = data_of(page)
    units = data["articles"][0]["text"].encode("utf-16-le")
    assert data["articles"][0]["text"] == "\U0001f525 [U+202E]Sumy was hit."

    def cut(start: int, end: int) -> str:
        return units[2 * start : 2 * end].decode("utf-16-le")

    assert cut(*data["events"]["trigger"][0]) == "hit"
    assert cut(*data["articles"][0]["names"][0][:2]) == "Sumy"
    assert cut(*data["events"]["sentence"][0]) == data["articles"][0]["text"]


def test_negated_events_are_drawn_from_the_start_when_asked() -> None:
    rows = extracted(events=(event(factuality="negated"),))
    assert data_of(html_of(rows))["negated"] is False
    assert data_of(html_of(rows, draw_negated=True))["negated"] is True


def test_unplaced_events_keep_the_reason() -> None:
    page = html_of(extracted(events=(event(geometry=None, reason="no place in it"),)))
    assert column(page, "lon") == [None]
    assert column(page, "reason") == ["no place in it"]


def test_an_empty_map_is_a_map() -> None:
    data = data_of(html_of([]))
    assert data["view"] is None
    assert data["events"] == {name: [] for name in COLUMNS}


def test_reports_of_one_event_are_told_together() -> None:
    one = extracted("one", article=replace(extracted().article, id="one", source="A"))
    two = extracted("two", article=replace(extracted().article, id="two", source="B"))
    (group,) = data_of(html_of([one, two]))["groups"]
    assert group["events"] == [0, 1]


def test_events_on_both_sides_of_the_antimeridian_stand_together() -> None:
    events = (event(id="a", geometry=point(179.5, 65)), event(id="b", geometry=point(-179.5, 65)))
    page = html_of(extracted(events=events))
    view = data_of(page)["view"]
    assert view[1][1] - view[0][1] < 10
    assert column(page, "lon") == [179.5, 180.5]
    html_of(extracted(events=(event(geometry=circle(180, 10, radius_km=50)),)))


def test_a_title_of_the_user_and_of_the_article() -> None:
    assert "<title>Mine &lt;b&gt;</title>" in html_of(extracted(), title="Mine <b>")
    article = replace(extracted().article, title="Its own")
    assert "<title>Its own</title>" in html_of(extracted(article=article))


def test_types_to_come_are_drawn_in_grey() -> None:
    page = html_of(extracted(events=(event(type="parade", geometry=point(30, 50)),)))
    assert data_of(page)["types"][0]["colour"] == EVENT_COLOURS["other"]
    assert data_of(page)["types"][0]["path"] == EVENT_SIGNS["other"]


def test_factualities_differ_without_colour() -> None:
    looks = {(look.dash, look.over) for look in FACTUALITIES.values()}
    assert len(looks) == len(FACTUALITIES)


@pytest.mark.parametrize("said", [None, Attribution(organisation="the council", verb="say")])
def test_who_says_so(said: Attribution | None) -> None:
    page = html_of(extracted(events=(event(attribution=said),)))
    (found,) = column(page, "said")
    texts = data_of(page)["texts"]
    assert found == 0 if said is None else texts[found[1]] == "the council"


def test_a_frame_is_drawn_with_its_sentences() -> None:
    rows = extracted(
        events=(event(), event(id="u", geometry=None), event(id="c", counts={"killed": 2}))
    )
    page = html_of(events_to_gdf(rows))
    data = data_of(page)
    (article,) = data["articles"]
    assert article["excerpts"]
    start, end = data["events"]["trigger"][0]
    assert article["text"][start:end] == "corridor"
    assert column(page, "where")[0] == "Sumy → Poltava"
    assert column(page, "lon")[1] is None
    assert column(page, "counts") == [0, 0, {"killed": 2}]
    assert column(page, "d0") == [19059] * 3


def test_a_frame_of_ones_own_needs_only_a_crs() -> None:
    spots = gpd.GeoSeries.from_xy([30.5], [50.4], crs="EPSG:4326")
    page = html_of(gpd.GeoDataFrame({"type": ["strike"]}, geometry=spots))
    assert column(page, "lon") == [30.5]
    with pytest.raises(GeometryError, match="expected EPSG:4326"):
        draw_map(gpd.GeoDataFrame({"type": ["strike"]}, geometry=spots.to_crs(3857)))


def test_a_result_shows_itself_in_a_notebook() -> None:
    assert "<iframe" in extracted()._repr_html_()


def test_a_language_the_page_does_not_speak_is_refused() -> None:
    assert '<html lang="uk">' in html_of(extracted(), language="uk")
    with pytest.raises(SettingsError, match="en, uk, ru"):
        draw_map(extracted(), language="de")


def test_ten_thousand_events_are_quick() -> None:
    shapes = [point(30, 50), ring(31, 49, radius_km=8), point(36, 49), point(37, 47)]
    rows = [
        extracted(
            f"a{n}", events=tuple(event(id=f"e{k}", geometry=shapes[k % 4]) for k in range(10))
        )
        for n in range(1000)
    ]
    start = time.process_time()
    page = html_of(rows)
    # Processor time, which others on the machine slow less: 1.1 s on a quiet one
    # (benchmarks/map_speed.py).
    assert time.process_time() - start < 8
    assert len(data_of(page)["events"]["lon"]) == 10_000


def test_write_map_replaces_or_leaves(tmp_path: Path) -> None:
    target = write_map(draw_map(extracted()), tmp_path / "map.html")
    assert target.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    with pytest.raises(OutputError, match="cannot be written"):
        write_map(draw_map([]), tmp_path / "none" / "map.html")


def test_assets_are_the_recorded_ones() -> None:
    registry = tomllib.loads((FOLDER / "registry.toml").read_text(encoding="utf-8"))
    for library in registry.values():
        for name, digest in library["sha256"].items():
            assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == digest, name
        assert (FOLDER / library["licence_file"]).is_file()


def test_the_page_script_is_javascript_without_html(tmp_path: Path) -> None:
    files = {path.stem for path in (FOLDER / "page").glob("*.js")}
    assert files == {*PAGE_FILES, "jquery_stub"}
    for name in PAGE_FILES:
        text = (FOLDER / "page" / f"{name}.js").read_text(encoding="utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text
        )
        assert len(text.splitlines()) < 350
    node = shutil.which("node")
    if node is not None:
        script = tmp_path / "page.js"
        script.write_text(page_script(), encoding="utf-8")
        subprocess.run([node, "--check", script], check=True)


def test_the_basemap_covers_the_view(tmp_path: Path) -> None:
    view = (29.0, 49.0, 32.0, 51.0)
    land, borders = basemap_features(view)
    assert land
    assert borders
    regions, towns = basemap_detail(view)
    assert regions
    assert towns[0][0] == "Kyiv"
    assert basemap_features(None, path=tmp_path / "none.geojson") == ([], [])
    assert basemap_detail(view, path=tmp_path / "none.json") == ([], [])
