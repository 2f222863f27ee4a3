"""Look names up: the built-in gazetteer, the users' own files, and their corrections."""

from __future__ import annotations

import hashlib
import importlib.resources
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self

from geomap.gazetteer.candidates import (
    FIRST_LEVEL,
    levels_of,
    named_hits,
    ranked,
    region_hits,
    stem_of,
)
from geomap.gazetteer.constraints import Constraints
from geomap.gazetteer.containment import Boundaries, is_listed_in
from geomap.gazetteer.corrections import Corrections
from geomap.gazetteer.fuzzy import is_eligible, similar_keys
from geomap.gazetteer.normalise import key
from geomap.gazetteer.opening import GazetteerInfo
from geomap.gazetteer.schema import ALIAS, PRIMARY, SPELLED
from geomap.gazetteer.single import GazetteerFile
from geomap.gazetteer.titles import without_title
from geomap.gazetteer.transliterate import from_cyrillic, has_cyrillic, variants
from geomap.gazetteer.twins import without_twins
from geomap.lexicons import words
from geomap.recent import Recent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from types import TracebackType

    from geomap.records import Candidate, Place

__all__ = ["Gazetteer", "GazetteerInfo", "builtin_path", "open_gazetteer"]


# Names recur from article to article, most of them soon. 5,000 with their candidates take 12 MB;
# so many different ones come in 2,000 generated articles (benchmarks/growth_articles.py).
_MOST_REMEMBERED = 6_000


class Fallback(Protocol):
    """What is asked last."""

    def find(self, name: str) -> tuple[Candidate, ...]:
        """Give candidates, the best first; empty where there is none."""


class Gazetteer:
    """Gazetteer files, open for reading, the built-in one first.

    Safe to open many times and to pickle (by path); its connections belong to
    the thread that opened them.

    Parameters
    ----------
    path
        The first SQLite file; where two files hold one identifier, it wins.
    added
        Further files, e.g. those of ``geomap gazetteer add``.
    corrections
        Pins, aliases and words that are never a place.
    fallback
        Asked for names that no file has, e.g. a
        :class:`geomap.online.OnlineGeocoder`; ``None`` keeps off the network.

    Raises
    ------
    GazetteerError
        When a file is missing, is no SQLite file, or is not of this version,
        or when a correction names a place that no file has.

    Examples
    --------
    >>> with open_gazetteer() as gazetteer:
    ...     gazetteer.find("Kharkov")[0].place.name
    'Kharkiv'
    """

    def __init__(
        self,
        path: str | Path,
        *,
        added: Sequence[str | Path] = (),
        corrections: Corrections | None = None,
        fallback: Fallback | None = None,
    ) -> None:
        self.path = Path(path)
        self._added = tuple(Path(other) for other in added)
        self.files = tuple(GazetteerFile(p) for p in (self.path, *self._added))
        self.fallback = fallback
        self.corrections = corrections if corrections is not None else Corrections()
        self._boundaries = Boundaries(self.files[0])
        self._found: Recent[str, tuple[Candidate, ...]] = Recent(most=_MOST_REMEMBERED)
        self._exactly: Recent[str, tuple[Candidate, ...]] = Recent(most=_MOST_REMEMBERED)
        self._pins = self.corrections.bind(self.place)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by path: the other process opens the files itself."""
        return (_reopen, (str(self.path), tuple(map(str, self._added)), self.corrections))

    def __enter__(self) -> Self:
        """Give the gazetteer itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the files."""
        self.close()

    def close(self) -> None:
        """Close the files; look-ups fail from then on."""
        for file in self.files:
            file.close()

    def find(
        self,
        name: str,
        *,
        limit: int = 30,
        country: str | None = None,
        within: Constraints | None = None,
        fuzzy: bool = False,
    ) -> tuple[Candidate, ...]:
        """Look a name up.

        Corrections come first. Then the spelling is normalised: "Kharkov
        region" finds Kharkiv Oblast because Kharkov is a name of its seat.
        Then words that only say what it is are left out ("city of Kharkiv",
        "с. Андріївка"); then "Berestyanka" finds Berestianka by the
        transliteration rules. Each is tried only when nothing was found before.

        Parameters
        ----------
        name
            The name as the text has it; capitals count for codes ("US", "DPR")
            and for names of up to three letters.
        limit
            Most candidates to give.
        country
            ISO alpha-2 code; others are left out.
        within
            Further limits.
        fuzzy
            Whether to give, when all else found nothing, names one or two
            letters away; never for common words and short names.

        Returns
        -------
        tuple of Candidate
            The best first, one per place; empty for an unknown name.
            ``Candidate.match`` is ``"stem"`` for a region called by the bare
            name of its seat and ``"mt"`` for a known machine-translation error,
            which needs a matching context ("Grocery (Kharkov region)").
        """
        plain = within is None and country is None and not fuzzy and self.fallback is None
        if plain:
            return self._remembered(name)[:limit]
        limits = within if within is not None else Constraints(country=country)
        if country is not None and within is not None:
            limits = Constraints(**{**_fields(within), "country": country})
        for search in (self._exact, self._untitled, self._transliterated):
            found = limits.select(search(name))
            if found:
                return found[:limit]
        found = limits.select(self._fuzzy(name)) if fuzzy else ()
        if not found and self.fallback is not None and not self.corrections.is_never(key(name)):
            found = limits.select(self.fallback.find(name))
        return found[:limit]

    def find_many(self, names: Iterable[str]) -> dict[str, tuple[Candidate, ...]]:
        """Look many names up at once, without transliteration.

        Parameters
        ----------
        names
            Names as the text has them.

        Returns
        -------
        dict
            All candidates of each name, the best first; ``()`` for an unknown one.
        """
        wanted = dict.fromkeys(names)
        found = self._exactly.known(wanted)
        new = self._looked_up(name for name in wanted if name not in found)
        self._exactly.update(new)
        return found | new

    def _looked_up(self, names: Iterable[str]) -> dict[str, tuple[Candidate, ...]]:
        keys = {name: key(name) for name in names}
        wanted = {k for k in keys.values() if k}
        rows = self._rows(wanted | {s for k in wanted if (s := stem_of(k))})
        found: dict[str, tuple[Candidate, ...]] = {}
        for name, k in keys.items():
            if self.corrections.is_never(k):
                found[name] = ()
                continue
            hits = named_hits(name, rows.get(k, ()))
            levels = levels_of(k)
            if not hits or levels == FIRST_LEVEL:
                hits += region_hits(rows.get(stem_of(k), ()), levels)
            candidates = self._without_twins(ranked(name, hits))
            found[name] = self._pins.apply(k, candidates)
        return found

    def knows(self, keys: Iterable[str]) -> set[str]:
        """Tell which keys name any place: the fast first pass over all n-grams of a text.

        Parameters
        ----------
        keys
            Keys as :func:`geomap.gazetteer.normalise.key` makes them.

        Returns
        -------
        set of str
            Those with at least one row, or "… region" and the like where a
            region has that name. Capitals are judged later, by :meth:`find`.
        """
        wanted = {k for k in keys if k}
        known = {k for k in wanted if k in self._pins}
        for file in self.files:
            known |= file.knows(wanted - known)
        return {k for k in known if not self.corrections.is_never(k)}

    def place(self, place_id: str) -> Place | None:
        """Give the place of an identifier, or ``None`` when there is none.

        Parameters
        ----------
        place_id
            E.g. ``"geonames:703448"`` or ``"overlay:lysa-hora-kyiv"``.
        """
        for file in self.files:
            found = file.place(place_id)
            if found is not None:
                return found
        return None

    def country_place(self, code: str) -> Place | None:
        """Give the place of a country by its ISO alpha-2 code, or ``None``."""
        return next((p for f in self.files if (p := f.country_place(code)) is not None), None)

    def reverse(
        self, lon: float, lat: float, *, max_km: float = 50.0, limit: int = 1
    ) -> tuple[tuple[Place, float], ...]:
        """Find the settlements nearest to a point.

        Parameters
        ----------
        lon, lat
            The point, EPSG:4326 degrees.
        max_km
            Farther places are left out. Cells of one degree around the point
            are searched, so at most 111 km.
        limit
            Most places to give.

        Returns
        -------
        tuple of (Place, float)
            Places with their distance in km, the nearest first; a place whose
            point is only approximate comes after all others.
        """
        near: dict[str, tuple[bool, float, Place]] = {}
        for file in self.files:
            for place, distance in file.near(lon, lat):
                if distance <= max_km:
                    near.setdefault(place.id, (place.approximate, distance, place))
        ordered = sorted(near.values(), key=lambda found: (found[0], found[1], found[2].id))
        return tuple((place, round(distance, 3)) for _, distance, place in ordered[:limit])

    def boundary(self, place_id: str) -> Mapping[str, Any] | None:
        """Give the polygon of a country or first-level region.

        Parameters
        ----------
        place_id
            Identifier of the place.

        Returns
        -------
        Mapping or None
            A GeoJSON Polygon or MultiPolygon (``lon, lat``); ``None`` when the
            place has none.
        """
        return self.files[0].boundary(place_id)

    def regions_at(self, lon: float, lat: float) -> tuple[Place, ...]:
        """Tell which country and first-level region hold a point, under the worldview.

        Parameters
        ----------
        lon, lat
            The point, EPSG:4326 degrees.

        Returns
        -------
        tuple of Place
            The country, then the region; shorter at sea and where no polygon
            is known. Borders are good to 5 km.
        """
        return self._boundaries.at(lon, lat)

    def contains(self, container_id: str, place_id: str) -> bool | None:
        """Tell whether a country or region holds a place.

        Parameters
        ----------
        container_id, place_id
            Identifiers.

        Returns
        -------
        bool or None
            By the register where it knows the place's region of that level
            (counties of one name are told apart by their state), else by
            polygon; ``None`` where neither identifier nor polygon says.
        """
        container, place = self.place(container_id), self.place(place_id)
        if container is None or place is None:
            return None
        if container.feature_code.startswith("PCL") and place.country is not None:
            return container.country == place.country
        listed = is_listed_in(container, place)
        if listed is not None:
            return listed
        return self._boundaries.holds(container, place.lon, place.lat)

    def places(self) -> Iterator[Place]:
        """Give every place once, file by file."""
        seen: set[str] = set()
        for file in self.files:
            for place in file.places():
                if len(self.files) == 1 or place.id not in seen:
                    seen.add(place.id)
                    yield place

    def info(self) -> GazetteerInfo:
        """Describe the first file: version, digest, rows, attribution, worldview."""
        return self.files[0].info()

    @property
    def version(self) -> str:
        """Twelve digits that change with any of the files and with the corrections."""
        versions = [file.version for file in self.files]
        if len(versions) == 1 and not self.corrections:
            return versions[0]
        whole = "\n".join([*versions, self.corrections.digest])
        return hashlib.sha256(whole.encode()).hexdigest()[:12]

    def _remembered(self, name: str) -> tuple[Candidate, ...]:
        """Look a name up without limits; what was found once is kept."""
        found = self._found.get(name)
        if found is None:
            searches = (self._exact, self._untitled, self._transliterated)
            found = next((f for search in searches if (f := search(name))), ())
            self._found.update({name: found})
        return found

    def _exact(self, name: str) -> tuple[Candidate, ...]:
        return self.find_many((name,))[name]

    def _untitled(self, name: str) -> tuple[Candidate, ...]:
        bare = without_title(name)
        if bare is None:
            return ()
        found = self._exact(bare) or self._transliterated(bare)
        return tuple(c for c in found if c.place.feature_class == "P")

    def _transliterated(self, name: str) -> tuple[Candidate, ...]:
        if name == name.lower() or self.corrections.is_never(key(name)):
            return ()
        romanised = from_cyrillic(name) if has_cyrillic(name) else ()
        tries = [key(form) for form in romanised] if romanised else list(variants(key(name)))
        if romanised and not self.knows(tries):
            tries = [other for form in tries for other in variants(form)]
        stems = {t: s for t in tries if (s := stem_of(t))}
        rows = self._rows({*tries, *stems.values()})
        for other in tries if rows else ():
            stem = stems.get(other, "")
            if other not in rows and stem not in rows:
                continue
            hits = [
                *named_hits(name, rows.get(other, ())),
                *region_hits(rows.get(stem, ()), levels_of(other)),
            ]
            hits = [hit for hit in hits if hit[0] in (PRIMARY, ALIAS, SPELLED)]
            if hits:
                return self._without_twins(ranked(name, hits, via=other))
        return ()

    def _fuzzy(self, name: str) -> tuple[Candidate, ...]:
        if not is_eligible(name, common=_never_guessed()) or self.corrections.is_never(key(name)):
            return ()
        forms = [key(name)] if not has_cyrillic(name) else [key(f) for f in from_cyrillic(name)]
        for form in forms:
            near = [other for _, other in similar_keys(form, self.files)]
            rows = self._rows(set(near))
            hits = [
                hit
                for other in near
                for hit in named_hits(name, rows.get(other, ()))
                if hit[0] in (PRIMARY, ALIAS, SPELLED)
            ]
            if hits:
                return self._without_twins(ranked(name, hits, via=near[0], match="fuzzy"))
        return ()

    def _rows(self, keys: set[str]) -> dict[str, list[tuple[Any, ...]]]:
        found = self.files[0].rows(keys)
        for file in self.files[1:]:
            for k, rows in file.rows(keys).items():
                found[k] = [*found.get(k, []), *rows]
        return found

    def _without_twins(self, found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
        """Leave out a second source's row of a place, and a guessed point beside a known one."""
        if len(self.files) == 1:
            return found
        first = found[0].place.id.partition(":")[0] + ":" if found else ""
        if all(c.place.id.startswith(first) for c in found):
            return found
        return without_twins(found)


@lru_cache(maxsize=1)
def _never_guessed() -> frozenset[str]:
    """English words, given names and surnames, lower case: 0.1 s and 5 MB at the first guess."""
    listed = ("common_words", "english_words", "given_names", "surnames")
    return frozenset(word.lower() for name in listed for word in words(name))


def _fields(limits: Constraints) -> dict[str, Any]:
    return {name: getattr(limits, name) for name in Constraints.__slots__}


def _reopen(path: str, added: tuple[str, ...], corrections: Corrections) -> Gazetteer:
    return Gazetteer(path, added=added, corrections=corrections)


def builtin_path() -> Path:
    """Give the path of the gazetteer file in the install."""
    return Path(str(importlib.resources.files("geomap") / "_data" / "gazetteer.sqlite"))


def open_gazetteer(
    path: str | Path | None = None,
    *,
    added: Sequence[str | Path] = (),
    corrections: str | Path | None = None,
    fallback: Fallback | None = None,
) -> Gazetteer:
    """Open a gazetteer.

    Parameters
    ----------
    path
        The first file; ``None`` takes the one in the install.
    added
        Further files, e.g. :func:`geomap.gazetteer.library.added_files`.
    corrections
        A corrections file (TOML or CSV), or ``None``.
    fallback
        Asked for names that no file has; ``None`` keeps off the network.

    Returns
    -------
    Gazetteer
        Open for reading; close it or use it in a ``with`` block.

    Raises
    ------
    GazetteerError
        When a file is missing, corrupt, foreign or of another version.
    """
    from geomap.gazetteer.corrections import read_corrections  # noqa: PLC0415

    read = read_corrections(Path(corrections)) if corrections is not None else None
    first = path if path is not None else builtin_path()
    return Gazetteer(first, added=added, corrections=read, fallback=fallback)
