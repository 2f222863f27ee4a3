from __future__ import annotations

import contextlib
import gzip
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from document_builders import HTML, RSS, TITLE, pdf

from geomap.articles import addresses, read_articles, read_sources
from geomap.articles.addresses import is_public
from geomap.limits import ReadingLimits
from geomap.records import Article, Failure
from geomap.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGES: dict[str, tuple[int, dict[str, str], bytes]] = {
    "/robots.txt": (200, {}, b"User-agent: *\nDisallow: /private\nUser-agent: geomap\nDisallow: /*no"),
    "/a.html": (200, {"Content-Type": "text/html; charset=utf-8"}, HTML.encode()),
    "/private": (200, {"Content-Type": "text/html"}, HTML.encode()),
    "/x/no": (200, {"Content-Type": "text/html"}, HTML.encode()),
    "/feed": (200, {"Content-Type": "application/rss+xml"}, RSS.encode()),
    "/report": (200, {"Content-Type": "application/pdf"}, pdf()),
    "/moved": (302, {"Location": "/a.html"}, b""),
    "/circle": (301, {"Location": "/circle"}, b""),
    "/to-file": (302, {"Location": "file:///etc/passwd"}, b""),
    "/to-forbidden": (302, {"Location": "/x/no"}, b""),
    "/missing": (404, {}, b"no"),
    "/large": (200, {"Content-Type": "text/html"}, b"the " * 500_000),
    "/bomb": (
        200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, gzip.compress(b"0" * 50_000_000),
    ),
    "/garbled": (200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, b"no gzip"),
}  # fmt: skip


class Server(ThreadingHTTPServer):
    daemon_threads = True
    asked: list[tuple[str, str]]
    failures: dict[str, int]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["User-Agent"]))
        if self.server.failures.get(self.path, 0) > 0:
            self.server.failures[self.path] -= 1
            self.send_response(503)
            self.end_headers()
            return
        if self.path == "/slow-head":
            with contextlib.suppress(OSError):
                for byte in b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100:
                    self.wfile.write(bytes([byte]))
                    time.sleep(0.1)
            return
        if self.path == "/slow":
            self.send_response(200)
            self.end_headers()
            with contextlib.suppress(OSError):
                for _ in range(100):
                    self.wfile.write(b"the ")
                    time.sleep(0.1)
            return
        status, headers, body = PAGES.get(self.path, (404, {}, b""))
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as server:
        server.asked, server.failures = [], {}
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def fetch(server: Server, *paths: str, **limits: Any) -> list[Article | Failure]:
    given = {
        "allow_private_addresses": True,
        "fetch_delay_seconds": 0,
        "fetch_retries": 0,
        **limits,
    }
    settings = Settings(reading=ReadingLimits(**given))
    urls = [f"http://127.0.0.1:{server.server_port}{path}" for path in paths]
    return list(read_sources(urls=urls, settings=settings))


def test_pages_feeds_and_documents_are_read(server: Server) -> None:
    page, moved, report, first, second = fetch(server, "/a.html", "/moved", "/report", "/feed")
    assert isinstance(page, Article)
    assert (page.title, page.source) == (TITLE, "The Dispatch")
    assert page.url == page.origin == f"http://127.0.0.1:{server.server_port}/a.html"
    assert isinstance(moved, Article)
    assert (moved.text, moved.url) == (page.text, page.url)
    assert (moved.origin or "").endswith("/moved")
    assert isinstance(report, Article)
    assert isinstance(first, Article)
    assert first.url == "https://example.org/a"
    assert (getattr(second, "origin", None) or "").endswith("/feed:2")
    assert [path for path, _ in server.asked].count("/robots.txt") == 1
    assert {agent.partition("/")[0] for _, agent in server.asked} == {"geomap"}


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/x/no", "robots.txt of the server forbids it"),
        ("/to-forbidden", "robots.txt of the server forbids it"),
        ("/circle", "is redirected more than 5 times"),
        ("/to-file", "is no URL of the web"),
        ("/missing", "the server answers 404"),
        ("/large", "is larger than 1,000,000 bytes"),
        ("/bomb", "is larger than 1,000,000 bytes"),
        ("/garbled", "cannot be fetched"),
        ("/slow", "takes longer than 0.5 s"),
        ("/slow-head", "takes longer than 0.5 s"),
    ],
)
def test_what_is_not_fetched(path: str, reason: str, server: Server) -> None:
    started = time.monotonic()
    (failure,) = fetch(server, path, max_fetch_bytes=1_000_000, max_seconds=0.5)
    assert time.monotonic() - started < 5
    assert isinstance(failure, Failure)
    assert failure.stage in ("fetch", "parse")
    assert failure.origin == f"http://127.0.0.1:{server.server_port}{path}"
    assert reason in failure.reason


def test_rules_for_others_do_not_bind(server: Server) -> None:
    assert isinstance(fetch(server, "/private")[0], Article)


def test_broken_robots_file_forbids_all(server: Server) -> None:
    server.failures["/robots.txt"] = 10
    (failure,) = fetch(server, "/a.html")
    assert isinstance(failure, Failure)
    assert "robots.txt" in failure.reason


def test_failed_fetch_is_tried_again(server: Server) -> None:
    server.failures["/a.html"] = 1
    assert isinstance(fetch(server, "/a.html", fetch_retries=1)[0], Article)
    assert [path for path, _ in server.asked] == ["/robots.txt", "/a.html", "/a.html"]


def test_server_is_given_a_pause(server: Server) -> None:
    started = time.monotonic()
    fetch(server, "/a.html", "/report", fetch_delay_seconds=0.2)
    assert time.monotonic() - started >= 0.4


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_is_not_reached(host: str, server: Server) -> None:
    settings = Settings(reading=ReadingLimits(fetch_retries=0, fetch_delay_seconds=0))
    (failure,) = read_sources(
        urls=[f"http://{host}:{server.server_port}/a.html"], settings=settings
    )
    assert isinstance(failure, Failure)
    assert failure.reason == "is not on the internet"
    assert server.asked == []


def test_name_that_changes_its_address_is_not_reached(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([True, False])
    monkeypatch.setattr(addresses, "is_public", lambda _: next(answers))
    settings = Settings(reading=ReadingLimits(fetch_retries=0, fetch_delay_seconds=0))
    (failure,) = read_sources(urls=[f"http://127.0.0.1:{server.server_port}/"], settings=settings)
    assert isinstance(failure, Failure)
    assert failure.reason == "is not on the internet"
    assert server.asked == []


def test_redirection_inwards_is_not_followed(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The first server stands for one on the internet, the second does not.
    monkeypatch.setattr(addresses, "is_public", lambda address: address == "127.0.0.1")
    monkeypatch.setattr(
        addresses, "_addresses",
        lambda host, _: ["127.0.0.1"] if host == "127.0.0.1" else ["10.0.0.1"],
    )  # fmt: skip
    monkeypatch.setitem(PAGES, "/inwards", (302, {"Location": "http://intranet.example/"}, b""))
    settings = Settings(reading=ReadingLimits(fetch_retries=0, fetch_delay_seconds=0))
    url = f"http://127.0.0.1:{server.server_port}/inwards"
    (failure,) = read_sources(urls=[url], settings=settings)
    assert isinstance(failure, Failure)
    assert failure.reason == "is not on the internet"


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104
     "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1",
     "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "no address"],
)  # fmt: skip
def test_private_addresses(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("url", ["ftp://example.org/a", "https://", "https://u:p@example.org/", "http://[::1", "file:///etc/passwd"])  # fmt: skip
def test_what_is_no_page_of_the_web(url: str) -> None:
    faults: list[str] = []
    assert list(read_articles(urls=[url], on_fault=lambda err: faults.append(str(err)))) == []
    assert len(faults) == 1
    assert faults[0].startswith(url.partition("/a")[0])
