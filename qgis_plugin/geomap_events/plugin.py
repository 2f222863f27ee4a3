"""The plugin and its Processing provider."""

from pathlib import Path

from processing.core.ProcessingConfig import ProcessingConfig, Setting
from qgis.core import QgsApplication, QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from .algorithms import GeocodeField, MapEvents, UpdateCorrections
from .program import SETTING

ICON = str(Path(__file__).with_name("icon.svg"))


class GeomapProvider(QgsProcessingProvider):
    """Lists the algorithms."""

    def id(self):
        """Give the prefix of the algorithms' ids."""
        return "geomap"

    def name(self):
        """Give the name that users read."""
        return "geomap"

    def icon(self):
        """Give the icon."""
        return QIcon(ICON)

    def load(self):
        """Add the setting for the program's path."""
        ProcessingConfig.settingIcons[self.name()] = self.icon()
        ProcessingConfig.addSetting(
            Setting(
                self.name(), SETTING, "Path of the geomap program (empty: found on PATH)", "",
                valuetype=Setting.FILE,
            )
        )  # fmt: skip
        ProcessingConfig.readSettings()
        self.refreshAlgorithms()
        return True

    def unload(self):
        """Take the setting away."""
        ProcessingConfig.removeSetting(SETTING)

    def loadAlgorithms(self):  # noqa: N802 - QGIS's name
        """Add the algorithms."""
        for algorithm in (MapEvents, GeocodeField, UpdateCorrections):
            self.addAlgorithm(algorithm())


class GeomapPlugin:
    """Adds the provider when QGIS, or qgis_process, starts."""

    def __init__(self):
        """Start without a provider."""
        self.provider = None

    def initProcessing(self):  # noqa: N802 - QGIS's name
        """Add the provider: all that qgis_process calls."""
        self.provider = GeomapProvider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self):  # noqa: N802 - QGIS's name
        """Add the provider to a QGIS with windows."""
        self.initProcessing()

    def unload(self):
        """Take the provider away."""
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)
