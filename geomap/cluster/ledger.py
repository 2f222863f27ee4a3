"""The ledger of an output folder: which batches are in, and nothing else is.

Workers write below ``_geomap/``, where no reader looks. Only the client, which holds the
folder's lock, moves a batch's files to their places, notes first which they are, and writes
one line into ``_geomap/ledger.jsonl`` when all are there. So a worker that was thought dead
and writes on cannot bring anything in, and a client that is killed between two moves is
undone by the next one: a batch is in whole or not at all.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from geomap.cluster.identity import check_same
from geomap.cluster.partitions import LAYERS
from geomap.errors import ClusterError, OutputError
from geomap.files import output_folder, replacing
from geomap.frames import SCHEMA_VERSION
from geomap.layers.notice import ATTRIBUTION, LICENCE
from geomap.records import Failure, fields_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from types import TracebackType
    from typing import Self

    from geomap.cluster.partitions import Part

__all__ = ["HOME", "Ledger", "read_ledger", "stage_of", "staged", "write_whole"]

# Names that begin with an underscore are passed over by Arrow, Dask and Spark.
HOME = "_geomap"
LEDGER, PROVENANCE, FAILURES = "ledger.jsonl", "provenance.json", "failures.jsonl"
COMMITTING, LOCK, STAGE = "committing.json", "lock", "stage"

REMEDY = "give another output folder, or go on with what it was begun with"


class Ledger:
    """One output folder, open for writing by one client.

    Parameters
    ----------
    output
        The folder; made when it is not there.
    identity
        :func:`geomap.cluster.identity.identity_of` the run.

    Raises
    ------
    OutputError
        When the folder cannot be written to, or another run writes to it.
    ClusterError
        When the folder was begun with another identity.

    Examples
    --------
    >>> import tempfile
    >>> with Ledger(tempfile.mkdtemp(), identity={"geomap": "0.1.0"}) as ledger:
    ...     ledger.batches
    {}
    """

    def __init__(self, output: str | Path, *, identity: Mapping[str, str]) -> None:
        self.output = output_folder(output).resolve()
        self.home = output_folder(self.output / HOME)
        self.run = uuid.uuid4().hex
        self._lock = _lock(self.home / LOCK)
        try:
            self._check_provenance(identity)
            self.batches: dict[str, dict[str, Any]] = {}
            # Not kept: what could not be read is read anew by the next run.
            self.unread: list[Failure] = []
            for line in read_ledger(self.output):
                self._note(line)
            self._undo_half()
            self._strike_lost()
            shutil.rmtree(self.home / STAGE, ignore_errors=True)
            self.stage = output_folder(stage_of(self.output, self.run))
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        """Give the ledger itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """List the failures, leave nothing half done, let others in."""
        self.close()

    def close(self) -> None:
        """Write the list of failures and release the lock."""
        with contextlib.suppress(OSError):
            shutil.rmtree(self.home / STAGE, ignore_errors=True)
            if hasattr(self, "batches"):
                self._write_failures()
        os.close(self._lock)

    def keys(self, *, failures: bool = True) -> Iterator[str]:
        """Give the keys of all articles that are in.

        Parameters
        ----------
        failures
            Whether those that failed count; without them they are tried again.
        """
        for line in self.batches.values():
            failed = set() if failures else {one["key"] for one in line["failures"]}
            yield from (key for key in line["articles"] if key not in failed)

    def failures(self) -> list[Failure]:
        """Give what could not be read in this run, and the articles that failed and still do."""
        done = set(self.keys(failures=False))
        latest = {
            one["key"]: _failure(one)
            for line in self.batches.values()
            for one in line["failures"]
            if one["key"] not in done
        }
        return [*self.unread, *latest.values()]

    def commit(
        self,
        digest: str,
        *,
        keys: Sequence[str],
        parts: Iterable[Part],
        failures: Iterable[tuple[str, Failure]],
    ) -> None:
        """Bring a batch in: all its files, then its line.

        Parameters
        ----------
        digest
            That of the batch; its files lie under it on the stage, or are in ``parts``.
        keys
            Of its articles, those that failed among them.
        parts
            Its files.
        failures
            Key and failure of each article that failed.

        Raises
        ------
        OutputError
            When a file is not there or cannot be moved; the batch is then not in.
        """
        made = list(parts)
        line = {
            "batch": digest,
            "articles": list(keys),
            "parts": [[part.path, part.rows, part.size_bytes, part.sha256] for part in made],
            "failures": [{"key": key, **fields_of(failure)} for key, failure in failures],
        }
        draft = self.stage / digest
        with replacing(self.home / COMMITTING) as half:
            half.write_text(json.dumps({"batch": digest, "parts": [p.path for p in made]}))
        for part in made:
            if part.content is not None:
                write_whole(staged(draft, part), part.content)
            _move(staged(draft, part), self.output / part.path, part.size_bytes)
        self._append(line)
        (self.home / COMMITTING).unlink()
        with contextlib.suppress(OSError):
            # Stays until the end where a worker that was thought dead wrote once more.
            draft.rmdir()

    def _append(self, line: dict[str, Any]) -> None:
        try:
            with (self.home / LEDGER).open("ab") as stream:
                stream.write(json.dumps(line, ensure_ascii=False).encode("utf-8", "replace"))
                stream.write(b"\n")
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as err:
            raise _cannot_write(self.home / LEDGER, err) from err
        self._note(line)

    def _note(self, line: dict[str, Any]) -> None:
        if line.get("struck"):
            self.batches.pop(line["batch"], None)
        else:
            self.batches[line["batch"]] = line

    def _undo_half(self) -> None:
        """Remove what a client that was killed had moved of a batch, unless all was in."""
        path = self.home / COMMITTING
        if not path.exists():
            self._cut_torn_line()
            return
        half = json.loads(path.read_text())
        self._cut_torn_line()
        if half["batch"] not in self.batches:
            for name in half["parts"]:
                (self.output / name).unlink(missing_ok=True)
        path.unlink()

    def _cut_torn_line(self) -> None:
        path = self.home / LEDGER
        if not path.exists():
            return
        data = path.read_bytes()
        whole = data.rfind(b"\n") + 1
        if whole < len(data):
            os.truncate(path, whole)

    def _strike_lost(self) -> None:
        """Strike out batches of which a file is missing or cut: they are done anew."""
        for digest, line in list(self.batches.items()):
            if all(_has_size(self.output / path, size) for path, _, size, _ in line["parts"]):
                continue
            self._append({"batch": digest, "struck": True})
            for path, *_ in line["parts"]:
                (self.output / path).unlink(missing_ok=True)

    def _check_provenance(self, identity: Mapping[str, str]) -> None:
        """Write who made this folder, or refuse where it was somebody else."""
        path = self.home / PROVENANCE
        if path.exists():
            try:
                made = json.loads(path.read_text())["made_by"]
            except (ValueError, KeyError, TypeError) as err:
                msg = f"{path}: is no provenance of geomap ({err}); {REMEDY}"
                raise OutputError(msg) from err
            check_same(made, identity, who=f"{self.output}: in this run", remedy=REMEDY)
            return
        strangers = [name for name in LAYERS if (self.output / name).exists()]
        if strangers:
            msg = f"{self.output}: holds {', '.join(strangers)} of something else; {REMEDY}"
            raise OutputError(msg)
        note = {
            "made_by": dict(identity),
            "schema": SCHEMA_VERSION,
            "partitions": {name: list(keys) for name, keys in LAYERS.items()},
            "attribution": ATTRIBUTION,
            "licence": LICENCE,
        }
        with replacing(path) as draft:
            draft.write_text(json.dumps(note, indent=1, ensure_ascii=False) + "\n", "utf-8")

    def _write_failures(self) -> None:
        lines = [json.dumps(fields_of(one), ensure_ascii=False) + "\n" for one in self.failures()]
        with replacing(self.home / FAILURES) as draft:
            draft.write_bytes("".join(lines).encode("utf-8", "replace"))


def read_ledger(output: Path) -> Iterator[dict[str, Any]]:
    """Read the lines of a ledger; a last one that is torn is passed over.

    Parameters
    ----------
    output
        The output folder; one without a ledger has no lines.
    """
    path = output / HOME / LEDGER
    if not path.exists():
        return
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if not line.endswith(b"\n"):
                return
            try:
                yield json.loads(line)
            except ValueError as err:
                msg = f"{path}:{number}: is damaged ({err}); restore it, or remove the folder"
                raise ClusterError(msg) from err


def _failure(fields: Mapping[str, Any]) -> Failure:
    return Failure(**{name: fields[name] for name in Failure.__dataclass_fields__})


def stage_of(output: str | Path, run: str) -> Path:
    """Give the folder below an output where the workers of a run write."""
    return Path(output) / HOME / STAGE / run


def staged(draft: Path, part: Part) -> Path:
    """Give the place of a part on the stage: one flat folder a batch is cheap to remove."""
    return draft / quote(part.path, safe="")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, also when two machines do so at once.

    Parameters
    ----------
    path
        The file; its folders are made.
    content
        What it holds.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    draft = path.with_name(f".{uuid.uuid4().hex}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(content)
        draft.replace(path)
    except OSError as err:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise _cannot_write(path, err) from err


def _move(source: Path, target: Path, size_bytes: int) -> None:
    if not _has_size(source, size_bytes):
        msg = (
            f"{source}: a worker wrote it, the client does not see it; give an output folder "
            "on a disk that all machines share, or let the client write (--collect)"
        )
        raise OutputError(msg)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)
    except OSError as err:
        raise _cannot_write(target, err) from err


def _has_size(path: Path, size_bytes: int) -> bool:
    try:
        return path.stat().st_size == size_bytes
    except OSError:
        return False


def _lock(path: Path) -> int:
    """Take the lock of a folder, which the system releases when its holder dies."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - that system's own

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - and that of the others

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as err:
        os.close(handle)
        msg = f"{path.parent.parent}: another run writes here; wait for it, or stop it"
        raise OutputError(msg) from err
    return handle


def _cannot_write(target: Path, err: OSError) -> OutputError:
    reason = err.strerror or err
    return OutputError(f"{target}: cannot be written ({reason}); free space or choose another path")
