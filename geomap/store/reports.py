"""Reports as a store keeps them: what merging needs of an event, in a few hundred bytes.

They are the reports that the kept clusters were made of, also when the article
has changed or gone since: who leaves a cluster is asked for by what he was.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from geomap.events.reports import Key, Report, Spot
from geomap.records import Attribution, DateRange

if TYPE_CHECKING:
    from geomap.events.blocks import Block

__all__ = ["block_number", "dump", "load"]

_BLOCK_BYTES = 8
# Places and days recur from report to report: one object serves all that name them.
_SHARED = 20_000
# Of a report that is older than the event which stands in its place: that it had one.
_SOME_GEOMETRY = "{}"


def block_number(block: Block) -> int:
    """Give the number under which a store finds what stands in a block.

    Parameters
    ----------
    block
        Type, day, and cell or area.

    Returns
    -------
    int
        Of 64 bits, as SQLite has them. Two blocks may share one: what is found under it
        has to be looked at.

    Examples
    --------
    >>> block_number(("strike", 738000, (False, 101, 69)))
    -3213763730169387448
    """
    digest = hashlib.blake2b(repr(block).encode(), digest_size=_BLOCK_BYTES).digest()
    return int.from_bytes(digest, signed=True)


def dump(report: Report) -> str:
    """Give a report as JSON, all but its geometry, which the event has.

    Parameters
    ----------
    report
        Its number in the article stands in a column.
    """
    who, date = report.attribution, report.date
    row = [
        *report.key[:3],
        *(report.event, report.source, report.type, report.subtype, report.factuality),
        [who.speaker, who.organisation, who.side, who.verb] if who else None,
        _days(date) if date else None,
        [
            [role, spot.id, spot.name, spot.lon, spot.lat, spot.radius_km, int(spot.is_area)]
            for role, spot in report.places
        ],
        sorted(report.doers),
        report.trigger,
        int(report.geometry is not None),
        *(report.uncertainty_km, report.confidence),
    ]
    # ASCII: half a surrogate pair, which a caller may give, survives as an escape.
    return json.dumps(row, separators=(",", ":"))


def load(data: str, *, number: int, geometry: str | None) -> Report:
    """Give a report back.

    Parameters
    ----------
    data
        What :func:`dump` gave.
    number
        Of the event in its article.
    geometry
        GeoJSON of the event of that number, if there is one.

    Returns
    -------
    Report
        As it was, unless the event has another geometry by now; whether it had one is as it was.
    """
    row: list[Any] = json.loads(data)
    day, article, digest, event, source, kind, subtype, factuality = row[:8]
    who, date, places, doers, trigger, is_drawn, uncertainty_km, confidence = row[8:]
    return Report(
        key=Key(day, article, digest, number),
        event=event,
        source=source,
        type=kind,
        subtype=subtype,
        factuality=factuality,
        attribution=_attribution(*who) if who else None,
        date=_date(*date) if date else None,
        places=tuple((role, _spot(*spot)) for role, *spot in places),
        doers=frozenset(doers),
        trigger=(trigger[0], trigger[1]),
        geometry=json.loads(geometry or _SOME_GEOMETRY) if is_drawn else None,
        uncertainty_km=uncertainty_km,
        confidence=confidence,
    )


@lru_cache(maxsize=_SHARED)
def _spot(id_: str, name: str, lon: float, lat: float, radius_km: float, area: int) -> Spot:
    return Spot(id_, name, lon, lat, radius_km, bool(area))


def _attribution(
    speaker: str | None, organisation: str | None, side: str | None, verb: str | None
) -> Attribution:
    return Attribution(speaker=speaker, organisation=organisation, side=side, verb=verb)


def _days(date: DateRange) -> list[Any]:
    return [date.start.toordinal(), date.end.toordinal(), date.precision, date.text]


@lru_cache(maxsize=_SHARED)
def _date(start: int, end: int, precision: Any, text: str | None) -> DateRange:
    first, last = dt.date.fromordinal(start), dt.date.fromordinal(end)
    return DateRange(start=first, end=last, precision=precision, text=text)
