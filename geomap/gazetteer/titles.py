"""Words beside a name that say what it is, not which: "city of", "с.", "смт", "district"."""

from __future__ import annotations

import re

__all__ = ["without_title"]

# English news; Ukrainian (DSTU 3582) and Russian abbreviations of kinds of settlement.
_BEFORE = re.compile(
    r"^(?:(?:the\s+)?(?:city|town|village|settlement|hamlet|port)\s+of\s+|"
    r"(?:city|town|village|settlement)\s+|"
    r"(?:місто|м\.|село|с\.|селище|с-ще|смт\.?|хутір|город|гор\.|г\.|деревня|дер\.|д\.|пос[её]лок|"
    r"пос\.|п\.|пгт\.?|хутор|х\.)\s*)(?=[A-ZА-ЯІЇЄҐЁ'’])",
    re.IGNORECASE,
)
# What lies in, around or beside the place of the name is looked for there: "Svatove road" is the
# road at Svatove. Not "street": those are named after places elsewhere.
_BEHIND = re.compile(
    r"\s+(?:city|town|village|township|community|municipality|district|quarter|suburb|"
    r"neighbou?rhood|area|sector|road|highway)$",
    re.IGNORECASE,
)


def without_title(name: str) -> str | None:
    """Leave the kind of settlement out of a name.

    Parameters
    ----------
    name
        As the text has it.

    Returns
    -------
    str or None
        The bare name; ``None`` where there is nothing to leave out.

    Examples
    --------
    >>> without_title("the city of Kharkiv"), without_title("с. Андріївка"), without_title("Izium")
    ('Kharkiv', 'Андріївка', None)
    >>> without_title("Svatove road"), without_title("Kupiansk district")
    ('Svatove', 'Kupiansk')
    """
    bare = _BEHIND.sub("", _BEFORE.sub("", name.strip()))
    return bare if bare and bare != name.strip() and bare[0].isupper() else None
