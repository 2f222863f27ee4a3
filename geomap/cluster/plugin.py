"""The worker plugin: each process, also one that joins or restarts, loads the pipeline once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from distributed import WorkerPlugin

from geomap.cluster.worker import prepare, release

if TYPE_CHECKING:
    from geomap.cluster.worker import Job

__all__ = ["PipelinePlugin"]


class PipelinePlugin(WorkerPlugin):  # type: ignore[misc]
    """Load the pipeline and gazetteer when a worker starts, and let go of them at the end.

    Parameters
    ----------
    job
        The run.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.name = f"geomap-{job.run}"

    async def setup(self, worker: Any) -> None:  # noqa: ARG002 - Dask passes it by name
        """Load beside the event loop, so that the worker's heartbeat goes on."""
        await asyncio.to_thread(prepare, self.job)

    def teardown(self, worker: Any) -> None:  # noqa: ARG002 - same
        """Free the memory."""
        release(self.job)
