"""The wordings that tell a place by another, as regular expressions made from a lexicon.

Each rule looks at the words that end directly before a name, some at the words
that begin directly behind it. Both windows are short, so the time grows with
the number of names only. The words stand in ``lexicons/relative.toml``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from geomap.lexicons import rules
from geomap.toponyms.distances import DISTANCE, alternatives

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geomap.records import Relation

__all__ = ["COMPASS", "GLUE", "Rule", "bearings_of", "relation_rules"]

_WIND = r"(?:north|south|east|west)"
_POINT = rf"{_WIND}(?:[- –]?{_WIND}){{0,2}}(?:ernmost|ern|erly|wards?)?"
# One compass word or a short list: "north", "south-eastern", "north and west".
COMPASS = rf"(?P<compass>{_POINT}(?:(?:,|,? and|,? or) {_POINT}){{0,2}})"
_ADJECTIVES = (
    rf"(?P<compass>(?:{_WIND}(?:[- –]?{_WIND})?ern(?:,|,? and|,? or) )?"
    rf"{_WIND}(?:[- –]?{_WIND})?ern)"
)
_START = r"(?<![\w-])"
_WIND_WORDS = ("north", "south", "east", "west")
_WINDS = {"north": 0.0, "east": 90.0, "south": 180.0, "west": 270.0}


def _glue() -> str:
    """Make what may stand between a relation and the name: "the eastern city of "."""
    nouns = alternatives(rules("relative")["glue"]["nouns"])
    no = r"(?!(?:in|on|at|of|and|or|to|from|near|for|with|by|is|was|were|are|between|km|miles)\b)"
    return rf"(?:(?:the |a |an |its )?(?:{no}[\w'’-]+ ){{0,3}}?(?:{nouns})(?: of)?,? |the |Mt\.? )?"


GLUE: str = _glue()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One wording of a relation.

    Parameters
    ----------
    relation
        What it says.
    needs
        Parts of words, in lower case, one of which stands in every text that the
        patterns match: looking for them first takes a tenth of the time.
    before
        Must match at the end of the text before the name, or ``None``.
    behind
        Must match at the start of the text behind the name, or ``None``.
    """

    relation: Relation
    needs: tuple[str, ...]
    before: re.Pattern[str] | None = None
    behind: re.Pattern[str] | None = None


def bearings_of(words: str | None) -> tuple[float, ...]:
    """Read compass words of up to three winds each.

    Parameters
    ----------
    words
        E.g. ``"north-western"``, ``"east-northeast"``, ``"north and west"``; ``None``
        gives none.

    Returns
    -------
    tuple of float
        Degrees clockwise from north, one a word.

    Examples
    --------
    >>> bearings_of("south-east"), bearings_of("east-northeast"), bearings_of("north and west")
    ((135.0,), (67.5,), (0.0, 270.0))
    """
    found = []
    for part in re.split(r",? and |,? or |, ?", (words or "").lower()):
        winds = re.findall(_WIND, part)
        if winds:
            found.append(_bearing(winds))
    return tuple(dict.fromkeys(found))


def _bearing(winds: list[str]) -> float:
    last = _WINDS[winds[-1]]
    for wind in reversed(winds[:-1]):
        first = _WINDS[wind]
        if abs(first - last) > 180.0:  # noqa: PLR2004 - north is 0 and 360
            first, last = (first or 360.0), (last or 360.0)
        last = (first + last) / 2 % 360.0
    return last


def _before(pattern: str, *, glue: bool = True) -> re.Pattern[str]:
    return re.compile(rf"{_START}{pattern}{GLUE if glue else ''}\Z", re.IGNORECASE)


def _behind(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _first_words(wordings: Iterable[str]) -> tuple[str, ...]:
    """Give what a text with one of some wordings holds, however wide their spaces."""
    return tuple(sorted({wording.lower().replace("-", " ").split()[0] for wording in wordings}))


@lru_cache(maxsize=1)
def relation_rules() -> tuple[Rule, ...]:
    """Give the rules, the more exact wordings first: the first that matches decides."""
    return (*_sided(), *_measured(), *_edges(), *_directions())


def _measured() -> tuple[Rule, ...]:
    away = r"(?:(?:away|out|further|farther|distant|drive|outside and)[ ,]+)?"
    of_centre = r"(?: (?:the )?(?:city )?(?:cent(?:re|er)|outskirts|edge|gates|heart) of)?"
    return (
        Rule(
            relation="offset",
            needs=_WIND_WORDS,
            before=_before(
                rf"{DISTANCE}[ -]?,? ?{away}(?:(?:to |in )?(?:the )?|due |directly |straight )"
                rf"{COMPASS}(?: direction)? (?:of|from){of_centre} "
            ),
        ),
        Rule(
            relation="offset",
            needs=_WIND_WORDS,
            before=_before(rf"{DISTANCE} {away}from "),
            behind=_behind(rf"^,? (?:to|in) the {COMPASS}(?! of)\b"),
        ),
        Rule(
            relation="within",
            needs=(" of ", " from ", " around "),
            before=_before(
                rf"(?:(?:to|in|inside) )?(?P<within>within )?{DISTANCE}"
                rf"(?:[- ](?P<radius>radius|range|zone|distance))?(?: of| from| around){of_centre} "
            ),
        ),
        Rule(
            relation="distance",
            needs=("from", "outside", "short of", "beyond", "out of"),
            before=_before(
                rf"{DISTANCE} ?{away}(?:from|outside(?: of)?|short of|beyond|out of){of_centre} "
            ),
        ),
    )


def _sided() -> tuple[Rule, ...]:
    table = rules("relative")
    bank = alternatives(table["bank"]["nouns"])
    banks = _first_words(table["bank"]["nouns"])
    side = rf"(?:(?P<side>{alternatives(table['bank']['sides'])})|{COMPASS})"
    coast = alternatives(table["coast"]["nouns"])
    sea = r"(?:(?:[A-Z][\w-]+ ){1,2}Sea )?"
    return (
        Rule(
            relation="bank",
            needs=banks,
            before=_before(
                rf"(?:(?:on|to|at|near|from|along|onto|over) )?(?:the |its )?{side}[- ]"
                rf"(?:{bank})(?: (?:part )?of)?(?: the)?(?: River)? ",
                glue=False,
            ),
        ),
        Rule(relation="bank", needs=banks, behind=_behind(rf"^(?:['’]s?)? {side}[- ](?:{bank})\b")),
        Rule(
            relation="coast",
            needs=("off ",),
            before=_before(
                rf"(?:{DISTANCE} )?off (?:the )?(?:{COMPASS} )?{sea}(?:{coast}) (?:of|near|at) "
            ),
        ),
        Rule(
            relation="coast",
            needs=("off ",),
            before=_before(rf"(?:{DISTANCE} )?off (?:the )?(?:{COMPASS} )?"),
            behind=_behind(rf"^(?:['’]s?)?(?: {_POINT})? {sea}(?:{coast})\b"),
        ),
        Rule(
            relation="coast",
            needs=("off ",),
            before=_before(rf"(?:{DISTANCE} |waters )off (?:the )?"),
        ),
    )


def _edges() -> tuple[Rule, ...]:
    table = rules("relative")
    found: list[Rule] = []
    edges: tuple[Relation, ...] = ("outskirts", "countryside")
    for relation in edges:
        nouns = alternatives(table[relation]["nouns"])
        needs = _first_words(table[relation]["nouns"])
        # "The Minyan suburb" is a suburb of that name.
        plain = alternatives(n for n in table[relation]["nouns"] if not n.startswith("suburb"))
        joint = r"(?:of|to|in|outside|around|near)" if relation == "outskirts" else r"(?:of|around)"
        found += [
            Rule(
                relation=relation,
                needs=needs,
                before=_before(
                    rf"(?:(?:on|at|in|to|near|from) )?(?:the |a )?(?:{COMPASS} )?"
                    rf"(?:{nouns}) {joint} "
                ),
            ),
            Rule(
                relation=relation,
                needs=needs,
                before=re.compile(rf"(?:{_START}(?:the )?{COMPASS} )?\Z", re.IGNORECASE),
                behind=_behind(
                    rf"^(?:['’]s?)?(?: (?P<compass>{_POINT}) (?:{nouns})| (?:{plain}))"
                    r"\b(?! (?:of|town|district))"
                ),
            ),
        ]
    just = alternatives(table["outskirts"]["just_outside"])
    return (
        *found,
        Rule(
            relation="outskirts",
            needs=_first_words(table["outskirts"]["just_outside"]),
            before=_before(rf"(?:{just}) "),
        ),
    )


def _directions() -> tuple[Rule, ...]:
    table = rules("relative")
    parts = alternatives(table["part"]["nouns"])
    far = r"(?:far |extreme |wider |whole |very )?"
    return (
        Rule(
            relation="toward",
            needs=("direction of",),
            before=_before(r"(?:(?:in|from|on|to) )?the (?:general )?direction of "),
        ),
        Rule(
            relation="part",
            needs=_WIND_WORDS,
            before=_before(rf"(?:the |a |its |in )?{far}{COMPASS}[ -](?:{parts}) of "),
        ),
        Rule(
            relation="part",
            needs=_WIND_WORDS,
            before=_before(
                rf"(?:(?:in|from|across|throughout|into|on) )?(?<!to )the {far}{COMPASS} of "
            ),
        ),
        Rule(
            relation="bearing",
            needs=_WIND_WORDS,
            before=_before(
                rf"(?:to the )?(?:just |immediately |directly |due |somewhere )?{COMPASS} of "
            ),
        ),
        Rule(
            relation="part",
            needs=_WIND_WORDS,
            before=re.compile(
                rf"(?:^|(?<=[\s(“‘\"']))(?:(?:the|far) )?{_ADJECTIVES} (?:the |rural )?\Z"
            ),
        ),
        Rule(
            relation="part",
            needs=_WIND_WORDS,
            before=re.compile(
                rf"(?:(?<=\bin )|(?<=\bof )|(?<=\bacross )|(?<=\bthroughout ))"
                rf"(?P<compass>{_WIND}(?:-?{_WIND})?) \Z"
            ),
        ),
        Rule(
            relation="part",
            needs=_WIND_WORDS,
            behind=_behind(
                rf"^['’]s (?P<compass>{_WIND}(?:[- ]?{_WIND})?)\b(?! (?:of|(?-i:[A-Z])))"
            ),
        ),
    )
