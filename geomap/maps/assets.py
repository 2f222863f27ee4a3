"""Assets: the scripts and styles that go into every map, read once and checked."""

from __future__ import annotations

import base64
import re
from functools import lru_cache
from pathlib import Path

__all__ = ["PAGE_FILES", "asset", "data_uri", "leaflet_css", "page_script"]

FOLDER = Path(__file__).parent / "assets"

# Files of the page's script in the order in which they are joined; each a noun.
PAGE_FILES = (
    "elements", "strings", "data", "signs", "fragment", "filters", "timeline", "evidence",
    "shapes", "marks", "crowd", "labels", "names", "list", "reader", "download", "page",
)  # fmt: skip


@lru_cache(maxsize=64)
def asset(name: str) -> str:
    """Read a text asset.

    Parameters
    ----------
    name
        File name within the folder of assets.

    Returns
    -------
    str
        Its text, without white space at the end.
    """
    return (FOLDER / name).read_text(encoding="utf-8").rstrip()


def data_uri(name: str) -> str:
    """Give a PNG asset as a ``data:`` address.

    Parameters
    ----------
    name
        File name within the folder of assets.
    """
    coded = base64.b64encode((FOLDER / name).read_bytes()).decode("ascii")
    return f"data:image/png;base64,{coded}"


@lru_cache(maxsize=1)
def leaflet_css() -> str:
    """Give Leaflet's style with its pictures inside, so that nothing is fetched."""
    css = re.sub(
        r"url\(images/([\w-]+\.png)\)",
        lambda found: f"url({data_uri(found.group(1))})",
        asset("leaflet.css"),
    )
    # A behaviour of Internet Explorer 8 that looks like an address.
    return re.sub(r"\s*behavior:[^;]+;", "", css)


@lru_cache(maxsize=1)
def page_script() -> str:
    """Join the files of the page's script into one function of its own scope."""
    body = "\n".join(asset(f"page/{name}.js") for name in PAGE_FILES)
    return (
        f"{asset('page/jquery_stub.js')}\nconst geomapDraw = function (map, groups) {{\n"
        f'"use strict";\n{body}\ndraw(map, groups);\n}};'
    )
