"""Digests of the weights that ship, recorded when they were fitted: an altered file is told."""

from __future__ import annotations

import hashlib
from importlib import resources
from typing import TYPE_CHECKING

from geomap.errors import ModelError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable
    from pathlib import Path

__all__ = ["check_weights", "record_digests"]

# Lines of "digest  file", as sha256sum writes and checks them.
RECORD = "SHA256SUMS"


def check_weights() -> dict[str, str]:
    """Make sure that the weights of this install are those that were fitted.

    Returns
    -------
    dict
        File name, below ``geomap/weights``, to SHA-256.

    Raises
    ------
    ModelError
        When a file is missing or altered; all of them are named.

    Examples
    --------
    >>> {"ner/model", "recogniser.json", "triggers.npz"} <= set(check_weights())
    True
    """
    folder = resources.files("geomap.weights")
    try:
        recorded = _recorded(folder.joinpath(RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError) as err:
        msg = f"the digests of the weights cannot be read ({err}); reinstall geomap with pip"
        raise ModelError(msg) from err
    faults = []
    for name, expected in recorded.items():
        found = _digest(folder.joinpath(name))
        if found is None:
            faults.append(f"{name} is missing")
        elif found != expected:
            faults.append(f"{name} has the digest {found[:12]}…, expected {expected[:12]}…")
    if faults:
        msg = f"the weights are not those that were fitted: {'; '.join(faults)}; reinstall geomap"
        raise ModelError(msg)
    return recorded


def record_digests(folder: Path) -> None:
    """Write the digests of all weights of a checkout; the commands that fit them do it.

    Parameters
    ----------
    folder
        ``geomap/weights``.
    """
    files = [
        *folder.glob("*.json"),
        *folder.glob("*.npz"),
        *(f for f in folder.glob("ner/*") if f.is_file()),
    ]
    lines = [f"{_digest(f)}  {f.relative_to(folder).as_posix()}\n" for f in sorted(files)]
    (folder / RECORD).write_text("".join(lines), encoding="utf-8")


def _recorded(text: str) -> dict[str, str]:
    pairs = [line.split("  ", 1) for line in text.splitlines() if line]
    return {name: digest for digest, name in pairs}


def _digest(file: Traversable) -> str | None:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return None
