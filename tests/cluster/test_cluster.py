"""A real cluster of two processes, whose workers are killed."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import dask
import pyarrow.parquet as pq
import pytest
from cluster_stubs import CRASH, FAULTY, HANG, POISON, SLOW, article, load_any, load_stub
from distributed import Client, LocalCluster

import geomap
from geomap.articles import read_source, read_sources
from geomap.cluster import (
    Files,
    Outcome,
    RunOptions,
    connect,
    extract_on_cluster,
    extract_to_partitions,
    scheduling,
)
from geomap.cluster.ledger import HOME, read_ledger
from geomap.cluster.partitions import LAYERS
from geomap.errors import ClusterError, ModelError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from geomap.records import Article
    from geomap.settings import Settings

STUB = RunOptions(most_articles=4, loader=load_stub, patience_s=60)


@contextlib.contextmanager
def cluster(**changes: Any) -> Iterator[Client]:
    """Start two worker processes with nannies, and a client that came by the address."""
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": ":0", **changes}
    config = {
        "distributed.scheduler.allowed-failures": 1,
        # A LocalCluster gives up workers that a busy machine takes longer to start anew.
        "distributed.deploy.lost-worker-timeout": "120s",
        "distributed.worker.daemon": True,
        "distributed.comm.timeouts.connect": "10s",
    }
    with (
        dask.config.set(config),
        LocalCluster(processes=True, host="127.0.0.1", **options) as made,
        connect(made.scheduler_address) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def shared() -> Iterator[Client]:
    with cluster() as connected:
        yield connected


@pytest.fixture
def client(shared: Client) -> Client:
    """Wait until workers that the last test killed are back."""
    shared.wait_for_workers(2, timeout=60)
    return shared


def rows(output: Path) -> dict[str, list[dict[str, Any]]]:
    """Give the rows of all layers, sorted, with their folders."""
    found: dict[str, list[dict[str, Any]]] = {}
    for layer in LAYERS:
        read = [
            {**row, "folder": path.parent.relative_to(output).as_posix()}
            for path in (output / layer).rglob("*.parquet")
            for row in pq.ParquetFile(path).read().to_pylist()
        ]
        found[layer] = sorted(read, key=repr)
    return found


def contents(output: Path) -> dict[str, bytes]:
    return {
        path.relative_to(output).as_posix(): path.read_bytes()
        for path in sorted(output.rglob("*"))
        if path.is_file() and HOME not in path.parts
    }


def pids(client: Client) -> dict[str, int]:
    found = client.run(os.getpid, on_error="return")
    return {who: what for who, what in found.items() if isinstance(what, int)}


def kill_when(client: Client, output: Path, *batches: int, count: int = 1) -> threading.Thread:
    """Kill so many workers each time that so many batches are in."""

    def kill() -> None:
        end = time.monotonic() + 60
        for number in batches:
            while batches_in(output) < number and time.monotonic() < end:
                time.sleep(0.005)
            for process in list(pids(client).values())[:count]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    return thread


def batches_in(output: Path) -> int:
    return sum(1 for _ in read_ledger(output))


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Do forty articles in this process: what any cluster must come to."""
    output = tmp_path_factory.mktemp("alone")
    outcome = extract_to_partitions(many(40), output, options=STUB)
    assert (outcome.articles, outcome.batches, outcome.failures) == (40, 10, ())
    return output


def many(count: int) -> list[Article]:
    return [article(number, SLOW) for number in range(count)]


def test_a_cluster_writes_the_same_bytes(client: Client, alone: Path, tmp_path: Path) -> None:
    outcome = extract_on_cluster(client, many(40), tmp_path, options=STUB)
    assert (outcome.articles, outcome.events, outcome.batches) == (40, 40, 10)
    assert (outcome.known, outcome.failures, outcome.deaths) == (0, (), 0)
    assert contents(tmp_path) == contents(alone)
    again = extract_on_cluster(client, many(44), tmp_path, options=STUB)
    assert (again.articles, again.known) == (4, 40)
    # Where all is in, no pipeline is loaded.
    options = RunOptions(loader=load_nothing)
    assert extract_on_cluster(client, many(44), tmp_path, options=options).known == 44


def test_collected_files_are_the_same(client: Client, alone: Path, tmp_path: Path) -> None:
    options = RunOptions(most_articles=4, loader=load_stub, collect=True)
    extract_on_cluster(client, many(40), tmp_path, options=options)
    assert contents(tmp_path) == contents(alone)


@pytest.mark.slow
def test_killed_workers_lose_nothing_and_double_nothing(
    client: Client, alone: Path, tmp_path: Path
) -> None:
    killer = kill_when(client, tmp_path, 1, 4, count=2)
    outcome = extract_on_cluster(client, many(40), tmp_path, options=STUB)
    killer.join()
    assert (outcome.articles, outcome.failures) == (40, ())
    # A batch that was hit twice is cut in two: other files, the same rows.
    assert outcome.deaths or contents(tmp_path) == contents(alone)
    assert rows(tmp_path) == rows(alone)


@pytest.mark.slow
def test_an_article_that_kills_its_worker_is_found_and_the_rest_go_on(
    client: Client, tmp_path: Path
) -> None:
    read = [article(number) for number in range(8)]
    read[5] = article(5, POISON)
    options = RunOptions(most_articles=2, loader=load_stub)
    outcome = extract_on_cluster(client, read, tmp_path, options=options)
    (failure,) = outcome.failures
    assert (failure.id, failure.stage) == ("a5", "worker")
    assert failure.reason == "2 workers died while they read it"
    assert outcome.articles == 7
    assert outcome.deaths >= 2
    told = Counter(row["article_id"] for row in rows(tmp_path)["articles"])
    assert told == Counter(f"a{number}" for number in range(8) if number != 5)
    # A second run does not die of it again, unless it is asked to.
    again = extract_on_cluster(client, read, tmp_path, options=STUB)
    assert (again.articles, again.known, again.deaths) == (0, 8, 0)
    assert again.failures == outcome.failures


@pytest.mark.slow
def test_what_only_waits_on_a_worker_that_dies_is_not_to_blame(tmp_path: Path) -> None:
    read = [article(number) for number in range(8)]
    read[3] = article(3, POISON)
    options = RunOptions(most_articles=1, in_flight=8, loader=load_stub)
    # All eight lie on the one worker at once, and die with it.
    with (
        dask.config.set({"distributed.scheduler.worker-saturation": float("inf")}),
        cluster(n_workers=1) as one,
    ):
        outcome = extract_on_cluster(one, read, tmp_path, options=options)
    assert [failure.id for failure in outcome.failures] == ["a3"]
    assert outcome.articles == 7


def test_workers_read_files_that_they_see(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    news = tmp_path / "news"
    news.mkdir()
    for number in range(6):
        (news / f"2022-03-0{number + 1}-x.txt").write_text(article(number).text)
    rows_of = [{"id": f"r{number}", "text": article(number).text} for number in range(300)]
    (news / "few.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows_of[:9]))
    (news / "many.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows_of[9:]))
    (news / "bad.pdf").write_bytes(b"%PDF-no")
    options = RunOptions(most_articles=50, loader=load_any)
    sent = extract_on_cluster(client, read_sources([news]), tmp_path / "sent", options=options)
    read: list[str] = []

    def reading(source: Any, **how: Any) -> Any:
        read.append(source.origin.rpartition("/")[2])
        return read_source(source, **how)

    monkeypatch.setattr("geomap.cluster.files.read_source", reading)
    seen = extract_on_cluster(client, Files(inputs=[news]), tmp_path / "seen", options=options)
    assert read == ["many.jsonl"]
    assert (seen.articles, seen.failures) == (sent.articles, sent.failures) == (306, seen.failures)
    assert contents(tmp_path / "seen") == contents(tmp_path / "sent")
    again = extract_on_cluster(client, Files(inputs=[news]), tmp_path / "seen", options=options)
    assert (again.articles, again.known) == (0, 306)


def test_what_hangs_or_crashes_is_ended_and_the_worker_lives(
    client: Client, tmp_path: Path
) -> None:
    read = [article(number) for number in range(8)]
    read[2], read[5] = article(2, HANG), article(5, CRASH)
    before = pids(client)
    options = RunOptions(most_articles=4, loader=load_stub, timeout_s=2.0)
    outcome = extract_on_cluster(client, read, tmp_path, options=options)
    assert {(one.id, one.stage) for one in outcome.failures} == {("a2", "timeout"), ("a5", "crash")}
    assert {one.reason for one in outcome.failures} == {
        "took longer than 2 s", "the process that worked on it ended (signal 11)",
    }  # fmt: skip
    assert (outcome.articles, outcome.deaths) == (6, 0)
    assert pids(client) == before
    told = Counter(row["article_id"] for row in rows(tmp_path)["articles"])
    assert told == Counter(f"a{number}" for number in range(8) if number not in {2, 5})


def test_an_article_that_fails_is_a_failure(client: Client, tmp_path: Path) -> None:
    read = [article(0), article(1, FAULTY), article(2)]
    outcome = extract_on_cluster(client, read, tmp_path, options=STUB)
    (failure,) = outcome.failures
    assert failure.reason == "internal error (ValueError: no such thing)"
    assert (outcome.articles, failure.id, failure.stage) == (2, "a1", "extract")
    options = RunOptions(loader=load_stub, retry_failures=True)
    again = extract_on_cluster(client, read, tmp_path, options=options)
    assert (again.known, len(again.failures)) == (2, 1)


def test_no_more_batches_are_out_than_allowed(client: Client, tmp_path: Path) -> None:
    read: list[str] = []

    def reading() -> Iterator[Article]:
        for one in many(40):
            # Out are at most two batches of four; one more article ends a batch.
            assert len(read) - 4 * batches_in(tmp_path) <= 2 * 4 + 1
            read.append(one.id)
            yield one

    options = RunOptions(most_articles=4, loader=load_stub, in_flight=2)
    assert extract_on_cluster(client, reading(), tmp_path, options=options).articles == 40


def test_a_run_that_breaks_off_is_gone_on_with(client: Client, alone: Path, tmp_path: Path) -> None:
    def breaking() -> Iterator[Article]:
        yield from many(40)[:17]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        extract_on_cluster(client, breaking(), tmp_path, options=STUB)
    outcome = extract_on_cluster(client, many(40), tmp_path, options=STUB)
    assert outcome.articles + outcome.known == 40
    assert outcome.known > 0
    assert rows(tmp_path) == rows(alone)


def _differs(_settings: Settings) -> dict[str, str]:
    return {"geomap": "0.0.9", "gazetteer": "abc"}


def test_another_version_is_refused(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geomap.cluster.running.identity_of", _differs)
    with pytest.raises(ClusterError, match=r"^tcp://127\.0\.0\.1:\d+: code is .* install the same"):
        extract_on_cluster(client, many(4), tmp_path, options=STUB)


def test_an_output_that_workers_do_not_see_is_refused(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduling, "_describe", _blind)
    with pytest.raises(ClusterError, match=r"does not see .*--collect"):
        extract_on_cluster(client, many(4), tmp_path, options=STUB)


def _blind(job: Any) -> tuple[dict[str, str], bool]:
    return dict(job.identity), False


def test_a_pipeline_that_cannot_be_loaded_ends_the_run(client: Client, tmp_path: Path) -> None:
    options = RunOptions(loader=load_nothing)
    with pytest.raises(ModelError, match="there is none"):
        extract_on_cluster(client, many(4), tmp_path, options=options)


def load_nothing(_settings: Settings) -> Any:
    raise ModelError("there is none")


def test_a_cluster_without_workers_is_told(tmp_path: Path) -> None:
    with cluster(n_workers=0) as empty:
        options = RunOptions(loader=load_stub, patience_s=0.5)
        with pytest.raises(ClusterError, match=r"has no worker since .*dask worker tcp://"):
            extract_on_cluster(empty, many(4), tmp_path, options=options)


@pytest.mark.slow
def test_workers_that_all_die_are_told_and_new_ones_go_on(alone: Path, tmp_path: Path) -> None:
    # Without nannies nobody starts them anew.
    import subprocess  # noqa: PLC0415
    import sys  # noqa: PLC0415

    with cluster(n_workers=0) as client:
        command = [sys.executable, "-m", "distributed.cli.dask_worker"]
        command += [client.scheduler.address, "--no-nanny", "--nthreads", "1", "--no-dashboard"]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        workers = [subprocess.Popen(command, env=environment) for _ in range(2)]
        try:
            client.wait_for_workers(2, timeout=30)
            killer = threading.Thread(target=_kill_all_when, args=(tmp_path, workers))
            killer.start()
            options = RunOptions(most_articles=4, loader=load_stub, patience_s=1)
            with pytest.raises(ClusterError, match="has no worker since 1 s"):
                extract_on_cluster(client, many(40), tmp_path, options=options)
            killer.join()
            workers.append(subprocess.Popen(command, env=environment))
            client.wait_for_workers(1, timeout=30)
            extract_on_cluster(client, many(40), tmp_path, options=options)
        finally:
            for worker in workers:
                worker.kill()
                worker.wait()
    assert rows(tmp_path) == rows(alone)


def _kill_all_when(output: Path, workers: Iterable[Any]) -> None:
    end = time.monotonic() + 30
    while batches_in(output) < 2 and time.monotonic() < end:
        time.sleep(0.005)
    for worker in workers:
        worker.kill()


@pytest.mark.parametrize("name", ["most_articles", "most_chars", "in_flight"])
def test_sizes_that_make_no_batch_are_refused(name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} is 0; expected 1 or more"):
        RunOptions(**{name: 0})  # type: ignore[arg-type]


def test_nobody_answers() -> None:
    with pytest.raises(ClusterError, match="no Dask scheduler answers there"):
        connect("tcp://127.0.0.1:1", timeout_s=0.5)
    with pytest.raises(ClusterError, match="no Dask scheduler answers there"):
        connect("nonsense://", timeout_s=0.5)


def test_tls_needs_three_files(tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match="TLS needs authority, certificate and key"):
        connect("tls://127.0.0.1:1", tls_ca=__file__)
    with pytest.raises(ClusterError, match="there is no such file"):
        connect("tls://127.0.0.1:1", tls_ca=tmp_path / "no.pem")


@pytest.mark.slow
def test_the_real_pipeline_on_the_seeds(client: Client, root_dir: Path, tmp_path: Path) -> None:
    seeds = list(geomap.read_articles([root_dir / "seeds"]))[:3]
    options = RunOptions(most_articles=1)
    alone, crowd = tmp_path / "alone", tmp_path / "crowd"
    one: Outcome = extract_to_partitions(seeds, alone, options=options)
    killer = kill_when(client, crowd, 1)
    two = extract_on_cluster(client, seeds, crowd, options=options)
    killer.join()
    assert one.events == two.events > 10
    assert two.failures == ()
    assert contents(crowd) == contents(alone)
