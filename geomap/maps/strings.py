"""Strings: the words of the page in each of its languages, from one table."""

from __future__ import annotations

import tomllib
from functools import lru_cache

from geomap.errors import SettingsError
from geomap.maps.assets import asset

__all__ = ["LANGUAGES", "check_language", "strings"]

LANGUAGES = ("en", "uk", "ru")


@lru_cache(maxsize=1)
def strings() -> dict[str, dict[str, str]]:
    """Read ``assets/strings.toml``.

    Returns
    -------
    dict
        Words by key, by language code.

    Examples
    --------
    >>> strings()["uk"]["events"]
    'Події'
    """
    return tomllib.loads(asset("strings.toml"))


def check_language(language: str) -> str:
    """Refuse a language that the page does not speak.

    Parameters
    ----------
    language
        ISO 639-1 code.

    Raises
    ------
    SettingsError
        When there are no strings in it.
    """
    if language not in LANGUAGES:
        msg = f"language {language!r}: the map speaks {', '.join(LANGUAGES)}; choose one of them"
        raise SettingsError(msg)
    return language
