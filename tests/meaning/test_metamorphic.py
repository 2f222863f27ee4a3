"""What a change of the text may change: the one thing that was changed, and nothing else."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

import geomap
from geomap.records import Article

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

DAY = dt.date(2022, 6, 14)
UNRELATED = (
    "The national orchestra announced its programme for the autumn. Tickets go on sale next week.",
    "Analysts at the bank expect the harvest to be better than last year, and prices to fall.",
)
# A sentence with a place, and places that may stand there.
STRIKES = "Russian forces shelled {place} overnight, killing two people, the governor said."
SIEGES = "Troops have surrounded {place}, the General Staff reported on Tuesday."
TALKS = "Negotiators from both sides met in {place} on Monday for a new round of peace talks."
PLACES = ("Kharkiv", "Bakhmut", "Mykolaiv", "Zaporizhzhia", "Sumy")
ROUTES = (
    "A humanitarian corridor was opened from {a} to {b} on Tuesday.",
    "Buses left along the green corridor from {a} to {b}.",
)


def read(text: str, nlp: Any, *, name: str = "a") -> Any:
    article = Article(id=name, text=text, published=DAY, language="en")
    return geomap.extract(article, nlp=nlp)


def told(extracted: Any) -> list[tuple[Any, ...]]:
    """What the events say, without offsets, reasons and confidence."""
    names = {one.id: one.place.id if one.place else None for one in extracted.toponyms}
    return [
        (
            one.type, one.subtype, one.factuality, one.geometry_method, one.date,
            tuple((place.role, names.get(place.toponym)) for place in one.places),
            tuple(sorted(one.counts.items())),
            one.attribution and (one.attribution.speaker, one.attribution.organisation),
        )
        for one in extracted.events
    ]  # fmt: skip


def without_place(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [(*row[:5], tuple(role for role, _ in row[5]), *row[6:]) for row in rows]


@pytest.mark.parametrize("frame", [STRIKES, SIEGES, TALKS])
def test_another_place_moves_the_mark_and_nothing_else(frame: str, nlp: Any) -> None:
    found = {place: told(read(frame.format(place=place), nlp)) for place in PLACES}
    first = without_place(found[PLACES[0]])
    assert first
    for place, rows in found.items():
        assert without_place(rows) == first, place
    spots = {row[5][0][1] for rows in found.values() for row in rows[:1]}
    assert len(spots) == len(PLACES)


@pytest.mark.parametrize("place", ["end", "middle"])
def test_an_unrelated_paragraph_changes_no_event(nlp: Any, root_dir: Path, place: str) -> None:
    for article in geomap.read_articles([str(root_dir / "seeds")]):
        paragraphs = article.text.split("\n\n")
        # Not before the first: what comes before a dateline is another article.
        at = len(paragraphs) if place == "end" else max(len(paragraphs) // 2, 1)
        text = "\n\n".join([*paragraphs[:at], *UNRELATED, *paragraphs[at:]])
        before = geomap.extract(article, nlp=nlp)
        after = geomap.extract(replace(article, text=text), nlp=nlp)
        if place == "end":
            assert told(after) == told(before), article.id
        else:
            # A place that is carried over from the paragraph before may be out of reach.
            assert [row[:3] for row in told(after)] == [row[:3] for row in told(before)], article.id


def test_the_order_of_articles_changes_no_merged_event(nlp: Any, root_dir: Path) -> None:
    rows = list(geomap.extract_many(geomap.read_articles([str(root_dir / "seeds")]), nlp=nlp))
    # The same reports under other names, so that there is something to merge.
    rows += [replace(row, article=replace(row.article, id=f"{row.article.id}-b")) for row in rows]

    def merged(order: list[Any]) -> set[Any]:
        return {
            (one.type, frozenset((m.article, m.event) for m in one.members))
            for one in geomap.merge_events(order)
        }

    expected = merged(rows)
    assert any(len(members) > 1 for _, members in expected)
    for seed in range(3):
        shuffled = rows.copy()
        random.Random(seed).shuffle(shuffled)  # noqa: S311 - an order, no secret
        assert merged(shuffled) == expected


@pytest.mark.parametrize(
    ("plain", "negated", "factuality"),
    [
        ("Russian forces have captured Bakhmut.", "Russian forces have not captured Bakhmut.",
         "negated"),
        ("Troops surrounded Mariupol.", "Troops did not surround Mariupol.", "negated"),
        ("Missiles struck Lviv on Sunday.", "No missiles struck Lviv on Sunday.", "negated"),
        ("Russian troops captured Kupiansk.", "Kyiv denied that Russian troops captured Kupiansk.",
         "denied"),
        ("The army shelled Kharkiv.", "The army denied that it shelled Kharkiv.", "denied"),
        ("Peace talks between Russia and Ukraine took place in Istanbul.",
         "Peace talks between Russia and Ukraine will take place in Istanbul.", "planned"),
        ("A humanitarian corridor from Sumy to Poltava was opened.",
         "A humanitarian corridor from Sumy to Poltava may be opened.", "possible"),
    ],
)  # fmt: skip
def test_negation_turns_factuality(plain: str, negated: str, factuality: str, nlp: Any) -> None:
    first, second = read(plain, nlp), read(negated, nlp)
    assert [one.factuality for one in first.events] == ["asserted"]
    assert [one.factuality for one in second.events] == [factuality]
    assert [one.type for one in first.events] == [one.type for one in second.events]


@pytest.mark.parametrize(
    ("old", "new"),
    [("Kiev", "Kyiv"), ("Kharkov", "Kharkiv"), ("Lvov", "Lviv"), ("Nikolaev", "Mykolaiv")],
)
@pytest.mark.parametrize("frame", [STRIKES, TALKS])
def test_another_spelling_changes_no_place(frame: str, old: str, new: str, nlp: Any) -> None:
    first, second = (told(read(frame.format(place=name), nlp)) for name in (old, new))
    assert first
    assert first == second


@pytest.mark.parametrize("frame", ROUTES)
@pytest.mark.parametrize(("a", "b"), [("Sumy", "Poltava"), ("Mariupol", "Zaporizhzhia")])
def test_swapped_ends_turn_the_line(frame: str, a: str, b: str, nlp: Any) -> None:
    there, back = read(frame.format(a=a, b=b), nlp), read(frame.format(a=b, b=a), nlp)
    lines = [
        [one.geometry["coordinates"] for one in found.events if one.type == "corridor"]
        for found in (there, back)
    ]
    assert len(lines[0]) == len(lines[1]) == 1
    forth, reverse = lines[0][0], lines[1][0]
    assert forth[0] == pytest.approx(reverse[-1], abs=1e-6)
    assert forth[-1] == pytest.approx(reverse[0], abs=1e-6)
