"""QGIS: default styles and a finished project, written without QGIS.

The elements are those that QGIS 3.22 writes; later versions read them.
"""

from __future__ import annotations

from geomap.layers.qgis.metadata import layer_metadata
from geomap.layers.qgis.project import ProjectLayer, View, project_archive, project_xml
from geomap.layers.qgis.styles import LAYER_STYLES, event_style, style_of, toponym_style

__all__ = [
    "LAYER_STYLES",
    "ProjectLayer",
    "View",
    "event_style",
    "layer_metadata",
    "project_archive",
    "project_xml",
    "style_of",
    "toponym_style",
]
