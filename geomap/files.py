"""Write files so that a reader finds the old one or the new one, never half of one."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from geomap.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["output_folder", "replacing"]


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
    except OSError as err:
        msg = f"{folder}: cannot write here ({err.strerror}); give a folder you may write to"
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
        msg = f"{target}: cannot be written ({err.strerror or err}); free space or choose another folder"
        raise OutputError(msg) from err
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
