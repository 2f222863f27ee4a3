"""Progress: a bar with rate and remaining time."""

from __future__ import annotations

import sys
import time
from typing import Any, Self

__all__ = ["Progress"]

# 42 % of the bytes, then the articles: a file may hold one or a million.
FORMAT = "{l_bar}{bar}| {n_fmt}/{total_fmt}B [{elapsed}<{remaining}{postfix}]"


class Progress:
    """A bar over the bytes of the files that are to be read.

    Parameters
    ----------
    is_shown
        Whether anybody looks.
    """

    def __init__(self, *, is_shown: bool) -> None:
        self._is_shown = is_shown
        self._bar: Any = None
        self._start = time.monotonic()
        self._articles = 0
        self._failures = 0

    def __enter__(self) -> Self:
        """Give the bar."""
        return self

    def __exit__(self, *_: object) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()

    def begin(self, total_bytes: int) -> None:
        """Show the bar."""
        from tqdm import tqdm  # noqa: PLC0415 - not for those who only ask for help

        self._start = time.monotonic()
        self._bar = tqdm(
            total=total_bytes,
            unit_scale=True,
            bar_format=FORMAT,
            file=sys.stderr,
            disable=not self._is_shown,
            leave=False,
        )

    def advance(self, size_bytes: int) -> None:
        """Move the bar on."""
        if self._bar is not None and size_bytes:
            self._bar.update(size_bytes)

    def count(self, *, articles: int = 0, failures: int = 0) -> None:
        """Count what is done, and show the rate."""
        self._articles += articles
        self._failures += failures
        if self._bar is not None and self._is_shown:
            rate = self._articles / max(time.monotonic() - self._start, 0.001)
            failed = f", {self._failures} failed" if self._failures else ""
            said = f"{self._articles:,} articles, {rate:,.1f}/s{failed}"
            self._bar.set_postfix_str(said, refresh=False)

    def say(self, words: str) -> None:
        """Say what goes on after the last article."""
        if self._bar is not None and self._is_shown:
            self._bar.set_postfix_str(words, refresh=True)
