"""Run the command line with a stub for the pipeline; may wait at a stage for its end.

    python drive.py STAGE batch INPUT --store DIR …

STAGE is ``none``, or where the process waits to be killed: ``listed``, ``copies``,
``merging``. ``full:BYTES`` lets no file grow longer.
"""

from __future__ import annotations

import functools
import resource
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

import stubs

from geomap import batch
from geomap.store import base, merging


def wait(*_: Any, **__: Any) -> NoReturn:
    """Tell that the stage is reached."""
    print("reached", flush=True)  # noqa: T201
    while True:
        time.sleep(1)


def main() -> None:
    """Run."""
    stage = sys.argv.pop(1)
    batch.run_batch = functools.partial(batch.run_batch, load=stubs.slow)
    if stage == "listed":
        batch.Running = wait
    elif stage == "copies":
        base.bring_up_to_date = wait
    elif stage == "merging":
        merging._write = wait  # within the transaction
    elif stage.startswith("full:"):
        most = int(stage.removeprefix("full:"))
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    from geomap.cli import main as command  # noqa: PLC0415

    command()


if __name__ == "__main__":
    main()
