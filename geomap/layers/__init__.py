"""Layers: extracted articles as files that a GIS opens, styled where the format can."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from geomap.errors import OutputError
from geomap.files import output_folder, replacing
from geomap.frames import as_list
from geomap.layers.geojson import write_geojson
from geomap.layers.geopackage import write_geopackage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from geomap.records import ExtractedArticle

__all__ = ["FORMATS", "write_layers"]

# Format, file name, writer.
FORMATS: Mapping[str, tuple[str, Callable[[Sequence[ExtractedArticle], Path], None]]] = (
    MappingProxyType(
        {
            "geojson": ("events.geojson", write_geojson),
            "gpkg": ("geomap.gpkg", write_geopackage),
        }
    )
)


def write_layers(
    extractions: ExtractedArticle | Iterable[ExtractedArticle],
    folder: str | Path,
    *,
    formats: Iterable[str] = ("geojson", "gpkg"),
) -> dict[str, Path]:
    """Write the layers of articles.

    Parameters
    ----------
    extractions
        One extracted article, or many.
    folder
        Where the files go; made when it is not there.
    formats
        ``"geojson"`` (``events.geojson``: placed events, RFC 7946) and
        ``"gpkg"`` (``geomap.gpkg``: GeoPackage 1.2 with default QGIS styles).

    Returns
    -------
    dict
        Format to path.

    Raises
    ------
    OutputError
        For a format that is not known, before anything is written; or when a
        file cannot be written, after the others have been.

    Examples
    --------
    >>> import tempfile
    >>> sorted(write_layers([], tempfile.mkdtemp()))
    ['geojson', 'gpkg']
    """
    wanted = list(dict.fromkeys(formats))
    unknown = [name for name in wanted if name not in FORMATS]
    if unknown:
        msg = f"{', '.join(map(repr, unknown))} is no format; expected {', '.join(FORMATS)}"
        raise OutputError(msg)
    done = as_list(extractions)
    target = output_folder(folder)
    written: dict[str, Path] = {}
    faults: list[str] = []
    for name in wanted:
        file, write = FORMATS[name]
        try:
            with replacing(target / file) as draft:
                write(done, draft)
        except OutputError as err:
            faults.append(str(err))
        except (RuntimeError, ValueError) as err:
            # GDAL's errors (pyogrio.errors) are RuntimeErrors, those of its arguments ValueErrors.
            faults.append(f"{target / file}: cannot be written ({err}); try another format")
        else:
            written[name] = target / file
    if faults:
        raise OutputError("; ".join(faults))
    return written
