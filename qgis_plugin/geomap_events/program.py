"""Calls of the installed geomap: in its own environment, with progress, and cancelled at once."""

import os
import queue
import shutil
import subprocess
import threading

from processing.core.ProcessingConfig import ProcessingConfig
from qgis.core import QgsProcessingException

SETTING = "GEOMAP_PROGRAM"
# Of QGIS's own Python, which must not reach that of geomap.
_NOT_PASSED_ON = ("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "VIRTUAL_ENV", "QT_PLUGIN_PATH")
_POLL_SECONDS = 0.1


def program():
    """Find geomap: the setting, else GEOMAP_PROGRAM of the environment, else PATH."""
    told = ProcessingConfig.getSetting(SETTING) or os.environ.get(SETTING) or "geomap"
    found = shutil.which(told)
    if found is None:
        msg = (
            f"The geomap program {told!r} is not there. Install it in an environment of its own "
            "(pip install geomap), and set its path in Settings, Options, Processing, "
            "Providers, geomap."
        )
        raise QgsProcessingException(msg)
    return found


def run(arguments, feedback, *, on_line=None, text=None):
    """Run geomap until it ends or is cancelled.

    Each line of its output goes to ``on_line``, what it says to the log. Gives the
    exit status; 1 when some inputs failed, which are in the log by then.
    """
    command = [program(), *arguments]
    feedback.pushCommandInfo(" ".join(command[:6]))
    passed = {k: v for k, v in os.environ.items() if k not in _NOT_PASSED_ON}
    # The program speaks UTF-8 whatever the system's language is.
    passed["PYTHONUTF8"] = "1"
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    process = subprocess.Popen(  # noqa: S603 - the user's own program
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=passed, creationflags=flags,
    )  # fmt: skip
    lines = queue.Queue()
    threads = [
        threading.Thread(target=_follow, args=(stream, kind, lines), daemon=True)
        for stream, kind in ((process.stdout, "out"), (process.stderr, "err"))
    ]
    threads.append(threading.Thread(target=_feed, args=(process.stdin, text), daemon=True))
    for thread in threads:
        thread.start()
    open_streams = 2
    while open_streams:
        if feedback.isCanceled():
            process.kill()
            _end(process, threads)
            return None
        try:
            kind, line = lines.get(timeout=_POLL_SECONDS)
        except queue.Empty:
            continue
        if line is None:
            open_streams -= 1
        elif kind == "err":
            feedback.reportError(line) if "error" in line.lower() else feedback.pushInfo(line)
        elif on_line is not None:
            on_line(line)
    return _end(process, threads)


def _end(process, threads):
    """Wait for the program and its followers, and close what is open."""
    status = process.wait()
    for thread in threads:
        thread.join()
    for stream in (process.stdout, process.stderr):
        stream.close()
    return status


def _follow(stream, kind, lines):
    for line in stream:
        lines.put((kind, line.decode("utf-8", "replace").rstrip("\r\n")))
    lines.put((kind, None))


def _feed(stream, text):
    try:
        if text is not None:
            stream.write(text.encode("utf-8"))
        stream.close()
    except OSError:
        # The program ended before it read all; its exit status says why.
        pass
