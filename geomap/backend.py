"""How the statistical components multiply matrices: with numpy's BLAS, on one core.

spaCy multiplies with blis, which is everywhere the same. The BLAS that numpy
brings is 2.7 times as fast on the matrices of a small pipeline (250 x 288 by
288 x 288, one core with AVX-512) and gives the same but for the last digit.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from thinc.api import Model, NumpyOps

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from threadpoolctl import ThreadpoolController

__all__ = ["multiply_with_numpy", "one_core"]


def multiply_with_numpy(pipe: object) -> None:
    """Let a component multiply with numpy.

    Parameters
    ----------
    pipe
        A spaCy component; one without a model, on a graphics card or with
        products of its own (Apple's) is left as it is.
    """
    model = getattr(pipe, "model", None)
    if not isinstance(model, Model):
        return
    products = NumpyOps(use_blis=False)
    for node in model.walk():
        if type(node.ops) is NumpyOps:
            node.ops = products


def one_core() -> AbstractContextManager[Any]:
    """Keep numpy's products to one core within a ``with`` block.

    The matrices of one article are too small to be shared out: on many cores
    the threads would wait for each other, and for those of other processes.
    """
    limit: AbstractContextManager[Any] = _controller().limit(limits=1, user_api="blas")
    return limit


@cache
def _controller() -> ThreadpoolController:
    from threadpoolctl import ThreadpoolController  # noqa: PLC0415 - looks at all libraries loaded

    return ThreadpoolController()
