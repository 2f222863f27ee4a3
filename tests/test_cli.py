from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any, Self

import click
import pytest
from click.testing import CliRunner, Result
from samples import POLTAVA, SUMY, TEXT, event, extracted, toponym

import geomap
from geomap import corpora_report, evaluation, options
from geomap.batch import MEMORY_MB, TIMEOUT_S
from geomap.cli import main
from geomap.contract import read_extractions, write_extractions
from geomap.errors import GazetteerError, InputError, ModelError, OutputError
from geomap.layers import FORMATS
from geomap.records import Candidate

if TYPE_CHECKING:
    from pathlib import Path

OUTPUTS = ["events.geojson", "extraction.jsonl", "geomap.gpkg", "map.html"]
BOOM = "boom"  # the article that fails inside
BAD = "bad"  # the article that gives an error of ours


class Finder:
    """Stand in for the component: its gazetteer knows no name."""

    gazetteer = SimpleNamespace(find=lambda _name: (), place=lambda _id: None)


class Pipeline(str):
    """A pipeline that is asked for its finder only."""

    __slots__ = ()

    def get_pipe(self, _name: str) -> type[Finder]:
        return Finder


LAYERS = {"geojson": "events.geojson", "gpkg": "geomap.gpkg"}


class Fakes:
    """What the rooms behind the command line were asked, and how they misbehave."""

    def __init__(self) -> None:
        self.loads = 0
        self.load_error: Exception | None = None
        self.layers_error: Exception | None = None
        self.drawn: dict[str, Any] = {}
        self.formats: tuple[str, ...] = ()
        self.FORMATS = {kind: SimpleNamespace(files=(file,)) for kind, file in LAYERS.items()}

    def load_pipeline(self, _settings: Any) -> str:
        self.loads += 1
        if self.load_error:
            raise self.load_error
        return Pipeline("nlp")

    def read_toponyms(
        self, article: Any, *, nlp: Any, given: Any = None, given_only: bool = True
    ) -> Any:
        assert nlp == "nlp"
        if BAD in article.id:
            raise InputError("no sentence in it; give another text")
        assert (len(given), given_only) == (1, True)
        found = toponym(0, "Sumy", SUMY)
        return (found,), (found,)

    def extract_many(self, articles: Any, *, nlp: Any, settings: Any, on_fault: Any) -> Any:
        assert nlp == "nlp"
        assert settings is not None
        for article in articles:
            try:
                yield self._extracted(article)
            except Exception as err:  # noqa: BLE001 - as the real one does
                on_fault(article, err)

    def _extracted(self, article: Any) -> Any:
        if BOOM in article.id:
            raise RuntimeError("unforeseen\nthing")
        if BAD in article.id:
            raise InputError("no sentence in it; give another text")
        return extracted(article=article, events=(event(),))

    def draw_map(
        self, records: Any, *, title: Any = None, draw_negated: bool = False, language: str = "en"
    ) -> Any:
        self.drawn = {"records": list(records), "title": title, "draw_negated": draw_negated}
        return "map"

    def write_map(self, drawn: str, path: Path) -> None:
        path.write_text(drawn)

    def write_layers(self, records: Any, folder: Path, formats: Any = ()) -> dict[str, Path]:
        self.formats = tuple(formats)
        if self.layers_error:
            raise self.layers_error
        for kind in self.formats:
            (folder / LAYERS[kind]).write_text(kind)
        return {kind: folder / LAYERS[kind] for kind in self.formats}


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> Fakes:
    """Stand in for the rooms that need a model or draw."""
    made = Fakes()
    rooms = {
        "pipeline": ["load_pipeline", "extract_many", "read_toponyms"],
        "maps": ["draw_map", "write_map"],
        "layers": ["write_layers", "FORMATS"],
    }
    for room, names in rooms.items():
        module = ModuleType(f"geomap.{room}")
        for name in names:
            setattr(module, name, getattr(made, name))
        monkeypatch.setitem(sys.modules, f"geomap.{room}", module)
        monkeypatch.setattr(geomap, room, module, raising=False)
        if room == "pipeline":
            monkeypatch.setattr(evaluation, room, module)
            monkeypatch.setattr(corpora_report, room, module)
    return made


def run(*arguments: Any, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments], input=stdin)


def article(tmp_path: Path, name: str = "a.txt", text: str = TEXT) -> Path:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


def error_lines(result: Result) -> list[str]:
    assert all(line.startswith("geomap: ") for line in result.stderr.splitlines())
    assert "Traceback" not in result.output
    return [line.removeprefix("geomap: ") for line in result.stderr.splitlines()]


def test_map_writes_all_files_and_a_report(tmp_path: Path, fakes: Fakes) -> None:
    out = tmp_path / "out"
    result = run("map", article(tmp_path), "-o", out, "--title", "T", "--draw-negated")
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in out.iterdir()) == OUTPUTS
    assert [one.article.id for one in read_extractions(out / "extraction.jsonl")] == ["a"]
    assert "corridor: Sumy → Poltava" in result.stdout
    assert str(out / "map.html") in result.stdout
    assert result.stderr == ""
    assert fakes.drawn["title"] == "T"
    assert fakes.drawn["draw_negated"] is True
    assert fakes.formats == ("geojson", "gpkg")


BAD_INPUTS: dict[str, bytes | None] = {
    "missing": None,
    "empty": b"",
    "binary": b"\x00\x01" * 99,
    "cp1251": "Російські війська обстріляли Харків".encode("cp1251"),
    "Ukrainian": "Російські війська обстріляли Харків".encode(),
    "enormous": b"the of " * 200_000,
}


@pytest.mark.parametrize("case", BAD_INPUTS)
def test_one_bad_among_good(case: str, tmp_path: Path, fakes: Fakes) -> None:
    bad = tmp_path / "wrong.txt"
    data = BAD_INPUTS[case]
    if data is not None:
        bad.write_bytes(data)
    out = tmp_path / "out"
    result = run("map", bad, article(tmp_path), "-o", out)
    assert result.exit_code == 1
    assert len(error_lines(result)) == 1
    assert str(bad) in result.stderr
    assert "1 input refused" in result.stdout
    assert sorted(path.name for path in out.iterdir()) == OUTPUTS


@pytest.mark.parametrize("command", ["map", "extract"])
def test_all_bad_writes_nothing_and_loads_no_model(
    command: str, tmp_path: Path, fakes: Fakes
) -> None:
    (tmp_path / "empty.txt").write_text("")
    out = tmp_path / "out"
    result = run(command, tmp_path / "empty.txt", tmp_path / "none.txt", "-o", out)
    assert result.exit_code == 1
    assert len(error_lines(result)) == 2
    assert result.stdout == ""
    assert not out.exists()
    assert fakes.loads == 0


@pytest.mark.parametrize(("name", "line"), [
    (BOOM, "boom: internal error (RuntimeError: unforeseen thing); run with --debug"),
    (BAD, "bad: no sentence in it; give another text"),
])  # fmt: skip
def test_article_that_fails_inside_stops_no_other(
    name: str, line: str, tmp_path: Path, fakes: Fakes
) -> None:
    paths = [article(tmp_path, f"{one}.txt") for one in ("a", name, "z")]
    result = run("extract", *paths)
    assert result.exit_code == 1
    assert [json.loads(one)["id"] for one in result.stdout.splitlines()] == ["a", "z"]
    (shown,) = error_lines(result)
    assert shown.startswith(line)
    assert fakes.loads == 1


@pytest.mark.parametrize("place", ["before", "after"])
def test_debug_shows_the_traceback(place: str, tmp_path: Path, fakes: Fakes) -> None:
    file = article(tmp_path, "boom.txt")
    arguments = ["--debug", "extract", file] if place == "before" else ["extract", file, "--debug"]
    result = run(*arguments)
    assert result.exit_code == 1
    assert "Traceback" in result.stderr
    assert "RuntimeError: unforeseen" in result.stderr


def test_debug_raises_what_ends_the_command(tmp_path: Path, fakes: Fakes) -> None:
    fakes.load_error = ModelError("no model")
    result = run("--debug", "extract", article(tmp_path))
    assert isinstance(result.exception, ModelError)


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ModelError("model is not there; install it"), "model is not there; install it"),
        (GazetteerError("gazetteer is not there"), "gazetteer is not there"),
        (KeyError("x"), "internal error (KeyError: 'x'); run with --debug and report it"),
    ],
)
def test_missing_model_is_one_line_for_all_articles(
    error: Exception, line: str, tmp_path: Path, fakes: Fakes
) -> None:
    fakes.load_error = error
    out = tmp_path / "out"
    result = run("map", article(tmp_path), article(tmp_path, "b.txt"), "-o", out)
    assert result.exit_code == 1
    assert error_lines(result) == [line]
    assert not out.exists()


@pytest.mark.parametrize("error", [OutputError("disk is full"), RuntimeError("driver")])
def test_failed_writer_leaves_old_files(error: Exception, tmp_path: Path, fakes: Fakes) -> None:
    out = tmp_path / "out"
    out.mkdir()
    for name in OUTPUTS:
        (out / name).write_text("old")
    fakes.layers_error = error
    result = run("map", article(tmp_path), "-o", out)
    assert result.exit_code == 1
    assert len(error_lines(result)) == 1
    assert sorted(path.name for path in out.iterdir()) == OUTPUTS
    assert {(out / name).read_text() for name in OUTPUTS} == {"old"}


def test_layers_into_a_file(saved: Path, tmp_path: Path) -> None:
    file = article(tmp_path)
    result = run("layers", saved, "-o", file)
    assert result.exit_code == 1
    assert "cannot write here" in error_lines(result)[0]
    assert file.read_text() == TEXT


@pytest.mark.parametrize("command", ["map", "draw"])
def test_output_that_is_a_file(command: str, tmp_path: Path, fakes: Fakes) -> None:
    file = article(tmp_path)
    saved = tmp_path / "x.jsonl"
    write_extractions([extracted()], saved)
    result = run(command, file if command == "map" else saved, "-o", file)
    assert result.exit_code == 1
    (line,) = error_lines(result)
    assert "cannot write here" in line
    assert file.read_text() == TEXT


def test_extract_reads_stdin_and_writes_utf8(fakes: Fakes) -> None:
    result = run("extract", "-", "--published", "2022-03-03", stdin=f"{TEXT} «Суми»".encode())
    assert result.exit_code == 0
    row = json.loads(result.stdout_bytes.decode("utf-8"))
    assert (row["id"], row["published"]) == ("stdin", "2022-03-03")
    assert "«Суми»" in result.stdout


def test_columns_are_named(tmp_path: Path, fakes: Fakes) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f'words,nr\n"{TEXT}",7\n', encoding="utf-8")
    result = run("extract", file, "--column", "text=words", "--column", "id=nr")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["id"] == "7"


def test_address_that_is_not_on_the_internet(fakes: Fakes) -> None:
    result = run("extract", "--url", "http://127.0.0.1/a")
    assert result.exit_code == 1
    assert "http://127.0.0.1/a: is not on the internet; save the page yourself" in result.stderr
    assert fakes.loads == 0


@pytest.mark.parametrize("given", ["words", "body=words", "text="])
def test_faulty_column(given: str, tmp_path: Path) -> None:
    result = run("extract", "a.csv", "--column", given)
    assert result.exit_code == 2
    assert "expected FIELD=NAME" in result.stderr


def test_extract_into_a_file_of_a_new_folder(tmp_path: Path, fakes: Fakes) -> None:
    target = tmp_path / "new" / "x.jsonl"
    result = run("extract", article(tmp_path), "-o", target)
    assert (result.exit_code, result.output) == (0, "")
    assert len(list(read_extractions(target))) == 1


def test_extract_keeps_the_old_file_when_nothing_was_read(tmp_path: Path, fakes: Fakes) -> None:
    target = tmp_path / "x.jsonl"
    target.write_text("old")
    assert run("extract", tmp_path / "none.txt", "-o", target).exit_code == 1
    assert target.read_text() == "old"


def test_settings_file(tmp_path: Path, fakes: Fakes) -> None:
    settings = tmp_path / "s.toml"
    settings.write_text("max_article_chars = 10\ndraw_negated = true")
    file = article(tmp_path)
    result = run("map", file, "--settings", settings, "-o", tmp_path / "out")
    assert error_lines(result)[0].startswith(f"{file}: is longer than 10 characters")
    settings.write_text("draw_negated = true")
    assert run("map", file, "--settings", settings, "-o", tmp_path / "out").exit_code == 0
    assert fakes.drawn["draw_negated"] is True
    settings.write_text("colour = 1")
    result = run("map", file, "--settings", settings)
    assert result.exit_code == 1
    assert "unknown key 'colour'" in error_lines(result)[0]


def test_names_from_outside_cannot_drive_the_terminal(tmp_path: Path, fakes: Fakes) -> None:
    result = run("extract", f"{tmp_path}/no\x1b[2Jne\n.txt")
    assert "\x1b" not in result.output
    assert len(error_lines(result)) == 1


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "saved.jsonl"
    strike = event(type="strike", factuality="asserted", confidence=0.3)
    write_extractions([extracted(), extracted("b", events=(strike,))], path)
    return path


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        ([], ["corridor", "strike"]),
        (["--type", "strike"], ["strike"]),
        (["--type", "strike", "--type", "corridor"], ["corridor", "strike"]),
        (["--factuality", "claimed"], ["corridor"]),
        (["--min-confidence", "0.5"], ["corridor"]),
        (["--since", "2022-03-08", "--until", "2022-03-08"], ["corridor", "strike"]),
        (["--bbox", "30,49,35,51"], ["corridor", "strike"]),
    ],
)
def test_draw_with_filters(
    options: list[str], kept: list[str], saved: Path, tmp_path: Path, fakes: Fakes
) -> None:
    result = run("draw", saved, "-o", tmp_path / "out", *options)
    assert result.exit_code == 0, result.output
    assert (tmp_path / "out" / "map.html").read_text() == "map"
    assert [one.type for record in fakes.drawn["records"] for one in record.events] == kept
    assert fakes.loads == 0


def test_filters_that_leave_nothing_say_so(saved: Path, tmp_path: Path, fakes: Fakes) -> None:
    result = run("draw", saved, "-o", tmp_path / "out", "--since", "2023-01-01")
    assert result.exit_code == 0
    assert "no event is left with these filters" in error_lines(result)[0]


def test_layers_of_one_format(saved: Path, tmp_path: Path) -> None:
    result = run("layers", saved, "-o", tmp_path / "out", "--format", "kml")
    assert result.exit_code == 0, result.output
    assert result.stdout.strip() == str(tmp_path / "out" / "events.kml")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["events.kml"]


def test_layers_from_layers_with_filter_and_crs(saved: Path, tmp_path: Path) -> None:
    assert run("layers", saved, "-o", tmp_path / "1").exit_code == 0
    first = tmp_path / "1" / "geomap.gpkg"
    result = run(
        "layers", first, "-o", tmp_path / "2", "--format", "csv", "--filter", "type=strike",
        "--crs", "EPSG:3857",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    rows = (tmp_path / "2" / "events.csv").read_text(encoding="utf-8-sig").splitlines()
    kinds = [row.split(",")[3] for row in rows[1:]]
    assert kinds
    assert set(kinds) == {"strike"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--filter", "colour=red"], "'colour' is no column of events"),
        (["--filter", "confidence>high"], "'high' is no number"),
        (["--filter", "confidence"], "is no filter"),
        (["--crs", "EPSG:3857"], "geojson: always EPSG:4326"),
        (["--crs", "nowhere"], "'nowhere' is no CRS"),
    ],
)
def test_layers_refuse(saved: Path, tmp_path: Path, given: list[str], told: str) -> None:
    result = run("layers", saved, "-o", tmp_path / "out", *given)
    assert result.exit_code == 1
    assert told in error_lines(result)[0]
    assert not (tmp_path / "out").exists()


def test_what_options_offer_is_what_there_is() -> None:
    assert tuple(FORMATS) == options.FORMATS
    assert (TIMEOUT_S, MEMORY_MB) == (options.TIMEOUT_S, options.MEMORY_MB)


def test_draw_of_a_bad_and_a_good_file(saved: Path, tmp_path: Path, fakes: Fakes) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text("{}")
    result = run("draw", bad, saved, "-o", tmp_path / "out")
    assert result.exit_code == 1
    assert error_lines(result)[0].startswith(f"{bad}:1: ")
    assert len(fakes.drawn["records"]) == 2


class FakeGazetteer:
    """Knows two places."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def find(self, name: str, *, limit: int, country: str | None) -> tuple[Candidate, ...]:
        known = {"Sumy": SUMY, "Poltava": POLTAVA}
        if name not in known:
            return ()
        return (Candidate(place=known[name], score=0.9, match="exact", reason="its name"),)[:limit]

    def info(self) -> SimpleNamespace:
        return SimpleNamespace(
            path="g.sqlite", version="abc", worldview="un-68-262", places=1234, names=5678,
            boundaries=9, attribution="GeoNames (CC BY 4.0)",
        )  # fmt: skip


@pytest.fixture
def gazetteer(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("geomap.gazetteer")
    module.open_gazetteer = lambda _path, **_more: FakeGazetteer()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "geomap.gazetteer", module)


def test_doctor_goes_on_after_a_fault(gazetteer: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def check_model(_settings: Any) -> None:
        raise ModelError("model is altered; install it again")

    module = SimpleNamespace(check_model=check_model)
    monkeypatch.setattr(geomap, "model", module, raising=False)
    monkeypatch.setitem(sys.modules, "geomap.model", module)
    result = run("doctor")
    assert result.exit_code == 1
    assert error_lines(result) == ["model is altered; install it again"]
    assert f"geomap {geomap.__version__}, Python 3." in result.stdout
    assert "gazetteer g.sqlite" in result.stdout


GOLD = {
    "doc": "a", "start": 23, "end": 27, "text": "Sumy", "reading": "literal", "kind": "settlement",
    "place": "Sumy", "country": "UA", "lat": 50.9, "lon": 34.8, "radius_km": 5,
}  # fmt: skip


@pytest.mark.parametrize("way", ["beside", "named", "extraction"])
def test_evaluate(way: str, tmp_path: Path, fakes: Fakes) -> None:
    folder = tmp_path / "seeds"
    (folder / "gold").mkdir(parents=True)
    (folder / "gold" / "toponyms.jsonl").write_text(json.dumps(GOLD) + "\n")
    file = article(folder)
    saved = tmp_path / "x.jsonl"
    write_extractions([extracted("a")], saved)
    arguments = {
        "beside": [folder],
        "named": [file, "--gold", folder / "gold"],
        "extraction": ["--extraction", saved, "--gold", folder / "gold"],
    }[way]
    result = run("evaluate", *arguments, "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["toponyms"]["overlap"]["recall"] == 1.0
    assert run("evaluate", *arguments).stdout


def corpus_of(path: Path, *docs: str, text: str = TEXT) -> Path:
    mention = {"start": 23, "end": 27, "text": "Sumy", "lat": 50.9, "lon": 34.8, "geonameid": None}
    rows = [{"id": doc, "corpus": "x", "text": text, "toponyms": [mention]} for doc in docs]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_evaluate_corpora(tmp_path: Path, fakes: Fakes) -> None:
    corpora = [corpus_of(tmp_path / "lgl.jsonl", "a"), corpus_of(tmp_path / "tr.jsonl", "b", "c")]
    result = run("evaluate", *corpora, corpora[0], "--json", "--list", 1)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    values = json.loads(result.stdout)
    assert {name: v["documents"] for name, v in values["corpora"].items()} == {"lgl": 1, "tr": 2}
    assert values["micro"]["given"]["accuracy_km"]["161"] == 1.0
    assert values["macro"]["joint"]["161"]["f1"] == 1.0
    assert values["errors"] == {"misplaced": [], "missed": [], "spurious": []}
    table = run("evaluate", *corpora).stdout
    assert "resolution given gold spans" in table
    assert "all, by corpus (macro)" in table
    assert fakes.loads == 2


def test_evaluate_a_corpus_lists_its_errors(tmp_path: Path, fakes: Fakes) -> None:
    corpus = corpus_of(tmp_path / "lgl.jsonl", "a", BAD)
    row = json.loads(corpus.read_text().splitlines()[0])
    row["toponyms"][0]["lat"] = 49.0
    corpus.write_text(json.dumps(row) + "\n" + corpus.read_text().splitlines()[1] + "\n")
    file = tmp_path / "lists" / "errors.tsv"
    result = run("evaluate", corpus, "--list", 5, "--errors", file)
    assert result.exit_code == 1
    assert error_lines(result) == [f"{BAD}: no sentence in it; give another text"]
    assert "wrong places: 1, 1 different" in result.stdout
    assert "1 texts gave an error and were left out" in result.stdout
    header, line = file.read_text().splitlines()
    assert header.split("\t")[:4] == ["kind", "corpus", "count", "name"]
    assert line.split("\t")[:4] == ["misplaced", "lgl", "1", "Sumy"]
    assert "wrong places" not in run("evaluate", corpus, "--list", 5, "--wrong-km", 300).stdout


@pytest.mark.parametrize(
    ("text", "fault"),
    [("Kyiv said nothing of the corridor at all.", "the gold has 'Sumy' at 23"), (None, "no text")],
)
def test_evaluate_a_faulty_corpus(
    text: str | None, fault: str, tmp_path: Path, fakes: Fakes
) -> None:
    corpus = corpus_of(tmp_path / "lgl.jsonl", *(["a"] if text else []), text=text or "")
    result = run("evaluate", corpus)
    assert result.exit_code == 1
    assert fault in error_lines(result)[0]


def test_evaluate_without_gold(tmp_path: Path, fakes: Fakes) -> None:
    result = run("evaluate", article(tmp_path))
    assert result.exit_code == 1
    assert len(error_lines(result)) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["map"],
        ["nothing"],
        ["map", "a.txt", "--published", "March"],
        ["draw", "x", "--bbox", "1,2,3"],
        ["draw", "x", "--bbox", "1,5,3,4"],
        ["draw", "x", "--bbox", "1,2,300,4"],
        ["draw", "x", "--bbox", "nan,nan,nan,nan"],
        ["draw", "x", "--factuality", "true"],
        ["draw", "x", "--min-confidence", "2"],
        ["evaluate"],
    ],
)
def test_usage_errors(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name, command in group.commands.items():
        found.append((*path, name))
        if isinstance(command, click.Group):
            found += commands(command, (*path, name))
    return found


@pytest.mark.parametrize("path", [(), *commands(main)])
def test_help_ends_with_an_example(path: tuple[str, ...]) -> None:
    result = run(*path, "--help")
    assert result.exit_code == 0
    assert result.output.rstrip().splitlines()[-1].strip().startswith("Example: geomap ")


def test_version() -> None:
    assert geomap.__version__ in run("--version").stdout


def test_help_is_quick() -> None:
    seconds = []
    for _ in range(3):
        before = os.times()
        subprocess.run([sys.executable, "-m", "geomap", "--help"], check=True, capture_output=True)
        after = os.times()
        used = after.children_user - before.children_user
        seconds.append(used + after.children_system - before.children_system)
    # Processor time: what else the machine does makes no difference.
    assert statistics.median(seconds) < 0.3


def test_closed_pipe_is_quiet(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "geomap", "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.close()  # type: ignore[union-attr]
        assert b"Traceback" not in process.stderr.read()  # type: ignore[union-attr]
