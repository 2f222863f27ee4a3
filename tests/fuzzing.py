"""What all fuzz tests share: how many inputs, how they are spoilt, and how many were tried."""

from __future__ import annotations

import json
import os
from collections import Counter
from copy import deepcopy
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

# More by hand: GEOMAP_FUZZ=5000 pytest tests/fuzz tests/articles/test_articles_fuzz.py
FUZZ_ENV = "GEOMAP_FUZZ"
# Inputs tried, by target; the summary of the run shows them.
TRIED: Counter[str] = Counter()

# A piece of the document is overwritten, cut out, doubled, or numbers in it are made great.
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["overwrite", "cut", "double", "great"]),
        st.floats(0, 1),
        st.integers(1, 60),
        st.binary(min_size=1, max_size=8),
    ),
    min_size=1,
    max_size=6,
)
# What stands where something else is expected: other kinds, ends of ranges, half a surrogate
# pair, what other programs write for "nothing".
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 3, 10**18, 10**400, -(10**400), 0.5, -0.0, 1e308, 5e-324, "",
    " ", "\ud800", "\0", "a\nb", "nan", "inf", "-1", "1e999", "2022-02-30", "0001-01-01",
    "9999-12-31", "strike", "(", "(a+)+b", "[", "\\", "=1+1", "٣", [], {}, [[]], [{}], {"": None},
    [None], ["a", 1], {"a": {"b": []}}, [1, 2, 3, 4], [[[[[[[[[[1]]]]]]]]]], "x" * 3000,
)  # fmt: skip
ODD_TEXT = "".join(json.dumps(one) for one in ODD)
# Which value of a tree (0: the first, 1: the last), what is done to it, and with what.
TREE_EDITS = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.sampled_from(["put", "put", "put", "cut", "double", "wrap", "swap", "nest"]),
        st.sampled_from(ODD) | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
        st.floats(0, 1),
    ),
    min_size=1,
    max_size=4,
)


def fuzz(*, examples: int) -> settings:
    """Give how many inputs are tried: few and always the same, or as many as were asked for."""
    return settings(
        max_examples=int(os.environ.get(FUZZ_ENV, examples)),
        deadline=None,
        derandomize=FUZZ_ENV not in os.environ,
        suppress_health_check=list(HealthCheck),
        # What breaks is saved as it is: to make it small takes longer than to find it.
        phases=[Phase.explicit, Phase.generate],
        report_multiple_bugs=False,
    )


def mutated(data: bytes, edits: list[tuple[str, float, int, bytes]]) -> bytes:
    """Spoil bytes."""
    for kind, where, size, new in edits:
        at = int(where * len(data))
        if kind == "overwrite":
            data = data[:at] + new + data[at + len(new) :]
        elif kind == "cut":
            data = data[:at] + data[at + size :]
        elif kind == "double":
            data = data[: at + size] + data[at:]
        else:
            data = data[:at] + b"\xff\xff\xff\x7f" + data[at + 4 :]
    return data


def spoilt(tree: Any, edits: list[tuple[float, str, Any, float]]) -> Any:
    """Spoil a tree of dictionaries and lists, as JSON and TOML have them."""
    root = [deepcopy(tree)]
    for where, kind, new, other in edits:
        spots = list(_spots(root))
        holder, key = spots[int(where * (len(spots) - 1))]
        value = holder[key]
        if kind == "put":
            holder[key] = deepcopy(new)
        elif kind == "cut" and holder is not root:
            del holder[key]
        elif kind == "double" and isinstance(holder, list) and holder is not root:
            holder.append(deepcopy(value))
        elif kind == "double" and isinstance(holder, dict):
            holder[str(new)] = deepcopy(value)
        elif kind == "wrap":
            holder[key] = [value]
        elif kind == "nest":
            for _ in range(60):
                value = [value] if isinstance(new, int) else {"a": value}
            holder[key] = value
        elif kind == "swap":
            there, at = spots[int(other * (len(spots) - 1))]
            holder[key] = deepcopy(there[at])
    return root[0]


def _spots(value: Any) -> Any:
    """Give every holder and key below a value, not deeper than is of use."""
    waiting = [value]
    while waiting:
        holder = waiting.pop()
        items = holder.items() if isinstance(holder, dict) else enumerate(holder)
        for key, child in list(items):
            yield holder, key
            if isinstance(child, dict | list):
                waiting.append(child)


def as_toml(table: dict[str, Any]) -> str:
    """Write a tree as TOML, all of it in lines ``key = value``; what TOML has not is left out."""
    return "".join(
        f"{_toml_key(key)} = {_toml_value(value)}\n"
        for key, value in table.items()
        if value is not None
    )


def _toml_key(key: Any) -> str:
    return _toml_value(str(key))


def _toml_value(value: Any) -> str:
    if isinstance(value, dict):
        pairs = ((_toml_key(k), v) for k, v in value.items() if v is not None)
        return "{" + ", ".join(f"{k} = {_toml_value(v)}" for k, v in pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_toml_value(one) for one in value if one is not None) + "]"
    if isinstance(value, str):
        return json.dumps(value.encode("utf-8", "replace").decode(), ensure_ascii=False).replace(
            "\x7f", "\\u007f"
        )
    return repr(value).lower()
