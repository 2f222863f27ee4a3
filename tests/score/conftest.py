"""Fixtures of the scorer's tests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def write_gold(tmp_path: Path) -> Callable[..., Path]:
    """Write a gold folder from rows."""

    def write(toponyms: list[dict] | None = None, events: list[dict] | None = None) -> Path:
        for name, rows in (("toponyms", toponyms), ("events", events)):
            if rows is not None:
                lines = "".join(json.dumps(row) + "\n" for row in rows)
                (tmp_path / f"{name}.jsonl").write_text(lines, encoding="utf-8")
        return tmp_path

    return write
