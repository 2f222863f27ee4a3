"""Texts as they come: whatever the characters, nothing breaks and every offset is right."""

from __future__ import annotations

import json
import random
import unicodedata
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geomap.contract import to_line
from geomap.errors import InputError
from geomap.pipeline import extract, read_toponyms
from geomap.records import Article, ExtractedArticle

# Our own words, with what the extractor looks for: names, brackets, chains, quotes, dates.
PROSE = (
    "Russian troops have surrounded Mariupol, the city council said on Thursday. Shells fell on "
    "Kharkov and Krasny Liman (Donetsk region), 20 km east of Sloviansk. A corridor Sumy-Poltava-"
    "Lubny was agreed at talks in Gomel; “Kyiv will not leave”, the mayor’s office wrote. Moscow "
    "believes otherwise. Évian, Łódź, Zürich and Київ were calm on 3 March 2022.\n\n"
    "In the Kharkiv, Sumy and Chernihiv regions a missile hit a school at 17:50 Moscow time."
)
NAMES = ("Kyiv", "Kharkov", "Mariupol", "Krasny Liman", "Moscow", "Évian", "Київ", "New York")
# What hides in scraped text: zero widths, bidi controls, line and paragraph separators, controls,
# combining marks, variation selectors, joiners, emoji, halves of surrogate pairs, private use.
ODD = (
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2069"
    "\u2028\u2029\u0085\u000b\u000c\u001c\u001d\u001e\u00a0\u3000\u0000\u0007\u001b\u007f"
    "\u0301\u0308\u0336\u0489\u20dd\ufe0f\U0001f4a5\U0001f1fa\U0001f1e6\U0001f468\U0001f3fd"
    "\ud800\udfff\ue000\uffff\U0010ffff\ufffd"
)
SCRIPTS = "كييفмосква北京조선กรุงתלאביבदिल्लीЇїҐґІİıßﬁǅŉΣςσ"
MARKS = "'’ʼ`\"“”«»()[]{}-–—‑/.,;:!?…@#&%*_|\\<>~^$"
PIECES = st.one_of(
    st.sampled_from(NAMES),
    st.sampled_from(PROSE.split(" ")),
    st.text(st.sampled_from(ODD), min_size=1, max_size=4),
    st.text(st.sampled_from(SCRIPTS + MARKS), min_size=1, max_size=6),
    st.text(st.characters(), min_size=1, max_size=6),  # any code point, surrogates included
)
TEXTS = st.builds(
    lambda pieces, gap: gap.join(pieces),
    st.lists(PIECES, max_size=25),
    st.sampled_from([" ", "", "\n", "\u2028", "-", ", ", " (", "\u200b"]),
)
# Characters of the long paragraphs: time grows with the length of a text, not with its square.
LONG_CHARS = 40_000
ANY = settings(
    max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


def check(text: str, nlp: Any) -> ExtractedArticle:
    """Extract and hold every offset to the text."""
    extracted = extract(Article(id="a", text=text, language="en"), nlp=nlp)
    toponyms = extracted.toponyms
    for toponym in toponyms:
        assert text[toponym.start : toponym.end] == toponym.text
        assert toponym.text.strip()
        assert 0 <= toponym.confidence <= 1
        if toponym.place is not None:
            assert -90 <= toponym.place.lat <= 90
            assert -180 <= toponym.place.lon <= 180
    assert all(a.end <= b.start for a, b in pairwise(toponyms))
    for event in extracted.events:
        assert 0 <= event.trigger.start < event.trigger.end <= len(text)
        assert event.sentence.start <= event.trigger.start
        assert event.trigger.end <= event.sentence.end
        assert {argument.toponym for argument in event.places} <= {t.id for t in toponyms}
    saved = json.loads(to_line(extracted).encode())
    assert len(saved["toponyms"]) == len(toponyms)
    return extracted


@ANY
@given(text=TEXTS)
def test_any_text(text: str, nlp: Any) -> None:
    check(text, nlp)


@ANY
@given(data=st.data())
def test_prose_with_characters_put_in_anywhere(data: st.DataObject, nlp: Any) -> None:
    text = PROSE
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(st.sampled_from(ODD + SCRIPTS + MARKS)) + text[at:]
    check(text, nlp)


@ANY
@given(text=TEXTS, data=st.data())
def test_any_span_can_be_given(text: str, data: st.DataObject, nlp: Any) -> None:
    spans = []
    for _ in range(data.draw(st.integers(0, 3)) if text else 0):
        start = data.draw(st.integers(0, len(text) - 1))
        spans.append((start, data.draw(st.integers(start + 1, len(text)))))
    try:
        _, resolved = read_toponyms(Article(id="a", text=text), nlp=nlp, given=spans)
    except InputError as err:
        assert "is no span" in str(err)  # noqa: PT017 - other spans must not fail
    else:
        assert [(t.start, t.end) for t in resolved] == sorted(spans)
        assert all(text[t.start : t.end] == t.text for t in resolved)


def noisy(text: str, *, share: float) -> str:
    """Misread letters as OCR does: look-alikes, joined and split words, broken lines."""
    chance = random.Random(7)  # noqa: S311 - no secret
    alike = {"l": "1", "i": "í", "o": "0", "e": "c", "m": "rn", "S": "5", "B": "8", " ": "  ",
             "a": "ɑ", "K": "К", "h": "li", ",": ".", "M": "IVI"}  # fmt: skip
    return "".join(alike.get(c, c + "-\n") if chance.random() < share else c for c in text)


ROUGH = {
    "upper": PROSE.upper(),
    "lower": PROSE.lower(),
    "title": PROSE.title(),
    "no diacritics": unicodedata.normalize("NFKD", PROSE).encode("ascii", "ignore").decode(),
    "decomposed": unicodedata.normalize("NFD", PROSE),
    "compatibility": unicodedata.normalize("NFKC", PROSE.upper()),
    "no punctuation": "".join(c for c in PROSE if c.isalnum() or c.isspace()),
    "no spaces": PROSE.replace(" ", ""),
    "one word a line": PROSE.replace(" ", "\n"),
    "line separators": PROSE.replace(" ", "\u2028").replace(".", "\u2029"),
    "no-break spaces": PROSE.replace(" ", "\u00a0"),
    "OCR, a little": noisy(PROSE, share=0.02),
    "OCR, much": noisy(PROSE, share=0.2),
    "zero widths": "\u200b".join(PROSE),
    "combining": "".join(c + "\u0336\u0310" for c in PROSE),
    "bidi": "".join(f"\u202e{word}\u202c " for word in PROSE.split()),
    "emoji": " \U0001f4a5".join(PROSE.split()) + "\U0001f1fa\U0001f1e6" * 20,
    "controls": "\x07".join(PROSE.split(" ")),
    "surrogates": "\ud800".join(PROSE.split(" ")),
    "surrogates in names": PROSE.replace("a", "a\udfff"),
    "full width": "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in PROSE),
    "mixed scripts": PROSE.translate(str.maketrans("aoeiKMTc", "аоеіКМТс")),
    "brackets": "((((((Kyiv)))))) [[[Kharkov]]] {Mariupol}" * 8,
    "hyphens": "Kyiv--Lviv——Odesa-‑Sumy-" * 8,
    "possessives": "Kyiv's's’s ’s's ' ’ Kharkov's' (",
    "nothing": "",
    "blank": " \t\n\u2028\u3000\u200b",
}


@pytest.mark.parametrize("kind", ROUGH)
def test_rough_prose(kind: str, nlp: Any) -> None:
    check(ROUGH[kind], nlp)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("upper", {"MARIUPOL", "KHARKOV"}),
        ("no diacritics", {"Mariupol", "Kharkov"}),
        ("line separators", {"Mariupol", "Kharkov"}),
        ("no-break spaces", {"Mariupol", "Kharkov"}),
        ("one word a line", {"Mariupol", "Kharkov"}),
    ],
)
def test_names_are_still_found(kind: str, expected: set[str], nlp: Any) -> None:
    assert expected <= {t.text for t in check(ROUGH[kind], nlp).toponyms}


def test_half_a_surrogate_pair_is_kept_in_the_text(nlp: Any) -> None:
    text = "Shells fell on Kharkov\ud800, and on Krasny Liman."
    extracted = check(text, nlp)
    assert extracted.article.text == text
    assert "Krasny Liman" in {t.text for t in extracted.toponyms}


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind", ["prose", "no punctuation", "one name", "list", "one word", "brackets"]
)
def test_very_long_paragraphs(kind: str, nlp: Any) -> None:
    paragraph = PROSE.replace("\n", " ") + " "
    pieces = {
        "prose": paragraph,
        "no punctuation": "".join(c for c in paragraph if c.isalnum() or c == " "),
        "one name": "Kyiv ",
        "list": "Kyiv, Kharkov, Sumy, ",
        "one word": "Mariupol",
        "brackets": "(Kyiv ",
    }
    piece = pieces[kind]
    check(piece * (LONG_CHARS // len(piece)), nlp)
