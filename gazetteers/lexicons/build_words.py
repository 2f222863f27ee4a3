"""Make ``common_words.txt``, ``given_names.txt`` and ``surnames.txt`` in ``geomap/lexicons``.

Run it after the gazetteer was rebuilt, from the root of the checkout::

    python gazetteers/lexicons/build_words.py american-english-small dist.all.last

where the first argument is the word list of Debian's ``wamerican-small`` (SCOWL,
permissive licence, http://wordlist.aspell.net/scowl-readme). The given names
are those of Faker (MIT, https://faker.readthedocs.io), a build-time need only:
``pip install faker``. The second argument is the list of surnames by frequency of
the 1990 census of the United States (public domain), as in the package names 0.3.0.
"""

from __future__ import annotations

import importlib
import sqlite3
import sys
from pathlib import Path

from geomap.gazetteer.normalise import key

ROOT = Path(__file__).resolve().parents[2]
LEXICONS = ROOT / "geomap" / "lexicons"
LATIN_LOCALES = (
    "en_US",
    "en_GB",
    "de_DE",
    "fr_FR",
    "es_ES",
    "pl_PL",
    "it_IT",
    "tr_TR",
    "ro_RO",
    "az_AZ",
)
CYRILLIC_LOCALES = ("uk_UA", "ru_RU")
# Cyrillic letters to Latin the way wires write persons' names; variants after a bar.
LETTERS = {
    "а": "a", "б": "b", "в": "v", "г": "h|g", "ґ": "g", "д": "d", "е": "e", "є": "ie|ye", "ё": "yo|e",
    "ж": "zh", "з": "z", "и": "y|i", "і": "i", "ї": "i|yi", "й": "i|y", "к": "k", "л": "l", "м": "m",
    "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts",
    "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "iu|yu", "я": "ia|ya", "ʼ": "", "’": "", "'": "",
}  # fmt: skip


def common_words(word_list: Path) -> list[str]:
    """Give the everyday lower-case English words that are also names of places."""
    path = ROOT / "geomap" / "_data" / "gazetteer.sqlite"
    with sqlite3.connect(path) as connection:
        keys = {row[0] for row in connection.execute("SELECT DISTINCT key FROM name")}
    lines = word_list.read_text(encoding="utf-8").splitlines()
    return sorted(
        {w for w in lines if w.isascii() and w.isalpha() and w.islower() and key(w) in keys}
    )


def english_words(word_list: Path) -> list[str]:
    """Give all lower-case English words of five letters and more, with their inflected forms."""
    lines = word_list.read_text(encoding="utf-8").splitlines()
    return sorted({w for w in lines if w.isascii() and w.isalpha() and w.islower() and len(w) > 4})


def surnames(census: Path) -> list[str]:
    """Give the 5,000 most frequent surnames that are also names of places."""
    path = ROOT / "geomap" / "_data" / "gazetteer.sqlite"
    with sqlite3.connect(path) as connection:
        keys = {row[0] for row in connection.execute("SELECT DISTINCT key FROM name")}
    lines = census.read_text(encoding="utf-8").splitlines()[:5000]
    return sorted({n for line in lines if key(n := line.split()[0].title()) in keys})


def romanise(name: str) -> set[str]:
    """Romanise a Cyrillic given name in the Ukrainian and in the Russian way."""
    first = "".join(LETTERS.get(c, c).split("|")[0] for c in name.lower())
    last = "".join(LETTERS.get(c, c).split("|")[-1] for c in name.lower())
    return {
        v.capitalize() for v in (first, last, last.replace("iy", "y"), last.replace("ei", "ey"))
    }


def given_names() -> list[str]:
    """Collect given names that fit into one capitalised Latin word."""
    names: set[str] = set()
    for locale in (*LATIN_LOCALES, *CYRILLIC_LOCALES):
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        found = {
            n for a in dir(provider) if a.startswith("first_names") for n in getattr(provider, a)
        }
        if locale in CYRILLIC_LOCALES:
            found = {r for n in found for r in romanise(n)}
        names |= {n for n in found if n.isalpha() and len(n) > 2}
    return sorted(names)


def write(name: str, head: str, lines: list[str]) -> None:
    """Write a word list with its source at the top."""
    text = f"# {head}\n# Made by gazetteers/lexicons/build_words.py.\n" + "\n".join(lines) + "\n"
    (LEXICONS / f"{name}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(
        "common_words",
        "English words that are also names of places. Source: SCOWL (wamerican-small), permissive licence.",
        common_words(Path(sys.argv[1])),
    )
    write(
        "english_words",
        "English words, never guessed to be misspelt places. Source: SCOWL, permissive licence.",
        english_words(Path(sys.argv[1])),
    )
    write(
        "given_names",
        "Given names. Source: Faker 40 (MIT), Cyrillic ones romanised.",
        given_names(),
    )
    write(
        "surnames",
        "Surnames that are also names of places. Source: 1990 census of the United States.",
        surnames(Path(sys.argv[2])),
    )
