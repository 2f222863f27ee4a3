"""What ``geomap evaluate`` says of corpora: tables or JSON, a bar, and lists of errors."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tqdm import tqdm

from geomap import evaluation, pipeline, score
from geomap.files import output_folder, replacing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from geomap.settings import Settings

__all__ = ["Listing", "corpora_report"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Which errors are listed.

    Parameters
    ----------
    listed
        At most so many of each kind are shown; 0 for none.
    errors
        File for all of them, tab-separated; ``None`` for none.
    wrong_km
        A place further than this from gold is an error.
    """

    listed: int = 0
    errors: Path | None = None
    wrong_km: float = 161.0


def corpora_report(
    paths: Sequence[str],
    *,
    settings: Settings,
    listing: Listing,
    as_json: bool,
    on_fault: Callable[[Exception, str], None],
    quiet: bool,
) -> str:
    """Evaluate corpora and set the scores as text.

    Parameters
    ----------
    paths
        Corpus files; one named twice is read once.
    settings
        Of the pipeline.
    listing
        Which errors are listed, and where.
    as_json
        JSON instead of tables.
    on_fault
        Called with the error and the id of a text that cannot be evaluated.
    quiet
        Whether no progress bar is drawn.

    Returns
    -------
    str
        Without a newline at the end.

    Raises
    ------
    GoldError
        When a file is no corpus.
    OutputError
        When the file of errors cannot be written.
    """
    corpora = evaluation.read_corpora(list(dict.fromkeys(paths)))
    if listing.errors is not None:
        output_folder(listing.errors.parent)  # known before the long work
    total = sum(len(gold.documents) for gold in corpora.values())
    with tqdm(total=total, unit=" texts", disable=quiet, leave=False) as bar:
        scores = evaluation.evaluate_corpora(
            corpora,
            nlp=pipeline.load_pipeline(settings),
            on_fault=on_fault,
            on_text=bar.update,
        )
    errors = score.confusions(scores.corpora, wrong_km=listing.wrong_km)
    if listing.errors is not None:
        with replacing(listing.errors) as file:
            file.write_text(score.to_tsv(errors), encoding="utf-8")
    if as_json:
        values = scores.to_dict()
        if listing.listed:
            values["errors"] = score.most_frequent(errors, limit=listing.listed)
        return json.dumps(values, indent=2)
    lines = [score.corpora_table(scores)]
    if listing.listed:
        lines += score.confusion_lines(errors, limit=listing.listed)
    return "\n".join(lines)
