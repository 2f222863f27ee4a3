"""Fetching: pages from the web, only when asked for, politely and within limits."""

from __future__ import annotations

import io
import threading
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import geomap
from geomap.articles.budgets import Deadline
from geomap.articles.entries import Entry, make_entry, safe_name
from geomap.articles.failures import SourceError
from geomap.articles.warcs import CHARSET, SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import requests

    from geomap.limits import ReadingLimits

__all__ = ["Fetcher"]

# The name that robots.txt may speak to.
ROBOT = "geomap"

# RFC 9309: at least 500 kibibytes of robots.txt are read.
ROBOTS_BYTES = 512_000
CHUNK = 65_536
SCHEMES = ("http", "https")
REDIRECTS = (301, 302, 303, 307, 308)
OK, NOT_MODIFIED, CLIENT_ERROR, SERVER_ERROR = 200, 304, 400, 500
# What a server calls a version of a page, and how it is asked for another.
CONDITIONS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}


class Fetcher:
    """Fetches pages: one after another, with a pause for each server.

    Parameters
    ----------
    limits
        Of time, size, redirections and retries.
    """

    def __init__(self, limits: ReadingLimits) -> None:
        from geomap.articles.addresses import guarded_session  # noqa: PLC0415 - loads requests

        agent = f"{ROBOT}/{geomap.__version__} (news articles to maps)"
        self._limits = limits
        self._session = guarded_session(limits, agent=agent)
        self._robots: dict[str, Any] = {}
        self._last: dict[str, float] = {}

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def fetch(self, url: str) -> Entry:
        """Fetch one page.

        Parameters
        ----------
        url
            ``http`` or ``https``, without a password.

        Returns
        -------
        Entry
            Its bytes, whole, and what the server says of them.

        Raises
        ------
        SourceError
            When the server does not answer, refuses, or is asked by its
            ``robots.txt`` not to be read; when the page is too large, takes
            too long, or is not on the internet.
        """
        answer = self.fetch_changed(url, known={})
        if answer is None:
            raise _fault(url, f"the server answers {NOT_MODIFIED}", "ask again later")
        return answer[0]

    def fetch_changed(
        self, url: str, *, known: Mapping[str, str]
    ) -> tuple[Entry, dict[str, str]] | None:
        """Fetch one page if it is another than the last time (RFC 9110, 13.1).

        Parameters
        ----------
        url
            As of :meth:`fetch`.
        known
            What this gave the last time; empty for the first.

        Returns
        -------
        tuple of (Entry, dict) or None
            The page, and what the server calls this version of it; ``None`` when it
            says that the page is the same.

        Raises
        ------
        SourceError
            As of :meth:`fetch`.
        """
        from geomap.articles.addresses import hang_up  # noqa: PLC0415 - loads requests

        asked = {CONDITIONS[name]: known[name] for name in CONDITIONS if known.get(name)}
        deadline = Deadline(self._limits.max_seconds, url)
        # A server that sends a byte now and then meets no other limit of time.
        alarm = threading.Timer(deadline.remaining_seconds, hang_up)
        alarm.daemon = True
        alarm.start()
        try:
            return self._followed(url, deadline, asked)
        except SourceError as err:
            deadline.check()
            # What is wrong at a redirection's end is wrong with what was asked for.
            raise _fault(url, err.failure.reason, err.failure.hint) from err
        finally:
            alarm.cancel()

    def _followed(
        self, url: str, deadline: Deadline, asked: Mapping[str, str]
    ) -> tuple[Entry, dict[str, str]] | None:
        at = url
        for _ in range(self._limits.max_redirects + 1):
            self._check(at, deadline)
            response = self._get(at, deadline, headers=asked)
            with response:
                target = response.headers.get("Location")
                if response.status_code in REDIRECTS and target:
                    at = urljoin(at, target)
                    continue
                if response.status_code == NOT_MODIFIED and asked:
                    return None
                if response.status_code != OK:
                    reason = f"the server answers {response.status_code}"
                    raise _fault(url, reason, "check the address, or save the page yourself")
                body = self._body(response, self._limits.max_fetch_bytes, url, deadline)
                told = {
                    name: response.headers[name] for name in CONDITIONS if name in response.headers
                }
                return _entry(url, at, body, response.headers.get("Content-Type") or ""), told
        reason = f"is redirected more than {self._limits.max_redirects} times"
        raise _fault(url, reason, "give the address of the page itself")

    def _check(self, url: str, deadline: Deadline) -> None:
        """Refuse what is no page of the web, and what its server asks not to read."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError as err:
            raise _fault(url, f"is no URL ({err})", "expected https://…") from err
        if parts.scheme not in SCHEMES or not host:
            raise _fault(url, "is no URL of the web", "expected https://…")
        if parts.username or parts.password:
            raise _fault(url, "holds a password", "save the page yourself")
        key = f"{parts.scheme}://{host}:{port or ''}"
        if key not in self._robots:
            self._robots[key] = self._rules(urljoin(url, "/robots.txt"), deadline)
        rules = self._robots[key]
        if rules is not None and not rules.can_fetch(url, ROBOT):
            raise _fault(url, "robots.txt of the server forbids it", "save the page yourself")

    def _rules(self, url: str, deadline: Deadline) -> Any:
        """Read robots.txt (RFC 9309): without one all may be read, of a broken server nothing."""
        from protego import Protego  # noqa: PLC0415 - with the first fetch

        for _ in range(self._limits.max_redirects + 1):
            response = self._get(url, deadline)
            with response:
                target = response.headers.get("Location")
                if response.status_code in REDIRECTS and target:
                    url = urljoin(url, target)
                    if urlsplit(url).scheme not in SCHEMES:
                        return None
                    continue
                if response.status_code >= SERVER_ERROR:
                    return Protego.parse("User-agent: *\nDisallow: /")
                if response.status_code >= CLIENT_ERROR:
                    return None
                body = self._body(response, ROBOTS_BYTES, url, deadline, cut=True)
                return Protego.parse(body.decode("utf-8", errors="replace"))
        return None

    def _get(
        self, url: str, deadline: Deadline, *, headers: Mapping[str, str] | None = None
    ) -> requests.Response:
        import requests  # noqa: PLC0415 - with the first fetch

        deadline.check()
        host = urlsplit(url).netloc
        wait = self._last.get(host, -self._limits.fetch_delay_seconds)
        time.sleep(max(0.0, wait + self._limits.fetch_delay_seconds - time.monotonic()))
        self._last[host] = time.monotonic()
        try:
            return self._session.get(
                url,
                stream=True,
                allow_redirects=False,
                timeout=self._limits.fetch_timeout_seconds,
                headers=headers,
            )
        except (requests.RequestException, ValueError, OSError) as err:
            raise _unreached(url, err) from err

    def _body(
        self,
        response: requests.Response,
        most: int,
        url: str,
        deadline: Deadline,
        *,
        cut: bool = False,
    ) -> bytes:
        import requests  # noqa: PLC0415 - with the first fetch
        from urllib3.exceptions import HTTPError  # noqa: PLC0415 - with the first fetch

        parts, size = [], 0
        try:
            # Unpacked already: a page that is a bomb is stopped as any other.
            while chunk := response.raw.read1(CHUNK, decode_content=True):
                deadline.check()
                parts.append(chunk)
                size += len(chunk)
                if size > most:
                    if cut:
                        break
                    hint = "save it yourself, or raise max_fetch_bytes under [reading]"
                    raise _fault(url, f"is larger than {most:,} bytes", hint)
        except (requests.RequestException, HTTPError, OSError) as err:
            raise _unreached(url, err) from err
        return b"".join(parts)


def _entry(url: str, at: str, body: bytes, declared: str) -> Entry:
    kind, _, _ = declared.partition(";")
    suffix = SUFFIXES.get(kind.strip().lower(), "")
    parts = urlsplit(at)
    name = safe_name(parts.path.rstrip("/").rpartition("/")[2] or parts.hostname or "page")
    if suffix and not name.endswith(suffix):
        name += suffix
    entry = make_entry(name, io.BytesIO(body), origin=url)
    charset = CHARSET.search(declared)
    entry.charset = charset[1] if charset else None
    entry.url, entry.source = at, None
    return entry


def _fault(url: str, reason: str, hint: str) -> SourceError:
    return SourceError(url, reason, hint, stage="fetch")


def _unreached(url: str, err: Exception) -> SourceError:
    from geomap.articles.addresses import PrivateAddressError  # noqa: PLC0415 - loads requests

    seen: BaseException | None = err
    for _ in range(10):
        inner = getattr(seen, "reason", None) or (seen.args[0] if seen and seen.args else None)
        if isinstance(inner, PrivateAddressError):
            return _fault(url, "is not on the internet", "save the page yourself")
        if not isinstance(inner, BaseException):
            break
        seen = inner
    return _fault(url, f"cannot be fetched ({err})", "check the address and the network")
