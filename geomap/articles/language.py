"""Language: whether a text is English enough to be read."""

from __future__ import annotations

import re
import unicodedata

from geomap.articles.failures import SourceError

__all__ = ["check_english"]

# Function words of English that no other language of the region writes, so
# without "in", "is", "was", "on", "a".
FUNCTION_WORDS = frozenset({
    "the", "of", "and", "to", "for", "that", "with", "by", "from", "as", "at", "were", "are",
    "have", "has", "had", "been", "said", "it", "its", "their", "this", "be", "not", "after",
    "they", "which", "would", "will", "who", "his",
})  # fmt: skip

# Share of function words at which a text is English without asking further.
# Measured: 0.02-0.05 at most in German, French, Polish, Spanish, Italian, Dutch,
# Turkish, Danish, Swedish, Romanian news; median 0.27 in the English corpora.
ENGLISH_SHARE = 0.12

# Fewer words say too little: captions of Ukrainian places ("Russian convoy near
# Novooleksandrivka") are taken for Welsh and Pidgin. Measured: with 20 words none of
# 1,998 English texts of the development corpora is refused, and of the foreign
# samples in the tests, none is let through.
FEWEST_WORDS = 20

# English-based creoles that the identifier answers for terse English.
ENGLISH_ENOUGH = frozenset({"en", "pcm", "sco", "bzj", "jam"})

# The identifier reads as much; its answer does not change after some hundred words.
SAMPLE_CHARS = 20_000

WORD = re.compile(r"[^\W\d_]+")

NAMES = {
    "ar": "Arabic", "be": "Belarusian", "bg": "Bulgarian", "cs": "Czech", "da": "Danish",
    "de": "German", "es": "Spanish", "fa": "Persian", "fr": "French", "he": "Hebrew",
    "hu": "Hungarian", "hy": "Armenian", "it": "Italian", "ja": "Japanese", "ka": "Georgian",
    "ko": "Korean", "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sr": "Serbian", "sv": "Swedish",
    "tr": "Turkish", "uk": "Ukrainian", "zh": "Chinese",
}  # fmt: skip


def check_english(text: str, *, name: str) -> str | None:
    """Refuse a text that is in another language.

    Parameters
    ----------
    text
        The article.
    name
        What to call it in an error.

    Returns
    -------
    str or None
        ``"en"``, or ``None`` for a text too short to tell.

    Raises
    ------
    SourceError
        When most letters are not Latin; or when the text has 20 words or
        more, few English function words, and py3langid (offline) names
        another language. Both must say so, because each alone refuses terse
        English full of foreign names.

    Examples
    --------
    >>> check_english("The town was shelled by the army, said the governor.", name="a.txt")
    'en'
    """
    words = [word.lower() for word in WORD.findall(text)]
    if not words:
        hint = "expected an article in English"
        raise SourceError(name, "holds no words", hint, stage="language")
    if _is_mostly_foreign_script(text):
        raise _fault(name, _identify(text))
    share = sum(word in FUNCTION_WORDS for word in words) / len(words)
    if share >= ENGLISH_SHARE:
        return "en"
    if len(words) < FEWEST_WORDS:
        return None
    language = _identify(text)
    if language not in ENGLISH_ENOUGH:
        raise _fault(name, language)
    return "en"


def _is_mostly_foreign_script(text: str) -> bool:
    letters = latin = 0
    for char in text:
        if char.isascii():
            is_letter = char.isalpha()
            letters += is_letter
            latin += is_letter
        elif char.isalpha():
            letters += 1
            latin += unicodedata.name(char, "").startswith("LATIN")
    return 2 * latin < letters


def _identify(text: str) -> str:
    # 0.7 s to load, and most articles never need it.
    import py3langid  # noqa: PLC0415

    language, _score = py3langid.classify(text[:SAMPLE_CHARS])
    return str(language)


def _fault(name: str, language: str) -> SourceError:
    named = NAMES.get(language, f"of language {language!r}")
    hint = "geomap reads English; translate it first"
    return SourceError(name, f"seems to be {named}", hint, stage="language")
