"""What a damaged, hostile or enormous file does to a run: one failure, nothing else."""

from __future__ import annotations

import gzip
import io
import os
import resource
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from document_builders import (
    FIRST,
    HTML,
    RSS,
    SAMPLES,
    TEXT,
    docx,
    mbox,
    message,
    pdf,
    tarred,
    zipped,
)

from geomap.articles import read_articles, read_sources
from geomap.articles.budgets import Deadline
from geomap.articles.failures import SourceError
from geomap.limits import ReadingLimits
from geomap.records import Article, Failure
from geomap.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


def read(*inputs: Any, **limits: Any) -> tuple[list[str], list[str]]:
    """Give origins (without folder) of articles, and messages of failures."""
    settings = Settings(reading=ReadingLimits(**limits))
    items = list(read_sources(list(inputs), settings=settings))
    base = f"{Path(inputs[0]).parent}/"
    good = [(item.origin or "").removeprefix(base) for item in items if isinstance(item, Article)]
    return good, [item.message for item in items if isinstance(item, Failure)]


def write(tmp_path: Path, name: str, data: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def bomb(size: int = 30_000_000) -> bytes:
    return zipped({"a.txt": b"0" * size})


DAMAGED: dict[str, tuple[str, bytes, str]] = {
    "truncated zip": ("a.zip", SAMPLES["a.zip"][:-40], "cannot be read as a ZIP archive"),
    "empty zip": ("a.zip", zipped({}), "archive holds no articles"),
    "zip of pictures": ("a.zip", zipped({"a.png": b"x"}), "archive holds no articles"),
    "truncated tar": ("a.tar", SAMPLES["a.tar"][:700], "cannot be read"),
    "tar of nothing": ("a.tar", tarred({"a.png": b"x"}), "archive holds no articles"),
    "truncated gzip": ("a.txt.gz", SAMPLES["a.txt.gz"][:60], "cannot be read as a gzip file"),
    "gzip of garbage": ("a.txt.gz", b"\x1f\x8b" + b"x" * 100, "cannot be read as a gzip file"),
    "truncated bzip2": ("a.txt.bz2", SAMPLES["a.txt.bz2"][:60], "cannot be read as"),
    "truncated xz": ("a.txt.xz", SAMPLES["a.txt.xz"][:60], "cannot be read as"),
    "truncated docx": ("a.docx", SAMPLES["a.docx"][:300], "cannot be read as a ZIP archive"),
    "docx of nothing": ("a.docx", zipped({"a": "b"}), "holds no word/document.xml"),
    "docx of no xml": ("a.docx", zipped({"word/document.xml": "no"}), "cannot be read as XML"),
    "empty docx": ("a.docx", docx("<w:p/>"), "is empty"),
    "truncated pdf": ("a.pdf", SAMPLES["a.pdf"][:200], "cannot be read as a PDF"),
    "scanned pdf": ("a.pdf", pdf(text=()), "is a PDF without text; if it is a scan"),
    "empty pdf": ("a.pdf", b"", "cannot be read as a PDF"),
    "empty html": ("a.html", b"", "is empty"),
    "empty csv": ("a.csv", b"", "has no column of texts"),
    "empty parquet": ("a.parquet", b"", "cannot be read as a Parquet file"),
    "truncated parquet": ("a.parquet", SAMPLES["a.parquet"][:200], "cannot be read as a Parquet"),
    "empty feed": ("a.rss", b"", "is no feed with entries"),
    "feed without entries": ("a.rss", b"<rss><channel/></rss>", "is no feed with entries"),
    "empty mail": ("a.eml", b"", "is an e-mail without text"),
    "empty epub": ("a.epub", zipped({"mimetype": "application/epub+zip"}), "without contents"),
    "truncated warc": ("a.warc", b"WARC/1.1\r\nWARC-Type: resp", "holds no pages"),
    "garbage rtf": ("a.rtf", b"{\\rtf" + bytes(range(256)), "is binary"),
    "unicode escapes in rtf": ("a.rtf", b"{\\rtf1 \\u55357? the}", "surrogate"),
}  # fmt: skip


@pytest.mark.parametrize("case", DAMAGED)
def test_damaged_file_is_one_failure(case: str, tmp_path: Path) -> None:
    name, data, expected = DAMAGED[case]
    path = write(tmp_path, name, data)
    good = write(tmp_path, "good.txt", TEXT.encode())
    origins, failures = read(path, good)
    assert origins == ["good.txt"]
    (failure,) = failures
    assert expected in failure
    assert failure.startswith(str(path))
    assert "\n" not in failure


def test_damaged_member_stops_no_other(tmp_path: Path) -> None:
    data = bytearray(
        zipped({"a.txt": TEXT, "b.txt": TEXT, "c.txt": TEXT}, method=zipfile.ZIP_STORED)
    )
    at = data.find(b"Shelling", data.find(b"b.txt"))
    data[at] ^= 0xFF
    origins, (failure,) = read(write(tmp_path, "a.zip", bytes(data)))
    assert origins == ["a.zip!/a.txt", "a.zip!/c.txt"]
    assert "a.zip!/b.txt: cannot be read as a member of a ZIP archive (Bad CRC-32" in failure


def test_zip_bomb_is_refused(tmp_path: Path) -> None:
    assert "unpacks to more than 200 times its size" in read(write(tmp_path, "a.zip", bomb()))[1][0]


def test_bomb_among_others_is_refused_before_it_unpacks(tmp_path: Path) -> None:
    filler = os.urandom(2_000_000)
    data = zipped({"a.txt": b"0" * 30_000_000, "b.txt": TEXT, "c.bin": filler})
    origins, (failure,) = read(write(tmp_path, "a.zip", data))
    assert origins == ["a.zip!/b.txt"]
    assert "a.zip!/a.txt: unpacks to more than 200 times its size" in failure


def test_bomb_in_archives_is_refused(tmp_path: Path) -> None:
    nested = zipped({"b.zip": zipped({"c.zip": bomb()}, method=zipfile.ZIP_STORED), "d.txt": TEXT})
    origins, failures = read(write(tmp_path, "a.zip", nested))
    assert origins == ["a.zip!/d.txt"]
    assert "times its size" in failures[0]


@pytest.mark.parametrize("suffix", ["txt.gz", "tar.gz", "csv.gz", "warc.gz", "mbox.gz", "jsonl.gz"])
def test_compressed_bomb_is_refused(suffix: str, tmp_path: Path) -> None:
    data = b"0" * 50_000_000
    if suffix == "tar.gz":
        data = tarred({"a.txt": data})
    path = write(tmp_path, f"a.{suffix}", gzip.compress(data))
    origins, failures = read(path)
    assert origins == []
    refused = ("times its size", "is longer than", "has a line longer than")
    assert failures
    assert all(any(words in failure for words in refused) for failure in failures)


def test_quine_of_archives_ends(tmp_path: Path) -> None:
    data = TEXT.encode()
    for level in range(6):
        data = zipped({f"{level}.zip" if level else "a.txt": data})
    assert "lies in more than 3 archives" in read(write(tmp_path, "a.zip", data))[1][0]


def test_unpacked_bytes_are_counted_over_all_archives(tmp_path: Path) -> None:
    inner = zipped({f"{n}.txt": os.urandom(40_000).hex() for n in range(3)})
    outer = zipped({"a.zip": inner, "b.zip": inner, "c.zip": inner})
    failures = read(write(tmp_path, "a.zip", outer), max_unpacked_bytes=500_000)[1]
    assert any("unpacks to more than 500,000 bytes" in failure for failure in failures)


def test_too_many_members(tmp_path: Path) -> None:
    members: dict[str, str | bytes] = {f"{number}.txt": TEXT for number in range(12)}
    assert (
        "more than 10 members"
        in read(write(tmp_path, "a.zip", zipped(members)), max_members=10)[1][0]
    )
    origins, failures = read(write(tmp_path, "a.tar", tarred(members)), max_members=10)
    assert len(origins) == 10
    assert "more than 10 members" in failures[0]


def test_members_lead_nowhere_and_nothing_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    names = ["../../out.txt", "/etc/out.txt", "C:\\out.txt", "..\\..\\o.txt", "a/../../b.txt"]
    zip_path = write(folder, "a.zip", zipped(dict.fromkeys(names, TEXT)))
    tar_path = write(folder, "a.tar", tarred(dict.fromkeys(names, TEXT)))
    before = sorted(tmp_path.rglob("*"))
    origins, failures = read(zip_path, tar_path)
    assert failures == []
    assert len(origins) == 2 * len(names)
    assert not any(".." in origin or "\\" in origin for origin in origins)
    assert sorted(tmp_path.rglob("*")) == before
    assert not Path("/etc/out.txt").exists()


def test_links_and_devices_of_a_tar_are_passed_over(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, kind, target in (
            ("a.txt", tarfile.SYMTYPE, "/etc/passwd"), ("b.txt", tarfile.LNKTYPE, "/etc/passwd"),
            ("c.txt", tarfile.CHRTYPE, ""), ("d.txt", tarfile.FIFOTYPE, ""),
        ):  # fmt: skip
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, target
            archive.addfile(info)
    assert "holds no articles" in read(write(tmp_path, "a.tar", buffer.getvalue()))[1][0]


def test_header_of_a_tar_cannot_take_the_memory(tmp_path: Path) -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 5_000_000_000
    path = write(tmp_path, "a.tar", info.tobuf(tarfile.USTAR_FORMAT))
    with path.open("r+b") as stream:
        stream.truncate(6_000_000_000)
    assert "has a header of" in read(path)[1][0]


def test_encrypted_member(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.txt": TEXT}))
    data[6] |= 1
    data[data.find(b"PK\x01\x02") + 8] |= 1
    assert "a.zip!/a.txt: is encrypted" in read(write(tmp_path, "a.zip", bytes(data)))[1][0]


ENTITIES = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {name} "{("&" + before + ";") * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
) + "]>"  # fmt: skip
EXTERNAL = '<!DOCTYPE a [<!ENTITY i SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("declared", [ENTITIES, EXTERNAL])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_of_a_docx_are_refused(declared: str, encoding: str, tmp_path: Path) -> None:
    xml = f'{declared}<w:document xmlns:w="x"><w:p>&i;</w:p></w:document>'.encode(encoding)
    (failure,) = read(write(tmp_path, "a.docx", zipped({"word/document.xml": xml})))[1]
    # libxml2 itself refuses those that grow.
    assert "declares XML entities" in failure or "entity amplification" in failure


@pytest.mark.parametrize("declared", [ENTITIES, EXTERNAL])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_of_a_feed_come_to_nothing(declared: str, encoding: str, tmp_path: Path) -> None:
    feed = RSS.replace("?>", f"?>{declared}", 1).replace("Short.", "Short &i;.")
    feed = feed.replace('encoding="utf-8"', f'encoding="{encoding}"')
    feed = feed.replace(FIRST, f"{FIRST} &i;")
    started = time.monotonic()
    items = list(read_sources(write(tmp_path, "a.rss", feed.encode(encoding))))
    assert time.monotonic() - started < 5
    texts = [item.text for item in items if isinstance(item, Article)]
    assert all(len(text) < 1000 and "root:" not in text for text in texts)


def test_pages_of_a_pdf_are_limited(tmp_path: Path) -> None:
    path = write(tmp_path, "a.pdf", pdf(10_000))
    started = time.monotonic()
    (failure,) = read(path)[1]
    assert (
        "has 10,000 pages, more than 2,000; cut it, or raise max_pages under [reading]" in failure
    )
    assert time.monotonic() - started < 10
    assert read(path, max_pages=10_000)[1][0].endswith("raise max_article_chars in the settings")


def test_time_is_limited(tmp_path: Path) -> None:
    path = write(tmp_path, "a.pdf", pdf(500))
    assert "takes longer than 0.001 s" in read(path, max_seconds=0.001)[1][0]
    clock = Deadline(0.001, "a")
    time.sleep(0.01)
    with pytest.raises(SourceError, match=r"a: takes longer than 0\.001 s; .*max_seconds"):
        clock.check()


def test_pdf_that_keeps_its_reader_busy_is_ended(tmp_path: Path) -> None:
    busy = pdf(text=tuple("the" for _ in range(2_000_000)))
    started = time.monotonic()
    (failure,) = read(write(tmp_path, "a.pdf", busy), max_seconds=2)[1]
    assert "takes longer than 2 s" in failure
    assert time.monotonic() - started < 15


def test_pdf_that_takes_the_memory_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "a.pdf", SAMPLES["a.pdf"])
    (failure,) = read(path, max_pdf_memory_bytes=10_000_000)[1]
    assert "cannot be read as a PDF" in failure


@pytest.mark.parametrize(
    ("name", "limit"),
    [("a.html", "max_html_bytes"), ("a.rtf", "max_html_bytes"), ("a.rss", "max_xml_bytes"),
     ("a.eml", "max_document_bytes"), ("a.docx", "max_xml_bytes"), ("a.odt", "max_document_bytes"),
     ("a.epub", "max_html_bytes"), ("a.mbox", "max_document_bytes")],
)  # fmt: skip
def test_sizes_are_limited(name: str, limit: str, tmp_path: Path) -> None:
    failures = read(write(tmp_path, name, SAMPLES[name]), **{limit: 100})[1]
    assert failures
    assert all(f"{limit} under [reading] in the settings" in failure for failure in failures)


def test_deep_page_and_deep_mail_end(tmp_path: Path) -> None:
    deep = write(tmp_path, "a.html", b"<div>" * 100_000 + TEXT.encode())
    mail = message()
    for _ in range(60):
        outer = message()
        outer.add_attachment(mail)
        mail = outer
    nested = write(tmp_path, "b.eml", bytes(mail))
    started = time.monotonic()
    read(deep, nested)
    assert time.monotonic() - started < 20


def test_line_of_a_csv_without_end(tmp_path: Path) -> None:
    endless = write(tmp_path, "a.csv", b"text,b\n" + b"x" * 4_000_000)
    quoted = write(tmp_path, "b.csv", b'text,b\n"' + b"x\n" * 2_000_000)
    _, failures = read(endless, quoted)
    assert "has a line longer than" in failures[0]
    assert "field larger than field limit" in failures[1]


def test_special_files_of_a_folder_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    write(tmp_path, "a.txt", TEXT.encode())
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    (tmp_path / "zero.txt").symlink_to("/dev/zero")
    origins, failures = read(tmp_path)
    assert len(origins) == 1
    assert [failure.partition(": ")[2].partition(";")[0] for failure in failures] == [
        "cannot be read (Too many levels of symbolic links)", "is no regular file",
        "is no regular file",
    ]  # fmt: skip


def test_link_that_is_named_and_loops(tmp_path: Path) -> None:
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    assert (
        "cannot be opened (Too many levels of symbolic links)" in read(tmp_path / "loop.txt")[1][0]
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read anything")
def test_file_without_permission(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", TEXT.encode())
    path.chmod(0)
    assert "cannot be read (Permission denied)" in read(path)[1][0]


def test_hostile_names_stay_on_one_line(tmp_path: Path) -> None:
    name = "a\n\x1b[31mred\u202e.txt"
    (failure,) = read(write(tmp_path, "a.zip", zipped({name: b""})))[1]
    assert "\n" not in failure
    assert "\x1b" not in failure
    assert "\u202e" not in failure


def test_mail_with_unknown_encoding_is_read(tmp_path: Path) -> None:
    data = bytes(message("Kharkiv and Zürich, said the mayor of the city.\n"))
    data = data.replace(b"utf-8", b"x-unknown")
    assert read(write(tmp_path, "a.eml", data)) == (["a.eml"], [])


def test_box_goes_on_after_a_message_that_is_too_large(tmp_path: Path) -> None:
    huge = b"From a Thu Mar  3 21:15:00 2022\n" + bytes(message("the " * 5000)) + b"\n"
    data = mbox() + huge + mbox()
    origins, (failure,) = read(write(tmp_path, "a.mbox", data), max_document_bytes=15_000)
    assert "a.mbox:4: is a message of more than 15,000 bytes" in failure
    assert origins[-1] == "a.mbox:7"


def test_memory_does_not_grow_with_the_number_of_articles(tmp_path: Path) -> None:
    import tracemalloc  # noqa: PLC0415

    def peak(count: int) -> int:
        rows = "\n".join(SAMPLES["a.jsonl"].decode().strip() for _ in range(count))
        path = write(tmp_path, "a.zip", zipped({"a.jsonl": rows}))
        tracemalloc.start()
        limits = ReadingLimits(max_ratio=100_000)
        found = sum(1 for _ in read_sources(path, settings=Settings(reading=limits)))
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert found == count
        return size

    peak(10)
    assert peak(4_000) < 1.5 * peak(400) + 1_000_000


@pytest.mark.slow
def test_file_of_a_gigabyte_takes_little_memory(tmp_path: Path) -> None:
    for name, line in (("big.txt", TEXT.encode()), ("big.html", HTML.encode())):
        block = line * (4_000_000 // len(line))
        with (tmp_path / name).open("wb") as stream:
            for _ in range(1_000_000_000 // len(block) + 1):
                stream.write(block)
    code = (
        "import resource, sys\n"
        "from geomap.articles import read_sources\n"
        "limit = 400_000_000\n"
        "resource.setrlimit(resource.RLIMIT_AS, (limit, limit))\n"
        "found = [type(i).__name__ for i in read_sources(sys.argv[1:])]\n"
        "print(found[0], found.count('Failure'))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "big.txt"), str(tmp_path / "big.html")],
        capture_output=True, text=True, check=True, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.stdout.split() == ["Failure", "2"]
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1_000_000


def test_first_fault_of_an_archive_is_raised_when_nobody_listens(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="times its size"):
        list(read_articles(write(tmp_path, "a.zip", bomb())))
