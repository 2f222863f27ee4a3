"""Files of gazetteers: packed, damaged, of a kind that cannot be told."""

from __future__ import annotations

import gzip
import zipfile
from typing import TYPE_CHECKING

import pytest

from geomap.errors import GazetteerError
from geomap.gazetteer.formats.detecting import detect_format, open_lines

if TYPE_CHECKING:
    from pathlib import Path


def packed(path: Path, **members: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("_", "."), text)
    return path


def lines_of(path: Path) -> list[bytes]:
    with open_lines(path) as handle:
        return list(handle)


def test_packed_files_are_read_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"one\ntwo\n"))
    assert lines_of(tmp_path / "a.txt.gz") == [b"one\n", b"two\n"]
    assert lines_of(packed(tmp_path / "UA.zip", readme_txt="no", UA_txt="yes\n")) == [b"yes\n"]
    assert lines_of(packed(tmp_path / "x.zip", any_csv="yes\n")) == [b"yes\n"]


def test_what_is_damaged_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"one\n" * 999)[:30])
    with pytest.raises(GazetteerError, match="damaged or truncated"):
        lines_of(tmp_path / "a.gz")
    (tmp_path / "a.zip").write_bytes(b"PK nothing")
    with pytest.raises(GazetteerError, match="no whole zip file"):
        lines_of(tmp_path / "a.zip")
    with pytest.raises(GazetteerError, match="cannot be read"):
        lines_of(tmp_path / "gone.txt")
    with pytest.raises(GazetteerError, match=r"holds 2 data files \(a.csv, b.csv\); unpack one"):
        lines_of(packed(tmp_path / "two.zip", a_csv="1", b_csv="2"))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"elements": []}', "overpass"),
        ('{"head": {}, "results": {"bindings": []}}', "wikidata"),
        ('{"type": "FeatureCollection", "features": []}', "vector"),
        ("item,itemLabel,coord\n", "wikidata"),
        ("name,lat,lon\n", "csv"),
        ("ufi\tfull_name\tnt\tlat_dd\tlong_dd\n", "gns"),
        (
            "703448\tKyiv\tKyiv\t\t50.4\t30.5\tP\tPPLC\tUA\t\t12\t\t\t\t9\t\t1\tx\t2024\n",
            "geonames",
        ),
    ],
)
def test_a_format_is_told_by_its_beginning(tmp_path: Path, text: str, kind: str) -> None:
    path = tmp_path / ("a.json" if text.startswith("{") else "a.txt")
    path.write_text(text, "utf-8")
    assert detect_format(path) == kind


@pytest.mark.parametrize("text", ['{"places": []}', '{"places": [', "just words\n", ""])
def test_a_format_that_cannot_be_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / ("a.json" if text.startswith("{") else "a.txt")
    path.write_text(text, "utf-8")
    with pytest.raises(GazetteerError):
        detect_format(path)
