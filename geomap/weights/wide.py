"""A multinomial logistic model over thousands of named signs, as two arrays."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

from geomap.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["Wide", "load_wide"]


# Without slots: signs are sorted by word at first use.
@dataclass(frozen=True, eq=False)
class Wide:
    """A logistic model over signs that hold or do not.

    Parameters
    ----------
    classes
        What it tells apart.
    words
        The words that it was fitted on; of others it knows nothing.
    intercepts
        One a class.
    rows
        Sign to its row in ``table``; other signs weigh nothing.
    table
        One row a sign, one column a class.
    """

    classes: tuple[str, ...]
    words: frozenset[str]
    intercepts: NDArray[np.float32]
    rows: Mapping[str, int]
    table: NDArray[np.float32]

    @cached_property
    def _numbers(self) -> tuple[dict[str, int], dict[str, dict[int, int]]]:
        """Number the signs, by name, and give the rows of those of one word, by word and sign.

        "attack|near:troops" is a sign of one word. A sign's number is that of its own row, or
        of a row of zeros behind the intercepts where it weighs only for some word. Words are
        looked up by number: names of 70,000 signs would not stay in the processor's cache.
        """
        numbers = dict(self.rows)
        by_word: dict[str, dict[int, int]] = {word: {} for word in self.words}
        for name, row in self.rows.items():
            word, mark, sign = name.partition("|")
            while mark:
                if word in by_word:
                    number = numbers.setdefault(sign, len(numbers) + 1)
                    by_word[word][number] = row
                more, mark, sign = sign.partition("|")
                word = f"{word}|{more}"
        return numbers, by_word

    @cached_property
    def _extended(self) -> NDArray[np.float32]:
        """The table, the intercepts, and zeros: for signs that alone weigh nothing, for others."""
        numbers, _ = self._numbers
        zeros = np.zeros((len(numbers) - len(self.rows) + 1, len(self.classes)), dtype=np.float32)
        return np.vstack([self.table, self.intercepts, zeros])

    @cached_property
    def weights(self) -> Mapping[str, float]:
        """Sign to weight of the first class: for few candidates faster than a table."""
        return dict(zip(self.rows, self.table[:, 0].tolist(), strict=True))

    def chances(
        self, samples: Iterable[tuple[str, Iterable[str], Iterable[str], tuple[str, ...]]]
    ) -> list[dict[str, float]]:
        """Give for each sample the chance of each class, in their order; they sum to 1.

        Parameters
        ----------
        samples
            A word, signs that hold, and further ones, each of which holds also for the word:
            "near:troops" and "attack|near:troops". So many of these have no weight that
            their names are not made. The last are further ones of which many samples have the
            same: they are looked up once.

        Examples
        --------
        >>> import numpy as np
        >>> table = np.array([[-1.0, 1.0], [0.0, 1.0]], dtype=np.float32)
        >>> rows = {"rain": 0, "sky|rain": 1}
        >>> model = Wide(("no", "yes"), frozenset({"sky"}), np.zeros(2, np.float32), rows, table)
        >>> samples = [("", ["rain", "wind"], [], ()), ("sky", [], ["rain"], ())]
        >>> [round(chances["yes"], 2) for chances in model.chances(samples)]
        [0.88, 0.95]
        """
        (numbers, by_word), intercepts = self._numbers, len(self.rows)
        # Looked up once each: most of the time goes into waiting for so large a table. A sign
        # without a weight gets the row of zeros at the end.
        numbered, nothing = numbers.get, itertools.repeat(len(self._extended) - 1)
        places: list[int] = []
        starts: list[int] = []
        for word, alone, paired, shared in samples:
            starts.append(len(places))
            places.append(intercepts)
            places.extend(map(numbered, alone, nothing))
            known = [*map(numbered, paired, nothing), *_numbers_of(self, shared)]
            places += known
            if word in by_word:
                places.extend(map(by_word[word].get, known, nothing))
        if not starts:
            return []
        scores = np.add.reduceat(self._extended.take(places, axis=0), starts, axis=0)
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        return [dict(zip(self.classes, row, strict=True)) for row in shares.tolist()]

    def write(self, path: Path) -> None:
        """Write the model; half precision changes no decision.

        Parameters
        ----------
        path
            A file that ends in ``.npz``.
        """
        texts = {
            "classes": "\n".join(self.classes),
            "words": "\n".join(sorted(self.words)),
            "signs": "\n".join(self.rows),
        }
        stored: dict[str, Any] = {k: np.frombuffer(v.encode(), np.uint8) for k, v in texts.items()}
        for name, values in (("intercepts", self.intercepts), ("table", self.table)):
            stored[name] = values.astype(np.float16)
        np.savez_compressed(path, **stored)


@lru_cache(maxsize=256)
def _numbers_of(model: Wide, signs: tuple[str, ...]) -> tuple[int, ...]:
    numbers, _ = model._numbers  # noqa: SLF001 - kept beside the class, which holds no memory
    return tuple(numbers[sign] for sign in signs if sign in numbers)


@lru_cache(maxsize=8)
def load_wide(name: str) -> Wide:
    """Read a model that ships with the package once.

    Parameters
    ----------
    name
        File name without suffix, e.g. ``"triggers"``.

    Raises
    ------
    ModelError
        When the file is missing or not of the format.
    """
    file = resources.files("geomap.weights").joinpath(f"{name}.npz")
    try:
        with resources.as_file(file) as path, np.load(path, allow_pickle=False) as stored:
            texts = {k: stored[k].tobytes().decode() for k in ("classes", "words", "signs")}
            intercepts, table = (stored[k].astype(np.float32) for k in ("intercepts", "table"))
    except (OSError, KeyError, ValueError) as err:
        msg = f"the weights {name!r} cannot be read ({err}); reinstall geomap with pip"
        raise ModelError(msg) from err
    signs = texts["signs"].split("\n")
    return Wide(
        classes=tuple(texts["classes"].split("\n")),
        words=frozenset(texts["words"].split("\n")),
        intercepts=intercepts,
        rows={sign: row for row, sign in enumerate(signs)},
        table=table,
    )
