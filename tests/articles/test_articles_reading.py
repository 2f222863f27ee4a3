from __future__ import annotations

import datetime as dt
import io
import json
import os
import pickle
import sys
from pathlib import Path
from typing import Any

import pytest

from geomap.articles import read_articles, read_sources
from geomap.articles.sources import Source, find_sources
from geomap.errors import InputError
from geomap.records import Article, Failure
from geomap.settings import Settings

ENGLISH = "Shelling of the city went on during the night, said the mayor of Kharkiv on Thursday.\n"
UKRAINIAN = "Російські війська обстріляли Харків уночі. За словами голови області, троє поранено."


def read(*inputs: Any, **options: Any) -> tuple[list[Any], list[str]]:
    faults: list[str] = []
    articles = list(
        read_articles(list(inputs), on_fault=lambda err: faults.append(str(err)), **options)
    )
    return articles, faults


def test_text_file_is_kept_unchanged(tmp_path: Path) -> None:
    file = tmp_path / "2022-03-03-kharkiv.txt"
    data = ("\ufeffA headline\r\n\r\n" + ENGLISH + "«Харків»\u2028 \x0c end").encode()
    file.write_bytes(data)
    (article,), faults = read(file)
    assert faults == []
    assert article.text == data.decode("utf-8")
    assert article.text.startswith("\ufeffA")
    assert (article.id, article.title) == ("2022-03-03-kharkiv", "A headline")
    assert article.published == dt.date(2022, 3, 3)
    assert article.source == "2022-03-03-kharkiv.txt"
    assert article.language == "en"


BAD_FILES: dict[str, tuple[str, bytes, str]] = {
    "empty": ("a.txt", b"", "is empty"),
    "white space only": ("a.txt", b" \n\t\r\n\xc2\xa0", "is empty"),
    "byte order mark only": ("a.txt", b"\xef\xbb\xbf\n", "is empty"),
    "no letters": ("a.txt", b"12 + 12 = 24 !!!", "holds no words"),
    "nul bytes": ("a.txt", b"abc\x00\x01\x02" * 50, "is binary"),
    "control characters": ("a.txt", b"\x01\x02\x03 a b c" * 50, "control characters"),
    "pdf": ("a.txt", b"%PDF-1.7 ...", "cannot be read as a PDF"),
    "zip": ("article", b"PK\x03\x04 ....", "cannot be read as a ZIP archive"),
    "cp1251": ("a.txt", UKRAINIAN.encode("cp1251"), "seems to be Ukrainian"),
    "png": ("a.txt", b"\x89PNG\r\n\x1a\n", "is a PNG picture; recognise its text first"),
    "old office": ("a.doc", b"\xd0\xcf\x11\xe0", "is an old Office document; save it as DOCX"),
    "ukrainian": ("a.txt", UKRAINIAN.encode(), "seems to be Ukrainian"),
    "html without text": ("a.html", b"<p><script>alert(1)</script>", "is empty"),
    "pdf by name": ("a.pdf", b"%PDF", "cannot be read as a PDF"),
    "not json": ("a.jsonl", b"no json\n", "a.jsonl:1: is not JSON"),
    "json of another kind": ("a.jsonl", b"[1]\n", "is a list; expected an object"),
    "gold": ("a.jsonl", b'{"doc": "x", "start": 0, "text": "Kyiv"}\n', 'has no key "text"'),
    "text is no string": ("a.jsonl", b'{"text": 5}\n', "text is a int; expected a string"),
    "half a surrogate": ("a.jsonl", b'{"text": "the \\ud800 of"}\n', "surrogate"),
    "bad date": ("a.jsonl", b'{"text": "the x", "published": "March"}\n', "expected an ISO date"),
    "extraction": ("a.jsonl", b'{"text": "", "geomap": {}, "toponyms": []}\n', "geomap draw"),
    "deep json": ("a.jsonl", b"[" * 200_000 + b"\n", "is not JSON"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_FILES)
def test_one_bad_file_is_one_clear_line_and_stops_nothing(case: str, tmp_path: Path) -> None:
    name, data, expected = BAD_FILES[case]
    bad = tmp_path / name
    bad.write_bytes(data)
    good = tmp_path / "good.txt"
    good.write_text(ENGLISH, encoding="utf-8")
    articles, faults = read(bad, good)
    assert [article.id for article in articles] == ["good"]
    assert len(faults) == 1
    assert expected in faults[0]
    assert str(bad) in faults[0]
    assert "\n" not in faults[0]


def test_first_fault_is_raised_when_nobody_listens(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        list(read_articles([tmp_path / "none.txt"]))


@pytest.mark.parametrize("given", ["none.txt", "a\0b", "x" * 5000])
def test_missing_path(given: str, tmp_path: Path) -> None:
    articles, faults = read(f"{tmp_path}/{given}")
    assert articles == []
    assert len(faults) == 1
    assert "cannot be opened" in faults[0]


def test_folder_without_articles(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"x")
    assert "folder holds no articles" in read(tmp_path)[1][0]


def test_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.txt"
    file.write_text(ENGLISH)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    # Root may read anything, so that chmod shows nothing there.
    monkeypatch.setattr("builtins.open", refuse)
    assert "cannot be read (Permission denied)" in read(file)[1][0]


def test_unreadable_subfolder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "locked").mkdir()
    (tmp_path / "a.txt").write_text(ENGLISH)
    scandir = os.scandir

    def refuse(path: Any) -> Any:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    articles, faults = read(tmp_path)
    assert len(articles) == 1
    assert "folder cannot be read (Permission denied)" in faults[0]


@pytest.mark.parametrize("text", ["the " * 30, "é" * 101, "the 🙂" * 25])
def test_too_long(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    _, faults = read(tmp_path, settings=Settings(max_article_chars=100))
    assert "longer than 100 characters" in faults[0]


def test_longest_allowed(tmp_path: Path) -> None:
    text = "of the 🙂🙂" * 10
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    (article,), _ = read(tmp_path, settings=Settings(max_article_chars=len(text)))
    assert article.text == text


def test_enormous_file_is_not_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "sparse.txt"
    with file.open("wb") as stream:
        stream.write(b"the of " * 10)
        stream.truncate(50_000_000_000)
    assert "is binary" in read(file, settings=Settings(max_article_chars=1000))[1][0]


def test_folder_is_read_to_the_bottom_in_order(tmp_path: Path) -> None:
    files = ["b.txt", "a.md", "sub/c.txt", "gold/g.txt", ".hidden/h.txt", ".h.txt", "README.md"]
    files += ["a.expected.txt", "lexicons/l.txt", "x.csv"]
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(ENGLISH)
    (tmp_path / "rows.jsonl").write_text(json.dumps({"text": ENGLISH}) + "\n")
    (tmp_path / "toponyms.jsonl").write_text('{"doc": "b", "start": 0, "text": "Kyiv"}\n')
    (tmp_path / "extraction.jsonl").write_text('{"geomap": {}, "toponyms": [], "text": "x"}\n')
    articles, faults = read(tmp_path)
    assert faults == []
    assert [article.id for article in articles] == ["a", "b", "rows-1", "c"]


def test_named_file_is_read_whatever_its_suffix(tmp_path: Path) -> None:
    (tmp_path / "dispatch").write_text(ENGLISH)
    assert read(tmp_path / "dispatch")[0][0].id == "dispatch"


def test_ids_are_unique_and_files_read_once(tmp_path: Path) -> None:
    for folder in ("x", "y", "z"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "same.txt").write_text(ENGLISH)
    articles, _ = read(tmp_path / "x", tmp_path / "x" / "same.txt", tmp_path / "y", tmp_path)
    assert [article.id for article in articles] == ["same", "same-2", "same-3"]


def test_jsonl_rows(tmp_path: Path) -> None:
    rows: list[Any] = [
        {"id": 7, "text": ENGLISH, "title": "T", "url": "https://example.org"},
        {"text": ENGLISH, "date": "2022-03-03T21:15:00+02:00", "source": "Agency", "title": ""},
        {"id": "bad", "text": " "},
        {"id": 7, "text": "one\u2028two of the\x0b x", "published": "2022-03-04"},
    ]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    file = tmp_path / "2022-03-01.jsonl"
    file.write_text("\ufeff" + "\n\n".join(lines), encoding="utf-8")
    articles, faults = read(file)
    assert [article.id for article in articles] == ["7", "2022-03-01-3", "7-2"]
    assert [article.published for article in articles] == [
        None,
        dt.date(2022, 3, 3),
        dt.date(2022, 3, 4),
    ]
    assert articles[1].source == "Agency"
    assert articles[1].title is None
    assert articles[2].text == "one\u2028two of the\x0b x"
    assert len(faults) == 1
    assert f"{file}:5: is empty" in faults[0]


def test_overlong_jsonl_line_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    long = json.dumps({"text": "x" * 200_000})
    file.write_text(f"{long}\n{json.dumps({'text': 'Out of the city.'})}\n")
    articles, faults = read(file, settings=Settings(max_article_chars=100))
    assert [article.id for article in articles] == ["a-2"]
    assert "line is longer" in faults[0]


def test_given_date_wins(tmp_path: Path) -> None:
    (tmp_path / "2022-03-03.txt").write_text(ENGLISH)
    (article,), _ = read(tmp_path, published=dt.date(2022, 3, 9))
    assert article.published == dt.date(2022, 3, 9)


@pytest.mark.parametrize(
    ("data", "ids"),
    [
        (ENGLISH.encode(), ["stdin"]),
        (b"{{7*7}} of the ${alert(1)}\nand more", ["stdin"]),
        (json.dumps({"text": ENGLISH}).encode() + b'\n{"id": "b", "text": "x"}', ["stdin-1", "b"]),
    ],
)
def test_stdin(data: bytes, ids: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    articles, faults = read("-", "-")
    assert faults == []
    assert [article.id for article in articles] == ids
    assert not sys.stdin.buffer.closed


def test_empty_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert read("-")[1] == ["standard input: is empty; expected the text of an article"]


def test_one_path_may_be_given_alone(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ENGLISH)
    assert next(read_articles(str(tmp_path))).id == "a"


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ENGLISH)
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "dead.txt").symlink_to(tmp_path / "none")
    articles, faults = read(tmp_path)
    assert len(articles) == 1
    assert "dead.txt: cannot be read" in faults[0]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_encoding_is_detected(encoding: str, tmp_path: Path) -> None:
    text = ENGLISH + "He said: “Zürich, café” – and ‘left’.\r\n"
    (tmp_path / "a.txt").write_bytes(text.encode(encoding))
    (article,), faults = read(tmp_path / "a.txt")
    assert faults == []
    assert article.text == text


@pytest.mark.parametrize("encoding", ["cp1251", "koi8_u"])
def test_cyrillic_names_in_legacy_encodings(encoding: str, tmp_path: Path) -> None:
    text = ENGLISH * 4 + "(Харків, Київ, Суми)\n"
    (tmp_path / "a.txt").write_bytes(text.encode(encoding))
    assert read(tmp_path / "a.txt")[0][0].text == text


def test_sources_tell_size_and_time(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ENGLISH)
    (source,) = find_sources(tmp_path)
    assert isinstance(source, Source)
    assert source.origin == str(tmp_path / "a.txt")
    assert source.size_bytes == len(ENGLISH)
    assert source.modified_ns == (tmp_path / "a.txt").stat().st_mtime_ns


def test_stable_ids_and_origins(tmp_path: Path) -> None:
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "same.txt").write_text(ENGLISH)
    (tmp_path / "empty.txt").write_text("")
    items = list(read_sources(tmp_path))
    failure, first, second = items
    assert isinstance(failure, Failure)
    assert (failure.stage, failure.reason) == ("check", "is empty")
    assert failure.origin == str(tmp_path / "empty.txt")
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert first.id == second.id == "same-" + first.id[5:]
    assert len(first.id) == len("same-") + 12
    assert [first.origin, second.origin] == [str(tmp_path / f / "same.txt") for f in "xy"]
    assert pickle.loads(pickle.dumps(items)) == items  # noqa: S301 - our own


def test_ids_lead_nowhere(tmp_path: Path) -> None:
    rows = [{"id": name, "text": ENGLISH} for name in ("../../etc/passwd", "a/b", "..", "x" * 500)]
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    ids = [article.id for article in read(tmp_path)[0]]
    assert len(set(ids)) == len(rows)
    assert all(Path(one).name == one and len(one) < 140 for one in ids)
    assert ids[0].startswith("etc_passwd-")


def test_pattern(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "sub/c.txt", "d.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(ENGLISH)
    assert [a.id for a in read(f"{tmp_path}/*.txt")[0]] == ["a", "b"]
    assert [a.id for a in read(f"{tmp_path}/**/*.txt")[0]] == ["a", "b", "c"]
    assert "matches no file" in read(f"{tmp_path}/*.pdf")[1][0]


def test_address_is_not_fetched_without_being_asked() -> None:
    assert "is an address, not a file; give it with --url" in read("https://example.org/a")[1][0]


def test_unknown_column_is_refused() -> None:
    with pytest.raises(InputError, match="unknown field 'body'; expected one of text"):
        list(read_articles("a.csv", columns={"body": "text"}))


def test_find_sources_gives_stdin_through() -> None:
    assert [source.name for source in find_sources("-")] == ["-"]


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize(
    "corpus",
    ["lgl-dev", "geovirus-dev", "ua-acled-dev", "ua-acled-namesakes-dev", "ua-cir-dev",
     "ua-corridors-dev", "halterman-event-location-dev"],
)  # fmt: skip
def test_no_article_of_the_corpora_is_refused(corpus: str, shared_dir: Path) -> None:
    articles, faults = read(shared_dir / "corpora" / f"{corpus}.jsonl")
    assert faults == []
    assert articles
