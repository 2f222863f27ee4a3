"""Budgets: the time that a document may take, and the bytes that an archive may become."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from geomap.articles.failures import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from geomap.limits import ReadingLimits

__all__ = ["Budget", "Deadline", "Metered"]

# A ratio says nothing about little data.
RATIO_FLOOR_BYTES = 1_000_000


class Deadline:
    """The time that one document may take.

    Parameters
    ----------
    seconds
        From now on.
    origin
        The document.
    """

    def __init__(self, seconds: float, origin: str) -> None:
        self._seconds, self._origin = seconds, origin
        self._end = time.monotonic() + seconds

    @property
    def remaining_seconds(self) -> float:
        """What is left, never less than zero."""
        return max(0.0, self._end - time.monotonic())

    def check(self) -> None:
        """Raise when the time is over.

        Raises
        ------
        SourceError
            Naming the setting.
        """
        if time.monotonic() > self._end:
            reason = f"takes longer than {self._seconds:g} s"
            hint = "cut it, or raise max_seconds under [reading] in the settings"
            raise SourceError(self._origin, reason, hint, stage="parse")


@dataclass(slots=True, kw_only=True)
class Budget:
    """What one source may still unpack to, shared by all archives in it."""

    limits: ReadingLimits
    unpacked_bytes: int = 0

    def spend(self, size: int, origin: str) -> None:
        """Count bytes that came out of an archive.

        Parameters
        ----------
        size
            How many.
        origin
            The archive or member.

        Raises
        ------
        SourceError
            When they are too many.
        """
        self.unpacked_bytes += size
        if self.unpacked_bytes > self.limits.max_unpacked_bytes:
            reason = f"unpacks to more than {self.limits.max_unpacked_bytes:,} bytes"
            hint = "unpack it yourself, or raise max_unpacked_bytes under [reading] in the settings"
            raise SourceError(origin, reason, hint, stage="unpack")

    def check_ratio(self, packed: int, unpacked: int, origin: str) -> None:
        """Refuse what unpacks to suspiciously much.

        Parameters
        ----------
        packed, unpacked
            Bytes before and after.
        origin
            The archive or member.

        Raises
        ------
        SourceError
            When one byte became more than ``max_ratio``.
        """
        if unpacked > RATIO_FLOOR_BYTES and unpacked > self.limits.max_ratio * max(packed, 1):
            reason = (
                f"unpacks to more than {self.limits.max_ratio} times its size, as a zip bomb does"
            )
            hint = "leave it out, or raise max_ratio under [reading] in the settings"
            raise SourceError(origin, reason, hint, stage="unpack")


class Metered(io.RawIOBase):
    """A stream that counts what is read, and stops beyond a budget.

    Parameters
    ----------
    stream
        What to read.
    on_read
        Called with the number of bytes of each read.
    """

    def __init__(self, stream: BinaryIO, on_read: Callable[[int], None]) -> None:
        super().__init__()
        self._stream, self._on_read = stream, on_read

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Read into a buffer and count."""
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self._on_read(len(data))
        return len(data)
