"""Invented articles on three happenings, three outlets each, for the tests of grouping."""

from __future__ import annotations

QUAKE = (
    """A strong earthquake shook the coast near Port Almeda on Monday, damaging dozens of houses in the fishing district of Tarval and sending residents running into the streets. The national seismic service in Belmora put the magnitude at 6.1 and the depth at 14 kilometres.
Mayor Irena Kostas said that nobody had been killed, but that 43 people were being treated at the Saint Orla hospital, most of them for cuts and broken bones.
The harbour of Port Almeda was closed after cracks appeared in its eastern pier. Rescue teams from Belmora were on their way with tents and generators, the civil protection agency said.
It was the strongest earthquake in the province of Sandrel since 1987, when a tremor of magnitude 6.4 destroyed the old lighthouse.""",
    """PORT ALMEDA - Forty-three people were hurt when a magnitude 6.1 earthquake struck the Sandrel coast on Monday afternoon, officials said.
Houses in Tarval, the old fishing quarter, lost roofs and chimneys. "The ground moved like water," said Pavel Dorin, a baker, standing in front of his ruined shop.
Irena Kostas, the mayor of Port Almeda, asked people to spend the night outdoors because of aftershocks. The port's eastern pier was closed to ships.
The seismic service in Belmora recorded nine aftershocks by evening, the largest of magnitude 4.7.""",
    """Residents of Port Almeda spent a cold night in tents after Monday's earthquake, which injured 43 people and cracked the pier of the town's harbour.
Civil protection workers handed out blankets in Tarval, where engineers were checking house after house. Mayor Irena Kostas said schools would stay closed until Thursday.
Belmora promised 20 million marks for repairs in Sandrel province. The magnitude 6.1 tremor was felt as far as the capital.""",
)
QUAKE_LATER = (
    """An earthquake of magnitude 5.2 was felt in Port Almeda on Tuesday, four months after a stronger one damaged the fishing district of Tarval. No one was hurt, Mayor Irena Kostas said.
The seismic service in Belmora said that the tremor was not an aftershock. Schools in Sandrel province were evacuated for an hour as a precaution, and the harbour stayed open.""",
)
STRIKE = (
    """Train drivers in Norvania walked out at midnight after talks over a new wage contract collapsed, leaving hundreds of thousands of commuters without service on Monday.
The drivers' union ULF, led by Marta Vess, is asking for nine per cent more pay and shorter night shifts. The state railway Norrail had offered four per cent over two years.
"Management has not moved for six weeks," Vess told reporters outside the ministry of transport in Grenholm. Norrail's chief executive, Tom Ahlberg, called the strike irresponsible and said he was ready to talk at any hour.
Transport minister Lena Brandt ruled out a government order to end the walkout. The strike is to last 72 hours.""",
    """GRENHOLM - Platforms were deserted across Norvania on Monday as a 72-hour strike by train drivers began, the longest in thirty years.
Norrail ran only one in ten long-distance trains, with buses replacing some regional lines. Tom Ahlberg, who heads the company, urged the ULF union to come back to the table.
Marta Vess, its chairwoman, said the drivers would not return for four per cent. They want nine. Lena Brandt, the transport minister, appealed to both sides.""",
    """Freight is piling up at Norvania's ports as the train drivers' strike enters its second day, industry groups warned. The walkout called by the ULF union over pay has stopped nine of ten Norrail trains.
Union leader Marta Vess said that more than 8,000 drivers had joined. Minister Lena Brandt met Tom Ahlberg of Norrail in Grenholm on Tuesday, without result.""",
)
HARBOUR = (
    """The government of Ostmark and the Republic of Karelle signed a fisheries treaty in the harbour town of Lysen on Monday, ending eleven years of dispute over the Vanter shoals.
Under the treaty, boats from both countries may take 60,000 tonnes of herring a year, watched by a joint commission. Foreign ministers Anders Holm and Sofia Reuel signed on board a research ship.
Fishermen in Lysen, whose nets were seized by Karelle's coast guard in 2015, greeted the agreement with relief.""",
    """Anders Holm and Sofia Reuel, the foreign ministers of Ostmark and Karelle, have put their names to a treaty that shares the herring of the Vanter shoals between the two states.
The ceremony in Lysen on Monday closes a quarrel that began in 2013 and saw boats rammed and nets cut. A joint commission will set the yearly catch, at first 60,000 tonnes.""",
)


def reprint(body: str) -> str:
    """Return the text as another outlet prints it: a line of its own before and after."""
    return "From our news desk, with agency material.\n" + body + "\nThis report is being updated."


def shortened(body: str, keep: float = 0.7) -> str:
    """Return the text cut at the end."""
    words = body.split(" ")
    return " ".join(words[: int(len(words) * keep)])
