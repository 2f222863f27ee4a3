"""How far a settlement lies from the median of the others of its hromada, or of its raion.

    python benchmarks/katottg_error.py

Leave one out over the settlements with coordinates of their own; the radius of approximate rows
comes from this table.
"""

from __future__ import annotations

import statistics
from collections import defaultdict

from geomap.gazetteer import open_gazetteer
from geomap.gazetteer.rows import distance_km

QUANTILES = (0.5, 0.9, 0.95, 0.97, 0.99)


def main() -> None:
    """Run and print the table."""
    areas: dict[str, dict[tuple[str | None, ...], list[tuple[float, float]]]] = {
        "hromada": defaultdict(list),
        "raion": defaultdict(list),
    }
    with open_gazetteer() as gazetteer:
        for place in gazetteer.places():
            if place.country == "UA" and place.feature_class == "P" and not place.approximate:
                spot = (place.lon, place.lat)
                if place.admin3:
                    areas["hromada"][place.admin1, place.admin2, place.admin3].append(spot)
                if place.admin2:
                    areas["raion"][place.admin1, place.admin2].append(spot)
    for level, found in areas.items():
        errors = sorted(
            distance_km(
                spot,
                (
                    statistics.median(x for x, _ in others),
                    statistics.median(y for _, y in others),
                ),
            )
            for spots in found.values()
            for n, spot in enumerate(spots)
            if (others := spots[:n] + spots[n + 1 :])
        )
        line = "  ".join(f"{q:.0%} {errors[int(q * len(errors))]:5.1f}" for q in QUANTILES)
        print(f"{level:8} {len(errors):5} settlements, km: {line}")


if __name__ == "__main__":
    main()
