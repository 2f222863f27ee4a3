"""Markup: elements of HTML and SVG, whose text passes the one escaper on its way in."""

from __future__ import annotations

from geomap.escape import escape

__all__ = ["Markup", "el", "joined"]

_VOID = frozenset({"br", "meta"})


class Markup(str):
    """HTML that is safe as it stands: made by :func:`el`, or our own style."""

    __slots__ = ()


def el(name: str, /, *parts: object, **attributes: object) -> Markup:
    """Make an element.

    Parameters
    ----------
    name
        Of the element, ours.
    parts
        What is in it: :class:`Markup` as it stands, all else as text; ``None`` is nothing.
    attributes
        ``class_`` for ``class``, ``aria_label`` for ``aria-label``; one that is
        ``None`` is left out, one that is ``True`` stands alone.

    Examples
    --------
    >>> el("p", "a < b", el("br"), class_="x")
    '<p class="x">a &lt; b<br></p>'
    """
    held = "".join(_attribute(key, value) for key, value in attributes.items() if value is not None)
    if name in _VOID:
        return Markup(f"<{name}{held}>")
    return Markup(f"<{name}{held}>{joined(*parts)}</{name}>")


def joined(*parts: object) -> Markup:
    """Put parts one after another, text escaped.

    Parameters
    ----------
    parts
        As of :func:`el`.
    """
    return Markup(
        "".join(
            part if isinstance(part, Markup) else escape(part) for part in parts if part is not None
        )
    )


def _attribute(key: str, value: object) -> str:
    # Names of SVG keep their capitals: viewBox.
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(value)}"'
