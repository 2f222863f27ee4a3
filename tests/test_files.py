from __future__ import annotations

from pathlib import Path

import pytest

from geomap.errors import OutputError
from geomap.files import output_folder, replacing, staging
from geomap.stages import STAGE, WHOLE


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_output_folder_is_made_with_its_parents(tmp_path: Path) -> None:
    folder = output_folder(tmp_path / "a" / "b")
    assert folder.is_dir()
    assert names(folder) == []


@pytest.mark.parametrize("given", ["file", "file/below", "a\0b", "x" * 400])
def test_output_folder_that_cannot_be(given: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"cannot write here .*; give a folder you may write to"):
        output_folder(f"{tmp_path}/{given}")


def test_replacing_moves_at_the_end(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")
    with replacing(target) as draft:
        draft.write_text("new")
        assert draft.suffix == ".txt"
        assert target.read_text() == "old"
    assert target.read_text() == "new"
    assert names(tmp_path) == ["a.txt"]


def test_replacing_keeps_the_old_file_when_the_block_raises(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")
    with pytest.raises(RuntimeError), replacing(target) as draft:  # noqa: PT012
        draft.write_text("half")
        raise RuntimeError
    assert target.read_text() == "old"
    assert names(tmp_path) == ["a.txt"]


def test_replacing_names_what_went_wrong(tmp_path: Path) -> None:
    with (
        pytest.raises(OutputError, match=r"a\.txt: cannot be written \(No space left"),
        replacing(tmp_path / "a.txt"),
    ):
        raise OSError(28, "No space left on device")


def test_staging_moves_all_at_the_end(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "a.txt").write_text("old")
    (folder / "other.txt").write_text("mine")
    with staging(folder) as stage:
        (stage / "a.txt").write_text("new")
        (stage / "b.txt").write_text("new")
        assert (folder / "a.txt").read_text() == "old"
    assert names(folder) == ["a.txt", "b.txt", "other.txt"]
    assert (folder / "a.txt").read_text() == "new"


def test_staging_keeps_old_files_when_the_block_raises(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("old")
    with pytest.raises(RuntimeError), staging(tmp_path) as stage:  # noqa: PT012
        (stage / "a.txt").write_text("half")
        raise RuntimeError
    assert (tmp_path / "a.txt").read_text() == "old"
    assert names(tmp_path) == ["a.txt"]


def test_staging_moves_nothing_when_one_cannot_be_moved(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("old")
    (tmp_path / "b.txt").mkdir()
    with pytest.raises(OutputError, match=r"b\.txt: is a folder"), staging(tmp_path) as stage:
        _ = [(stage / name).write_text("new") for name in ("a.txt", "b.txt")]
    assert (tmp_path / "a.txt").read_text() == "old"


def test_staging_leaves_no_empty_folder_that_it_made(tmp_path: Path) -> None:
    with staging(tmp_path / "a" / "b"):
        pass
    assert names(tmp_path) == []
    with pytest.raises(RuntimeError), staging(tmp_path / "a" / "b"):
        raise RuntimeError
    assert names(tmp_path) == []


def test_staging_keeps_an_empty_folder_that_was_there(tmp_path: Path) -> None:
    with staging(tmp_path):
        pass
    assert tmp_path.is_dir()


def interrupted(folder: Path, after: int) -> None:
    """Leave what a process leaves that is killed among its moves."""
    whole = folder / f"{WHOLE}abcdefgh"
    whole.mkdir()
    for number, name in enumerate(("a.txt", "b.txt")):
        (folder / name if number < after else whole / name).write_text("new")


@pytest.mark.parametrize("after", [0, 1, 2])
def test_the_next_one_finishes_the_moves(after: int, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("old")
    interrupted(tmp_path, after)
    (tmp_path / f"{STAGE}abcdefgh").mkdir()
    output_folder(tmp_path)
    assert names(tmp_path) == ["a.txt", "b.txt"]
    assert {path.read_text() for path in tmp_path.iterdir()} == {"new"}


def test_a_stage_that_is_held_is_left_alone(tmp_path: Path) -> None:
    with staging(tmp_path) as stage:
        (stage / "a.txt").write_text("new")
        output_folder(tmp_path)
        assert stage.is_dir()
    assert names(tmp_path) == ["a.txt"]


def test_a_link_that_is_named_like_a_stage_is_not_followed(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "a.txt").write_text("mine")
    out = tmp_path / "out"
    out.mkdir()
    (out / f"{WHOLE}abcdefgh").symlink_to(mine, target_is_directory=True)
    output_folder(out)
    assert (mine / "a.txt").read_text() == "mine"
    assert not (out / "a.txt").exists()


def test_a_move_that_fails_puts_the_others_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("old")
    move = Path.replace

    def fail(self: Path, target: Path) -> Path:
        if target == tmp_path / "c.txt":
            raise OSError(13, "Permission denied")
        return move(self, target)

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OutputError, match=r"c\.txt: cannot be written"), staging(tmp_path) as stage:
        _ = [(stage / name).write_text("new") for name in ("a.txt", "b.txt", "c.txt")]
    assert names(tmp_path) == ["a.txt"]
    assert (tmp_path / "a.txt").read_text() == "old"
