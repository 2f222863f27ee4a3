"""Apart: articles extracted in one process of its own, which is ended when one takes too long."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from geomap.batch.crew import Crew, Worker, loss_of
from geomap.batch.running import GROUP, GROUP_CHARS
from geomap.batch.worker import Job, Order
from geomap.groups import groups_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from geomap.records import Article, ExtractedArticle, Failure
    from geomap.settings import Settings

    OnFault = Callable[[Article, Exception], None]
    Extract = Callable[[Sequence[Article], OnFault], Iterator[ExtractedArticle]]
    Loader = Callable[[Settings], Extract]

__all__ = ["Apart", "Results", "job_of", "load_extract"]

LOOK_UP_S = 0.5


def load_extract(settings: Settings) -> Extract:
    """Load the pipeline, and give what takes articles through it.

    Parameters
    ----------
    settings
        Which model and gazetteer.

    Returns
    -------
    callable
        Takes articles and a function for those that fail; gives extracted articles.
    """
    from geomap.pipeline import extract_in_turn, load_pipeline  # noqa: PLC0415 - loads spaCy

    nlp = load_pipeline(settings)

    def extract(articles: Sequence[Article], on_fault: OnFault) -> Iterator[ExtractedArticle]:
        return extract_in_turn(articles, nlp=nlp, settings=settings, on_fault=on_fault)

    return extract


@dataclass(frozen=True, slots=True)
class _Load:
    """Loads what a process apart extracts with; travels to it."""

    loader: Loader

    def __call__(self, settings: Settings) -> _Loaded:
        return _Loaded(self.loader(settings))


class _Loaded:
    """A pipeline as a worker wants it."""

    provenance = ()

    def __init__(self, extract: Extract) -> None:
        self._extract = extract

    def extract(
        self, articles: Sequence[Article], *, on_fault: OnFault
    ) -> Iterator[ExtractedArticle]:
        return self._extract(articles, on_fault)


def _as_it_is(extracted: ExtractedArticle, *, origin: str) -> ExtractedArticle:  # noqa: ARG001
    return extracted


def job_of(settings: Settings, loader: Loader, *, memory_mb: int | None) -> Job:
    """Make the job of a process whose results are extracted articles.

    Parameters
    ----------
    settings
        Which model and gazetteer.
    loader
        Loads the pipeline, as :func:`load_extract`; a function that can be imported.
    memory_mb
        As of :class:`~geomap.batch.worker.Job`.
    """
    return Job(
        settings=settings,
        published=None,
        columns=None,
        memory_mb=memory_mb,
        load=_Load(loader),
        pack=_as_it_is,
    )


@dataclass(slots=True)
class Results:
    """What became of some articles, by their places among them.

    Parameters
    ----------
    done
        What the job's ``pack`` made of each that was extracted.
    failures
        Why the others were not.
    """

    done: dict[int, Any] = field(default_factory=dict)
    failures: dict[int, Failure] = field(default_factory=dict)


class Apart:
    """One process that extracts; what an article does to it, it does to that article alone.

    Parameters
    ----------
    job
        What it works with.
    timeout_s
        How long an article may take.

    Raises
    ------
    GeomapError
        When nothing at all can be extracted.
    """

    def __init__(self, job: Job, *, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._crew = Crew(job, size=1)
        self._crew.__enter__()
        try:
            self._crew.provenance()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        self.close()

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._crew.__exit__()

    def extract(self, articles: Sequence[Article]) -> Results:
        """Extract from articles.

        Parameters
        ----------
        articles
            Taken by the handful; of a handful that ends the process, or is late, each is taken
            alone.

        Returns
        -------
        Results
            One for each article.

        Raises
        ------
        StoreError
            When processes end again and again before they are ready.
        """
        results = Results()
        groups = groups_of(
            range(len(articles)), most=GROUP, most_chars=GROUP_CHARS,
            chars_of=lambda n: len(articles[n].text),
        )  # fmt: skip
        for group in groups:
            suspects = self._tried(group, articles, results)
            for one in suspects:
                self._tried([one], articles, results)
        return results

    def _tried(
        self, group: Sequence[int], articles: Sequence[Article], results: Results
    ) -> list[int]:
        """Try some articles; give those one of which is to blame."""
        worker = self._told(Order(do="extract", articles=tuple(articles[n] for n in group)))
        is_full = False
        while worker.order is not None:
            for _, answer in self._crew.answers(most_s=LOOK_UP_S):
                if answer is None:
                    return self._lost(worker, group, articles, results)
                kind, *values = answer
                if kind == "idle":
                    worker.rest()
                    continue
                worker.wait_anew(self._timeout_s)
                place = group[values[0]]
                if kind == "kept":
                    results.done[place] = values[1]
                else:
                    results.failures[place] = values[1]
                    is_full = is_full or values[1].stage == "memory"
        if is_full:
            # What ran out of memory may not be whole.
            self._crew.replace(worker)
        return []

    def _told(self, order: Order) -> Worker:
        """Give an order to the worker; wait for it, or for another one, to be ready."""
        while True:
            (worker,) = self._crew.workers
            if not worker.is_ready:
                self._crew.provenance()
            elif worker.tell(order, within_s=self._timeout_s):
                return worker
            else:
                # It has ended before it was told: nobody is to blame.
                self._crew.replace(worker)

    def _lost(
        self,
        worker: Worker,
        group: Sequence[int],
        articles: Sequence[Article],
        results: Results,
    ) -> list[int]:
        code = self._crew.replace(worker)
        rest = [n for n in group if n not in results.done and n not in results.failures]
        if len(rest) == len(group) == 1:
            article = articles[rest[0]]
            results.failures[rest[0]] = loss_of(
                article.origin or article.id, code, timeout_s=self._timeout_s, name=article.id
            )
            return []
        return rest
