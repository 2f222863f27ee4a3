"""Metadata of a layer as QGIS reads it: title, abstract, licence, rights."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from geomap.layers.notice import ATTRIBUTION, LICENCE
from geomap.layers.qgis.elements import document, text_of

__all__ = ["add_metadata", "layer_metadata"]


def layer_metadata(identifier: str, title: str, abstract: str) -> str:
    """Give the metadata of a layer as a document of its own, for ``gpkg_metadata``.

    Parameters
    ----------
    identifier, title, abstract
        What the layer is.
    """
    root = ET.Element("qgis", version="3.22")
    add_metadata(root, identifier, title, abstract)
    return document(root)


def add_metadata(parent: ET.Element, identifier: str, title: str, abstract: str) -> None:
    """Add the elements of the metadata of a layer (QgsLayerMetadata::writeMetadataXml)."""
    text_of(parent, "identifier", identifier)
    text_of(parent, "parentidentifier", "")
    text_of(parent, "language", "ENG")
    text_of(parent, "type", "dataset")
    text_of(parent, "title", title)
    text_of(parent, "abstract", abstract)
    ET.SubElement(parent, "links")
    text_of(parent, "fees", "")
    text_of(parent, "rights", ATTRIBUTION)
    text_of(parent, "license", LICENCE)
    text_of(parent, "encoding", "UTF-8")
    ET.SubElement(parent, "extent")
