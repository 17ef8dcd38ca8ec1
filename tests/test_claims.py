"""Read who says that he did it: the act is the event, and whoever claims or admits it is its source and its authority."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dateline.annotate.layers import layers_of
from dateline.annotate.nlp import make_doc
from dateline.types import TextInput
from tests.events_nlp import loaded

PUBLISHED = datetime(2024, 5, 17, 8, 0, tzinfo=UTC)
CLAIMS = [
    ("Al-Shabab claimed responsibility for the bombing of the barracks in Mogadishu.", "SOM"),
    ("Al-Shabab took credit for the attack on the base in Somalia.", "SOM"),
    ("Responsibility for the attack in Nairobi was claimed by al-Shabab.", "SOM"),
    ("The ELN guerrillas took responsibility for the attack on the pipeline in Colombia.", "COL"),
    ("Boko Haram has claimed responsibility for the abduction of the girls in Chibok.", "NGA"),
    ("Hamas claimed to have fired the rockets at Ashkelon.", "PSE"),
    ("The Taliban claimed the attack on the bank in Kabul.", "AFG"),
    ("The Taliban said it had carried out the attack on the hotel in Kabul.", "AFG"),
    ("Israel acknowledged that it had bombed the reactor in Syria.", "ISR"),
    ("Tripoli admitted responsibility for the bombing of the French airliner.", "LBY"),
    ("The Serbian government owned up to the massacre of the villagers.", "SRB"),
    ("The Kenyan army admitted that its soldiers had killed three fishermen.", "KEN"),
    ("Moscow confessed to the murder of the Polish officers.", "RUS"),
]
NO_CLAIMS = [
    "No group has claimed responsibility for the bombing.",
    "The Taliban denied responsibility for the bombing in Kabul.",
    "The Naxalites claimed responsibility.",
]


def _events(text: str):
    doc = loaded()(make_doc(loaded(), TextInput(id="claim", text=text, published=PUBLISHED, language="en")))
    return layers_of(doc).events


@pytest.mark.model
@pytest.mark.parametrize(("text", "claimant"), CLAIMS, ids=lambda value: value[:40])
def test_the_act_is_the_event_and_the_claimant_says_so(text, claimant):
    (event,) = _events(text)
    assert (event.event_type, event.modality, event.negated) == ("ASSAULT", "asserted", False)
    assert event.source.actor.country == claimant
    assert event.attributed_to.country == claimant


@pytest.mark.model
@pytest.mark.parametrize("text", NO_CLAIMS)
def test_no_act_is_told_where_nobody_claims_one(text):
    assert not [event for event in _events(text) if event.event_type == "ASSAULT"]
