"""The commands of a store: what it holds, in SQL, as an extraction; brought up to date."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from geomap.options import PATH, debug_option, json_option, selection_from, selection_options
from geomap.terminal import Group

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["store"]

_store_argument = click.argument("folder", type=PATH, metavar="DIR")


@click.group(cls=Group, epilog="Example: geomap store info news.store")
@debug_option
def store() -> None:
    """Look into a store that geomap batch wrote."""


@store.command(epilog="Example: geomap store info news.store --json")
@_store_argument
@json_option
@debug_option
def info(folder: Path, as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Say how much a store holds, and what it was made with."""
    from geomap.records import fields_of  # noqa: PLC0415
    from geomap.store import open_store  # noqa: PLC0415

    with open_store(folder) as opened:
        held: dict[str, Any] = fields_of(opened.counts())
        held["provenance"] = list(
            opened.query(
                "SELECT version, gazetteer, model, settings_sha256, worldview, contract, "
                "count(*) AS articles FROM provenance JOIN stored_articles USING (provenance_key) "
                "WHERE kept GROUP BY provenance_key ORDER BY provenance_key"
            )
        )
        held["runs"] = list(
            opened.query("SELECT run, started, ended, outcome, inputs FROM runs ORDER BY run")
        )
    if as_json:
        click.echo(json.dumps(held, indent=2))
        return
    for name, value in held.items():
        if isinstance(value, int):
            click.echo(f"{name:10} {value:,}")
    for made in held["provenance"]:
        click.echo(
            f"{made['articles']:,} articles by geomap {made['version']}, {made['model']}, "
            f"gazetteer {made['gazetteer']}, settings {made['settings_sha256'][:12]}"
        )


@store.command(epilog='Example: geomap store sql news.store "SELECT type FROM merged_events"')
@_store_argument
@click.argument("statement", metavar="SQL")
@debug_option
def sql(folder: Path, statement: str) -> None:
    """Ask in SQL; each row becomes a line of JSON. docs/store.md lists the views."""
    from geomap.store import open_store  # noqa: PLC0415

    with open_store(folder) as opened:
        for row in opened.query(statement):
            shown = {k: v.hex() if isinstance(v, bytes) else v for k, v in row.items()}
            click.echo(json.dumps(shown, ensure_ascii=False))


@store.command(epilog="Example: geomap store failures news.store")
@_store_argument
@json_option
@debug_option
def failures(folder: Path, as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """List what could not be read or extracted, and why."""
    from geomap.records import fields_of  # noqa: PLC0415
    from geomap.store import open_store  # noqa: PLC0415

    with open_store(folder) as opened:
        for failure in opened.failures():
            click.echo(json.dumps(fields_of(failure)) if as_json else failure.message)


@store.command(epilog="Example: geomap store export news.store --type strike -o strikes.jsonl")
@_store_argument
@click.option("-o", "--output", type=PATH, metavar="FILE", help="Instead of standard output.")
@selection_options
@debug_option
def export(folder: Path, output: Path | None, **wanted: Any) -> None:
    """Write the articles of a store as an extraction, the same bytes whatever their arrival."""
    from geomap.contract import to_line, write_extractions  # noqa: PLC0415
    from geomap.store import open_store  # noqa: PLC0415

    with open_store(folder) as opened:
        articles = opened.extractions(selection_from(wanted))
        if output is not None:
            write_extractions(articles, output)
            return
        for one in articles:
            sys.stdout.buffer.write(to_line(one).encode())
        sys.stdout.buffer.flush()


@store.command(epilog="Example: geomap store upgrade news.store")
@_store_argument
@debug_option
def upgrade(folder: Path) -> None:
    """Bring a store of an older geomap up to date; find its copies and merge its events."""
    from geomap.store import open_store  # noqa: PLC0415
    from geomap.store.opening import check_there  # noqa: PLC0415

    check_there(folder)
    with open_store(folder, write=True) as opened:
        opened.finish()
    click.echo(f"{folder}: up to date")
