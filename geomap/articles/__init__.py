"""The articles room: files, folders, JSON lines and standard input become articles."""

from __future__ import annotations

from geomap.articles.reading import read_articles

__all__ = ["read_articles"]
