"""Batches: articles by the handful, each known by a digest of what is in it.

Pure: neither Dask nor spaCy. The digest of a batch names the files that it writes, so
that a batch done twice writes the same files; the key of an article is what a later
run skips it by.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from geomap.records import Article, fields_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["BATCH_ARTICLES", "BATCH_CHARS", "Batch", "Keys", "Listed", "batches_of", "key_of"]

# A batch of dispatches takes 10 to 20 s, against 1 ms that Dask needs for a task and 40 ms
# that its files take (benchmarks/cluster.py); a worker that dies loses no more than that.
BATCH_ARTICLES, BATCH_CHARS = 64, 400_000

# 64 bits: among 10 million articles two share a key with a chance of 3 in a million.
KEY_DIGITS = 16
# Keys of this run that are held one by one (60 bytes each) before they join the rest (8 bytes).
MOST_RECENT = 250_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An article that lies in a file and is read by whoever extracts it.

    Parameters
    ----------
    file
        Absolute path.
    number
        Its place among the articles and failures of the file, from 0.
    key, chars
        :func:`key_of` it, and how long its text is.
    id, origin
        As of the article.
    """

    file: str
    number: int
    key: str
    chars: int
    id: str
    origin: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Some articles that one task extracts.

    Parameters
    ----------
    articles
        Articles, in the order in which they were read.
    keys
        :func:`key_of` each.
    """

    articles: tuple[Article | Listed, ...]
    keys: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Sixteen hexadecimal digits over the keys in their order."""
        return hashlib.sha256("\n".join(self.keys).encode()).hexdigest()[:KEY_DIGITS]

    def halves(self) -> tuple[Batch, Batch]:
        """Cut a batch of two articles or more in two."""
        middle = len(self.articles) // 2
        return (
            Batch(articles=self.articles[:middle], keys=self.keys[:middle]),
            Batch(articles=self.articles[middle:], keys=self.keys[middle:]),
        )


def key_of(article: Article) -> str:
    """Give sixteen hexadecimal digits that change with anything in an article.

    Where it was read (``origin``) is left out: a folder that was moved is not done anew,
    and equal copies of one article are taken once.

    Parameters
    ----------
    article
        The article; its text may hold halves of surrogate pairs.

    Examples
    --------
    >>> key_of(Article(id="a", text="Kyiv")) == key_of(Article(id="a", text="Kyiv"))
    True
    """
    fields = {name: _plain(value) for name, value in fields_of(article).items() if name != "origin"}
    line = json.dumps(fields, sort_keys=True)
    return hashlib.sha256(line.encode()).hexdigest()[:KEY_DIGITS]


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int) else str(value)


class Keys:
    """Keys of articles: tens of millions in 8 bytes each.

    Parameters
    ----------
    given
        Keys that are known at the beginning.
    """

    def __init__(self, given: Iterable[str] = ()) -> None:
        self._sorted = np.unique(np.fromiter((int(key, 16) for key in given), np.uint64))
        self._recent: set[int] = set()

    def __len__(self) -> int:
        """Count the keys."""
        return len(self._sorted) + len(self._recent)

    def __contains__(self, key: str) -> bool:
        """Tell whether a key is known."""
        number = int(key, 16)
        at = int(np.searchsorted(self._sorted, np.uint64(number)))
        known = at < len(self._sorted) and int(self._sorted[at]) == number
        return known or number in self._recent

    def add(self, key: str) -> None:
        """Add a key that is not known."""
        self._recent.add(int(key, 16))
        if len(self._recent) >= MOST_RECENT:
            recent = np.fromiter(self._recent, np.uint64, len(self._recent))
            self._sorted = np.union1d(self._sorted, recent)
            self._recent.clear()


def batches_of(
    articles: Iterable[Article | Listed],
    *,
    done: Keys,
    most_articles: int = BATCH_ARTICLES,
    most_chars: int = BATCH_CHARS,
) -> Iterator[Batch]:
    """Cut articles into batches, and pass over those that are done.

    Parameters
    ----------
    articles
        Read on only as far as the next batch.
    done
        Keys of articles that are done; those of this run are added, so that the same
        article met twice is taken once.
    most_articles, most_chars
        What ends a batch; an article longer than the second goes alone.

    Yields
    ------
    Batch
        With at least one article.
    """
    held: list[Article | Listed] = []
    keys: list[str] = []
    chars = 0
    for article in articles:
        key, length = _told(article)
        if key in done:
            continue
        done.add(key)
        if held and (len(held) >= most_articles or chars + length > most_chars):
            yield _batch(held, keys)
            held, keys, chars = [], [], 0
        held.append(article)
        keys.append(key)
        chars += length
    if held:
        yield _batch(held, keys)


def _told(article: Article | Listed) -> tuple[str, int]:
    if isinstance(article, Listed):
        return article.key, article.chars
    return key_of(article), len(article.text)


def _batch(articles: Sequence[Article | Listed], keys: Sequence[str]) -> Batch:
    return Batch(articles=tuple(articles), keys=tuple(keys))
