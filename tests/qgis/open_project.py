"""Run by QGIS's own Python: open a project, say what QGIS makes of it, draw and print it.

Prints one line of JSON. Arguments: the project's address, the folder to draw into.
"""

import json
import os
import sys

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsDateTimeRange,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsFeatureRequest,
    QgsLayoutExporter,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsMessageLog,
    QgsProject,
    QgsVectorLayerTemporalContext,
)
from qgis.PyQt.QtCore import QDate, QDateTime, QSize, Qt, QTime
from qgis.PyQt.QtGui import QColor

ITEMS = ("title", "map", "legend", "scale bar", "north arrow", "attribution", "key to lines")

DAY = QgsDateTimeRange(
    QDateTime(QDate(2022, 3, 4), QTime(0, 0), Qt.UTC),
    QDateTime(QDate(2022, 3, 5), QTime(0, 0), Qt.UTC),
    True,
    False,
)


def symbol_layers(renderer):
    # Kept in names: what is reached through a temporary dies with it.
    category = renderer.categories()[0]
    symbol = category.symbol()
    return [one.layerType() for one in symbol.symbolLayers()]


def describe(layer):
    temporal, renderer = layer.temporalProperties(), layer.renderer()
    fields = layer.fields()
    is_categorised = renderer is not None and renderer.type() == "categorizedSymbol"
    tip = layer.mapTipTemplate()
    first = next(layer.getFeatures(), None)
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    if first is not None:
        context.setFeature(first)
    return {
        "valid": layer.isValid(),
        "features": layer.featureCount(),
        "crs": layer.crs().authid(),
        "renderer": renderer.type() if renderer else None,
        "categories": [c.value() for c in renderer.categories()] if is_categorised else [],
        "symbol_layers": symbol_layers(renderer) if is_categorised else [],
        "aliases": {f.name(): layer.attributeAlias(n) for n, f in enumerate(fields)},
        "widgets": {f.name(): layer.editorWidgetSetup(n).type() for n, f in enumerate(fields)},
        "map_tip": QgsExpression.replaceExpressionText(tip, context) if first else tip,
        "labels": layer.labelsEnabled(),
        "temporal": [temporal.isActive(), temporal.startField(), temporal.endField()],
        "rights": layer.metadata().rights(),
        "title": layer.metadata().title(),
        "index": layer.hasSpatialIndex(),
    }


def at_time(layer, span):
    """Count the features that the temporal controller would show."""
    context = QgsVectorLayerTemporalContext()
    context.setLayer(layer)
    shown = layer.temporalProperties().createFilterString(context, span)
    return len(list(layer.getFeatures(QgsFeatureRequest().setFilterExpression(shown))))


def tree(group):
    return [
        [child.name(), tree(child)] if hasattr(child, "addLayer") else child.name()
        for child in group.children()
    ]


def draw(project, extent, picture):
    settings = QgsMapSettings()
    layers = [one for one in project.layerTreeRoot().layerOrder() if one.isSpatial()]
    settings.setLayers(layers)
    settings.setDestinationCrs(project.crs())
    settings.setTransformContext(project.transformContext())
    settings.setBackgroundColor(QColor(222, 232, 240))
    settings.setOutputSize(QSize(1200, 750))
    settings.setExtent(extent)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(picture)
    return [[e.layerID, e.message] for e in job.errors()]


def main(address, folder):
    app = QgsApplication([], False)
    app.initQgis()
    log = []

    def note(text, tag, level):
        if level in (Qgis.Warning, Qgis.Critical):
            log.append([str(tag), str(text)])

    app.messageLog().messageReceived.connect(note)
    project = QgsProject.instance()
    opened = project.read(address)
    relations = project.relationManager().relations()
    span = project.timeSettings().temporalRange()
    layouts = project.layoutManager().printLayouts()
    view = project.viewSettings().defaultViewExtent()
    errors = draw(project, view, f"{folder}/map.png")
    printed = []
    for layout in layouts:
        exporter = QgsLayoutExporter(layout)
        printed.append(exporter.exportToPdf(f"{folder}/layout.pdf", exporter.PdfExportSettings()))
        image = exporter.ImageExportSettings()
        image.dpi = 100
        printed.append(exporter.exportToImage(f"{folder}/layout.png", image))
    layers = {one.id().removeprefix("geomap_"): one for one in project.mapLayers().values()}
    found = {
        "opened": opened,
        "error": project.error(),
        "title": project.title(),
        "crs": project.crs().authid(),
        "layers": {name: describe(layer) for name, layer in layers.items()},
        "tree": tree(project.layerTreeRoot()),
        "relations": {one.id(): one.isValid() for one in relations.values()},
        "range": [span.begin().toString(Qt.ISODate), span.end().toString(Qt.ISODate)],
        "in_range": {
            name: at_time(layer, span)
            for name, layer in layers.items()
            if layer.temporalProperties().isActive()
        },
        "on_4_march": {
            name: at_time(layer, DAY)
            for name, layer in layers.items()
            if layer.temporalProperties().isActive()
        },
        "bookmarks": [one.name() for one in project.bookmarkManager().bookmarks()],
        "layouts": {
            one.name(): [name for name in ITEMS if one.itemById(name) is not None]
            for one in layouts
        },
        "printed": printed,
        "errors": errors,
        "log": log,
    }
    # Shown to be heard.
    heard = len(log)
    QgsMessageLog.logMessage("a warning", "test", Qgis.Warning)
    found["hears"] = len(log) == heard + 1
    log.pop()
    print(json.dumps(found))
    sys.stdout.flush()
    # PyQGIS may crash while it is taken down.
    os._exit(0)


main(*sys.argv[1:3])
