"""Bulletins: texts that speak in one body's voice throughout, and say so at the top."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from geomap.lexicons import rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from spacy.tokens import Doc, Span

    from geomap.events.speakers import SpeakerNames
    from geomap.records import Attribution

__all__ = ["voice_of_bulletin"]

# How many lines at the top may say whose bulletin it is.
BULLETIN_LINES = 5
# Words before the colon of a title or of "X informs:".
LONGEST_HEAD = 14
_TOLD = re.compile(
    r"\bwhat (?P<who>the [\w’' -]{3,40}?) (?:told|tells|said|says|reports|reported)\b",
    re.IGNORECASE,
)
# Who writes "I" or "Dear citizens" below a title with his name is the author.
_FIRST_PERSON = re.compile(r"\bI\b(?![.’'])|\bDear\b|\b[Ww]e\b")
# A body writes of its own people and stores: "MSF: Goma, one week on".
_OURS = re.compile(r"\b[Oo]ur\b|\b[Ww]e\b")
_QUOTED = re.compile(r"[“\"«][^”\"»\n]*[”\"»]")


def voice_of_bulletin(
    doc: Doc, names: SpeakerNames, *, text: str
) -> tuple[Attribution, int] | None:
    """Find whose bulletin a text is: "General Staff …: situation", "Briefing by …", "X informs:".

    Parameters
    ----------
    doc
        A parsed text.
    names
        The speakers of the text.
    text
        The text of ``doc``, which spaCy builds anew each time it is asked.

    Returns
    -------
    tuple of (attribution, offset) or None
        Whose voice it is, and from which character on; ``None`` for other texts.
    """
    titled = _title_voice(doc, names, text=text)
    if titled is not None:
        return titled
    offset = 0
    for line in text.split("\n")[:BULLETIN_LINES]:
        start, offset = offset, offset + len(line) + 1
        named = _named_issuer(doc, start, line, names)
        if named is not None:
            return _with_person(
                named, doc, offset, names, text=text
            ), offset if start == 0 else start
        found = _opening_issuer(doc, start, line, names)
        if found is not None:
            return _with_person(found, doc, offset, names, text=text), offset
    return None


def _with_person(
    found: Attribution, doc: Doc, offset: int, names: SpeakerNames, *, text: str
) -> Attribution:
    """Add who speaks for the body, if the next line says so: "Statement by Rear Adm. X"."""
    line, _, _ = text[offset:].lstrip("\n").partition("\n")
    if found.speaker is not None or len(line.split()) > LONGEST_HEAD:
        return found
    start = text.index(line, offset)
    named = _named_issuer(doc, start, line, names)
    if named is None or named.speaker is None:
        return found
    return replace(found, speaker=named.speaker)


def _opening_issuer(doc: Doc, start: int, line: str, names: SpeakerNames) -> Attribution | None:
    """Find who opens a line: "General Staff …: situation", "Briefing by …", "X informs:"."""
    lexicon = rules("claims")["bulletins"]
    opening = _opening_of(start, line, lexicon)
    if opening is None:
        return None
    start, part = opening
    span = doc.char_span(start, start + len(part), alignment_mode="contract")
    return _issuer(span, lexicon, names) if span is not None else None


def _opening_of(
    start: int, line: str, lexicon: Mapping[str, Sequence[str]]
) -> tuple[int, str] | None:
    """Give the part of a line that may name an issuer, with its offset; ``None`` for other lines."""
    opens = any(line.lower().startswith(w) for w in lexicon["openers"])
    head, colon, behind = line.partition(":")
    if len(head.split()) > LONGEST_HEAD:
        # A clause that happens to hold a colon.
        colon = ""
    elif colon and any(behind.strip().lower().startswith(w) for w in lexicon["openers"]):
        # "CHERNIHIV: evening summary of the regional administration": the title says it behind.
        opens, colon = True, ""
        start, line = start + len(head) + 1, behind
    words = line.lower()
    informs = words.rstrip().endswith(":") and any(v in words for v in lexicon["verbs"])
    if start and colon and behind.strip() and not opens:
        # "The General Staff: reserves have come" in the body is that sentence's.
        return None
    part = line if opens else head
    says = opens or informs or bool(colon)
    looked_at = part if colon and not opens else line
    named = any(h in looked_at.lower() for h in lexicon["issuers"])
    return (start, part) if says and named else None


def _named_issuer(doc: Doc, offset: int, line: str, names: SpeakerNames) -> Attribution | None:
    """Find whose account a line announces by a word for it: "Bulletin of …", "UNRWA statement"."""
    channels = rules("claims")["bulletins"]["channels"]
    for pattern in _patterns():
        if offset and pattern.pattern.startswith("^"):
            continue
        match = pattern.search(line)
        if match is None:
            continue
        who = _WHO_ENDS.split(match["who"])[0].rstrip(" .")
        first = offset + match.start("who")
        span = doc.char_span(first, first + len(who), alignment_mode="contract")
        if span is None or len(span) > LONGEST_HEAD or who.lower() in channels:
            continue
        bodies = [e for e in span.ents if e.label_ in {"PERSON", "ORG"}]
        named = any(
            names.is_body(t) or (t.pos_ == "PROPN" and t.ent_type_ not in _PLACES) for t in span
        )
        if not (bodies or named) or (" / " in match["who"] and len(span) == 1):
            continue
        noun = min(bodies, key=lambda e: e.label_ != "PERSON").root if bodies else span.root
        return names.attribution(noun, verb=None, phrase=span.text)
    return None


_PLACES = frozenset({"GPE", "LOC", "FAC", "DATE"})
# What is no part of a name behind "bulletin of": a date, an addressee, a subject.
_WHO_ENDS = re.compile(
    r", (?=\w+ \d|\d|based|(?:early |late )?(?:morning|evening|night|noon)\b|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)| to (?=[A-Z])"
    r"| \(| / | on (?=day|the (?:evening|morning|night|situation|progress))"
)
_DAY = r"\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December)"


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Give the openings that name an issuer; those that begin with "^" hold in a title only."""
    lexicon = rules("claims")["bulletins"]
    kinds, own, informs, channels = (
        "|".join(map(re.escape, lexicon[name]))
        for name in ("kinds", "own_kinds", "informs", "channels")
    )
    when = "(?:(?:[Ee]vening|[Mm]orning|[Nn]ightly|[Dd]aily|[Oo]perational) )?"
    return (
        re.compile(
            rf"(?:\A|(?<=\n)|(?<=: ))\W*{when}(?i:{kinds})\b[^,\n]{{0,40}}? (?:of|by|from) (?:the )?"
            r"(?P<who>[A-Z][^:|\n]{2,120}?)(?=\.?$|:|(?<!Adm)(?<!Gen)(?<!Col)(?<!Maj)\. )"
        ),
        re.compile(
            rf"^\W*(?:\w+: )?(?P<who>[A-Z][^:|\n]{{2,70}}?)[:,] (?:the )?{when}(?i:{own})\b"
            r"(?! (?:of|by|from) (?:the )?\D| under\b| is\b| remains\b)"
        ),
        re.compile(
            rf"^\W*(?P<who>[A-Z][^:|,\n]{{1,50}}?) {when}(?i:{own})\b(?! of\b| [a-z]+(?:s|ed)\b)"
        ),
        re.compile(r"^\W*(?P<who>[A-Z][^/:|\n]{3,40} / [^/(:|\n]{3,40}?)(?: \(|$)"),
        re.compile(
            rf"(?:\A|[-–—] )\W*(?P<who>(?:The )?[A-Z][^.:,\n]{{3,60}}?) (?:{informs})\b[^\n]*:"
        ),
        # "Oleh Kiper, head of the region, on Telegram, 19 November", also above the text.
        re.compile(rf"\A\W*(?P<who>[A-Z][^:|\n]{{2,90}}?), (?i:{channels})\b[^:\n]{{0,30}}:?$"),
        # "…: the General Staff's morning report".
        re.compile(rf"(?<=: )the (?P<who>[A-Z][^:|,\n]{{2,50}}?)[’']s {when}(?i:{own})$"),
        # "Syrian Observatory for Human Rights, 28 September 2016", "ICRC on Debaltseve, 6 February".
        re.compile(
            rf"^\W*(?P<who>[A-Z][^:|,.\n]{{2,60}}?)(?: on (?:the )?[A-Z][^,\n]{{2,40}})?, {_DAY}(?: \d{{4}})?$"
        ),
        # "Darfur Flash Update No. 3 (OCHA)".
        re.compile(rf"^[^\n]*\b(?i:{own})\b[^(\n]{{0,40}}\((?P<who>[A-Z]{{2,}}[^)\d]*)\)$"),
    )


def _title_voice(doc: Doc, names: SpeakerNames, *, text: str) -> tuple[Attribution, int] | None:
    """Find "Iryna Vereshchuk: …" over a text in the first person, "What the committee told us"."""
    title, _, rest = text.partition("\n")
    told = _TOLD.search(title)
    if told is not None:
        span = doc.char_span(*told.span("who"), alignment_mode="contract")
        if span is not None and names.is_body(span.root):
            found = names.attribution(span.root, verb=None, phrase=span.text)
            return (found, len(title) + 1) if found is not None else None
    head, colon, _ = title.partition(": ")
    span = doc.char_span(0, len(head), alignment_mode="contract") if colon else None
    own_words = _QUOTED.sub("", rest)
    if span is None or len(span) > LONGEST_HEAD or not _FIRST_PERSON.search(own_words):
        return None
    labels = {"PERSON", "ORG"} if _OURS.search(own_words) else {"PERSON"}
    author = next((e for e in span.ents if e.label_ in labels and e.end == span.end), None)
    if author is None:
        return None
    found = names.attribution(author.root, verb=None, phrase=span.text)
    return (found, len(title) + 1) if found is not None else None


def _issuer(
    span: Span, lexicon: Mapping[str, Sequence[str]], names: SpeakerNames
) -> Attribution | None:
    text = span.text
    low = text.lower()
    head = min((low.find(h) for h in lexicon["issuers"] if h in low), default=-1)
    if head < 0:
        return None
    begin = max((low.rfind(w, 0, head) + len(w) for w in (" by ", " of the ", " of ") if w in low[:head]), default=0)  # fmt: skip
    name = re.split(r",| at | on | for \d|\(", text[begin:])[0].strip(" .:-–")
    name = re.sub(r" (?:informs|reports|says|announces|states)$", "", name)
    noun = next((t for t in span if t.text in name.split()), span.root)
    return names.attribution(noun, verb=None, phrase=name)
