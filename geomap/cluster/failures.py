"""Failures: articles that were not extracted, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geomap.records import fields_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

__all__ = ["Failure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An article that could not be read or extracted; the others went on.

    Parameters
    ----------
    origin
        Where it was read, or its id.
    stage
        What was being done: ``"extract"``, ``"worker"`` where workers died of it.
    reason, hint
        Why, and what to do; a line each.
    id
        Of the article.
    """

    origin: str
    stage: str
    reason: str
    hint: str
    id: str | None = None

    @property
    def message(self) -> str:
        """All of it in one line."""
        return f"{self.origin}: {self.reason}; {self.hint}"

    def fields(self) -> dict[str, Any]:
        """Give the fields by name, for JSON."""
        return fields_of(self)

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> Self:
        """Make a failure of fields by name; others are left out."""
        return cls(**{name: fields[name] for name in cls.__dataclass_fields__})
