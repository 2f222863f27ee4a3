"""The events of a gold at their own triggers: what fits places to triggers learns from.

Which trigger is found is another question: here each row of the gold stands at its
own word, and only its places are asked for.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geomap.analysis import Analysis
from geomap.events.locations import as_location
from geomap.events.taxonomy import load_taxonomy
from geomap.events.triggers import FoundTrigger
from geomap.pipeline import load_pipeline
from geomap.score import read_gold
from geomap.score.attributes import near_km
from geomap.toponyms.annotations import toponyms_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spacy.language import Language
    from spacy.tokens import Doc, Span, Token

    from geomap.records import Toponym
    from geomap.score.gold import GoldDocument, GoldPlace

__all__ = [
    "FOLDERS",
    "GoldText",
    "GoldTrigger",
    "found_trigger",
    "is_held_out",
    "is_right",
    "parser",
    "places_of",
    "texts",
    "token_at",
    "triggers_of",
]

ROOT = Path(__file__).parents[1]
QUALITY = ROOT / "tests" / "quality"
FOLDERS = (ROOT / "seeds", QUALITY / "development", QUALITY / "wires", QUALITY / "briefs")
# Of these one dispatch in three is measured on only.
_PARTED = frozenset({"wires", "briefs"})


@dataclass(frozen=True, slots=True)
class GoldText:
    """A parsed text of a gold and its toponyms as found."""

    doc: Doc
    gold: GoldDocument
    places: tuple[tuple[Span, Toponym], ...]


@dataclass(frozen=True, slots=True)
class GoldTrigger:
    """A trigger and the places that the gold gives its events; none for an event without."""

    found: FoundTrigger
    rows: tuple[tuple[GoldPlace, ...], ...]

    @property
    def places(self) -> list[GoldPlace]:
        """All its places."""
        return [place for row in self.rows for place in row]


def is_held_out(folder: str, stem: str) -> bool:
    """Tell whether nothing is fitted on a dispatch, by the hash of its folder and name."""
    digest = hashlib.sha256((folder + stem).encode()).hexdigest()
    return folder in _PARTED and int(digest, 16) % 3 == 0


def texts(folders: Sequence[Path] = FOLDERS) -> list[GoldText]:
    """Parse all sentences of the texts that may be fitted on."""
    nlp = parser()
    found = []
    for folder in folders:
        for gold in read_gold(folder / "gold").documents:
            if gold.events is None or is_held_out(folder.name, gold.doc):
                continue
            doc = nlp((folder / f"{gold.doc}.txt").read_bytes().decode("utf-8"))
            found.append(GoldText(doc, gold, places_of(doc)))
    return found


def parser() -> Language:
    """Load the pipeline so that it parses all sentences and looks for no events."""
    whole: Any = lambda _self, _doc, sentences, _named, _actors: list(sentences)  # noqa: E731
    Analysis._chosen = whole  # noqa: SLF001 - a trigger may stand where the pipeline looks at nothing
    nlp = load_pipeline()
    nlp.disable_pipe("geomap_events")
    return nlp


def places_of(doc: Doc) -> tuple[tuple[Span, Toponym], ...]:
    """Give the toponyms of a text with their spans, as events look at them."""
    verbs = load_taxonomy().words["ground_verbs"]
    spans = [(doc.char_span(t.start, t.end), t) for t in toponyms_of(doc)]
    return tuple((s, as_location(s, t, ground_verbs=verbs)) for s, t in spans if s is not None)


def triggers_of(text: GoldText) -> Iterator[GoldTrigger]:
    """Give the triggers of a text in order, each with all its rows."""
    rows: dict[tuple[int, int, str], list[tuple[GoldPlace, ...]]] = defaultdict(list)
    for event in text.gold.events or ():
        rows[event.start, event.end, event.type].append(event.places if event.placed else ())
    for (start, end, name), places in sorted(rows.items(), key=lambda item: item[0]):
        yield GoldTrigger(found_trigger(text.doc, start, end, name), tuple(places))


def found_trigger(doc: Doc, start: int, end: int, name: str) -> FoundTrigger:
    """Give the trigger of a type at half-open character offsets, at the word of its lexicon."""
    token = token_at(doc, start, end, name)
    return FoundTrigger(token, load_taxonomy().types[name], ordinal=None, placed=False)


def token_at(doc: Doc, start: int, end: int, name: str) -> Token:
    """Give the word of a trigger's span that is the trigger: one of its type's, or the root."""
    span = doc.char_span(start, end, alignment_mode="expand")
    lemmas = {lemma for rule in load_taxonomy().types[name].triggers for lemma in rule.lemmas}
    known = [t for t in span if t.lemma_.lower() in lemmas or t.lower_ in lemmas]
    return span.root if span.root in known or not known else known[0]


def is_right(toponym: Toponym, places: Sequence[GoldPlace]) -> bool:
    """Tell whether a toponym lies at one of the places."""
    return any(near_km(place, toponym.place) is not None for place in places)
