"""Know who can act: the registry of actors, agents without a name, and the component that finds both in a text."""

from __future__ import annotations

from dateline.annotate.actors.component import NAME, ActorsComponent
from dateline.annotate.actors.phrases import resolve_phrase
from dateline.annotate.actors.registry import Registry, load_registry

__all__ = ["NAME", "ActorsComponent", "Registry", "load_registry", "resolve_phrase"]
