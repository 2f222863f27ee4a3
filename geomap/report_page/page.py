"""Page: figures as one HTML document without a script, which asks for nothing."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from geomap.gazetteer.corrections import COLUMNS
from geomap.maps.symbols import colour_of
from geomap.report_page.cards import Cards, contested, most_claimed
from geomap.report_page.markup import Markup, el, joined
from geomap.report_page.overview import overview
from geomap.report_page.plots import days_plot, steps_of
from geomap.report_page.tables import MOST_TYPES, Tables
from geomap.signs import sign_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from geomap.report_page.figures import Figures
    from geomap.report_page.tallies import Tally
    from geomap.report_page.words import Words

__all__ = ["Page"]

STYLE = Path(__file__).parent / "assets" / "report.css"
# News tells of the last days and the next; what lies further from its publication (the years
# before a war) is counted beside the plot and does not stretch it.
WINDOW_DAYS = 60


@dataclass(frozen=True, slots=True)
class Page:
    """A report as a document.

    Parameters
    ----------
    figures
        What it shows.
    words
        Its language.
    title
        Its heading.
    rows, cards
        The most rows of a table, and events or names of a list.
    scope
        What was asked for, one condition each: what is left out.
    """

    figures: Figures
    words: Words
    title: str
    rows: int
    cards: int
    scope: Sequence[str] = ()

    def html(self) -> str:
        """Write the document.

        Returns
        -------
        str
            HTML whose policy allows its own style and nothing else.
        """
        style = Markup(STYLE.read_text(encoding="utf-8").rstrip() + "\n" + _colours(self.figures))
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
        policy = (
            f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        )
        head = el(
            "head",
            el("meta", charset="utf-8"),
            el("meta", http_equiv="Content-Security-Policy", content=policy),
            el("meta", name="viewport", content="width=device-width, initial-scale=1"),
            el("meta", name="generator", content="geomap"),
            el("title", self.title),
            el("style", style),
        )
        parts = self._sections()
        body = el(
            "body",
            el("a", self.words.say("skip_report"), class_="skip", href="#report"),
            _signs(self.figures),
            self._header(),
            self._contents(parts),
            el("main", *(part for _, part in parts), id="report"),
            self._footer(),
        )
        page = f"<!DOCTYPE html>\n{el('html', head, body, lang=self.words.language)}\n"
        return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in page)

    def _header(self) -> Markup:
        figures, say, number = self.figures, self.words.say, self.words.number
        published = [
            day for one in figures.sources.values() for day in (one.first, one.last) if day
        ]
        span = self.words.span
        deck = say("events_span", span=span(figures.first, figures.last)) if figures.first else ""
        if published:
            deck = say("published_span", span=span(min(published), max(published)))
        heads = [
            ("articles", figures.articles, say("of_which_copies", n=figures.copies)
             if figures.copies else None),
            ("sources", len(figures.sources), None),
            ("reports", figures.reports, None),
            ("different_events", figures.events, say("of_which_placed", n=figures.placed)),
            ("claims", figures.claims, None),
            ("contested", figures.contested, None),
            ("names_not_found", len(figures.names), None),
            ("failed", len(figures.failures), None),
        ]  # fmt: skip
        tiles = [
            el("div", el("dt", say(f"figure_{key}")),
               el("dd", el("b", number(value))),
               el("dd", el("small", note), class_="more") if note else None)
            for key, value, note in heads
        ]  # fmt: skip
        return el(
            "header",
            el("p", say("kicker"), class_="kicker"),
            el("h1", el("bdi", self.title)),
            el("p", deck, class_="deck") if deck else None,
            el("p", say("scope"), " ", *_listed(self.scope), class_="scope")
            if self.scope
            else None,
            el("dl", *tiles, class_="figures"),
            el("p", say("caution"), class_="caution"),
            class_="top",
        )

    def _contents(self, parts: Sequence[tuple[str, Markup]]) -> Markup:
        links = [
            el("li", el("a", self.words.say(f"nav_{key}"), href=f"#{key}")) for key, _ in parts
        ]
        return el("nav", el("ul", *links), aria_label=self.words.say("contents"))

    def _sections(self) -> list[tuple[str, Markup]]:
        figures, tables, cards = self.figures, self._tables(), Cards(self.words)
        claimed, opposed = most_claimed(figures.stories), contested(figures.stories)
        found = [
            ("what", self._what(tables)),
            ("where", self._where(tables)),
            ("when", self._when(tables)),
            ("who", joined(el("div", tables.factuality(), self._own_word(), class_="half"),
                           el("div", tables.speakers(), class_="half"))),
            ("sources_part", joined(el("div", tables.sources(), class_="half"),
                                    el("div", self._merging(), tables.told_by(), class_="half"))),
            ("claimed", cards.stories(claimed, self.cards) if claimed else self._none()),
            ("contested", cards.stories(opposed, self.cards, sided=True)
             if opposed else self._none()),
            ("names", self._names(cards)),
            ("failures", tables.failures() if figures.failures else self._none()),
            ("method", self._method()),
        ]  # fmt: skip
        return [(key, self._section(key, part)) for key, part in found]

    def _tables(self) -> Tables:
        return Tables(self.figures, self.words, self.rows)

    def _section(self, key: str, part: Markup) -> Markup:
        # Of failures there is nothing to say where there are none.
        is_empty = key == "failures" and not self.figures.failures
        intro = "" if is_empty else self.words.say_or(f"intro_{key}", "")
        return el(
            "section",
            el("h2", self.words.say(f"title_{key}")),
            el("p", intro, class_="intro") if intro else None,
            el("div", part, class_="grid"),
            id=key,
        )

    def _none(self) -> Markup:
        return el("p", self.words.say("none"), class_="rest")

    def _what(self, tables: Tables) -> Markup:
        if not self.figures.events:
            return self._none()
        return joined(el("div", self._legend(), tables.types(), class_="wide"))

    def _legend(self) -> Markup:
        items = [
            el("li", el("span", class_=f"swatch {name}"), self.words.say(f"standing_{name}"))
            for name in ("happened", "ahead", "denied")
        ]
        return el("ul", *items, class_="legend", aria_label=self.words.say("legend"))

    def _where(self, tables: Tables) -> Markup:
        places = list(self.figures.places.values())
        drawn = overview(places, self.words, title=self.words.say("overview_title"))
        if drawn is None:
            return self._none()
        svg, beyond = drawn
        outside = self.words.say("beyond_map", n=beyond) if beyond else None
        note = el("figcaption", self.words.say("overview_note"), " ", outside)
        return joined(
            el("figure", svg, note, class_="wide"),
            el("div", tables.places(), class_="half"),
            el("div", tables.regions(), class_="half"),
        )

    def _when(self, tables: Tables) -> Markup:
        figures, words = self.figures, self.words
        shown = _window(figures)
        unit, steps = steps_of(shown)
        if not steps:
            return self._none()
        outside = sum(one.events for day, one in figures.days.items() if day not in shown)
        notes = [
            words.say(key, n=count)
            for key, count in (
                ("outside_plot", outside),
                ("longer_dates", figures.longer),
                ("undated_events", figures.undated),
            )
            if count
        ]
        title = words.say(f"plot_{unit}", span=words.span(min(shown), max(shown)))
        return joined(
            el(
                "figure",
                self._legend(),
                days_plot(unit, steps, words, title=title),
                el("figcaption", title, ". ", " ".join(notes)),
                class_="wide",
            ),
            el("div", tables.days(), class_="wide"),
        )

    def _own_word(self) -> Markup:
        own, total = self.figures.own_word, self.figures.reports
        return el("p", self.words.say("own_word", n=own, m=total), class_="note")

    def _merging(self) -> Markup:
        figures = self.figures
        return el(
            "p",
            self.words.say(
                "merging", n=figures.reports, m=figures.events, k=figures.retold, c=figures.copies
            ),
            class_="note",
        )

    def _names(self, cards: Cards) -> Markup:
        if not self.figures.names:
            return self._none()
        header = el("code", ",".join(COLUMNS))
        how = el("p", self.words.say("corrections_how"), " ", header, class_="note wide")
        return joined(how, cards.names(self.figures.names, self.cards))

    def _method(self) -> Markup:
        say = self.words.say
        rows = []
        for made in self.figures.provenance:
            key = f"worldview_{made.worldview.replace('-', '_')}"
            view = self.words.say_or(key, made.worldview)
            rows.append(
                el("dl", *(
                    el("div", el("dt", say(name)), el("dd", value))
                    for name, value in (
                        ("made_version", made.version), ("made_model", made.model),
                        ("made_gazetteer", made.gazetteer), ("made_settings", made.settings_sha256),
                        ("made_worldview", view),
                    )
                ), class_="made")
            )  # fmt: skip
        method = [el("p", say(key)) for key in ("method_events", "method_claims", "method_places")]
        return joined(el("div", *method, class_="half prose"), el("div", *rows, class_="half"))

    def _footer(self) -> Markup:
        return el("footer", el("p", self.words.say("report_attribution")))


def _window(figures: Figures) -> Mapping[dt.date, Tally]:
    """Give the days of the plot: those around the publication, where it is known."""
    published = [day for one in figures.sources.values() for day in (one.first, one.last) if day]
    if not published:
        return figures.days
    reach = dt.timedelta(days=WINDOW_DAYS)
    first, last = min(published).toordinal(), max(published).toordinal()
    kept = {
        day: one
        for day, one in figures.days.items()
        if first - reach.days <= day.toordinal() <= last + reach.days
    }
    return kept or figures.days


def _listed(scope: Iterable[str]) -> Iterable[Markup]:
    for number, one in enumerate(scope):
        yield joined(", " if number else None, el("code", one))


def _signs(figures: Figures) -> Markup:
    """Give the signs of the types once, for all that use them."""
    symbols = [
        el(
            "symbol",
            el("circle", cx=12, cy=12, r=12, class_=f"k{number}"),
            el("path", d=sign_of(kind), transform="translate(4.8 4.8) scale(.6)",
               class_="glyph"),
            id=f"sign-{number}", viewBox="0 0 24 24",
        )
        for number, kind in enumerate(list(figures.types)[:MOST_TYPES])
    ]  # fmt: skip
    return el("svg", *symbols, class_="symbols", width=0, height=0, aria_hidden="true")


def _colours(figures: Figures) -> str:
    """Write the colours of the types as rules: the policy allows no style on an element."""
    kinds = list(figures.types)[:MOST_TYPES]
    return "\n".join(
        f".k{number} {{ fill: {colour_of(kind)}; }}" for number, kind in enumerate(kinds)
    )
