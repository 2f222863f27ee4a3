"""A server on this machine that gives a feed."""

from __future__ import annotations

import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from feed_texts import LONG, rss

if TYPE_CHECKING:
    from collections.abc import Iterator

# The quick extractor of the batches, which their workers import by name.
sys.path.append(str(Path(__file__).parents[1] / "batch"))


class Site:
    """What the server says, and what it was asked."""

    def __init__(self) -> None:
        self.body, self.etag, self.status = rss(("a", LONG)), '"1"', 200
        self.asked: list[str | None] = []
        self.answered: list[int] = []
        self.robots = b""
        self.url = ""


@pytest.fixture
def site() -> Iterator[Any]:
    held = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_robots = self.path == "/robots.txt"
            body, status = (held.robots, 200) if is_robots else (held.body, held.status)
            if not is_robots:
                held.asked.append(self.headers.get("If-None-Match"))
                if status == 200 and held.asked[-1] == held.etag:
                    body, status = b"", 304
                held.answered.append(status)
            self.send_response(status)
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("Content-Length", str(len(body)))
            if not is_robots:
                self.send_header("ETag", held.etag)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        held.url = f"http://127.0.0.1:{server.server_port}/feed.xml"
        yield held
        server.shutdown()
        thread.join()
