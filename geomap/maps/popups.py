"""Popups: the evidence of an event as HTML. Every text passes :func:`escape`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomap.maps.escape import escape, safe_link
from geomap.maps.symbols import FACTUALITIES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geomap.maps.drawing import Listed
    from geomap.records import Article, Attribution, DateRange, Event, Toponym

__all__ = ["claim_words", "date_words", "evidence", "place_words", "where_words"]

# Sentences longer than this are a list or a table, not a sentence; the rest is left out.
MOST_CHARACTERS = 1200
ROUTE_ROLES = frozenset({"from", "via", "to", "toward"})


def evidence(one: Listed) -> str:
    """Say what is drawn for an event, and on what grounds.

    Parameters
    ----------
    one
        The event with its article.

    Returns
    -------
    str
        HTML that holds no script and no element with an id.
    """
    event = one.event
    look = FACTUALITIES[event.factuality]
    rows = [("Where", _places(one))]
    if event.date is not None:
        rows.append(("When", escape(date_words(event.date))))
    rows.append(("Who says so", claim_words(event.attribution, event)))
    rows.append(("Factuality", f"<strong>{look.label}</strong>: {look.meaning}"))
    if event.actors:
        rows.append(("Actors", _actors(event)))
    if event.weapon:
        rows.append(("Weapon", escape(event.weapon)))
    if event.counts:
        counts = (f"{number:,} {escape(name)}" for name, number in event.counts.items())
        rows.append(("Counts", ", ".join(counts)))
    rows.append(("Confidence", f"{event.confidence:.0%} · {escape(event.reason)}"))
    if event.uncertainty_km is not None:
        rows.append(("Uncertainty", f"the true place lies within {event.uncertainty_km:g} km"))
    if one.why_not is not None:
        rows.append(("Not drawn", escape(one.why_not)))
    rows.append(("Source", _source(one.extracted.article)))
    body = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in rows if value)
    return (
        f'<article class="geomap-evidence"><h3>{_kind(event)}</h3>'
        f"<blockquote>{_sentence(one)}</blockquote><dl>{body}</dl></article>"
    )


def _kind(event: Event) -> str:
    subtype = f" <small>{escape(event.subtype)}</small>" if event.subtype else ""
    return f"{escape(event.type.capitalize().replace('_', ' '))}{subtype}"


def place_words(toponym: Toponym) -> str:
    """Name a place: the modern name, then the text's own spelling when it differs.

    Parameters
    ----------
    toponym
        The toponym.

    Returns
    -------
    str
        HTML.
    """
    if toponym.place is None:
        return f"“{escape(toponym.text)}” (not found)"
    name = escape(toponym.place.name)
    if toponym.place.name.casefold() == toponym.text.casefold():
        return name
    return f"{name} <span class='spelling'>(“{escape(toponym.text)}” in the text)</span>"


def where_words(one: Listed) -> str:
    """Name the places of an event in one line, a route with arrows.

    Parameters
    ----------
    one
        The event.

    Returns
    -------
    str
        HTML; empty when the event has no place. Where the text tells the place by
        another, its phrase: an event 15 km from the border with Belarus is not there.
    """
    phrase = one.extracted.phrase_of(one.event)
    if phrase is not None:
        return escape(phrase)
    places = one.places()
    names = [escape(t.place.name if t.place else t.text) for _, t in places]
    return (" → " if any(role in ROUTE_ROLES for role, _ in places) else ", ").join(names)


def _places(one: Listed) -> str:
    rows = []
    for role, toponym in one.places():
        place = toponym.place
        about = ", ".join(filter(None, (place.admin1, place.country))) if place else ""
        area = f", {escape(about)}" if about else ""
        rows.append(f"<li><em>{escape(role)}</em> {place_words(toponym)}{area}</li>")
    return f"<ul>{''.join(rows)}</ul>" if rows else "no place in the text"


def date_words(date: DateRange) -> str:
    """Say a date and how precise it is, as plain text.

    Parameters
    ----------
    date
        The range.

    Returns
    -------
    str
        Text, not yet escaped.
    """
    if date.precision == "month" and date.start.replace(day=1) == date.end.replace(day=1):
        days = f"{date.start:%B %Y}"
    elif date.start == date.end:
        days = f"{date.start.day} {date.start:%B %Y}"
    else:
        days = f"{date.start.day} {date.start:%B %Y} to {date.end.day} {date.end:%B %Y}"
    words = f", “{date.text}” in the text" if date.text else ""
    return f"{days} (to the {date.precision}{words})" if date.precision != "unknown" else days


def claim_words(said: Attribution | None, event: Event) -> str:
    """Say who makes the claim.

    Parameters
    ----------
    said
        The attribution.
    event
        Its event.

    Returns
    -------
    str
        HTML.
    """
    if said is None:
        return "the article itself" if event.factuality == "asserted" else "nobody named"
    names = [escape(name) for name in (said.speaker, said.organisation) if name]
    side = f" (side: {escape(said.side)})" if said.side else ""
    verb = f", “{escape(said.verb)}”" if said.verb else ""
    return f"{', '.join(names) or 'not named'}{side}{verb}"


def _actors(event: Event) -> str:
    rows = (
        f"{escape(actor.role)} {escape(actor.text)}"
        + (f" ({escape(actor.side)})" if actor.side else "")
        for actor in event.actors
    )
    return "; ".join(rows)


def _source(article: Article) -> str:
    parts = [escape(part) for part in (article.title, article.source) if part]
    if article.published is not None:
        parts.append(article.published.isoformat())
    link = safe_link(article.url)
    if link:
        parts.append(
            f'<a href="{link}" rel="noopener noreferrer nofollow" target="_blank">article</a>'
        )
    elif article.url:
        parts.append(f"{escape(article.url)} (not a web address: no link)")
    return " · ".join(parts) or escape(article.id)


def _sentence(one: Listed) -> str:
    """Give the sentence with its trigger and places marked."""
    sentence, trigger = one.event.sentence, one.event.trigger
    marks = [(trigger.start, trigger.end, "trigger")]
    marks += [(toponym.start, toponym.end, "place") for _, toponym in one.places()]
    text = sentence.text
    shown: list[str] = []
    done = 0
    for start, end, kind in _apart(marks, offset=sentence.start, length=len(text)):
        shown.append(escape(text[done:start]))
        shown.append(f'<mark class="{kind}">{escape(text[start:end])}</mark>')
        done = end
    rest = text[done:]
    cut = max(0, MOST_CHARACTERS - done)
    shown.append(escape(rest[:cut] + "…" if len(rest) > cut else rest))
    return "".join(shown)


def _apart(
    marks: Iterable[tuple[int, int, str]], *, offset: int, length: int
) -> list[tuple[int, int, str]]:
    """Keep the marks within the sentence that do not overlap an earlier one."""
    kept: list[tuple[int, int, str]] = []
    for start, end, kind in sorted((a - offset, b - offset, kind) for a, b, kind in marks):
        if 0 <= start < end <= length and (not kept or kept[-1][1] <= start):
            kept.append((start, end, kind))
    return kept
