"""QGIS styles (QML): categorised by event type, factuality by stroke and opacity.

Written through an XML library, so that every value is escaped. The elements are
those that QGIS 3.22 writes; later versions read them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from geomap.frames import EVENT_COLUMNS, TOPONYM_COLUMNS
from geomap.palette import EVENT_COLOURS

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["event_style", "toponym_style"]

# One shape for each type: told apart without colour. Names of QGIS's simple markers.
MARKERS = {
    "encirclement": "circle",
    "corridor": "arrow",
    "strike": "star",
    "talks": "square",
    "control_change": "pentagon",
    "assault": "triangle",
    "withdrawal": "half_square",
    "evacuation": "hexagon",
    "aid_delivery": "cross_fill",
    "ceasefire": "semi_circle",
    "air_defence": "third_circle",
    "explosion": "asterisk_fill",
    "troop_movement": "filled_arrowhead",
    "civilian_casualties": "quarter_circle",
    "infrastructure_damage": "diagonal_half_square",
    "prisoner_exchange": "octagon",
    "protest": "equilateral_triangle",
    "other": "diamond",
}
# What is not the article's own word is drawn with another stroke and fainter.
STROKE = (
    "CASE WHEN \"factuality\" = 'asserted' THEN 'solid' "
    "WHEN \"factuality\" = 'claimed' THEN 'dash' "
    "WHEN \"factuality\" IN ('planned', 'possible') THEN 'dot' ELSE 'dash dot dot' END"
)
OPACITY = (
    "CASE WHEN \"factuality\" IN ('denied', 'negated') THEN 25 "
    "WHEN \"factuality\" IN ('planned', 'possible') THEN 60 ELSE 100 END"
)
ESCAPED = "replace(replace(replace(coalesce(\"{0}\", ''), '&', '&amp;'), '<', '&lt;'), '>', '&gt;')"
EVENT_TIP = (
    ("b", "type"), ("i", "subtype"), ("div", "places"), ("div", "place_texts"),
    ("div", "factuality"), ("div", "speaker"), ("div", "organisation"), ("p", "sentence"),
    ("small", "reason"),
)  # fmt: skip
TOPONYM_TIP = (("b", "name"), ("i", "text"), ("div", "reading"), ("small", "reason"))


def event_style(geometry_type: str) -> str:
    """Give the style of an event layer.

    Parameters
    ----------
    geometry_type
        ``"Point"``, ``"MultiLineString"`` or ``"MultiPolygon"``.

    Returns
    -------
    str
        QML: categorised by ``type``, labels, aliases, map tips.
    """
    root = ET.Element("qgis", version="3.22", styleCategories="AllStyleCategories")
    renderer = ET.SubElement(
        root, "renderer-v2", type="categorizedSymbol", attr="type", enableorderby="0",
        forceraster="0", symbollevels="0",
    )  # fmt: skip
    categories = ET.SubElement(renderer, "categories")
    symbols = ET.SubElement(renderer, "symbols")
    for number, (kind, colour) in enumerate(EVENT_COLOURS.items()):
        # The last category has no value: it takes every type without a colour of its own.
        value = "" if kind == "other" else kind
        ET.SubElement(
            categories, "category", symbol=str(number), value=value, label=kind, render="true"
        )
        _symbol(symbols, str(number), geometry_type, kind, colour)
    _labels(root, '"places"')
    _fields(root, EVENT_COLUMNS)
    _map_tip(root, EVENT_TIP)
    return _text(root)


def toponym_style() -> str:
    """Give the style of the layer of toponyms: small grey points, hollow where not literal."""
    root = ET.Element("qgis", version="3.22", styleCategories="AllStyleCategories")
    renderer = ET.SubElement(
        root, "renderer-v2", type="categorizedSymbol", attr="reading", enableorderby="0",
        forceraster="0", symbollevels="0",
    )  # fmt: skip
    categories = ET.SubElement(renderer, "categories")
    symbols = ET.SubElement(renderer, "symbols")
    fills = {
        "literal": "102,102,102,200",
        "metonymic": "255,255,255,0",
        "modifier": "255,255,255,0",
    }
    for number, (reading, fill) in enumerate(fills.items()):
        ET.SubElement(
            categories, "category", symbol=str(number), value=reading, label=reading,
            render="true" if reading == "literal" else "false",
        )  # fmt: skip
        symbol = ET.SubElement(symbols, "symbol", name=str(number), type="marker", alpha="1")
        layer = ET.SubElement(
            symbol, "layer", {"class": "SimpleMarker", "enabled": "1", "pass": "0"}
        )
        _options(layer, name="circle", color=fill, outline_color="102,102,102,255", size="1.6")
    _fields(root, TOPONYM_COLUMNS)
    _map_tip(root, TOPONYM_TIP)
    return _text(root)


def _symbol(symbols: ET.Element, name: str, geometry_type: str, kind: str, colour: str) -> None:
    rgb = ",".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
    if geometry_type == "Point":
        symbol = ET.SubElement(symbols, "symbol", name=name, type="marker", alpha="1")
        layer = _layer(symbol, "SimpleMarker")
        _options(
            layer, name=MARKERS[kind], color=f"{rgb},220", outline_color="30,30,30,255",
            outline_width="0.3", size="4.5", size_unit="MM",
        )  # fmt: skip
        _defined(symbol, layer, "outlineStyle")
    elif geometry_type == "MultiLineString":
        symbol = ET.SubElement(symbols, "symbol", name=name, type="line", alpha="1")
        layer = _layer(symbol, "SimpleLine")
        _options(layer, line_color=f"{rgb},255", line_width="1.1", capstyle="round")
        _defined(symbol, layer, "outlineStyle")
        _arrow(symbol, name, rgb)
    else:
        symbol = ET.SubElement(symbols, "symbol", name=name, type="fill", alpha="1")
        layer = _layer(symbol, "SimpleFill")
        _options(
            layer, color=f"{rgb},70", outline_color=f"{rgb},255", outline_width="0.6", style="solid"
        )
        _defined(symbol, layer, "outlineStyle")


def _arrow(symbol: ET.Element, name: str, rgb: str) -> None:
    """Put an arrow head at the end of a line: the direction of a corridor."""
    line = _layer(symbol, "MarkerLine")
    _options(line, placement="lastvertex", rotate="1")
    head = ET.SubElement(line, "symbol", name=f"@{name}@1", type="marker", alpha="1")
    marker = _layer(head, "SimpleMarker")
    _options(
        marker, name="filled_arrowhead", color=f"{rgb},255", outline_color=f"{rgb},255", size="4.5"
    )


def _layer(symbol: ET.Element, kind: str) -> ET.Element:
    return ET.SubElement(
        symbol, "layer", {"class": kind, "enabled": "1", "pass": "0", "locked": "0"}
    )


def _options(layer: ET.Element, **values: str) -> None:
    options = ET.SubElement(layer, "Option", type="Map")
    for name, value in values.items():
        ET.SubElement(options, "Option", name=name, type="QString", value=value)
        # QGIS before 3.20 reads <prop>, later ones <Option>.
        ET.SubElement(layer, "prop", k=name, v=value)


def _defined(symbol: ET.Element, layer: ET.Element, stroke: str) -> None:
    """Let factuality decide stroke and opacity."""
    for element, name, expression in ((layer, stroke, STROKE), (symbol, "alpha", OPACITY)):
        properties = ET.SubElement(element, "data_defined_properties")
        outer = ET.SubElement(properties, "Option", type="Map")
        ET.SubElement(outer, "Option", name="name", type="QString", value="")
        named = ET.SubElement(outer, "Option", name="properties", type="Map")
        one = ET.SubElement(named, "Option", name=name, type="Map")
        ET.SubElement(one, "Option", name="active", type="bool", value="true")
        ET.SubElement(one, "Option", name="expression", type="QString", value=expression)
        ET.SubElement(one, "Option", name="type", type="int", value="3")
        ET.SubElement(outer, "Option", name="type", type="QString", value="collection")


def _labels(root: ET.Element, expression: str) -> None:
    labeling = ET.SubElement(root, "labeling", type="simple")
    settings = ET.SubElement(labeling, "settings", calloutType="simple")
    style = ET.SubElement(
        settings, "text-style", fieldName=expression, isExpression="1", fontSize="8",
        fontSizeUnit="Point", textColor="30,30,30,255", fontFamily="Sans Serif", textOpacity="1",
    )  # fmt: skip
    ET.SubElement(
        style, "text-buffer", bufferDraw="1", bufferSize="0.8", bufferSizeUnits="MM",
        bufferColor="255,255,255,255", bufferOpacity="0.9", bufferNoFill="1",
    )  # fmt: skip
    ET.SubElement(settings, "placement", placement="6", dist="1.5", distUnits="MM", priority="5")
    ET.SubElement(settings, "rendering", drawLabels="1", displayAll="0", obstacle="1")


def _fields(root: ET.Element, columns: Mapping[str, str]) -> None:
    aliases = ET.SubElement(root, "aliases")
    for number, (name, meaning) in enumerate(columns.items()):
        if name != "geometry":
            # Field 0 is the feature id.
            alias = f"{name.replace('_', ' ')}: {meaning}"
            ET.SubElement(aliases, "alias", field=name, index=str(number + 1), name=alias)


def _map_tip(root: ET.Element, fields: tuple[tuple[str, str], ...]) -> None:
    parts = (f"<{tag}>[% {ESCAPED.format(name)} %]</{tag}>" for tag, name in fields)
    ET.SubElement(root, "mapTip").text = "\n".join(parts)


def _text(root: ET.Element) -> str:
    body = ET.tostring(root, encoding="unicode")
    return f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n{body}"
