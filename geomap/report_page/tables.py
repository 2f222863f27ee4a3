"""Tables: tallies as rows of the page, cut at a number of rows that says how many it leaves out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap.maps.symbols import FACTUALITIES
from geomap.report_page.markup import el, joined
from geomap.report_page.plots import share_bar
from geomap.report_page.stories import STANDINGS, standing_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomap.report_page.figures import Figures
    from geomap.report_page.markup import Markup
    from geomap.report_page.tallies import SpeakerTally, Tally
    from geomap.report_page.words import Words

__all__ = ["Tables"]

# Where a table says less with more rows.
MOST_TYPES = 40


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of a page.

    Parameters
    ----------
    figures
        What they show.
    words
        Their heads and captions.
    rows
        The most rows of one.
    """

    figures: Figures
    words: Words
    rows: int

    def types(self) -> Markup:
        """Show events by type, with the type's sign."""
        held = list(self.figures.types.items())
        most = max((one.events for _, one in held), default=0)
        rows = [
            (
                joined(_sign(number), self.words.kind(kind)),
                *self._events(one, most),
            )
            for number, (kind, one) in enumerate(held[:MOST_TYPES])
        ]
        return self.table("types", self._event_heads("type"), rows, len(held))

    def places(self) -> Markup:
        """Show events by place."""
        held = list(self.figures.places.values())
        most = max((one.events for one in held), default=0)
        rows = []
        for one in held[: self.rows]:
            place = one.place
            if place is not None:
                within = ", ".join(part for part in (place.admin1, place.country) if part)
                days = self.words.short_span(one.first, one.last)
                rows.append(
                    (
                        joined(
                            place.name,
                            el("small", within) if within else None,
                            el("small", days) if days else None,
                        ),
                        *self._events(one, most),
                    )
                )
        return self.table("places", self._event_heads("place"), rows, len(held))

    def regions(self) -> Markup:
        """Show events by first-level region."""
        held = list(self.figures.regions.items())
        most = max((one.events for _, one in held), default=0)
        rows = [
            (self._region(country, admin1), *self._events(one, most))
            for (country, admin1), one in held[: self.rows]
        ]
        return self.table("regions", self._event_heads("region"), rows, len(held))

    def days(self) -> Markup:
        """Show events by day, the days with most first."""
        held = sorted(self.figures.days.items(), key=lambda one: (-one[1].events, one[0]))
        most = max((one.events for _, one in held), default=0)
        rows = [(self.words.day(day), *self._events(one, most)) for day, one in held[: self.rows]]
        return self.table("days", self._event_heads("day"), rows, len(held))

    def sources(self) -> Markup:
        """Show articles and reports by source."""
        held = list(self.figures.sources.items())
        most = max((one.reports for _, one in held), default=0)
        rows = []
        for name, one in held[: self.rows]:
            parts = dict.fromkeys(STANDINGS, 0)
            for factuality, count in one.factuality.items():
                parts[standing_of(factuality)] += count  # type: ignore[arg-type]
            rows.append(
                (name, self._number(one.articles), self._number(one.reports),
                 share_bar(parts.items(), most), self._number(one.attributed))
            )  # fmt: skip
        heads = (
            ("source", ""),
            ("articles", "n"),
            ("reports", "n"),
            ("", "bars"),
            ("attributed", "n"),
        )
        return self.table("sources", heads, rows, len(held))

    def speakers(self) -> Markup:
        """Show reports by who is named for them."""
        held = list(self.figures.speakers.values())
        most = max((one.reports for one in held), default=0)
        rows = [self._speaker(one, most) for one in held[: self.rows]]
        heads = (("speaker", ""), ("reports", "n"), ("", "bars"), ("sources", "n"))
        return self.table("speakers", heads, rows, len(held))

    def factuality(self) -> Markup:
        """Show reports by factuality, each with what it means."""
        held = self.figures.factuality
        most = max(held.values(), default=0)
        rows = [
            (
                joined(
                    self.words.say(f"fact_{name}"), el("small", self.words.say(f"means_{name}"))
                ),
                self._number(held[name]),
                share_bar([(standing_of(name), held[name])], most),
            )
            for name in FACTUALITIES
        ]
        return self.table(
            "factuality", (("factuality", ""), ("reports", "n"), ("", "bars")), rows, len(rows)
        )

    def told_by(self) -> Markup:
        """Show events by how many reports and independent sources they have."""
        held = sorted(self.figures.told_by.items(), reverse=True)
        rows = [
            (self._number(reports), self._number(independent), self._number(events))
            for (reports, independent), events in held[: self.rows]
        ]
        heads = (("reports", "n"), ("independent", "n"), ("events", "n"))
        return self.table("told_by", heads, rows, len(held))

    def failures(self) -> Markup:
        """List articles that could not be read, with the reason and what to do."""
        held = self.figures.failures
        rows = [
            (
                el("span", one.origin, class_="path"),
                one.stage,
                joined(one.reason, el("small", one.hint)),
            )
            for one in held[: self.rows]
        ]
        heads = (("origin", ""), ("stage", ""), ("why", ""))
        return self.table("failures", heads, rows, len(held))

    def table(
        self,
        name: str,
        heads: Sequence[tuple[str, str]],
        rows: Sequence[Sequence[object]],
        total: int,
    ) -> Markup:
        """Put a table together.

        Parameters
        ----------
        name
            Key of its caption, and its id.
        heads
            ``(key of the word, class)``; the word of ``""`` is for those who do not see bars.
        rows
            Cells, the first of which names the row.
        total
            Rows that there are, of which these are the first.
        """
        if not rows:
            title = el("p", el("b", self.words.say(f"caption_{name}")))
            return joined(title, el("p", self.words.say("none"), class_="rest"))
        top = [
            el("th", self.words.say(f"head_{key or 'share'}"), scope="col",
               class_=style or None)
            for key, style in heads
        ]  # fmt: skip
        body = [
            el(
                "tr",
                el("th", row[0], scope="row", dir="auto"),
                *(
                    el("td", cell, class_=style or None)
                    for cell, (_, style) in zip(row[1:], heads[1:], strict=True)
                ),
            )
            for row in rows
        ]
        caption = f"caption-{name}"
        drawn = el(
            "table",
            el("caption", self.words.say(f"caption_{name}"), id=caption),
            el("thead", el("tr", *top)),
            el("tbody", *body),
        )
        rest = total - len(rows)
        more = el("p", self.words.say("and_more", n=rest), class_="rest") if rest > 0 else None
        # It scrolls by keyboard where it is wider than a phone.
        return joined(
            el("div", drawn, class_=f"scroll t-{name}", role="region", aria_labelledby=caption,
               tabindex="0"),
            more,
        )  # fmt: skip

    def _event_heads(self, first: str) -> tuple[tuple[str, str], ...]:
        return ((first, ""), ("events", "n"), ("", "bars"), ("reports", "n"))

    def _events(self, one: Tally, most: int) -> tuple[str, Markup, str]:
        bar = share_bar([(name, getattr(one, name)) for name in STANDINGS], most)
        return self._number(one.events), bar, self._number(one.reports)

    def _speaker(self, one: SpeakerTally, most: int) -> tuple[object, ...]:
        bar = share_bar([(name, getattr(one, name)) for name in STANDINGS], most)
        name = joined(one.name, el("small", one.side) if one.side else None)
        return name, self._number(one.reports), bar, self._number(len(one.sources))

    def _region(self, country: str | None, admin1: str | None) -> Markup:
        if country is None:
            return joined(admin1, self.words.say("no_country") if admin1 is None else None)
        within = country if admin1 else self.words.say("whole_country")
        return joined(admin1 or country, el("small", within))

    def _number(self, number: int) -> str:
        return self.words.number(number)


def _sign(number: int) -> Markup:
    return el("svg", el("use", href=f"#sign-{number}"), class_="sign", viewBox="0 0 24 24",
              aria_hidden="true")  # fmt: skip
