"""Canvas: a Folium map that carries its scripts, styles and data in itself."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import folium
from branca.element import Element, Figure, MacroElement
from folium.template import Template

from geomap.maps.assets import asset, leaflet_css, page_script
from geomap.maps.policy import linked, policy, tile_hosts

__all__ = ["Canvas", "Page", "Verbatim", "as_json", "number_elements"]

_FIGURE = Template(
    "{%- set head = this.header.render(**kwargs) -%}{%- set body = this.html.render(**kwargs) -%}"
    "{%- set script = '\n' ~ this.script.render(**kwargs) ~ '\n' -%}"
    '<!DOCTYPE html>\n<html lang="{{ this.language }}">\n<head>\n'
    '<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="'
    '{{ this.policy(head, body, script) }}">\n'
    "<title>{{ this.title }}</title>\n{{ head }}\n</head>\n<body>\n{{ body }}\n"
    "<script>{{ script }}</script>\n</body>\n</html>\n"
)
# Folium's own head forbids a reader to zoom the page; the rest of it stands in our style.
_MAP = Template(
    "{% macro header(this, kwargs) %}"
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    "<script>L_NO_TOUCH = {{ this.global_switches.no_touch|tojson }}; "
    "L_DISABLE_3D = {{ this.global_switches.disable_3d|tojson }};</script>"
    "{% endmacro %}"
    "{% macro html(this, kwargs) %}"
    '<div class="folium-map" id={{ this.get_name()|tojson }}></div>'
    "{% endmacro %}"
)
_PAGE = Template(
    "{% macro header(this, kwargs) %}"
    "<style>{{ this.style }}</style><script>{{ this.library }}</script>"
    "<script>{{ this.code }}</script>"
    "{% endmacro %}"
    "{% macro html(this, kwargs) %}"
    '<script type="application/json" id="geomap-data">{{ this.data }}</script>'
    '<script type="application/json" id="geomap-strings">{{ this.strings }}</script>'
    "<noscript>This map is drawn by the script in this file.</noscript>"
    "{% endmacro %}"
    "{% macro script(this, kwargs) %}"
    "geomapDraw({{ this._parent.get_name() }}, [{{ this.layers() }}]);"
    "{% endmacro %}"
)
# A screen is then some 2 km wide: nothing in a text is told more exactly.
MOST_ZOOM = 16
# What ends a script element, and the line ends that JSON allows and old scripts do not.
_ACTIVE = {char: f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}
# A lone surrogate has no UTF-8.
_SURROGATES = range(0xD800, 0xE000)


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


class Page(MacroElement):
    """geomap's part of the page: style, scripts, data, and the call that draws it.

    Parameters
    ----------
    data
        The JSON value of :meth:`geomap.maps.data.PageData.to_dict`, with a basemap.
    strings
        Words by key, by language.
    groups
        The feature groups of the event types, in the order of the data.
    """

    _template = _PAGE

    def __init__(
        self, *, data: dict[str, Any], strings: dict[str, Any], groups: list[folium.FeatureGroup]
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "GeomapPage"
        self.data = as_json(data)
        self.strings = as_json(strings)
        self.groups = groups
        self.style = f"{leaflet_css()}\n{asset('geomap.css')}"
        self.library = asset("leaflet.js")
        self.code = page_script()

    def layers(self) -> str:
        """Name the groups as the page's script knows them."""
        return ", ".join(group.get_name() for group in self.groups)

    def render(self, **kwargs: Any) -> str:
        """Put the parts into the figure, each as it stands: folium would read them as Jinja."""
        self.put_head()
        figure, parts = self.get_root(), self._template.module
        if isinstance(figure, Figure):
            name = self.get_name()
            figure.html.add_child(Verbatim(parts.html(self, kwargs)), name=name)
            figure.script.add_child(Verbatim(parts.script(self, kwargs)), name=name)
        # As of every element of folium that writes into its figure.
        return ""

    def put_head(self) -> None:
        """Put the library and our code into the head."""
        figure = self.get_root()
        if isinstance(figure, Figure):
            head = Verbatim(self._template.module.header(self, {}))
            figure.header.add_child(head, name=self.get_name())


class Canvas(folium.Map):
    """A Folium map without anything to fetch.

    Parameters
    ----------
    title
        Title of the page, escaped.
    language
        Language of the page, a code of :data:`geomap.maps.strings.LANGUAGES`.
    """

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - folium's own class attribute
    default_css: list[tuple[str, str]] = []  # noqa: RUF012 - same
    # The script is folium's own; branca reads a template's macros and nothing else of it.
    _template = SimpleNamespace(
        module=SimpleNamespace(
            header=_MAP.module.header,
            html=_MAP.module.html,
            script=folium.Map._template.module.script,  # noqa: SLF001 - as its subclass
        )
    )

    def __init__(self, *, title: str, language: str) -> None:
        super().__init__(tiles=None, control_scale=True, world_copy_jump=False, zoom_snap=0.5)
        # Folium gives this to tiles alone, and without it a map can be zoomed in for ever.
        self.options["max_zoom"] = MOST_ZOOM
        self.groups: dict[str, folium.FeatureGroup] = {}
        # Scripts of the last rendering: folium's names are random, so that a second one
        # would stand beside them instead of in their place.
        self._written: set[str] = set()
        figure: Any = self.get_root()
        figure._template = _FIGURE  # noqa: SLF001 - branca's way to give a figure another page
        figure.title = title
        figure.language = language
        figure.policy = self._policy
        figure.header._children.pop("meta_http")  # noqa: SLF001 - the page has its own, first

    def render(self, **kwargs: Any) -> str:
        """Write the map and its layers, geomap's part after all that was added to it."""
        figure: Any = self.get_root()
        for kind in (folium.LayerControl, Page):
            for name, child in list(self._children.items()):
                if isinstance(child, kind):
                    self._children.move_to_end(name)
        for name in self._written:
            figure.script._children.pop(name, None)  # noqa: SLF001 - branca only ever adds
        before = set(figure.script._children)  # noqa: SLF001 - same
        for child in self._children.values():
            if isinstance(child, Page):
                # Before what others link: plugins want the library.
                child.put_head()
        super().render(**kwargs)  # type: ignore[no-untyped-call]
        self._written = set(figure.script._children) - before  # noqa: SLF001 - same
        return ""

    def _policy(self, head: str, body: str, script: str) -> str:
        figure: Any = self.get_root()
        heads = figure.header._children.values()  # noqa: SLF001 - branca offers no other way
        layers = [one for one in self._children.values() if isinstance(one, folium.TileLayer)]
        tiles = [tile_hosts(layer.tiles) for layer in layers]
        return policy(head + body, script, links=linked(heads), tiles=tiles)


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
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for char, code in _ACTIVE.items():
        text = text.replace(char, code)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = "".join(f"\\u{ord(c):04x}" if ord(c) in _SURROGATES else c for c in text)
    return text


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
