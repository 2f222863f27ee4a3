"""geomap in QGIS: a Processing provider that calls the installed geomap."""


def classFactory(iface):  # noqa: ARG001, N802 - what QGIS asks for
    """Give the plugin."""
    from .plugin import GeomapPlugin  # noqa: PLC0415 - QGIS imports the package to look at it

    return GeomapPlugin()
