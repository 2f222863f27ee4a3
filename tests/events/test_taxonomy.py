"""The event types as data: complete, checked, and open to a user's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from geomap.errors import SettingsError
from geomap.events.taxonomy import load_taxonomy
from geomap.events.taxonomy_file import check_tables, merged
from geomap.lexicons import rules
from geomap.palette import EVENT_COLOURS
from geomap.pipeline import extract, load_pipeline
from geomap.records import Article
from geomap.settings import Settings
from geomap.signs import EVENT_SIGNS

if TYPE_CHECKING:
    from pathlib import Path

TYPES = [
    "encirclement",
    "corridor",
    "strike",
    "talks",
    "control_change",
    "assault",
    "withdrawal",
    "evacuation",
    "aid_delivery",
    "ceasefire",
    "air_defence",
    "explosion",
    "troop_movement",
    "civilian_casualties",
    "infrastructure_damage",
    "prisoner_exchange",
    "protest",
]


def test_all_types_are_there() -> None:
    assert list(load_taxonomy().types) == TYPES


@pytest.mark.parametrize("name", TYPES)
def test_each_type_is_complete(name: str) -> None:
    kind = load_taxonomy().types[name]
    assert kind.definition.endswith(".")
    assert set(kind.codes) == {"acled", "plover", "cameo"}
    assert kind.subtypes
    assert kind.counters
    assert name in EVENT_COLOURS
    assert name in EVENT_SIGNS


def test_signs_and_markers_differ() -> None:
    assert len(set(EVENT_SIGNS.values())) == len(EVENT_SIGNS)
    assert len(set(EVENT_COLOURS.values())) == len(EVENT_COLOURS)


def test_the_built_in_file_has_no_fault() -> None:
    assert check_tables(rules("taxonomy")) == []


OWN = """
remove = ["protest"]
[strike]
add_counters = ['drone show']
[[strike.add_triggers]]
lemmas = ["plaster"]
pos = ["VERB"]
[piracy]
definition = "A ship is boarded."
geometry = "point"
place_role = "at"
selection = "target"
[[piracy.triggers]]
lemmas = ["hijack"]
pos = ["VERB"]
needs = ["object:vessel"]
[words]
vessel = ["tanker"]
"""


def test_a_users_file_is_merged_over_it(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    taxonomy = load_taxonomy(str(path))
    assert list(taxonomy.types) == [*(t for t in TYPES if t != "protest"), "piracy"]
    assert "plaster" in taxonomy.by_lemma
    assert "shell" in taxonomy.by_lemma
    assert (
        len(taxonomy.types["strike"].counters) == len(load_taxonomy().types["strike"].counters) + 1
    )


@pytest.mark.slow
def test_a_users_type_is_found(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN + '[piracy.subtypes]\ntanker = ["tanker"]\n', encoding="utf-8")
    nlp = load_pipeline(Settings(taxonomy=str(path)))
    text = "Soldiers with rockets and drones hijacked a tanker near Hodeidah."
    events = extract(Article(id="a", text=text), nlp=nlp).events
    assert [(e.type, e.subtype) for e in events] == [("piracy", "tanker")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[strike]\ngeometry = 'blob'", "strike.geometry is 'blob', expected one of ring"),
        ("[a]\n", "a.triggers is missing"),
        ("[strike]\ncounters = ['(']", "is no regular expression"),
        ("[[strike.add_triggers]]\nlemmas=['x']", "pos is None"),
        ("[[strike.add_triggers]]\nlemmas=['x']\npos=['VERB']\nneeds=['near:foo']", "'foo'"),
        ("[[strike.add_triggers]]\nlemmas=['x']\npos=['VERB']\nneeds=['foo']", "is no condition"),
        ("[[strike.add_triggers]]\npos=['VERB']", "needs either lemmas or phrase"),
        ("strike = 3", "strike is no table"),
        ("[words]\ntroops = 'x'", "words.troops is no list"),
        ("[", "is not TOML"),
    ],
)
def test_faults_are_told(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"bad\.toml") as caught:
        load_taxonomy(str(path))
    assert message in str(caught.value)


def test_a_missing_file_is_told() -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load_taxonomy("/nowhere/own.toml")


def test_merging_leaves_the_built_in_alone() -> None:
    built_in: dict[str, Any] = {"a": {"counters": ["x"]}, "words": {"w": ["1"]}}
    assert merged(built_in, {"a": {"add_counters": ["y"]}})["a"]["counters"] == ["x", "y"]
    assert built_in == {"a": {"counters": ["x"]}, "words": {"w": ["1"]}}


def test_codes_follow_the_subtype() -> None:
    kind = load_taxonomy().types["strike"]
    assert kind.codes_of(None)["cameo"] == "195"
    assert kind.codes_of("artillery")["cameo"] == "194"
