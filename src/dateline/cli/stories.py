"""Offer `dateline stories`: what is counted as one story, and why; and a person's word on it, which can be taken back."""

from __future__ import annotations

import getpass
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.style import Style
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from dateline.store.story_rows import MemberRow, StoryRow, StoryView

app = typer.Typer(
    name="stories",
    help="Articles about one happening: look at a story, join, split, and take a merge back.",
    no_args_is_help=True,
)

WHO = typer.Option(None, "--who", help="Who decides; your user name unless given.")
REASON = typer.Option(None, "--reason", help="Why; it stays on record.")
JSON = typer.Option(False, "--json", help="JSON.")


@app.command("list")
def list_(
    since: datetime = typer.Option(None, formats=["%Y-%m-%d"], help="First day of publication."),
    until: datetime = typer.Option(None, formats=["%Y-%m-%d"], help="Last day of publication."),
    limit: int = typer.Option(20, min=1, help="At most so many."),
    as_json: bool = typer.Option(False, "--json", help="JSON Lines."),
) -> None:
    """List the stories of some days that most articles tell of; copies count once.

    For example:

      dateline stories list --since 2024-12-03 --until 2024-12-04
    """
    from dateline.cli.sources import open_store
    from dateline.store.story_rows import list_stories

    with open_store() as engine, engine.connect() as conn:
        found = list_stories(
            conn, since=since.date() if since else None, until=until.date() if until else None, limit=limit
        )
    if as_json:
        for row in found:
            typer.echo(json.dumps(asdict(row), ensure_ascii=False, default=str))
        return
    Console().print(_stories(found) if found else "no such stories")


@app.command("show")
def show(
    story: int = typer.Argument(..., metavar="ID", help="Number of a story (see `dateline stories list`)."),
    history: bool = typer.Option(False, "--history", help="Show what has left it, too."),
    as_json: bool = JSON,
) -> None:
    """Show what a story holds and why each article is in it, and which stories were merged into it.

    For example:

      dateline stories show 12 --history
    """
    from dateline.cli.sources import open_store
    from dateline.store.story_rows import show_story

    with open_store() as engine, engine.connect() as conn:
        found = show_story(conn, story, ended=history)
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False, default=str))
    else:
        _show(Console(), found)


@app.command("join")
def join(
    stories: list[int] = typer.Argument(..., metavar="ID…", help="Numbers of two stories or more."),
    who: str = WHO,
    reason: str = REASON,
) -> None:
    """Make stories one: the oldest. No rule changes it; `dateline stories unmerge` takes it back.

    For example:

      dateline stories join 12 15 --reason "both tell of the night in Seoul"
    """
    from dateline.cli.sources import open_store
    from dateline.store.stories import join_stories

    with open_store() as engine, engine.begin() as conn:
        kept = join_stories(conn, stories, who=_who(who), now=datetime.now(UTC), reason=reason)
    _say(f"story {kept} holds them all", f"dateline stories show {kept}")


@app.command("split")
def split(
    story: int = typer.Argument(..., metavar="ID", help="Number of a story."),
    texts: list[int] = typer.Argument(..., metavar="TEXT…", help="Numbers of the texts that are to leave it."),
    who: str = WHO,
    reason: str = REASON,
) -> None:
    """Give some of a story's texts, with their copies, a story of their own. `dateline stories join` takes it back.

    For example, where `dateline stories show 12` lists texts 101 to 107:

      dateline stories split 12 104 107 --reason "the impeachment, eleven days later"
    """
    from dateline.cli.sources import open_store
    from dateline.store.stories import split_story

    with open_store() as engine, engine.begin() as conn:
        new = split_story(conn, story, texts, who=_who(who), now=datetime.now(UTC), reason=reason)
    _say(f"story {new} holds them now", f"dateline stories show {new}")


@app.command("unmerge")
def unmerge(
    story: int = typer.Argument(..., metavar="ID", help="Number of a story that was merged into another."),
    who: str = WHO,
    reason: str = REASON,
) -> None:
    """Take back a merge, by rule or by a person: the story has its texts again. What came since stays where it is.

    For example, where `dateline stories show 12` says that 15 was merged into it:

      dateline stories unmerge 15
    """
    from dateline.cli.sources import open_store
    from dateline.store.stories import unmerge_story

    with open_store() as engine, engine.begin() as conn:
        other = unmerge_story(conn, story, who=_who(who), now=datetime.now(UTC), reason=reason)
    _say(f"story {story} is apart from {other} again", f"dateline stories show {story}")


@app.command("release")
def release(
    stories: list[int] = typer.Argument(..., metavar="ID…", help="Numbers of stories."),
    who: str = WHO,
) -> None:
    """Leave stories to the rules again, which may then merge them with others.

    For example:

      dateline stories release 12 15
    """
    from dateline.cli.sources import open_store
    from dateline.store.stories import release_stories

    with open_store() as engine, engine.begin() as conn:
        freed = release_stories(conn, stories, who=_who(who), now=datetime.now(UTC))
    _say(f"{freed} text{'' if freed == 1 else 's'} left to the rules", f"dateline stories show {min(stories)}")


def _who(given: str | None) -> str:
    if given:
        return given
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        return "unknown"


def _say(done: str, look: str) -> None:
    console = Console()
    console.print(done, highlight=False)
    console.print(f"look at it with `{look}`; `dateline ingest` brings events up to date", style="dim", highlight=False)  # fmt: skip


def _show(console: Console, view: StoryView) -> None:
    story = view.story
    console.print(Text(f"{story.story_id}  {story.title or 'untitled'}", style="bold"))
    console.print(Text(_summary(story), style="dim"))
    if story.merged_into is not None:
        console.print(
            Text(f"merged into {story.merged_into} on {_day(story.merged_at)}: `dateline stories unmerge {story.story_id}` takes it back", style="yellow")
        )  # fmt: skip
    if story.terms:
        console.print(Text(f"in common: {', '.join(story.terms)}", style="dim"))
    for row in view.absorbed:
        line = f"{row.story_id} was merged into it on {_day(row.merged_at)}: {row.title or 'untitled'}"
        console.print(Text(line, style="yellow"))
    console.print(_members(view.members))


def _summary(story: StoryRow) -> str:
    parts = [f"{story.articles} independent article{'' if story.articles == 1 else 's'}", _days(story)]
    if story.by_hand:
        parts.append("decided by a person")
    return " · ".join(part for part in parts if part)


def _days(story: StoryRow) -> str:
    first, last = story.first_reported_on, story.last_reported_on
    return str(first or "") if first == last else f"{first or '?'} … {last or '?'}"


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "a day unknown"


def _stories(rows: Sequence[StoryRow]) -> Table:
    table = Table("story", "articles", "days", "title", box=None, pad_edge=False, header_style="dim")
    for row in rows:
        title = Text(row.title or "untitled")
        title.append(f"\n{', '.join(row.terms[:6])}", style="dim")
        table.add_row(str(row.story_id), str(row.articles), _days(row), title)
    return table


def _members(rows: Sequence[MemberRow]) -> Table:
    table = Table("text", "published", "article", "why", box=None, pad_edge=False, header_style="dim")
    for row in rows:
        gone = row.valid_to is not None
        article = Text(row.title or "untitled", style="strike dim" if gone else "")
        article.append(f"\n{row.outlet or row.url}", style=Style(link=row.url, dim=True, strike=False))
        why = Text(row.reason or "", style="dim" if gone else "")
        if row.duplicate_of is not None:
            why.append(f"; the very words of text {row.duplicate_of}", style="dim")
        if row.decided_who:
            why.append(f" ({row.decided_who})", style="magenta")
        if gone:
            why.append(f"\nleft on {_day(row.valid_to)}", style="dim")
        table.add_row(str(row.text_id), str(row.published_on or ""), article, why)
    return table
