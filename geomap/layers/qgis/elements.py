"""Elements of QGIS's XML that styles, project and layout share."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SEA", "colour", "document", "options", "reference_system", "rgb", "text_of"]

# The sea, under the land of the basemap: red, green, blue.
SEA = ("222", "232", "240")
# Identifiers in QGIS's table of CRS (srs.db); for others any below 100,000, which marks
# user-defined ones, makes QGIS look the CRS up by its code.
_SRSID = {"EPSG:4326": "3452", "EPSG:3857": "3857"}
_ANY_SRSID = "1"


def rgb(colour: str) -> str:
    """Give ``#RRGGBB`` as QGIS has it.

    Examples
    --------
    >>> rgb("#0072B2")
    '0,114,178'
    """
    return ",".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))


def colour(parent: ET.Element, name: str, value: int, *, alpha: int = 255) -> None:
    """Add a grey as layouts have it."""
    grey = str(value)
    ET.SubElement(parent, name, red=grey, green=grey, blue=grey, alpha=str(alpha))


def options(parent: ET.Element, values: Mapping[str, str]) -> None:
    """Add settings by name: as ``Option``, and as ``prop`` for QGIS before 3.20."""
    held = ET.SubElement(parent, "Option", type="Map")
    for name, value in values.items():
        ET.SubElement(held, "Option", name=name, type="QString", value=value)
        ET.SubElement(parent, "prop", k=name, v=value)


def text_of(parent: ET.Element, name: str, value: str, **attributes: str) -> ET.Element:
    """Add an element that holds text."""
    element = ET.SubElement(parent, name, attributes)
    element.text = value
    return element


def document(root: ET.Element) -> str:
    """Give a document with the declaration that QGIS expects."""
    body = ET.tostring(root, encoding="unicode")
    return f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n{body}"


@lru_cache(maxsize=8)
def _system(crs: str) -> tuple[tuple[str, str], ...]:
    from pyproj import CRS  # noqa: PLC0415

    found = CRS(crs)
    code = found.to_epsg()
    authority = f"EPSG:{code}" if code else ""
    return (
        ("wkt", found.to_wkt("WKT2_2019")),
        ("srsid", _SRSID.get(authority, _ANY_SRSID if authority else "0")),
        ("srid", str(code or 0)),
        ("authid", authority),
        ("description", found.name),
        ("geographicflag", "true" if found.is_geographic else "false"),
    )


def reference_system(parent: ET.Element, crs: str) -> None:
    """Add a coordinate reference system.

    Parameters
    ----------
    parent
        E.g. ``srs`` or ``projectCrs``.
    crs
        Such as ``"EPSG:4326"``.
    """
    system = ET.SubElement(parent, "spatialrefsys")
    for name, value in _system(crs):
        text_of(system, name, value)
