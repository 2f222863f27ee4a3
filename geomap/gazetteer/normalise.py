"""The key under which a name is stored and looked up."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["is_abbreviation", "is_code", "is_written_as_code", "key"]

# Letters that NFKD does not take apart, as GeoNames' own ASCII names write them.
_LETTERS = {
    "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d",
    "ŧ": "t", "ŋ": "n", "ə": "a", "ĸ": "k", "ƒ": "f", "ґ": "г", "ь": "", "ъ": "",
}  # fmt: skip
# Apostrophes, primes, modifier letters (soft signs, ayn, hamza) and quotes are written or left
# out at will: "Kup'yansk", "Kup’yans’k", "Kupyansk".
_SILENT = "'`´’‘ʼʹʺʻʽʾʿˈ′″“”\"«»„‚‛·̇"
_TABLE = str.maketrans({**_LETTERS, **dict.fromkeys(_SILENT, "")})
_WORDS = {"st": "saint", "ste": "saint", "sainte": "saint"}
_INITIALS = re.compile(r"(?<![^\W_])([^\W\d_])\.(?=[^\W\d_](?:\.|\b))")
_NOT_WORD = re.compile(r"[\W_]+")
# A code is written in capitals: US, UK, UAE, USSR, DPRK, DNR. Five letters and more are names.
_CODE_LENGTHS = (2, 4)
_ABBREVIATION = 3  # two letters and a full stop


def key(text: str) -> str:
    """Reduce a name to the key it is stored under.

    Compatibility decomposition (NFKD), casefold, combining marks and
    apostrophes dropped (``’ ʼ '`` and the Cyrillic soft and hard signs too),
    every other run of non-letters made one space, dots inside initials
    dropped (``U.S.`` → ``us``), a leading ``the`` dropped, ``St``/``Ste`` made
    ``saint``. ``й ї ё ґ`` fall together with ``и і е г``.

    Parameters
    ----------
    text
        A name in any script.

    Returns
    -------
    str
        The key; ``""`` for a text without a letter or digit. The key of a key
        is the key itself.

    Examples
    --------
    >>> key("Kup’yans’k"), key("The St. Petersburg"), key("U.S."), key("Ivano-Frankivs'k")
    ('kupyansk', 'saint petersburg', 'us', 'ivano frankivsk')
    """
    if text.isascii():
        folded = text.lower()
        if folded.isalpha():  # one plain word, as most names are: a third of the time of a scan
            return _WORDS.get(folded, folded)
    else:
        folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
        folded = "".join(c for c in folded if not unicodedata.combining(c))
    folded = folded.translate(_TABLE)
    if "." in folded:
        folded = _INITIALS.sub(r"\1", folded)
    words = _NOT_WORD.sub(" ", folded).split()
    while len(words) > 1 and words[0] == "the":
        del words[0]
    return " ".join(_WORDS.get(word, word) for word in words)


def is_code(name: str) -> bool:
    """Tell whether a name is a code: two to four capitals, dots apart.

    Such an alternate name is an ISO, IATA or railway code far more often than
    a name a writer would use: in GeoNames ``DNR`` is Saint-Malo (its airport)
    and ``LNR`` is Lone Rock.

    Examples
    --------
    >>> is_code("DNR"), is_code("U.S."), is_code("Ufa")
    (True, True, False)
    """
    letters = name.replace(".", "")
    low, high = _CODE_LENGTHS
    return low <= len(letters) <= high and letters.isalpha() and letters.isupper()


def is_abbreviation(name: str) -> bool:
    """Tell whether a name is an abbreviation by its period: "Pa.", "W.Va.", not "N.J.".

    One of capitals alone is a code, which matches without its periods too.

    Examples
    --------
    >>> is_abbreviation("Pa."), is_abbreviation("W. Va."), is_abbreviation("N.J.")
    (True, True, False)
    """
    return name.endswith(".") and not is_code(name)


def is_written_as_code(text: str) -> bool:
    """Tell whether a text is written as a code must be to match.

    That is all in capitals, or as the abbreviation of two letters with a full
    stop that newspapers write for a state ("Pa.", "Va.").

    Examples
    --------
    >>> is_written_as_code("US"), is_written_as_code("Us"), is_written_as_code("us")
    (True, False, False)
    >>> is_written_as_code("Pa."), is_written_as_code("Us.")
    (True, True)
    """
    return text.isupper() or (len(text) == _ABBREVIATION and text[0].isupper() and text[-1] == ".")
