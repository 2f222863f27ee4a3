"""The log of a batch: one JSON object a line, for programs that watch."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any, Self

from geomap.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

__all__ = ["Log"]


class Log:
    """A file to which each event of a run is added as it happens.

    Parameters
    ----------
    path
        The file, made or added to; ``None`` for no log.

    Raises
    ------
    OutputError
        When it cannot be opened or written.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        try:
            # Line by line: whoever follows the file sees whole lines.
            self._stream = path.open("a", encoding="utf-8", buffering=1) if path else None
        except OSError as err:
            raise self._fault(err) from err

    def __enter__(self) -> Self:
        """Give the log."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        err: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        if self._stream is not None:
            try:
                self._stream.close()
            except OSError as fault:
                if err is None:
                    raise self._fault(fault) from fault

    def write(self, event: str, **values: Any) -> None:
        """Add a line.

        Parameters
        ----------
        event
            What happened: ``"start"``, ``"article"``, ``"failure"``, ``"source"``,
            ``"worker"`` or ``"end"``; ``docs/store.md`` lists their values.
        values
            What is known of it; JSON-ready.
        """
        if self._stream is None:
            return
        now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"time": now, "event": event, **values}, ensure_ascii=True)
        try:
            self._stream.write(line + "\n")
        except OSError as err:
            raise self._fault(err) from err

    def _fault(self, err: OSError) -> OutputError:
        msg = f"{self._path}: log cannot be written ({err.strerror}); give another --log"
        return OutputError(msg)
