"""Bulletins: texts that speak in one body's voice throughout, and say so at the top."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from geomap.lexicons import rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from spacy.tokens import Doc, Span, Token

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
# "JERUSALEM, May 14 (AFP) - ", "BAKU, 17 October 2020. ".
_DATELINE = re.compile(r"[A-Z][A-Z /’'-]{2,40}, (?:\d{1,2} )?[A-Z][a-z]+\b[^–—-]{0,20}?\d")
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
    found = titled if titled is not None else _head_voice(doc, names, text=text)
    if found is None or _compiles(found[0]):
        return None
    return found


def _compiles(issuer: Attribution) -> bool:
    """Tell whether a body only gathers what others report: its text speaks for itself."""
    name = issuer.organisation or issuer.speaker or ""
    return name.lower().startswith(tuple(rules("claims")["bulletins"]["compilers"]))


def _head_voice(doc: Doc, names: SpeakerNames, *, text: str) -> tuple[Attribution, int] | None:
    offset = 0
    lines = text.split("\n")[:BULLETIN_LINES]
    dated = any(_DATELINE.match(line) for line in lines[1:])
    for line in lines:
        start, offset = offset, offset + len(line) + 1
        named = _named_issuer(doc, start, line, names)
        if named is not None:
            return _with_person(
                named, doc, offset, names, text=text
            ), offset if start == 0 else start
        found = _opening_issuer(doc, start, line, names, dated=dated)
        if found is not None:
            return _with_person(found, doc, offset, names, text=text), offset
    return None


def _with_person(
    found: Attribution, doc: Doc, offset: int, names: SpeakerNames, *, text: str
) -> Attribution:
    """Add who speaks for the body, if the next line says so: "Statement by Rear Adm. X"."""
    line, _, _ = text[offset:].lstrip("\n").partition("\n")
    if not line or found.speaker is not None or len(line.split()) > LONGEST_HEAD:
        return found
    start = text.index(line, offset)
    named = _named_issuer(doc, start, line, names)
    if named is None or named.speaker is None:
        return found
    return replace(found, speaker=named.speaker)


def _opening_issuer(
    doc: Doc, start: int, line: str, names: SpeakerNames, *, dated: bool
) -> Attribution | None:
    """Find who opens a line: "General Staff …: situation", "Briefing by …", "X informs:"."""
    lexicon = rules("claims")["bulletins"]
    opening = _opening_of(start, line, lexicon, dated=dated)
    if opening is None:
        return None
    start, part = opening
    span = doc.char_span(start, start + len(part), alignment_mode="contract")
    return _issuer(span, names) if span is not None else None


def _opening_of(
    start: int, line: str, lexicon: Mapping[str, Sequence[str]], *, dated: bool
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
    if colon and dated and not (opens or informs):
        # Above a story of an agency, "Kharkiv governor: over 40 settlements free" quotes him.
        return None
    part = line if opens else head
    says = opens or informs or bool(colon)
    looked_at = part if colon and not opens else line
    return (start, part) if says and _issuers().search(looked_at) else None


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
        if not (bodies or any(_names_body(t, names) for t in span)):
            continue
        if " / " in match["who"] and len(span) == 1:
            continue
        noun = min(bodies, key=lambda e: e.label_ != "PERSON").root if bodies else span.root
        return names.attribution(noun, verb=None, phrase=span.text)
    return None


_PLACES = frozenset({"GPE", "LOC", "FAC", "DATE"})


def _names_body(token: Token, names: SpeakerNames) -> bool:
    """Tell whether a word may name who speaks; the tagger takes "ICRC update" for a verb."""
    known = token.pos_ == "PROPN" or token.is_upper
    return names.is_body(token) or (known and token.ent_type_ not in _PLACES)


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
            rf"(?:\A|[-–—] )\W*(?P<who>(?:The )?[A-Z][^.:,\n]{{3,60}}?) (?:has |have )?(?:{informs})\b[^\n]*:"
        ),
        # "Oleh Kiper, head of the region, on Telegram, 19 November", also above the text.
        re.compile(rf"\A\W*(?P<who>[A-Z][^:|\n]{{2,90}}?), (?i:{channels})\b[^:\n]{{0,30}}:?$"),
        # "Serhiy Haidai, Luhansk OVA, on Thursday morning".
        re.compile(
            r"\A\W*(?P<who>[A-Z][^:|,\n]{2,40}, [^:|,\n]{2,60}?), (?:on )?(?:the |\w+day )?(?:morning|evening|night)$"
        ),
        # "…: the General Staff's morning report".
        re.compile(rf"(?<=: )the (?P<who>[A-Z][^:|,\n]{{2,50}}?)[’']s {when}(?i:{own})$"),
        # "Syrian Observatory for Human Rights, 28 September 2016", "ICRC on Debaltseve, 6 February".
        re.compile(
            rf"^\W*(?P<who>[A-Z][^:|,.\n]{{2,60}}?)(?: on (?:the )?[A-Z][^,\n]{{2,40}})?, {_DAY}(?: \d{{4}})?$"
        ),
        # "Darfur Flash Update No. 3 (OCHA)", "Operational information (General Staff of …)".
        re.compile(rf"^[^\n]*\b(?i:{own})\b[^(\n]{{0,60}}\((?P<who>[A-Z][^)\d]+)\)$"),
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


@lru_cache(maxsize=1)
def _issuers() -> re.Pattern[str]:
    """Give an expression for the names of bodies that publish bulletins, as whole words."""
    return re.compile(
        rf"\b(?i:{'|'.join(map(re.escape, rules('claims')['bulletins']['issuers']))})\b"
    )


def _issuer(span: Span, names: SpeakerNames) -> Attribution | None:
    text = span.text
    low = text.lower()
    found = _issuers().search(text)
    if found is None:
        return None
    head = found.start()
    begin = max((low.rfind(w, 0, head) + len(w) for w in (" by ", " of the ", " of ", ". from the ") if w in low[:head]), default=0)  # fmt: skip
    name = re.split(r",| at | on | for \d|\(", text[begin:])[0].strip(" .:-–")
    name = re.sub(r" (?:informs|reports|says|announces|states)$", "", name)
    noun = next((t for t in span if t.text in name.split()), span.root)
    return names.attribution(noun, verb=None, phrase=name)
