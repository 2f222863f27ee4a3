"""Articles to extracted articles: load the spaCy pipeline, run it, read the records back."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import geomap
from geomap.collecting import collecting_later
from geomap.errors import InputError
from geomap.gazetteer import added_files
from geomap.groups import groups_of
from geomap.model import load_model, model_name
from geomap.records import ExtractedArticle, Provenance
from geomap.sentences import TEXT
from geomap.settings import Settings
from geomap.vocabulary import words_in_passing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from spacy.language import Language
    from spacy.tokens import Doc

    from geomap.records import Article, Event, Toponym

__all__ = [
    "extract",
    "extract_in_turn",
    "extract_many",
    "load_pipeline",
    "provenance_of",
    "read_toponyms",
    "read_toponyms_many",
]

_log = logging.getLogger(__name__)

# Articles that go through the pipeline together, by number and characters: see
# geomap.components.BATCH_SIZE. A long article goes alone.
GROUP, GROUP_CHARS = 16, 60_000

# Half a surrogate pair is no character: readers refuse it, spaCy cannot hash it.
_HALF_PAIR = re.compile("[\ud800-\udfff]")


def load_pipeline(settings: Settings | None = None) -> Language:
    """Load the spaCy pipeline with geomap's components.

    Parameters
    ----------
    settings
        Which model and gazetteer; the defaults when ``None``.

    Returns
    -------
    spacy.language.Language
        With ``geomap_sentences``, ``geomap_analysis``, ``geomap_toponyms`` and
        ``geomap_events``; the model's own components run inside the second, on
        the sentences that need them.

    Raises
    ------
    ModelError
        When the model is not installed, is no pipeline with parser, tagger and
        NER, or is not the one whose weights were recorded.
    """
    import geomap.components  # noqa: F401, PLC0415 - registers the factories

    settings = settings or Settings()
    nlp = load_model(settings)
    nlp.add_pipe("geomap_sentences_v1", name="geomap_sentences")
    nlp.add_pipe(
        "geomap_analysis_v1", name="geomap_analysis", config={"taxonomy": settings.taxonomy}
    )
    nlp.add_pipe(
        "geomap_toponyms_v1",
        name="geomap_toponyms",
        config={
            "gazetteer": settings.gazetteer,
            "min_confidence": settings.min_confidence,
            "added": [str(path) for path in added_files()] if settings.added_gazetteers else [],
            "corrections": settings.corrections,
            "online": _online(settings),
        },
    )
    nlp.add_pipe(
        "geomap_events_v1",
        name="geomap_events",
        config={"gazetteer": settings.gazetteer, "taxonomy": settings.taxonomy},
    )
    return nlp


def _online(settings: Settings) -> dict[str, str] | None:
    """Give the service that unknown names are sent to, or ``None`` for none."""
    if settings.online is None:
        return None
    pairs = dict(part.split("=", 1) for part in (settings.online_options or "").split())
    return {**pairs, "service": settings.online, "user_agent": settings.online_user_agent or ""}


def extract(
    article: Article, *, nlp: Language, settings: Settings | None = None
) -> ExtractedArticle:
    """Extract toponyms and events from one article.

    Parameters
    ----------
    article
        The article; relative dates hang on its day of publication.
    nlp
        What :func:`load_pipeline` gave.
    settings
        The settings the pipeline was loaded with.

    Returns
    -------
    ExtractedArticle
        With what could not be decided in ``warnings``.

    Raises
    ------
    InputError
        When the text is longer than ``settings.max_article_chars``.

    Examples
    --------
    >>> from geomap import Article, extract, load_pipeline
    >>> nlp = load_pipeline()
    >>> text = "Russian troops have surrounded Mariupol, the city council said on Thursday."
    >>> extracted = extract(Article(id="a", text=text), nlp=nlp)
    >>> [(e.type, e.factuality) for e in extracted.events]
    [('encirclement', 'claimed')]
    """
    settings = settings or Settings()
    with words_in_passing(nlp), collecting_later():
        doc = nlp(_made(article, nlp, settings))
        return _extraction(article, doc, provenance_of(nlp, settings))


def _made(article: Article, nlp: Language, settings: Settings) -> Doc:
    """Make the text that goes through the pipeline."""
    from geomap.components import PUBLISHED  # noqa: PLC0415 - loads spaCy

    if len(article.text) > settings.max_article_chars:
        msg = (
            f"{article.id}: {len(article.text):,} characters; expected at most "
            f"{settings.max_article_chars:,}; split it or raise max_article_chars"
        )
        raise InputError(msg)
    doc = _unread(article, nlp)
    published = article.published.isoformat() if article.published else None
    doc.user_data[PUBLISHED] = (published, article.id)
    return doc


def _unread(article: Article, nlp: Language) -> Doc:
    text = _readable(article.text)
    doc = nlp.make_doc(text)
    doc.user_data[TEXT] = text
    return doc


def _extraction(article: Article, doc: Doc, provenance: Provenance) -> ExtractedArticle:
    """Read the records back from an annotated text."""
    from geomap.components import WARNINGS  # noqa: PLC0415 - loads spaCy
    from geomap.events.annotations import anchor_of, events_of  # noqa: PLC0415 - same
    from geomap.toponyms.annotations import (  # noqa: PLC0415 - same
        relative_places_of,
        toponyms_of,
    )

    toponyms = _with_text_of(article, toponyms_of(doc))
    events = events_of(doc)
    return ExtractedArticle(
        article=article,
        toponyms=toponyms,
        events=events,
        provenance=provenance,
        warnings=(
            *doc.user_data.get(WARNINGS, ()),
            *_warnings(toponyms, events, anchor=anchor_of(doc)),
        ),
        relative_places=relative_places_of(doc),
    )


def extract_many(
    articles: Iterable[Article],
    *,
    nlp: Language,
    settings: Settings | None = None,
    on_fault: Callable[[Article, Exception], None] | None = None,
) -> Iterator[ExtractedArticle]:
    """Extract from articles, some at a time, which is faster than one by one.

    Parameters
    ----------
    articles
        Any iterable; read on only as far as the next few.
    nlp, settings
        As for :func:`extract`.
    on_fault
        Called with an article that cannot be extracted and the error, and the
        next ones go on; without it the error is raised in that article's turn.

    Yields
    ------
    ExtractedArticle
        One an article, in the same order; the same as :func:`extract` gives.

    Raises
    ------
    InputError
        As for :func:`extract`.
    """
    settings = settings or Settings()
    for group in _groups(articles):
        try:
            with words_in_passing(nlp), collecting_later():
                found = list(_together(group, nlp=nlp, settings=settings))
        except Exception:  # noqa: BLE001 - one of them fails: which, and how, is found below
            found = None
        if found is None:
            yield from _one_by_one(group, nlp=nlp, settings=settings, on_fault=on_fault)
        else:
            yield from found


def extract_in_turn(
    articles: Iterable[Article],
    *,
    nlp: Language,
    settings: Settings | None = None,
    on_fault: Callable[[Article, Exception], None] | None = None,
) -> Iterator[ExtractedArticle]:
    """Extract as :func:`extract_many` does, and give each article as soon as it is done.

    The names of some articles are found together and their sentences parsed together; what
    each tells comes after that, one by one. For who keeps each result before the next is made.

    Parameters
    ----------
    articles, nlp, settings, on_fault
        As for :func:`extract_many`.

    Yields
    ------
    ExtractedArticle
        As :func:`extract_many` does. Until the last one came, the pipeline must not be
        used for anything else.
    """
    settings = settings or Settings()
    for group in _groups(articles):
        count = 0
        try:
            with words_in_passing(nlp), collecting_later():
                for extracted in _together(group, nlp=nlp, settings=settings):
                    yield extracted
                    count += 1
        except Exception as err:  # noqa: BLE001 - one of the rest: which, and why, is found below
            _log.debug("%d articles together: %s", len(group), err)
            yield from _one_by_one(group[count:], nlp=nlp, settings=settings, on_fault=on_fault)


def _together(
    group: Sequence[Article], *, nlp: Language, settings: Settings
) -> Iterator[ExtractedArticle]:
    docs = nlp.pipe([_made(a, nlp, settings) for a in group], batch_size=len(group))
    provenance = provenance_of(nlp, settings)
    for article, doc in zip(group, docs, strict=True):
        yield _extraction(article, doc, provenance)


def _one_by_one(
    articles: Iterable[Article],
    *,
    nlp: Language,
    settings: Settings,
    on_fault: Callable[[Article, Exception], None] | None,
) -> Iterator[ExtractedArticle]:
    for article in articles:
        try:
            extracted = extract(article, nlp=nlp, settings=settings)
        except Exception as err:
            if on_fault is None:
                raise
            on_fault(article, err)
        else:
            yield extracted


def _groups(articles: Iterable[Article]) -> Iterator[list[Article]]:
    """Give articles by the handful: few enough that a failure and long texts cost little."""
    return groups_of(
        articles, most=GROUP, most_chars=GROUP_CHARS, chars_of=lambda article: len(article.text)
    )


def read_toponyms(
    article: Article,
    *,
    nlp: Language,
    given: Sequence[tuple[int, int]] | None = None,
    given_only: bool = True,
) -> tuple[tuple[Toponym, ...], tuple[Toponym, ...] | None]:
    """Read the toponyms of an article and no events, and resolve given spans beside them.

    Parameters
    ----------
    article
        The article.
    nlp
        What :func:`load_pipeline` gave.
    given
        Half-open character offsets of names (gold spans) to be resolved whether
        they are recognised or not; ``None`` for none.
    given_only
        Whether the given names are resolved among themselves; if not, the names
        that are recognised elsewhere in the text are their context, as where
        only one name of a text is annotated.

    Returns
    -------
    tuple of (found, given)
        Toponyms as :func:`extract` finds them, and one for each given span in
        the order of the text (``None`` when none were given).

    Raises
    ------
    InputError
        When a given span is not in the text.

    Examples
    --------
    >>> from geomap import Article, load_pipeline
    >>> from geomap.pipeline import read_toponyms
    >>> article = Article(id="a", text="Shells fell on Kharkov.")
    >>> found, given = read_toponyms(article, nlp=load_pipeline(), given=[(15, 22)])
    >>> [(t.text, t.place.name) for t in given]
    [('Kharkov', 'Kharkiv')]
    """
    with words_in_passing(nlp), collecting_later():
        return _found_and_given(article, nlp, given, given_only=given_only)


def read_toponyms_many(
    articles: Iterable[Article], *, nlp: Language
) -> Iterator[tuple[Toponym, ...]]:
    """Read the toponyms of articles and no events, some articles at a time.

    Parameters
    ----------
    articles
        Any iterable; read on only as far as the next few.
    nlp
        What :func:`load_pipeline` gave.

    Yields
    ------
    tuple of Toponym
        One an article, in the same order; as :func:`read_toponyms` finds them.

    Examples
    --------
    >>> from geomap import Article, load_pipeline
    >>> from geomap.pipeline import read_toponyms_many
    >>> articles = [Article(id="a", text="Shells fell on Sumy."), Article(id="b", text="No more.")]
    >>> [[t.text for t in found] for found in read_toponyms_many(articles, nlp=load_pipeline())]
    [['Sumy'], []]
    """
    from geomap.toponyms.annotations import toponyms_of  # noqa: PLC0415 - loads spaCy

    for group in _groups(articles):
        with (
            words_in_passing(nlp),
            collecting_later(),
            nlp.select_pipes(disable=["geomap_events"]),
        ):
            docs = nlp.pipe([_unread(a, nlp) for a in group], batch_size=len(group))
            found = [
                _with_text_of(article, toponyms_of(doc))
                for article, doc in zip(group, docs, strict=True)
            ]
        yield from found


def _found_and_given(
    article: Article, nlp: Language, given: Sequence[tuple[int, int]] | None, *, given_only: bool
) -> tuple[tuple[Toponym, ...], tuple[Toponym, ...] | None]:
    from geomap.toponyms.annotations import toponyms_of  # noqa: PLC0415 - loads spaCy

    with nlp.select_pipes(disable=["geomap_events"]):
        doc = nlp(_unread(article, nlp))
    found = _with_text_of(article, toponyms_of(doc))
    if given is None:
        return found, None
    beside = [
        (t.start, t.end)
        for t in found
        if not given_only and all(t.end <= start or end <= t.start for start, end in given)
    ]
    finder = nlp.get_pipe("geomap_toponyms")
    toponyms = finder.predict(doc, spans=[*given, *beside])  # type: ignore[attr-defined]
    wanted = set(given)
    kept = tuple(t for t in toponyms if (t.start, t.end) in wanted)
    return found, _with_text_of(article, kept)


def _readable(text: str) -> str:
    """Put U+FFFD for halves of surrogate pairs, which a caller may give: offsets stay."""
    return _HALF_PAIR.sub("\ufffd", text)


def _with_text_of(article: Article, toponyms: tuple[Toponym, ...]) -> tuple[Toponym, ...]:
    """Give toponyms the text of the article, also where spaCy saw U+FFFD in it."""
    return tuple(
        t if t.text == (text := article.text[t.start : t.end]) else replace(t, text=text)
        for t in toponyms
    )


def provenance_of(nlp: Language, settings: Settings) -> Provenance:
    """Tell what makes the records that a pipeline gives.

    Parameters
    ----------
    nlp
        What :func:`load_pipeline` gave.
    settings
        The settings the pipeline was loaded with.

    Returns
    -------
    Provenance
        That of every article that is extracted with them.
    """
    finder = nlp.get_pipe("geomap_toponyms")
    return Provenance(
        version=geomap.__version__,
        gazetteer=finder.gazetteer.version,  # type: ignore[attr-defined]
        model=model_name(nlp),
        settings_sha256=settings.sha256,
        worldview=settings.worldview,
    )


def _is_mistranslated(toponym: Toponym) -> bool:
    """Tell whether the place was found by a known error of machine translation."""
    return any(
        c.match == "mt" and toponym.place is not None and c.place.id == toponym.place.id
        for c in toponym.candidates
    )


def _warnings(
    toponyms: Iterable[Toponym], events: Iterable[Event], *, anchor: tuple[str | None, str]
) -> tuple[str, ...]:
    warnings = []
    day, why = anchor
    if day is None:
        warnings.append("the day of publication is not known: relative dates are left out")
    elif why != "published":
        warnings.append(f"relative dates hang on {day}, taken from {why}")
    for toponym in toponyms:
        if toponym.place is not None and _is_mistranslated(toponym):
            warnings.append(f"“{toponym.text}” is read as {toponym.place.name}: {toponym.reason}")
        if toponym.place is None and toponym.reading == "literal":
            warnings.append(f"“{toponym.text}” has no place: {toponym.reason}")
    warnings += [
        f"{event.type} “{event.trigger.text}” is listed, not drawn: {event.reason}"
        for event in events
        if event.geometry is None
    ]
    return tuple(dict.fromkeys(warnings))
