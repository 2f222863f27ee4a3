"""Write files so that a reader finds the old one or the new one, never half of one."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from geomap.errors import OutputError
from geomap.stages import cannot_write, finish_left, made_stage, move_all

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["leaving_no_notes", "output_folder", "replacing", "staging"]


def output_folder(path: str | Path) -> Path:
    """Make sure that a folder exists and can be written to; finish what was left in it.

    Parameters
    ----------
    path
        The folder; it and its parents are made when they are not there.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    OutputError
        When the path is a file, or the folder cannot be made or written to.
    """
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        finish_left(folder)
    except (OSError, ValueError) as err:
        reason = getattr(err, "strerror", None) or str(err)
        msg = f"{folder}: cannot write here ({reason}); give a folder you may write to"
        raise OutputError(msg) from err
    return folder


@contextlib.contextmanager
def leaving_no_notes() -> Iterator[None]:
    """Keep GDAL from writing ``NAME.aux.xml`` beside a file that it reads.

    It does so for each GeoPackage whose layers have metadata; the folder may be
    somebody else's.
    Source: https://gdal.org/en/stable/user/configoptions.html, ``GDAL_PAM_ENABLED``.
    """
    import pyogrio  # noqa: PLC0415 - GDAL costs 0.2 s

    before = pyogrio.get_gdal_config_option("GDAL_PAM_ENABLED")
    pyogrio.set_gdal_config_options({"GDAL_PAM_ENABLED": False})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"GDAL_PAM_ENABLED": before})


@contextlib.contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Give a path beside the target; move it over the target when all went well.

    Parameters
    ----------
    path
        The file to write or replace. Its folder must exist.

    Yields
    ------
    Path
        A path of the same name in a hidden folder beside it, that does not exist
        yet. It is renamed over ``path`` at the end (atomic on one file system), or
        removed when the block raises.

    Raises
    ------
    OutputError
        When the file cannot be written or moved.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> with replacing(folder / "a.txt") as draft:
    ...     _ = draft.write_text("whole")
    >>> [p.name for p in folder.iterdir()]
    ['a.txt']
    """
    target = Path(path)
    try:
        with made_stage(target) as stage:
            draft = stage / target.name
            yield draft
            draft.replace(target)
    except OSError as err:
        if isinstance(err, OutputError):
            raise
        raise cannot_write(target, err) from err


@contextlib.contextmanager
def staging(path: str | Path) -> Iterator[Path]:
    """Give a hidden folder within the target; move its files up when all went well.

    Parameters
    ----------
    path
        The folder that shall hold the files. It is made when it is not there,
        and removed again when it was made here and nothing was written.

    Yields
    ------
    Path
        An empty folder on the same file system. At the end each file in it is
        renamed over the one of its name in ``path``; when the block raises, or
        one cannot be moved, the files that were in ``path`` stay as they are.
        A process killed between two moves leaves the rest beside them, whole,
        and the next one that writes into ``path`` moves it first.

    Raises
    ------
    OutputError
        When the folder cannot be made or written to, or a file not moved.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> with staging(folder) as stage:
    ...     _ = (stage / "a.txt").write_text("whole")
    >>> [p.name for p in folder.iterdir()]
    ['a.txt']
    """
    target = Path(path)
    made_here = [one for one in (target, *target.parents) if not one.exists()]
    try:
        folder = output_folder(target)
        with made_stage(folder) as stage:
            yield stage
            move_all(stage, folder)
    finally:
        with contextlib.suppress(OSError, ValueError):
            # Only empty folders can be removed so.
            for one in made_here:
                one.rmdir()
