"""Corpora scored together, and the lists of what went wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest
from score_builders import BROVARY, KHARKIV, KYIV, place, toponym

from geomap.score import (
    CorpusRun,
    GoldToponym,
    ScoredText,
    confusion_lines,
    confusions,
    corpora_table,
    most_frequent,
    score_corpora,
    to_tsv,
)

TEXT = "Ukraine: Kyiv and Kharkiv, says the Office of Kyiv."
UKRAINE = (32.0, 49.0)


def gold(text: str, start: int, at: tuple[float, float] | None, **more: object) -> GoldToponym:
    lon, lat = at or (None, None)
    return GoldToponym(start=start, end=start + len(text), text=text, lon=lon, lat=lat, **more)


GOLD = (
    gold("Ukraine", 0, UKRAINE, kind="country"),
    gold("Kyiv", 9, KYIV, place="Kyiv, UA"),
    gold("Kharkiv", 18, KHARKIV),
    gold("Kyiv", 46, None),
)
POINTS = {"Kyiv": KYIV, "Kharkiv": KHARKIV, "Brovary": BROVARY, "Ukraine": UKRAINE}
AT = {name: place(name, *point) for name, point in POINTS.items()}
GIVEN = (
    toponym(0, "Ukraine", 0, AT["Ukraine"]),
    toponym(1, "Kyiv", 9, AT["Brovary"]),
    toponym(2, "Kharkiv", 18, AT["Kyiv"]),
    toponym(3, "Kyiv", 46, None),
)
FOUND = (GIVEN[1], replace(GIVEN[2], place=None), toponym(4, "Office", 36, AT["Kharkiv"]), GIVEN[3])


def corpus(name: str = "a", *, complete: bool = True, **more: object) -> CorpusRun:
    text = ScoredText(doc="1", text=TEXT, gold=GOLD, found=FOUND, given=GIVEN)
    return CorpusRun(
        name=name, gold_sha256="0" * 64, complete=complete, texts=(replace(text, **more),)
    )


def test_hand_computed() -> None:
    (scores,) = score_corpora([corpus()]).corpora
    assert (scores.overlap.matched, scores.overlap.predicted, scores.overlap.gold) == (3, 4, 4)
    # Three gold mentions with coordinates; Kharkiv is 412 km off, given its span.
    assert scores.given.accuracy_km == {10: 0.3333, 25: 0.6667, 161: 0.6667}
    assert scores.given_narrow.gold == 2
    assert scores.given_narrow.accuracy_km[161] == 0.5
    # End to end Ukraine is missed and Kharkiv has no place.
    assert scores.end_to_end.accuracy_km == {10: 0.0, 25: 0.3333, 161: 0.3333}
    # Given a place: Kyiv and, in vain, Office; the mention without gold coordinates does not count.
    joint = scores.joint[161]
    assert (joint.matched, joint.predicted, joint.gold) == (1, 2, 3)


def test_a_part_of_the_mentions_has_no_precision() -> None:
    (scores,) = score_corpora([corpus(complete=False)]).corpora
    assert scores.overlap.precision is None
    assert scores.joint[161].precision is None
    assert scores.joint[161].recall == pytest.approx(1 / 3)
    assert all(error.kind != "spurious" for error in confusions([scores]))


def test_means_over_mentions_and_over_corpora() -> None:
    good = corpus("good", gold=GOLD[1:2], found=FOUND[:1], given=GIVEN[1:2])
    scores = score_corpora([corpus("bad"), good, corpus("part", complete=False)])
    # Precision is counted over the complete corpora: 3 of 4, and 1 of 1.
    assert (scores.micro.overlap.matched, scores.micro.overlap.predicted) == (4, 5)
    assert scores.macro["recognition"]["overlap"]["precision"] == pytest.approx(0.875)
    assert "gold" not in scores.macro["recognition"]["overlap"]
    # Resolution is pooled over all: 2, 1 and 2 of 3, 1 and 3.
    assert scores.micro.given.gold == 7
    assert scores.micro.given.accuracy_km[161] == pytest.approx(5 / 7, abs=1e-4)
    assert scores.macro["given"]["accuracy_km"]["161"] == pytest.approx(7 / 9, abs=1e-4)
    assert list(scores.to_dict()["corpora"]) == ["bad", "good", "part"]


def test_without_given_spans() -> None:
    scores = score_corpora([corpus(given=None)])
    assert scores.corpora[0].given is None
    assert scores.to_dict()["micro"]["given"] is None
    assert "given gold spans" not in corpora_table(scores)
    kinds = [error.kind for error in confusions(scores.corpora)]
    assert kinds == ["misplaced", "missed", "spurious"]


def test_lists_are_gathered_and_sorted() -> None:
    scores = score_corpora([corpus("a"), corpus("b")])
    errors = confusions([*scores.corpora, scores.corpora[0]])
    first = errors[0]
    assert (first.kind, first.corpus, first.name, first.count) == ("misplaced", "a", "Kharkiv", 2)
    assert first.km == pytest.approx(412, abs=1)
    assert "[Kharkiv]" in first.where
    lines = confusion_lines(errors, limit=1)
    assert "wrong places: 3, 2 different" in lines
    assert sum("×" in line for line in lines) == 3
    assert [len(rows) for rows in most_frequent(errors, limit=1).values()] == [1, 1, 1]
    assert confusions(scores.corpora, wrong_km=1)[0].name in {"Kharkiv", "Kyiv"}
    assert len(to_tsv(errors).splitlines()) == len(errors) + 1
    assert all(line.count("\t") == 7 for line in to_tsv(errors).splitlines())


def test_table_has_a_line_a_corpus() -> None:
    table = corpora_table(score_corpora([corpus("one")]))
    assert "micro" not in table
    assert table.count("\none ") == 6
    both = corpora_table(score_corpora([corpus("one"), replace(corpus("two"), failed=2)]))
    assert both.count("(micro)") == 6
    assert "2 texts gave an error" in both
