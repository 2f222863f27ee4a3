"""Russian forms of Ukrainian names, by a table of correspondences.

English-language news took Ukrainian names from Russian for decades (Kharkov,
Kremennaya, Krasny Liman). No open source has the Russian name of each village;
the correspondences between the two languages are regular enough to write it
down. The table is ``gazetteers/spellings/uk_ru.csv``, one row a correspondence
with an example. Used when the gazetteer is built; nothing here runs at look-up.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from geomap.errors import GazetteerError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Spellings", "read_spellings"]

COLUMNS = ("where", "ukrainian", "russian", "example", "source")
PLACES = ("root", "end", "first", "letter")
_APOSTROPHES = re.compile("[’ʼ`´]")


@dataclass(frozen=True)
class Spellings:
    """The correspondences, by where in a word they hold.

    Parameters
    ----------
    root
        At the beginning of a word or after a prefix, anywhere in it.
    end
        At the end of a word.
    first
        At the end of a word that is not the last of a name: an adjective.
    letter
        Everywhere, last.
    """

    root: tuple[tuple[str, str], ...]
    end: tuple[tuple[str, str], ...]
    first: tuple[tuple[str, str], ...]
    letter: tuple[tuple[str, str], ...]

    @cached_property
    def _roots(self) -> tuple[re.Pattern[str], dict[str, str]]:
        longest = sorted(self.root, key=lambda pair: -len(pair[0]))
        return re.compile("|".join(re.escape(uk) for uk, _ in longest)), dict(longest)

    def russian(self, name: str) -> str:
        """Write a Ukrainian name as Russian has it.

        Parameters
        ----------
        name
            A Ukrainian name in Cyrillic.

        Returns
        -------
        str
            Its presumed Russian form, in Cyrillic, with the capitals of the name.
        """
        words = re.split(r"([ -])", _APOSTROPHES.sub("'", name.lower().strip()))
        last = len(words) - 1
        done = [
            self._word(word, first=n < last and words[n + 1] == " ")
            if word not in {" ", "-", ""}
            else word
            for n, word in enumerate(words)
        ]
        return "".join(word[:1].upper() + word[1:] for word in done)

    def _word(self, word: str, *, first: bool) -> str:
        tail = ""
        for uk, ru in self.first if first else self.end:
            if word.endswith(uk) and len(word) > len(uk) + 1:
                word, tail = word[: -len(uk)], ru
                break
        pattern, table = self._roots
        found = pattern.sub(lambda m: table[m.group()].upper(), word)
        # What the table has written stands in capitals, so that no letter rule touches it.
        for uk, ru in self.letter:
            found = found.replace(uk, ru)
        found = found.lower() + tail
        # Russian writes и, never ы, after г к х and the sibilants.
        return re.sub("([гкхжшчщ])ы", r"\1и", found)


def read_spellings(path: Path) -> Spellings:
    """Read the table of correspondences.

    Parameters
    ----------
    path
        CSV, UTF-8, with the columns :data:`COLUMNS`.

    Returns
    -------
    Spellings
        Longer endings first.

    Raises
    ------
    GazetteerError
        When a row has another shape; the message names its line.
    """
    rows: dict[str, list[tuple[str, str]]] = {place: [] for place in PLACES}
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            msg = f"{path.name}: columns are {reader.fieldnames}; expected {list(COLUMNS)}"
            raise GazetteerError(msg)
        for number, row in enumerate(reader, start=2):
            if row["where"] not in rows or not row["ukrainian"]:
                msg = f"{path.name} line {number}: 'where' is {row['where']!r}; one of {PLACES}"
                raise GazetteerError(msg)
            rows[row["where"]].append((row["ukrainian"], row["russian"] or ""))
    ordered = {
        place: tuple(sorted(found, key=lambda pair: -len(pair[0]))) for place, found in rows.items()
    }
    return Spellings(**ordered)
