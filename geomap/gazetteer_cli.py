"""The command line's gazetteer: look names up, add data, list, export."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geomap.errors import GazetteerError
from geomap.options import PATH, bbox_option, debug_option, json_option, settings_option

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geomap.settings import Settings

__all__ = ["gazetteer", "geocode"]

LON_LAT = 2


def _near(
    _ctx: click.Context, _param: click.Parameter, value: str | None
) -> tuple[float, float] | None:
    if value is None:
        return None
    try:
        sides = tuple(float(side) for side in value.split(","))
    except ValueError:
        sides = ()
    if len(sides) != LON_LAT or abs(sides[0]) > 180 or abs(sides[1]) > 90:  # noqa: PLR2004 - degrees
        raise click.BadParameter(f"{value!r} is no point; expected LON,LAT, e.g. 36.23,49.99")
    return sides[0], sides[1]


def _is_terminal() -> bool:
    return sys.stdout.isatty()


def _online(service: str, user_agent: str | None, options: tuple[str, ...]) -> Any:
    from geomap.gazetteer.library import data_folder  # noqa: PLC0415
    from geomap.online import make_online_geocoder  # noqa: PLC0415

    return make_online_geocoder(
        service,
        user_agent=user_agent,
        options=_mapping(options),
        cache=data_folder() / "online.sqlite",
    )


def _opened(settings: Settings, corrections: Path | None = None) -> Any:
    from geomap.gazetteer import added_files, open_gazetteer  # noqa: PLC0415

    return open_gazetteer(
        settings.gazetteer,
        added=added_files() if settings.added_gazetteers else (),
        corrections=corrections or settings.corrections,
    )


@click.command(epilog='Example: geomap geocode Kharkov "Krasny Liman"')
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--limit", type=click.IntRange(1), default=5, show_default=True, help="Most places.")
@click.option("--country", metavar="CC", help="ISO 3166-1 alpha-2 code, e.g. UA.")
@click.option("--region", help='Region, raion or hromada, e.g. "Kharkiv Oblast".')
@click.option("--feature", multiple=True, help="GeoNames class or code, e.g. P; may be repeated.")
@bbox_option
@click.option("--near", callback=_near, metavar="LON,LAT", help="Nearer places first.")
@click.option("--max-km", type=click.FloatRange(min=0), help="Farther from --near left out.")
@click.option("--fuzzy/--no-fuzzy", default=True, show_default=True, help="Guess near spellings.")
@click.option("--corrections", type=PATH, metavar="FILE", help="Pins and aliases (TOML or CSV).")
@click.option("--online", metavar="SERVICE", help="Ask this geopy service for unknown names.")
@click.option("--user-agent", help="Who asks online, e.g. 'my-project/1.0 (me@example.org)'.")
@click.option(
    "--online-option",
    "online_options",
    multiple=True,
    metavar="NAME=VALUE",
    help="Argument of the geopy service, e.g. domain=photon.example.org.",
)
@settings_option
@json_option
@debug_option
def geocode(  # noqa: PLR0913, PLR0917 - one option each, named by click
    names: tuple[str, ...],
    limit: int,
    settings: Settings,
    fuzzy: bool,  # noqa: FBT001 - click passes it by name
    corrections: Path | None,
    online: str | None,
    user_agent: str | None,
    online_options: tuple[str, ...],
    as_json: bool,  # noqa: FBT001 - click passes it by name
    **limits: Any,
) -> None:
    """Look names up in the gazetteer: candidates, scores, and why.

    A table on a terminal; one JSON object a name, one a line, on a pipe.
    """
    from geomap.gazetteer import Constraints  # noqa: PLC0415

    within = Constraints(**limits)
    missing: list[str] = []
    with _opened(settings, corrections) as opened:
        if online is not None:
            opened.fallback = _online(online, user_agent, online_options)
        for name in names:
            found = opened.find(name, limit=limit, within=within, fuzzy=fuzzy)
            if not found:
                missing.append(name)
            if as_json or not _is_terminal():
                rows = [_candidate_row(candidate) for candidate in found]
                click.echo(json.dumps({"name": name, "candidates": rows}, ensure_ascii=False))
            elif found:
                _print_candidates(name, found)
    if missing:
        shown = ", ".join(repr(name) for name in missing)
        raise GazetteerError(f"{shown} not in the gazetteer; try another spelling or wider limits")


@click.group(epilog="Example: geomap gazetteer info")
def gazetteer() -> None:
    """Tell about the gazetteer, add to it, export it."""


@gazetteer.command(epilog="Example: geomap gazetteer info")
@settings_option
@json_option
@debug_option
def info(settings: Settings, as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Say what the gazetteer holds, from where, and under which licence."""
    with _opened(settings) as opened:
        found = [file.info() for file in opened.files]
    for one in found:
        if as_json or not _is_terminal():
            click.echo(json.dumps(_info_row(one), ensure_ascii=False))
        else:
            for line in gazetteer_lines(one):
                click.echo(line)


@gazetteer.command("list", epilog="Example: geomap gazetteer list")
@settings_option
@json_option
@debug_option
def list_(settings: Settings, as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """List the gazetteer files that are searched, the built-in one first."""
    with _opened(settings) as opened:
        found = [file.info() for file in opened.files]
    for one in found:
        name = Path(one.path).stem
        if as_json or not _is_terminal():
            row = {"name": name, "path": one.path, "places": one.places, "names": one.names}
            click.echo(json.dumps(row, ensure_ascii=False))
        else:
            click.echo(f"{name:24} {one.places:>12,} places {one.names:>12,} names  {one.path}")


@gazetteer.command(epilog="Example: geomap gazetteer add geonames:UA")
@click.argument("source")
@click.option("--as", "name", help="Name of the added gazetteer; else that of the source.")
@click.option("--format", "form", help="Format of the file; else told from its content.")
@click.option("--map", "columns", multiple=True, metavar="FIELD=COLUMN", help="Column of a field.")
@click.option("--alternate-names", type=PATH, metavar="FILE", help="alternateNamesV2 of GeoNames.")
@click.option("--attribution", help="Line that outputs must carry.")
@click.option("--sha256", help="Digest that a download must have.")
@click.option("--skip-bad-rows", is_flag=True, help="List rows that cannot be used and go on.")
@debug_option
def add(
    source: str,
    name: str | None,
    skip_bad_rows: bool,  # noqa: FBT001 - click passes it by name
    columns: tuple[str, ...],
    **options: Any,
) -> None:
    """Add a file or a download to the gazetteers that are searched.

    SOURCE is a file (GeoNames, NGA GNS, Overpass JSON, Wikidata results, CSV,
    GeoJSON, GeoPackage, OSM PBF), geonames:UA or geonames:allCountries, or a
    URL. A run that was interrupted goes on where it stopped.
    """
    from tqdm import tqdm  # noqa: PLC0415

    from geomap.gazetteer.sourcing import add_from  # noqa: PLC0415

    faults = 0

    def note(fault: Exception) -> None:
        nonlocal faults
        faults += 1
        tqdm.write(f"geomap: {fault}; left out", file=sys.stderr)

    def show(rows: int) -> None:
        bar.update(rows - bar.n)

    with tqdm(unit=" rows", file=sys.stderr, disable=not sys.stderr.isatty()) as bar:
        added = add_from(
            source,
            name=name,
            mapping=_mapping(columns),
            on_fault=note if skip_bad_rows else None,
            on_rows=show,
            **options,
        )
    resumed = f", taken up at row {added.resumed_at:,}" if added.resumed_at else ""
    left = f", {faults:,} rows left out" if faults else ""
    click.echo(f"{added.path}: {added.places:,} places, {added.names:,} names{resumed}{left}")


def _mapping(columns: Iterable[str]) -> dict[str, str]:
    mapping: dict[str, str] = {}
    for pair in columns:
        field, equals, column = pair.partition("=")
        if not (field and equals and column):
            msg = f"{pair!r} is no mapping; expected FIELD=COLUMN, e.g. --map name=NAME_EN"
            raise click.BadParameter(msg)
        mapping[field.strip()] = column.strip()
    return mapping


@gazetteer.command(epilog="Example: geomap gazetteer remove UA")
@click.argument("name")
@debug_option
def remove(name: str) -> None:
    """Delete an added gazetteer."""
    from geomap.gazetteer.library import remove_added  # noqa: PLC0415

    click.echo(remove_added(name))


@gazetteer.command(epilog="Example: geomap gazetteer export --country UA -o ukraine.csv")
@click.option("-o", "--output", type=PATH, help="File (.csv, .jsonl or .geojson); else JSON lines.")
@click.option("--country", metavar="CC", help="ISO 3166-1 alpha-2 code, e.g. UA.")
@click.option("--region", help='Region, raion or hromada, e.g. "Kharkiv Oblast".')
@click.option("--feature", multiple=True, help="GeoNames class or code, e.g. P; may be repeated.")
@bbox_option
@settings_option
@debug_option
def export(output: Path | None, settings: Settings, **limits: Any) -> None:
    """Write places out: all, or those within the limits."""
    from geomap.gazetteer import Constraints  # noqa: PLC0415
    from geomap.gazetteer.exporting import write_places  # noqa: PLC0415

    within = Constraints(**limits)
    with _opened(settings) as opened:
        places = (place for place in opened.places() if within.holds(place))
        count = write_places(places, output)
    if output is not None:
        click.echo(f"{output}: {count:,} places")


def _candidate_row(candidate: Any) -> dict[str, Any]:
    place = candidate.place
    return {
        "id": place.id,
        "name": place.name,
        "country": place.country,
        "admin1": place.admin1,
        "admin2": place.admin2,
        "admin3": place.admin3,
        "lat": place.lat,
        "lon": place.lon,
        "feature_class": place.feature_class,
        "feature_code": place.feature_code,
        "radius_km": place.radius_km,
        "approximate": place.approximate,
        "population": place.population,
        "score": round(candidate.score, 3),
        "match": candidate.match,
        "reason": candidate.reason,
    }


def _print_candidates(name: str, found: Iterable[Any]) -> None:
    from geomap.report import plain  # noqa: PLC0415

    click.echo(plain(name))
    for candidate in found:
        place = candidate.place
        where = ", ".join(part for part in (place.name, place.admin1, place.country) if part)
        about = f"  within {place.radius_km:g} km" if place.approximate else ""
        click.echo(
            f"  {candidate.score:.2f}  {where}  lat {place.lat:.4f} lon {place.lon:.4f}"
            f"{about}  {place.feature_code}  {place.id}\n        {candidate.reason}"
        )


def _info_row(found: Any) -> dict[str, Any]:
    names = ("path", "version", "sha256", "places", "names", "boundaries", "worldview")
    row = {name: getattr(found, name) for name in names}
    return {**row, "attribution": found.attribution, "sources": dict(found.sources)}


def gazetteer_lines(found: Any) -> list[str]:
    """Describe a gazetteer file to a person."""
    import textwrap  # noqa: PLC0415

    return [
        f"gazetteer {found.path}",
        f"  version {found.version}, worldview {found.worldview}",
        f"  {found.places:,} places, {found.names:,} names, {found.boundaries:,} boundaries",
        *textwrap.wrap(found.attribution, 80, initial_indent="  ", subsequent_indent="  "),
    ]
