"""Join the mentions of an article: short names, titles read from the text, role references, pronouns."""

from __future__ import annotations

from dateline.annotate.references.component import NAME, ReferencesComponent

__all__ = ["NAME", "ReferencesComponent"]
