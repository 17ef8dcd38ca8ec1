"""Check, explain and measure the frames: `dateline frames check|explain|coverage|codebook`."""

from __future__ import annotations

import json
import sys
from collections import Counter

import typer
from rich.console import Console
from rich.table import Table

app = typer.Typer(name="frames", help="The tables that the event coder reads by.", no_args_is_help=True)
TOP = 30  # words that `coverage` shows


@app.command()
def check(json_out: bool = typer.Option(False, "--json", help="Print the failures as JSON Lines.")) -> None:
    """Load every table, read every example sentence, and say which is not read as its row says.

    Exit 0: all are; 1: some are not; 2: a line of a table is wrong.
    """
    from dateline.annotate.events.check import examples, failures
    from dateline.annotate.events.frames import frames
    from dateline.annotate.events.outer import outers
    from dateline.annotate.nlp import load_nlp

    wanted = list(examples())
    found = failures(load_nlp())
    console = Console()
    for failure in found:
        example = failure.example
        if json_out:
            line = {"table": example.table, "line": example.line, "sentence": example.sentence, "got": failure.got}
            typer.echo(json.dumps(line, ensure_ascii=False))
            continue
        console.print(f"[red]{example.table}:{example.line}[/red] {example.sentence}", highlight=False)
        kind = f"{example.event_type or 'any type'}{'/' + example.mode if example.mode else ''} {example.modality}"
        console.print(f"    wanted {kind}: {example.source} > {example.target}", highlight=False)
        console.print(f"    got    {'; '.join(failure.got) or 'nothing'}", highlight=False)
    if not json_out:
        senses = f"{len(frames())} frames and {len(outers())} outer predicates"
        console.print(f"{senses}; {len(wanted) - len(found)} of {len(wanted)} examples read as their rows say")
    raise typer.Exit(int(bool(found)))


@app.command()
def explain(word: str = typer.Argument(help="A verb or noun, in any form, or a word of a class (`@talks`).")) -> None:
    """Show every sense of a word: what it needs, where source and target stand, what it tells of, with its example."""
    from dateline.annotate.events.frames import frames_of
    from dateline.annotate.events.lexicon import noun_table, verb_table
    from dateline.annotate.events.outer import outers_of, rules
    from dateline.annotate.events.tables import classes

    console = Console()
    if word.startswith("@"):
        members = classes().get(word[1:])
        if members is None:
            console.print(f"no class {word}; there are: {' '.join('@' + name for name in sorted(classes()))}")
            raise typer.Exit(1)
        console.print(" ".join(sorted(members)), highlight=False)
        return
    form = word.lower()
    table = Table("sense", "needs", "source", "target", "tells of", "example", title=f"{word}")
    for pos, lemma in (("verb", verb_table().get(form, form)), ("noun", noun_table().get(form, form))):
        for frame in frames_of().get((lemma, pos), ()):
            needs = " ".join(
                f"{'!' if need.absent else ''}{need.place}{':~' if need.unlike else ':' if need.words else ''}"
                f"{_shown(need.words)}"
                for need in frame.needs
            )
            tells = f"{frame.event_type}{'/' + frame.mode if frame.mode else ''} {frame.cameo}"
            target = ",".join((*frame.target, *(("both",) if frame.both else ())))
            table.add_row(
                f"{' '.join(frame.words)} ({pos})", needs, ",".join(frame.source), target, tells, frame.example
            )
    for pos in ("verb", "noun", "adj"):
        lemma = (
            verb_table().get(form, form) if pos == "verb" else noun_table().get(form, form) if pos == "noun" else form
        )
        for outer in outers_of().get((lemma, pos), ()):
            makes = sorted({f"{rule.event_type}" for rule in rules() if rule.cls == outer.cls})
            table.add_row(
                f"{' '.join(outer.words)} ({pos})",
                f"an act in {','.join(outer.inner)}",
                "",
                "",
                f"{outer.cls}: {' '.join(makes).replace('=', 'the act itself')}",
                outer.example,
            )
    if not table.row_count:
        console.print(f"no frame knows {word!r}")
        raise typer.Exit(1)
    console.print(table)


def _shown(words: frozenset[str] | None) -> str:
    if not words:
        return ""
    listed = sorted(words)
    return "|".join(listed[:6]) + ("|…" if len(listed) > 6 else "")  # noqa: PLR2004 (enough to know the class by)


@app.command()
def coverage(limit: int = typer.Option(TOP, help="Words to show.")) -> None:
    """Read texts (lines, or JSON Lines with `text`) from standard input and count what the frames read and miss.

    Shows the verbs that stand between two actors and are in no frame: what to add first.
    """
    from dateline.annotate.events.coverage import count
    from dateline.annotate.nlp import load_nlp

    read, missed, sentences, with_event = count(load_nlp(), (_text(line) for line in sys.stdin if line.strip()))
    console = Console()
    share = f"{with_event / sentences:.0%}" if sentences else "none"
    console.print(f"{sentences} sentences, {share} with an event; {sum(read.values())} events")
    _columns(console, "types read", read, limit)
    _columns(console, "verbs between two actors that no frame reads", missed, limit)


def _text(line: str) -> str:
    try:
        found = json.loads(line)
    except ValueError:
        return line
    return str(found.get("text", "")) if isinstance(found, dict) else line


def _columns(console: Console, title: str, counts: Counter[str], limit: int) -> None:
    table = Table("word", "times", title=title)
    for word, times in counts.most_common(limit):
        table.add_row(word, str(times))
    console.print(table)


@app.command()
def codebook() -> None:
    """Print the page that explains every type, mode and context, each with a sentence: docs/codebook-types.md."""
    from dateline.annotate.events.codebook import page

    typer.echo(page(), nl=False)
