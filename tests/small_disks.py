"""Small disks: a mounted tmpfs that can be full, read-only, or made larger."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def mounted(disk: Path, *, size: str) -> Iterator[Path]:
    """Mount a disk of a size while this is open; skips the test where that cannot be done."""
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)]
    if (
        sys.platform != "linux"
        or subprocess.run(mount, check=False, capture_output=True).returncode
    ):
        pytest.skip("mounting a small disk takes Linux and root")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def remount(disk: Path, options: str) -> None:
    """Mount it again with other options, e.g. ``ro`` or ``size=20m``."""
    subprocess.run(["mount", "-o", f"remount,{options}", str(disk)], check=True)
