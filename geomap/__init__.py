"""Read news text about conflict and draw what happened where, and who says so.

The public names load at first use (PEP 562), so that ``import geomap`` costs
nothing and a map can be drawn from a saved extraction without a model.

Examples
--------
>>> import geomap
>>> "extract" in dir(geomap)
True
"""

from __future__ import annotations

import importlib
import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geomap.articles import read_articles, read_source, read_sources
    from geomap.contract import read_extractions, write_extractions
    from geomap.errors import GeomapError
    from geomap.events.merge import MergedEvent, merge_events
    from geomap.frames import events_to_gdf, toponyms_to_gdf
    from geomap.gazetteer import open_gazetteer
    from geomap.layers import read_layers, write_layers
    from geomap.maps import draw_map, write_map
    from geomap.maps.picture import draw_picture
    from geomap.pipeline import extract, extract_many, load_pipeline
    from geomap.records import Article, Event, ExtractedArticle, Failure, Place, Toponym
    from geomap.report_page import write_report
    from geomap.settings import Settings, load_settings

__version__ = "0.1.0"

_HOMES = {
    "Article": "records",
    "Event": "records",
    "ExtractedArticle": "records",
    "Failure": "records",
    "GeomapError": "errors",
    "MergedEvent": "events.merge",
    "Place": "records",
    "Settings": "settings",
    "Toponym": "records",
    "draw_map": "maps",
    "draw_picture": "maps.picture",
    "events_to_gdf": "frames",
    "extract": "pipeline",
    "extract_many": "pipeline",
    "load_pipeline": "pipeline",
    "load_settings": "settings",
    "merge_events": "events.merge",
    "open_gazetteer": "gazetteer",
    "read_articles": "articles",
    "read_extractions": "contract",
    "read_layers": "layers",
    "read_source": "articles",
    "read_sources": "articles",
    "toponyms_to_gdf": "frames",
    "write_extractions": "contract",
    "write_layers": "layers",
    "write_map": "maps",
    "write_report": "report_page",
}

__all__ = [
    "Article",
    "Event",
    "ExtractedArticle",
    "Failure",
    "GeomapError",
    "MergedEvent",
    "Place",
    "Settings",
    "Toponym",
    "__version__",
    "draw_map",
    "draw_picture",
    "events_to_gdf",
    "extract",
    "extract_many",
    "load_pipeline",
    "load_settings",
    "merge_events",
    "open_gazetteer",
    "read_articles",
    "read_extractions",
    "read_layers",
    "read_source",
    "read_sources",
    "toponyms_to_gdf",
    "write_extractions",
    "write_layers",
    "write_map",
    "write_report",
]

logging.getLogger(__name__).addHandler(logging.NullHandler())


def __getattr__(name: str) -> Any:
    """Load a public name from its module at first use."""
    if name in _HOMES:
        return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted(__all__)
