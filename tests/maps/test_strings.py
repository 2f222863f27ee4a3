from __future__ import annotations

import re

import pytest

from geomap.maps.assets import FOLDER, PAGE_FILES
from geomap.maps.strings import LANGUAGES, strings
from geomap.maps.symbols import FACTUALITIES
from geomap.options import LANGUAGES as OFFERED
from geomap.palette import EVENT_COLOURS

CODE = "\n".join((FOLDER / "page" / f"{name}.js").read_text("utf-8") for name in PAGE_FILES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word(language: str) -> None:
    words, english = strings()[language], strings()["en"]
    assert words.keys() == english.keys()
    for key, text in words.items():
        assert text.strip(), key
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", english[key])), key


def test_the_command_offers_every_language() -> None:
    assert OFFERED == LANGUAGES == tuple(strings())


def test_every_word_of_the_page_is_in_the_table() -> None:
    asked = set(re.findall(r"""\bsay\("(\w+)\"""", CODE))
    assert asked
    assert asked <= strings()["en"].keys()


def test_every_type_and_factuality_has_its_words() -> None:
    keys = strings()["en"].keys()
    assert {f"{part}_{kind}" for part in ("type", "shape") for kind in EVENT_COLOURS} <= keys
    assert {f"{part}_{name}" for part in ("fact", "means") for name in FACTUALITIES} <= keys
