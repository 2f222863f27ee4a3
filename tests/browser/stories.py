"""Extractions for tests in the browser: some events of each kind, and a hostile one."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from samples import PROVENANCE, event, extracted, place, toponym

from geomap.geometry import point, ring
from geomap.records import (
    Actor,
    Article,
    Attribution,
    DateRange,
    ExtractedArticle,
    PlaceArgument,
    Sentence,
    Trigger,
)

if TYPE_CHECKING:
    from geomap.records import Event, Toponym

__all__ = ["HOSTILE", "crowd", "hostile", "story"]

HOSTILE = (
    "{{7*7}} {% for x in [1] %}LOOP{% endfor %} {# gone #} ${window.ran=1} `${window.ran=2}` "
    "<img src=x onerror=window.ran=3> </script><script>window.ran=4</script> \\u0024{window.ran=5} "
    "\" onmouseover=window.ran=6 ' javascript:window.ran=7 <svg onload=window.ran=8> {{ cycler }} "
    "<!--<script> ]]> \u2028 &lt;b&gt;"
)

TEXT = (
    "Missiles hit Kyiv on 3 March, Kyiv's mayor said. Shelling of Irpin was reported on the same "
    "day. Mariupol is surrounded. A corridor from Sumy to Poltava will open on 8 March. The army "
    "did not take Kharkiv. Moscow denied the strike on Grocery. Talks went on."
)
KYIV = place("Kyiv", 30.52, 50.45)
IRPIN = place("Irpin", 30.25, 50.52)
MARIUPOL = place("Mariupol", 37.54, 47.1)
SUMY = place("Sumy", 34.8, 50.9)
POLTAVA = place("Poltava", 34.55, 49.59)
KHARKIV = place("Kharkiv", 36.25, 49.99)
MINSK = place("Minsk", 27.56, 53.9, country="BY")


def _name(number: int, text: str, where: Any, *, after: str = "", **changes: Any) -> Toponym:
    start = TEXT.index(text, TEXT.index(after) if after else 0)
    return toponym(number, text, where, start=start, end=start + len(text), **changes)


def _event(name: str, kind: str, trigger: str, **changes: Any) -> Event:
    start = TEXT.index(trigger)
    first = TEXT.rfind(". ", 0, start) + 2 if ". " in TEXT[:start] else 0
    last = TEXT.find(".", start) + 1
    sentence = Sentence(start=first, end=last, text=TEXT[first:last])
    values: dict[str, Any] = {
        "id": name, "type": kind, "actors": (), "attribution": None, "factuality": "asserted",
        "trigger": Trigger(start=start, end=start + len(trigger), text=trigger), "sentence": sentence,
        "date": day(3), **changes,
    }  # fmt: skip
    return event(**values)


def day(number: int) -> DateRange:
    date = dt.date(2022, 3, number)
    return DateRange(start=date, end=date, precision="day", text=f"{number} March")


def at(number: int, role: Any = "at") -> tuple[PlaceArgument, ...]:
    return (PlaceArgument(role=role, toponym=number),)


def story() -> ExtractedArticle:
    """Give an article with events of all kinds: a first-time user's material."""
    names = (
        _name(0, "Kyiv", KYIV), _name(1, "Irpin", IRPIN), _name(2, "Mariupol", MARIUPOL),
        _name(3, "Sumy", SUMY), _name(4, "Poltava", POLTAVA), _name(5, "Kharkiv", KHARKIV),
        _name(6, "Moscow", None, reading="metonymic", reason="a government denies"),
        _name(7, "Grocery", None, reason="no place of that name is known"),
        _name(8, "Kyiv", None, after="Kyiv's", reading="modifier", reason="of the mayor"),
    )  # fmt: skip
    mayor = Attribution(speaker="Kyiv's mayor", side="UA", verb="said")
    by = (Actor(text="Russian army", role="by", side="RU"),)
    events = (
        _event("a", "strike", "hit", places=at(0), geometry=point(KYIV.lon, KYIV.lat),
               factuality="claimed", attribution=mayor, actors=by),
        _event("b", "strike", "Shelling", places=at(1), geometry=point(IRPIN.lon, IRPIN.lat)),
        _event("c", "encirclement", "surrounded", places=at(2), actors=by, date=None,
               geometry=ring(MARIUPOL.lon, MARIUPOL.lat, radius_km=12), confidence=0.4),
        _event("d", "corridor", "corridor", date=day(8), factuality="planned",
               places=(*at(3, "from"), *at(4, "to"))),
        _event("e", "control_change", "take", factuality="negated", places=at(5),
               geometry=point(KHARKIV.lon, KHARKIV.lat)),
        _event("f", "strike", "strike", factuality="denied", places=at(7), geometry=None,
               reason="no place of that name is known"),
        _event("g", "talks", "Talks", places=(), geometry=None, reason="the text gives it no place"),
    )  # fmt: skip
    article = Article(
        id="story", text=TEXT, title="A day of war", source="The Paper", language="en",
        url="https://example.org/a?b=1&c=2", published=dt.date(2022, 3, 4),
    )  # fmt: skip
    return ExtractedArticle(article=article, toponyms=names, events=events, provenance=PROVENANCE)


def hostile() -> ExtractedArticle:
    """Give an article whose every text is hostile."""
    where = place(HOSTILE, 34.0, 50.0, id=HOSTILE, admin1=HOSTILE, country=HOSTILE)
    article = Article(
        id=HOSTILE, text=HOSTILE, title=HOSTILE, source=HOSTILE, url="javascript:window.ran=9"
    )
    names = (
        toponym(0, HOSTILE, where, start=0, end=7, reason=HOSTILE),
        toponym(1, HOSTILE, None, start=8, end=20, reason=HOSTILE),
        toponym(2, HOSTILE, None, start=21, end=30, reason=HOSTILE, reading="metonymic"),
        toponym(3, HOSTILE, where, start=40, end=60, reason=HOSTILE),
    )
    attack = event(
        id=HOSTILE, type=HOSTILE, subtype=HOSTILE, reason=HOSTILE, geometry=point(34.0, 50.0),
        places=(PlaceArgument(role="at", toponym=0),), weapon=HOSTILE, counts={HOSTILE: 3},
        trigger=Trigger(start=62, end=70, text=HOSTILE[62:70]),
        sentence=Sentence(start=0, end=len(HOSTILE), text=HOSTILE),
        actors=(Actor(text=HOSTILE, role="by", side=HOSTILE),),
        attribution=Attribution(speaker=HOSTILE, organisation=HOSTILE, side=HOSTILE, verb=HOSTILE),
        date=DateRange(start=dt.date(2022, 3, 8), end=dt.date(2022, 3, 9), precision="day", text=HOSTILE),
    )  # fmt: skip
    lost = replace(attack, id="x", geometry=None)
    return extracted(
        article=article,
        toponyms=names,
        events=(attack, lost),
        provenance=replace(PROVENANCE, worldview=HOSTILE),
    )


def crowd(count: int) -> list[ExtractedArticle]:
    """Give so many events over Ukraine, ten an article, each at a spot of its own."""
    kinds = ("strike", "talks", "encirclement", "assault")
    rows = []
    for number in range(count // 10):
        spots = [(24 + (number * 7 + k * 131) % 1600 / 100, 46 + (number * 13 + k * 57) % 600 / 100)
                 for k in range(10)]  # fmt: skip
        events = tuple(
            event(
                id=f"e{k}", type=kinds[k % 4], geometry=point(lon, lat), date=day(1 + number % 28)
            )
            for k, (lon, lat) in enumerate(spots)
        )
        rows.append(
            extracted(
                f"a{number}",
                article=Article(id=f"a{number}", text=event().sentence.text),
                events=events,
            )
        )
    return rows
