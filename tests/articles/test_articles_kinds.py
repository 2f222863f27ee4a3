from __future__ import annotations

import datetime as dt
import gzip
import io
import shutil
import sys
from typing import TYPE_CHECKING, Any

import pytest
from document_builders import (
    FIRST,
    HTML,
    LONG,
    SAMPLES,
    SECOND,
    TEXT,
    TITLE,
    docx,
    message,
    tarred,
    zipped,
)

from geomap.articles import read_articles, read_sources
from geomap.records import Article, Failure

if TYPE_CHECKING:
    from pathlib import Path

DAY = dt.date(2022, 3, 3)
BODY = f"{FIRST}\n\n{SECOND}"

# Name: texts, ids, titles, sources, urls and days of what is read from the sample.
EXPECTED: dict[str, list[tuple[Any, ...]]] = {
    "a.txt": [(TEXT, "a", TITLE, "a.txt", None, None)],
    "a.md": [(TEXT, "a", TITLE, "a.md", None, None)],
    "a.html": [
        (f"{TITLE}\n\n{BODY}", "a", TITLE, "The Dispatch", "https://example.org/kharkiv", DAY)
    ],
    "a.rtf": [(f"{FIRST}\n{SECOND}", "a", None, "a.rtf", None, None)],
    "a.docx": [
        (f"{FIRST}\n\nTwo people were killed.\n\nControlled.\n\nCell", "a", TITLE, "a.docx", None, DAY)
    ],
    "a.odt": [(f"{TITLE}\n\n{FIRST}\n\nTwo people were killed.", "a", TITLE, "a.odt", None, None)],
    "a.epub": [
        (f"First\n\n{LONG.strip()}", "a-2", "First", "Weekly", None, dt.date(2022, 3, 4)),
        (f"Second\n\n{LONG.strip()}", "a-3", "Second", "Weekly", None, dt.date(2022, 3, 4)),
    ],
    "a.pdf": [(BODY, "a", TITLE, "a.pdf", None, DAY)],
    "a.eml": [(BODY, "a", "Обстріл Kharkiv", "Iryna Отдел", None, DAY)],
    "a.rss": [
        (
            f"{TITLE} & Sumy\n\n{FIRST}\n\nZürich said so.", "tag:a", f"{TITLE} & Sumy",
            "The Dispatch & Co", "https://example.org/a", DAY,
        ),
        (
            "Evacuation from Sumy\n\nThe first buses left Sumy for Poltava on Tuesday, "
            "the governor said.", "javascript:alert(1)", "Evacuation from Sumy",
            "The Dispatch & Co", None, None,
        ),
    ],
    "a.atom": [(f"{TITLE}\n\n{FIRST}", "urn:1", TITLE, "Wire", "https://example.org/atom", DAY)],
    "a.csv": [(f"{FIRST}\n{SECOND}", "a-1", TITLE, "Dispatch", None, DAY)],
    "a.jsonl": [(TEXT, "r1", None, None, None, DAY)],
    "a.tar.gz": [
        (TEXT, "b", TITLE, "b.txt", None, None),
        (f"{TITLE}\n\n{BODY}", "c", TITLE, "The Dispatch", "https://example.org/kharkiv", DAY),
    ],
    "a.txt.gz": [(TEXT, "a", TITLE, "a.txt", None, None)],
}  # fmt: skip
for other, same in (("a.zip", "a.tar.gz"), ("a.tar", "a.tar.gz"), ("a.txt.bz2", "a.txt.gz"), ("a.txt.xz", "a.txt.gz")):  # fmt: skip
    EXPECTED[other] = EXPECTED[same]


def read(*inputs: Any, **options: Any) -> tuple[list[Article], list[str]]:
    faults: list[str] = []
    found = read_articles(list(inputs), on_fault=lambda err: faults.append(str(err)), **options)
    return list(found), faults


def write(tmp_path: Path, name: str, data: bytes | None = None) -> Path:
    path = tmp_path / name
    path.write_bytes(SAMPLES[name] if data is None else data)
    return path


@pytest.mark.parametrize("name", EXPECTED)
def test_kind(name: str, tmp_path: Path) -> None:
    articles, faults = read(write(tmp_path, name))
    assert [(a.text, a.id, a.title, a.source, a.url, a.published) for a in articles] == [
        row for row in EXPECTED[name] if row is not None
    ]
    # The CSV holds one row without text.
    assert faults == ([f"{tmp_path}/a.csv:2: is empty; expected the text of an article"] * (name == "a.csv"))  # fmt: skip
    assert all(a.language in ("en", None) for a in articles)


@pytest.mark.parametrize("name", SAMPLES)
def test_kind_is_told_by_content_where_the_name_says_nothing(name: str, tmp_path: Path) -> None:
    if name in ("a.csv", "a.md"):
        pytest.skip("nothing but its name tells")
    renamed = write(tmp_path, "document", SAMPLES[name])
    named = write(tmp_path, name)
    assert [a.text for a in read(renamed)[0]] == [a.text for a in read(named)[0]]


@pytest.mark.parametrize("name", ["a.html", "a.pdf", "a.docx", "a.epub", "a.zip", "a.tar.gz", "a.rss", "a.warc", "a.parquet"])  # fmt: skip
def test_standard_input(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [a.text for a in read(write(tmp_path, name))[0]]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SAMPLES[name])))
    assert [a.text for a in read("-")[0]] == texts
    assert texts


def test_all_kinds_of_a_folder_and_of_an_archive_of_it(tmp_path: Path) -> None:
    folder = tmp_path / "all"
    folder.mkdir()
    for name in SAMPLES:
        write(folder, name)
    direct, faults = read(folder)
    assert len(direct) > len(SAMPLES)
    assert len(faults) == 1
    for kind in ("zip", "gztar", "xztar"):
        archive = shutil.make_archive(str(tmp_path / "packed"), kind, folder)
        packed, _ = read(archive)
        assert sorted(a.text for a in packed) == sorted(a.text for a in direct)
        assert [a.origin for a in packed if a.text == TEXT]
        assert all((a.origin or "").startswith(f"{archive}!/") for a in packed)


def test_mbox_and_attachments(tmp_path: Path) -> None:
    articles, faults = read(write(tmp_path, "a.mbox"))
    assert faults == []
    origins = [(a.origin or "").removeprefix(f"{tmp_path}/") for a in articles]
    assert origins == [
        "a.mbox:1", "a.mbox:2", "a.mbox:2!/report.pdf", "a.mbox:2!/b.docx", "a.mbox:3",
    ]  # fmt: skip
    assert articles[0].id == "one@example.org"
    assert articles[4].text == f"{FIRST}\n\nFrom here on: {SECOND}"


def test_plain_text_of_a_mail_goes_before_its_html(tmp_path: Path) -> None:
    both = bytes(message(f"{FIRST}\n", html=True))
    only_html = both.replace(b"text/plain", b"text/x-none")
    assert read(write(tmp_path, "a.eml", both))[0][0].text == FIRST
    assert SECOND in read(write(tmp_path, "b.eml", only_html))[0][0].text


def test_warc(tmp_path: Path) -> None:
    plain = write(tmp_path, "a.warc")
    articles, faults = read(plain)
    assert faults == []
    assert [a.url for a in articles] == [
        "https://example.org/war/kharkiv.html",
        "https://example.org/report",
    ]
    assert articles[0].published == DAY
    assert [a.id for a in articles] == ["kharkiv", "report"]
    packed = write(tmp_path, "b.warc.gz", gzip.compress(SAMPLES["a.warc"]))
    assert [a.text for a in read(packed)[0]] == [a.text for a in articles]


def test_parquet(tmp_path: Path) -> None:
    articles, faults = read(write(tmp_path, "a.parquet"))
    assert faults == []
    assert [(a.text, a.published) for a in articles] == [(FIRST, DAY)] * 40
    assert articles[-1].origin == f"{tmp_path}/a.parquet:40"


@pytest.mark.parametrize("name", ["t.csv", "t.tsv", "t.jsonl"])
def test_columns_can_be_named(name: str, tmp_path: Path) -> None:
    tab = "\t" if name == "t.tsv" else ","
    data = f'nr{tab}words{tab}day\n7{tab}"{FIRST}"{tab}2022-03-03\n'
    if name == "t.jsonl":
        data = f'{{"nr": 7, "words": "{FIRST}", "day": "2022-03-03"}}\n'
    path = write(tmp_path, name, data.encode())
    columns = {"text": "words", "id": "nr", "published": "day"}
    (article,), faults = read(path, columns=columns)
    assert faults == []
    assert (article.id, article.text, article.published) == ("7", FIRST, DAY)
    articles, faults = read(path)
    assert articles == []
    assert "words" in faults[0] or 'no key "text"' in faults[0]


def test_ambiguous_day_of_a_table_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", f"text,date\n{FIRST.replace(',', '')},03/04/2022\n".encode())
    assert "date is '03/04/2022'; expected an ISO date" in read(path)[1][0]


def test_tables_of_a_folder_without_texts_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    write(tmp_path, "places.csv", b"name,lon,lat\nKyiv,30.5,50.4\n")
    write(tmp_path, "site.xml", b"<urlset/>")
    assert [[a.id for a in read(tmp_path)[0]], read(tmp_path)[1]] == [["a"], []]


def test_tables_of_an_archive_without_texts_are_passed_over(tmp_path: Path) -> None:
    members = {"a.txt": TEXT, "places.csv": "name,lon\nKyiv,30.5\n", "site.xml": "<urlset/>"}
    for name, pack in (("a.zip", zipped), ("a.tar", tarred)):
        articles, faults = read(write(tmp_path, name, pack({**members})))
        assert [a.id for a in articles] == ["a"]
        assert faults == []
        _, faults = read(write(tmp_path, name, pack({"places.csv": members["places.csv"]})))
        assert "archive holds no articles" in faults[0]


def test_entities_in_html_are_characters_and_markup_is_none(tmp_path: Path) -> None:
    page = HTML.replace(
        "Two people", "&lt;script&gt;alert(1)&lt;/script&gt; &amp; =SUM(A1) two people"
    )
    (article,), _ = read(write(tmp_path, "a.html", page.encode()))
    assert "<script>alert(1)</script> & =SUM(A1) two people" in article.text


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-u", "utf-8", "utf-16"])
def test_declared_encoding_of_a_page(encoding: str, tmp_path: Path) -> None:
    page = HTML.replace("utf-8", encoding).replace("Two people", "In Харків (Київ) two people")
    (article,), _ = read(write(tmp_path, "a.html", page.encode(encoding)))
    assert "In Харків (Київ) two people" in article.text


def test_nested_archives_have_readable_origins(tmp_path: Path) -> None:
    inner = zipped({"b.docx": docx()})
    path = write(tmp_path, "a.zip", zipped({"x/inner.zip": inner, "n.jsonl": SAMPLES["a.jsonl"]}))
    origins = [item.origin for item in read_sources(path) if isinstance(item, Article)]
    assert origins == [f"{path}!/x/inner.zip!/b.docx", f"{path}!/n.jsonl:1"]


def test_failures_name_their_stage(tmp_path: Path) -> None:
    write(tmp_path, "a.pdf", SAMPLES["a.pdf"][:300])
    write(tmp_path, "b.txt", b"")
    write(tmp_path, "c.txt", "Російські війська обстріляли Харків уночі.".encode())
    write(tmp_path, "d.zip", b"PK\x03\x04")
    found = [(i.stage, i.origin[-5:]) for i in read_sources(tmp_path) if isinstance(i, Failure)]
    assert found == [
        ("parse", "a.pdf"),
        ("check", "b.txt"),
        ("language", "c.txt"),
        ("parse", "d.zip"),
    ]
