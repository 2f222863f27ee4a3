"""Files of event types: merging a user's own over the built-in, and finding their faults."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, get_args

from geomap.records import PlaceRole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["CONDITIONS", "GEOMETRIES", "IN_SENTENCE", "SELECTIONS", "check_tables", "merged"]

CARRIES = ("paragraph", "pointer", "none")
GEOMETRIES = ("ring", "line", "point")
SELECTIONS = ("target", "route", "venue", "arrival", "area")
# Conditions that look at a word class, and those that stand alone.
CLASS_CONDITIONS = (
    "near", "around", "article", "subject", "object", "of", "modifier", "below", "argument",
    "passive", "named", "object_head", "subject_head", "governor", "subject_of", "predicate", "before",
)  # fmt: skip
# Those that need a word of the class in the sentence itself.
IN_SENTENCE = frozenset(CLASS_CONDITIONS) - {"around", "article", "before"}
CONDITIONS = (
    "place", "object_place", "subject_place", "of_place", "modified_place", "target", "parties",
    "object_number", "object_counted", "subject_number", "counted", "occurs", "compound", "proper", "headline", "colon",
    "impact", "round_of_talks", "war", "here", "object_it", "subject_it", "subject_pronoun",
    "war_here", "on_place", "two_states", "round", "object_human", "aimed", "subject_state",
)  # fmt: skip
_SPECIAL = frozenset({"words", "conditions", "war", "domains", "remove"})
_PARTS_LISTED = ("ADJ", "ADV", "AUX", "NOUN", "PROPN", "VERB")


def merged(built_in: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Merge a user's tables over the built-in ones.

    Parameters
    ----------
    built_in, own
        Decoded TOML. ``own`` may name built-in types, new types, ``words``,
        ``conditions``, ``war``, and ``remove``, a list of types to drop.

    Returns
    -------
    dict
        Keys of a type replace those of the built-in one, ``add_triggers`` and
        ``add_counters`` are appended, words are added to their classes.

    Examples
    --------
    >>> merged({"words": {"aid": ["food"]}}, {"words": {"aid": ["tea"]}})
    {'words': {'aid': ['food', 'tea']}}
    """
    result = {name: dict(table) for name, table in built_in.items()}
    for name, table in own.items():
        if name == "remove":
            continue
        if not isinstance(table, dict):
            result[name] = table
        elif name in {"words", "domains"}:
            words = result.setdefault(name, {})
            for key, values in table.items():
                known = words.get(key, [])
                words[key] = [*known, *values] if _are_lists(known, values) else values
        else:
            result[name] = {**result.get(name, {}), **_appended(result.get(name, {}), table)}
    removed = own.get("remove", [])
    if not isinstance(removed, list):
        return {**result, "remove": removed}
    return {
        name: table for name, table in result.items() if name not in removed or name in _SPECIAL
    }


def _appended(before: Mapping[str, Any], table: Mapping[str, Any]) -> dict[str, Any]:
    plain = {key: value for key, value in table.items() if not key.startswith("add_")}
    for key in ("triggers", "counters"):
        if f"add_{key}" in table:
            added, kept = table[f"add_{key}"], plain.get(key, before.get(key, []))
            # What is no list stays as it is, for check_tables to tell.
            plain[key] = [*kept, *added] if _are_lists(kept, added) else added
    return plain


def _are_lists(*values: Any) -> bool:
    return all(isinstance(value, list) for value in values)


def check_tables(data: Mapping[str, Any]) -> list[str]:
    """List what cannot be used in a taxonomy.

    Parameters
    ----------
    data
        The merged tables.

    Returns
    -------
    list of str
        One sentence a fault; empty when all is well.
    """
    faults = [f"{name} is no table" for name, table in data.items() if not isinstance(table, dict)]
    if "remove" in data:
        faults = [f"remove is {data['remove']!r}, expected a list of names of types"]
    faults += [
        f"[{name}] is missing, expected it as the built-in file has it"
        for name in ("words", "conditions", "war", "domains")
        if name not in data
    ]
    if faults:
        return faults
    for name in ("words", "domains"):
        for key, values in data[name].items():
            faults += _words_faults(f"{name}.{key}", values)
    faults += _war_faults(data["war"], data["words"])
    for name, table in data.items():
        if name == "conditions":
            for key, needs in table.items():
                faults += _needs_faults(f"conditions.{key}", needs, data)
        elif name not in _SPECIAL:
            faults += _type_faults(name, table, data)
    return faults


def _words_faults(where: str, values: Any) -> Iterator[str]:
    if not isinstance(values, list) or not all(isinstance(word, str) for word in values):
        yield f"{where} is no list of words"


def _war_faults(war: Mapping[str, Any], words: Mapping[str, Any]) -> Iterator[str]:
    classes = war.get("classes")
    if not isinstance(classes, list) or not all(
        isinstance(one, str) and one in words for one in classes
    ):
        yield f"war.classes is {classes!r}, expected names of classes in [words]"
    further, fewest = war.get("further"), war.get("fewest_words")
    if not isinstance(further, str) or further not in words:
        yield f"war.further is {further!r}, expected the name of a class in [words]"
    if not isinstance(fewest, int):
        yield f"war.fewest_words is {fewest!r}, expected a whole number"


def _type_faults(name: str, table: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[str]:
    yield from _value_faults(name, table)
    yield from _coded_faults(name, table)
    yield from _needs_faults(f"{name}.peace_needs", table.get("peace_needs", []), data)
    counters = table.get("counters", [])
    if not isinstance(counters, list):
        yield f"{name}.counters is {counters!r}, expected a list of regular expressions"
    else:
        for counter in counters:
            yield from _pattern_faults(f"{name}.counters", counter)
    triggers = table.get("triggers")
    if not isinstance(triggers, list) or not triggers:
        yield f"{name}.triggers is missing, expected at least one table with lemmas or phrase"
        return
    for number, rule in enumerate(triggers):
        yield from _rule_faults(f"{name}.triggers[{number}]", rule, data)


def _value_faults(name: str, table: Mapping[str, Any]) -> Iterator[str]:
    """Tell which single values are none of those that may stand there."""
    choices = {"geometry": GEOMETRIES, "selection": SELECTIONS, "place_role": get_args(PlaceRole)}
    for key, options in choices.items():
        if table.get(key) not in options:
            yield f"{name}.{key} is {table.get(key)!r}, expected one of {', '.join(options)}"
    if table.get("carry", "paragraph") not in CARRIES:
        yield f"{name}.carry is {table['carry']!r}, expected one of {', '.join(CARRIES)}"
    if not isinstance(table.get("definition"), str):
        yield f"{name}.definition is missing, expected one sentence"
    for key in ("peace", "tried"):
        if not isinstance(table.get(key, False), bool):
            yield f"{name}.{key} is {table[key]!r}, expected true or false"


def _coded_faults(name: str, table: Mapping[str, Any]) -> Iterator[str]:
    """Tell what is wrong with codes, subtypes, and codes of subtypes."""
    for key in ("codes", "subtypes", "subtype_codes"):
        if not isinstance(table.get(key, {}), dict):
            yield f"{name}.{key} is {table[key]!r}, expected a table"
            return
    tables = {
        f"{name}.subtype_codes.{key}": one for key, one in table.get("subtype_codes", {}).items()
    }
    for where, codes in {f"{name}.codes": table.get("codes", {}), **tables}.items():
        if not isinstance(codes, dict) or not all(isinstance(one, str) for one in codes.values()):
            yield f"{where} is {codes!r}, expected names and codes"
    for key, values in table.get("subtypes", {}).items():
        yield from _words_faults(f"{name}.subtypes.{key}", values)


def _rule_faults(where: str, rule: Any, data: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(rule, dict) or ("lemmas" in rule) == ("phrase" in rule):
        yield f"{where} needs either lemmas or phrase"
        return
    parts = rule.get("pos", [])
    known = isinstance(parts, list) and all(part in _PARTS_LISTED for part in parts)
    if not known or ("lemmas" in rule and not parts):
        yield f"{where}.pos is {rule.get('pos')!r}, expected some of {', '.join(_PARTS_LISTED)}"
    if "lemmas" in rule:
        yield from _words_faults(f"{where}.lemmas", rule["lemmas"])
    if "phrase" in rule:
        yield from _pattern_faults(f"{where}.phrase", rule["phrase"])
    if not isinstance(rule.get("plural", False), bool):
        yield f"{where}.plural is {rule['plural']!r}, expected true or false"
    yield from _needs_faults(f"{where}.needs", rule.get("needs", []), data)


def _pattern_faults(where: str, pattern: Any) -> Iterator[str]:
    if not isinstance(pattern, str) or not pattern:
        yield f"{where} {pattern!r} is no regular expression, expected a text"
        return
    try:
        re.compile(pattern)
    # A number of repetitions that is too great, brackets that are too deep.
    except (re.error, OverflowError, RecursionError) as err:
        yield f"{where} {pattern!r} is no regular expression ({err})"


def _needs_faults(where: str, needs: Any, data: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(needs, list) or not all(isinstance(need, str) for need in needs):
        yield f"{where} is {needs!r}, expected a list of conditions"
        return
    for need in needs:
        for part in need.split("+"):
            name, _, words = part.removeprefix("no:").partition(":")
            if words and words not in data.get("words", {}):
                yield f"{where}: {part!r} names the word class {words!r}, which is not in [words]"
            known = CLASS_CONDITIONS if words else (*CONDITIONS, *data.get("conditions", {}))
            if name not in known:
                yield f"{where}: {part!r} is no condition, expected one of {', '.join(known)}"
