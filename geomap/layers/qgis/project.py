"""A QGIS project: groups, styles, relations, time, bookmarks and a print layout.

Paths are relative, so that the project opens wherever its folder is moved.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from geomap.layers.notice import ATTRIBUTION, LICENCE
from geomap.layers.qgis.elements import SEA, document, reference_system, text_of
from geomap.layers.qgis.layout import add_layout
from geomap.layers.qgis.metadata import add_metadata
from geomap.layers.qgis.styles import style_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["ProjectLayer", "View", "project_archive", "project_xml"]

# Distances and shapes look as on the web's maps; geometries stay in their own CRS.
PROJECT_CRS = "EPSG:3857"
# ZIP's first possible moment: the same project gives the same bytes.
_NO_CLOCK = (1980, 1, 1, 0, 0, 0)
# Steps of the temporal controller: the longest range, in days, each is good for.
_STEPS = ((92, "d"), (730, "wk"))
_EVENTS = ("events_point", "events_line", "events_polygon")
# Group to its layers, from the top.
_GROUPS = (
    ("Events", True, _EVENTS),
    ("Names of places", True, ("toponyms",)),
    ("Tables", True, ("claims", "events_unplaced", "articles")),
    ("Basemap", False, ("basemap",)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectLayer:
    """A layer of the GeoPackage beside the project.

    Parameters
    ----------
    name, title, abstract
        Name in the file, and what users read.
    geometry_type
        ``"Point"``, ``"MultiLineString"``, ``"MultiPolygon"``; ``None`` for a table.
    crs
        Its CRS.
    """

    name: str
    title: str
    abstract: str
    geometry_type: str | None
    crs: str

    @property
    def id(self) -> str:
        """Identifier within the project, the same in every project."""
        return f"geomap_{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the project shows at first.

    Parameters
    ----------
    bounds
        West, south, east, north in EPSG:3857 metres.
    days
        First and last day, both included; ``None`` when no event is dated.
    """

    bounds: tuple[float, float, float, float]
    days: tuple[dt.date, dt.date] | None

    def shaped(self, ratio: float) -> tuple[float, float, float, float]:
        """Give the bounds, widened to a ratio of width to height, with a margin of a tenth."""
        west, south, east, north = self.bounds
        width, height = (east - west) * 1.2, (north - south) * 1.2
        width, height = max(width, height * ratio), max(height, width / ratio)
        x, y = (west + east) / 2, (south + north) / 2
        return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def project_xml(layers: Sequence[ProjectLayer], view: View, *, source: str, title: str) -> str:
    """Give a project.

    Parameters
    ----------
    layers
        The layers that are in the GeoPackage.
    view
        What it shows.
    source
        Name of the GeoPackage, in whose folder the project lies.
    title
        Title of project and print layout.
    """
    root = ET.Element("qgis", version="3.22.16", projectname=title)
    ET.SubElement(root, "homePath", path="")
    text_of(root, "title", title)
    reference_system(ET.SubElement(root, "projectCrs"), PROJECT_CRS)
    _add_tree(root, layers, source)
    _add_relations(root, layers)
    _add_canvas(root, view)
    held = ET.SubElement(root, "projectlayers")
    for layer in layers:
        _add_layer(held, layer, source)
    order = ET.SubElement(root, "layerorder")
    for layer in layers:
        ET.SubElement(order, "layer", id=layer.id)
    _add_properties(root)
    about = ET.SubElement(root, "projectMetadata")
    add_metadata(about, "geomap", title, "Events, claims and places told by news text.")

    def add_legend(parent: ET.Element) -> None:
        drawn = [layer for layer in layers if layer.name in _EVENTS]
        _add_tree(parent, drawn, source)

    add_layout(ET.SubElement(root, "Layouts"), view, add_legend)
    _add_bookmark(root, view, title)
    _add_time(root, view)
    return document(root)


def project_archive(xml: str, name: str) -> bytes:
    """Pack a project as QGIS does: a ``.qgz`` is a ZIP with a ``.qgs`` in it.

    Parameters
    ----------
    xml
        The project.
    name
        Name of the project, without ending.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        entry = zipfile.ZipInfo(f"{name}.qgs", date_time=_NO_CLOCK)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        archive.writestr(entry, xml.encode())
    return packed.getvalue()


def _path(layer: ProjectLayer, source: str) -> str:
    return f"./{source}|layername={layer.name}"


def _add_tree(parent: ET.Element, layers: Iterable[ProjectLayer], source: str) -> None:
    by_name = {layer.name: layer for layer in layers}
    tree = ET.SubElement(parent, "layer-tree-group")
    for title, expanded, names in _GROUPS:
        members = [by_name[name] for name in names if name in by_name]
        if not members:
            continue
        group = ET.SubElement(
            tree, "layer-tree-group", name=title, checked="Qt::Checked",
            expanded="1" if expanded else "0",
        )  # fmt: skip
        for layer in members:
            ET.SubElement(
                group, "layer-tree-layer", id=layer.id, name=layer.title, providerKey="ogr",
                source=_path(layer, source), checked="Qt::Checked",
                expanded="1" if layer.name in _EVENTS else "0",
            )  # fmt: skip


def _add_relations(root: ET.Element, layers: Sequence[ProjectLayer]) -> None:
    """Tie events, claims and names to articles, and claims to events."""
    names = {layer.name: layer for layer in layers}
    relations = ET.SubElement(root, "relations")
    told = [name for name in (*_EVENTS, "events_unplaced", "toponyms", "claims") if name in names]
    pairs = [(name, "articles", "article_id") for name in told]
    pairs += [("claims", name, "event_id") for name in told if name.startswith("events_")]
    for child, parent, field in pairs:
        relation = ET.SubElement(
            relations, "relation", id=f"{child}_of_{parent}", strength="Association",
            name=f"{names[child].title} of {names[parent].title.lower()}",
            referencingLayer=names[child].id, referencedLayer=names[parent].id,
        )  # fmt: skip
        ET.SubElement(relation, "fieldRef", referencingField=field, referencedField=field)


def _add_canvas(root: ET.Element, view: View) -> None:
    canvas = ET.SubElement(root, "mapcanvas", name="theMapCanvas", annotationsVisible="1")
    text_of(canvas, "units", "meters")
    extent = ET.SubElement(canvas, "extent")
    for name, value in zip(("xmin", "ymin", "xmax", "ymax"), view.shaped(1.6), strict=True):
        text_of(extent, name, f"{value:.3f}")
    text_of(canvas, "rotation", "0")
    reference_system(ET.SubElement(canvas, "destinationsrs"), PROJECT_CRS)


def _add_layer(parent: ET.Element, layer: ProjectLayer, source: str) -> None:
    kinds = {"Point": "Point", "MultiLineString": "Line", "MultiPolygon": "Polygon"}
    element = ET.SubElement(
        parent, "maplayer", type="vector", styleCategories="AllStyleCategories",
        geometry=kinds.get(layer.geometry_type or "", "No geometry"),
        wkbType=layer.geometry_type or "NoGeometry", readOnly="0",
        labelsEnabled="1" if layer.name in _EVENTS else "0",
    )  # fmt: skip
    text_of(element, "id", layer.id)
    text_of(element, "datasource", _path(layer, source))
    text_of(element, "layername", layer.title)
    text_of(element, "attribution", ATTRIBUTION, href="")
    if layer.geometry_type:
        reference_system(ET.SubElement(element, "srs"), layer.crs)
    about = ET.SubElement(element, "resourceMetadata")
    add_metadata(about, layer.name, layer.title, layer.abstract)
    text_of(element, "provider", "ogr", encoding="UTF-8")
    flags = ET.SubElement(element, "flags")
    for name in ("Identifiable", "Searchable"):
        text_of(flags, name, "0" if layer.name == "basemap" else "1")
    text_of(flags, "Removable", "1")
    _add_temporal(element, layer)
    # A document of our own: the elements of the style are those of a layer of a project.
    element.extend(list(ET.fromstring(style_of(layer.name))))  # noqa: S314 - just written


def _add_temporal(element: ET.Element, layer: ProjectLayer) -> None:
    """Show an event while the controller's time touches its days; always without a date."""
    dated = layer.name in _EVENTS
    temporal = ET.SubElement(
        element, "temporal", enabled="1" if dated else "0",
        # Start and end from fields, both ends included (QgsVectorLayerTemporalProperties).
        mode="2" if dated else "0", limitMode="1", startField="date_start" if dated else "",
        endField="date_end" if dated else "", durationField="", durationUnit="min",
        fixedDuration="0", accumulate="0", startExpression="", endExpression="",
    )  # fmt: skip
    ET.SubElement(ET.SubElement(temporal, "fixedRange"), "start")


def _add_properties(root: ET.Element) -> None:
    properties = ET.SubElement(root, "properties")
    paths = ET.SubElement(properties, "Paths")
    text_of(paths, "Absolute", "false", type="bool")
    systems = ET.SubElement(properties, "SpatialRefSys")
    text_of(systems, "ProjectionsEnabled", "1", type="int")
    measure = ET.SubElement(properties, "Measure")
    text_of(measure, "Ellipsoid", "EPSG:7030", type="QString")
    gui = ET.SubElement(properties, "Gui")
    for part, value in zip(("Red", "Green", "Blue"), SEA, strict=True):
        text_of(gui, f"CanvasColor{part}Part", value, type="int")
    variables = ET.SubElement(properties, "Variables")
    held = {"geomap_attribution": ATTRIBUTION, "geomap_licence": LICENCE}
    for name, values in (("variableNames", held.keys()), ("variableValues", held.values())):
        listed = ET.SubElement(variables, name, type="QStringList")
        for value in values:
            text_of(listed, "value", value)


def _add_bookmark(root: ET.Element, view: View, title: str) -> None:
    west, south, east, north = view.shaped(1.6)
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    ring = ", ".join(f"{x:.3f} {y:.3f}" for x, y in corners)
    bookmark = ET.SubElement(
        ET.SubElement(root, "Bookmarks"), "Bookmark", id="geomap_events", name=f"{title}: extent",
        group="geomap", extent=f"POLYGON(({ring}))",
    )  # fmt: skip
    reference_system(bookmark, PROJECT_CRS)
    settings = ET.SubElement(root, "ProjectViewSettings", UseProjectScales="0", rotation="0")
    ET.SubElement(settings, "Scales")
    extent = ET.SubElement(
        settings, "DefaultViewExtent", xmin=f"{west:.3f}", ymin=f"{south:.3f}",
        xmax=f"{east:.3f}", ymax=f"{north:.3f}",
    )  # fmt: skip
    reference_system(extent, PROJECT_CRS)


def _add_time(root: ET.Element, view: View) -> None:
    if view.days is None:
        return
    first, last = view.days
    after = last + dt.timedelta(days=1)
    step = next((unit for most, unit in _STEPS if (after - first).days <= most), "mon")
    settings = ET.SubElement(
        root, "ProjectTimeSettings", timeStepUnit=step, timeStep="1", frameRate="1",
        cumulativeTemporalRange="0",
    )  # fmt: skip
    held = ET.SubElement(settings, "TemporalRange")
    text_of(held, "start", f"{first.isoformat()}T00:00:00Z")
    text_of(held, "end", f"{after.isoformat()}T00:00:00Z")
