"""Downloads against a real server on this machine: whole, broken, resumed, refused."""

from __future__ import annotations

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from geomap.errors import GazetteerError
from geomap.gazetteer import sourcing
from geomap.gazetteer.download import download
from geomap.gazetteer.sourcing import add_from

if TYPE_CHECKING:
    from collections.abc import Iterator

BODY = bytes(range(256)) * 2000


class Server(ThreadingHTTPServer):
    """Serves BODY with the faults it is told to make."""

    statuses: list[int]
    cut_at: list[int]
    ranges: list[str | None]
    resumable: bool
    body: bytes


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        asked = self.headers.get("Range")
        self.server.ranges.append(asked)
        if self.server.statuses:
            self.send_response(self.server.statuses.pop(0))
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        start = 0
        if asked and self.server.resumable and self.headers.get("If-Range") == '"one"':
            start = int(asked.removeprefix("bytes=").rstrip("-"))
        rest = self.server.body[start:]
        self.send_response(206 if start else 200)
        self.send_header("ETag", '"one"')
        self.send_header("Content-Length", str(len(rest)))
        if start:
            end = len(self.server.body)
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{end}")
        self.end_headers()
        cut = self.server.cut_at.pop(0) if self.server.cut_at else len(rest)
        self.wfile.write(rest[:cut])
        self.close_connection = True

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr("geomap.gazetteer.download._BACKOFF_S", 0.01)
    httpd = Server(("127.0.0.1", 0), Handler)
    httpd.statuses, httpd.cut_at, httpd.ranges = [], [], []
    httpd.resumable, httpd.body = True, BODY
    thread = threading.Thread(target=httpd.serve_forever)
    thread.start()
    yield httpd
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def url(server: Server, name: str = "UA.zip") -> str:
    return f"http://127.0.0.1:{server.server_address[1]}/{name}"


def test_a_whole_file_with_its_digest(server: Server, tmp_path: Path) -> None:
    digest = hashlib.sha256(BODY).hexdigest()
    seen: list[int] = []
    done = download(url(server), tmp_path / "f", sha256=digest, progress=seen.append)
    assert (done.path.read_bytes(), done.sha256, done.size) == (BODY, digest, len(BODY))
    assert seen[-1] == len(BODY)
    assert [p.name for p in tmp_path.iterdir()] == ["f"]


def test_a_wrong_digest_leaves_the_old_file(server: Server, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"old")
    with pytest.raises(GazetteerError, match="SHA-256 is"):
        download(url(server), tmp_path / "f", sha256="0" * 64)
    assert (tmp_path / "f").read_bytes() == b"old"


def test_a_busy_server_is_asked_again(server: Server, tmp_path: Path) -> None:
    server.statuses = [503, 429]
    assert download(url(server), tmp_path / "f").path.read_bytes() == BODY


def test_a_broken_transfer_is_resumed(server: Server, tmp_path: Path) -> None:
    server.cut_at = [300_000]
    assert download(url(server), tmp_path / "f").path.read_bytes() == BODY
    assert server.ranges[0] is None
    assert str(server.ranges[1]).startswith("bytes=")


def test_the_next_call_resumes(server: Server, tmp_path: Path) -> None:
    server.cut_at = [300_000]
    with pytest.raises(GazetteerError, match="cannot be fetched"):
        download(url(server), tmp_path / "f", retries=0)
    assert not (tmp_path / "f").exists()
    done = download(url(server), tmp_path / "f")
    assert done.resumed_from > 0
    assert done.path.read_bytes() == BODY


def test_a_server_without_ranges_begins_anew(server: Server, tmp_path: Path) -> None:
    server.resumable, server.cut_at = False, [300_000]
    assert download(url(server), tmp_path / "f").path.read_bytes() == BODY


def test_refusals_are_final(server: Server, tmp_path: Path) -> None:
    server.statuses = [404]
    with pytest.raises(GazetteerError, match="status 404"):
        download(url(server), tmp_path / "f")
    assert len(server.ranges) == 1
    with pytest.raises(GazetteerError, match="is no http"):
        download("ftp://example.org/f", tmp_path / "f")


def test_add_fetches_by_code(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOMAP_DATA", str(tmp_path))
    row = "90000009\tNetivka\tNetivka\t\t49.1\t36.1\tP\tPPL\tUA\t\t07"
    row += "\t\t\t\t5\t\t9\tEurope/Kyiv\t2024\n"
    server.body = row.encode()
    monkeypatch.setattr(sourcing, "GEONAMES_URL", url(server, "{}.txt"))
    assert add_from("geonames:ua").path.name == "UA.sqlite"


def test_what_came_of_another_file_is_never_taken_up(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the note of the new file is written, before its first byte is."""
    target = tmp_path / "UA.zip"
    part = tmp_path / "UA.zip.part"
    part.write_bytes(b"of an older file" * 100)
    (tmp_path / "UA.zip.part.json").write_text(
        json.dumps({"url": url(server), "tag": '"older"'}), encoding="utf-8"
    )
    opened = Path.open

    def killed(self: Path, *args: Any, **more: Any) -> Any:
        if self == part and args[0] in {"ab", "wb"}:
            raise KeyboardInterrupt
        return opened(self, *args, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", killed)
        with pytest.raises(KeyboardInterrupt):
            download(url(server), target)
    assert download(url(server), target).resumed_from == 0
    assert target.read_bytes() == BODY


def test_a_full_disk_is_told(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Path.open

    def full(self: Path, *args: Any, **more: Any) -> Any:
        if self.suffix == ".part" and args[0] in {"ab", "wb"}:
            raise OSError(28, "No space left on device")
        return opened(self, *args, **more)

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(GazetteerError, match=r"cannot be written \(No space left .*free space"):
        download(url(server), tmp_path / "UA.zip")
    assert not (tmp_path / "UA.zip").exists()
