"""Which of a text's dates is that of a trigger: candidates, and the signs that speak for each.

The candidates are the expressions of its sentence, those before and just behind it, the date of the
trigger before, the day that the article reports on and the article's own. They are ranked against
each other, as times are tied to events in TempEval (Verhagen et al. 2007, task A) and to news in
Reimers et al. 2016 ("Temporal anchoring of events for the TimeBank corpus"): by the parse and the
order of words within the sentence, by tense, paragraph and repetition outside of it.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geomap.events.dates import SENTENCE_ENDS
from geomap.events.dating import (
    clauses_between,
    heading_of,
    is_aside,
    is_dateline,
    is_owning,
    is_reporting,
    reported_day,
    span_word,
)
from geomap.events.tenses import tense_at, verb_above
from geomap.lexicons import rules
from geomap.records import DateRange

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from spacy.tokens import Doc, Token

    from geomap.events.dates import DateMention

__all__ = ["DateChoice", "DateChoices"]

_DEFINITE = frozenset({"the", "this", "that", "these", "those", "its", "their", "his", "her"})
# Expressions before the sentence that are looked at.
_BEFORE = 4
_AHEAD_CHARACTERS = 200
# Characters within which a full date is a dateline.
_DATELINE = 150
_PARAGRAPH = "\n\n"
_BULLETS = frozenset("-•*–—🔴🔹⚡▪❗✔✘➡🔻")
_BUCKETS = ((-366, "years"), (-32, "months"), (-8, "weeks"), (-2, "days"))
_GAPS = (4, 12, 30, 60, 120)


@dataclass(slots=True)
class DateChoice:
    """A candidate.

    Parameters
    ----------
    range
        What would be the date; ``None`` for no date at all.
    signs
        What speaks for or against it.
    way
        How the rules came by it: "none" for the day of the article, "paper" for another day that
        it reports on, "before" for a date carried
        over, "inside same" for one on the verb of the trigger, and so on; "" if they did not.
    """

    range: DateRange | None
    signs: list[str] = field(default_factory=list)
    way: str = ""


@dataclass(frozen=True, slots=True)
class _Near:
    """What a trigger is: its place, sentence, tense, kind of event, and what it can be dated by."""

    trigger: Token
    start: int
    end: int
    sentence: tuple[int, int]
    tense: str
    kind: str
    inside: tuple[DateMention, ...]
    words: tuple[str, ...]


class DateChoices:
    """The candidates of the triggers of one text, which are asked for in its order.

    Parameters
    ----------
    doc
        A parsed text.
    text
        Its text.
    mentions
        Its expressions of time.
    anchor
        The day it hangs on; without one nothing is weighed.
    """

    def __init__(
        self, doc: Doc, text: str, mentions: Sequence[DateMention], anchor: dt.date | None
    ) -> None:
        self._doc, self._text, self._anchor = doc, text, anchor
        self._mentions = [m for m in mentions if m.range and not is_dateline(m, text)]
        self._starts = [m.start for m in self._mentions]
        self._paper = reported_day(mentions, anchor) if anchor is not None else None
        self._manner = self._named_days()
        self._days = Counter(m.range.start for m in self._mentions if m.range is not None)
        self._last: tuple[int, int, str, DateRange, str] | None = None
        # The dates of the events so far, by type and by word.
        self._kin: dict[str, DateRange] = {}
        self._cues = frozenset(rules("dates")["words"]["cues"])
        self._told: dict[int, tuple[str, ...]] = {}

    def decide(self, trigger: Token, kind: str, found: DateRange | None) -> None:
        """Remember the date of a trigger, for those behind it.

        Parameters
        ----------
        trigger, kind, found
            The trigger, the name of its event type, its date.
        """
        if found is not None:
            sentence = trigger.sent.start_char
            self._last = trigger.idx, sentence, kind, found, tense_at(trigger)
            self._kin[kind] = self._kin[trigger.lemma_.lower()] = found

    def of(
        self,
        trigger: Token,
        span: tuple[int, int],
        kind: str,
        ruled: DateRange | None,
        *,
        sure: Collection[str] = (),
    ) -> list[DateChoice]:
        """Give the candidates for a trigger.

        Parameters
        ----------
        trigger
            The trigger.
        span
            The characters whose nearest date counts, half-open.
        kind
            Name of its event type.
        ruled
            Its date by the rules.
        sure
            Ways of the rules that nothing else is weighed against.

        Returns
        -------
        list of DateChoice
            Each day once, what the rules give first.
        """
        near = self._near(trigger, span, kind)
        found: dict[object, DateChoice] = {}
        first = _among(found, ruled)
        way = first.way = self._way(near, ruled)
        if way in sure:
            return [first]
        first.signs += ["rule", f"rule|{near.tense}", f"rule={way}", f"rule={way}|{near.tense}"]
        for way, day in self._own_days():
            _among(
                found, DateRange(start=day, end=day, precision="day", text=None)
            ).signs += self._of_own(near, way, day)
        for mention in near.inside:
            for reading, date in self._readings(near, mention):
                _among(found, date).signs += self._of_inside(near, mention, reading, date)
        self._add_around(near, found)
        self._add_last(near, found)
        self._add_told(near, found)
        for choice in found.values():
            choice.signs += self._of_any(near, choice.range)
        return list(found.values())

    def _way(self, near: _Near, ruled: DateRange | None) -> str:
        """Name how the rules came by a date."""
        if (
            ruled is not None
            and self._paper not in {None, self._anchor}
            and (ruled.start == self._paper and ruled.end == self._paper)
        ):
            return "paper"
        if ruled is None or ruled.text is None:
            return "none"
        mention = next((m for m in near.inside if m.text in (ruled.text or "")), None)
        return "before" if mention is None else f"inside {self._tie(near.trigger, mention)}"

    def _near(self, trigger: Token, span: tuple[int, int], kind: str) -> _Near:
        sentence = trigger.sent
        bounds = sentence.start_char, sentence.end_char
        inside = self._mentions[
            bisect_left(self._starts, bounds[0]) : bisect_left(self._starts, bounds[1])
        ]
        words = [t.lower_ for t in sentence]
        cues = [f"first={words[0]}", *(w for w in words if w in self._cues)]
        return _Near(trigger, *span, bounds, tense_at(trigger), kind, tuple(inside), tuple(cues))

    def _named_days(self) -> str:
        """Tell which day the text opens with, and how often it names its own and the one before."""
        dated = [
            m for m in self._mentions
            if m.range is not None and m.range.precision in {"day", "minute"}
        ]  # fmt: skip
        told = [m for m in dated if not is_reporting(m, self._text)]
        buckets = [_bucket(m.range, self._anchor) for m in told if m.range is not None]
        scene = (m for m, b in zip(told, buckets, strict=True) if b in {"same", "eve", "days"})
        self._scene = next(scene, None)
        near = [b for b in buckets if b in {"same", "eve", "days"}]
        own, eve = min(buckets.count("same"), 2), min(buckets.count("eve"), 2)
        return f"{near[0] if near else 'none'} own{own} eve{eve}"

    def _own_days(self) -> Iterator[tuple[str, dt.date]]:
        """Give the article's own day, the day it reports on, and the day before."""
        if self._anchor is None:
            return
        yield "own", self._anchor
        yield "eve", self._anchor - dt.timedelta(days=1)
        if self._paper is not None and self._paper != self._anchor:
            yield "paper", self._paper

    def _of_own(self, near: _Near, way: str, day: dt.date) -> Iterator[str]:
        """Give the signs of a day that no expression of the sentence names."""
        before = self._text[max(0, near.sentence[0] - 2) : near.sentence[0]]
        held = {
            near.tense,
            f"in{min(len(near.inside), 2)}",
            "top" if near.sentence[0] < 150 else "below",  # noqa: PLR2004 - a title and its dateline
            "paragraph" if before == _PARAGRAPH else "goes on",
            "item" if self._is_item(near.sentence[0]) else "no item",
            f"kind={near.kind}",
            f"pos={near.trigger.pos_}",
            f"named{min(self._days[day], 3)}",
            *near.words,
        }
        yield way
        for sign in held:
            yield f"{way}|{sign}"
        yield f"{way}|{near.tense}|in{min(len(near.inside), 2)}"
        lead = self._manner.split()[0]
        for sign in (self._manner, f"lead={lead}", *self._manner.split()):
            yield f"{way}|{sign}"
            yield f"{way}|{sign}|{near.tense}"
            yield f"{way}|{sign}|in{min(len(near.inside), 1)}|{near.tense}"
        yield f"{way}|{near.tense}|{'paragraph' if before == _PARAGRAPH else 'goes on'}"

    def _is_item(self, start: int) -> bool:
        line = self._text[self._text.rfind("\n", 0, start) + 1 : start + 2].strip()
        return line[:1] in _BULLETS

    def _of_inside(
        self, near: _Near, mention: DateMention, reading: str, date: DateRange
    ) -> Iterator[str]:
        """Give the signs of an expression of the trigger's own sentence."""
        left = mention.end <= near.start
        gap = self._text[mention.end : near.start] if left else self._text[near.end : mention.start]
        breaks = min(clauses_between(gap), 3)
        side = "left" if left else "right"
        order = sorted(near.inside, key=lambda m: _gap(m, near))
        rank = min(order.index(mention), 2)
        tie = self._tie(near.trigger, mention)
        held = (
            f"breaks{breaks}", f"{side}|breaks{breaks}", f"rank{rank}", f"tie={tie}",
            f"tie={tie}|rank{rank}", f"gap{sum(len(gap) > g for g in _GAPS)}|{side}",
            f"kind={mention.kind}", f"kind={mention.kind}|rank{rank}",
            f"{near.tense}|{_bucket(date, self._anchor)}",
            f"of{min(len(near.inside), 3)}|rank{rank}", f"precision={date.precision}",
            f"event={near.kind}", *self._of_itself(mention),
        )  # fmt: skip
        yield "inside" if reading == "main" else f"inside {reading}"
        if reading != "main":
            yield f"{reading}|{mention.kind}"
            yield f"{reading}|{near.tense}|{_bucket(date, self._anchor)}"
            return
        for sign in held:
            yield f"inside|{sign}"

    def _of_itself(self, mention: DateMention) -> tuple[str, ...]:
        """Give the signs of an expression whatever the trigger, worked out once."""
        if mention.start not in self._told:
            self._told[mention.start] = (
                f"before={span_word(mention, self._text)}",
                f"reporting={is_reporting(mention, self._text)}",
                f"aside={is_aside(mention, self._text)}",
            )
        return self._told[mention.start]

    def _readings(self, near: _Near, mention: DateMention) -> Iterator[tuple[str, DateRange]]:
        """Give all that an expression may stand for: a day to come only where there is a clause."""
        if mention.range is not None:
            yield "main", mention.range
        for other in mention.others:
            ahead = self._anchor is not None and other.start > self._anchor
            if not ahead or not (near.tense == "none" or is_owning(mention, self._text)):
                yield "other", other

    def _tie(self, trigger: Token, mention: DateMention) -> str:
        """Name how the verb that an expression hangs on stands to the trigger's."""
        span = self._doc.char_span(mention.start, mention.end, alignment_mode="expand")
        if span is None:
            return "none"
        root = span.root
        own, its = verb_above(trigger), verb_above(root)
        if trigger in root.ancestors and trigger.pos_ not in {"VERB", "AUX"}:
            return "on it"
        if own is None or its is None or own == its:
            return "same" if own is not None and its is not None else "no verb"
        upper, lower = ("above", own) if its in own.ancestors else ("below", its)
        if upper == "below" and own not in its.ancestors:
            return "beside"
        joined = lower.dep_ == "conj" and lower.head in (own, its)
        return f"joined {upper}" if joined else upper

    def _add_around(self, near: _Near, found: dict[object, DateChoice]) -> None:
        """Add the expressions before the sentence and the first one behind it."""
        place = bisect_left(self._starts, near.sentence[0])
        before = self._mentions[max(0, place - _BEFORE) : place]
        for rank, mention in enumerate(reversed(before)):
            if mention.range is not None:
                _among(found, mention.range).signs += self._of_before(
                    near, mention, mention.range, rank
                )
        behind = bisect_left(self._starts, near.sentence[1])
        for mention in self._mentions[behind : behind + 1]:
            if mention.range is not None and mention.start < near.sentence[1] + _AHEAD_CHARACTERS:
                _among(found, mention.range).signs += self._of_behind(near, mention)

    def _of_before(
        self, near: _Near, mention: DateMention, date: DateRange, rank: int
    ) -> Iterator[str]:
        between = self._text[mention.end : near.sentence[0]]
        sentences = min(len(SENTENCE_ENDS.findall(between)), 4)
        joint = (
            "other paragraph" if _PARAGRAPH in between else "line" if "\n" in between else "same"
        )
        has = f"in{min(len(near.inside), 1)}"
        opening = SENTENCE_ENDS.search(self._text[max(0, mention.start - 12) : mention.start])
        bucket = _bucket(date, self._anchor)
        for sign in (
            joint, f"{joint}|rank{rank}", f"{joint}|sentences{sentences}", f"{joint}|{near.tense}",
            f"{joint}|{near.tense}|{bucket}", f"{bucket}|{near.tense}",
            f"{joint}|{has}", f"{has}|{near.tense}",
            f"precision={date.precision}", f"kind={mention.kind}", *self._of_itself(mention),
            f"opening={opening is not None}|{joint}",
            f"item={self._is_item(near.sentence[0])}|{joint}",
            *(f"{joint}|{word}" for word in near.words),
        ):  # fmt: skip
            yield f"before|{sign}"

    def _of_behind(self, near: _Near, mention: DateMention) -> Iterator[str]:
        between = self._text[near.sentence[1] : mention.start]
        joint = "line" if "\n" in between.strip("\n") or _PARAGRAPH in self._text[
            near.end : mention.start
        ] else "same"  # fmt: skip
        top = "top" if near.sentence[0] < 150 else "below"  # noqa: PLR2004 - a title and its dateline
        for sign in (joint, f"{joint}|{near.tense}", top, f"{joint}|in{min(len(near.inside), 1)}"):
            yield f"behind|{sign}"

    def _add_last(self, near: _Near, found: dict[object, DateChoice]) -> None:
        """Add the date of the trigger before."""
        if self._last is None:
            return
        place, sentence, kind, date, tense = self._last
        between = self._text[place : near.start]
        if sentence == near.sentence[0]:
            joint = f"same sentence{min(clauses_between(between), 2)}"
        elif _PARAGRAPH in between:
            joint = "other paragraph"
        else:
            joint = "next" if len(SENTENCE_ENDS.findall(between)) == 1 else "same"
        has = f"in{min(len(near.inside), 1)}"
        bucket = _bucket(date, self._anchor)
        own = f"tenses={tense}-{near.tense}"
        _among(found, date).signs += [
            f"last|{sign}"
            for sign in (
                joint, f"{joint}|{own}", own, f"{joint}|{has}", f"{joint}|{has}|{near.tense}",
                f"{joint}|{bucket}", f"{joint}|{near.tense}|{bucket}",
                f"{joint}|kinds={kind}-{near.kind}", f"kinds={kind}-{near.kind}",
                f"item={self._is_item(near.sentence[0])}|{joint}",
                *(f"{joint}|{word}" for word in near.words),
            )
        ]  # fmt: skip

    def _add_told(self, near: _Near, found: dict[object, DateChoice]) -> None:
        """Add the date of events of the type told before, the scene, the heading of the line."""
        trigger = near.trigger
        definite = any(child.lower_ in _DEFINITE for child in trigger.lefts)
        form = f"{trigger.pos_} {'definite' if definite else 'bare'}"
        has = f"in{min(len(near.inside), 1)}"
        for way, name in (("type", near.kind), ("word", trigger.lemma_.lower())):
            if name in self._kin:
                _among(found, self._kin[name]).signs += [
                    f"told {way}|{sign}"
                    for sign in (
                        form,
                        f"{form}|{has}",
                        f"{near.tense}|{has}",
                        near.tense,
                        near.kind,
                    )
                ]
        top = "top" if near.sentence[0] < _DATELINE else "below"
        if self._scene is not None and self._scene.range is not None:
            bucket = _bucket(self._scene.range, self._anchor)
            behind = "behind" if self._scene.start >= near.sentence[1] else "before"
            _among(found, self._scene.range).signs += [
                f"scene|{sign}"
                for sign in (
                    top, f"{top}|{behind}|{has}", f"{has}|{near.tense}",
                    f"{bucket}|{near.tense}|{has}", f"{top}|{behind}|{has}|{bucket}",
                    f"{near.kind}|{has}", self._manner, f"{form}|{has}",
                )
            ]  # fmt: skip
        head = heading_of(near.sentence[0], self._mentions, self._text)
        if head is not None and head.range is not None:
            _among(found, head.range).signs += ["heading", f"heading|{has}"]

    def _of_any(self, near: _Near, date: DateRange | None) -> Iterator[str]:
        """Give the signs of a day, however it is named."""
        if date is None:
            yield "no date"
            return
        bucket = _bucket(date, self._anchor)
        yield f"day={bucket}"
        yield f"day={bucket}|{near.tense}"
        yield f"day={bucket}|{near.kind}"
        yield f"precision={date.precision}|{near.tense}"
        yield f"named{min(self._days[date.start], 4)}"
        yield f"paper={date.start == self._paper}|{bucket}"


def _gap(mention: DateMention, near: _Near) -> int:
    return mention.start - near.end if mention.start >= near.end else near.start - mention.end


def _among(found: dict[object, DateChoice], date: DateRange | None) -> DateChoice:
    key = None if date is None else (date.start, date.precision in {"day", "minute"})
    return found.setdefault(key, DateChoice(date))


def _bucket(date: DateRange, anchor: dt.date | None) -> str:
    """Name how far a date lies from the article's day."""
    days = (date.start - anchor).days if anchor is not None else 0
    if date.precision == "month" and anchor is not None and date.start <= anchor <= date.end:
        return "this month"
    if days >= 0:
        return "same" if days == 0 else "ahead"
    if days == -1:
        return "eve"
    return next((name for limit, name in _BUCKETS if days <= limit), "days")
