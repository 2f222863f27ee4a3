"""What a place name is in its sentence: location, attacker, place of a report, what holds it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geomap.events.relations import preposition_of
from geomap.geometry import distance_km
from geomap.lexicons import rules
from geomap.toponyms.candidates import contains

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from spacy.tokens import Span, Token

    from geomap.records import Toponym

__all__ = [
    "as_location", "holds_place", "is_antecedent", "is_aside", "is_attacker", "is_country",
    "is_direct", "is_reporting_place", "is_settlement",
]  # fmt: skip

_LOCATIVE = frozenset({"at", "on", "beside", "near", "around", "from", "to", "toward", "via"})
# An area of a larger radius (the Middle East, Europe) says no more than a country does.
LARGEST_AREA_KM = 300.0
# The furthest that a place may stand from its verb of speech: "reporters at a briefing in X".
_LONGEST_REPORT = 4


def as_location(span: Span, toponym: Toponym, *, ground_verbs: Collection[str] = ()) -> Toponym:
    """Read a name as literal where only a place on the ground makes sense, for the events' sake.

    "In El Geneina militias attacked": a parse that makes one noun phrase of it
    makes a modifier of the name; the preposition without an article says where.
    "Troops tried to block Kyiv": no government is blocked by troops.

    Parameters
    ----------
    span, toponym
        A name as read.
    ground_verbs
        Lemmas of verbs whose object is a place on the ground, not who acts for it.

    Returns
    -------
    Toponym
        The same, or a copy whose reading is literal.
    """
    root = span.root
    if toponym.reading == "metonymic" and not is_country(toponym):
        held = root.dep_ in {"dobj", "nsubjpass"} and root.head.lemma_.lower() in ground_verbs
        return replace(toponym, reading="literal") if held else toponym
    if toponym.reading != "modifier" or span.start == span.sent.start or is_country(toponym):
        return toponym
    before = span.doc[span.start - 1]
    located = preposition_of(span) in _LOCATIVE and before.pos_ == "ADP"
    return replace(toponym, reading="literal") if located else toponym


def is_aside(trigger: Token, span: Span) -> bool:
    """Tell whether the speech only interrupts what happens there: "In X, he said, troops met"."""
    speech = span.root.head.head
    return span.start - span.sent.start <= 1 and trigger in speech.ancestors


def is_direct(trigger: Token, span: Span) -> bool:
    """Tell whether the name stands before a noun: "the Mariupol siege"."""
    return span.root.head == trigger and span.root.dep_ in {"compound", "poss", "nmod", "amod"}


def is_country(toponym: Toponym) -> bool:
    """Tell whether a name stands for a whole country or for several."""
    place = toponym.place
    return place is not None and (
        place.feature_code.startswith(("PCL", "CONT"))
        or (place.feature_class == "L" and place.radius_km > LARGEST_AREA_KM)
    )


def is_attacker(trigger: Token, span: Span) -> bool:
    """Tell whether the name stands in the subject of an active verb: it strikes."""
    if trigger.pos_ == "NOUN" and trigger.dep_ == "dobj":
        # "Seismologists in Norway registered a blast": they did not sit in it.
        observes = trigger.head.lemma_.lower() in rules("roles")["observers"]["verbs"]
        watchers = [c for c in trigger.head.children if c.dep_ == "nsubj"]
        return observes and any(span.root in set(w.subtree) for w in watchers)
    if trigger.pos_ != "VERB" or any(c.dep_ in {"nsubjpass", "auxpass"} for c in trigger.children):
        return False
    subjects = [c for c in trigger.children if c.dep_ == "nsubj"]
    objects = [c for c in trigger.children if c.dep_ == "dobj"]
    undergoes = trigger.lemma_.lower() in rules("roles")["undergoers"]["verbs"]
    if not objects and (trigger.tag_ == "VBN" or undergoes or span.root in subjects):
        # A place read as one, not as who acts there: "Kramatorsk followed on Sunday".
        return False
    return any(span.root in set(s.subtree) for s in subjects) and not is_antecedent(trigger, span)


def is_settlement(toponym: Toponym) -> bool:
    """Tell whether a name stands for a town or village, not for a part of one."""
    place = toponym.place
    return place is not None and place.feature_class == "P" and place.feature_code != "PPLX"


def holds_place(outer: Toponym, inner: Toponym) -> bool:
    """Tell whether the place of one name contains that of the other."""
    place, container = inner.place, outer.place
    if place is None or container is None:
        return False
    apart = distance_km(place.lon, place.lat, container.lon, container.lat)
    return contains(container, place, distance_km=apart)


def is_reporting_place(span: Span) -> bool:
    """Tell whether somebody speaks there: "told reporters in Geneva"."""
    root = span.root
    if root.dep_ != "pobj":
        return False
    lexicon = rules("claims")
    governor = root.head.head
    carriers = lexicon["words"]["audience"]
    for _ in range(_LONGEST_REPORT):
        if governor.pos_ not in {"NOUN", "PROPN", "ADP"} or governor.lower_ not in carriers:
            break
        governor = governor.head
    spoken = governor.pos_ == "VERB" and governor.lemma_.lower() in lexicon["verbs"]["spoken"]
    return spoken or (governor.pos_ in {"NOUN", "PROPN"} and _is_speaker(governor, lexicon))


def _is_speaker(noun: Token, lexicon: Mapping[str, Mapping[str, list[str]]]) -> bool:
    """Tell whether a noun is the source: "a hospital in Deir al-Balah says"."""
    if any(c.dep_ == "dobj" for c in noun.head.children):
        # "The shelling of X claimed five lives."
        return False
    return (
        noun.dep_ in {"nsubj", "pobj"}
        and noun.head.pos_ in {"VERB", "ADP"}
        and (
            noun.head.lemma_.lower() in lexicon["verbs"]["spoken"]
            or (noun.head.lower_ == "to" and noun.head.head.lower_ == "according")
        )
    )


def is_antecedent(trigger: Token, span: Span) -> bool:
    """Tell whether a clause with the trigger hangs on the name: "cities that X surrounded"."""
    light = rules("roles")["verbs"]["light"]
    verb = trigger
    while verb.dep_ in {"pobj", "prep", "dobj", "xcomp", "oprd", "acomp"} and verb.head != verb:
        verb = verb.head
    if verb.dep_ not in {"relcl", "acl"} or (verb != trigger and verb.lemma_ not in light):
        return False
    noun = verb.head
    heads = {noun, *noun.conjuncts}
    if noun.dep_ == "appos":
        heads |= {noun.head, *noun.head.conjuncts}
    return span.root in heads
