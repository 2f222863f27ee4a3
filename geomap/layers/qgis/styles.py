"""QGIS styles (QML): categorised by event type, factuality by stroke, pattern and opacity.

Written through an XML library, so that every value is escaped.
"""

from __future__ import annotations

import base64
from types import MappingProxyType
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from geomap.frames import EVENT_COLUMNS, TOPONYM_COLUMNS
from geomap.layers.qgis.elements import document, options, rgb
from geomap.layers.qgis.fields import add_fields
from geomap.layers.tables import ARTICLE_COLUMNS, CLAIM_COLUMNS
from geomap.palette import EVENT_COLOURS, label_of
from geomap.signs import sign_svg

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["LAYER_STYLES", "basemap_style", "event_style", "style_of", "toponym_style"]


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
# Around the point, along the line, level within the area (QgsPalLayerSettings::Placement).
PLACEMENTS = {"Point": "6", "MultiLineString": "2", "MultiPolygon": "4"}
# Areas: full where the article itself says so, hatched where somebody does, dots for what
# is to come, an outline alone for what did not happen.
PATTERN = (
    "CASE WHEN \"factuality\" = 'asserted' THEN 'solid' "
    "WHEN \"factuality\" = 'claimed' THEN 'b_diagonal' "
    "WHEN \"factuality\" IN ('planned', 'possible') THEN 'dense6' ELSE 'no' END"
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
            categories,
            "category",
            symbol=str(number),
            value=value,
            label=label_of(kind),
            render="true",
        )
        _symbol(symbols, str(number), geometry_type, kind, colour)
    _labels(root, '"places"', geometry_type)
    add_fields(root, EVENT_COLUMNS)
    _map_tip(root, EVENT_TIP)
    return document(root)


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
        held = {"color": fill, "outline_color": "102,102,102,255", "size": "1.6"}
        options(layer, {"name": "circle", **held})
    add_fields(root, TOPONYM_COLUMNS)
    _map_tip(root, TOPONYM_TIP)
    return document(root)


def _symbol(symbols: ET.Element, name: str, geometry_type: str, kind: str, colour: str) -> None:
    draw = {"Point": _marker, "MultiLineString": _line}.get(geometry_type, _area)
    draw(symbols, name, kind, rgb(colour))


def _marker(symbols: ET.Element, name: str, kind: str, colour: str) -> None:
    """Draw a disc in the type's colour, with the type's sign in white on it."""
    symbol = ET.SubElement(symbols, "symbol", name=name, type="marker", alpha="1")
    disc = _layer(symbol, "SimpleMarker")
    held = {
        "name": "circle", "color": f"{colour},255", "outline_color": "30,30,30,255",
        "outline_width": "0.35", "size": "6", "size_unit": "MM",
    }  # fmt: skip
    options(disc, held)
    _defined(disc, outlineStyle=STROKE)
    sign = _layer(symbol, "SvgMarker")
    picture = base64.b64encode(sign_svg(kind).encode()).decode()
    options(sign, {"name": f"base64:{picture}", "size": "4.2", "size_unit": "MM"})
    _defined(symbol, alpha=OPACITY)


def _line(symbols: ET.Element, name: str, _kind: str, colour: str) -> None:
    """Draw a line with an arrow head at its end: the direction of a corridor."""
    symbol = ET.SubElement(symbols, "symbol", name=name, type="line", alpha="1")
    line = _layer(symbol, "SimpleLine")
    options(line, {"line_color": f"{colour},255", "line_width": "1.1", "capstyle": "round"})
    _defined(line, outlineStyle=STROKE)
    arrow = _layer(symbol, "MarkerLine")
    options(arrow, {"placement": "lastvertex", "rotate": "1"})
    head = ET.SubElement(arrow, "symbol", name=f"@{name}@1", type="marker", alpha="1")
    marker = _layer(head, "SimpleMarker")
    held = {"color": f"{colour},255", "outline_color": f"{colour},255", "size": "4.5"}
    options(marker, {"name": "filled_arrowhead", **held})
    _defined(symbol, alpha=OPACITY)


def _area(symbols: ET.Element, name: str, _kind: str, colour: str) -> None:
    symbol = ET.SubElement(symbols, "symbol", name=name, type="fill", alpha="1")
    area = _layer(symbol, "SimpleFill")
    held = {"outline_color": f"{colour},255", "outline_width": "0.6", "style": "solid"}
    options(area, {"color": f"{colour},70", **held})
    _defined(area, outlineStyle=STROKE, fillStyle=PATTERN)
    _defined(symbol, alpha=OPACITY)


def _layer(symbol: ET.Element, kind: str) -> ET.Element:
    return ET.SubElement(
        symbol, "layer", {"class": kind, "enabled": "1", "pass": "0", "locked": "0"}
    )


def _defined(element: ET.Element, **expressions: str) -> None:
    """Let expressions decide properties of a symbol or of a layer of it."""
    properties = ET.SubElement(element, "data_defined_properties")
    outer = ET.SubElement(properties, "Option", type="Map")
    ET.SubElement(outer, "Option", name="name", type="QString", value="")
    named = ET.SubElement(outer, "Option", name="properties", type="Map")
    for name, expression in expressions.items():
        one = ET.SubElement(named, "Option", name=name, type="Map")
        ET.SubElement(one, "Option", name="active", type="bool", value="true")
        ET.SubElement(one, "Option", name="expression", type="QString", value=expression)
        ET.SubElement(one, "Option", name="type", type="int", value="3")
    ET.SubElement(outer, "Option", name="type", type="QString", value="collection")


def _labels(root: ET.Element, expression: str, geometry_type: str) -> None:
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
    ET.SubElement(
        settings, "placement", placement=PLACEMENTS[geometry_type], placementFlags="10",
        # From the rim of the symbol, not from its middle.
        offsetType="1", dist="1", distUnits="MM", priority="5", polygonPlacementFlags="2",
    )  # fmt: skip
    ET.SubElement(settings, "rendering", drawLabels="1", displayAll="0", obstacle="1")


def _map_tip(root: ET.Element, fields: tuple[tuple[str, str], ...]) -> None:
    parts = (f"<{tag}>[% {ESCAPED.format(name)} %]</{tag}>" for tag, name in fields)
    ET.SubElement(root, "mapTip").text = "\n".join(parts)


def _table_style(columns: Mapping[str, str], shown: str) -> str:
    root = ET.Element("qgis", version="3.22", styleCategories="AllStyleCategories")
    add_fields(root, columns)
    ET.SubElement(root, "previewExpression").text = f'"{shown}"'
    return document(root)


def basemap_style() -> str:
    """Give the style of the basemap: quiet land with borders, under everything."""
    root = ET.Element("qgis", version="3.22", styleCategories="AllStyleCategories")
    renderer = ET.SubElement(
        root, "renderer-v2", type="singleSymbol", enableorderby="0", forceraster="0",
        symbollevels="0",
    )  # fmt: skip
    symbols = ET.SubElement(renderer, "symbols")
    symbol = ET.SubElement(symbols, "symbol", name="0", type="fill", alpha="1")
    land = _layer(symbol, "SimpleFill")
    held = {"outline_color": "176,176,168,255", "outline_width": "0.25", "style": "solid"}
    options(land, {"color": "244,243,238,255", **held})
    return document(root)


# Layer to what makes its style.
LAYER_STYLES: Mapping[str, Callable[[], str]] = MappingProxyType(
    {
        "events_point": lambda: event_style("Point"),
        "events_line": lambda: event_style("MultiLineString"),
        "events_polygon": lambda: event_style("MultiPolygon"),
        "toponyms": toponym_style,
        "events_unplaced": lambda: _table_style(EVENT_COLUMNS, "sentence"),
        "claims": lambda: _table_style(CLAIM_COLUMNS, "sentence"),
        "articles": lambda: _table_style(ARTICLE_COLUMNS, "title"),
        "basemap": basemap_style,
    }
)


def style_of(layer: str) -> str:
    """Give the style of a layer of the GeoPackage.

    Parameters
    ----------
    layer
        A key of :data:`LAYER_STYLES`.
    """
    return LAYER_STYLES[layer]()
