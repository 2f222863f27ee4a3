"""Cards: single events with what each side says of them, and names with what would settle them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap.escape import web_address
from geomap.report_page.lost import correction_lines, place_words
from geomap.report_page.markup import Markup, el, joined
from geomap.report_page.stories import source_of, standing_of
from geomap.report_page.tallies import speaker_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geomap.events.merge import Claim
    from geomap.maps.drawing import Listed
    from geomap.report_page.lost import Excerpt, LostName
    from geomap.report_page.stories import Story
    from geomap.report_page.words import Words

__all__ = ["Cards", "contested", "most_claimed"]

# Sides of one event beyond which a card is a page.
MOST_CLAIMS = 6
MOST_SOURCES = 4
# Of a sentence: longer ones are cut around the trigger.
LONGEST = 360
REACH = 150
# A language as an attribute: ISO 639.
_CODE = re.compile(r"[a-z]{2,3}")


def most_claimed(stories: Iterable[Story]) -> list[Story]:
    """Give the events told more than once, those of most independent sources first."""
    told = [one for one in stories if len(one.reports) > 1]
    return sorted(
        told, key=lambda one: (-one.merged.independent, -len(one.reports), -one.merged.confidence)
    )


def contested(stories: Iterable[Story]) -> list[Story]:
    """Give the events that one tells and another denies, those with most on both sides first."""
    found = []
    for one in stories:
        if one.merged.contested:
            denied = sum(standing_of(told.event.factuality) == "denied" for told in one.reports)
            found.append((min(denied, len(one.reports) - denied), len(one.reports), one))
    return [one for *_, one in sorted(found, key=lambda row: (-row[0], -row[1]))]


@dataclass(frozen=True, slots=True)
class Cards:
    """The cards of a page, and its words."""

    words: Words

    def stories(self, stories: Sequence[Story], most: int, *, sided: bool = False) -> Markup:
        """Show events in full, as many as asked for; ``sided`` puts the sides beside each other."""
        shown = [self._story(one, sided=sided) for one in stories[:most]]
        rest = len(stories) - len(shown)
        more = el("p", self.words.say("and_more", n=rest), class_="rest") if rest > 0 else None
        return joined(el("ol", *shown, class_="cards"), more)

    def _story(self, story: Story, *, sided: bool) -> Markup:
        words, merged = self.words, story.merged
        date = merged.date
        when = words.span(date.start, date.end) if date else words.say("undated")
        where = story.where or words.say("no_place_known")
        counted = (
            f"{words.counted('report', len(story.reports))}, "
            f"{words.counted('independent', merged.independent)}"
        )
        head = el(
            "header",
            el("h3", el("span", words.kind(merged.type), class_="kind"), " ",
               el("bdi", where)),
            el("p", f"{when} · {counted}", class_="meta"),
        )  # fmt: skip
        claims = sorted(merged.claims, key=lambda one: -len(one.members))
        if not sided:
            return el("li", head, self._claims(story, claims), class_="card")
        denied = [one for one in claims if standing_of(one.factuality) == "denied"]
        rest = [one for one in claims if one not in denied]
        sides = [
            el("div", el("h4", words.say(key)), self._claims(story, part), class_=f"side {key}")
            for key, part in (("it_happened", rest), ("it_did_not", denied))
        ]
        return el("li", head, el("div", *sides, class_="sides"), class_="card")

    def _claims(self, story: Story, claims: Sequence[Claim]) -> Markup:
        shown = [self._claim(one, story.told_in(one)) for one in claims[:MOST_CLAIMS]]
        rest = len(claims) - len(shown)
        more = el("li", self.words.say("and_more", n=rest), class_="rest") if rest > 0 else None
        return el("ul", *shown, more, class_="claims")

    def _claim(self, claim: Claim, reports: Sequence[Listed]) -> Markup | None:
        if not reports:
            return None
        words, first = self.words, reports[0]
        said = claim.attribution
        who = speaker_of(said)
        if said is None:
            who = words.say("said_article")
        badge = el("span", words.say(f"fact_{claim.factuality}"),
                   class_=f"badge {standing_of(claim.factuality)}")  # fmt: skip
        side = el("small", said.side) if said and said.side and said.side != who else None
        return el(
            "li",
            el("p", badge, " ", el("bdi", who or words.say("said_unnamed"), class_="who"),
               joined(" ", side) if side else None, class_="said"),
            _quote(first),
            el("p", self._sources(reports), class_="from"),
        )  # fmt: skip

    def _sources(self, reports: Sequence[Listed]) -> Markup:
        known: dict[str, Markup] = {}
        for one in reports:
            article = one.extracted.article
            name, link = source_of(article), web_address(article.url)
            day = f", {self.words.day(article.published)}" if article.published else ""
            shown = el("bdi", name)
            if link is not None:
                shown = el("a", shown, href=link, rel="noreferrer")
            known.setdefault(name, joined(shown, day))
        parts = [
            joined("; " if number else None, one)
            for number, one in enumerate(list(known.values())[:MOST_SOURCES])
        ]
        rest = len(known) - len(parts)
        return joined(*parts, f" {self.words.say('and_more', n=rest)}" if rest > 0 else None)

    def names(self, lost: Sequence[LostName], most: int) -> Markup:
        """Show names without a place, with the lines that would settle each."""
        shown = [self._name(one) for one in lost[:most]]
        rest = len(lost) - len(shown)
        more = el("p", self.words.say("and_more", n=rest), class_="rest") if rest > 0 else None
        return joined(el("ol", *shown, class_="cards names"), more)

    def _name(self, one: LostName) -> Markup:
        words = self.words
        counted = (
            f"{words.counted('mention', one.mentions)}, {words.counted('article', one.articles)}"
        )
        *pins, own, never = correction_lines(one)
        choices = [
            (joined(el("bdi", place_words(found)), " ", el("small", f"{found.score:.2f}")), line)
            for found, line in zip(one.candidates, pins, strict=True)
        ]
        choices += [
            (joined(words.say("own_point")), own),
            (joined(words.say("never_place")), never),
        ]
        return el(
            "li",
            el("header", el("h3", el("bdi", one.name)), el("p", counted, class_="meta")),
            _passage(one.example) if one.example else None,
            el("p", one.reason, class_="from") if one.reason else None,
            el(
                "dl",
                *(
                    el("div", el("dt", said), el("dd", el("code", line)))
                    for said, line in choices
                ),
                class_="choices",
            ),
            class_="card",
        )  # fmt: skip


def _quote(report: Listed) -> Markup:
    """Quote the sentence of a report, its trigger marked."""
    sentence, trigger = report.event.sentence, report.event.trigger
    text, at = sentence.text, trigger.start - sentence.start
    end = at + trigger.end - trigger.start
    if not text:
        return el(
            "blockquote", el("mark", trigger.text), **_language(report.extracted.article.language)
        )
    if not 0 <= at < end <= len(text):
        at = end = 0
    before, after = text[:at], text[end:]
    if len(text) > LONGEST:
        if len(before) > REACH:
            before = "…" + before[-REACH:].partition(" ")[2]
        if len(after) > REACH:
            after = after[:REACH].rpartition(" ")[0] + "…"
    mark = el("mark", text[at:end]) if end > at else None
    return el("blockquote", before, mark, after, **_language(report.extracted.article.language))


def _passage(example: Excerpt) -> Markup:
    return el(
        "blockquote", example.before, el("mark", example.words), example.after,
        **_language(example.language),
    )  # fmt: skip


def _language(code: str | None) -> dict[str, str | None]:
    is_code = code is not None and _CODE.fullmatch(code)
    return {"lang": code if is_code else None, "dir": "auto"}
