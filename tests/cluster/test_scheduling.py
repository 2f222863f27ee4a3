"""What scheduling makes of futures and workers that fail, without a cluster."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("distributed")

from distributed import KilledWorker
from distributed.client import CancelledError

from geomap.cluster import scheduling
from geomap.cluster.batches import Batch, key_of
from geomap.cluster.scheduling import Crew, check_workers
from geomap.errors import ClusterError, ModelError
from geomap.records import Article

ARTICLES = tuple(Article(id=f"a{n}", text="Sumy.", origin=f"/n/a{n}.txt") for n in range(4))
JOB: Any = SimpleNamespace(run="0123456789", identity={"geomap": "1"}, collect=False, output="/out")


def batch(*articles: Article) -> Batch:
    return Batch(articles=articles, keys=tuple(key_of(one) for one in articles))


class Client:
    """A cluster of which everything is told beforehand."""

    scheduler = SimpleNamespace(address="tcp://127.0.0.1:8786")

    def __init__(self, *answers: Any, threads: Any = None) -> None:
        self.answers = list(answers)
        self.threads = {"w": 1} if threads is None else threads
        self.submitted: list[Batch] = []

    def submit(self, _run: Any, one: Batch, _job: Any, *, key: str, pure: bool) -> Any:
        self.submitted.append(one)
        assert not pure
        return SimpleNamespace(key=key, add_done_callback=lambda _put: None)

    def nthreads(self) -> Any:
        if isinstance(self.threads, Exception):
            raise self.threads
        return self.threads

    def wait_for_workers(self, _count: int, *, timeout: float) -> None:
        assert timeout >= scheduling.LOOK_S

    def run(self, _what: Any, _job: Any, *, on_error: str) -> Any:
        assert on_error == "return"
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def future(status: str, outcome: Any = None, *, key: str = "k") -> Any:
    def result(timeout: float) -> Any:
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return SimpleNamespace(key=key, status=status, result=result, exception=lambda: outcome)


def killed() -> KilledWorker:
    return KilledWorker("task", SimpleNamespace(address="w"), 3)


class Told:
    """What was called back."""

    def __init__(self) -> None:
        self.done: list[tuple[Batch, Any]] = []
        self.deaths = 0

    def taken(self, client: Client, one: Any, what: Batch) -> Crew:
        crew = Crew(client, JOB, in_flight=None, patience_s=0.0)  # type: ignore[arg-type]
        self.takes(crew, one, what)
        return crew

    def takes(self, crew: Crew, one: Any, what: Batch) -> None:
        crew._take(one, what, lambda b, d: self.done.append((b, d)), self.death)

    def death(self) -> None:
        self.deaths += 1


def test_a_batch_that_is_done_is_told() -> None:
    told = Told()
    told.taken(Client(), future("finished", "the parts"), batch(*ARTICLES))
    assert told.done == [(batch(*ARTICLES), "the parts")]


@pytest.mark.parametrize(
    "one", [future("finished", TimeoutError()), future("lost"), future("pending")]
)
def test_a_result_that_died_with_its_worker_is_asked_for_again(one: Any) -> None:
    client, told = Client(), Told()
    told.taken(client, one, batch(*ARTICLES))
    assert client.submitted == [batch(*ARTICLES)]
    assert told.done == []


@pytest.mark.parametrize(
    "one",
    [
        future("finished", OSError("gone")), future("finished", CancelledError("gone")),
        future("cancelled"), future("error", OSError("gone")),
    ],
)  # fmt: skip
def test_a_lost_cluster_says_how_to_go_on(one: Any) -> None:
    with pytest.raises(ClusterError, match=r"the cluster fails .* which goes on"):
        Told().taken(Client(), one, batch(*ARTICLES))


def test_what_no_worker_can_do_ends_the_run() -> None:
    with pytest.raises(ModelError, match="gone"):
        Told().taken(Client(), future("error", ModelError("gone; reinstall")), batch(*ARTICLES))


def test_a_batch_that_kills_is_halved_until_the_article_is_alone() -> None:
    client, told = Client(threads={}), Told()
    crew = told.taken(client, future("error", killed()), batch(*ARTICLES))
    assert (told.deaths, told.done) == (1, [])
    crew._fill(iter([batch(ARTICLES[0])]))
    # The halves come before all others.
    assert client.submitted == [batch(*ARTICLES[:2]), batch(*ARTICLES[2:])]


def test_an_article_is_at_fault_when_workers_die_of_it_with_nothing_else_about() -> None:
    client, told = Client(), Told()
    crew = told.taken(client, future("error", killed()), batch(ARTICLES[0]))
    # The scheduler blames whatever waited on a worker that died; what it blames comes last.
    assert (told.deaths, told.done) == (1, [])
    crew._fill(iter([batch(ARTICLES[1])]))
    crew._fill(iter(()))
    assert client.submitted == [batch(ARTICLES[1])]
    crew._out.clear()
    crew._fill(iter(()))
    assert client.submitted[1:] == [batch(ARTICLES[0])]
    # A result that is lost with its worker leaves it alone.
    (key, _) = crew._out.popitem()
    told.takes(crew, future("lost", key=key), batch(ARTICLES[0]))
    (key, _) = crew._out.popitem()
    told.takes(crew, future("error", killed(), key=key), batch(ARTICLES[0]))
    ((_, done),) = told.done
    ((key, failure),) = done.failures
    assert (key, failure.origin, failure.stage) == (key_of(ARTICLES[0]), "/n/a0.txt", "worker")
    assert failure.reason == "4 workers died while they read it"
    assert (done.articles, done.parts) == (0, ())


def test_an_article_that_fails_alone_is_a_failure() -> None:
    told = Told()
    told.taken(Client(), future("error", ValueError("odd")), batch(ARTICLES[0]))
    ((_, done),) = told.done
    assert "odd" in done.failures[0][1].reason
    assert told.deaths == 0


def test_without_workers_it_waits_only_so_long() -> None:
    crew = Crew(Client(threads={}), JOB, in_flight=1, patience_s=0.0)  # type: ignore[arg-type]
    scheduling_look, scheduling.LOOK_S = scheduling.LOOK_S, 0.01
    try:
        with pytest.raises(ClusterError, match="has no worker since 0 s; start some"):
            crew._next()
    finally:
        scheduling.LOOK_S = scheduling_look
    lost = Crew(Client(threads=OSError("gone")), JOB, in_flight=None, patience_s=0.0)  # type: ignore[arg-type]
    with pytest.raises(ClusterError, match="the cluster fails"):
        lost._fill(iter(()))


GOOD = {"w1": ({"geomap": "1"}, True)}


def checked(*answers: Any, patience_s: float = 30.0, **changes: Any) -> None:
    job: Any = SimpleNamespace(**{**vars(JOB), **changes})
    check_workers(Client(*answers), job, patience_s=patience_s)  # type: ignore[arg-type]


def test_workers_that_are_what_the_client_is_will_do() -> None:
    checked(GOOD)
    # One that died while it was asked is passed over; a cluster that stutters is asked again.
    checked({"w0": OSError("gone"), **GOOD})
    checked(OSError("stutters"), {}, GOOD)
    checked({"w1": ({"geomap": "1"}, False)}, collect=True)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"w1": ValueError("odd")}, "w1: cannot say what it is .*ValueError: odd"),
        ({"w1": ({"geomap": "1"}, False)}, "w1: does not see /out"),
        (ImportError("no geomap"), "the workers cannot say what they are"),
        (TimeoutError(), "has no worker since 30 s"),
    ],
)
def test_workers_that_will_not_do_are_named(answer: Any, why: str) -> None:
    with pytest.raises(ClusterError, match=why):
        checked(answer)


def test_nobody_comes() -> None:
    with pytest.raises(ClusterError, match="has no worker"):
        checked({}, {}, {}, patience_s=-1.0)
