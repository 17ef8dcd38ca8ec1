"""Look at and add to the list of actors: `dateline actors lookup|check|export|import`."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from dateline.errors import UserError
from dateline.settings import OWN_ACTORS, load_settings

app = typer.Typer(name="actors", help="Who can act: the registry, and what you add to it.", no_args_is_help=True)

Day = typer.Option(None, "--date", help="As of this day (YYYY-MM-DD).", formats=["%Y-%m-%d"])


@app.command()
def lookup(
    phrase: str = typer.Argument(help="A name or a noun phrase: 'Ban Ki-moon', 'Iraqi soldiers'."),
    on: datetime | None = Day,
    context: str | None = typer.Option(None, "--context", help="The sentence or article round the phrase."),
    json_out: bool = typer.Option(False, "--json", help="Print JSON."),
) -> None:
    """Say who a phrase means, and show the registry's entry: names, offices and dates.

    Example: dateline actors lookup "Mario Draghi" --date 2015-07-01
    """
    from dateline.annotate.actors.phrases import resolve_phrase
    from dateline.annotate.actors.registry import load_registry
    from dateline.annotate.records import to_json

    extra = load_settings().own_actors
    day = on.date() if on else None
    found = resolve_phrase(phrase, date=day, context=context, extra=extra)
    if json_out:
        typer.echo(json.dumps(to_json(found), ensure_ascii=False))
        return
    console = Console(highlight=False)
    actor = found.actor
    if actor is None:
        console.print(f"nobody known: {found.reason}")
        raise typer.Exit(1)
    console.print(f"{actor.name or '(no name)'}  {actor.country or '-'}  {' '.join(actor.sectors) or '-'}")
    console.print(f"[dim]{found.reason}[/dim]")
    if actor.id is None:
        return
    registry = load_registry(extra)
    names = dict.fromkeys(alias.alias for alias in registry.aliases() if alias.actor_id == actor.id)
    console.print(f"id {actor.id}; also written {', '.join(names)}")
    roles = registry.roles_of(actor.id)
    if roles:
        table = Table("office", "country", "sectors", "from", "to")
        for role in sorted(roles, key=lambda role: role.from_ or date.min):
            first, last = role.from_ or "", role.to or ""
            table.add_row(role.office, role.country or "", " ".join(role.sectors), str(first), str(last))
        console.print(table)


@app.command()
def check(folder: Path | None = typer.Argument(None, help="A folder with your own CSV files.")) -> None:
    """Load every table and look for what makes no sense: overlapping terms, unknown countries, actors without names.

    Exit 0: all is well; 1: something makes no sense; 2: a line of a table is wrong.
    """
    from dateline.annotate.actors.check import findings
    from dateline.annotate.actors.lexicon import load_lexicon
    from dateline.annotate.actors.registry import load_registry
    from dateline.annotate.actors.whereabouts import load_gazette

    load_lexicon()
    load_gazette()
    registry = load_registry(folder or load_settings().own_actors)
    wrong = list(findings(registry))
    console = Console(highlight=False)
    for line in wrong:
        console.print(f"[red]{line}[/red]")
    counts = [sum(1 for _ in entries) for entries in (registry.actors(), registry.aliases(), registry.roles())]
    console.print(f"{counts[0]} actors, {counts[1]} aliases, {counts[2]} roles; version {registry.version}")
    raise typer.Exit(int(bool(wrong)))


@app.command()
def export(folder: Path = typer.Argument(help="Where to write actors.csv, aliases.csv and roles.csv.")) -> None:
    """Write the registry as three CSV files, with what you added."""
    from dateline.annotate.actors.additions import write_csv
    from dateline.annotate.actors.registry import load_registry

    registry = load_registry(load_settings().own_actors)
    write_csv(folder, registry.actors(), registry.aliases(), registry.roles())
    Console(highlight=False).print(f"wrote {folder}/actors.csv, aliases.csv and roles.csv; version {registry.version}")


@app.command("import")
def import_(folder: Path = typer.Argument(help="A folder with actors.csv, aliases.csv or roles.csv.")) -> None:
    """Add your own actors, aliases and roles. They are checked first; a wrong line is named and nothing is changed.

    Example of actors.csv: id,name,kind,country,sectors,wikidata,source
                           usa.jane-doe,Jane Doe,person,USA,GOV,,
    """
    import shutil

    from dateline.annotate.actors.registry import read_registry

    files = [folder / name for name in ("actors.csv", "aliases.csv", "roles.csv") if (folder / name).is_file()]
    if not files:
        raise UserError(f"{folder} holds none of actors.csv, aliases.csv, roles.csv", code="nothing_to_import")
    registry = read_registry(folder)
    home = load_settings().home / OWN_ACTORS
    home.mkdir(parents=True, exist_ok=True)
    for path in files:
        if path.resolve() != (home / path.name).resolve():
            shutil.copyfile(path, home / path.name)
    Console(highlight=False).print(
        f"added {', '.join(path.name for path in files)} to {home}; version {registry.version}"
    )
