"""Where an event happened when its own sentence does not name the place.

"The city", "the dam", "there" point back to the last fitting place; without
such words it is the place that the paragraph is about. Both are flagged, so
that a reader sees that the place was carried over.
"""

from __future__ import annotations

import bisect
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

from geomap.events.carrying import Moment, Named, Noted, carrying_features, likelihoods
from geomap.events.locations import is_country, is_reporting_place
from geomap.events.relations import preposition_of
from geomap.lexicons import rules
from geomap.sentences import text_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from spacy.tokens import Doc, Span, Token

    from geomap.events.triggers import FoundTrigger
    from geomap.records import Toponym

__all__ = ["Focus", "title_end_of"]

# How far back "the city" may point, in characters: about one paragraph of a wire report.
ANAPHORA_CHARACTERS = 900
# How far back the place of a paragraph may stand when nothing points to it.
FOCUS_CHARACTERS = 420
# When an article is about one place: measured on the development dispatches.
FEWEST_NAMINGS = 3
SHARE_OF_NAMINGS = 1 / 3
# A longer first line is a paragraph.
LONGEST_TITLE = 160
# A dateline ends here: "KYIV, 3 March 2022."
DATELINE_CHARACTERS = 60
_LIST_MARKS = ("-", "•", "*", "–", "—", "▪", "●", "🔴", "⚡", "❗", "💥", "✅", "❌")
_ELSEWHERE = frozenset({"from", "to", "toward", "with", "between"})


def title_end_of(text: str) -> int:
    r"""Give where the title of an article ends; 0 when it opens with a paragraph.

    Parameters
    ----------
    text
        The article.

    Examples
    --------
    >>> title_end_of("Rebels hold the airport\n\nGOMA, 28 January 2025. …")
    23
    """
    end = text.find("\n\n")
    title = text[: max(end, 0)]
    return end if 0 < end <= LONGEST_TITLE and "\n" not in title and ". " not in title else 0


def _is_water(toponym: Toponym) -> bool:
    return toponym.place is not None and toponym.place.feature_class == "H"


def _shared_subject(verb: Token) -> list[Token]:
    """Give the subject that a verb shares with the one before: "the city held out and fell"."""
    if verb.dep_ != "conj" or any(c.dep_ in {"nsubj", "nsubjpass"} for c in verb.children):
        return []
    subjects = [c for c in verb.head.children if c.dep_ in {"nsubj", "nsubjpass"}]
    return [token for subject in subjects for token in subject.subtree]


class Focus:
    """The places of one text as a reader keeps them in mind.

    Parameters
    ----------
    doc
        A parsed text.
    places
        Its toponyms with their spans, in order.
    """

    def __init__(self, doc: Doc, places: Sequence[tuple[Span, Toponym]]) -> None:
        self._doc = doc
        self.text = text_of(doc)
        self._places = [
            (span, toponym) for span, toponym in places if toponym.reading != "metonymic"
        ]
        self._noted: list[tuple[Token, Toponym, Noted]] = []
        self._ranked: tuple[FoundTrigger, list[tuple[float, Toponym, bool]]] | None = None
        self._known: dict[int, tuple[str, bool]] = {}
        self._pointed: dict[int, Token | None] = {}
        self._starts = [span.start for span, _ in self._places]
        # "the city of Mykolaiv", "the Sagaing region" name what they mean.
        self._named = {
            token.i for span, _ in places for token in (*span, span.root.head, span.root.head.head)
        }
        self._classes = {
            noun: code
            for code, nouns in rules("roles")["anaphora"]["classes"].items()
            for noun in nouns
        }

    @cached_property
    def main(self) -> Toponym | None:
        """The place that the whole article is about; ``None`` when several share it.

        It is named most often, three times or more and in a third of all namings of
        locations, or it is the only location in the title.
        """
        named = [
            (span, t)
            for span, t in self._places
            if t.reading == "literal" and t.place is not None and not is_country(t)
        ]
        counts = Counter(t.place.id for _, t in named if t.place is not None)
        title_end = title_end_of(self.text)
        title = {
            t.place.id for span, t in named if span.start_char < title_end and t.place is not None
        }
        if not counts:
            return None
        best, count = counts.most_common(1)[0]
        often = count >= FEWEST_NAMINGS and count >= len(named) * SHARE_OF_NAMINGS
        wanted = best if often else next(iter(title)) if len(title) == 1 else None
        return next((t for _, t in named if t.place is not None and t.place.id == wanted), None)

    def ranked(self, found: FoundTrigger) -> list[tuple[float, Toponym, bool]]:
        """Give the places that an event may have by what stands around it, the likeliest first.

        Parameters
        ----------
        found
            The trigger.

        Returns
        -------
        list of (likelihood, toponym, pointed)
            ``pointed`` tells whether a word ("the city", "there") points back. Empty
            when no place stands before the trigger or in its sentence.
        """
        if self._ranked is None or self._ranked[0] is not found:
            named = self._named_so_far(found.token)
            pointed = bool(named) and self.pointer(found.token) is not None
            likely = likelihoods(*carrying_features(named, self._moment(found))) if named else ()
            ranked = [(p, one.toponym, pointed) for p, one in zip(likely, named, strict=True)]
            self._ranked = (found, sorted(ranked, key=lambda one: -one[0]))
        return self._ranked[1]

    def pointer(self, trigger: Token) -> Token | None:
        """Give the word of a trigger's clause that points back to a place, if there is one."""
        if trigger.i not in self._pointed:
            self._pointed[trigger.i] = next(self._pointers(trigger), None)
        return self._pointed[trigger.i]

    def is_near(self, trigger: Token, toponym: Toponym) -> bool:
        """Tell whether a toponym stands in the paragraph, or list item, of a trigger."""
        return toponym.start >= self._block_start(trigger)

    def options(self, found: FoundTrigger) -> list[tuple[dict[str, float], Toponym]]:
        """Give each place with what the model looks at."""
        named = self._named_so_far(found.token)
        shared, rows = carrying_features(named, self._moment(found))
        return [({**shared, **row}, one.toponym) for row, one in zip(rows, named, strict=True)]

    def _named_so_far(self, trigger: Token) -> list[Named]:
        """Give the locations before a trigger and in its sentence, the latest first."""
        end = bisect.bisect_left(self._starts, trigger.sent.end)
        latest: dict[str, list[tuple[Span, Toponym]]] = {}
        for span, toponym in self._places[:end]:
            if toponym.reading == "literal" and not is_country(toponym):
                # Taken out and put back, so that the latest named stands last.
                pairs = latest.pop(toponym.place_key, [])
                pairs.append((span, toponym))
                latest[toponym.place_key] = pairs
        return [
            Named(pairs[-1][1], key, tuple(span for span, _ in pairs))
            for key, pairs in reversed(latest.items())
        ]

    def _moment(self, found: FoundTrigger) -> Moment:
        trigger = found.token
        pointer = self.pointer(trigger)
        start = self._block_start(trigger)
        block = bisect.bisect_left(self._offsets, start)
        return Moment(
            trigger=trigger,
            kind=found.type,
            pointer=None if pointer is None else pointer.lower_,
            wanted=None if pointer is None else self._classes.get(pointer.lower_, "P"),
            block=block,
            sentences=self._sentences,
            paragraphs=self._paragraphs,
            namings=self._namings,
            title=self._title,
            dateline=self._dateline,
            grammar=self._grammar,
            noted=[noted for _, _, noted in self._noted if noted.token <= trigger.i],
        )

    def _grammar(self, span: Span) -> tuple[str, bool]:
        """Give the preposition before a span and whether somebody speaks there, looked up once."""
        if span.start not in self._known:
            self._known[span.start] = (preposition_of(span) or "none", is_reporting_place(span))
        return self._known[span.start]

    @cached_property
    def _offsets(self) -> list[int]:
        return [token.idx for token in self._doc]

    @cached_property
    def _sentences(self) -> list[int]:
        return [sentence.start for sentence in self._doc.sents]

    @cached_property
    def _paragraphs(self) -> list[int]:
        breaks = [t.i + 1 for t in self._doc if t.is_space and t.text.count("\n") > 1]
        return [0, *breaks]

    @cached_property
    def _namings(self) -> Counter[str]:
        return Counter(
            t.place_key for _, t in self._places if t.reading == "literal" and not is_country(t)
        )

    @cached_property
    def _title(self) -> frozenset[str]:
        end = title_end_of(self.text)
        return frozenset(
            t.place_key for s, t in self._places if s.start_char < end and not is_country(t)
        )

    @cached_property
    def _dateline(self) -> str | None:
        end = title_end_of(self.text)
        opening = [p for p in self._places if p[0].start_char >= end]
        first = next((p for p in opening if not is_country(p[1])), None)
        return first[1].place_key if first is not None and self._is_dateline(first[0]) else None

    def note(self, found: FoundTrigger, toponyms: Sequence[Toponym]) -> None:
        """Remember where an event happened: the next ones are likely there too.

        Parameters
        ----------
        found, toponyms
            The trigger and its places.
        """
        token, kind = found.token, found.type.name
        self._noted += [
            (token, toponym, Noted(toponym.place_key, kind, token.i))
            for toponym in toponyms
            if not is_country(toponym)
        ]

    def pointed_at(self, trigger: Token) -> Toponym | None:
        """Give the place that "the city", "there" or "it" tied to a trigger points to.

        Parameters
        ----------
        trigger
            The trigger.

        Returns
        -------
        Toponym or None
            The last fitting place before it; ``None`` when nothing points back.
        """
        for noun in self._pointers(trigger):
            code = self._classes.get(noun.lower_, "P")
            found = self._last(noun.i, code, noun.lower_)
            if found is not None:
                return found
        return None

    def end_of_way(self, trigger: Token, prepositions: Collection[str]) -> Toponym | None:
        """Give the place that a noun behind one of some prepositions points to: "to the capital".

        Parameters
        ----------
        trigger
            The trigger.
        prepositions
            Classes of :func:`~geomap.events.relations.preposition_of`.

        Returns
        -------
        Toponym or None
            The last fitting place before it; ``None`` when nothing points back so.
        """
        for noun in self._pointers(trigger):
            if preposition_of(noun.doc[noun.i : noun.i + 1]) in prepositions:
                return self._last(noun.i, self._classes.get(noun.lower_, "P"), noun.lower_)
        return None

    def _pointers(self, trigger: Token) -> Iterator[Token]:
        lexicon = rules("roles")["anaphora"]
        for token in self._scope(trigger):
            if token.i in self._named:
                continue
            if token.lower_ in lexicon["adverbs"]:
                if token.dep_ in {"advmod", "pcomp", "pobj"}:
                    yield token
            elif token.lower_ in self._classes and any(
                c.lower_ in lexicon["determiners"] for c in token.children
            ):
                yield token

    def _scope(self, trigger: Token) -> list[Token]:
        """Give the tokens of the clause of a trigger, those below it first."""
        head = trigger
        while (
            head.pos_ not in {"VERB", "AUX"} and head.head != head and head.head.sent == head.sent
        ):
            head = head.head
        below = list(trigger.subtree)
        known = {token.i for token in below}
        return [*below, *(t for t in head.subtree if t.i not in known), *_shared_subject(head)]

    def _last(self, before: int, code: str, noun: str) -> Toponym | None:
        """Give the last place of a class in reach; the class is a preference for settlements."""
        floor = self._doc[before].idx - ANAPHORA_CHARACTERS
        sentence = self._doc[before].sent.start
        index = bisect.bisect_left(self._starts, before)
        for span, toponym in reversed(self._places[:index]):
            if span.start_char < floor:
                break
            place = toponym.place
            if is_country(toponym) or toponym.reading != "literal":
                continue
            if noun == "capital" and (place is None or place.feature_code != "PPLC"):
                continue
            elsewhere = is_reporting_place(span) and span.end <= sentence
            if (place is None or place.feature_class == code) and not elsewhere:
                return toponym
        return None

    def of_paragraph(self, trigger: Token) -> Toponym | None:
        """Give the place that the paragraph, or list item, is about at a trigger.

        Parameters
        ----------
        trigger
            The trigger.

        Returns
        -------
        Toponym or None
            The last place named before it as a location, in its own sentence
            first; ``None`` when there is none near enough.
        """
        start = max(self._block_start(trigger), trigger.idx - FOCUS_CHARACTERS)
        index = bisect.bisect_left(self._starts, trigger.i)
        earlier = [p for p in self._places[:index] if p[0].start_char >= start]
        for span, toponym in reversed(earlier):
            if span.start >= trigger.sent.start and self._is_location(span, toponym):
                return toponym
        for token, toponym, _ in reversed(self._noted):
            if token.idx < start:
                break
            if token.i <= trigger.i:
                return toponym
        for water in (False, True):
            for span, toponym in reversed(earlier):
                if self._is_location(span, toponym) and (water or not _is_water(toponym)):
                    return toponym
        behind = [p for p in self._places[index:] if p[0].start < trigger.sent.end]
        return next((t for span, t in behind if self._is_location(span, t)), None)

    def _is_location(self, span: Span, toponym: Toponym) -> bool:
        if is_country(toponym) or toponym.reading != "literal" or is_reporting_place(span):
            return False
        return not self._is_dateline(span) and preposition_of(span) not in _ELSEWHERE

    def _is_dateline(self, span: Span) -> bool:
        """Tell whether a name in capitals opens a paragraph: "KYIV, 3 March 2022."."""
        if not span.text.isupper():
            return False
        line = self.text.rfind("\n", 0, span.start_char) + 1
        return span.start_char - line < DATELINE_CHARACTERS

    def _block_start(self, trigger: Token) -> int:
        """Give the offset where the paragraph, or the list item, of a trigger begins."""
        text = self.text
        start = text.rfind("\n\n", 0, trigger.idx) + 2 if "\n\n" in text[: trigger.idx] else 0
        line = text.rfind("\n", 0, trigger.idx) + 1
        if text[line:].lstrip().startswith(_LIST_MARKS):
            return max(start, line)
        return start
