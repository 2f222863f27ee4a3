"""The articles room: files of many kinds, folders, standard input and the web become articles."""

from __future__ import annotations

from geomap.articles.reading import read_articles, read_source, read_sources
from geomap.articles.sources import Source, find_sources

__all__ = ["Source", "find_sources", "read_articles", "read_source", "read_sources"]
