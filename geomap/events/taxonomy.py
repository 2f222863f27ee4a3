"""The event types as data: triggers, conditions, counter-patterns, geometry, codes.

The built-in types stand in ``lexicons/taxonomy.toml``; a user's own file of
the same form is merged over them.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geomap.errors import SettingsError
from geomap.events.taxonomy_file import check_tables, merged
from geomap.lexicons import rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geomap.records import PlaceRole

__all__ = ["CORE_TYPES", "EventType", "Taxonomy", "TriggerRule", "any_phrase", "load_taxonomy"]

CORE_TYPES = ("encirclement", "corridor", "strike", "talks")

# How much of an article must be about its own matter for paragraphs of another one not to count.
# Measured: at .55 two strange paragraphs change no event of the seeds (tests/meaning), for two
# more false core events in the development dispatches; at .67 five events of a seed are lost to
# the strange paragraphs.
OWN_SHARE = 0.55


# How a phrase begins that is written from the start of a word on.
_BEGINS_WORD = re.compile(r"\\b(?:\((?:\?:|\?P<\w+>)?)*[a-zA-Z\[]")


@dataclass(frozen=True, slots=True)
class TriggerRule:
    """Lemmas or a phrase that start an event when one of the needs holds.

    ``needs`` are rows of conditions, all of which must hold; with no rows the
    words suffice. ``phrase`` is ``None`` in a rule of lemmas.
    """

    lemmas: frozenset[str]
    pos: frozenset[str]
    phrase: re.Pattern[str] | None
    needs: tuple[tuple[str, ...], ...]
    plural: bool


@dataclass(frozen=True, slots=True)
class EventType:
    """One type of event."""

    name: str
    definition: str
    geometry: str
    place_role: PlaceRole
    selection: str
    carry: str
    peace: bool
    tried: bool
    peace_needs: tuple[tuple[str, ...], ...]
    codes: Mapping[str, str]
    triggers: tuple[TriggerRule, ...]
    counters: tuple[re.Pattern[str], ...]
    subtypes: Mapping[str, frozenset[str]]
    subtype_codes: Mapping[str, Mapping[str, str]]

    def codes_of(self, subtype: str | None) -> dict[str, str]:
        """Give the codes of a subtype: those of the type, less what it changes."""
        return {**self.codes, **self.subtype_codes.get(subtype or "", {})}


@dataclass(frozen=True, eq=False)
class Taxonomy:
    """All event types and the word classes their conditions use.

    Parameters
    ----------
    types
        By name, in the order of the file: where two types claim one word, the
        first has it.
    words
        Lower-case words by class.
    conditions
        Rows of needs by the name that stands for them.
    war_classes, further_war_class, fewest_war_words
        How many different words of which classes make an article one about
        fighting; those of the further class say so only together with others.
    domains
        Words of other matters, by domain.
    """

    types: Mapping[str, EventType]
    words: Mapping[str, frozenset[str]]
    conditions: Mapping[str, tuple[tuple[str, ...], ...]]
    war_classes: tuple[str, ...]
    further_war_class: str
    fewest_war_words: int
    domains: Mapping[str, frozenset[str]]

    @cached_property
    def by_lemma(self) -> Mapping[str, tuple[tuple[EventType, TriggerRule], ...]]:
        """The rules that a lemma may fulfil, in the order of the types."""
        found: dict[str, list[tuple[EventType, TriggerRule]]] = {}
        for kind in self.types.values():
            for rule in kind.triggers:
                for lemma in rule.lemmas:
                    found.setdefault(lemma, []).append((kind, rule))
        return {lemma: tuple(pairs) for lemma, pairs in found.items()}

    @cached_property
    def classes_of(self) -> Mapping[str, tuple[str, ...]]:
        """The classes of each word that has one."""
        found: dict[str, list[str]] = {}
        for name, members in self.words.items():
            for word in members:
                found.setdefault(word, []).append(name)
        return {word: tuple(names) for word, names in found.items()}

    @cached_property
    def phrases(self) -> tuple[tuple[EventType, TriggerRule, re.Pattern[str]], ...]:
        """The rules with a phrase, in the order of the types."""
        return tuple(
            (kind, rule, rule.phrase)
            for kind in self.types.values()
            for rule in kind.triggers
            if rule.phrase is not None
        )

    @cached_property
    def phrase_starts(self) -> re.Pattern[str]:
        """Matches, without any width, where one of the phrases may begin in a lower-case text.

        One search for all of them takes a tenth of the time of one for each.
        """
        every = any_phrase(self)
        # Whether a word begins is then asked once a letter, not once for each phrase.
        words = all(_BEGINS_WORD.match(part) for part in _alternatives(every))
        return _in_lower_case(rf"\b(?=\w)(?={every})" if words else f"(?={every})")

    @cached_property
    def any_counter(self) -> Mapping[str, re.Pattern[str]]:
        """By type, what matches a lower-case text wherever one of its counter-patterns may."""
        return {
            # Patterns with groups may refer to them by number: they are not joined.
            name: _in_lower_case(
                "" if any(c.groups for c in kind.counters)
                else "|".join(c.pattern for c in kind.counters) or "(?!)"
            )
            for name, kind in self.types.items()
        }  # fmt: skip

    def has_war_words(self, paragraphs: Sequence[frozenset[str]]) -> bool:
        """Tell whether an article has more words of fighting than of another matter.

        Paragraphs of another matter, without a word of weapons or troops, do not count unless
        they are the most of it: a note on the harvest at its end does not make a report of a
        siege one about trade.

        Parameters
        ----------
        paragraphs
            For each paragraph its lemmas and forms in lower case.
        """
        own = [
            words
            for words in paragraphs
            if not self.war_words.isdisjoint(words) or not self.peaceful_words(words)
        ]
        is_most = sum(map(len, own)) >= OWN_SHARE * sum(map(len, paragraphs))
        words = frozenset().union(*paragraphs)
        war = len(words & self.war_words)
        all_words = war + len(words & self.words[self.further_war_class])
        weighed = frozenset().union(*own) if is_most else words
        return all_words >= self.fewest_war_words and war >= self.peaceful_words(weighed)

    def peaceful_words(self, words: frozenset[str]) -> int:
        """Count the different words of the domain, other than war, that holds most of them."""
        return max((len(words & domain) for domain in self.domains.values()), default=0)

    @cached_property
    def for_peace(self) -> Taxonomy:
        """The types that happen also where no war is: without those that ``peace`` leaves out."""
        kept = {name: kind for name, kind in self.types.items() if kind.peace}
        return replace(self, types=kept)

    @cached_property
    def war_words(self) -> frozenset[str]:
        """The words that make an article one about fighting."""
        return frozenset().union(*(self.words[name] for name in self.war_classes))


def any_phrase(taxonomy: Taxonomy) -> str:
    """Give a regular expression that matches what one of the phrases matches.

    Parameters
    ----------
    taxonomy
        The event types.

    Returns
    -------
    str
        Without named groups; one that matches nothing when there are no phrases.
    """
    phrases = (re.sub(r"\(\?P<\w+>", "(?:", p.pattern) for _, _, p in taxonomy.phrases)
    return "|".join(phrases) or "(?!)"


def _alternatives(pattern: str) -> list[str]:
    """Cut a regular expression where it offers a choice, outside of brackets."""
    parts, depth = [""], 0
    for piece in re.findall(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", pattern, re.DOTALL):
        depth += (piece == "(") - (piece == ")")
        if piece == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _in_lower_case(pattern: str) -> re.Pattern[str]:
    """Compile a pattern for lower-case text: four times as fast as one for both cases."""
    cased = any(letter.isupper() for letter in re.sub(r"\\.", "", pattern))
    return re.compile(pattern, re.IGNORECASE if cased else 0)


@lru_cache(maxsize=8)
def load_taxonomy(path: str | None = None) -> Taxonomy:
    """Read the taxonomy that ships with geomap, a user's own merged over it.

    Parameters
    ----------
    path
        A TOML file of the form of ``geomap/lexicons/taxonomy.toml``; ``None``
        for the built-in types alone. See ``docs/taxonomy.md``.

    Returns
    -------
    Taxonomy
        In the order of the file, a user's new types last.

    Raises
    ------
    SettingsError
        When the file cannot be read, is not TOML, or holds what cannot be
        used; all faults in one message.

    Examples
    --------
    >>> list(load_taxonomy().types)[:4]
    ['encirclement', 'corridor', 'strike', 'talks']
    """
    data: Mapping[str, Any] = rules("taxonomy")
    if path is not None:
        data = merged(data, _read(path))
    faults = check_tables(data)
    if faults:
        msg = f"{path or 'taxonomy'}: {'; '.join(faults)}; see docs/taxonomy.md"
        raise SettingsError(msg)
    special = {"words", "conditions", "war", "domains"}
    return Taxonomy(
        types={name: _event_type(name, data[name]) for name in data if name not in special},
        words={name: frozenset(values) for name, values in data["words"].items()},
        conditions={name: _rows(rows) for name, rows in data["conditions"].items()},
        war_classes=tuple(data["war"]["classes"]),
        further_war_class=data["war"]["further"],
        fewest_war_words=data["war"]["fewest_words"],
        domains={name: frozenset(values) for name, values in data["domains"].items()},
    )


def _read(path: str) -> dict[str, Any]:
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as err:
        msg = f"{path}: the taxonomy cannot be read ({err.strerror}); give the path of a TOML file"
        raise SettingsError(msg) from err
    # Thousands of brackets, a number of thousands of digits, no TOML, no UTF-8.
    except (ValueError, RecursionError) as err:
        msg = f"{path}: the taxonomy is not TOML ({err}); see docs/taxonomy.md"
        raise SettingsError(msg) from err


def _rows(needs: list[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(need.split("+")) for need in needs)


def _event_type(name: str, table: Mapping[str, Any]) -> EventType:
    return EventType(
        name=name,
        definition=table["definition"],
        geometry=table["geometry"],
        place_role=table["place_role"],
        selection=table["selection"],
        carry=table.get("carry", "paragraph"),
        peace=table.get("peace", False),
        tried=table.get("tried", False),
        peace_needs=_rows(table.get("peace_needs", ["war_here"])),
        codes=table.get("codes", {}),
        triggers=tuple(_rule(rule) for rule in table["triggers"]),
        counters=tuple(
            re.compile(rf"\b{counter}", re.IGNORECASE) for counter in table.get("counters", ())
        ),
        subtypes={key: frozenset(values) for key, values in table.get("subtypes", {}).items()},
        subtype_codes=table.get("subtype_codes", {}),
    )


def _rule(rule: Mapping[str, Any]) -> TriggerRule:
    phrase = rule.get("phrase")
    return TriggerRule(
        lemmas=frozenset(rule.get("lemmas", ())),
        pos=frozenset(rule.get("pos", ())),
        phrase=re.compile(phrase, re.IGNORECASE) if phrase else None,
        needs=_rows(rule.get("needs", [])),
        plural=rule.get("plural", False),
    )
