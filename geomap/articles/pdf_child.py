"""The program that reads one PDF in a process of its own: imports nothing of geomap.

A page may hold ten million drawing operations in 150 kB, and pdfium, which is
written in C++, can neither be broken off nor be trusted not to crash; a process
can be ended. Called as ``pdf_child.py MAX_PAGES MAX_CHARS MAX_BYTES [PATH]``,
without a path the PDF comes from standard input; answers in JSON.
"""

from __future__ import annotations

import contextlib
import json
import sys
from typing import Any

PASSWORD_ERROR = 4


def main(arguments: list[str]) -> dict[str, Any]:
    """Read the PDF.

    Parameters
    ----------
    arguments
        As of the program.

    Returns
    -------
    dict
        ``texts`` (a page each, at most a little more than ``MAX_CHARS``),
        ``pages`` and ``info``; or ``fault`` in words.
    """
    max_pages, max_chars, max_bytes = map(int, arguments[:3])
    _limit_memory(max_bytes)
    import pypdfium2  # noqa: PLC0415 - within the limit

    given: Any = arguments[3] if len(arguments) > 3 else sys.stdin.buffer.read()  # noqa: PLR2004
    try:
        document = pypdfium2.PdfDocument(given)
        pages = len(document)
        texts: list[str] = []
        count = 0
        for number in range(pages if pages <= max_pages else 0):
            page = document[number]
            texts.append(page.get_textpage().get_text_bounded()[: max_chars + 1])
            page.close()
            count += len(texts[-1])
            if count > max_chars:
                break
        return {"texts": texts, "pages": pages, "info": document.get_metadata_dict()}
    except pypdfium2.PdfiumError as err:
        locked = getattr(err, "err_code", None) == PASSWORD_ERROR or "password" in str(err).lower()
        return {"fault": "locked" if locked else str(err)}
    except MemoryError:
        return {"fault": f"needs more than {max_bytes:,} bytes of memory"}


def _limit_memory(most: int) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (most, most))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1:])))
