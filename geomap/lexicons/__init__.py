"""Word lists and rules about language, as data that a user can read and extend.

Each file states its source at its top. A TOML file holds tables of words; a
``.txt`` file holds one word a line, ``#`` starts a comment.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["rules", "words"]


@lru_cache(maxsize=32)
def rules(name: str) -> Mapping[str, Any]:
    """Read a rule file once.

    Parameters
    ----------
    name
        File name without suffix, e.g. ``"claims"``.

    Returns
    -------
    Mapping
        The TOML tables, read-only at the top.

    Examples
    --------
    >>> "say" in rules("claims")["verbs"]["claim"]
    True
    """
    text = resources.files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text))


@lru_cache(maxsize=32)
def words(name: str) -> frozenset[str]:
    """Read a word list once.

    Parameters
    ----------
    name
        File name without suffix, e.g. ``"common_words"``.

    Returns
    -------
    frozenset of str
        The words as the file has them.

    Examples
    --------
    >>> "reading" in words("common_words")
    True
    """
    text = resources.files(__name__).joinpath(f"{name}.txt").read_text(encoding="utf-8")
    return frozenset(
        line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")
    )
