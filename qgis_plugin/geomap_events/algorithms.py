"""The three algorithms."""

import json
from pathlib import Path

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureSink,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsPointXY,
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterDateTime,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterString,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QVariant
from qgis.PyQt.QtGui import QIcon

from .program import run

ICON = str(Path(__file__).with_name("icon.svg"))
# From the bottom: what is added last lies on top.
LAYERS = (
    ("toponyms", "Names"),
    ("events_polygon", "Events over areas"),
    ("events_line", "Events along lines"),
    ("events_point", "Events at points"),
)
TABLES = (("articles", "Articles"), ("claims", "Claims"))
# Names in one call of the program: far below the least limit of a command line.
CHUNK = 100


class _Algorithm(QgsProcessingAlgorithm):
    """What the algorithms share."""

    NAME = TITLE = HELP = ""

    def name(self):
        return self.NAME

    def displayName(self):  # noqa: N802 - QGIS's name
        return self.TITLE

    def shortHelpString(self):  # noqa: N802 - QGIS's name
        return self.HELP

    def icon(self):
        return QIcon(ICON)

    def createInstance(self):  # noqa: N802 - QGIS's name
        return type(self)()


class MapEvents(_Algorithm):
    """Text becomes styled layers."""

    NAME, TITLE = "mapevents", "Map events from text"
    HELP = (
        "Reads news text and maps the events it tells: points, lines and areas, styled by type; "
        "how they are drawn says whether the article says so, somebody claims it, or it is "
        "denied. Give a file (text or JSON lines), a folder of such files, or paste text.\n\n"
        "The output folder holds geomap.gpkg with a finished project (geomap.qgz) and "
        "extraction.jsonl. A corrections file is obeyed; 'Update corrections from edited layer' "
        "writes one."
    )

    def initAlgorithm(self, _configuration=None):  # noqa: N802 - QGIS's name
        optional = {"optional": True}
        self.addParameter(QgsProcessingParameterFile("FILE", "Text file", **optional))
        folder = QgsProcessingParameterFile.Folder
        self.addParameter(
            QgsProcessingParameterFile("FOLDER", "Folder of texts", behavior=folder, **optional)
        )
        self.addParameter(
            QgsProcessingParameterString("TEXT", "Pasted text", multiLine=True, **optional)
        )
        self.addParameter(
            QgsProcessingParameterDateTime(
                "PUBLISHED", "Day of publication", QgsProcessingParameterDateTime.Date, **optional
            )
        )
        self.addParameter(QgsProcessingParameterFile("CORRECTIONS", "Corrections file", **optional))
        self.addParameter(QgsProcessingParameterFolderDestination("OUTPUT", "Output folder"))
        self.addOutput(QgsProcessingOutputString("GEOPACKAGE", "GeoPackage"))
        self.addOutput(QgsProcessingOutputNumber("EVENTS", "Number of events"))

    def processAlgorithm(self, parameters, context, feedback):  # noqa: N802 - QGIS's name
        inputs, text, total = self._inputs(parameters, context)
        folder = Path(self.parameterAsString(parameters, "OUTPUT", context))
        folder.mkdir(parents=True, exist_ok=True)
        options = self._options(parameters, context, folder)
        found, events = [], 0

        def add(line):
            nonlocal events
            found.append(line)
            row = json.loads(line)
            events += len(row["events"])
            feedback.pushInfo(f"{row['id']}: {len(row['events'])} events")
            feedback.setProgress(90 * min(len(found) / total, 1))

        status = run(["extract", *options, *inputs], feedback, on_line=add, text=text)
        if status is None:
            return {}
        if not found:
            msg = "No article could be read; see the log."
            raise QgsProcessingException(msg)
        extraction = folder / "extraction.jsonl"
        extraction.write_text("\n".join(found) + "\n", encoding="utf-8")
        wanted = ["layers", str(extraction), "-o", str(folder), "--format", "gpkg"]
        if run(wanted, feedback) is None:
            return {}
        file = folder / "geomap.gpkg"
        if not file.is_file():
            msg = "The layers could not be written; see the log."
            raise QgsProcessingException(msg)
        _load(file, context)
        feedback.setProgress(100)
        return {"OUTPUT": str(folder), "GEOPACKAGE": str(file), "EVENTS": events}

    def _inputs(self, parameters, context):
        file = self.parameterAsString(parameters, "FILE", context)
        folder = self.parameterAsString(parameters, "FOLDER", context)
        text = self.parameterAsString(parameters, "TEXT", context)
        given = [one for one in (file, folder) if one]
        if not given and not text.strip():
            msg = "Nothing to read: give a text file, a folder, or paste text."
            raise QgsProcessingException(msg)
        total = len([*Path(folder).glob("*.txt")]) if folder else 0
        total += 1 if file else 0
        if text.strip():
            given.append("-")
            total += 1
        return given, text if text.strip() else None, max(total, 1)

    def _options(self, parameters, context, folder):
        options = []
        day = self.parameterAsDateTime(parameters, "PUBLISHED", context)
        if parameters.get("PUBLISHED") and day.isValid():
            options += ["--published", day.toString("yyyy-MM-dd")]
        corrections = self.parameterAsString(parameters, "CORRECTIONS", context)
        if corrections:
            settings = folder / "geomap.toml"
            # A JSON string is a TOML string, too.
            path = json.dumps(str(Path(corrections).absolute()))
            settings.write_text(f"corrections = {path}\n", encoding="utf-8")
            options += ["--settings", str(settings)]
        return options


class GeocodeField(_Algorithm):
    """Names in a column become points."""

    NAME, TITLE = "geocodefield", "Geocode a text field"
    HELP = (
        "Looks the names in a field up in geomap's gazetteer, offline, and gives each feature the "
        "point of the likeliest place. Names that are not known, or stand for nothing, keep their "
        "row without a geometry."
    )
    ADDED = (
        ("geo_id", QVariant.String), ("geo_name", QVariant.String),
        ("geo_country", QVariant.String), ("geo_score", QVariant.Double),
    )  # fmt: skip

    def initAlgorithm(self, _configuration=None):  # noqa: N802 - QGIS's name
        self.addParameter(
            QgsProcessingParameterFeatureSource(
                "INPUT", "Table or layer", [QgsProcessing.TypeVector]
            )
        )
        self.addParameter(
            QgsProcessingParameterField("FIELD", "Field of names", parentLayerParameterName="INPUT")
        )
        self.addParameter(
            QgsProcessingParameterString("COUNTRY", "Country (two letters)", optional=True)
        )
        self.addParameter(QgsProcessingParameterFeatureSink("OUTPUT", "Geocoded"))
        self.addOutput(QgsProcessingOutputNumber("FOUND", "Features with a place"))

    def processAlgorithm(self, parameters, context, feedback):  # noqa: N802 - QGIS's name
        source = self.parameterAsSource(parameters, "INPUT", context)
        field = self.parameterAsString(parameters, "FIELD", context)
        country = self.parameterAsString(parameters, "COUNTRY", context)
        rows = list(source.getFeatures())
        names = {str(row[field]).strip() for row in rows if row[field]} - {""}
        places = self._look_up(sorted(names), country, feedback)
        fields = QgsFields(source.fields())
        for name, kind in self.ADDED:
            fields.append(QgsField(name, kind))
        sink, identifier = self.parameterAsSink(
            parameters, "OUTPUT", context, fields, QgsWkbTypes.Point,
            QgsCoordinateReferenceSystem("EPSG:4326"),
        )  # fmt: skip
        found = 0
        for row in rows:
            place = places.get(str(row[field]).strip()) if row[field] else None
            feature = QgsFeature(fields)
            added = [None] * len(self.ADDED)
            if place is not None:
                found += 1
                feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(place["lon"], place["lat"])))
                added = [place["id"], place["name"], place["country"], place["score"]]
            feature.setAttributes([*row.attributes(), *added])
            sink.addFeature(feature, QgsFeatureSink.FastInsert)
        return {"OUTPUT": identifier, "FOUND": found}

    def _look_up(self, names, country, feedback):
        places = {}

        def add(line):
            row = json.loads(line)
            if row["candidates"]:
                places[row["name"]] = row["candidates"][0]

        limits = ["--country", country] if country else []
        for start in range(0, len(names), CHUNK):
            chunk = names[start : start + CHUNK]
            # After the double dash a name may begin with a dash.
            arguments = ["geocode", "--json", "--limit", "1", *limits, "--", *chunk]
            if run(arguments, feedback, on_line=add) is None:
                break
            feedback.setProgress(100 * (start + len(chunk)) / len(names))
        return places


class UpdateCorrections(_Algorithm):
    """What was edited becomes a corrections file."""

    NAME, TITLE = "updatecorrections", "Update corrections from edited layer"
    HELP = (
        "Compares the layer of names in a GeoPackage of geomap with the extraction it was written "
        "from. A point that was moved pins its name there; another place_id pins it to that "
        "place; an emptied place_id says that the name is no place. Save the edits first. Give "
        "the corrections file to 'Map events from text', and they hold."
    )

    def initAlgorithm(self, _configuration=None):  # noqa: N802 - QGIS's name
        self.addParameter(
            QgsProcessingParameterFile("GEOPACKAGE", "Edited GeoPackage", extension="gpkg")
        )
        self.addParameter(
            QgsProcessingParameterFile(
                "EXTRACTION", "Extraction (empty: extraction.jsonl beside it)", optional=True
            )
        )
        self.addParameter(
            QgsProcessingParameterFileDestination("OUTPUT", "Corrections", "CSV (*.csv)")
        )
        self.addOutput(QgsProcessingOutputNumber("CORRECTED", "Names corrected"))

    def processAlgorithm(self, parameters, context, feedback):  # noqa: N802 - QGIS's name
        output = self.parameterAsFileOutput(parameters, "OUTPUT", context)
        arguments = [
            "corrections", self.parameterAsString(parameters, "GEOPACKAGE", context), "-o", output,
        ]  # fmt: skip
        extraction = self.parameterAsString(parameters, "EXTRACTION", context)
        if extraction:
            arguments += ["--against", extraction]
        corrected = []

        def add(line):
            corrected.append(line)
            feedback.pushInfo(line)

        status = run(arguments, feedback, on_line=add)
        if status is None:
            return {}
        if status:
            msg = "The corrections could not be updated; see the log."
            raise QgsProcessingException(msg)
        return {"OUTPUT": output, "CORRECTED": len(corrected)}


def _load(file, context):
    """Have the layers added to the project; their styles come with the file."""
    for name, title in (*TABLES, *LAYERS):
        layer = QgsVectorLayer(f"{file}|layername={name}", title, "ogr")
        if not layer.isValid() or context.project() is None:
            continue
        context.temporaryLayerStore().addMapLayer(layer)
        details = QgsProcessingContext.LayerDetails(title, context.project(), name)
        context.addLayerToLoadOnCompletion(layer.id(), details)
