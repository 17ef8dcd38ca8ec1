"""Read the passages whose sides are asked for by country, and count what of them the coder reads.

`python -m tests.passages [--list]` shows the shares and what is missed. Columns of `data/passages.tsv`, by tabs: the text;
words of it that tell of the event; its types, alternatives by `|` (`-`: nothing is told there); its modality, with
` negated` after it where it is; the sides, `SOURCE>TARGET`, countries by `|`, `-` for none, `?` for anything.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dateline.annotate.events.tables import read_rows
from dateline.annotate.layers import layers_of
from dateline.annotate.nlp import make_doc
from dateline.types import TextInput
from tests.events_nlp import loaded

TABLE = Path(__file__).parent / "data" / "passages.tsv"
COLUMNS = ("text", "trigger", "event", "modality", "sides")
PUBLISHED = datetime(2024, 5, 17, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Asked:
    """Be one event that is asked for."""

    line: int
    text: str
    trigger: str
    types: frozenset[str]
    modality: str
    source: frozenset[str | None] | None  # None: anything
    target: frozenset[str | None] | None


def asked():
    """Return the events asked for. Raises RulesError where a line is wrong."""
    found = []
    for row in read_rows(TABLE.read_text(encoding="utf-8"), TABLE.name, COLUMNS):
        source, _, target = row["sides"].partition(">")
        if row["trigger"].casefold() not in row["text"].casefold():
            raise row.wrong(f"the text has no {row['trigger']!r}")
        types = frozenset(part for part in row["event"].split("|") if part)
        found.append(
            Asked(
                row.line,
                row["text"],
                row["trigger"],
                types,
                row["modality"] or "asserted",
                _side(source),
                _side(target),
            )
        )
    return found


def _side(cell):
    parts = cell.strip().split("|")
    return None if "?" in parts else frozenset(part if part not in {"", "-"} else None for part in parts)


def read(lines=None):
    """Yield each line with whether it is read, whether its sides are right too, and what was coded."""
    lines = lines or asked()
    nlp = loaded()
    texts = list(dict.fromkeys(line.text for line in lines))
    docs = [make_doc(nlp, TextInput(id=str(n), text=text, published=PUBLISHED)) for n, text in enumerate(texts)]
    coded = {text: layers_of(doc).events for text, doc in zip(texts, nlp.pipe(docs, batch_size=64), strict=True)}
    for line in lines:
        there = [event for event in coded[line.text] if _touches(line, event)]
        if not line.types:
            ok = not any(e.modality == "asserted" and not e.negated for e in there)
            yield line, ok, ok, coded[line.text]
            continue
        right = [e for e in there if e.event_type in line.types and _status(e) == line.modality]
        whole = [e for e in right if _stands(line.source, e.source) and _stands(line.target, e.target)]
        yield line, bool(right), bool(whole), coded[line.text]


def _status(event):
    return event.modality + (" negated" if event.negated else "")


def _touches(line, event):
    text, words, at = line.text.casefold(), line.trigger.casefold(), -1
    while (at := text.find(words, at + 1)) >= 0:
        if event.trigger.start < at + len(words) and at < event.trigger.end:
            return True
    return False


def _country(party):
    return party.actor.country if party is not None and party.actor is not None else None


def _stands(wanted, party):
    return wanted is None or _country(party) in wanted


def shown(event):
    """Return one line that says how an event was read."""
    sides = " > ".join(f"{_country(p)}[{p.text}: {p.reason}]" if p else "-" for p in (event.source, event.target))
    return f"{event.event_type}/{event.mode or ''} {_status(event)} “{event.trigger.text}” {sides} ({event.frame})"


def main():
    """Show the shares, with `--list` also what is missed."""
    found = list(read())
    for line, ok, whole, events in found:
        if not whole and "--list" in sys.argv:
            sys.stdout.write(f"{'SIDES' if ok else 'MISSED'} {line.line}: {line.text}\n")
            wanted = (sorted(map(str, s)) if s is not None else "?" for s in (line.source, line.target))
            sys.stdout.write(
                f"   want {sorted(line.types)} {line.modality} “{line.trigger}” {' > '.join(map(str, wanted))}\n"
            )
            sys.stdout.writelines(f"   got  {shown(event)}\n" for event in events)
    read_, whole = sum(ok for _, ok, _, _ in found), sum(w for _, _, w, _ in found)
    sys.stdout.write(f"{len(found)} events: read {read_}, sides {whole}\n")


if __name__ == "__main__":
    main()
