"""Fields in QGIS: aliases, and value maps for columns of few values."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args
from xml.etree import ElementTree as ET

from geomap.palette import EVENT_COLOURS, label_of
from geomap.records import DatePrecision, Factuality, GeometryMethod, Reading

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["VALUE_MAPS", "add_fields"]

# Column to its values; a value that is not among them is shown as it is, in brackets.
VALUE_MAPS: Mapping[str, tuple[str, ...]] = {
    "type": tuple(EVENT_COLOURS),
    "factuality": get_args(Factuality),
    "date_precision": get_args(DatePrecision),
    "geometry_method": get_args(GeometryMethod),
    "reading": get_args(Reading),
}
_LONG = frozenset({"sentence", "reason", "arguments", "candidates", "warnings", "relative_places"})


def add_fields(root: ET.Element, columns: Mapping[str, str]) -> None:
    """Say how QGIS shows each field.

    Parameters
    ----------
    root
        A style, or a layer of a project.
    columns
        Column to meaning; field 0 is the feature id, which is no column.
    """
    names = [name for name in columns if name != "geometry"]
    configuration = ET.SubElement(root, "fieldConfiguration")
    for name in names:
        _widget(ET.SubElement(configuration, "field", name=name, configurationFlags="None"), name)
    aliases = ET.SubElement(root, "aliases")
    for number, name in enumerate(names, start=1):
        alias = f"{name.replace('_', ' ')}: {columns[name]}"
        ET.SubElement(aliases, "alias", field=name, index=str(number), name=alias)


def _widget(field: ET.Element, name: str) -> None:
    if name in VALUE_MAPS:
        widget = ET.SubElement(field, "editWidget", type="ValueMap")
        outer = ET.SubElement(ET.SubElement(widget, "config"), "Option", type="Map")
        listed = ET.SubElement(outer, "Option", type="List", name="map")
        for value in VALUE_MAPS[name]:
            one = ET.SubElement(listed, "Option", type="Map")
            ET.SubElement(one, "Option", type="QString", name=label_of(value), value=value)
    elif name in _LONG:
        widget = ET.SubElement(field, "editWidget", type="TextEdit")
        outer = ET.SubElement(ET.SubElement(widget, "config"), "Option", type="Map")
        ET.SubElement(outer, "Option", type="bool", name="IsMultiline", value="true")
        ET.SubElement(outer, "Option", type="bool", name="UseHtml", value="false")
    else:
        ET.SubElement(field, "editWidget", type="TextEdit")
