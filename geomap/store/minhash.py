"""MinHash: signatures by which texts that share most of their wording are found.

Broder (1997), "On the resemblance and containment of documents": texts are sets
of word sequences, and equal entries of two signatures estimate the share that
the sets have in common. Bands of entries find who is worth comparing (Leskovec,
Rajaraman & Ullman, Mining of Massive Datasets, section 3.4).
"""

from __future__ import annotations

import hashlib
import re
import struct

__all__ = ["LEAST_SIMILARITY", "bands", "minhash", "similarity"]

# From this share of common word sequences on an article is a copy. Measured by
# benchmarks/copies.py: it finds reprints that lack a third or have one word of twenty changed
# (.7 finds .11 and .42 of them), and none of 1.2 million pairs of other dispatches is one.
LEAST_SIMILARITY = 0.5
# Five words in a row are rarely those of two reporters.
SHINGLE_WORDS = 5
# Shorter texts ("Photo: Reuters") say too little to be called copies unless they are equal.
LEAST_WORDS = 25
ENTRIES, SEED = 128, 1
# 42 bands of 3: a pair of similarity .5 is found with a chance of .996, one of .05 with .005.
BANDS, ROWS = 42, 3

_WORD = re.compile(r"\w+")


def minhash(text: str) -> bytes:
    """Make the signature of a text.

    Parameters
    ----------
    text
        An article.

    Returns
    -------
    bytes
        128 numbers of four bytes; none for a text of fewer than 25 words.
    """
    words = _WORD.findall(text.casefold())
    if len(words) < LEAST_WORDS:
        return b""
    from rensa import RMinHash  # noqa: PLC0415 - a library of its own

    made = RMinHash(num_perm=ENTRIES, seed=SEED)
    count = len(words) - SHINGLE_WORDS + 1
    made.update([" ".join(words[first : first + SHINGLE_WORDS]) for first in range(count)])
    return struct.pack(f"<{ENTRIES}I", *made.digest())


def similarity(one: bytes, other: bytes) -> float:
    """Estimate the share of word sequences that two texts have in common.

    Parameters
    ----------
    one, other
        What :func:`minhash` gave.

    Returns
    -------
    float
        0..1, in steps of 1/128; 0 when either text is too short.

    Examples
    --------
    >>> text = "The shelling of the port went on through the night, the mayor said. " * 3
    >>> similarity(minhash(text), minhash(text.upper()))
    1.0
    """
    if not one or not other:
        return 0.0
    form = f"<{ENTRIES}I"
    pairs = zip(struct.unpack(form, one), struct.unpack(form, other), strict=True)
    return float(sum(a == b for a, b in pairs)) / ENTRIES


def bands(signature: bytes) -> list[int]:
    """Give the numbers of which similar texts share at least one.

    Parameters
    ----------
    signature
        What :func:`minhash` gave.

    Returns
    -------
    list of int
        42 signed numbers of eight bytes; none for a text that is too short.
    """
    if not signature:
        return []
    size = ROWS * 4
    return [
        int.from_bytes(
            hashlib.blake2b(
                signature[band * size : (band + 1) * size], digest_size=8, salt=bytes([band])
            ).digest(),
            "little",
            signed=True,
        )
        for band in range(BANDS)
    ]
