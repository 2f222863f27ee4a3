from __future__ import annotations

import json
import multiprocessing
from typing import TYPE_CHECKING

import pytest
from cluster_stubs import article, result_of

from geomap.cluster.ledger import HOME, Ledger, read_ledger, staged, write_whole
from geomap.cluster.partitions import Part, parts_of
from geomap.errors import ClusterError, OutputError
from geomap.records import Failure, fields_of

if TYPE_CHECKING:
    from pathlib import Path

IDENTITY = {"geomap": "0.1.0", "gazetteer": "abc"}
FAILURE = Failure(origin="a.txt", stage="extract", reason="no", hint="ask", id="a")


def made(number: int) -> list[Part]:
    return list(parts_of([result_of(article(number))], digest=f"{number:016x}"))


def files(output: Path) -> set[str]:
    return {
        path.relative_to(output).as_posix()
        for path in output.rglob("*.parquet")
        if HOME not in path.parts
    }


def commit(ledger: Ledger, number: int, failures: tuple[tuple[str, Failure], ...] = ()) -> None:
    digest = f"{number:016x}"
    ledger.commit(digest, keys=[digest], parts=made(number), failures=failures)


def test_a_batch_that_is_in_is_found_again(tmp_path: Path) -> None:
    with Ledger(tmp_path, identity=IDENTITY) as ledger:
        commit(ledger, 1)
        commit(ledger, 2)
    assert files(tmp_path) == {part.path for number in (1, 2) for part in made(number)}
    with Ledger(tmp_path, identity=IDENTITY) as ledger:
        assert list(ledger.keys()) == ["0" * 15 + "1", "0" * 15 + "2"]
    assert not (tmp_path / HOME / "stage").exists()
    note = json.loads((tmp_path / HOME / "provenance.json").read_text())
    assert note["made_by"] == IDENTITY
    assert "GeoNames" in note["attribution"]


def test_parts_on_the_stage_are_moved(tmp_path: Path) -> None:
    with Ledger(tmp_path, identity=IDENTITY) as ledger:
        parts = made(1)
        for part in parts:
            write_whole(staged(ledger.stage / ("0" * 15 + "1"), part), part.content or b"")
        bare = [
            Part(path=p.path, rows=p.rows, size_bytes=p.size_bytes, sha256=p.sha256) for p in parts
        ]
        ledger.commit("0" * 15 + "1", keys=[], parts=bare, failures=())
        with pytest.raises(OutputError, match="the client does not see it"):
            ledger.commit("0" * 16, keys=[], parts=bare, failures=())
    assert files(tmp_path) == {part.path for part in parts}


def test_half_a_batch_is_undone(tmp_path: Path) -> None:
    with Ledger(tmp_path, identity=IDENTITY) as ledger:
        commit(ledger, 1)
    whole = files(tmp_path)
    # As a client leaves it that is killed between two moves.
    half = made(2)
    write_whole(tmp_path / half[0].path, half[0].content or b"")
    told = {"batch": "0" * 15 + "2", "parts": [part.path for part in half]}
    (tmp_path / HOME / "committing.json").write_text(json.dumps(told))
    with Ledger(tmp_path, identity=IDENTITY) as ledger:
        assert files(tmp_path) == whole
        assert list(ledger.batches) == ["0" * 15 + "1"]


def test_a_line_that_is_whole_makes_the_batch_stand(tmp_path: Path) -> None:
    with Ledger(tmp_path, identity=IDENTITY) as ledger:
        commit(ledger, 1)
    told = {"batch": "0" * 15 + "1", "parts": [part.path for part in made(1)]}
    (tmp_path / HOME / "committing.json").write_text(json.dumps(told))
    with Ledger(tmp_path, identity=IDENTITY):
        assert files(tmp_path) == {part.path for part in made(1)}
    assert not (tmp_path / HOME / "committing.json").exists()


def test_a_torn_line_is_cut_off(tmp_path: Path) -> None:
    with Ledger(tmp_path, identity=IDENTITY) as ledger:
        commit(ledger, 1)
    with (tmp_path / HOME / "ledger.jsonl").open("ab") as stream:
        stream.write(b'{"batch": "000')
    with Ledger(tmp_path, identity=IDENTITY) as ledger:
        assert len(ledger.batches) == 1
        commit(ledger, 2)
    assert len(list(read_ledger(tmp_path))) == 2


def test_a_damaged_line_is_told(tmp_path: Path) -> None:
    with Ledger(tmp_path, identity=IDENTITY):
        pass
    (tmp_path / HOME / "ledger.jsonl").write_bytes(b"{]\n")
    with pytest.raises(ClusterError, match=r"ledger\.jsonl:1: is damaged"):
        Ledger(tmp_path, identity=IDENTITY)


@pytest.mark.parametrize("harm", ["remove", "cut"])
def test_a_batch_that_lost_a_file_is_done_anew(tmp_path: Path, harm: str) -> None:
    with Ledger(tmp_path, identity=IDENTITY) as ledger:
        commit(ledger, 1)
        commit(ledger, 2)
    lost = tmp_path / made(1)[0].path
    lost.unlink() if harm == "remove" else lost.write_bytes(b"PAR1")
    with Ledger(tmp_path, identity=IDENTITY) as ledger:
        assert list(ledger.keys()) == ["0" * 15 + "2"]
        assert files(tmp_path) == {part.path for part in made(2)}
        commit(ledger, 1)
    with Ledger(tmp_path, identity=IDENTITY) as ledger:
        assert len(ledger.batches) == 2


def test_failures_are_listed_until_they_are_done(tmp_path: Path) -> None:
    key = "0" * 15 + "1"
    with Ledger(tmp_path, identity=IDENTITY) as ledger:
        ledger.commit(key, keys=[key], parts=[], failures=[(key, FAILURE)])
        assert ledger.failures() == [FAILURE]
        assert list(ledger.keys()) == [key]
        assert list(ledger.keys(failures=False)) == []
    listed = (tmp_path / HOME / "failures.jsonl").read_text()
    assert json.loads(listed) == fields_of(FAILURE)
    assert FAILURE.message == "a.txt: no; ask"
    with Ledger(tmp_path, identity=IDENTITY) as ledger:
        commit(ledger, 1)
        assert ledger.failures() == []
    assert (tmp_path / HOME / "failures.jsonl").read_text() == ""


def test_another_identity_is_refused(tmp_path: Path) -> None:
    with Ledger(tmp_path, identity=IDENTITY):
        pass
    with pytest.raises(ClusterError, match="gazetteer is abd, expected abc; give another output"):
        Ledger(tmp_path, identity={**IDENTITY, "gazetteer": "abd"})
    # The refused one left no lock behind.
    with Ledger(tmp_path, identity=IDENTITY):
        pass


def test_strangers_are_not_mixed_in(tmp_path: Path) -> None:
    (tmp_path / "events").mkdir()
    with pytest.raises(OutputError, match="holds events of something else"):
        Ledger(tmp_path, identity=IDENTITY)


def _hold(path: str, ready: object, end: object) -> None:
    with Ledger(path, identity=IDENTITY):
        ready.set()  # type: ignore[attr-defined]
        end.wait(30)  # type: ignore[attr-defined]


def test_two_runs_on_one_folder_are_refused_and_a_killed_one_lets_go(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready, end = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(str(tmp_path), ready, end))
    other.start()
    assert ready.wait(30)
    with pytest.raises(OutputError, match="another run writes here"):
        Ledger(tmp_path, identity=IDENTITY)
    other.kill()
    other.join()
    with Ledger(tmp_path, identity=IDENTITY):
        pass


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot write here"):
        Ledger(tmp_path / "file", identity=IDENTITY)
    with pytest.raises(OutputError, match="cannot be written"):
        write_whole(tmp_path / "file" / "a", b"")
