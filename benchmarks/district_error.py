"""How far the median of a district's settlements lies from its middle, measured on US counties.

    python benchmarks/district_error.py

The 3,140 counties of the US have an outline, so the point that other districts get (the median of
their settlements, geomap.gazetteer.districts) can be held against the middle of it. Figures: the
error at several shares, and the share of counties whose middle lies within the radius given.
Needs the build requirements.
"""

from __future__ import annotations

from pathlib import Path

from geomap.gazetteer.bulk import read_counties
from geomap.gazetteer.districts import import_districts
from geomap.gazetteer.importers import import_all, load_sources
from geomap.gazetteer.rows import distance_km
from geomap.gazetteer.sources import Sources

ROOT = Path(__file__).parent.parent


def main() -> None:
    """Run and print the table."""
    outlines = read_counties(ROOT / "gazetteers" / "bulk" / "us_counties.csv")
    sources = load_sources()
    counties = [d for d in sources.districts if d.code.startswith("US.")]
    base = Sources(
        cities={k: c for k, c in sources.cities.items() if c["countrycode"] == "US"},
        countries={},
        subdivisions=[r for r in sources.subdivisions if r[2].startswith("US.")],
        points=sources.points,
    )
    gathering, _ = import_all(base)
    regions: dict[tuple[str, str], object] = {}
    known = import_districts(gathering, counties, regions)  # type: ignore[arg-type]
    errors, inside = [], 0
    for code, number in known.items():
        if code in outlines:
            place = gathering.places[number]
            error = distance_km((place.lon, place.lat), outlines[code][:2])
            errors.append(error)
            inside += error <= place.radius_km
    errors.sort()
    shares = {share: errors[int(share * (len(errors) - 1))] for share in (0.5, 0.9, 0.97, 0.99)}
    print(
        f"{len(errors)} counties; "
        + ", ".join(f"{s:.0%} within {e:.1f} km" for s, e in shares.items())
    )
    print(f"middle within the radius: {inside / len(errors):.1%}")


if __name__ == "__main__":
    main()
