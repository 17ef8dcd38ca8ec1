"""Show how a text was read: parse, frame, composition, why this status, why these actors (`annotate --explain`)."""

from __future__ import annotations

from datetime import date, datetime

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text
from rich.tree import Tree
from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from dateline.annotate.layers import layers_of
from dateline.annotate.nlp import make_doc
from dateline.types import EventMention, Party, TextInput

ROLE_STYLES = {"trigger": "bold yellow", "source": "bold cyan", "target": "bold magenta"}
DEEPEST = 30  # levels of a parse that are drawn


def explain(nlp: Language, text: str, console: Console, *, published: date | datetime | None = None) -> int:
    """Print, for each sentence that tells of an event (and each that almost does), how it was read. Return how many events."""
    from dateline.annotate.events.coder import readings

    doc = nlp(make_doc(nlp, TextInput(id="explained", text=text, published=published)))
    events = layers_of(doc).events
    near = {index for index, _ in readings(doc, relaxed=True)}
    for index, sentence in enumerate(doc.sents):
        mine = [event for event in events if event.sentence == index]
        if mine or index in near:
            console.print(_sentence(sentence, mine))
    if not events:
        console.print("no event was read in this text")
    return len(events)


def _sentence(sentence: Span, events: list[EventMention]) -> Panel:
    parts: list[Text | Table | Tree] = [_marked(sentence, events), _parse(sentence)]
    parts += [_event(sentence.doc, event) for event in events]
    if not events:
        parts.append(Text("words of frames stand here, but nobody who acts on somebody", style="dim"))
    return Panel(Group(*parts), title=f"{len(events)} event{'s' if len(events) != 1 else ''}", title_align="left")


def _marked(sentence: Span, events: list[EventMention]) -> Text:
    shown = Text(sentence.text)
    for event in events:
        for role, span in (("source", event.source), ("target", event.target), ("trigger", event.trigger)):
            if span is not None:
                start, end = span.start - sentence.start_char, span.end - sentence.start_char
                if 0 <= start < end <= len(sentence.text):
                    shown.stylize(ROLE_STYLES[role], start, end)
    return shown


def _parse(sentence: Span) -> Tree:
    tree = Tree(Text("parse", style="dim"))
    _branch(tree, sentence.root, 0)
    return tree


def _branch(tree: Tree, token: Token, depth: int) -> None:
    if depth > DEEPEST:
        return
    label = Text.assemble((token.dep_, "green"), " ", token.text, " ", (token.tag_, "dim"))
    branch = tree.add(label)
    for child in token.children:
        if not child.is_punct and not child.is_space:
            _branch(branch, child, depth + 1)


def _event(doc: Doc, event: EventMention) -> Table:
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    mode = f"/{event.mode}" if event.mode else ""
    table.add_row(
        Text(f"{event.event_type}{mode}", style="bold"),
        f"{event.modality}{', negated' if event.negated else ''}, {event.tense or 'no tense'}, "
        f"CAMEO {event.cameo}, Goldstein {event.goldstein}, confidence {event.confidence:.2f}, happening {event.happening}",
    )
    for number, step in enumerate((event.frame or "").split(" > ")):
        table.add_row("frame" if number == 0 else "composed by", step)
    for line in _why(doc, event):
        table.add_row("because", line)
    table.add_row("source", _party(event.source, event.reasons.get("source")))
    table.add_row("target", _party(event.target, event.reasons.get("target")))
    when = event.date
    table.add_row(
        "when",
        f"{when.from_} to {when.to} ({when.precision}), from {when.basis if isinstance(when.basis, str) else repr(when.basis.text)}"
        if when
        else f"unknown: {event.reasons.get('date')}",
    )
    where = event.place
    table.add_row(
        "where",
        f"{where.name or where.basis.text}, {where.country}, from {where.basis.text!r}"
        if where
        else f"unknown: {event.reasons.get('place')}",
    )
    table.add_row("who says so", event.attribution.text if event.attribution else "the text itself")
    table.add_row("contexts", ", ".join(event.contexts) or "none")
    return table


def _party(party: Party | None, reason: str | None) -> str:
    if party is None:
        return f"unknown: {reason or 'not named'}"
    if party.actor is None:
        return f"{party.text!r}: nobody we know ({party.reason})"
    actor = party.actor
    who = actor.name or "no name"
    return f"{party.text!r}: {who}, {actor.country or 'no country'} {'/'.join(actor.sectors)} ({party.reason})"


def _why(doc: Doc, event: EventMention) -> list[str]:
    """Return the coder's own words on type and status, kept beside the text for this view."""
    notes: dict[tuple[int, int, str], dict[str, str]] = doc.user_data.get("dateline_why", {})
    why = notes.get((event.trigger.start, event.trigger.end, event.event_type), {})
    return [f"{part}: {words}" for part, words in why.items()]
