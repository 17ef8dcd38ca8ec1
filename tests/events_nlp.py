"""Load the whole pipeline once for all tests of the event coder."""

from __future__ import annotations

from functools import cache

import pytest
from spacy.language import Language

from dateline.annotate.nlp import load_nlp


@cache
def loaded() -> Language:
    return load_nlp()


@pytest.fixture(scope="session")
def event_nlp() -> Language:
    return loaded()
