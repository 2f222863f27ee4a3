"""The statistical components, run where they are needed and nowhere else."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from geomap.analysis import Analysis, sentence_ranges
from geomap.sentences import mark_sentence_starts, set_sentence_starts
from geomap.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

BLANK = spacy.blank("en")
STRIKE = "A missile struck the school in Kharkov on Monday."
WEATHER = "It was warm and the trees were green that day."
ANY = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TEXTS = st.one_of(
    st.text(max_size=120),
    st.text("Kyiv fell. \n“”!?…()’s\u2028", max_size=120),
)


@pytest.fixture(scope="module")
def analysis(nlp: Any) -> Analysis:
    return nlp.get_pipe("geomap_analysis").analysis


@pytest.fixture(scope="module")
def plain(nlp: Any) -> Any:
    """Give the components of the pipeline, with its weights, as plain spaCy runs them."""
    names = ["tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer", "ner"]
    pipes = [nlp.get_pipe(name) for name in names]

    def run(text: str) -> Doc:
        doc = mark_sentence_starts(nlp.make_doc(text))
        for pipe in pipes:
            doc = pipe(doc)
        return doc

    return run


def made(text: str) -> Doc:
    return mark_sentence_starts(BLANK.make_doc(text))


def sentences(text: str) -> list[str]:
    doc = made(text)
    return [doc[start:end].text.strip() for start, end in sentence_ranges(doc)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kyiv fell. Lviv stood! Did it?", ["Kyiv fell.", "Lviv stood!", "Did it?"]),
        ("He left … then he came.", ["He left … then he came."]),  # goes on in small letters
        ("“It fell.” He left.", ["“It fell.”", "He left."]),
        ("Title\n\nShells fell", ["Title", "Shells fell"]),
        ("The U.S. Army left.", ["The U.S. Army left."]),
        ("It fell (near Kyiv. – Ed.) and burned.", ["It fell (near Kyiv. – Ed.) and burned."]),
        ("", []),
    ],
)
def test_sentences_by_marks_and_layout(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@ANY
@given(text=TEXTS)
def test_sentences_cover_any_text_without_gaps(text: str) -> None:
    doc = made(text)
    ranges = sentence_ranges(doc)
    assert all(start < end for start, end in ranges)
    assert all(one[1] == two[0] for one, two in pairwise(ranges))
    if len(doc):
        assert (ranges[0][0], ranges[-1][1]) == (0, len(doc))
    else:
        assert ranges == []


@given(starts=st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=12))
def test_all_starts_are_set_at_once(starts: list[bool | None]) -> None:
    doc = Doc(BLANK.vocab, words=["Kyiv"] * len(starts))
    set_sentence_starts(doc, starts)
    found = [token.is_sent_start for token in doc]
    assert found[1:] == starts[1:]
    set_sentence_starts(Doc(BLANK.vocab, words=[]), [])


def test_a_sentence_without_events_and_actors_stays_unparsed(analysis: Analysis, nlp: Any) -> None:
    text = f"{WEATHER} {WEATHER} {STRIKE}"
    doc = mark_sentence_starts(nlp.make_doc(text))
    analysis.find_names([doc])
    assert [entity.text for entity in doc.ents][:1] == ["Kharkov"]
    kharkov = next(t.i for t in doc if t.text == "Kharkov")
    analysis.parse([doc], [[kharkov]], [[]])
    first, *_, last = doc.sents
    assert {token.dep_ for token in first} == {""}
    assert {token.tag_ for token in first} == {""}
    assert all(token.head == token for token in first)
    assert [len(sentence) for sentence in doc.sents] == [11, 11, 10]
    assert [token.lemma_ for token in first] == [token.lower_ for token in first]
    assert last.root.lemma_ == "strike"
    assert {token.tag_ for token in last} >= {"VBD", "NN", "IN"}


def test_the_sentence_of_an_actor_is_parsed(analysis: Analysis, nlp: Any) -> None:
    text = f"{WEATHER} Moscow believes that spring has come."
    doc = mark_sentence_starts(nlp.make_doc(text))
    analysis.find_names([doc])
    moscow = next(t.i for t in doc if t.text == "Moscow")
    analysis.parse([doc], [[moscow]], [[moscow]])
    assert doc[moscow].dep_ == "nsubj"
    assert doc[0].dep_ == ""


@ANY
@given(text=TEXTS, data=st.data())
def test_heads_stay_inside_their_sentence(
    text: str, data: st.DataObject, analysis: Analysis, nlp: Any
) -> None:
    doc = mark_sentence_starts(nlp.make_doc(text))
    analysis.find_names([doc])
    chosen = data.draw(st.sets(st.integers(0, max(len(doc) - 1, 0)), max_size=3))
    analysis.parse([doc], [chosen], [chosen])
    assert doc.text == text
    for sentence in doc.sents:
        assert all(sentence.start <= token.head.i < sentence.end for token in sentence)
    assert sum(len(sentence) for sentence in doc.sents) == len(doc)


@pytest.mark.parametrize(
    "text",
    [
        f"{STRIKE} Kyiv said so, and Moscow denied it.",
        "President Zelensky spoke in Kyiv. The Red Cross reached Krasny Liman.\n\nSumy fell.",
    ],
)
def test_where_all_is_chosen_it_is_what_the_whole_pipeline_finds(
    text: str, analysis: Analysis, nlp: Any, plain: Any
) -> None:
    doc = mark_sentence_starts(nlp.make_doc(text))
    analysis.find_names([doc])
    analysis.parse([doc], [range(len(doc))], [range(len(doc))])
    whole = plain(text)
    assert [(e.start, e.end, e.label_) for e in doc.ents] == [
        (e.start, e.end, e.label_) for e in whole.ents
    ]
    assert [(t.dep_, t.head.i, t.tag_, t.lemma_) for t in doc] == [
        (t.dep_, t.head.i, t.tag_, t.lemma_) for t in whole
    ]


def test_events_are_those_of_the_whole_parse(
    root_dir: Path, nlp: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [f.read_bytes().decode() for f in sorted((root_dir / "seeds").glob("*.txt"))]
    selective = [sorted(nlp(text).spans) for text in texts]
    monkeypatch.setattr(Analysis, "_chosen", lambda *given: list(given[2]))
    assert [sorted(nlp(text).spans) for text in texts] == selective


def test_a_model_whose_ner_listens_runs_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    nlp = spacy.load(Settings().model)
    assert not Analysis(nlp).whole
    nlp = spacy.load(Settings().model)
    monkeypatch.setattr("geomap.analysis._listens", lambda _pipe: True)
    analysis = Analysis(nlp)
    doc = nlp.make_doc(f"{WEATHER} {STRIKE}")
    analysis.find_names([doc])
    assert analysis.whole
    assert all(token.dep_ for token in doc)
    before = doc.to_bytes(exclude=["tensor"])
    analysis.parse([doc], [[]], [[]])  # everything is there already
    assert doc.to_bytes(exclude=["tensor"]) == before


def test_a_shared_tok2vec_is_seen() -> None:
    from geomap.analysis import _listens  # noqa: PLC0415 - private

    nlp = spacy.load(Settings().model)
    assert not _listens(nlp.get_pipe("ner"))
    assert _listens(nlp.get_pipe("tagger"))
    assert not _listens(nlp.get_pipe("lemmatizer"))
