"""Lost names: toponyms without a place, by frequency, and lines that would settle them."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geomap.gazetteer.corrections import COLUMNS
from geomap.gazetteer.normalise import key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geomap.records import Candidate, ExtractedArticle, Toponym

__all__ = ["Excerpt", "LostName", "correction_lines", "excerpt_at", "lost_names"]

# As many as a saved extraction keeps.
MOST_CANDIDATES = 3
# A sentence of news has some 130 characters; what is longer is cut around the name.
REACH = 160
_ENDS = re.compile(r"[.!?…][\"'”’»)]*\s+|\n+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """Words of an article around a span; ``before + words + after`` is the passage, on one line."""

    before: str
    words: str
    after: str
    article: str
    language: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LostName:
    """A name that has no place, wherever it stands.

    Parameters
    ----------
    name
        The spelling that is most frequent, on one line.
    mentions, articles
        How often, and in how many articles.
    reason
        Of the first mention.
    example
        The first passage that can be shown; ``None`` where no text was kept.
    candidates
        At most three, the best first; scores compare candidates of one name only.
    """

    name: str
    mentions: int
    articles: int
    reason: str
    example: Excerpt | None
    candidates: tuple[Candidate, ...]


@dataclass(slots=True)
class _Seen:
    spellings: Counter[str] = field(default_factory=Counter)
    articles: set[str] = field(default_factory=set)
    candidates: dict[str, Candidate] = field(default_factory=dict)
    reason: str = ""
    example: Excerpt | None = None

    def add(self, toponym: Toponym, extracted: ExtractedArticle) -> None:
        self.spellings[_line(toponym.text)] += 1
        self.articles.add(extracted.article.id)
        self.reason = self.reason or toponym.reason
        if self.example is None and extracted.article.text:
            self.example = excerpt_at(extracted, toponym.start, toponym.end)
        for one in toponym.candidates:
            known = self.candidates.get(one.place.id)
            if known is None or one.score > known.score:
                self.candidates[one.place.id] = one


def lost_names(extractions: Iterable[ExtractedArticle]) -> tuple[LostName, ...]:
    """List the names that stand for a place and were not found.

    Parameters
    ----------
    extractions
        The articles.

    Returns
    -------
    tuple of LostName
        The most frequent first, then by name. Spellings with the same key are one.
    """
    seen: dict[str, _Seen] = {}
    for extracted in extractions:
        for toponym in extracted.toponyms:
            if toponym.reading == "literal" and toponym.place is None:
                found = key(toponym.text) or _line(toponym.text)
                seen.setdefault(found, _Seen()).add(toponym, extracted)
    names = [
        LostName(
            name=one.spellings.most_common(1)[0][0],
            mentions=one.spellings.total(),
            articles=len(one.articles),
            reason=one.reason,
            example=one.example,
            candidates=tuple(sorted(one.candidates.values(), key=lambda c: (-c.score, c.place.id)))[
                :MOST_CANDIDATES
            ],
        )
        for one in seen.values()
    ]
    return tuple(sorted(names, key=lambda one: (-one.mentions, -one.articles, one.name)))


def correction_lines(lost: LostName) -> tuple[str, ...]:
    """Write the rows of a corrections file, each of which would settle a name.

    Parameters
    ----------
    lost
        A name without a place.

    Returns
    -------
    tuple of str
        CSV in the columns of :data:`geomap.gazetteer.corrections.COLUMNS`: a pin to each
        candidate, a pin whose ``lat`` and ``lon`` are to be filled in, and a row that
        says the name is no place. A file takes one of them for a name.
    """
    pins = [
        {"action": "pin", "place": one.place.id, "note": place_words(one)}
        for one in lost.candidates
    ]
    own = {"action": "pin", "lat": "LAT", "lon": "LON", "radius_km": "5"}
    return tuple(_csv_line({**row, "name": lost.name}) for row in (*pins, own, {"action": "never"}))


def place_words(candidate: Candidate) -> str:
    """Name a candidate with what it lies in: ``"Krasne, Lviv Oblast, UA"``."""
    place = candidate.place
    return _line(", ".join(part for part in (place.name, place.admin1, place.country) if part))


def _csv_line(row: dict[str, str]) -> str:
    stream = io.StringIO()
    csv.DictWriter(stream, COLUMNS, restval="", lineterminator="").writerow(row)
    return stream.getvalue()


def excerpt_at(extracted: ExtractedArticle, start: int, end: int) -> Excerpt:
    """Give the passage of an article that holds a span.

    Parameters
    ----------
    extracted
        With the text of its article.
    start, end
        Half-open offsets into it.

    Returns
    -------
    Excerpt
        From the last end of a sentence before to the first after, at most some
        160 characters to each side; what is cut off is told by ``…``.
    """
    text = extracted.article.text
    left, right = text[max(start - REACH, 0) : start], text[end : end + REACH]
    first = max((found.end() for found in _ENDS.finditer(left)), default=None)
    last = _ENDS.search(right)
    before = left if first is None else left[first:]
    after = right if last is None else right[: last.end()]
    if first is None and start > REACH:
        before = "…" + before.partition(" ")[2]
    if last is None and end + REACH < len(text):
        after = after.rpartition(" ")[0] + "…"
    return Excerpt(
        before=_inner(before).lstrip(),
        words=_inner(text[start:end]),
        after=_inner(after).rstrip(),
        article=extracted.article.id,
        language=extracted.article.language,
    )


def _line(text: str) -> str:
    return " ".join(text.split())


def _inner(text: str) -> str:
    return re.sub(r"\s+", " ", text)
