"""Canvas: a Folium map that carries its scripts and styles in itself, beside a panel."""

from __future__ import annotations

import json
from typing import Any

import folium
from branca.element import Element, Figure
from folium.template import Template

from geomap.maps.assets import asset, leaflet_css

__all__ = ["Canvas", "Verbatim", "as_json", "number_elements"]

# No request to anywhere, no form, no frame. Folium's scripts stand in the page, so inline
# scripts have to be allowed; what keeps texts from becoming scripts is the escaper.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
_PAGE = Template(
    '<!DOCTYPE html>\n<html lang="en">\n<head>\n<title>{{ this.title }}</title>\n'
    "{{ this.header.render(**kwargs) }}\n</head>\n<body>\n{{ this.html.render(**kwargs) }}\n"
    "<script>\n{{ this.script.render(**kwargs) }}\n</script>\n</body>\n</html>\n"
)
# What ends a script element, what Jinja reads, what template literals read.
_ACTIVE = {ord(char): f"\\u{ord(char):04x}" for char in "<>&$`'\u2028\u2029"}


class Verbatim(Element):
    """An element whose text goes into the page as it stands, not as a Jinja template.

    Parameters
    ----------
    text
        HTML or JavaScript that is safe already.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self._name = "Verbatim"
        self.text = text

    def render(self, **_kwargs: Any) -> str:
        """Give the text."""
        return self.text


class Canvas(folium.Map):
    """A Folium map without anything to fetch.

    Parameters
    ----------
    panel
        HTML of the panel.
    data
        What the page's script draws; JSON values, texts as safe HTML.
    title
        Title of the page, escaped.
    """

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - folium's own class attribute
    default_css: list[tuple[str, str]] = []  # noqa: RUF012 - same

    def __init__(self, *, panel: str, data: dict[str, Any], title: str) -> None:
        super().__init__(tiles=None, control_scale=True, max_zoom=16, world_copy_jump=False)
        self._panel = panel
        self._data = data
        self.groups: dict[str, folium.FeatureGroup] = {}
        self.places: folium.FeatureGroup | None = None
        # Scripts of the last rendering: folium's names are random, so that a second one
        # would stand beside them instead of in their place.
        self._written: set[str] = set()
        figure: Any = self.get_root()
        figure._template = _PAGE  # noqa: SLF001 - branca's way to give a figure another page
        figure.title = title

    def render(self, **kwargs: Any) -> str:
        """Put scripts, styles, data and panel around the map that Folium renders."""
        figure = self.get_root()
        if not isinstance(figure, Figure):  # pragma: no cover - a map is born in a figure
            return ""
        head = {
            "geomap_policy": f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            "geomap_leaflet_css": f"<style>{leaflet_css()}</style>",
            "geomap_leaflet_js": f"<script>{asset('leaflet.js')}</script>",
            "geomap_js": f"<script>{asset('geomap.js')}</script>",
        }
        for name, text in head.items():
            figure.header.add_child(Verbatim(text), name=name)
        self._controls_last()
        for name in self._written:
            figure.script._children.pop(name, None)  # noqa: SLF001 - branca only ever adds
        added = set(figure.script._children)  # noqa: SLF001 - same
        super().render(**kwargs)  # type: ignore[no-untyped-call]
        figure.header.add_child(
            Verbatim(f"<style>{asset('geomap.css')}</style>"), name="geomap_css"
        )
        data = f'<script type="application/json" id="geomap-data">{as_json(self._data)}</script>'
        figure.html.add_child(Verbatim(self._panel), name="geomap_panel")
        figure.html.add_child(Verbatim(data), name="geomap_data")
        figure.script.add_child(Verbatim(self._call()), name="zz_geomap_call")
        self._written = set(figure.script._children) - added  # noqa: SLF001 - same
        # As of every element of folium that writes into its figure.
        return ""

    def _controls_last(self) -> None:
        """Move layer controls behind what was added after them: they name every layer."""
        for name, child in list(self._children.items()):
            if isinstance(child, folium.LayerControl):
                self._children.move_to_end(name)

    def _call(self) -> str:
        groups = ", ".join(
            f"{as_json(kind)}: {group.get_name()}" for kind, group in self.groups.items()
        )
        places = self.places.get_name() if self.places is not None else "null"
        return f"geomapDraw({self.get_name()}, {{{groups}}}, {places});"


def as_json(value: Any) -> str:
    r"""Write JSON that is inert inside a script element.

    Parameters
    ----------
    value
        JSON values.

    Examples
    --------
    >>> as_json("</script>")
    '"\\u003c/script\\u003e"'
    """
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.translate(_ACTIVE)


def number_elements(drawn: folium.Map) -> None:
    """Give all elements numbers for their random ids, so that the page is always the same.

    Parameters
    ----------
    drawn
        A map with all that was added to it.
    """
    waiting: list[Element] = [drawn]
    number = 0
    while waiting:
        element = waiting.pop(0)
        number += 1
        element._id = f"{number:032x}"  # noqa: SLF001 - branca offers no other way
        waiting += element._children.values()  # noqa: SLF001 - same
