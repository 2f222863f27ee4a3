"""A print layout for QGIS: title, map, legend, scale bar, north arrow, attribution. A4."""

from __future__ import annotations

import base64
import uuid
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from geomap.layers.notice import ATTRIBUTION
from geomap.layers.qgis.elements import SEA, colour, options

if TYPE_CHECKING:
    from collections.abc import Callable

    from geomap.layers.qgis.project import View

__all__ = ["add_layout"]

NAME = "Map of events"
# What the legend's symbols cannot show: see STROKE and PATTERN of the styles.
KEY = (
    "Solid line: the article says so. Dashed: somebody says so. Dotted and pale: planned or "
    "possible. Dash and dots, faint: denied or negated."
)
# Types of items (QgsLayoutItemRegistry::ItemType).
_MAP, _PICTURE, _LABEL, _LEGEND, _SCALE_BAR, _PAGE = 65639, 65640, 65641, 65642, 65646, 65638
_MAP_BOX = (10.0, 24.0, 205.0, 166.0)
_NORTH = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="36" viewBox="0 0 24 36">'
    '<path d="M12 12l8 22-8-5-8 5z" fill="#1e1e1e"/>'
    '<path d="M8 9V1l8 8V1" fill="none" stroke="#1e1e1e" stroke-width="2"/></svg>'
)
_STYLES = (("title", 13), ("group", 11), ("subgroup", 10), ("symbol", 9), ("symbolLabel", 9))


def add_layout(parent: ET.Element, view: View, add_tree: Callable[[ET.Element], None]) -> None:
    """Add the layout.

    Parameters
    ----------
    parent
        The element of layouts of a project.
    view
        What the map shows.
    add_tree
        Adds the layers that the legend lists to an element.
    """
    layout = ET.SubElement(
        parent, "Layout", name=NAME, units="mm", printResolution="300", worldFileMap=""
    )
    ET.SubElement(
        layout, "Snapper", snapToGrid="0", snapToGuides="1", snapToItems="1", tolerance="5"
    )
    ET.SubElement(
        layout, "Grid", resolution="10", resUnits="mm", offsetX="0", offsetY="0", offsetUnits="mm"
    )
    pages = ET.SubElement(layout, "PageCollection")
    paper = ET.SubElement(pages, "symbol", name="", type="fill", alpha="1")
    fill = ET.SubElement(
        paper, "layer", {"class": "SimpleFill", "enabled": "1", "pass": "0", "locked": "0"}
    )
    options(fill, {"color": "255,255,255,255", "outline_style": "no", "style": "solid"})
    _item(pages, "page", _PAGE, (0, 0, 297, 210), level=0)
    _map(layout, view)
    _label(layout, "title", "[% @project_title %]", (10, 8, 277, 12), size=18)
    _label(layout, "attribution", ATTRIBUTION, (10, 197, 277, 5), size=7)
    _label(layout, "key to lines", KEY, (10, 191, 277, 5), size=8)
    _legend(layout, add_tree)
    _scale_bar(layout)
    _north_arrow(layout)
    ET.SubElement(layout, "customproperties")
    ET.SubElement(layout, "Atlas", enabled="0", coverageLayer="", hideCoverage="0")


def _uuid(name: str) -> str:
    return f"{{{uuid.uuid5(uuid.NAMESPACE_URL, f'geomap:layout:{name}')}}}"


def _item(
    parent: ET.Element,
    name: str,
    kind: int,
    box: tuple[float, float, float, float],
    *,
    level: int,
    **attributes: str,
) -> ET.Element:
    """Add an item; ``box`` is left, top, width, height in mm."""
    left, top, width, height = box
    place = f"{left:g},{top:g},mm"
    item = ET.SubElement(
        parent, "LayoutItem",
        {
            "type": str(kind), "uuid": _uuid(name), "templateUuid": _uuid(name), "id": name,
            "position": place, "positionOnPage": place, "size": f"{width:g},{height:g},mm",
            "zValue": str(level), "referencePoint": "0", "itemRotation": "0", "opacity": "1",
            "visibility": "1", "background": "false", "frame": "false", "groupUuid": "",
            "positionLock": "false", "outlineWidthM": "0.3,mm", "frameJoinStyle": "miter",
            "blendMode": "0", "excludeFromExports": "0", **attributes,
        },
    )  # fmt: skip
    colour(item, "FrameColor", 120)
    colour(item, "BackgroundColor", 255)
    ET.SubElement(item, "LayoutObject")
    return item


def _map(layout: ET.Element, view: View) -> None:
    item = _item(
        layout, "map", _MAP, _MAP_BOX, level=1, frame="true", background="true",
        mapRotation="0", keepLayerSet="false", drawCanvasItems="true", followPreset="false",
        followPresetName="", labelMargin="0,mm", isTemporal="0", mapFlags="0",
    )  # fmt: skip
    sea = item.find("BackgroundColor")
    if sea is not None:
        sea.attrib.update(red=SEA[0], green=SEA[1], blue=SEA[2])
    west, south, east, north = view.shaped(_MAP_BOX[2] / _MAP_BOX[3])
    ET.SubElement(
        item, "Extent", xmin=f"{west:.3f}", ymin=f"{south:.3f}", xmax=f"{east:.3f}",
        ymax=f"{north:.3f}",
    )  # fmt: skip
    ET.SubElement(item, "LayerSet")
    ET.SubElement(item, "AtlasMap", atlasDriven="0", scalingMode="2", margin="0.1")


def _label(
    layout: ET.Element, name: str, text: str, box: tuple[float, float, float, float], *, size: int
) -> None:
    item = _item(
        layout, name, _LABEL, box, level=2, labelText=text, htmlState="0", halign="1",
        valign="128", marginX="0", marginY="0",
    )  # fmt: skip
    ET.SubElement(item, "LabelFont", description=_font(size), style="")
    colour(item, "FontColor", 30)


def _legend(layout: ET.Element, add_tree: Callable[[ET.Element], None]) -> None:
    item = _item(
        layout, "legend", _LEGEND, (219, 24, 68, 150), level=3, background="true", title="Legend",
        map_uuid=_uuid("map"), legendFilterByMap="1", legendFilterByAtlas="0",
        resizeToContents="1", columnCount="1", splitLayer="0", equalColumnWidth="0",
        symbolWidth="6", symbolHeight="4", boxSpace="1", columnSpace="2", lineSpacing="1",
        wrapChar="", titleAlignment="1", symbolAlignment="1", fontColor="#1e1e1e",
        rasterBorder="0", rasterBorderColor="0,0,0,255", rasterBorderWidth="0",
        wmsLegendWidth="50", wmsLegendHeight="25", minSymbolSize="0", maxSymbolSize="0",
    )  # fmt: skip
    styles = ET.SubElement(item, "styles")
    for name, size in _STYLES:
        style = ET.SubElement(
            styles, "style", name=name, alignment="1", indent="0", marginTop="1.5",
            marginBottom="1" if name == "title" else "0",
            marginLeft="1.5" if name == "symbolLabel" else "0",
        )  # fmt: skip
        ET.SubElement(style, "styleFont", description=_font(size), style="")
    add_tree(item)


def _scale_bar(layout: ET.Element) -> None:
    item = _item(
        layout, "scale bar", _SCALE_BAR, (14, 176, 80, 12), level=4, background="true",
        style="Single Box", mapUuid=_uuid("map"), unitType="km", unitLabel="km",
        numMapUnitsPerScaleBarUnit="1", numSegments="2", numSegmentsLeft="0",
        segmentSizeMode="1", minBarWidth="40", maxBarWidth="70", numUnitsPerSegment="50",
        segmentMillimeters="25", height="2", labelBarSpace="1.5", boxContentSpace="1",
        outlineWidth="0.3", alignment="0", lineJoinStyle="miter", lineCapStyle="square",
        labelVerticalPlacement="0", labelHorizontalPlacement="0",
    )  # fmt: skip
    ET.SubElement(
        item, "text-style", fontFamily="Sans Serif", fontSize="8", fontSizeUnit="Point",
        textColor="30,30,30,255", textOpacity="1",
    )  # fmt: skip
    colour(item, "fillColor", 30)
    colour(item, "fillColor2", 255)
    colour(item, "strokeColor", 30)
    for name, grey in (("fillSymbol1", "30,30,30,255"), ("fillSymbol2", "255,255,255,255")):
        symbol = ET.SubElement(ET.SubElement(item, name), "symbol", name="", type="fill", alpha="1")
        fill = ET.SubElement(
            symbol, "layer", {"class": "SimpleFill", "enabled": "1", "pass": "0", "locked": "0"}
        )
        options(fill, {"color": grey, "outline_style": "no", "style": "solid"})


def _north_arrow(layout: ET.Element) -> None:
    picture = base64.b64encode(_NORTH.encode()).decode()
    _item(
        layout, "north arrow", _PICTURE, (201, 27, 10, 15), level=5, file=f"base64:{picture}",
        mode="0", resizeMode="0", anchorPoint="4", northMode="1", northOffset="0",
        mapUuid=_uuid("map"), pictureRotation="0", svgFillColor="30,30,30,255",
        svgBorderColor="30,30,30,255", svgBorderWidth="0.2",
    )  # fmt: skip


def _font(size: int) -> str:
    return f"Sans Serif,{size},-1,5,50,0,0,0,0,0"
