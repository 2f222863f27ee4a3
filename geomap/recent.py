"""What was looked up lately, kept for the next time: so many values and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Recent"]

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """Values by key, of which those that nobody asks for are let go.

    Two generations: what is put in or asked for goes into the younger one, and when that is
    full it becomes the older one, whose values go unless they are asked for again. A look-up
    costs about what that of a ``dict`` does, where ``functools.lru_cache`` can neither be asked
    for many keys at once nor told values that came together.

    Parameters
    ----------
    most
        Values kept at most, in both generations together.

    Examples
    --------
    >>> recent = Recent(most=4)
    >>> recent.update({"a": 1, "b": 2})
    >>> recent.update({"c": 3})
    >>> recent.get("a")
    1
    >>> recent.update({"d": 4, "e": 5})
    >>> recent.get("a"), recent.get("b")
    (1, None)
    """

    __slots__ = ("_half", "_old", "_young")

    def __init__(self, *, most: int) -> None:
        self._half = max(1, most // 2)
        self._young: dict[Key, Value] = {}
        self._old: dict[Key, Value] = {}

    def __len__(self) -> int:
        """Give the number of keys."""
        return len(self._young.keys() | self._old.keys())

    def get(self, key: Key) -> Value | None:
        """Give the value of a key, or ``None`` where there is none."""
        found = self._young.get(key)
        if found is None and key in self._old:
            found = self._old[key]
            self.update({key: found})
        return found

    def known(self, keys: Iterable[Key]) -> dict[Key, Value]:
        """Give the values of those keys that have one."""
        young, old = self._young, self._old
        found: dict[Key, Value] = {}
        kept: dict[Key, Value] = {}
        for key in keys:
            if key in young:
                found[key] = young[key]
            elif key in old:
                found[key] = kept[key] = old[key]
        if kept:
            self.update(kept)
        return found

    def update(self, values: Mapping[Key, Value]) -> None:
        """Put values in."""
        for key, value in values.items():
            if len(self._young) >= self._half:
                self._old, self._young = self._young, {}
            self._young[key] = value
