from __future__ import annotations

import html
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Template

from geomap.escape import escape, visible, web_address
from geomap.maps.canvas import as_json


@given(st.text())
def test_escaped_text_is_inert(text: str) -> None:
    found = escape(text)
    assert not set(found) & set("<>\"'{}$`\\%")
    # A second rendering as Jinja, as folium does, changes nothing.
    assert Template(found).render() == found.removesuffix("\n")


@given(st.text(alphabet=st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp"))))
def test_escaped_text_is_shown_as_it_stands(text: str) -> None:
    assert html.unescape(escape(text)) == text


@pytest.mark.parametrize("char", ["\u202e", "\x1b", "\x00", "\ud800", "\u2028"])
def test_what_hides_is_shown_by_its_number(char: str) -> None:
    assert escape(f"a{char}b") == f"a[U+{ord(char):04X}]b"


@given(st.recursive(st.text() | st.integers() | st.none(), st.lists))
def test_json_is_inert_and_comes_back(value: object) -> None:
    found = as_json(value)
    assert not set(found) & set("<>&\u2028")
    assert json.loads(found) == value


@pytest.mark.parametrize(
    "url",
    [
        None, "", "javascript:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)",
        "data:text/html,x", "http:", "//host", "ftp://host/", "https://a b", "http://[::1", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_only_web_addresses_are_links(url: str | None) -> None:
    assert web_address(url) is None


def test_a_web_address_stays_as_it_is() -> None:
    assert web_address("https://e.org/?a=1&b=2") == "https://e.org/?a=1&b=2"


def test_joiners_and_line_ends_are_no_disguise() -> None:
    kept = "a\tb\nc\u200cd\u200de\u00adf"
    assert visible(kept) == kept
    assert visible(f"{kept}\u202e") == f"{kept}[U+202E]"
    assert visible("a\rb") == "a[U+000D]b"


@pytest.mark.parametrize(
    "url", ["HTTPS://E.org/", "http://e.org", "https://e.org:8443/a#b", "https://[::1]/"]
)
def test_schemes_are_read_without_regard_to_case(url: str) -> None:
    assert web_address(url) == url


@pytest.mark.parametrize("char", ["\n", "\t", "\r", "\u00a0", "\u200b", "\u202e", "\x7f"])
def test_no_address_with_what_browsers_drop_or_readers_miss(char: str) -> None:
    assert web_address(f"https://e.org/{char}") is None


def test_anything_is_shown_as_its_text() -> None:
    assert escape(None) == "None"
    assert escape(1.5) == "1.5"
    assert escape("\"'") == "&quot;&#x27;"
