"""An extraction that says just what the gold says scores 1 everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from score_builders import event, extracted, place, said, toponym

from geomap.records import DateRange, PlaceArgument
from geomap.score import evaluate, read_gold

if TYPE_CHECKING:
    from pathlib import Path

    from geomap.records import ExtractedArticle
    from geomap.score import GoldDocument, GoldEvent


def perfect(document: GoldDocument, text: str) -> ExtractedArticle:
    toponyms = []
    for i, gold in enumerate(document.toponyms):
        known = gold.lon is not None and gold.lat is not None
        at = place(str(gold.place), gold.lon or 0, gold.lat or 0) if known else None
        toponyms.append(toponym(i, gold.text, gold.start, at, reading=gold.reading))
    events = []
    for annotated in document.events or ():
        arguments = []
        for where in annotated.places:
            arguments.append(PlaceArgument(role=where.role, toponym=len(toponyms)))  # type: ignore[arg-type]
            at = place(where.place, where.lon or 0, where.lat or 0)
            toponyms.append(toponym(len(toponyms), "x", len(text) + len(toponyms), at))
        events.append(_event(annotated, tuple(arguments)))
    return extracted(text, tuple(toponyms), tuple(events), id_=document.doc)


def _event(gold: GoldEvent, arguments: tuple[PlaceArgument, ...]) -> Any:
    drawn = gold.geometry != "none"
    return event(
        gold.type,
        (gold.start, gold.end),
        (),
        places=arguments,
        geometry={"type": "Point", "coordinates": [0, 0]} if drawn else None,
        geometry_method=gold.geometry if drawn else None,
        date=gold.date and DateRange(start=gold.date, end=gold.date, precision="day"),
        factuality=gold.factuality,
        attribution=said(gold.attribution) if gold.attribution else None,
    )


def check(gold_dir: Path, text_of: dict[str, str]) -> None:
    gold = read_gold(gold_dir)
    scores = evaluate([perfect(d, text_of[d.doc]) for d in gold.documents], gold)
    assert scores.toponyms.strict.recall == 1
    assert scores.toponyms.reading_accuracy == 1
    assert scores.toponyms.placed_right == scores.toponyms.placeable
    assert scores.events is not None
    assert scores.events.core.f1 == 1
    for name in ("factuality", "date", "attribution", "roles", "geometry"):
        assert getattr(scores.events, name) == 1, name
    assert not any(scores.events.lists().values())


def test_seeds(root_dir: Path) -> None:
    seeds = root_dir / "seeds"
    check(seeds / "gold", {f.stem: f.read_text(encoding="utf-8") for f in seeds.glob("*.txt")})


@pytest.mark.shared
def test_seed_article(shared_dir: Path) -> None:
    text = (shared_dir / "seed" / "article.txt").read_bytes().decode("utf-8")
    check(shared_dir / "seed" / "gold", {"seed": text})
