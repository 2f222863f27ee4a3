from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from geomap.contract import to_line
from geomap.errors import StoreError
from geomap.store import migrations, open_store
from geomap.store.schema import SCHEMA_VERSION

SCHEMA_1 = Path(__file__).with_name("schema_1.sql")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    base = sqlite3.connect(tmp_path / "store.sqlite")
    base.executescript(SCHEMA_1.read_text(encoding="utf-8"))
    base.close()
    return tmp_path


def schema(folder: Path) -> dict[str, set[str]]:
    base = sqlite3.connect(folder / "store.sqlite")
    names = [row[0] for row in base.execute("SELECT name FROM sqlite_master")]
    found = {
        name: {row[1] for row in base.execute(f"PRAGMA table_info('{name}')")} for name in names
    }
    assert base.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION
    base.close()
    return found


def test_an_old_store_becomes_one_of_today(
    old: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with open_store(old, write=True) as store:
        store.finish()
        articles = list(store.extractions())
        assert [copy.article for copy in store.copies()] == ["reprint"]
        assert store.counts().merged > 0
        assert [failure.origin for failure in store.failures()] == ["/news/empty.txt"]
    assert [one.article.id for one in articles] == [
        "2022-03-08-sumy", "2022-03-16-mariupol", "reprint",
    ]  # fmt: skip
    assert all(one.events and to_line(one) for one in articles)
    new = tmp_path_factory.mktemp("new")
    open_store(new, write=True).close()
    assert schema(old) == schema(new)


def test_an_old_store_is_not_changed_by_a_reader(old: Path) -> None:
    before = (old / "store.sqlite").read_bytes()
    with pytest.raises(StoreError, match=r"has schema 1, expected 3; .*geomap store upgrade"):
        open_store(old)
    assert (old / "store.sqlite").read_bytes() == before


def test_a_migration_that_fails_leaves_the_old_store(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(base: sqlite3.Connection) -> None:
        base.execute("CREATE TABLE half_done (x)")
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(migrations, "MIGRATIONS", {1: half})
    with pytest.raises(StoreError, match="disk is full"):
        open_store(old, write=True)
    monkeypatch.undo()
    with open_store(old, write=True) as store:
        assert store.counts().articles == 3


def test_there_is_a_step_from_every_version() -> None:
    assert set(migrations.MIGRATIONS) == set(range(1, SCHEMA_VERSION))
