"""News articles by the thousand, made of this project's own dispatches; the same seed, the same texts.

    python benchmarks/generate_articles.py 20000 --paragraphs 2 --seed 1 -o build/articles.jsonl

A template is a dispatch of tests/quality (development, wires, briefs), of the seeds, or of
benchmarks/dispatches; never a locked one, never a corpus. For each article one is drawn and told
of another time and place: its settlements become settlements of one region of the same country
(one article in five keeps its own), its dates and weekdays move by the same number of days, its
numbers change, its speakers get other names, and the paragraphs after its first stand in another
order. Two shares are stated:

    --duplicates  near duplicates: an earlier article word for word, but for a sentence left out
                  and another name of the paper (what MinHash has to find)
    --retold      the same incident by another paper, its paragraphs chosen and ordered anew
                  (what merging has to find)

They are drawn from the last 500 articles. Names come from the built-in gazetteer, places of 1,000
inhabitants and more, so that new words keep arriving, as in news.
"""

from __future__ import annotations

import argparse
import datetime as dt
import functools
import json
import random
import re
import sys
from collections import defaultdict, deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from geomap.gazetteer import open_gazetteer
from geomap.records import Article

sys.path.insert(0, str(Path(__file__).parent))
from marked import marked_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Template", "generate", "templates"]

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = tuple(ROOT / name for name in (
    "seeds", "tests/quality/development", "tests/quality/wires", "tests/quality/briefs"
))  # fmt: skip
LEAST_POPULATION = 1_000
KEPT_PLACES = 0.2
RECENT = 500
LARGEST_MOVE_DAYS = 900
PAPERS = tuple(
    f"{place} {kind}"
    for kind in ("Courier", "Evening News", "Herald", "Wire")
    for place in ("Eastern", "Harbour", "Highland", "Lowland", "Northern", "River", "Southern",
                  "Steppe", "Union", "Western")
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December")  # fmt: skip
_MONTH = "|".join((*MONTHS, *(f"{month[:3]}" for month in MONTHS)))
_DATE = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}}) (?P<month>{_MONTH})|(?P<month2>{_MONTH}) (?P<day2>\d{{1,2}}))"
    r"(?P<year>,? (?:19|20)\d\d)?\b(?!\d|st|nd|rd|th)"
)
_WEEKDAY = re.compile("|".join(WEEKDAYS))
_NUMBER = re.compile(r"(?<![\d.,:/\w-])[1-9]\d{0,2}(?![\d:/\w-]|[.,]\d)")
_PERSON = re.compile(r"\b([A-Z][\w’'-]+) (?:[a-z]+[- ])?([A-Z][\w’'-]+)\b")
_SENTENCE_END = re.compile(r"(?<=[.!?”\"]) (?=[A-Z“\"])")


@dataclass(frozen=True, slots=True)
class Template:
    """A dispatch, where its settlements are named, and who speaks in it.

    Parameters
    ----------
    id
        Stem of the file.
    text, published
        As in the file.
    names
        Half-open offsets of settlements, what they have in common, and their country.
    speakers
        Given and family names, as in the text.
    """

    id: str
    text: str
    published: dt.date
    names: tuple[tuple[int, int, str, str], ...]
    speakers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Incident:
    """What a template is told of: everything but the order and choice of its paragraphs."""

    template: Template
    paragraphs: tuple[str, ...]
    published: dt.date


@dataclass(slots=True)
class _Names:
    """Names of places by country and region, and names of people."""

    regions: dict[str, list[list[str]]] = field(default_factory=dict)
    countries: dict[str, str] = field(default_factory=dict)
    given: list[str] = field(default_factory=list)
    family: list[str] = field(default_factory=list)


@functools.cache
def templates() -> list[Template]:
    """Read the dispatches.

    Returns
    -------
    list of Template
        In a fixed order.
    """
    found = [t for folder in FOLDERS for t in _gold_templates(folder)]
    names = _names()
    return found + [_marked_template(text, names.countries) for text in marked_texts()]


def _gold_templates(folder: Path) -> Iterator[Template]:
    places, speakers = defaultdict(list), defaultdict(list)
    for line in (folder / "gold" / "toponyms.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row.get("kind") == "settlement" and row.get("country"):
            place = (row["start"], row["end"], row.get("place") or row["text"], row["country"])
            places[row["doc"]].append(place)
    for line in (folder / "gold" / "events.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        speakers[row["doc"]].append(row.get("attribution") or "")
    for path in sorted(folder.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        yield Template(
            id=path.stem,
            text=text,
            published=dt.date.fromisoformat(path.stem[:10]),
            names=tuple(sorted(set(places[path.stem]))),
            speakers=_people(text, speakers[path.stem], places[path.stem]),
        )


def _marked_template(marked: object, countries: dict[str, str]) -> Template:
    """Take the places of the marks, wherever the text names them."""
    names = {name for mark in marked.marks for event in mark.events for _, name in event}
    spans: list[tuple[int, int, str, str]] = []
    for name in sorted(names & countries.keys(), key=len, reverse=True):
        for match in re.finditer(rf"\b{re.escape(name)}\b", marked.text):
            if not any(start < match.end() and match.start() < end for start, end, *_ in spans):
                spans.append((match.start(), match.end(), name, countries[name]))
    said = [mark.speaker or "" for mark in marked.marks]
    return Template(
        id=marked.id.rpartition("/")[2],
        text=marked.text,
        published=dt.date.fromisoformat(marked.published),
        names=tuple(sorted(spans)),
        speakers=_people(marked.text, said, spans),
    )


def _people(
    text: str, said: Sequence[str], places: Sequence[tuple[int, int, str, str]]
) -> tuple[tuple[str, str], ...]:
    """Give the pairs of capitalised words that speakers are named by, no places or peoples."""
    named = {word for start, end, *_ in places for word in text[start:end].split()}
    pairs = {(m[1], m[2]) for who in said for m in _PERSON.finditer(who)}
    return tuple(
        (given, family)
        for given, family in sorted(pairs)
        if f"{given} {family}" in text
        and not named & {given, family}
        and not re.search(rf"\b(?:[Tt]he|’s|'s) (?:{re.escape(given)}|{re.escape(family)})\b", text)
        and not re.search("[’']s$", f"{given}\n{family}", re.MULTILINE)
    )


def _names() -> _Names:
    names = _Names()
    regions: dict[tuple[str, str], list[str]] = defaultdict(list)
    largest: dict[str, int] = {}
    with open_gazetteer() as gazetteer:
        for place in gazetteer.places():
            if place.feature_class != "P" or place.population < LEAST_POPULATION:
                continue
            if place.country and place.name.isascii():
                regions[place.country, place.admin1 or ""].append(place.name)
                if place.population > largest.get(place.name, 0):
                    largest[place.name] = place.population
                    names.countries[place.name] = place.country
    for (country, _), found in sorted(regions.items()):
        names.regions.setdefault(country, []).append(sorted(set(found)))
    return names


def generate(
    count: int,
    *,
    seed: int = 1,
    duplicates: float = 0.1,
    retold: float = 0.2,
    paragraphs: int | None = None,
) -> Iterator[Article]:
    """Make articles, one at a time.

    Parameters
    ----------
    count
        How many.
    seed
        The same number gives the same articles, whatever the count.
    duplicates, retold
        Shares of near duplicates and of other reports of an incident told before, 0..1.
    paragraphs
        How many follow the headline; all of them when ``None``.

    Yields
    ------
    Article
        With source and day of publication; ids are ``"g000000-<template>"``, ….
    """
    draw = random.Random(seed)  # noqa: S311 - no secret
    known, names = templates(), _names()
    people = sorted({pair for template in known for pair in template.speakers})
    names.given, names.family = [p[0] for p in people], [p[1] for p in people]
    recent: deque[tuple[_Incident, list[str]]] = deque(maxlen=RECENT)
    for number in range(count):
        kind = draw.random() if recent else 2.0  # the first one is new
        if kind < duplicates:
            incident, told = draw.choice(recent)
            told = _nearly(told, draw)
        else:
            incident = (
                draw.choice(recent)[0]
                if kind < duplicates + retold
                else _incident(draw.choice(known), names, draw)
            )
            told = _told(incident.paragraphs, draw, paragraphs)
            recent.append((incident, told))
        yield Article(
            id=f"g{number:06}-{incident.template.id}",
            text="\n\n".join(told),
            title=told[0],
            source=draw.choice(PAPERS),
            published=incident.published,
        )


def _incident(template: Template, names: _Names, draw: random.Random) -> _Incident:
    days = draw.randint(-LARGEST_MOVE_DAYS, LARGEST_MOVE_DAYS)
    edits = [*_places(template, names, draw), *_speakers(template, names, draw)]
    edits += _dates(template, days)
    edits += [(m.start(), m.end(), _number(m[0], draw)) for m in _NUMBER.finditer(template.text)]
    text = _edited(template.text, edits)
    paragraphs = tuple(p.strip() for p in re.split(r"\n\s*\n", text) if p.strip())
    return _Incident(template, paragraphs, template.published + dt.timedelta(days))


def _places(
    template: Template, names: _Names, draw: random.Random
) -> Iterator[tuple[int, int, str]]:
    if draw.random() < KEPT_PLACES:
        return
    by_country: dict[str, dict[str, None]] = defaultdict(dict)
    for *_, key, country in template.names:
        by_country[country][key] = None
    new: dict[tuple[str, str], str] = {}
    for country, keys in by_country.items():
        regions = names.regions.get(country, [])
        wide = [region for region in regions if len(region) >= len(keys)]
        if wide:
            region = draw.choices(wide, [len(region) for region in wide])[0]
            chosen = draw.sample(region, len(keys))
            new.update({(country, key): name for key, name in zip(keys, chosen, strict=True)})
    for start, end, key, country in template.names:
        name = new.get((country, key))
        if name is not None:
            # Datelines are written in capitals.
            yield start, end, name.upper() if template.text[start:end].isupper() else name


def _speakers(
    template: Template, names: _Names, draw: random.Random
) -> Iterator[tuple[int, int, str]]:
    for given, family in template.speakers:
        first, last = draw.choice(names.given), draw.choice(names.family)
        whole = rf"\b{re.escape(given)} {re.escape(family)}\b|\b{re.escape(family)}\b"
        for match in re.finditer(whole, template.text):
            new = f"{first} {last}" if " " in match[0] else last
            yield match.start(), match.end(), new


def _dates(template: Template, days: int) -> Iterator[tuple[int, int, str]]:
    move = dt.timedelta(days)
    for match in _WEEKDAY.finditer(template.text):
        yield match.start(), match.end(), WEEKDAYS[(WEEKDAYS.index(match[0]) + days) % 7]
    for match in _DATE.finditer(template.text):
        day, month = int(match["day"] or match["day2"]), match["month"] or match["month2"]
        year = int(match["year"][-4:]) if match["year"] else template.published.year
        try:
            new = dt.date(year, _month(month), day) + move
        except ValueError:  # "30 February" of a template's joke
            continue
        name = MONTHS[new.month - 1] if month in MONTHS else MONTHS[new.month - 1][:3]
        told = f"{new.day} {name}" if match["day"] else f"{name} {new.day}"
        # A date without a year stays without one: it is that of publication, moved alike.
        lead = match["year"][:-4] if match["year"] else ""
        yield match.start(), match.end(), told + (f"{lead}{new.year}" if lead else "")


def _month(name: str) -> int:
    return next(number for number, month in enumerate(MONTHS, 1) if month[:3] == name[:3])


def _number(text: str, draw: random.Random) -> str:
    return str(max(2, round(int(text) * draw.uniform(0.5, 2.0)))) if text != "1" else text


def _edited(text: str, edits: Sequence[tuple[int, int, str]]) -> str:
    """Put edits into a text; where two overlap, the first that was listed counts."""
    taken: list[tuple[int, int, str]] = []
    end_of_last = 0
    for start, end, new in sorted(edits, key=lambda edit: (edit[0], -edit[1])):
        if start >= end_of_last:
            taken.append((start, end, new))
            end_of_last = end
    pieces, at = [], 0
    for start, end, new in taken:
        pieces += [text[at:start], new]
        at = end
    return "".join([*pieces, text[at:]])


def _told(paragraphs: Sequence[str], draw: random.Random, most: int | None) -> list[str]:
    """Give the headline and paragraphs in a new order, their sentences now and then too."""
    lead, body = paragraphs[:2], list(paragraphs[2:])
    draw.shuffle(body)
    return [*lead, *(_reordered(p, draw) for p in body)][: most + 1 if most else None]


def _reordered(paragraph: str, draw: random.Random) -> str:
    """Move the first sentence of one paragraph in three to its end."""
    sentences = _SENTENCE_END.split(paragraph)
    turned = draw.random() < 1 / 3 and "\n" not in paragraph
    return " ".join([*sentences[1:], sentences[0]] if turned else sentences)


def _nearly(told: Sequence[str], draw: random.Random) -> list[str]:
    """Leave one sentence out, where there are several."""
    body = [_SENTENCE_END.split(paragraph) for paragraph in told[1:]]
    long = [sentences for sentences in body if len(sentences) > 1]
    if long:
        sentences = draw.choice(long)
        sentences.pop(draw.randrange(len(sentences)))
    return [*told[:1], *(" ".join(sentences) for sentences in body)]


def main() -> None:
    """Write the articles as JSON lines, as geomap reads them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--duplicates", type=float, default=0.1)
    parser.add_argument("--retold", type=float, default=0.2)
    parser.add_argument("--paragraphs", type=int, help="after the headline; all by default")
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    options.output.parent.mkdir(parents=True, exist_ok=True)
    words = 0
    with options.output.open("w", encoding="utf-8") as handle:
        for article in generate(
            options.count,
            seed=options.seed,
            duplicates=options.duplicates,
            retold=options.retold,
            paragraphs=options.paragraphs,
        ):
            words += len(article.text.split())
            row = {"id": article.id, "title": article.title, "text": article.text,
                   "source": article.source, "published": str(article.published)}  # fmt: skip
            handle.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(f"{options.count:,} articles, {words:,} words: {options.output}")


if __name__ == "__main__":
    main()
