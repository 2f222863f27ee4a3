"""The summary of a run says how many inputs were tried."""

from __future__ import annotations

from typing import Any

from fuzzing import TRIED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if TRIED:
        terminalreporter.write_line(f"fuzz: {TRIED.total():,} inputs, {len(TRIED)} targets")
