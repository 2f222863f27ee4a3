"""Other Latin spellings of a name written in Cyrillic at home.

Used only when the exact key finds nothing: English-language news spells the
same village by the Ukrainian rule (Cabinet of Ministers resolution 55 of
27 January 2010, "KMU-2010"), the Russian rule (BGN/PCGN 1947) or neither
("Berestyanka", "Berestianka"). Each pair of :data:`PAIRS` names one letter on
which these systems part.
"""

from __future__ import annotations

import re

__all__ = ["from_cyrillic", "has_cyrillic", "kmu", "variants"]

# (KMU-2010 form, other form); both ways are tried. BGN/PCGN 1965 for Ukrainian differs from
# KMU-2010 in iotated vowels inside words (ia/ya, iu/yu, ie/ye, i/yi) and Russian writes g for
# h, e for ye/ie, and y, yy, iy, ij, i for the adjective's ending.
PAIRS: tuple[tuple[str, str], ...] = (
    ("ia", "ya"),
    ("iu", "yu"),
    ("ie", "ye"),
    ("io", "yo"),
    ("i", "yi"),
    ("h", "g"),
    ("kh", "h"),
    ("y", "i"),
    ("yi$", "y$"),
    ("yi$", "iy$"),
    ("yi$", "i$"),
    ("oe$", "oye$"),
    ("e", "ye"),
    ("ks", "x"),
    ("kh", "x"),
    ("v$", "w$"),
    ("v", "w"),
    ("ts", "c"),
    ("zh", "z"),
    ("sh", "s"),
    ("shch", "sch"),
    ("yo", "e"),
    ("yo", "o"),
    ("ai", "ay"),
    ("oi", "oy"),
    ("ei", "ey"),
    ("nn", "n"),
    ("ll", "l"),
    ("i", "y"),
    ("i", "j"),
    ("y", "j"),
)
_BOTH_WAYS = tuple(way for one, other in PAIRS for way in ((one, other), (other, one)))
_MAX_VARIANTS = 120
_MIN_LETTERS = 5

# KMU-2010; the first form is for the beginning of a word. Keys have lost й ї ё ґ and the signs
# (see normalise.key), so the text itself is taken here.
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh",
    "з": "z", "и": "y", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n",
    "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts",
    "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ю": "iu", "я": "ia", "ё": "io", "ы": "y",
    "э": "e", "ъ": "", "ў": "u",
}  # fmt: skip
_INITIAL = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya", "ё": "yo"}
# BGN/PCGN 1947 for Russian where it parts from the table above.
_RUSSIAN = {"г": "g", "и": "i", "й": "y", "я": "ya", "ю": "yu", "ё": "yo"}
_IS_CYRILLIC = re.compile("[\u0400-\u052f]")
_WORD = re.compile(r"\w+")
_APOSTROPHES = re.compile("['’ʼ`´]")


def has_cyrillic(text: str) -> bool:
    """Tell whether a text holds a Cyrillic letter."""
    return bool(_IS_CYRILLIC.search(text))


def from_cyrillic(text: str) -> tuple[str, ...]:
    """Romanise a name by the Ukrainian (KMU-2010) and by the Russian (BGN/PCGN) rule.

    Parameters
    ----------
    text
        A name in Cyrillic.

    Returns
    -------
    tuple of str
        Lower-case romanisations without repeats; a text without Cyrillic comes
        back as it is.

    Examples
    --------
    >>> from_cyrillic("Щастя"), from_cyrillic("Згурський")
    (('shchastia', 'shchastya'), ('zghurskyi', 'zgurskiy'))
    """
    russian = text.lower()
    forms = (
        kmu(text).lower(),
        _WORD.sub(lambda m: _romanise(m.group(), {**_CYRILLIC, **_RUSSIAN}, {"е": "ye"}), russian),
    )
    return tuple(dict.fromkeys(forms))


def kmu(name: str) -> str:
    """Romanise a Ukrainian name by KMU-2010, with its capitals.

    Examples
    --------
    >>> kmu("Слов'янськ"), kmu("Запоріжжя"), kmu("Івано-Франківськ")
    ('Sloviansk', 'Zaporizhzhia', 'Ivano-Frankivsk')
    """
    plain = _APOSTROPHES.sub("", name.lower()).replace("зг", "zgh")
    latin = _WORD.sub(lambda m: _romanise(m.group(), _CYRILLIC, _INITIAL), plain)
    return "-".join(
        " ".join(w[:1].upper() + w[1:] for w in part.split(" ")) for part in latin.split("-")
    )


def _romanise(word: str, table: dict[str, str], initial: dict[str, str]) -> str:
    first = initial.get(word[0], table.get(word[0], word[0]))
    return first + "".join(table.get(letter, letter) for letter in word[1:])


def variants(found: str) -> tuple[str, ...]:
    """Give other spellings of a Latin key, the nearest first.

    Parameters
    ----------
    found
        A key as :func:`geomap.gazetteer.normalise.key` gives it.

    Returns
    -------
    tuple of str
        At most 120 keys, without the key itself, that differ by one or two of
        the pairs above; none for a key of fewer than five letters, where a
        changed letter makes another name, or one that is not Latin.

    Examples
    --------
    >>> "berestianka" in variants("berestyanka"), variants("gaza")
    (True, ())
    """
    if len(found) < _MIN_LETTERS or not found.isascii():
        return ()
    seen: dict[str, None] = {}
    level = [found]
    for _ in range(2):
        following: list[str] = []
        for name in level:
            for other in _one_step(name):
                if other != found and other not in seen:
                    seen[other] = None
                    following.append(other)
        level = following
        if len(seen) >= _MAX_VARIANTS:
            break
    return tuple(seen)[:_MAX_VARIANTS]


def _one_step(name: str) -> list[str]:
    marked = name + "$"
    found = []
    for old, new in _BOTH_WAYS:
        if old in marked:
            changed = marked.replace(old, new).rstrip("$")
            if changed != name:
                found.append(changed)
    return found
