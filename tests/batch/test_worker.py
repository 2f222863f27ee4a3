"""What a worker answers to its orders, asked in this process."""

from __future__ import annotations

import gc
import threading
from multiprocessing import Pipe
from typing import TYPE_CHECKING, Any

import pytest
from stubs import OtherModel, Stub, no_model

from geomap.articles.sources import find_sources
from geomap.batch import worker
from geomap.batch.worker import CHUNK, Job, Order
from geomap.errors import ModelError
from geomap.records import Article, Failure
from geomap.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from pathlib import Path


def job(load: Callable[[Settings], Any] = Stub) -> Job:
    return Job(settings=Settings(), published=None, columns=None, memory_mb=None, load=load)


@pytest.fixture
def asked() -> Iterator[Connection]:
    """Give the other end of the pipe of a worker that serves until it is closed."""
    ours, theirs = Pipe()

    def serve() -> None:
        with pytest.raises(EOFError):
            worker._serve(theirs, job())

    thread = threading.Thread(target=serve)
    thread.start()
    yield ours
    ours.close()
    thread.join(30)
    gc.unfreeze()
    assert not thread.is_alive()


def answers(pipe: Connection, count: int) -> list[tuple[Any, ...]]:
    return [pipe.recv() for _ in range(count)]


def test_a_worker_says_what_it_makes_records_with(asked: Connection) -> None:
    word, provenance = asked.recv()
    assert word == "ready"
    assert provenance == Stub(Settings()).provenance


def test_a_file_is_read_a_few_articles_at_a_time(asked: Connection, tmp_path: Path) -> None:
    lines = [f'{{"id": "n{n}", "text": "Shells hit Sumy."}}' for n in range(CHUNK + 3)]
    path = tmp_path / "news.jsonl"
    path.write_text("\n".join([*lines, "{broken"]) + "\n", "utf-8")
    (source,) = find_sources(path)
    asked.recv()
    asked.send(Order(do="read", source=source))
    kind, items, is_end = asked.recv()
    assert (kind, len(items), is_end) == ("items", CHUNK, False)
    asked.send(Order(do="more"))
    kind, items, is_end = asked.recv()
    assert (kind, is_end) == ("items", True)
    assert [type(item) for item in items] == [Article, Article, Article, Failure]
    asked.send(Order(do="more"))
    assert asked.recv() == ("items", [], True)
    # Opened again, what was had before is passed over.
    asked.send(Order(do="read", source=source, skip=CHUNK + 1))
    _, items, _ = asked.recv()
    assert items[0].id.startswith(f"n{CHUNK + 1}")


def test_long_articles_come_one_by_one() -> None:
    long = Article(id="long", text="x" * (worker.CHUNK_CHARS + 1))
    items, is_end = worker._next(iter([long, long]))
    assert (items, is_end) == ([long], False)


def test_articles_are_extracted_and_those_that_fail_are_told(asked: Connection) -> None:
    articles = tuple(
        Article(id=name, text=text, origin=f"/news/{name}.txt")
        for name, text in (("a", "Sumy."), ("b", "FAULT"), ("c", "Sumy."), ("d", "ERROR"))
    )
    asked.recv()
    asked.send(Order(do="extract", articles=articles))
    found = answers(asked, 5)
    assert sorted(answer[:2] for answer in found[:-1]) == [
        ("failed", 1), ("failed", 3), ("kept", 0), ("kept", 2),
    ]  # fmt: skip
    failed = {answer[1]: answer[2] for answer in found if answer[0] == "failed"}
    assert failed[1] == Failure(
        origin="/news/b.txt", stage="extract", reason="no sentence in it",
        hint="give another text", id="b",
    )  # fmt: skip
    assert failed[3].reason == "internal error (RuntimeError: unforeseen thing)"
    assert found[-1] == ("idle",)


def test_out_of_memory_is_told_as_such() -> None:
    told = worker.failure_of(Article(id="a", text="Sumy."), MemoryError())
    assert told.stage == "memory"
    assert (told.reason, told.hint) == ("out of memory", "raise --memory, or split the article")


def test_what_lacks_its_model_refuses() -> None:
    ours, theirs = Pipe()
    worker._serve(theirs, job(no_model))
    word, kind, text = ours.recv()
    assert (word, kind) == ("refused", ModelError)
    assert "is not installed" in text


def test_what_no_article_can_do_without_ends_the_worker() -> None:
    class Gone(OtherModel):
        def _worked_on(self, article: Article) -> Exception | None:
            return ModelError(f"the model is gone at {article.id}; reinstall geomap")

    ours, theirs = Pipe()
    with pytest.raises(ModelError, match="gone at a"):
        worker._extract(theirs, Gone(Settings()), (Article(id="a", text="Sumy."),), job().pack)
    assert not ours.poll()


def test_the_real_extractor_is_the_pipeline(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Sequence[Article]] = []
    made = Stub(Settings()).made
    monkeypatch.setattr("geomap.pipeline.load_pipeline", lambda _settings: "nlp")
    monkeypatch.setattr("geomap.pipeline.provenance_of", lambda nlp, _settings: made)
    monkeypatch.setattr(
        "geomap.pipeline.extract_in_turn",
        lambda articles, *, nlp, settings, on_fault: asked.append((articles, nlp)) or iter(()),
    )
    extractor = worker.load_extractor(Settings())
    assert extractor.provenance[:3] == (made.version, made.gazetteer, made.model)
    article = Article(id="a", text="Sumy.")
    assert list(extractor.extract([article], on_fault=None)) == []
    assert asked == [([article], "nlp")]
