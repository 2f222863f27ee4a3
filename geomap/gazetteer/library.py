"""The users' own gazetteer files: where they lie and which there are."""

from __future__ import annotations

import os
import re
from pathlib import Path

from geomap.errors import GazetteerError

__all__ = ["added_files", "added_path", "data_folder", "remove_added"]

ENVIRONMENT = "GEOMAP_DATA"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


def data_folder() -> Path:
    """Give the folder of the user's data; it need not exist.

    Returns
    -------
    Path
        ``$GEOMAP_DATA``, or the platform's folder for user data
        (``~/.local/share/geomap`` on Linux).
    """
    chosen = os.environ.get(ENVIRONMENT)
    if chosen:
        return Path(chosen)
    import platformdirs  # noqa: PLC0415 - not needed where the variable is set

    return platformdirs.user_data_path("geomap", appauthor=False)


def added_files() -> tuple[Path, ...]:
    """Give the added gazetteer files, by name; empty where there are none."""
    return tuple(sorted((data_folder() / "gazetteers").glob("*.sqlite")))


def added_path(name: str) -> Path:
    """Give the path of an added gazetteer.

    Parameters
    ----------
    name
        Letters, digits, ``.``, ``_`` and ``-``.

    Returns
    -------
    Path
        It need not exist.

    Raises
    ------
    GazetteerError
        When the name is no plain file name.
    """
    if not _NAME.fullmatch(name):
        msg = f"{name!r} is no name of a gazetteer; use letters, digits, '.', '_' and '-'"
        raise GazetteerError(msg)
    return data_folder() / "gazetteers" / f"{name}.sqlite"


def remove_added(name: str) -> Path:
    """Delete an added gazetteer.

    Raises
    ------
    GazetteerError
        When there is none of that name.
    """
    path = added_path(name)
    if not path.is_file():
        known = ", ".join(p.stem for p in added_files()) or "none"
        raise GazetteerError(f"{name!r} is no added gazetteer; there are: {known}")
    path.unlink()
    return path
