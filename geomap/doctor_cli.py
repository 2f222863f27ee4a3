"""The command that looks the install over: what is there, where data lies, what is missing."""

from __future__ import annotations

import json
import os
import re
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geomap import __version__
from geomap.errors import GeomapError
from geomap.options import debug_option, json_option, settings_option
from geomap.terminal import Faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geomap.settings import Settings

__all__ = ["doctor"]

# What each extra is for; its packages stand in the metadata of the install.
EXTRAS = {
    "picture": "geomap picture",
    "cluster": "geomap batch --scheduler",
    "docs": "the documentation's site, of a checkout",
}
MB = 1_000_000
# A line of the metadata: a name, versions, and perhaps the extra that wants it.
_REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9._-]+)[^;]*(?:;.*extra\s*==\s*['\"](?P<extra>\w+))?")


@click.command(epilog="Example: geomap doctor")
@settings_option
@json_option
@debug_option
def doctor(settings: Settings, as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Say what is installed, where data lies, what is missing and how to get it.

    Exit code 1 when something that geomap needs is missing or altered; extras may be missing.
    Nothing is written.
    """
    faults = Faults()
    told: list[str] = []
    found: dict[str, Any] = {"geomap": __version__, "python": sys.version.split()[0]}
    for name, look in {
        "packages": _packages, "extras": _extras, "model": _model, "weights": _weights,
        "gazetteers": _gazetteers, "folders": _folders,
    }.items():  # fmt: skip
        problems: list[GeomapError] = []
        found[name] = look(settings, problems)
        for problem in problems:
            faults.add(problem)
            told.append(str(problem))
    found["faults"] = told
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for line in _lines(found):
            click.echo(line)
    faults.exit()


def _packages(_settings: Settings, problems: list[GeomapError]) -> dict[str, str | None]:
    """Give the versions of the packages that geomap needs; ``None`` for a missing one."""
    found = {name: _version(name) for name in _required(None)}
    missing = [name for name, version in found.items() if version is None]
    if missing:
        msg = f"{', '.join(missing)}: not installed; pip install {' '.join(missing)}"
        problems.append(GeomapError(msg))
    return found


def _extras(_settings: Settings, _problems: list[GeomapError]) -> dict[str, dict[str, Any]]:
    """Give what each extra brings; a missing one is no fault."""
    found = {}
    for extra, use in EXTRAS.items():
        packages = {name: _version(name) for name in _required(extra)}
        missing = [name for name, version in packages.items() if version is None]
        remedy = f"pip install 'geomap[{extra}]'" if missing else None
        found[extra] = {"for": use, "packages": packages, "missing": missing, "remedy": remedy}
    return found


def _model(settings: Settings, problems: list[GeomapError]) -> dict[str, str | None]:
    from geomap.model import check_model  # noqa: PLC0415

    digest = None
    try:
        digest = check_model(settings)
    except GeomapError as err:
        problems.append(err)
    return {"name": settings.model, "sha256": digest}


def _weights(_settings: Settings, problems: list[GeomapError]) -> dict[str, str]:
    from geomap.weights import check_weights  # noqa: PLC0415 - loads numpy

    try:
        return check_weights()
    except GeomapError as err:
        problems.append(err)
    return {}


def _gazetteers(settings: Settings, problems: list[GeomapError]) -> list[dict[str, Any]]:
    """Describe the built-in file, or the one of the settings, and then the added ones."""
    from geomap.gazetteer import open_gazetteer  # noqa: PLC0415
    from geomap.gazetteer.library import added_files  # noqa: PLC0415

    found = []
    added = [str(path) for path in added_files()] if settings.added_gazetteers else []
    for place in (settings.gazetteer, *added):
        try:
            with open_gazetteer(place) as opened:
                info = opened.info()
        except GeomapError as err:
            remedy = f"; or geomap gazetteer remove {Path(place).stem}" if place in added else ""
            problems.append(type(err)(f"{err}{remedy}"))
            continue
        path = Path(info.path)
        found.append({
            "path": info.path, "added": place in added, "places": info.places,
            "names": info.names, "boundaries": info.boundaries, "version": info.version,
            "worldview": info.worldview, "bytes": path.stat().st_size if path.is_file() else None,
        })  # fmt: skip
    return found


def _folders(_settings: Settings, _problems: list[GeomapError]) -> dict[str, Any]:
    """Say where the user's data lies: nothing else is kept outside the folders of outputs."""
    from geomap.gazetteer.library import ENVIRONMENT, data_folder  # noqa: PLC0415

    folder = data_folder()
    parts = {
        "added gazetteers": folder / "gazetteers",
        "downloads": folder / "downloads",
        "answers of online services": folder / "online.sqlite",
    }
    there = next(one for one in (folder, *folder.parents) if one.exists())
    return {
        "data": str(folder),
        "chosen_by": ENVIRONMENT if os.environ.get(ENVIRONMENT) else None,
        "exists": folder.is_dir(),
        "writable": os.access(there, os.W_OK),
        "parts": {name: {"path": str(p), "bytes": _size(p)} for name, p in parts.items()},
    }


def _required(extra: str | None) -> list[str]:
    """Name the packages of the metadata that an extra brings, or that are always needed."""
    try:
        rows = metadata.requires("geomap") or []
    except metadata.PackageNotFoundError:  # a checkout on the path, not installed
        return []
    parts = [match for row in rows if (match := _REQUIREMENT.match(row))]
    return sorted({part["name"] for part in parts if part["extra"] == extra})


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _size(path: Path) -> int | None:
    """Give the bytes of a file, or of all files of a folder; ``None`` where there is none."""
    if path.is_dir():
        return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    return path.stat().st_size if path.is_file() else None


def _lines(found: dict[str, Any]) -> Iterator[str]:
    yield f"geomap {found['geomap']}, Python {found['python']}"
    versions = [f"{name} {version or 'MISSING'}" for name, version in found["packages"].items()]
    yield from _wrapped("packages", ", ".join(versions) or "unknown: geomap is not installed")
    for name, extra in found["extras"].items():
        lacks = f"not installed ({extra['remedy']})" if extra["missing"] else "installed"
        yield f"extra {name}: {lacks}; for {extra['for']}"
    yield f"model {found['model']['name']}"
    yield f"  SHA-256 {found['model']['sha256'] or 'unknown'}"
    if found["weights"]:
        yield f"weights: {len(found['weights'])} files as they were fitted"
    for one in found["gazetteers"]:
        yield f"gazetteer {one['path']}" + (" (added)" if one["added"] else "")
        size = "" if one["bytes"] is None else f", {one['bytes'] / MB:,.1f} MB"
        yield f"  version {one['version']}, worldview {one['worldview']}{size}"
        yield (
            f"  {one['places']:,} places, {one['names']:,} names, {one['boundaries']:,} boundaries"
        )
    yield from _folder_lines(found["folders"])
    count = len(found["faults"])
    yield "nothing is missing" if not count else f"to put right: {count} (above, in one line each)"


def _folder_lines(folders: dict[str, Any]) -> Iterator[str]:
    why = f" (set by {folders['chosen_by']})" if folders["chosen_by"] else ""
    state = "" if folders["exists"] else "; not there yet, made when it is needed"
    if not folders["writable"]:
        state += "; cannot be written to: set GEOMAP_DATA to a folder of yours"
    yield f"data {folders['data']}{why}{state}"
    for name, part in folders["parts"].items():
        size = "none" if part["bytes"] is None else f"{part['bytes'] / MB:,.1f} MB"
        yield f"  {name}: {size}"


def _wrapped(head: str, text: str) -> list[str]:
    import textwrap  # noqa: PLC0415

    return textwrap.wrap(f"{head}: {text}", 98, subsequent_indent="  ")
