"""Measure the readers against their alternatives, with what of these is installed.

python benchmarks/reading.py encodings
python benchmarks/reading.py pdf                    # needs Chromium
python benchmarks/reading.py html FOLDER            # html/ and txt/ of newspaper4k's tests/data
python benchmarks/reading.py speed
python benchmarks/reading.py meaning                # the seeds as PDF, HTML, DOCX; needs Chromium
"""

from __future__ import annotations

import collections
import difflib
import importlib
import io
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geomap.articles import read_sources
from geomap.articles.decoding import decode
from geomap.articles.entries import make_entry
from geomap.articles.pages import page_draft
from geomap.articles.pdfs import joined_lines

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[1]
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
# Pages of newspaper4k whose language the word counts below fit.
OTHER_SCRIPTS = re.compile("chinese|japan|thai|arab|burm|yna|korean")
CYRILLIC = {
    "uk": "Російські війська обстріляли Харків уночі, поранено троє людей. Сказав він. ",
    "ru": "Российские войска обстреляли Харьков ночью, ранены трое. Сказал он. ",
}


def words(text: str) -> collections.Counter[str]:
    """Count the words of a text."""
    return collections.Counter(re.findall(r"\w+", text.lower()))


def tools(candidates: dict[str, tuple[str, Callable[[Any, Any], str]]]) -> dict[str, Any]:
    """Give those whose library is installed."""
    found = {}
    for name, (module, call) in candidates.items():
        try:
            library = importlib.import_module(module)
        except ImportError as err:
            print(f"{name}: not installed ({err})")
            continue
        found[name] = lambda given, call=call, library=library: call(library, given)
    return found


def measure_html(folder: Path) -> None:
    """Compare main texts with those of newspaper4k's tests, word by word."""

    def justext(library: Any, html: str) -> str:
        parts = library.justext(html.encode(), library.get_stoplist("English"))
        return "\n".join(part.text for part in parts if not part.is_boilerplate)

    def readability(library: Any, html: str) -> str:
        from lxml import html as parser  # noqa: PLC0415

        return str(parser.fromstring(library.Document(html).summary()).text_content())

    found = tools({
        "geomap": ("geomap", lambda _, h: page_draft(
            h, entry=make_entry("a.html", io.BytesIO(h.encode()), origin="a.html")).text),
        "trafilatura precise": ("trafilatura", lambda m, h: m.extract(
            h, include_comments=False, favor_precision=True, fast=True) or ""),
        "trafilatura": ("trafilatura", lambda m, h: m.extract(h, include_comments=False) or ""),
        "readability-lxml": ("readability", readability),
        "jusText": ("justext", justext),
        "resiliparse": ("resiliparse.extract.html2text",
                        lambda m, h: m.extract_plain_text(h, main_content=True)),
        "boilerpy3": ("boilerpy3.extractors", lambda m, h: m.ArticleExtractor().get_content(h)),
        "all text": ("trafilatura", lambda m, h: m.html2txt(h)),
    })  # fmt: skip
    texts = sorted(
        path for path in (folder / "txt").glob("*.txt")
        if (folder / "html" / f"{path.stem}.html").exists() and not OTHER_SCRIPTS.search(path.stem)
    )  # fmt: skip
    print(
        f"{len(texts)} pages; mean precision, recall and F1 of words (geomap adds headlines, which the gold lacks)"
    )
    for name, call in found.items():
        scores, started = [], time.perf_counter()
        for path in texts:
            html = (folder / "html" / f"{path.stem}.html").read_text(errors="replace")
            gold, got = words(path.read_text()), words(call(html))
            both = sum((gold & got).values())
            precision = both / max(1, sum(got.values()))
            recall = both / max(1, sum(gold.values()))
            scores.append(
                (precision, recall, 2 * precision * recall / max(1e-9, precision + recall))
            )
        means = [sum(column) / len(scores) for column in zip(*scores, strict=True)]
        spent = 1000 * (time.perf_counter() - started) / len(texts)
        print(f"{name:18} {means[0]:.3f} {means[1]:.3f} {means[2]:.3f} {spent:5.0f} ms a page")


def print_pdfs(folder: Path) -> None:
    """Print the seed dispatches, every second one in two columns."""
    for number, path in enumerate(SEEDS):
        paragraphs = [p.replace("\n", " ") for p in path.read_text(encoding="utf-8").split("\n\n")]
        columns = "column-count:2;column-gap:2em;text-align:justify;hyphens:auto" * (number % 2)
        page = folder / f"{path.stem}.html"
        page.write_text(
            f"<html lang=en><meta charset=utf-8><style>body{{font:12pt serif;{columns}}}</style>"
            f"<h1>{paragraphs[0]}</h1>" + "".join(f"<p>{p}</p>" for p in paragraphs[1:])
        )  # fmt: skip
        command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
                   f"--print-to-pdf={page.with_suffix('.pdf')}", str(page)]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=60)  # noqa: S603


def measure_pdf() -> None:
    """Compare the words of printed dispatches with the dispatches."""

    def pdfium(library: Any, path: Path, finish: Callable[[str], str] = str) -> str:
        document = library.PdfDocument(path)
        text = "\n".join(finish(page.get_textpage().get_text_bounded()) for page in document)
        document.close()
        return text

    found = tools({
        "geomap": ("pypdfium2", lambda m, p: pdfium(m, p, joined_lines)),
        "pypdfium2": ("pypdfium2", pdfium),
        "pypdf": ("pypdf", lambda m, p: "\n".join(x.extract_text() for x in m.PdfReader(p).pages)),
        "pdfminer.six": ("pdfminer.high_level", lambda m, p: m.extract_text(p)),
    })  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print_pdfs(folder)
        print(f"{len(SEEDS)} dispatches; likeness of their words in order")
        for tool, call in found.items():
            started = time.perf_counter()
            ratios = [
                difflib.SequenceMatcher(
                    None, path.read_text(encoding="utf-8").split(),
                    call(folder / f"{path.stem}.pdf").split(), autojunk=False,
                ).ratio()
                for path in SEEDS
            ]  # fmt: skip
            spent = 1000 * (time.perf_counter() - started) / len(SEEDS)
            print(f"{tool:14} {sum(ratios) / len(ratios):.4f} {spent:5.0f} ms a document")


def measure_encodings() -> None:
    """Count the texts whose encoding is told."""
    from charset_normalizer import from_bytes  # noqa: PLC0415

    seeds = [path.read_text(encoding="utf-8") for path in SEEDS]
    curly = [text.replace("'", "’") + " café Zürich" for text in seeds]
    curly += [text[:300].replace("'", "’") + " ‘x’ “y”" for text in seeds]
    mixed = [text + " «Харків»" for text in seeds] + [text + " (Харків, Київ)" for text in seeds]
    cases = [("English", curly, "cp1252"), ("English", curly, "utf-16-le")]
    cases += [("with Cyrillic names", mixed, code) for code in ("cp1251", "koi8_u")]
    cases += [(name, [text, text * 5], "cp1251") for name, text in CYRILLIC.items()]
    for name, texts, code in cases:
        pairs = [(text.encode(code, errors="ignore")) for text in texts]
        right = sum(decode(data, name="a") == data.decode(code) for data in pairs)
        free = sum(str(from_bytes(data).best()) == data.decode(code) for data in pairs)
        print(f"{name:20} {code:10} geomap {right}/{len(pairs)}, charset-normalizer {free}")


def measure_speed() -> None:
    """Count small documents of each kind a second."""
    sys.path.insert(0, str(ROOT / "tests" / "articles"))
    samples = importlib.import_module("document_builders").SAMPLES
    for name, data in samples.items():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, name)
            path.write_bytes(data)
            list(read_sources(path))
            started, count = time.perf_counter(), 0
            while time.perf_counter() - started < 1:
                count += len(list(read_sources(path)))
            print(f"{name:12} {count / (time.perf_counter() - started):7.0f} articles/s")


def measure_meaning() -> None:
    """Compare what is extracted from the seeds in other formats with that of the text files."""
    import html  # noqa: PLC0415

    import geomap  # noqa: PLC0415

    sys.path.insert(0, str(ROOT / "tests" / "articles"))
    docx = importlib.import_module("document_builders").docx
    nlp = geomap.load_pipeline()

    def found(path: Path) -> tuple[collections.Counter[Any], collections.Counter[Any]]:
        extracted = geomap.extract(next(geomap.read_articles(path)), nlp=nlp)
        names = {one.id: one.text for one in extracted.toponyms}
        events = collections.Counter(
            (one.type, one.factuality, tuple(names[place.toponym] for place in one.places))
            for one in extracted.events
        )
        places = collections.Counter(
            (one.text, one.place.id if one.place else None) for one in extracted.toponyms
        )
        return events, places

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print_pdfs(folder)
        for path in SEEDS:
            paragraphs = path.read_text(encoding="utf-8").split("\n\n")
            body = "".join(
                f"<w:p><w:r><w:t>{html.escape(' '.join(p.split()))}</w:t></w:r></w:p>"
                for p in paragraphs
            )
            (folder / f"{path.stem}.docx").write_bytes(docx(body))
        for suffix in ("pdf", "html", "docx"):
            pairs = [(found(path), found(folder / f"{path.stem}.{suffix}")) for path in SEEDS]
            for index, what in enumerate(("events", "toponyms")):
                same = sum(sum((a[index] & b[index]).values()) for a, b in pairs)
                gold, got = (sum(sum(one[k][index].values()) for one in pairs) for k in (0, 1))
                print(f"{suffix:5} {what:9} {same} of {gold} the same, {got} found")


if __name__ == "__main__":
    task, *rest = sys.argv[1:] or ["help"]
    if task == "html" and rest:
        measure_html(Path(rest[0]))
    elif f"measure_{task}" in globals():
        globals()[f"measure_{task}"]()
    else:
        print(__doc__)
