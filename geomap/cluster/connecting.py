"""Connecting: an existing Dask cluster by its address, in the open or over TLS."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from geomap.errors import ClusterError

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["connect"]

CONNECT_S = 30.0
REMEDY = "start one with `dask scheduler`, and give the address it prints"


def connect(
    scheduler: str,
    *,
    tls_ca: str | Path | None = None,
    tls_cert: str | Path | None = None,
    tls_key: str | Path | None = None,
    timeout_s: float = CONNECT_S,
) -> Client:
    """Connect to an existing Dask cluster.

    Parameters
    ----------
    scheduler
        Its address (``tcp://10.0.0.1:8786``, ``tls://…``), or the path of a scheduler
        file (``.json``).
    tls_ca, tls_cert, tls_key
        PEM files of the authority, the client's certificate and its key. With them nothing
        goes unencrypted; without them Dask's own configuration holds.
    timeout_s
        How long to try.

    Returns
    -------
    distributed.Client
        Close it, or use it in a ``with`` block.

    Raises
    ------
    ClusterError
        When Dask is not installed, a file is missing, or nobody answers.

    Examples
    --------
    >>> with connect("tcp://127.0.0.1:8786") as client:  # doctest: +SKIP
    ...     client.nthreads()
    """
    try:
        from distributed import Client  # noqa: PLC0415 - an extra, half a second
        from distributed.security import Security  # noqa: PLC0415 - same
    except ImportError as err:
        msg = f"Dask is not installed ({err}); install it with pip install 'geomap[cluster]'"
        raise ClusterError(msg) from err
    options: dict[str, Any] = {"timeout": timeout_s, "set_as_default": False}
    given = {"tls_ca_file": tls_ca, "tls_client_cert": tls_cert, "tls_client_key": tls_key}
    if any(given.values()):
        files = {name: _file(path, name) for name, path in given.items()}
        options["security"] = Security(require_encryption=True, **files)
    if scheduler.endswith(".json"):
        options["scheduler_file"] = _file(scheduler, "scheduler file")
    else:
        options["address"] = scheduler
    try:
        return Client(**options)
    # What the address is, what TLS says, and that nobody answers.
    except (OSError, TimeoutError, ValueError, RuntimeError) as err:
        msg = f"{scheduler}: no Dask scheduler answers there ({err}); {REMEDY}"
        raise ClusterError(msg) from err


def _file(path: str | Path | None, name: str) -> str:
    if path is None:
        msg = f"{name} is not given; TLS needs authority, certificate and key, all three"
        raise ClusterError(msg)
    if not Path(path).is_file():
        msg = f"{path}: there is no such file; expected the {name} in PEM or JSON"
        raise ClusterError(msg)
    return str(path)
