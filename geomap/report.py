"""The report of a run: what was placed, what was not, and why, as plain text."""

from __future__ import annotations

import textwrap
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from geomap.records import Event, ExtractedArticle, Toponym

__all__ = ["plain", "report"]

WIDTH = 80

# Above it a reader wants totals, and finds the rest in the files.
MOST_IN_FULL = 10

# Names in one list of the report.
MOST_NAMES = 12

# Control, format (bidi overrides, zero widths), surrogates, private use, unassigned,
# line and paragraph separators: what a terminal may act on or hide.
UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def plain(text: str) -> str:
    r"""Make a text from outside safe to print on a terminal, on one line.

    Parameters
    ----------
    text
        Anything.

    Returns
    -------
    str
        White space in one space each; control, format and unassigned
        characters as visible escapes.

    Examples
    --------
    >>> plain("a\x1b[31m\nb")
    'a\\x1b[31m b'
    """
    return " ".join(
        "".join(
            char.encode("unicode_escape").decode() if _is_unsafe(char) else char for char in word
        )
        for word in text.split()
    )


def _is_unsafe(char: str) -> bool:
    return unicodedata.category(char) in UNSAFE_CATEGORIES


def report(
    extractions: Sequence[ExtractedArticle],
    *,
    files: Iterable[Path] = (),
    refused: int = 0,
    draw_negated: bool = False,
) -> str:
    """Say what a run placed, what it did not place and why.

    Parameters
    ----------
    extractions
        The articles of the run.
    files
        The files that were written.
    refused
        Number of inputs that could not be used.
    draw_negated
        Whether negated and denied events were drawn.

    Returns
    -------
    str
        Lines of about 80 characters without control characters. Each article
        in full for up to ten articles, the first ten otherwise.
    """
    shown = extractions[:MOST_IN_FULL]
    lines = []
    for extracted in shown:
        lines += [*_article_lines(extracted, draw_negated=draw_negated), ""]
    if len(extractions) > len(shown):
        lines += [f"… and {len(extractions) - len(shown)} more articles, see the files", ""]
    lines += _total_lines(extractions, refused=refused, draw_negated=draw_negated)
    lines += [f"  {plain(str(path))}" for path in files]
    return "\n".join(lines)


def _article_lines(extracted: ExtractedArticle, *, draw_negated: bool) -> list[str]:
    article = extracted.article
    published = f" ({article.published})" if article.published else ""
    title = f": {plain(article.title)}" if article.title else ""
    lines = [textwrap.shorten(f"{plain(article.id)}{published}{title}", WIDTH, placeholder="…")]
    drawn = [event for event in extracted.events if _why_not(event, draw_negated) is None]
    rest = [event for event in extracted.events if _why_not(event, draw_negated) is not None]
    lines.append("  On the map:" if drawn else "  On the map: nothing")
    for event in drawn:
        lines += _event_lines(event, extracted, None)
    if rest:
        lines.append("  Not drawn:")
    for event in rest:
        lines += _event_lines(event, extracted, _why_not(event, draw_negated))
    lines += _toponym_lines(extracted.toponyms)
    said = tuple(event.reason for event in rest if event.reason)
    for warning in extracted.warnings:
        # Why an event is not drawn stands above already.
        if not (said and warning.endswith(said)):
            lines += _wrapped(f"Warning: {plain(warning)}", indent="  ")
    return lines


def _why_not(event: Event, draw_negated: bool) -> str | None:  # noqa: FBT001 - private
    """Say why an event is not on the map; ``None`` when it is."""
    if event.geometry is None:
        return event.reason or "no place found"
    if event.factuality in {"negated", "denied"} and not draw_negated:
        return "drawn with --draw-negated"
    return None


def _event_lines(event: Event, extracted: ExtractedArticle, why: str | None) -> list[str]:
    parts = [f"{plain(event.type)}: {_where(event, extracted)}", _when(event)]
    said = event.attribution
    who = said and (said.speaker or said.organisation or said.side)
    parts.append(f"{event.factuality} by {plain(who)}" if who else event.factuality)
    if why:
        parts.append(plain(why))
    return _wrapped("; ".join(part for part in parts if part), indent="    ")


def _where(event: Event, extracted: ExtractedArticle) -> str:
    """Name the places: by the text's phrase, a route with arrows, all else with commas."""
    phrase = extracted.phrase_of(event)
    if phrase is not None:
        return plain(phrase)
    names = {toponym.id: toponym for toponym in extracted.toponyms}
    found = [
        (argument.role, names[argument.toponym])
        for argument in event.places
        if argument.toponym in names
    ]
    if not found:
        return "no place"
    order = ["from", "via", "to", "toward"]
    if any(role in order for role, _ in found):
        found.sort(key=lambda one: order.index(one[0]) if one[0] in order else -1)
        return " → ".join(_name(toponym) for _, toponym in found)
    return ", ".join(_name(toponym) for _, toponym in found)


def _name(toponym: Toponym) -> str:
    text = plain(toponym.text)
    if toponym.place is None:
        return f"{text}?"
    name = plain(toponym.place.name)
    return name if name.casefold() == text.casefold() else f"{name} (“{text}”)"


def _when(event: Event) -> str:
    if event.date is None:
        return ""
    start, end = event.date.start.isoformat(), event.date.end.isoformat()
    return start if start == end else f"{start} to {end}"


def _toponym_lines(toponyms: Iterable[Toponym]) -> list[str]:
    literal: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    other: Counter[str] = Counter()
    for toponym in toponyms:
        name = plain(toponym.text)
        if toponym.reading != "literal":
            other[name] += 1
        elif toponym.place is None:
            lost[name] += 1
        else:
            literal[name] += 1
    lines = _wrapped(
        f"Places: {literal.total()} mentions found, {lost.total()} not found, "
        f"{other.total()} metonymic or modifiers",
        indent="  ",
    )
    if lost:
        lines += _wrapped(f"Not found: {_list(lost)}", indent="  ")
    if other:
        lines += _wrapped(f"No place meant: {_list(other)}", indent="  ")
    return lines


def _list(names: Counter[str]) -> str:
    most = names.most_common(MOST_NAMES)
    shown = ", ".join(f"{name} ({count})" if count > 1 else name for name, count in most)
    return f"{shown}, …" if len(names) > len(most) else shown


def _total_lines(
    extractions: Sequence[ExtractedArticle], *, refused: int, draw_negated: bool
) -> list[str]:
    events = [event for extracted in extractions for event in extracted.events]
    drawn = Counter(event.type for event in events if _why_not(event, draw_negated) is None)
    parts = [
        _count(len(extractions), "article"),
        f"{_count(drawn.total(), 'event')} on the map",
        f"{len(events) - drawn.total()} listed only",
    ]
    if refused:
        parts.append(f"{_count(refused, 'input')} refused, see above")
    lines = [", ".join(parts)]
    if drawn:
        kinds = ", ".join(f"{plain(kind)} {count}" for kind, count in drawn.most_common())
        lines += _wrapped(kinds, indent="  ")
    return lines


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _wrapped(text: str, *, indent: str) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
