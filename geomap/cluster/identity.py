"""Identity: what must be equal on all machines, or their results cannot be put together."""

from __future__ import annotations

import hashlib
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import geomap
from geomap.errors import ClusterError
from geomap.frames import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geomap.settings import Settings

__all__ = ["check_same", "identity_of"]

SHOWN_DIGITS = 12


def identity_of(settings: Settings) -> dict[str, str]:
    """Say what extracts here: versions, and digests of all that results hang on.

    Parameters
    ----------
    settings
        The settings of the run; files that they name are read on this machine.

    Returns
    -------
    dict
        Name to version or digest; takes 0.3 s and loads no model.

    Raises
    ------
    GeomapError
        When the model, the weights, the gazetteer or a file of the settings is missing here.

    Examples
    --------
    >>> from geomap import Settings
    >>> sorted(identity_of(Settings()))[:3]
    ['code', 'gazetteer', 'geomap']
    """
    from geomap.model import check_model  # noqa: PLC0415 - an install without spaCy says why
    from geomap.weights import check_weights  # noqa: PLC0415

    return {
        "geomap": geomap.__version__,
        "code": _code_digest(),
        "spacy": version("spacy"),
        "model": check_model(settings),
        "weights": _digest("\n".join(f"{k} {v}" for k, v in check_weights().items()).encode()),
        "gazetteer": _gazetteer_version(settings),
        "taxonomy": _file_digest(settings.taxonomy),
        "settings": settings.sha256,
        "schema": SCHEMA_VERSION,
    }


def check_same(
    expected: Mapping[str, str], found: Mapping[str, str], *, who: str, remedy: str
) -> None:
    """Refuse an identity that is not the expected one.

    Parameters
    ----------
    expected, found
        What :func:`identity_of` gave, here and elsewhere.
    who
        Whose the second is: address of a worker, or an output folder.
    remedy
        What to do.

    Raises
    ------
    ClusterError
        Naming each difference.

    Examples
    --------
    >>> check_same({"geomap": "1"}, {"geomap": "1"}, who="tcp://a:1", remedy="")
    """
    names = sorted(expected.keys() | found.keys())
    faults = [
        f"{name} is {_shown(found.get(name))}, expected {_shown(expected.get(name))}"
        for name in names
        if expected.get(name) != found.get(name)
    ]
    if faults:
        raise ClusterError(f"{who}: {'; '.join(faults)}; {remedy}")


def _shown(value: str | None) -> str:
    if value is None:
        return "missing"
    return value if len(value) <= SHOWN_DIGITS else f"{value[:SHOWN_DIGITS]}…"


def _code_digest() -> str:
    """Hash the code and the lexicons: two checkouts may bear one version."""
    root = Path(str(resources.files("geomap")))
    digest = hashlib.sha256()
    for path in sorted(p for p in root.rglob("*") if p.suffix in {".py", ".toml", ".txt"}):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _gazetteer_version(settings: Settings) -> str:
    """Give the version that the pipeline writes into provenance, without the pipeline."""
    from geomap.gazetteer import added_files, open_gazetteer  # noqa: PLC0415

    added = added_files() if settings.added_gazetteers else ()
    with open_gazetteer(
        settings.gazetteer, added=added, corrections=settings.corrections
    ) as gazetteer:
        return str(gazetteer.version)


def _file_digest(path: str | None) -> str:
    if path is None:
        return "built in"
    try:
        return _digest(Path(path).read_bytes())
    except OSError as err:
        msg = f"{path}: cannot be read here ({err.strerror}); put it where every worker sees it"
        raise ClusterError(msg) from err


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
