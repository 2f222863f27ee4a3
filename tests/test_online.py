"""The online fallback against geopy's own classes and a server on this machine."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from geomap.errors import GazetteerError, OnlineError, SettingsError
from geomap.gazetteer import open_gazetteer
from geomap.online import OnlineGeocoder, make_online_geocoder
from geomap.pipeline import extract, load_pipeline
from geomap.records import Article
from geomap.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ANSWER = [
    {
        "place_id": 1, "licence": "ODbL", "osm_type": "node", "osm_id": 337422947,
        "boundingbox": ["50.60", "50.70", "30.0", "30.1"], "lat": "50.656", "lon": "30.08",
        "display_name": "Xyzivka {{7*7}} <b>, Бучанський район, Україна", "class": "place",
        "type": "village", "addresstype": "village", "importance": 0.1,
        "address": {"village": "Xyzivka", "country_code": "ua"},
    }
]  # fmt: skip
AGENT = "geomap-tests/1.0 (tests@example.org)"


class Server(ThreadingHTTPServer):
    paths: list[str]
    agents: list[str]
    status: int
    body: bytes
    delay_s: float
    length: int | None


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        self.server.agents.append(self.headers.get("User-Agent", ""))
        time.sleep(self.server.delay_s)
        with contextlib.suppress(ConnectionError):  # who asked may have left
            self.send_response(self.server.status)
            self.send_header("Content-Type", "application/json")
            length = self.server.length or len(self.server.body)
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(self.server.body)
            self.wfile.flush()

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    httpd = Server(("127.0.0.1", 0), Handler)
    httpd.paths, httpd.agents, httpd.status = [], [], 200
    httpd.body = json.dumps(ANSWER).encode()
    httpd.delay_s, httpd.length = 0.0, None
    thread = threading.Thread(target=httpd.serve_forever)
    thread.start()
    yield httpd
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def nominatim(
    server: Server, cache: Path | None = None, delay: float = 0.0, timeout_s: float = 2.0
) -> OnlineGeocoder:
    domain = f"127.0.0.1:{server.server_address[1]}"
    return make_online_geocoder(
        "nominatim", user_agent=AGENT, options={"domain": domain, "scheme": "http"}, cache=cache,
        min_delay_s=delay, timeout_s=timeout_s,
    )  # fmt: skip


def test_an_answer_is_a_candidate(server: Server) -> None:
    geocoder = nominatim(server)
    assert server.paths == []
    (found,) = geocoder.find("Xyzivka")
    assert (found.place.id, found.match) == ("nominatim:N337422947", "online")
    assert (found.place.country, found.place.feature_code) == ("UA", "PPL")
    assert (found.place.lon, found.place.lat) == (30.08, 50.656)
    assert 5 < found.place.radius_km < 8
    assert found.place.name == "Xyzivka {{7*7}} <b>"
    assert server.agents == [AGENT]


def test_the_cache_answers_the_second_time_and_after_reopening(
    server: Server, tmp_path: Path
) -> None:
    cache = tmp_path / "sub" / "cache.sqlite"
    first = nominatim(server, cache)
    once, twice = first.find("Xyzivka"), first.find("XYZIVKA")
    first.close()
    again = nominatim(server, cache)
    assert once[0].place == twice[0].place == again.find("Xyzivka")[0].place
    again.close()
    assert len(server.paths) == 1


def test_an_empty_answer_is_kept_too(server: Server, tmp_path: Path) -> None:
    server.body = b"[]"
    geocoder = nominatim(server, tmp_path / "c.sqlite")
    assert geocoder.find("Nowhere") == geocoder.find("Nowhere") == ()
    geocoder.close()
    assert len(server.paths) == 1


def test_requests_wait_their_turn(server: Server) -> None:
    geocoder = nominatim(server, delay=0.2)
    start = time.monotonic()
    for name in ("Aaa", "Bbb", "Ccc"):
        geocoder.find(name)
    assert time.monotonic() - start >= 0.4


@pytest.mark.parametrize(("status", "body"), [(500, b""), (429, b""), (200, b"<html>")])
def test_a_service_that_fails_is_named(
    server: Server, tmp_path: Path, status: int, body: bytes
) -> None:
    geocoder = nominatim(server, tmp_path / "c.sqlite")
    geocoder.find("Known")
    server.status, server.body = status, body
    with pytest.raises(GazetteerError, match="nominatim does not answer"):
        geocoder.find("Unknown")
    assert geocoder.find("Known")
    geocoder.close()


# What a service in trouble says: status, body, seconds it waits, length it announces.
TROUBLE = [
    pytest.param(500, b"", 0.0, None, id="500"),
    pytest.param(429, b"slow down", 0.0, None, id="429"),
    pytest.param(200, json.dumps(ANSWER).encode(), 0.6, None, id="time-out"),
    pytest.param(200, b"<html>captive portal", 0.0, None, id="html"),
    pytest.param(200, b"\xff\xfe\x00", 0.0, None, id="bytes"),
    pytest.param(200, b"[7]", 0.0, None, id="number"),
    pytest.param(200, b'[{"lat": "x", "lon": "y", "display_name": "Z"}]', 0.0, None, id="no point"),
    pytest.param(
        200, b'[{"lat": "NaN", "lon": "999", "display_name": "Z"}]', 0.0, None, id="out of range"
    ),
    pytest.param(200, b'[{"lat": "50"', 0.0, 5000, id="cut short"),
]


@pytest.mark.parametrize(("status", "body", "delay_s", "length"), TROUBLE)
def test_a_service_in_trouble_does_not_fail_the_article(
    server: Server, monkeypatch: pytest.MonkeyPatch, status: int, body: bytes, delay_s: float,
    length: int | None,
) -> None:  # fmt: skip
    server.status, server.body, server.delay_s, server.length = status, body, delay_s, length
    geocoder = nominatim(server, timeout_s=0.2)
    monkeypatch.setattr("geomap.components._make_geocoder", lambda _: geocoder)
    settings = Settings(online="nominatim", online_user_agent=AGENT)
    nlp = load_pipeline(settings)
    text = "They shelled the village of Xyzivkaqq, the village of Wuvkaqq and the town of Kyiv."
    first = extract(Article(id="a", text=text), nlp=nlp, settings=settings)
    asked = len(server.paths)
    assert 1 <= asked <= 2  # one name, twice at most
    again = extract(Article(id="b", text=text), nlp=nlp, settings=settings)
    assert len(server.paths) == asked  # left alone for a while
    for extracted in (first, again):
        assert [t.place.name for t in extracted.toponyms if t.place] == ["Kyiv"]
        said = [w for w in extracted.warnings if "nominatim does not answer" in w]
        assert len(said) == 1


def test_only_articles_that_wanted_the_service_are_warned(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.status = 500
    geocoder = nominatim(server)
    monkeypatch.setattr("geomap.components._make_geocoder", lambda _: geocoder)
    settings = Settings(online="nominatim", online_user_agent=AGENT)
    nlp = load_pipeline(settings)
    texts = ("They shelled the village of Xyzivkaqq.", "They shelled Kyiv.")
    warned = [
        any("does not answer" in w for w in extract(Article(id="a", text=t), nlp=nlp).warnings)
        for t in texts
    ]
    assert warned == [True, False]


def test_a_service_is_asked_again_after_the_pause(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.monotonic()
    monkeypatch.setattr("geomap.online.time.monotonic", lambda: now)
    geocoder = nominatim(server)
    good, server.body = server.body, b"<html>"
    with pytest.raises(OnlineError):
        geocoder.find("Xyzivka")
    server.body = good
    with pytest.raises(OnlineError, match="does not answer"):
        geocoder.find("Xyzivka")
    now += 301
    assert geocoder.find("Xyzivka")


@pytest.mark.parametrize(("status", "body"), [(400, b""), (200, b'{"error": "no"}')])
def test_a_question_that_is_refused_stops_no_other(
    server: Server, status: int, body: bytes
) -> None:
    geocoder = nominatim(server)
    good, server.status, server.body = server.body, status, body
    with pytest.raises(OnlineError):
        geocoder.find("???")
    server.status, server.body = 200, good
    assert geocoder.find("Xyzivka")


def test_a_cache_that_breaks_is_named(server: Server, tmp_path: Path) -> None:
    geocoder = nominatim(server, tmp_path / "c.sqlite")
    with contextlib.closing(sqlite3.connect(tmp_path / "c.sqlite")) as other:
        other.execute("DROP TABLE answer")
    with pytest.raises(OnlineError, match="cache of nominatim's answers"):
        geocoder.find("Xyzivka")
    geocoder.close()


def test_the_gazetteer_asks_only_for_unknown_names(server: Server) -> None:
    with open_gazetteer(fallback=nominatim(server)) as gazetteer:
        assert gazetteer.find("Kyiv")[0].match != "online"
        assert server.paths == []
        assert gazetteer.find("Xyzivkaqq")[0].match == "online"
    with open_gazetteer() as offline:
        assert offline.find("Xyzivkaqq") == ()


def test_wrong_services_agents_and_caches(tmp_path: Path) -> None:
    with pytest.raises(GazetteerError, match="did you mean nominatim"):
        make_online_geocoder("nominatin", user_agent=AGENT)
    for agent in (None, "", "geopy/2.4"):
        with pytest.raises(GazetteerError, match="does not say who asks"):
            make_online_geocoder("nominatim", user_agent=agent)
    with pytest.raises(GazetteerError, match="give what the service needs"):
        make_online_geocoder("geonames", user_agent=AGENT)
    (tmp_path / "text").write_text("not a database at all, but long enough to look at")
    with pytest.raises(GazetteerError, match="cannot be used"):
        make_online_geocoder("photon", user_agent=AGENT, cache=tmp_path / "text")
    with sqlite3.connect(tmp_path / "other.sqlite") as connection:
        connection.execute("CREATE TABLE t (x)")
    connection.close()
    with pytest.raises(GazetteerError, match="not a cache"):
        make_online_geocoder("photon", user_agent=AGENT, cache=tmp_path / "other.sqlite")


def _article() -> Article:
    text = "Russian troops left Kyiv. They shelled the village of Xyzivkaqq on Thursday."
    return Article(id="a", text=text)


def test_the_pipeline_asks_when_the_settings_say_so(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOMAP_DATA", str(tmp_path))
    domain = f"127.0.0.1:{server.server_address[1]}"
    settings = Settings(
        online="nominatim", online_user_agent=AGENT, online_options=f"domain={domain} scheme=http"
    )
    extracted = extract(_article(), nlp=load_pipeline(settings), settings=settings)
    asked = [urllib.parse.parse_qs(urllib.parse.urlsplit(p).query)["q"][0] for p in server.paths]
    assert asked == ["Xyzivkaqq"]
    (found,) = [t for t in extracted.toponyms if t.text == "Xyzivkaqq"]
    assert found.candidates[0].match == "online"
    assert "nominatim" in found.candidates[0].reason
    assert (tmp_path / "online.sqlite").is_file()


def test_the_pipeline_is_offline_by_default(server: Server) -> None:
    extracted = extract(_article(), nlp=load_pipeline())
    assert server.paths == []
    assert all(c.match != "online" for t in extracted.toponyms for c in t.candidates)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"online": "nominatim"}, "without online_user_agent"),
        ({"online_user_agent": AGENT}, "online is not"),
        ({"online": "photon", "online_user_agent": AGENT, "online_options": "x"}, "NAME=VALUE"),
    ],
)
def test_half_a_setting_is_refused(values: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        Settings(**values)  # type: ignore[arg-type]
