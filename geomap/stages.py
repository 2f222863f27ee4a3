"""Hidden folders where files are made before they take their places: held, and finished later.

A process holds its folder with a lock that the system gives up when the process ends,
however it ends. So a folder that nobody holds is what a killed process left: it is
removed, or, where all its files were whole and on their way, its moves are finished.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from geomap.errors import OutputError

try:
    import fcntl
except ImportError:  # Windows: nothing is held there, and nothing finished for another
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["cannot_write", "finish_left", "made_stage", "move_all"]

# Long, so that no folder of a user's own is taken for one.
STAGE = ".geomap-stage-"
# All files in it are whole and are being moved: who finds it moves the rest.
WHOLE = ".geomap-whole-"
# Within a stage: the files that moves have replaced, until the last is done.
REPLACED = "replaced"


@contextlib.contextmanager
def made_stage(target: Path) -> Iterator[Path]:
    """Give a hidden folder for what goes to a place, held until the block ends, then removed.

    Parameters
    ----------
    target
        A folder, for the files in it; or a file, or what will be one, in a folder.

    Yields
    ------
    Path
        Empty, on the same file system.

    Raises
    ------
    OutputError
        When it cannot be made.
    """
    folder = target if target.is_dir() else target.parent
    holding = None
    while True:
        try:
            stage = Path(tempfile.mkdtemp(prefix=STAGE, dir=folder))
        except OSError as err:
            raise cannot_write(target, err) from err
        holding = _hold(stage, waits=True)
        if stage.exists():
            break
        _let_go(holding)  # taken for one left behind before it was held
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)
        _let_go(holding)


def finish_left(folder: Path) -> None:
    """Finish or remove what killed processes left in a folder; what cannot be, stays.

    Parameters
    ----------
    folder
        Where stages are made. Those of other users are left alone.
    """
    with contextlib.suppress(OSError):
        for stage in sorted(folder.glob(f"{STAGE}*")) + sorted(folder.glob(f"{WHOLE}*")):
            if fcntl is None or not _is_own(stage):
                continue
            holding = _hold(stage)
            if holding is None:
                continue
            try:
                if stage.name.startswith(WHOLE):
                    for file in _files(stage):
                        file.replace(folder / file.name)
                shutil.rmtree(stage, ignore_errors=True)
            finally:
                _let_go(holding)


def move_all(stage: Path, folder: Path) -> None:
    """Move all files of a stage up into the folder around it: all, or none.

    Parameters
    ----------
    stage
        Of :func:`made_stage`.
    folder
        The folder it is in.

    Raises
    ------
    OutputError
        When one cannot be moved; the files in the folder are then as they were.
    """
    files = _files(stage)
    # Seen before the first move, so that no run is moved by half.
    for file in files:
        if (folder / file.name).is_dir():
            msg = f"{folder / file.name}: is a folder; move it away, or choose another output"
            raise OutputError(msg)
    if not files:
        return
    at = folder / files[0].name
    # Two sets that move at once would mix; into a stage of its own only its holder moves.
    holding = None if folder.name.startswith(STAGE) else _hold(folder, waits=True)
    try:
        _keep(stage, [folder / file.name for file in files])
        whole = stage.rename(stage.with_name(stage.name.replace(STAGE, WHOLE, 1)))
        try:
            for file in files:
                at = folder / file.name
                (whole / file.name).replace(at)
        except BaseException:  # an interrupt too
            _undo(whole, stage, files)
            raise
        shutil.rmtree(whole, ignore_errors=True)
    except OSError as err:
        raise cannot_write(at, err) from err
    finally:
        _let_go(holding)


def cannot_write(path: Path, err: OSError) -> OutputError:
    """Say that a file cannot be written, why, and what to do."""
    reason = err.strerror or err
    return OutputError(f"{path}: cannot be written ({reason}); free space or choose another path")


def _files(stage: Path) -> list[Path]:
    return sorted(path for path in stage.iterdir() if path.is_file())


def _keep(stage: Path, targets: Sequence[Path]) -> None:
    """Keep the files that will be replaced: as links, or copies where there are no links."""
    kept = stage / REPLACED
    kept.mkdir()
    for target in targets:
        if not target.exists():
            continue
        try:
            os.link(target, kept / target.name)
        except OSError:
            shutil.copy2(target, kept / target.name)


def _undo(whole: Path, stage: Path, files: Sequence[Path]) -> None:
    """Put the replaced files back; where the disk refuses that too, what is whole is kept."""
    unmoved = {file.name for file in _files(whole)}
    try:
        whole.rename(stage)
    except OSError:
        if len(unmoved) == len(files):
            shutil.rmtree(whole, ignore_errors=True)
        return
    for file in files:
        if file.name in unmoved:
            continue
        target, old = stage.parent / file.name, stage / REPLACED / file.name
        with contextlib.suppress(OSError):
            if old.exists():
                old.replace(target)
            else:
                target.unlink()


def _is_own(stage: Path) -> bool:
    """Tell whether a stage is a real folder of this user: in /tmp, others could plant one."""
    found = stage.lstat()
    return stage.is_dir() and not stage.is_symlink() and found.st_uid == os.getuid()


def _hold(folder: Path, *, waits: bool = False) -> int | None:
    """Lock a folder; ``None`` when another process holds it, or the system has no such locks."""
    if fcntl is None:
        return None
    holding = None
    try:
        holding = os.open(folder, os.O_RDONLY)
        fcntl.flock(holding, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
    except OSError:
        _let_go(holding)
        return None
    return holding


def _let_go(holding: int | None) -> None:
    if holding is not None:
        os.close(holding)
