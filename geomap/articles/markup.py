"""XML from strangers: parsed without entities, document types, network or great trees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geomap.articles.archives import PACKED_ERRORS
from geomap.articles.failures import SourceError, parse_error

if TYPE_CHECKING:
    import zipfile

__all__ = ["parse_xml", "zipped_xml"]


def parse_xml(data: bytes, *, name: str) -> Any:
    """Parse an XML document.

    Parameters
    ----------
    data
        The document.
    name
        What to call it in an error.

    Returns
    -------
    lxml.etree._Element
        Its root. Entities that a document declares are never expanded, and
        nothing it points to is opened.

    Raises
    ------
    SourceError
        When it is no XML, or declares entities.
    """
    from lxml import etree  # noqa: PLC0415 - with the first document

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as err:
        raise parse_error(name, err, kind="XML") from err
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        reason = "declares XML entities, as an attack does"
        raise SourceError(name, reason, "leave it out, or save it anew", stage="parse")
    return root


def zipped_xml(archive: zipfile.ZipFile, member: str, *, name: str, most_bytes: int) -> Any:
    """Parse an XML member of a document that is a ZIP archive.

    Parameters
    ----------
    archive
        Of :func:`~geomap.articles.archives.open_zip`.
    member
        Its name.
    name
        What to call the document in an error.
    most_bytes
        Largest size of the member.

    Returns
    -------
    lxml.etree._Element or None
        The root; ``None`` when there is no such member.

    Raises
    ------
    SourceError
        When it is damaged or larger.
    """
    try:
        info = archive.getinfo(member)
    except KeyError:
        return None
    if info.file_size > most_bytes:
        reason = f"holds {member} of {info.file_size:,} bytes, more than {most_bytes:,}"
        hint = "cut it, or raise max_xml_bytes under [reading] in the settings"
        raise SourceError(name, reason, hint, stage="parse")
    try:
        data = archive.read(info)
    except PACKED_ERRORS as err:
        raise parse_error(name, err, kind="a ZIP archive") from err
    return parse_xml(data, name=name)
