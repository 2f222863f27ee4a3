"""Build hook: make ``geomap/_data/gazetteer.sqlite`` and put it into the wheel."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class GazetteerBuildHook(BuildHookInterface[Any]):
    """Build the gazetteer file before a wheel, editable or not, is packed."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the file where it is missing or out of date.

        Parameters
        ----------
        version
            ``"standard"`` or ``"editable"``; both need the file.
        build_data
            Hatchling's; files git ignores are packed only when named here.
        """
        del version
        if self.target_name != "wheel":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root))
        try:
            # Importing geomap costs nothing, and these modules need only the standard library
            # and the build requirements.
            from geomap.gazetteer.building import build  # noqa: PLC0415
        finally:
            sys.path.remove(str(root))
        build(root / "gazetteers", root / "geomap" / "_data" / "gazetteer.sqlite")
        build_data["artifacts"].append("geomap/_data/")
