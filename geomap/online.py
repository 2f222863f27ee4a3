"""Any geopy geocoder as a fallback: opt-in, slow on purpose, cached for good.

Nothing leaves the machine unless a caller makes an :class:`OnlineGeocoder`
and hands it on. Each request waits its turn, carries the caller's user agent,
and its answer, an empty one too, is kept on disk, as the Nominatim usage policy
asks (https://operations.osmfoundation.org/policies/nominatim/). A service that
fails is left alone for some minutes: an article waits for it once.
"""

from __future__ import annotations

import contextlib
import difflib
import hashlib
import http.client
import json
import logging
import sqlite3
import time
from typing import TYPE_CHECKING, Any

from geomap.errors import GazetteerError, OnlineError
from geomap.gazetteer import key
from geomap.records import Candidate, Place

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["OnlineGeocoder", "make_online_geocoder"]

# geopy logs each failed try with its traceback; who wants them sets up logging.
logging.getLogger("geopy").addHandler(logging.NullHandler())

# "GCCH": tells our cache from any other SQLite file.
_APPLICATION_ID = 0x47434348
_CACHE_VERSION = 1
# The best answer of a service ranks with an attested other name of a middling town; each further
# one a tenth lower.
_BEST_SCORE = 0.6
_RANK_STEP = 0.06
_RADIUS_KM = 5.0
_SETTLEMENTS = frozenset({"city", "town", "village", "hamlet", "municipality", "locality"})
_STOCK_AGENTS = ("geopy", "my-application", "my_user_agent", "test")
_BOX_SIDES = 4
# With two tries of ten seconds each, a dead service takes a tenth of the time at most.
_PAUSE_S = 300.0


class OnlineGeocoder:
    """Look names up with a geopy geocoder, politely.

    Parameters
    ----------
    geocoder
        Any geopy geocoder.
    name
        What to call the service in identifiers, reasons and the cache.
    min_delay_s
        Least time between requests; Nominatim's policy asks for one second.
    timeout_s
        Longest wait for an answer.
    cache
        SQLite file that keeps every answer; ``None`` keeps none.
    limit
        Most candidates to ask for.
    pause_s
        How long a service that failed is not asked again.

    Raises
    ------
    GazetteerError
        When the cache is another program's file or damaged. Nothing is sent
        before :meth:`find`.
    """

    def __init__(
        self,
        geocoder: Any,
        *,
        name: str,
        min_delay_s: float = 1.0,
        timeout_s: float = 10.0,
        cache: Path | None = None,
        limit: int = 5,
        pause_s: float = _PAUSE_S,
    ) -> None:
        from geopy.extra.rate_limiter import RateLimiter  # noqa: PLC0415 - only who goes online

        self.name = name
        self._limit = limit
        self._timeout_s = timeout_s
        self._pause_s = pause_s
        self._paused_until = 0.0
        self._failure = ""
        self._domain = str(getattr(geocoder, "domain", ""))
        self._ask = RateLimiter(
            geocoder.geocode,
            min_delay_seconds=min_delay_s,
            max_retries=1,
            error_wait_seconds=max(min_delay_s, 0.1),
            swallow_exceptions=False,
        )
        self._cache = _open_cache(cache) if cache is not None else None

    def close(self) -> None:
        """Close the cache."""
        if self._cache is not None:
            self._cache.close()

    def find(self, name: str) -> tuple[Candidate, ...]:
        """Look a name up in the cache, then online.

        Parameters
        ----------
        name
            The name as the text has it. It is sent to the service.

        Returns
        -------
        tuple of Candidate
            In the order of the service, ``match="online"``; empty where it
            knows none.

        Raises
        ------
        OnlineError
            When the service does not answer, or failed within the last
            ``pause_s`` seconds and is not asked; what was cached stays.
        """
        question = f"{self.name}\n{self._domain}\n{key(name)}\n{self._limit}"
        answers = self._remembered(question)
        if answers is None:
            answers = self._asked(name)
            self._remember(question, answers)
        return tuple(self._candidate(name, rank, row) for rank, row in enumerate(answers))

    def _asked(self, name: str) -> list[dict[str, Any]]:
        from geopy.exc import GeocoderQueryError, GeopyError  # noqa: PLC0415 - only who goes online

        if time.monotonic() < self._paused_until:
            raise OnlineError(self._failure)
        try:
            found = self._ask(name, exactly_one=False, timeout=self._timeout_s)
            return [_row(location) for location in (found or [])[: self._limit]]
        # What geopy's parsers raise on an answer of another shape, besides its own errors.
        except (
            GeopyError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError,
            OSError, http.client.HTTPException,
        ) as err:  # fmt: skip
            self._failure = (
                f"{self.name} does not answer ({type(err).__name__}: {err}); try later, or work "
                "without it"
            )
            # "This question is wrong" says nothing of the next one.
            if not isinstance(err, GeocoderQueryError):
                self._paused_until = time.monotonic() + self._pause_s
            raise OnlineError(self._failure) from err

    def _candidate(self, name: str, rank: int, row: Mapping[str, Any]) -> Candidate:
        address = str(row["address"])
        digest = hashlib.sha1(  # noqa: S324 - names a place, guards nothing
            f"{address}{row['lat']}{row['lon']}".encode()
        ).hexdigest()[:12]
        place = Place(
            id=f"{self.name}:{row.get('id') or digest}", name=address.partition(",")[0] or name,
            country=row.get("country"), admin1=None, lon=row["lon"], lat=row["lat"],
            feature_class=row["feature_class"], feature_code=row["feature_code"],
            radius_km=row["radius_km"],
        )  # fmt: skip
        return Candidate(
            place=place,
            score=round(max(0.0, _BEST_SCORE - _RANK_STEP * rank), 3),
            match="online",
            reason=f"“{name}” was answered by {self.name} with {address}",
        )

    def _remembered(self, question: str) -> list[dict[str, Any]] | None:
        sql = "SELECT answers FROM answer WHERE question = ?"
        row = self._cached(sql, question)
        return None if row is None else json.loads(row[0])

    def _remember(self, question: str, answers: list[dict[str, Any]]) -> None:
        text = json.dumps(answers, ensure_ascii=False)
        self._cached("INSERT OR REPLACE INTO answer VALUES (?, ?)", question, text)

    def _cached(self, sql: str, *values: str) -> Any:
        if self._cache is None:
            return None
        try:
            return self._cache.execute(sql, values).fetchone()
        except sqlite3.Error as err:
            msg = f"the cache of {self.name}'s answers cannot be used ({err}); free or remove it"
            raise OnlineError(msg) from err


def _row(location: Any) -> dict[str, Any]:
    """Take from geopy's location what is kept; geopy speaks (lat, lon), kept by name."""
    raw = location.raw if isinstance(location.raw, dict) else {}
    row = {"address": location.address, "lat": location.latitude, "lon": location.longitude}
    return {**row, **_facts(raw)}


def _facts(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Take from a service's own record what geopy leaves there (Nominatim, Photon, GeoNames)."""
    inner = raw.get("properties")
    inner = inner if isinstance(inner, dict) else raw
    number = inner.get("osm_id") or inner.get("geonameId") or inner.get("gid")
    kind = str(inner.get("addresstype") or inner.get("type") or inner.get("osm_value") or "")
    settlement = kind in _SETTLEMENTS or str(inner.get("osm_value")) in _SETTLEMENTS
    address = inner.get("address")
    address = address if isinstance(address, dict) else {}
    country = address.get("country_code") or inner.get("countrycode") or inner.get("countryCode")
    return {
        "id": f"{str(inner.get('osm_type', ''))[:1].upper()}{number}" if number else None,
        "country": str(country).upper()[:2] if country else None,
        "feature_class": "P" if settlement or not kind else "A" if "admin" in kind else "S",
        "feature_code": "PPL" if settlement or not kind else "ADMD" if "admin" in kind else "SPOT",
        "radius_km": _radius_km(raw.get("boundingbox")),
    }


def _radius_km(box: object) -> float:
    """Give half the diagonal of Nominatim's box (south, north, west, east); 5 km without one."""
    from geopy.distance import geodesic  # noqa: PLC0415 - only who goes online

    if not isinstance(box, list) or len(box) != _BOX_SIDES:
        return _RADIUS_KM
    with contextlib.suppress(ValueError, TypeError):
        south, north, west, east = (float(side) for side in box)
        # geopy takes (lat, lon).
        return max(1.0, round(float(geodesic((south, west), (north, east)).km) / 2, 1))
    return _RADIUS_KM


def _open_cache(path: Path) -> sqlite3.Connection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=30, isolation_level=None)
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables == 0:
            connection.executescript(
                f"PRAGMA application_id = {_APPLICATION_ID};"
                f"PRAGMA user_version = {_CACHE_VERSION};"
                "CREATE TABLE IF NOT EXISTS answer (question TEXT PRIMARY KEY, answers TEXT);"
            )
        elif (application, version) != (_APPLICATION_ID, _CACHE_VERSION):
            connection.close()
            msg = f"{path}: not a cache of online answers; give the path of a new file"
            raise GazetteerError(msg)
    except (sqlite3.Error, OSError) as err:
        msg = f"{path}: the cache cannot be used ({err}); give the path of a new file"
        raise GazetteerError(msg) from err
    return connection


def make_online_geocoder(
    service: str,
    *,
    user_agent: str | None,
    options: Mapping[str, Any] | None = None,
    cache: Path | None = None,
    min_delay_s: float = 1.0,
    timeout_s: float = 10.0,
) -> OnlineGeocoder:
    """Make a fallback from the name of a service that geopy knows.

    Parameters
    ----------
    service
        ``"nominatim"``, ``"photon"``, ``"geonames"``, ``"pelias"`` …
    user_agent
        Who asks, with a way to reach them; Nominatim's policy requires it.
    options
        Further arguments of geopy's class (``domain``, ``username``, ``api_key``).
    cache, min_delay_s, timeout_s
        As of :class:`OnlineGeocoder`.

    Returns
    -------
    OnlineGeocoder
        Nothing has been sent yet.

    Raises
    ------
    GazetteerError
        When geopy has no such service, an argument is missing, or the user
        agent is a stock one.
    """
    from geopy.adapters import URLLibAdapter  # noqa: PLC0415 - only who goes online
    from geopy.exc import GeocoderNotFound, GeopyError  # noqa: PLC0415 - only who goes online
    from geopy.geocoders import SERVICE_TO_GEOCODER, get_geocoder_for_service  # noqa: PLC0415

    try:
        kind = get_geocoder_for_service(service)
    except GeocoderNotFound as err:
        near = difflib.get_close_matches(service, SERVICE_TO_GEOCODER, n=3)
        msg = f"geopy knows no service {service!r}; did you mean {', '.join(near) or 'nominatim'}?"
        raise GazetteerError(msg) from err
    if not user_agent or user_agent.split("/")[0].strip().lower() in _STOCK_AGENTS:
        msg = (
            f"user agent {user_agent!r} does not say who asks; give one with a way to reach you, "
            "e.g. 'my-project/1.0 (me@example.org)'"
        )
        raise GazetteerError(msg)
    try:
        # Not through requests, whose adapter asks three times by itself without waiting its turn.
        geocoder = kind(
            user_agent=user_agent, timeout=timeout_s, adapter_factory=URLLibAdapter,
            **dict(options or {}),
        )  # fmt: skip
    except (TypeError, GeopyError) as err:
        raise GazetteerError(f"{service}: {err}; give what the service needs in options") from err
    return OnlineGeocoder(
        geocoder, name=service, min_delay_s=min_delay_s, timeout_s=timeout_s, cache=cache
    )
