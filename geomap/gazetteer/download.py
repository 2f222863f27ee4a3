"""Fetch a file: to a temporary file, resumed where it broke, hashed, then moved."""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from geomap import __version__
from geomap.errors import GazetteerError
from geomap.files import output_folder
from geomap.stages import cannot_write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["Download", "download"]

_CHUNK = 1 << 18
_BACKOFF_S = 0.5
_OK, _PARTIAL, _RANGE_FAULT = 200, 206, 416
# Worth another try: too many requests, and faults of the server.
_AGAIN = frozenset({429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A fetched file: its digest, size in bytes, and at which byte it was taken up."""

    path: Path
    url: str
    sha256: str
    size: int
    resumed_from: int


def download(
    url: str,
    target: Path,
    *,
    sha256: str | None = None,
    retries: int = 4,
    timeout_s: float = 30.0,
    progress: Callable[[int], None] | None = None,
) -> Download:
    """Fetch a file over HTTP.

    Parameters
    ----------
    url
        ``http`` or ``https``.
    target
        Replaced only by a whole file with the right digest.
    sha256
        Digest it must have; ``None`` accepts any and reports it.
    retries
        How often to go on after a fault, waiting twice as long each time.
    timeout_s
        Longest silence of the server.
    progress
        Called with the bytes there are so far.

    Returns
    -------
    Download
        What was fetched.

    Raises
    ------
    GazetteerError
        When it cannot be fetched whole, or not written. What came stays in ``….part``
        and is taken up by the next call, if the server still has the same file.
    OutputError
        When the folder cannot be written to.
    """
    if urlsplit(url).scheme not in {"http", "https"}:
        raise GazetteerError(f"{url!r} is no http(s) address; give one, or the path of a file")
    output_folder(target.parent)
    part = target.with_name(f"{target.name}.part")
    resumed = part.stat().st_size if part.is_file() and _known_tag(part, url) else 0
    fault: object = ""
    for attempt in range(retries + 1):
        if attempt:
            time.sleep(_BACKOFF_S * 2 ** (attempt - 1))
        outcome = _fetch(url, part, timeout_s, progress)
        if outcome is None:
            break
        fault, again = outcome
        if not again:
            raise _unfetched(url, fault)
    else:
        raise _unfetched(url, fault)
    with part.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    if sha256 is not None and digest != sha256.lower():
        _forget(part)
        msg = f"{url}: SHA-256 is {digest}, expected {sha256}; the file is not the one you meant"
        raise GazetteerError(msg)
    size = part.stat().st_size
    try:
        part.replace(target)
        _forget(part)
    except OSError as err:
        raise cannot_write(target, err) from err
    return Download(path=target, url=url, sha256=digest, size=size, resumed_from=resumed)


def _unfetched(url: str, fault: object) -> GazetteerError:
    return GazetteerError(f"{url}: cannot be fetched ({fault}); fetch it elsewhere, give the file")


def _fetch(
    url: str, part: Path, timeout_s: float, progress: Callable[[int], None] | None
) -> tuple[object, bool] | None:
    """Fetch what is missing; give the fault and whether to try again, or ``None``."""
    import requests  # noqa: PLC0415 - needed by downloads only

    tag = _known_tag(part, url)
    have = part.stat().st_size if tag and part.is_file() else 0
    headers = {"User-Agent": f"geomap/{__version__}", "Accept-Encoding": "identity"}
    if have and tag:
        headers |= {"Range": f"bytes={have}-", "If-Range": tag}
    try:
        with requests.get(url, headers=headers, timeout=timeout_s, stream=True) as answer:
            if answer.status_code == _RANGE_FAULT:
                _forget(part)
                return "the part does not fit the file", True
            if answer.status_code not in {_OK, _PARTIAL}:
                return f"status {answer.status_code}", answer.status_code in _AGAIN
            return _store(answer, part, url, have, progress)
    except OSError as err:
        if not isinstance(err, requests.RequestException):
            msg = f"{part}: cannot be written ({err.strerror or err}); free space, and run it again"
            raise GazetteerError(msg) from err
        return err, not isinstance(err, requests.exceptions.InvalidURL)


def _store(
    answer: Any, part: Path, url: str, have: int, progress: Callable[[int], None] | None
) -> tuple[object, bool] | None:
    goes_on = answer.status_code == _PARTIAL and answer.headers.get("Content-Range", "").startswith(
        f"bytes {have}-"
    )
    done = have if goes_on else 0
    length = answer.headers.get("Content-Length")
    whole = done + int(length) if length and length.isdecimal() else None
    tag = answer.headers.get("ETag") or answer.headers.get("Last-Modified")
    note = {"url": url, "tag": None if str(tag).startswith("W/") else tag}
    if not goes_on:
        # Before the note: what came of another file must never be taken up as this one.
        part.unlink(missing_ok=True)
    _note_of(part).write_text(json.dumps(note), encoding="utf-8")
    with part.open("ab" if goes_on else "wb") as handle:
        for chunk in answer.iter_content(_CHUNK):
            handle.write(chunk)
            done += len(chunk)
            if progress is not None:
                progress(done)
    if whole is not None and done != whole:
        return f"{done:,} of {whole:,} bytes came", True
    return None


def _note_of(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _known_tag(part: Path, url: str) -> str | None:
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        note = json.loads(_note_of(part).read_text(encoding="utf-8"))
        if note["url"] == url and isinstance(note["tag"], str):
            return str(note["tag"])
    return None


def _forget(part: Path) -> None:
    part.unlink(missing_ok=True)
    _note_of(part).unlink(missing_ok=True)
