"""Run by QGIS's own Python: load a GeoPackage, say what QGIS makes of it, render it.

Prints one line of JSON. Arguments: the GeoPackage, the PNG to write.
"""

import json
import os
import sys

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

LAYERS = ("events_point", "events_line", "events_polygon", "toponyms")


def describe(layer):
    renderer = layer.renderer()
    return {
        "valid": layer.isValid(),
        "features": layer.featureCount(),
        "crs": layer.crs().authid(),
        "renderer": renderer.type(),
        "categories": [c.value() for c in renderer.categories()],
        "symbols": [c.symbol().symbolLayerCount() for c in renderer.categories()],
        "alias": layer.attributeAlias(layer.fields().indexOf("reason")),
        "map_tip": layer.mapTipTemplate(),
        "labels": layer.labelsEnabled(),
    }


def main(source, picture):
    app = QgsApplication([], False)
    app.initQgis()
    log = []
    app.messageLog().messageReceived.connect(lambda *one: log.append([str(part) for part in one]))
    layers = [QgsVectorLayer(f"{source}|layername={name}", name, "ogr") for name in LAYERS]
    found = {layer.name(): describe(layer) for layer in layers}
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    settings.setBackgroundColor(QColor(255, 255, 255))
    settings.setOutputSize(QSize(1000, 800))
    extent = settings.fullExtent()
    extent.scale(1.1)
    settings.setExtent(extent)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(picture)
    errors = [[e.layerID, e.message] for e in job.errors()]
    print(json.dumps({"layers": found, "errors": errors, "log": log}))
    sys.stdout.flush()
    # PyQGIS may crash while it is taken down.
    os._exit(0)


main(*sys.argv[1:3])
