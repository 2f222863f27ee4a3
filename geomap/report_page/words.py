"""Words: the page's own, in the reader's language; numbers, days and spans in its manner."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from geomap.maps.strings import check_language
from geomap.maps.strings import strings as map_strings
from geomap.palette import label_of

if TYPE_CHECKING:
    import datetime as dt

__all__ = ["Words", "own_strings"]

STRINGS = Path(__file__).parent / "assets" / "strings.toml"
# Between the thousands: a comma in English, a space that does not break in the others.
_THOUSANDS = {"en": ","}
_NARROW_SPACE = "\u00a0"
_TEN, _HUNDRED = 10, 100
_TEENS = range(11, 15)
_FEW = range(2, 5)


@lru_cache(maxsize=1)
def own_strings() -> dict[str, dict[str, str]]:
    """Read ``assets/strings.toml``: words by key, by language."""
    return tomllib.loads(STRINGS.read_text(encoding="utf-8"))


class Words:
    """The words of the page in one language: its own, and those it shares with the map.

    Parameters
    ----------
    language
        A code of :data:`geomap.maps.strings.LANGUAGES`.

    Raises
    ------
    SettingsError
        When the page does not speak it.

    Examples
    --------
    >>> Words("uk").say("events")
    'Події'
    >>> Words("en").counted("report", 1), Words("uk").counted("report", 22)
    ('1 report', '22 повідомлення')
    """

    def __init__(self, language: str) -> None:
        self.language = check_language(language)
        self._table = {**map_strings()[language], **own_strings()[language]}

    def say(self, key: str, **values: object) -> str:
        """Give a word with its values put in; numbers in the manner of the language."""
        text = self._table[key]
        for name, value in values.items():
            shown = self.number(value) if isinstance(value, int) else str(value)
            text = text.replace(f"{{{name}}}", shown)
        return text

    def kind(self, event_type: str) -> str:
        """Name an event type; a user's own by its id."""
        return self._table.get(f"type_{event_type}") or label_of(event_type)

    def say_or(self, key: str, otherwise: str) -> str:
        """Give a word, or another where the table has none."""
        return self._table.get(key, otherwise)

    def counted(self, noun: str, number: int) -> str:
        """Give a number with its noun: ``1 report``, ``2 reports``."""
        return f"{self.number(number)} {self._table[f'{noun}_{self._form(number)}']}"

    def number(self, number: int) -> str:
        """Write a whole number."""
        return f"{number:,}".replace(",", _THOUSANDS.get(self.language, _NARROW_SPACE))

    def day(self, day: dt.date, *, year: bool = True) -> str:
        """Write a day: ``8 March 2022``."""
        month = self._table["months"].split()[day.month - 1]
        return f"{day.day} {month} {day.year}" if year else f"{day.day} {month}"

    def month(self, day: dt.date) -> str:
        """Write a month: ``March 2022``."""
        return f"{self._table['bare_months'].split()[day.month - 1]} {day.year}"

    def short_day(self, day: dt.date) -> str:
        """Write a day in little room: ``8 Mar``."""
        return f"{day.day} {self._table['short_months'].split()[day.month - 1]}"

    def short_month(self, day: dt.date) -> str:
        """Write a month in little room: ``Mar 2022``."""
        return f"{self._table['short_months'].split()[day.month - 1]} {day.year}"

    def short_span(self, first: dt.date | None, last: dt.date | None) -> str:
        """Write a span of days in a cell: ``24 Feb – 8 Mar 2022``; empty without one."""
        if first is None or last is None:
            return ""
        shown = f"{self.short_day(last)} {last.year}"
        if first == last:
            return shown
        year = "" if first.year == last.year else f" {first.year}"
        return f"{self.short_day(first)}{year} – {shown}"

    def span(self, first: dt.date | None, last: dt.date | None) -> str:
        """Write a span of days: ``24–28 February 2022``; empty without one."""
        if first is None or last is None:
            return ""
        if first == last:
            return self.day(first)
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}–{self.day(last)}"
        return f"{self.day(first, year=first.year != last.year)} – {self.day(last)}"

    def _form(self, number: int) -> str:
        # The plural rules of Unicode's CLDR 46 for these three languages, whole numbers only.
        if self.language == "en":
            return "one" if number == 1 else "many"
        if number % _HUNDRED in _TEENS:
            return "many"
        last = number % _TEN
        return "one" if last == 1 else "few" if last in _FEW else "many"
