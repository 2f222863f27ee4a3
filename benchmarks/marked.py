"""Read the marked dispatches of ``benchmarks/dispatches`` (its README tells the format)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from geomap.events.taxonomy import load_taxonomy
from geomap.records import Factuality, PlaceRole

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "FIFTHS", "FOLDER", "LATER", "QUIET", "TOLD", "Mark", "MarkedText", "fold_of", "is_measured_on",
    "marked_texts", "unmark",
]  # fmt: skip

FOLDER = Path(__file__).parent / "dispatches"
# Of the models of places and claims one text in five is measured on only.
FIFTHS = 5
_MARK = re.compile(r"\{([^|{}]*)\|([^{}]*)\}")
_FIELDS = 4
# Written later, in less obvious words: models of claims and dates learn from them. Triggers and
# places learnt from them as well were no better on any unseen gold (docs/decisions/023).
LATER = frozenset(
    {
        "africa-wars", "bulletins", "core-subtle", "levant-gulf", "look-alikes", "other-wars",
        "ukraine-wires", "who-says",
    }
)  # fmt: skip
# What the folders are called whose texts hold words of war, and nothing of a war happens: what a
# text is about is learnt from them, and which words tell nothing in the light of that.
QUIET = "quiet-"
# Those of them whose sentences would be news of a war if they stood alone: of the past, of the
# stage, of an exercise.
TOLD = frozenset(
    {
        "quiet-aftermath", "quiet-courts", "quiet-fiction", "quiet-history", "quiet-memory",
        "quiet-rehearsals",
    }
)  # fmt: skip
# What only somebody says, and what only the text itself does. Hearsay is claimed by nobody.
_SAID = frozenset({"denied"})
_OWN = frozenset({"asserted", "negated"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One mark: the events of one type at a trigger.

    Parameters
    ----------
    start, end
        Half-open character offsets of the trigger in the text without marks.
    type, factuality
        As in the taxonomy and the glossary.
    again
        Whether it tells an event that is marked elsewhere too.
    events
        The places of each event, as pairs of role and name; an event without has none.
    speaker
        As in the text; ``None`` for the text's own voice.
    """

    start: int
    end: int
    type: str
    again: bool
    events: tuple[tuple[tuple[str, str], ...], ...]
    factuality: str
    speaker: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedText:
    """A dispatch without its marks, and the marks in the order of the text."""

    id: str
    text: str
    published: str
    marks: tuple[Mark, ...]


def marked_texts(
    folder: Path = FOLDER, *, later: bool = True, quiet: bool | None = None
) -> Iterator[MarkedText]:
    """Read all dispatches, in the order of their ids.

    Parameters
    ----------
    folder
        Where they are, in folders by theme.
    later
        Whether those in the folders of ``LATER`` are read too.
    quiet
        Whether those in the folders of ``QUIET`` are read too; as ``later`` when ``None``.

    Raises
    ------
    ValueError
        When a mark is not of the form; the file and the mark are named.
    """
    quiet = later if quiet is None else quiet
    for path in sorted(folder.glob("*/*.txt")):
        name = path.parent.name
        if not (later if name in LATER else quiet or not name.startswith(QUIET)):
            continue
        try:
            text, marks = unmark(path.read_text(encoding="utf-8"))
        except ValueError as err:
            msg = f"{path}: {err}"
            raise ValueError(msg) from err
        identifier = f"{name}/{path.stem}"
        yield MarkedText(id=identifier, text=text, published=path.stem[:10], marks=marks)


def fold_of(identifier: str, *, folds: int) -> int:
    """Give the fold of a text, from 0, by the SHA-256 of its id."""
    return int(hashlib.sha256(identifier.encode()).hexdigest(), 16) % folds


def is_measured_on(identifier: str) -> bool:
    """Tell whether nothing is fitted on a dispatch, by the hash of its id."""
    return fold_of(identifier, folds=FIFTHS) == 0


def unmark(raw: str) -> tuple[str, tuple[Mark, ...]]:
    """Take the marks out of a text.

    Examples
    --------
    >>> text, [mark] = unmark("Shells {fell|strike|target=Izium|claimed|Kyiv} on Izium, Kyiv said.")
    >>> text[mark.start : mark.end], mark.events
    ('fell', ((('target', 'Izium'),),))
    """
    pieces, found, size, last = [], [], 0, 0
    for match in _MARK.finditer(raw):
        size += match.start() - last
        end = size + len(match[1])
        found += [(size, end, part) for part in match[2].split("||")]
        pieces += [raw[last : match.start()], match[1]]
        size, last = size + len(match[1]), match.end()
    text = "".join([*pieces, raw[last:]])
    if not {"{", "}", "|"}.isdisjoint(text):
        msg = "a brace or bar is left over"
        raise ValueError(msg)
    return text, tuple(_mark(start, end, part, text) for start, end, part in found)


def _mark(start: int, end: int, part: str, text: str) -> Mark:
    fields = part.split("|")
    if len(fields) != _FIELDS:
        msg = f"{part!r}: expected type|places|factuality|speaker"
        raise ValueError(msg)
    kind, places, factuality, speaker = fields
    name = kind.removeprefix("=")
    if name not in load_taxonomy().types or factuality not in get_args(Factuality):
        msg = f"{part!r}: unknown type or factuality"
        raise ValueError(msg)
    if factuality in (_SAID if speaker == "-" else _OWN):
        msg = f"{part!r}: who speaks and how sure it is do not agree, see README.md"
        raise ValueError(msg)
    events = tuple(_places(event, text) for event in places.split(" & "))
    return Mark(
        start=start,
        end=end,
        type=name,
        again=kind != name,
        events=events,
        factuality=factuality,
        speaker=None if speaker == "-" else speaker,
    )


def _places(event: str, text: str) -> tuple[tuple[str, str], ...]:
    if event == "-":
        return ()
    found = []
    for argument in event.split(";"):
        role, _, name = argument.strip().partition("=")
        if role not in get_args(PlaceRole) or name not in text:
            msg = f"{argument!r}: unknown role, or the name is not in the text"
            raise ValueError(msg)
        found.append((role, name))
    return tuple(found)
