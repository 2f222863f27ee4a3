"""The terminal: errors become one line each, and an exit code."""

from __future__ import annotations

import contextlib
import errno
import sys
from dataclasses import dataclass
from typing import Any, NoReturn

import click

from geomap.errors import GeomapError
from geomap.options import DEBUG_KEY

__all__ = ["Faults", "Group", "is_quiet", "say"]


class Group(click.Group):
    """Commands whose errors are one line each, and a traceback only when asked for."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command and turn its errors into an exit code."""
        for stream in (sys.stdout, sys.stderr):
            # A terminal of another encoding shows an escape, not a traceback.
            with contextlib.suppress(AttributeError, ValueError):
                stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as err:
            is_closed_pipe = isinstance(err, OSError) and err.errno == errno.EPIPE
            if is_closed_pipe or ctx.meta.get(DEBUG_KEY):
                raise
            say(error_line(err))
            ctx.exit(1)


@dataclass(slots=True)
class Faults:
    """Errors met on the way, each reported as it comes."""

    count: int = 0

    def add(self, err: Exception, *, about: str = "") -> None:
        """Report an error of one input and go on."""
        self.count += 1
        line = error_line(err)
        say(line if not about or line.startswith(f"{about}:") else f"{about}: {line}")
        if click.get_current_context().meta.get(DEBUG_KEY):
            import traceback  # noqa: PLC0415

            traceback.print_exception(err)

    def exit(self) -> NoReturn:
        """End the command: 1 when there were errors."""
        click.get_current_context().exit(1 if self.count else 0)


def error_line(err: Exception) -> str:
    if isinstance(err, GeomapError):
        return str(err)
    return f"internal error ({type(err).__name__}: {err}); run with --debug and report it"


def say(text: str) -> None:
    """Say a line on standard error, above a progress bar when there is one."""
    from tqdm import tqdm  # noqa: PLC0415

    from geomap.report import plain  # noqa: PLC0415

    tqdm.write(f"geomap: {plain(text)}", file=sys.stderr)


def is_quiet() -> bool:
    """Tell whether no bar is wanted: where nobody looks, and between lines of data."""
    return not sys.stderr.isatty() or sys.stdout.isatty()
