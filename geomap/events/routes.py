"""Routes from language: "A - B - C", "between A and B", "from A via B to C", lists of them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from geomap.events.locations import is_country
from geomap.events.relations import is_list_joint, text_between
from geomap.records import PlaceArgument

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Span

    from geomap.events.ties import Tied
    from geomap.records import PlaceRole

__all__ = ["FEWEST_REACH", "are_one_list", "argument", "chains_of", "routes_of"]

# A place that the parse reaches less than this belongs to something else in the
# sentence. Measured on the seeds: right stops 0.12 and up.
FEWEST_REACH = 0.1
_CHAIN = re.compile(r"^ ?(?:[-–—―→>➡]+|-> ?|=>) ?$")
_PEOPLE_OF = re.compile(
    r"(?:residents?|people|population|civilians|inhabitants|evacuation|withdrawal) of"
)
# Codes of GeoNames: border gates and posts, bridges, passes, ferries and fords.
_PASSED = frozenset({"BDGP", "PSTB", "BDG", "PASS", "FY", "FORD"})
_ORDER = ("at", "via", "near", "to", "toward")


def argument(role: PlaceRole, tied: Tied) -> PlaceArgument:
    """Give a place of the sentence in a role."""
    return PlaceArgument(role=role, toponym=tied.toponym.id)


def routes_of(
    tied: Sequence[Tied], *, bare: PlaceRole = "from"
) -> tuple[tuple[PlaceArgument, ...], ...]:
    """Give the routes of a trigger.

    Parameters
    ----------
    tied
        The places of its sentence, in order.
    bare
        The role of a place without a preposition of motion.

    Returns
    -------
    tuple of routes
        Each is one event: its places in roles, in the order of travel. "From A
        and B to C" gives two; empty without a place.
    """
    usable = [t for t in tied if t.reach >= FEWEST_REACH and t.preposition != "with"]
    usable = [t for t in usable if not is_country(t.toponym)] or [
        t for t in usable if t.preposition in {"from", "to", "toward", "via"} or bare == "at"
    ]
    chains = chains_of(usable)
    if chains:
        return tuple(_stops(chain) for chain in chains)
    segments = _segments(usable, bare)
    routes = [route for segment in segments for route in _segment_routes(segment, tied, bare)]
    routes = _passed(routes, usable)
    if len(routes) > 1:
        # Beside full routes, a bare place is where somebody speaks or arrives.
        routes = [r for r in routes if len(r) > 1] or routes
    return tuple(routes)


def chains_of(tied: Sequence[Tied]) -> list[list[Tied]]:
    """Give all runs "A - B - C", or the two of "between A and B"."""
    runs: list[list[Tied]] = []
    for current in tied:
        if runs and _CHAIN.match(text_between(runs[-1][-1].span, current.span)):
            runs[-1].append(current)
        else:
            runs.append([current])
    chains = [run for run in runs if len(run) > 1]
    if chains:
        return chains
    pair = [t for t in tied if t.preposition == "between"]
    return [pair] if len(pair) == len(("from", "to")) else []


def are_one_list(one: Tied, best: Tied, tied: Sequence[Tied]) -> bool:
    """Tell whether two places are members of one list in the text."""
    ordered = sorted(tied, key=lambda t: t.span.start)
    first, last = sorted((ordered.index(one), ordered.index(best)))
    return all(is_list_joint(ordered[i].span, ordered[i + 1].span) for i in range(first, last))


def _stops(chain: Sequence[Tied]) -> tuple[PlaceArgument, ...]:
    middle: list[PlaceRole] = ["via"] * (len(chain) - 2)
    roles: list[PlaceRole] = ["from", *middle, "to"]
    return tuple(argument(role, t) for role, t in zip(roles, chain, strict=True))


def _segments(tied: Sequence[Tied], bare: PlaceRole) -> list[list[tuple[Tied, PlaceRole]]]:
    """Cut "from A to B and from C to D" into its routes, in the order of the text."""
    segments: list[list[tuple[Tied, PlaceRole]]] = [[]]
    for place in sorted(tied, key=lambda t: t.span.start):
        role = _route_role(place, bare)
        arrived = any(r in {"to", "toward"} for _, r in segments[-1])
        if role == "from" and arrived and any(r == "from" for _, r in segments[-1]):
            segments.append([])
        segments[-1].append((place, role))
    return [s for s in segments if s]


def _segment_routes(
    segment: Sequence[tuple[Tied, PlaceRole]], tied: Sequence[Tied], bare: PlaceRole
) -> list[tuple[PlaceArgument, ...]]:
    roles_of = list(segment)
    if any(role == "from" for _, role in roles_of):
        roles_of = [(t, r) for t, r in roles_of if r != "at"]
    elif any(role in {"to", "toward"} for _, role in roles_of):
        # "Civilians in A may go to B": A is the start of a route, not of troops in a place.
        roles_of = [(t, bare if r == "at" else r) for t, r in roles_of if r != "at" or bare != "at"]
    if all(role == "at" for _, role in roles_of):
        best = max(roles_of, key=lambda pair: pair[0].reach)[0]
        return [
            (argument(bare, t),) for t, _ in roles_of if t is best or are_one_list(t, best, tied)
        ]
    return _distributed(roles_of)


def _distributed(roles_of: Sequence[tuple[Tied, PlaceRole]]) -> list[tuple[PlaceArgument, ...]]:
    """Make one route for each start, or for each end where only ends are several."""
    starts = [t for t, role in roles_of if role == "from"]
    rest = sorted(
        ((t, role) for t, role in roles_of if role != "from"), key=lambda p: _ORDER.index(p[1])
    )
    others = tuple(argument(role, t) for t, role in rest)
    if starts:
        return [(argument("from", t), *others) for t in starts]
    if len({role for _, role in rest}) == 1 and rest[0][1] in {"to", "toward"}:
        return [(argument(role, t),) for t, role in rest]
    return [others]


def _route_role(tied: Tied, bare: PlaceRole) -> PlaceRole:
    known: dict[str | None, PlaceRole] = {
        "from": "from", "to": "to", "toward": "toward", "via": "via", "near": "near", "around": "near",
    }  # fmt: skip
    if tied.preposition == "between":
        return "from"
    if tied.preposition == "of":
        return "from" if _people_of(tied.span) else "at"
    if tied.preposition is None and bare in {"to", "from"}:
        return bare
    return known.get(tied.preposition, "at")


def _passed(
    routes: list[tuple[PlaceArgument, ...]], tied: Sequence[Tied]
) -> list[tuple[PlaceArgument, ...]]:
    """Say that routes of one place lead through it where one is a border gate, bridge or pass."""
    codes = {
        t.toponym.id: t.toponym.place.feature_code for t in tied if t.toponym.place is not None
    }
    single = all(len(route) == 1 and route[0].role == "from" for route in routes)
    if single and any(codes.get(route[0].toponym) in _PASSED for route in routes):
        return [(replace(route[0], role="via"),) for route in routes]
    return routes


def _people_of(span: Span) -> bool:
    """Tell whether it is "residents of X", who leave X."""
    before = span.doc[max(0, span.start - 4) : span.start].text.lower()
    return _PEOPLE_OF.search(before) is not None
