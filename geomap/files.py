"""Write files so that a reader finds the old one or the new one, never half of one."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from geomap.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["output_folder", "replacing", "staging"]


def output_folder(path: str | Path) -> Path:
    """Make sure that a folder exists and can be written to.

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
    except (OSError, ValueError) as err:
        reason = getattr(err, "strerror", None) or str(err)
        msg = f"{folder}: cannot write here ({reason}); give a folder you may write to"
        raise OutputError(msg) from err
    return folder


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
        A path in the same folder, with the same suffix, that does not exist yet.
        It is renamed over ``path`` at the end (atomic on one file system), or
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
    draft = target.with_name(f".{target.stem}.{os.getpid()}.part{target.suffix}")
    try:
        draft.unlink(missing_ok=True)
        yield draft
        draft.replace(target)
    except OSError as err:
        if isinstance(err, OutputError):
            raise
        raise _cannot_write(target, err) from err
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


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
        renamed over the one of its name in ``path``; when the block raises,
        the files that were in ``path`` stay as they are.

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
        stage = Path(tempfile.mkdtemp(prefix=".geomap-", dir=folder))
        try:
            yield stage
            _move_all(stage, folder)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
    finally:
        with contextlib.suppress(OSError, ValueError):
            # Only empty folders can be removed so.
            for one in made_here:
                one.rmdir()


def _move_all(stage: Path, folder: Path) -> None:
    files = sorted(stage.iterdir())
    # Seen before the first move, so that no run is moved by half.
    for file in files:
        if (folder / file.name).is_dir():
            msg = f"{folder / file.name}: is a folder; move it away, or choose another output"
            raise OutputError(msg)
    for file in files:
        try:
            file.replace(folder / file.name)
        except OSError as err:
            raise _cannot_write(folder / file.name, err) from err


def _cannot_write(target: Path, err: OSError) -> OutputError:
    reason = err.strerror or err
    return OutputError(f"{target}: cannot be written ({reason}); free space or choose another path")
