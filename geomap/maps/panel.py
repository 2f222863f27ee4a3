"""Panel: the list beside the map, which says in words what the map shows and what not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomap.maps.escape import escape
from geomap.maps.popups import claim_words, date_words, where_words
from geomap.maps.symbols import FACTUALITIES, colour_of, symbol_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geomap.maps.drawing import Drawing, Listed
    from geomap.records import Toponym

__all__ = ["panel", "sign"]

ATTRIBUTION = (
    "Places: GeoNames (geonames.org), CC BY 4.0. Boundaries: Natural Earth, public domain. "
    "Made with geomap, Folium and Leaflet."
)
WORLDVIEWS = {
    "un-68-262": "Borders follow UN General Assembly resolution 68/262 (Crimea in Ukraine).",
}
CAUTION = "A mark shows what a text says, not what is true."


def panel(drawing: Drawing, *, title: str) -> str:
    """Write the list beside the map.

    Parameters
    ----------
    drawing
        What is drawn and what is not.
    title
        Title of the map, as it came.

    Returns
    -------
    str
        HTML of one element, ``#geomap-panel``.
    """
    drawn, rest = drawing.drawn, drawing.not_drawn
    total = f"{len(drawn)} of {len(drawn)} events shown"
    parts = [
        f"<h1>{escape(title)}</h1>",
        f'<p id="geomap-count" role="status">{total}</p>',
        f"<h2>On the map</h2><ol>{''.join(map(_button, drawn))}</ol>" if drawn else _nothing(),
    ]
    if rest:
        parts.append(f"<h2>Listed, not drawn</h2><ol>{''.join(map(_row, rest))}</ol>")
    parts += [_legend(drawing), _lost(drawing), _not_places(drawing), _footer(drawing)]
    return f'<aside id="geomap-panel" aria-label="Events and legend">{"".join(parts)}</aside>'


def sign(event_type: str) -> str:
    """Give the sign of an event type as SVG in its colour.

    Parameters
    ----------
    event_type
        Any word; it does not get into the SVG.
    """
    path, colour = symbol_of(event_type).path, colour_of(event_type)
    return (
        f'<svg class="sign" viewBox="0 0 24 24" aria-hidden="true"><path d="{path}" '
        f'fill="none" stroke="{colour}" stroke-width="2.4" stroke-linejoin="round" '
        'stroke-linecap="round"/></svg>'
    )


def _nothing() -> str:
    return "<h2>On the map</h2><p>Nothing: no event with a known place was found.</p>"


def _words(one: Listed) -> str:
    event = one.event
    when = f" · {escape(date_words(event.date).partition(' (')[0])}" if event.date else ""
    kind = escape(_shown(event.type))
    return (
        f"<span><strong>{kind}</strong> {where_words(one)}<br><small>"
        f"{FACTUALITIES[event.factuality].label}{when} · {claim_words(event.attribution, event)}"
        "</small></span>"
    )


def _button(one: Listed) -> str:
    return (
        f'<li><button type="button" data-event="{one.number}">{sign(one.event.type)}{_words(one)}'
        "</button></li>"
    )


def _row(one: Listed) -> str:
    sentence = escape(one.event.sentence.text)
    return (
        f'<li class="row">{_words(one)}<br><small>{escape(one.why_not or "")}</small>'
        f"<details><summary>Sentence</summary>{sentence}</details></li>"
    )


def _shown(event_type: str) -> str:
    return event_type.capitalize().replace("_", " ")


def _legend(drawing: Drawing) -> str:
    types = "".join(
        f"<li>{sign(kind)} {escape(_shown(kind))}: {symbol_of(kind).meaning}</li>"
        for kind in drawing.types
    )
    used = {one.event.factuality for one in drawing.drawn}
    looks = "".join(
        f'<li><svg class="stroke" viewBox="0 0 44 12" aria-hidden="true"><path d="M1 6h42" '
        f'stroke="currentColor" stroke-width="3" opacity="{look.opacity}" '
        f'stroke-dasharray="{look.dash or "none"}"/></svg> {look.label}: {look.meaning}</li>'
        for name, look in FACTUALITIES.items()
        if name in used
    )
    faint = "<li>Faint disc: the true place lies within it. Grey dot: a place the text names.</li>"
    return f"<h2>Legend</h2><ul>{types}{looks}{faint}</ul>"


def _toponyms(drawing: Drawing) -> Iterable[Toponym]:
    return (toponym for one in drawing.extractions for toponym in one.toponyms)


def _lost(drawing: Drawing) -> str:
    lost = [t for t in _toponyms(drawing) if t.place is None and t.reading == "literal"]
    return _mentions("Names not found", lost)


def _not_places(drawing: Drawing) -> str:
    found = [t for t in _toponyms(drawing) if t.reading != "literal"]
    return _mentions("Names that mean no place", found)


def _mentions(heading: str, found: list[Toponym]) -> str:
    if not found:
        return ""
    rows = dict.fromkeys(
        f"<li>{escape(t.text)} <small>{escape(t.reading)}: {escape(t.reason)}</small></li>"
        for t in found
    )
    return f"<details><summary>{heading} ({len(found)})</summary><ul>{''.join(rows)}</ul></details>"


def _footer(drawing: Drawing) -> str:
    made = sorted({one.provenance.worldview for one in drawing.extractions})
    views = " ".join(WORLDVIEWS.get(view, f"Worldview: {escape(view)}.") for view in made)
    return f"<footer><p>{CAUTION}</p><p>{ATTRIBUTION} {views}</p></footer>"
