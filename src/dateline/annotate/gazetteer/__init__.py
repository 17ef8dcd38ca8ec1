"""Offer the gazetteer: countries, their divisions, 235,000 cities and towns (GeoNames, CC BY 4.0), and our own patches.

`load_gazetteer()` reads the files that ship with the package; nothing is opened before it is called.
"""

from __future__ import annotations

from dateline.annotate.gazetteer.gazetteer import Gazetteer, PlaceEntry, load_gazetteer
from dateline.annotate.gazetteer.names import fold

__all__ = ["Gazetteer", "PlaceEntry", "fold", "load_gazetteer"]
