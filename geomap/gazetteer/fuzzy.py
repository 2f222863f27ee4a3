"""Names one or two letters away: the last resort, guarded.

A wrong place is worse than none, so a name is compared only when it is long
enough, begins with a capital and holds no common word; only keys that begin
alike, or differ by one letter there, are compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomap.gazetteer.normalise import is_written_as_code, key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from geomap.gazetteer.single import GazetteerFile

__all__ = ["allowed_distance", "is_eligible", "similar_keys"]

# Letters -> most edits (optimal string alignment). Measured by benchmarks/fuzzy.py: at these
# limits misspelt war places are found and surnames are not.
_ONE_EDIT = 6
_TWO_EDITS = 9
_HEAD = 3
_MOST_KEYS = 12_000
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def allowed_distance(found: str) -> int:
    """Tell how many letters a key may differ: 0 below six letters, 1, 2 from nine on.

    Examples
    --------
    >>> [allowed_distance(word) for word in ("izyum", "kharkv", "borodyanka")]
    [0, 1, 2]
    """
    letters = sum(c != " " for c in found)
    return 0 if letters < _ONE_EDIT else 1 if letters < _TWO_EDITS else 2


def is_eligible(name: str, *, common: Collection[str]) -> bool:
    """Tell whether a name may be compared at all.

    Parameters
    ----------
    name
        As the text has it.
    common
        Lower-case words that are no names of places, and given names.

    Returns
    -------
    bool
        ``False`` for short names, codes, names without a capital, and names
        any of whose words is common.
    """
    found = key(name)
    capital = any(c.isupper() for c in name[:2])
    if not capital or is_written_as_code(name) or not allowed_distance(found):
        return False
    words = name.lower().replace("-", " ").split()
    return not any(word.strip(".,'’") in common for word in words)


def similar_keys(found: str, files: Iterable[GazetteerFile]) -> list[tuple[int, str]]:
    """Give the keys within the allowed distance, the nearest first.

    Parameters
    ----------
    found
        A key.
    files
        Where to look.

    Returns
    -------
    list of (int, str)
        Distance and key; empty where there is none.
    """
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - costs 20 ms, needed by few searches

    most = allowed_distance(found)
    if not most:
        return []
    near: dict[str, int] = {}
    head = found[:_HEAD]
    for file in files:
        pool = file.keys_between(head, head[:-1] + chr(ord(head[-1]) + 1), limit=_MOST_KEYS)
        for other in pool:
            if abs(len(other) - len(found)) <= most:
                distance = OSA.distance(found, other, score_cutoff=most)
                if 0 < distance <= most:
                    near[other] = distance
        for other in file.rows(_heads_changed(found)):
            near[other] = 1
    best = min(near.values(), default=0)
    return sorted((distance, other) for other, distance in near.items() if distance == best)


def _heads_changed(found: str) -> set[str]:
    """Give the keys that differ by one letter among the first."""
    changed: set[str] = set()
    for at in range(min(_HEAD, len(found))):
        before, letter, behind = found[:at], found[at], found[at + 1 :]
        changed.add(before + behind)
        if behind:
            changed.add(before + behind[0] + letter + behind[1:])
        if found.isascii():
            for other in _LETTERS:
                changed.add(before + other + behind)
                changed.add(before + other + letter + behind)
    return changed - {found}
