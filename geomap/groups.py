"""Groups: some things at a time, few enough by number and by characters."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["groups_of"]

_One = TypeVar("_One")


def groups_of(
    many: Iterable[_One], *, most: int, most_chars: int, chars_of: Callable[[_One], int]
) -> Iterator[list[_One]]:
    """Give things by the handful, in their order.

    Parameters
    ----------
    many
        Any iterable; read on only as far as the next group and one more.
    most
        How many a group holds.
    most_chars
        How many characters; what is longer makes a group alone.
    chars_of
        Gives how many characters one has.

    Yields
    ------
    list
        At least one thing; nothing when there is none.

    Examples
    --------
    >>> list(groups_of(["a", "b", "long"], most=2, most_chars=3, chars_of=len))
    [['a', 'b'], ['long']]
    """
    group: list[_One] = []
    chars = 0
    for one in many:
        length = chars_of(one)
        if group and (len(group) == most or chars + length > most_chars):
            yield group
            group, chars = [], 0
        group.append(one)
        chars += length
    if group:
        yield group
