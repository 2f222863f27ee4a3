"""Run the command line as ``python -m geomap``."""

from __future__ import annotations

from geomap.cli import main

if __name__ == "__main__":
    main(prog_name="geomap")
