"""Tables: events, toponyms, claims and articles, made once and written by every format."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pandas as pd

from geomap.contract import relative_place_fields
from geomap.frames import EVENT_COLUMNS, as_list, events_to_gdf, toponyms_to_gdf
from geomap.layers.cleaning import clean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    import geopandas as gpd

    from geomap.records import ExtractedArticle

__all__ = [
    "ARTICLE_COLUMNS",
    "CLAIM_COLUMNS",
    "PROVENANCE",
    "Tables",
    "claims_of",
    "join",
    "tables_of",
]

PROVENANCE = ("geomap_version", "gazetteer", "model", "settings_sha256", "worldview")

CLAIM_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "claim_id": "identifier: that of the event, then claim",
        "event_id": "the event that is claimed",
        "article_id": "the article that reports the claim",
        "factuality": "claimed, denied, planned or possible; asserted where a source is named",
        "speaker": "person who says so",
        "organisation": "organisation that says so",
        "side": "side that says so",
        "verb": "verb of speech",
        "sentence": "the sentence that says so",
    }
)

ARTICLE_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "article_id": "identifier of the article",
        "title": "title",
        "source": "source",
        "url": "address",
        "published": "day of publication, ISO 8601",
        "language": "ISO 639-1 code",
        "text_sha256": "digest of the text as read, which is not in the layers",
        "warnings": "what could not be decided, one a line",
        "relative_places": "places told by others as in the extraction, JSON",
        **{name: EVENT_COLUMNS[name] for name in PROVENANCE},
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The layers as frames: cleaned text, one type a column, EPSG:4326.

    Parameters
    ----------
    events, toponyms
        MapFrames (GeoDataFrames) with the columns of :data:`~geomap.frames.EVENT_COLUMNS` and
        :data:`~geomap.frames.TOPONYM_COLUMNS`.
    claims, articles
        DataFrames with the columns of :data:`CLAIM_COLUMNS` and :data:`ARTICLE_COLUMNS`.
    """

    events: gpd.GeoDataFrame
    toponyms: gpd.GeoDataFrame
    claims: pd.DataFrame
    articles: pd.DataFrame

    def keep(self, event_ids: Collection[str]) -> Tables:
        """Give the tables with some of the events and their claims; all else stays."""
        kept = frozenset(event_ids)
        return Tables(
            events=_rows(self.events, kept),
            toponyms=self.toponyms,
            claims=_rows(self.claims, kept),
            articles=self.articles,
        )


def tables_of(extractions: ExtractedArticle | Iterable[ExtractedArticle]) -> Tables:
    """Make the tables of articles.

    Parameters
    ----------
    extractions
        One extracted article, or many.

    Examples
    --------
    >>> len(tables_of([]).claims)
    0
    """
    done = as_list(extractions)
    events = clean(events_to_gdf(done))
    return Tables(
        events=events,
        toponyms=clean(toponyms_to_gdf(done)),
        claims=claims_of(events),
        articles=_articles(done),
    )


def claims_of(events: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give one row for each event that somebody tells, or that is not plainly asserted.

    Parameters
    ----------
    events
        Events with the columns of :data:`~geomap.frames.EVENT_COLUMNS`.
    """
    said = events[["speaker", "organisation", "side", "verb"]].notna().any(axis=1)
    doubtful = ~events["factuality"].isin(["asserted", "negated"])
    rows = pd.DataFrame(events[said | doubtful])
    claims = rows.assign(claim_id=[f"{one}/claim" for one in rows["event_id"]])
    return clean(claims[list(CLAIM_COLUMNS)].reset_index(drop=True))


def join(tables: Iterable[Tables]) -> Tables:
    """Put tables of several files together; an article told twice is kept once.

    Parameters
    ----------
    tables
        At least one.
    """
    parts = list(tables)
    if len(parts) == 1:
        return parts[0]

    def joined(name: str, key: str) -> Any:
        frames = [getattr(part, name) for part in parts]
        filled = [frame for frame in frames if len(frame)] or frames[:1]
        return pd.concat(filled, ignore_index=True).drop_duplicates(key, ignore_index=True)

    return Tables(
        events=joined("events", "event_id"),
        toponyms=joined("toponyms", "toponym_id"),
        claims=joined("claims", "claim_id"),
        articles=joined("articles", "article_id"),
    )


def _rows(frame: Any, event_ids: frozenset[str]) -> Any:
    return frame[frame["event_id"].isin(event_ids)].reset_index(drop=True)


def _articles(extractions: Iterable[ExtractedArticle]) -> pd.DataFrame:
    rows = []
    for extracted in extractions:
        article, made = extracted.article, extracted.provenance
        digest = hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).hexdigest()
        published = article.published.isoformat() if article.published else None
        relative = [relative_place_fields(place) for place in extracted.relative_places]
        rows.append(
            (
                article.id, article.title, article.source, article.url, published,
                article.language, digest, "\n".join(extracted.warnings) or None,
                json.dumps(relative, ensure_ascii=False) if relative else None,
                made.version, made.gazetteer, made.model, made.settings_sha256, made.worldview,
            )
        )  # fmt: skip
    return clean(pd.DataFrame(rows, columns=list(ARTICLE_COLUMNS), dtype=object))
