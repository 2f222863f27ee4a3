"""Pack the QGIS plugin: python qgis_plugin/build.py -o dist/."""

from __future__ import annotations

import argparse
import zipfile
from pathlib import Path

PLUGIN = Path(__file__).resolve().parent / "geomap_events"
# What QGIS's repository takes; no caches, no hidden files.
SUFFIXES = {".py", ".txt", ".svg", ""}
NO_CLOCK = (1980, 1, 1, 0, 0, 0)


def build(folder: Path) -> Path:
    """Write ``geomap_events.zip``; the same files give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{PLUGIN.name}.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(PLUGIN.iterdir()):
            if file.is_file() and file.suffix in SUFFIXES:
                entry = zipfile.ZipInfo(f"{PLUGIN.name}/{file.name}", date_time=NO_CLOCK)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, file.read_bytes())
    return target


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=Path("dist"))
    print(build(parser.parse_args().output))


if __name__ == "__main__":
    main()
