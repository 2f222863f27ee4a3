"""geomap in QGIS: a Processing provider that calls the installed geomap."""


def classFactory(iface):  # noqa: N802 - the name that QGIS asks for
    """Give the plugin."""
    from .plugin import GeomapPlugin  # noqa: PLC0415 - QGIS imports the package to look at it

    return GeomapPlugin()
