from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import click
import pytest
from click.testing import CliRunner
from cluster_stubs import article

import geomap.cluster
from geomap.cli import main as command
from geomap.cluster import Files, Outcome, RunOptions
from geomap.cluster_cli import cluster_options, run_on_cluster
from geomap.records import Failure
from geomap.settings import Settings
from geomap.terminal import Group

if TYPE_CHECKING:
    from pathlib import Path


@click.group(cls=Group)
def main() -> None:
    """Stand in for geomap."""


@main.command()
@cluster_options
@click.pass_context
def batch(ctx: click.Context, **wanted: Any) -> None:
    limits = {"timeout_s": 7.0, "memory_mb": 512}
    ctx.exit(run_on_cluster([article(1)], ctx.obj, wanted, settings=Settings(), **limits))


class _Client:
    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    seen: dict[str, Any] = {"failures": ()}

    def connect(scheduler: str, **tls: Any) -> _Client:
        seen.update(scheduler=scheduler, tls=tls)
        return _Client()

    def extract(_client: Any, articles: Any, output: Path, **rest: Any) -> Outcome:
        if "raises" in seen:
            raise seen["raises"]
        seen["given"] = articles
        if not isinstance(articles, Files):
            seen["articles"] = list(articles)
        seen.update(output=output, **rest)
        return Outcome(
            articles=1200, events=7, known=3, failures=seen["failures"], batches=1, deaths=0,
            seconds=61.4,
        )  # fmt: skip

    monkeypatch.setattr(geomap.cluster, "connect", connect)
    monkeypatch.setattr(geomap.cluster, "extract_on_cluster", extract)
    return seen


def test_options_reach_the_run(asked: dict[str, Any], tmp_path: Path) -> None:
    given = ["--scheduler", "tls://a:1", "--tls-ca", "ca.pem", "--batch-size", "9", "--collect"]
    done = CliRunner().invoke(main, ["batch", *given], obj=tmp_path)
    assert done.exit_code == 0, done.output
    assert done.output == f"{tmp_path}: 1,200 articles extracted, 3 known, 7 events, 61 s\n"
    assert asked["scheduler"] == "tls://a:1"
    assert str(asked["tls"]["tls_ca"]) == "ca.pem"
    assert asked["options"] == RunOptions(
        most_articles=9, collect=True, timeout_s=7.0, memory_mb=512
    )
    assert [one.id for one in asked["articles"]] == ["a1"]


def test_failures_are_told_and_make_the_exit_code(asked: dict[str, Any], tmp_path: Path) -> None:
    asked["failures"] = tuple(
        Failure(origin=f"{number}.pdf", stage="parse", reason="is damaged", hint="get it again")
        for number in range(12)
    )
    done = CliRunner().invoke(main, ["batch", "--scheduler", "tcp://a:1"], obj=tmp_path)
    assert done.exit_code == 1
    assert "geomap: 0.pdf: is damaged; get it again" in done.output
    assert "geomap: 10.pdf" not in done.output
    assert "12 failures; all are in" in done.output


def test_a_cluster_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    given = ["--scheduler", "nonsense"]
    done = CliRunner().invoke(main, ["batch", *given, "--tls-key", __file__], obj=tmp_path)
    assert done.exit_code == 1
    assert done.output.startswith("geomap: ")
    assert "TLS needs authority, certificate and key" in done.output
    assert len(done.output.splitlines()) == 1


@pytest.mark.parametrize("flags", [["--shared-input"], []])
def test_who_reads(asked: dict[str, Any], flags: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The shelling of Kyiv went on, said the mayor.")
    given = ["batch", str(tmp_path / "a.txt"), "--scheduler", "tcp://a:1", "-o", str(tmp_path)]
    done = CliRunner().invoke(command, [*given, "--timeout", "9", *flags])
    assert done.exit_code == 0, done.output
    assert asked["options"].timeout_s == 9.0
    if flags:
        assert asked["given"] == Files(inputs=(str(tmp_path / "a.txt"),), columns={})
    else:
        assert [one.id for one in asked["articles"]] == ["a-33fc88d8bed5"]


def test_ctrl_c_is_one_line(asked: dict[str, Any], tmp_path: Path) -> None:
    asked["raises"] = KeyboardInterrupt
    given = ["batch", str(tmp_path), "--scheduler", "tcp://a:1", "-o", str(tmp_path / "out")]
    done = CliRunner().invoke(command, given)
    assert done.exit_code == 130
    assert done.stderr == (
        f"geomap: stopped; what was done is kept in {tmp_path}/out, and the same command goes on\n"
    )
