"""Fetch axe-core (npm, MPL-2.0), which judges the page for readers with disabilities.

It is used by tests only and is neither in the repository nor in the package:
``python tests/browser/fetch_axe.py`` puts it beside this file. Needs npm.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

AXE = Path(__file__).with_name("axe.min.js")
PACKAGE = "axe-core@4.10.3"
SHA256 = "880970c081707360e64f34cea25ff91892f5bc95675b0776925b9709dd8a68bb"


def fetch(target: Path = AXE) -> None:
    """Fetch the file, unless it is there, and hold it to its recorded hash."""
    if not target.is_file():
        npm = shutil.which("npm")
        if npm is None:
            sys.exit("npm is not here: apt-get install npm")
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([npm, "pack", "--silent", PACKAGE], cwd=folder, check=True)
            (packed,) = Path(folder).glob("*.tgz")
            with tarfile.open(packed) as archive:
                found = archive.extractfile("package/axe.min.js")
                content = found.read() if found is not None else b""
        if hashlib.sha256(content).hexdigest() != SHA256:
            sys.exit(f"{PACKAGE}: another file than the recorded one; nothing is kept")
        target.write_bytes(content)


if __name__ == "__main__":
    fetch()
