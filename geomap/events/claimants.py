"""Who may have said it: candidates for the speaker of a trigger, and the signs that speak for each.

The candidates are ranked against each other and against the article's own voice, as mentions are in
the attribution of quotations (Pareti et al. 2013, "Automatically detecting and attributing indirect
quotations"; Elson & McKeown 2010): by distance, order, punctuation, parse, verb and repetition.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geomap.events.acts import family_of
from geomap.events.relations import ancestors_of
from geomap.events.tenses import tense_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from spacy.tokens import Span, Token

    from geomap.events.acts import Act
    from geomap.events.speech import SpeechFinder, Spoken
    from geomap.records import Attribution

__all__ = ["Claimant", "Claimants", "decided"]

# Sentences before the trigger's whose acts are looked at, in its paragraph, and the distance that
# stands for the last sentence of the paragraph before.
_BEFORE = 3
_OTHER_PARAGRAPH = -9
_JOINTS = ("but", "while", "and", "that", "as")
_BULLETS = frozenset({"•", "🔹", "▪", "▪️", "🔸", "❗", "❗️", "🔴", "-"})
# Who writes a bulletin writes of his own: "our units", "I", in points.
_OURS = frozenset({"our", "ours", "we", "us"})
_MINE = frozenset({"i", "my", "me"})
_QUARTERS = 4


@dataclass(slots=True)
class Claimant:
    """A candidate.

    Parameters
    ----------
    said
        The speaker; ``None`` for the article itself.
    signs
        What speaks for or against it.
    by_rule
        Whether the rules say so.
    """

    said: Attribution | None
    signs: list[str] = field(default_factory=list)
    by_rule: bool = False


@dataclass(frozen=True, slots=True)
class _Near:
    """What stands around a trigger: acts with their distance, tense, the way of the rules."""

    trigger: Token
    # Where its sentence starts.
    start: int
    acts: tuple[tuple[int, Act], ...]
    tense: str
    way: str
    # Acts of speech in the trigger's own sentence, and whether there is one.
    own: int
    has: int


class Claimants:
    """The candidates of the triggers of one text, which are asked for in its order.

    Parameters
    ----------
    speech
        What the rules find in it.
    """

    def __init__(self, speech: SpeechFinder) -> None:
        self._speech = speech
        self._text = speech.spoken_text
        self._acts = speech.acts
        lowers, words = frozenset(self._text.lowers), frozenset(self._text.words)
        sets = (("our", lowers & _OURS), ("mine", lowers & _MINE), ("points", words & _BULLETS))
        self._manner = " ".join(name for name, found in sets if found)
        self._title_end = max(0, self._text.text.find("\n"))
        self._last: tuple[int, Attribution | None] | None = None

    def decide(self, trigger: Token, said: Attribution | None) -> None:
        """Remember who was made the speaker of a trigger, for those behind it.

        Parameters
        ----------
        trigger, said
            The trigger and its speaker.
        """
        self._last = (trigger.i, said)

    def of(self, trigger: Token, spoken: Spoken, kind: str) -> list[Claimant]:
        """Give the candidates for a trigger.

        Parameters
        ----------
        trigger
            The trigger.
        spoken
            What the rules say.
        kind
            Name of its event type.

        Returns
        -------
        list of Claimant
            The article itself first, all others once.
        """
        near = self._near(trigger, spoken)
        itself = Claimant(None, list(self._of_itself(near, kind)))
        found: dict[object, Claimant] = {None: itself}
        at_rule = _among(found, spoken.by)
        at_rule.by_rule = True
        at_rule.signs += ["rule", f"rule={spoken.way}", f"rule={spoken.way}|{near.tense}"]
        for distance, act in near.acts:
            _among(found, act.said).signs += self._of_act(near, distance, act)
        if self._speech.bulletin is not None:
            one = _among(found, self._speech.bulletin[0])
            one.signs += ["bulletin", f"bulletin|{near.way}", f"bulletin|{near.own}"]
        for act in self._acts.at_top:
            if act.place < trigger.i:
                _among(found, act.said).signs += self._of_top(near, act)
        self._add_earlier(near, found)
        self._add_last(near, found)
        return list(found.values())

    def _near(self, trigger: Token, spoken: Spoken) -> _Near:
        sentence = trigger.sent
        acts = tuple(self._acts_near(trigger, sentence))
        own = min(2, sum(d == 0 and act.kind != "subject" for d, act in acts))
        return _Near(trigger, sentence.start, acts, tense_at(trigger), spoken.way, own, min(1, own))

    def _acts_near(self, trigger: Token, sentence: Span) -> Iterator[tuple[int, Act]]:
        """Give the acts of the sentence, those before and behind it, each with its distance."""
        doc = trigger.doc
        for act in self._acts.within(sentence):
            if act.place != trigger.i or act.kind != "subject":
                yield 0, act
        floor, before = self._text.paragraph_start(trigger.i), sentence
        for step in range(1, _BEFORE + 1):
            opening = before.start <= floor
            if before.start == 0 or (opening and step > 1):
                break
            before = doc[before.start - 1].sent
            distance = -step if before.start >= floor else _OTHER_PARAGRAPH
            yield from ((distance, a) for a in self._acts.within(before) if a.kind != "subject")
        if sentence.end < len(doc) and sentence.end <= self._text.paragraph_end(trigger.i):
            behind = self._acts.within(doc[sentence.end].sent)
            yield from ((1, act) for act in behind if act.kind != "subject")

    def _of_itself(self, near: _Near, kind: str) -> Iterator[str]:
        """Give the signs for and against the article's own voice."""
        trigger, counts = near.trigger, Counter(distance for distance, _ in near.acts)
        far = sum(n for distance, n in counts.items() if distance < -1)
        before, behind = min(2, counts[-1]), min(2, counts[1])
        everywhere = min(2, (len(self._acts.spoken) + 1) // 2)
        named = bool(self._acts.at_top)
        title = trigger.idx < self._title_end
        opening = near.start == self._text.paragraph_start(trigger.i)
        yield from (
            "none",
            f"none|{kind}",
            f"none|{near.tense}",
            f"none|{trigger.lemma_.lower()}",
            f"none|{trigger.pos_}|{trigger.dep_}",
            f"none|own={near.own}",
            f"none|own={near.own}|{near.way}",
            f"none|before={before}|{near.has}|{near.tense}",
            f"none|behind={behind}|{near.has}",
            f"none|far={min(2, far)}|{min(1, before)}",
            f"none|quoted={near.way in {'quote', 'quoted'}}",
            f"none|title={title}|{near.has}",
            f"none|opening={opening}|{near.has}",
            f"none|bulletin={self._speech.bulletin is not None}",
            f"none|{near.way}|{kind}",
            f"none|{self._manner}|{near.has}",
            f"none|{everywhere}|{named}|{self._manner}",
            f"none|{everywhere}|{near.has}|{near.tense}",
        )

    def _of_act(self, near: _Near, distance: int, act: Act) -> Iterator[str]:
        trigger, kind = near.trigger, act.kind
        if distance:
            where = str(distance)
            there = [a for d, a in near.acts if d == distance]
            last = act is there[-1]
            yield f"{kind}{where}|{last}|{len(there) == 1}"
            yield f"{kind}{where}|{near.tense}"
            yield f"{kind}{where}|{near.tense}|{near.has}"
            yield f"{where}|{last}|{near.has}"
            yield f"{kind}{where}|{near.way}"
        else:
            where = "=" if act.place == trigger.i else "<" if act.place < trigger.i else ">"
            yield from self._of_own(near, act, where)
        yield f"{where}"
        yield f"{kind}{where}|{act.word}"
        yield f"{where}|{act.word}"
        yield f"{kind}{where}|{_sort_of(act.said)}"
        yield f"{kind}{where}|{trigger.pos_}"

    def _of_own(self, near: _Near, act: Act, where: str) -> Iterator[str]:
        """Give the signs of an act in the sentence of the trigger."""
        trigger, kind = near.trigger, act.kind
        first, last = sorted((trigger.i, act.place))
        words = self._text.words[first + 1 : last]
        commas = "," * min(2, words.count(","))
        marks = ";" if ";" in words else ":" if ":" in words else commas
        lowers = self._text.lowers[first + 1 : last]
        joint = next((word for word in _JOINTS if word in lowers), "")
        between = min(
            2, sum(d == 0 and first < a.place < last and a.kind != "subject" for d, a in near.acts)
        )
        relation = _relation(trigger, trigger.doc[act.place])
        yield f"{kind}{where}{relation}"
        yield f"{where}{relation}"
        yield f"{kind}{where}{marks}"
        yield f"{kind}{where}{joint}"
        yield f"{kind}{where}{marks}{joint}{between}"
        yield f"{where}between{between}"
        yield f"{kind}{where}between{between}"
        yield f"{where}far{min(4, (last - first) // 5)}"
        yield f"{kind}{where}{near.tense}"
        yield f"{where}{relation}{near.tense}"
        yield f"{kind}{where}{relation}|{act.word}"

    def _of_top(self, near: _Near, act: Act) -> Iterator[str]:
        everywhere = min(2, (len(self._acts.spoken) + 1) // 2)
        ours = "our" in self._manner
        yield act.kind
        yield f"{act.kind}|{near.tense}|{near.has}"
        yield f"{act.kind}|{everywhere}|{self._manner}"
        yield f"{act.kind}|{ours}|{near.has}|{everywhere}"
        for more in ("", f"|{self._manner}", f"|{near.has}", f"|{everywhere}"):
            yield f"{act.kind} {act.word}{more}"

    def _add_earlier(self, near: _Near, found: dict[object, Claimant]) -> None:
        """Add who spoke last before the sentence, and who spoke most."""
        before = self._before(near.start)
        if not before:
            return
        last = before[-1]
        families = Counter(act.family for act in before)
        gap = min(3, self._text.breaks_between(last.place, near.trigger.i))
        share = families[last.family] * _QUARTERS // len(before)
        _among(found, last.said).signs += [
            f"earlier|{gap}",
            f"earlier|{gap}|{near.has}|{near.tense}",
            f"earlier|{share}|{min(3, len(before))}",
            f"earlier|{share}|{gap}|{near.has}",
            f"earlier|{last.kind}|{gap}",
        ]
        family, count = families.most_common(1)[0]
        share = count * _QUARTERS // len(before)
        main = next(act for act in reversed(before) if act.family == family)
        _among(found, main.said).signs += [
            "main",
            f"main|{share}|{min(4, count)}",
            f"main|{share}|{near.has}|{near.tense}",
        ]
        found[None].signs.append(f"none|main={share}|{min(4, count)}|{near.has}")

    def _before(self, start: int) -> Sequence[Act]:
        """Give the acts before a sentence."""
        spoken = self._acts.spoken
        return spoken[: bisect_left(spoken, start, key=lambda act: act.place)]

    def _add_last(self, near: _Near, found: dict[object, Claimant]) -> None:
        """Add who was made the speaker of the trigger before this one."""
        if self._last is None:
            found[None].signs.append("first")
            return
        place, said = self._last
        trigger = near.trigger
        paragraph = self._text.paragraph_start(trigger.i)
        where = "far" if place < paragraph else "near" if place < near.start else "own"
        where = "twin" if place == trigger.i else where
        family = family_of(said)
        for claimant in found.values():
            same = family_of(claimant.said) == family
            who = "none" if claimant.said is None else "some"
            if same or claimant.said is None:
                sign = f"last {same} {who} {where}"
                claimant.signs += [
                    sign,
                    f"{sign}|{near.tense}",
                    f"{sign}|{near.has}|{near.tense}",
                    f"{sign}|{near.way}",
                ]
            else:
                claimant.signs.append(f"last False some {where}")


def decided(chances: Iterable[float]) -> int:
    """Give the place of the candidate to believe: first whether anybody speaks, then who.

    Parameters
    ----------
    chances
        One a candidate, the article itself first; they sum to 1.

    Examples
    --------
    >>> decided([0.4, 0.35, 0.25]), decided([0.5, 0.3, 0.2])
    (1, 0)
    """
    itself, *others = chances
    if not others or itself >= sum(others):
        return 0
    return 1 + max(range(len(others)), key=others.__getitem__)


def _among(found: dict[object, Claimant], said: Attribution | None) -> Claimant:
    """Give the candidate of a speaker, a new one when there is none."""
    key = None if said is None else (said.speaker, said.organisation)
    return found.setdefault(key, Claimant(said))


def _sort_of(said: Attribution) -> str:
    if said.speaker:
        return "person"
    return "body" if (said.organisation or "")[:1].isupper() else "noun"


def _relation(trigger: Token, word: Token) -> str:
    """Name how a word stands to the trigger in the parse: above it, below it or beside it."""
    path = ancestors_of(trigger)
    for below, above in itertools.pairwise(path):
        if above == word:
            return f"above:{below.dep_}"
    for below, above in itertools.pairwise(ancestors_of(word)):
        if above == trigger:
            return f"below:{below.dep_}"
    return "beside" if path[-1] not in ancestors_of(word) else f"beside:{word.dep_}"
