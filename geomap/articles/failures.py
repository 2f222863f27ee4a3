"""Failures: what cannot be read, as an error that becomes a record."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from geomap.errors import InputError
from geomap.records import Failure

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["SourceError", "one_line", "parse_error"]

LONGEST_REASON = 300
BREAKS = re.compile(r"\s+")


class SourceError(InputError):
    """A source, or one document in it, that cannot be read.

    Parameters
    ----------
    origin
        Where it is; also the start of the message.
    reason, hint
        What is wrong and what to do, without the origin.
    stage
        As of :class:`~geomap.records.Failure`.

    Examples
    --------
    >>> str(SourceError("a.pdf", "is damaged", "get it again", stage="parse"))
    'a.pdf: is damaged; get it again'
    """

    def __init__(self, origin: str, reason: str, hint: str, *, stage: str) -> None:
        self.failure = Failure(
            origin=one_line(origin), stage=stage, reason=one_line(reason), hint=one_line(hint)
        )
        super().__init__(self.failure.message)

    def __reduce__(self) -> tuple[Callable[[Failure], SourceError], tuple[Failure]]:
        """Let the error pass between processes."""
        return SourceError.of, (self.failure,)

    @classmethod
    def of(cls, failure: Failure) -> SourceError:
        """Make the error of a record."""
        return cls(failure.origin, failure.reason, failure.hint, stage=failure.stage)


def parse_error(origin: str, err: BaseException, *, kind: str) -> SourceError:
    """Make the error of a document that a library cannot read.

    Parameters
    ----------
    origin
        Where it is.
    err
        What the library raised.
    kind
        What the document was taken for, e.g. ``"a PDF"``.

    Returns
    -------
    SourceError
        With the library's own words, cut to 300 characters; ``err`` itself when
        it is one already (a limit that was met within the library).
    """
    if isinstance(err, SourceError):
        return err
    words = str(err) if str(err).strip() else type(err).__name__
    reason = f"cannot be read as {kind} ({words})"
    return SourceError(origin, reason, "it may be damaged; get it again", stage="parse")


def one_line(text: str) -> str:
    r"""Give a text of a stranger as one short line without control characters.

    Parameters
    ----------
    text
        Any text, e.g. the name of a member of an archive.

    Returns
    -------
    str
        With white space as single spaces, and what cannot be printed replaced
        by ``"\ufffd"``.

    Examples
    --------
    >>> one_line("a\nb")
    'a b'
    """
    flat = BREAKS.sub(" ", text)
    shown = "".join(char if char.isprintable() else "\ufffd" for char in flat)
    return shown if len(shown) <= LONGEST_REASON else f"{shown[:LONGEST_REASON]}…"
