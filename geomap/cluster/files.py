"""Files: on storage that the workers share they read them, and no text goes through the client.

The client lists files; workers say what is in each (a key and a length for each article), by
the handful of files; the client cuts batches of that as of articles, and passes over what is
done; and a worker reads again what its batch names. So the batches are the same, and so are
the bytes that are written, whoever reads.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any

from geomap.articles import Source, find_sources, read_source, read_sources
from geomap.cluster.batches import Listed, key_of
from geomap.records import Article, Failure

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from distributed import Client

    from geomap.settings import Settings

__all__ = ["Files", "articles_of", "listed"]

# Files that a worker lists at once, and lists that are out: some seconds of work.
CHUNK, AHEAD = 32, 8
# A file of more articles is read by the client, from front to back: batches of it would each
# read it again up to their part.
MOST_OF_A_FILE = 256
# Before any batch: without lists there are no batches.
PRIORITY = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Files that workers see under the same paths as the client, and read themselves.

    Parameters
    ----------
    inputs, urls, published, columns
        As for :func:`geomap.read_articles`. Standard input and addresses are read by the
        client, and so is a file of more than 256 articles.

    Examples
    --------
    >>> from geomap.cluster import Files, connect, extract_on_cluster
    >>> with connect("tcp://10.0.0.1:8786") as client:  # doctest: +SKIP
    ...     extract_on_cluster(client, Files(inputs=["/shared/news"]), "/shared/output")
    """

    inputs: Sequence[str | Path] = ()
    urls: Sequence[str] = ()
    published: dt.date | None = None
    columns: Mapping[str, str] | None = None

    def articles(self, settings: Settings) -> Iterator[Article | Failure]:
        """Read all of them in this process, whose texts then go to the workers."""
        return read_sources(
            self.inputs, settings=settings, published=self.published,
            columns=self.columns, urls=self.urls,
        )  # fmt: skip

    def read_by(self, client: Client, settings: Settings) -> Iterator[Article | Listed | Failure]:
        """List the articles in their order; what workers cannot list is read here.

        Parameters
        ----------
        client
            The cluster.
        settings
            Of the run.
        """
        found = find_sources(self.inputs, urls=self.urls, columns=self.columns)
        out: deque[tuple[list[Source | Failure], Any]] = deque()
        while True:
            while len(out) < AHEAD and (chunk := list(islice(found, CHUNK))):
                out.append((chunk, self._asked(client, chunk, settings)))
            if not out:
                return
            chunk, future = out.popleft()
            lists = _answer(future)
            for one in chunk:
                if isinstance(one, Failure):
                    yield one
                elif (items := lists.get(one.origin)) is not None:
                    yield from items
                else:
                    yield from self.read(one, settings)

    def _asked(self, client: Client, chunk: Sequence[Source | Failure], settings: Settings) -> Any:
        files = [one for one in chunk if not isinstance(one, Failure) and one.size_bytes]
        if not files:
            return None
        return client.submit(listed, files, self, settings, pure=False, priority=PRIORITY)

    def read(self, source: Source, settings: Settings) -> Iterator[Article | Failure]:
        """Read one of them in this process."""
        return read_source(
            source, settings=settings, published=self.published, columns=self.columns
        )


def _answer(future: Any) -> dict[str, list[Listed | Failure]]:
    """Wait for a list; what goes wrong with it is no fault of the files: the client reads them."""
    if future is None:
        return {}
    try:
        lists: dict[str, list[Listed | Failure]] = future.result()
    except Exception:  # noqa: BLE001 - a worker that died, or does not see the files
        return {}
    return lists


def listed(
    files: Iterable[Source], how: Files, settings: Settings
) -> dict[str, list[Listed | Failure]]:
    """Say what is in some files: the task of the cluster.

    Parameters
    ----------
    files
        Files as the client found them.
    how, settings
        How they are read.

    Returns
    -------
    dict
        Articles and failures by ``origin``, in their order. A file that holds many, or that
        is not seen here as the client sees it, is left out.
    """
    found: dict[str, list[Listed | Failure]] = {}
    for file in files:
        here = _found(file.origin)
        if (here.size_bytes, here.modified_ns) != (file.size_bytes, file.modified_ns):
            continue
        items = [
            one if isinstance(one, Failure) else _listed(one, file, number)
            for number, one in enumerate(islice(how.read(here, settings), MOST_OF_A_FILE + 1))
        ]
        if len(items) <= MOST_OF_A_FILE:
            found[file.origin] = items
    return found


def _found(file: str) -> Source:
    """Find a file on this machine; one that is not there cannot be read, which says why."""
    found = next(iter(find_sources([file])), None)
    return found if isinstance(found, Source) else Source(name=file, origin=file)


def _listed(article: Article, file: Source, number: int) -> Listed:
    return Listed(
        file=file.origin, number=number, key=key_of(article), chars=len(article.text),
        id=article.id, origin=article.origin,
    )  # fmt: skip


def articles_of(
    items: Sequence[Article | Listed], how: Files, settings: Settings
) -> list[Article | Failure]:
    """Read the articles that a batch names.

    Parameters
    ----------
    items
        Articles as they are, and those that are to be read.
    how, settings
        How files are read.

    Returns
    -------
    list of Article or Failure
        One for each; a failure where a file is no longer what was listed.
    """
    done: list[Article | Failure] = []
    for file, group in groupby(items, key=lambda one: getattr(one, "file", None)):
        if file is None:
            done += group  # type: ignore[arg-type] # those without a file are articles
            continue
        wanted: list[Listed] = list(group)  # type: ignore[arg-type]
        last = max(one.number for one in wanted)
        read = dict(enumerate(islice(how.read(_found(file), settings), last + 1)))
        done += (_same(read.get(one.number), one) for one in wanted)
    return done


def _same(found: Article | Failure | None, wanted: Listed) -> Article | Failure:
    if isinstance(found, Article) and key_of(found) == wanted.key:
        return found
    return Failure(
        origin=wanted.origin or wanted.file,
        stage="open",
        reason="changed while the cluster was at work",
        hint="run the same command again",
        id=wanted.id,
    )
