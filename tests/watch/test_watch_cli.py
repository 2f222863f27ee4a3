"""``geomap watch`` tells what each round did, and whether it went well."""

from __future__ import annotations

import signal
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from geomap.batch import BatchOptions
from geomap.batch.running import Tally
from geomap.cli import main
from geomap.errors import StoreError
from geomap.records import Failure
from geomap.watch import Round

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[..., Result]]:
    """Run the command over rounds made by hand."""
    before = signal.getsignal(signal.SIGTERM)

    def run(*rounds: Round | type[BaseException], options: tuple[str, ...] = ()) -> Result:
        def look(inputs: Any, store: Any, output: Any, **asked: Any) -> Iterator[Round]:
            run.asked = {"inputs": inputs, "store": store, "output": output, **asked}  # type: ignore[attr-defined]
            for one in rounds:
                if isinstance(one, Round):
                    yield one
                else:
                    raise one

        monkeypatch.setattr("geomap.watch.watch", look)
        arguments = ["watch", str(tmp_path), "--store", str(tmp_path / "s"), *options]
        return CliRunner().invoke(main, arguments)

    yield run
    signal.signal(signal.SIGTERM, before)


def tally(**changes: Any) -> Tally:
    values = {"articles": 1200, "known": 0, "failures": 0, "same": 0, "removed": 3}
    return Tally(**{**values, **changes})


def test_a_round_tells_its_articles_and_files(watched: Callable[..., Result]) -> None:
    result = watched(
        Round(tally=tally(), files=(Path("map.html"),), notes=("a.txt was read while it grew",)),
        options=("--once", "--workers", "1", "--every", "5", "--title", "A week"),
    )
    assert (result.exit_code, result.stdout) == (0, "map.html\n")
    assert "a.txt was read while it grew" in result.stderr
    assert "articles extracted: 1,200, removed: 3, failures: 0" in result.stderr
    options = watched.asked["options"]  # type: ignore[attr-defined]
    assert (options.once, options.every_s, options.title, options.batch.workers) == (
        True, 5.0, "A week", 1,
    )  # fmt: skip


def test_it_works_as_a_batch_does(watched: Callable[..., Result], tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    watched(Round(), options=("--timeout", "20", "--memory", "800", "--log", str(log)))
    made = watched.asked["options"].batch  # type: ignore[attr-defined]
    assert (made.timeout_s, made.memory_mb, made.log) == (20.0, 800, log)
    watched(Round())
    made = watched.asked["options"].batch  # type: ignore[attr-defined]
    assert replace(made, is_shown=False) == BatchOptions()


def test_options_of_the_work_are_those_of_a_batch() -> None:
    batch, watch = (
        {one.name: one.to_info_dict() for one in main.get_command(None, name).params}  # type: ignore[arg-type, union-attr]
        for name in ("batch", "watch")
    )
    for name in ("workers", "timeout", "memory", "log"):
        assert batch[name] == watch[name]


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (Round(tally=tally(failures=2)), "failures: 2"),
        (
            Round(error=StoreError("the store is full; free some space")),
            "the next round tries again",
        ),
        (
            Round(
                failures=(Failure(origin="http://x", stage="fetch", reason="is gone", hint="look"),)
            ),
            "is gone",
        ),
    ],
)
def test_what_went_wrong_shows_at_the_end(
    watched: Callable[..., Result], one: Round, told: str
) -> None:
    result = watched(one)
    assert result.exit_code == 1
    assert told in result.stderr
    # The last round counts.
    assert watched(one, Round()).exit_code == 0


def test_ctrl_c_ends_it_well(watched: Callable[..., Result]) -> None:
    result = watched(Round(tally=tally(failures=2)), KeyboardInterrupt)
    assert result.exit_code == 0
    assert "stopped; what was done is kept in" in result.stderr
