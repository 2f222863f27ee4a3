"""A server that has loaded libraries once; processes forked from it start in no time."""

from __future__ import annotations

import multiprocessing
import sys
from typing import Any

_wanted: list[str] = ["pytest"]  # a new process imports the main module again


def server(*modules: str) -> Any:
    """Give the context of the one server, which is to load these modules, too.

    To be called before the first process is started; ``None`` but on Linux.
    """
    if sys.platform != "linux":
        return None
    _wanted.extend(one for one in modules if one not in _wanted)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_wanted)
    return context
