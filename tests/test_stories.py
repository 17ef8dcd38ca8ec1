"""A person's word on stories: merges taken back, splits and joins that later grouping respects, on record with their days."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, text

from dateline.cli import main
from dateline.errors import UserError
from dateline.store import migrate, stories
from dateline.store.engine import open_engine
from dateline.store.groups import group_texts
from dateline.store.story_rows import list_stories, show_story
from tests.group_texts import HARBOUR, QUAKE, STRIKE, reprint
from tests.test_group_store import NOW, Shelf

LATER = NOW + timedelta(hours=1)
HOUR = timedelta(hours=1)


def grouped(conn: Connection, *tickets, now: datetime = NOW) -> list[int]:
    """Group texts and return each one's story."""
    return [int(grouping.story_id) for _, grouping in group_texts(conn, list(tickets), now=now)]


def members(conn: Connection, story: int, at: datetime | None = None) -> set[int]:
    rows = text(
        "select text_id from dateline.story_members where story_id = :story"
        " and valid_from <= coalesce(cast(:at as timestamptz), 'infinity') and (valid_to is null or valid_to > cast(:at as timestamptz))"
    )
    return set(conn.scalars(rows, {"story": story, "at": at}))


@pytest.fixture
def two(store):
    """Return a shelf, a story of three articles, one of two, and their texts."""
    shelf = Shelf(store)
    quake = [shelf.put(body, title=f"Quake {n}") for n, body in enumerate(QUAKE)]
    harbour = [shelf.put(body, title=f"Harbour {n}") for n, body in enumerate(HARBOUR)]
    first, *_ = grouped(store, *quake)
    second, *_ = grouped(store, *harbour)
    return shelf, (first, [t.text_id for t, _ in quake]), (second, [t.text_id for t, _ in harbour])


def test_stories_are_joined_and_the_join_taken_back(store, two):
    _, (first, quake), (second, harbour) = two
    before = {story: show_story(store, story).story for story in (first, second)}
    assert stories.join_stories(store, [second, first], who="ada", now=LATER, reason="one day in Lysen") == first
    assert members(store, first) == {*quake, *harbour}
    assert show_story(store, first).story.articles == len(quake) + len(harbour)
    (absorbed,) = show_story(store, first).absorbed
    assert (absorbed.story_id, absorbed.merged_at) == (second, LATER)
    assert {row.reason for row in show_story(store, first).members} == {"one day in Lysen"}

    assert stories.unmerge_story(store, second, who="ada", now=LATER + HOUR) == first
    assert (members(store, first), members(store, second)) == (set(quake), set(harbour))
    for story, was in before.items():
        now = show_story(store, story).story
        assert (now.title, now.articles, now.first_reported_on) == (was.title, was.articles, was.first_reported_on)
        assert set(now.terms[:5]) & set(was.terms)
        assert now.merged_into is None
    # the past is shown as it was
    assert members(store, first, NOW) == set(quake)
    assert members(store, first, LATER) == {*quake, *harbour}
    assert members(store, second, LATER) == set()


def test_a_merge_by_rule_is_taken_back_for_good(store):
    shelf = Shelf(store)
    one = shelf.put(STRIKE[0], title="The walkout")
    two = shelf.put(STRIKE[1], title="Deserted platforms")
    first, second = grouped(store, one)[0], 0
    # two founded apart, as when neither was like enough until more had come
    other = shelf.put(HARBOUR[0])
    second = grouped(store, other)[0]
    assert second != first
    from dateline.store.grouped_rows import _merge

    _merge(store, "story", first, second, LATER)
    assert members(store, first) == {one[0].text_id, other[0].text_id}
    stories.unmerge_story(store, second, who="ada", now=LATER + HOUR)
    assert grouped(store, two, now=LATER + 2 * HOUR) == [first]  # what comes later still finds its story
    # a text that is like both brings no rule to make them one again
    both = shelf.put(STRIKE[0] + "\n" + HARBOUR[0])
    home = grouped(store, both, now=LATER + 3 * HOUR)[0]
    assert home in {first, second}
    assert members(store, second) - {both[0].text_id} == {other[0].text_id}
    assert members(store, first) - {both[0].text_id} == {one[0].text_id, two[0].text_id}


def test_copies_in_two_stories_do_not_make_them_one_against_a_persons_word(store, two):
    shelf, (first, quake), _ = two
    copy = shelf.put(reprint(QUAKE[0]), title="Reprint")
    assert grouped(store, copy) == [first]
    new = stories.split_story(store, first, [quake[0]], who="ada", now=LATER)
    assert members(store, new) == {quake[0], copy[0].text_id}  # copies of one text stay together
    # a text can be in two places only where a person put it there: let the copy be of another story
    store.execute(
        text("update dateline.story_members set story_id = :story where text_id = :id and valid_to is null"),
        {"story": first, "id": copy[0].text_id},
    )
    another = shelf.put(reprint(reprint(QUAKE[0])), title="Another")
    assert grouped(store, another, now=LATER + HOUR)[0] in {first, new}
    assert show_story(store, new).story.merged_into is None
    assert show_story(store, first).story.merged_into is None


def test_a_split_is_kept_by_later_grouping_and_can_be_joined_again(store, two):
    shelf, (first, quake), _ = two
    new = stories.split_story(store, first, quake[2:], who="ada", now=LATER, reason="the night after")
    assert (members(store, first), members(store, new)) == (set(quake[:2]), set(quake[2:]))
    shown = show_story(store, new)
    assert (shown.story.title, shown.story.articles, shown.story.by_hand) == ("Quake 2", 1, True)
    assert {(row.decided_by, row.decided_who, row.reason) for row in shown.members} == {
        ("person", "ada", "the night after")
    }
    more = shelf.put(QUAKE[1].replace("afternoon", "evening") + "\nTents were full by midnight in Port Almeda.")
    grouped(store, more, now=LATER + HOUR)
    assert members(store, first) >= set(quake[:2])
    assert members(store, new) >= set(quake[2:])
    assert not {first, new} & set(
        store.scalars(text("select story_id from dateline.stories where merged_into is not null"))
    )
    assert stories.join_stories(store, [first, new], who="ada", now=LATER + 2 * HOUR) == first
    assert members(store, first) >= set(quake)


def test_released_stories_are_the_rules_again(store, two):
    _, (first, quake), _ = two
    new = stories.split_story(store, first, quake[2:], who="ada", now=LATER)
    assert stories.release_stories(store, [first, new], who="bea", now=LATER + HOUR) == len(quake)
    assert not show_story(store, first).story.by_hand
    assert members(store, first) == set(quake[:2])
    history = show_story(store, new, ended=True).members
    assert [(row.decided_by, row.decided_who, row.valid_to) for row in history] == [
        ("rule", "bea", None),
        ("person", "ada", LATER + HOUR),
    ]


def test_merges_of_merges_are_taken_back_one_by_one(store, two):
    shelf, (first, quake), (second, harbour) = two
    strike = [shelf.put(body) for body in STRIKE]
    third = grouped(store, *strike)[0]
    stories.join_stories(store, [second, third], who="ada", now=LATER)
    stories.join_stories(store, [first, second], who="ada", now=LATER + HOUR)
    assert stories.unmerge_story(store, third, who="ada", now=LATER + 2 * HOUR) == first
    assert members(store, third) == {ticket.text_id for ticket, _ in strike}
    assert members(store, first) == {*quake, *harbour}
    assert stories.unmerge_story(store, second, who="ada", now=LATER + 3 * HOUR) == first
    assert members(store, second) == set(harbour)


def test_a_decision_has_the_texts_resolved_again(store, two):
    _, (first, quake), (second, harbour) = two
    store.execute(text("delete from dateline.unresolved_texts"))
    stories.join_stories(store, [first, second], who="ada", now=LATER)
    assert set(store.scalars(text("select text_id from dateline.unresolved_texts"))) == {*quake, *harbour}


def test_a_text_that_is_not_kept_counts_by_what_its_signature_keeps(store, two):
    _, (first, quake), (second, harbour) = two
    store.execute(text("update dateline.texts set text = null"))
    stories.join_stories(store, [first, second], who="ada", now=LATER)
    stories.unmerge_story(store, second, who="ada", now=LATER + HOUR)
    shown = show_story(store, first)
    assert shown.story.articles == len(quake)
    assert "almeda" in shown.story.terms
    assert members(store, second) == set(harbour)


def test_what_cannot_be_done_is_said(store, two):
    _, (first, quake), (second, harbour) = two

    def code(action, *given):
        with pytest.raises(UserError) as said:
            action(store, *given, who="ada", now=LATER)
        return said.value.code

    assert code(stories.split_story, first, []) == "bad_split"
    assert code(stories.split_story, first, quake) == "bad_split"
    assert code(stories.split_story, first, harbour[:1]) == "bad_split"
    assert code(stories.join_stories, [first, first]) == "bad_join"
    assert code(stories.join_stories, [first, 999_999]) == "no_story"
    assert code(stories.unmerge_story, first) == "not_merged"
    stories.join_stories(store, [first, second], who="ada", now=LATER)
    assert code(stories.join_stories, [second, first]) == "merged_story"
    assert code(stories.split_story, second, harbour) == "merged_story"
    store.execute(
        text("delete from dateline.story_members where text_id = any(:ids)"), {"ids": harbour}
    )  # as when an article is forgotten
    assert code(stories.unmerge_story, second) == "bad_split"


def test_the_largest_are_listed(store, two):
    _, (first, _), (second, _) = two
    assert [row.story_id for row in list_stories(store)] == [first, second]
    assert [row.story_id for row in list_stories(store, limit=1)] == [first]
    assert list_stories(store, since=NOW.date() + timedelta(days=1)) == []
    assert list_stories(store, until=datetime(2024, 3, 3, tzinfo=UTC).date()) == []


@pytest.fixture
def call(database_url, monkeypatch, capsys):
    """Run `dateline …` on a store that holds two stories; return its status, output and errors."""
    monkeypatch.setenv("DATELINE_DATABASE_URL", database_url)
    monkeypatch.setenv("COLUMNS", "120")
    engine = open_engine(database_url)
    migrate.upgrade(engine)
    with engine.begin() as conn:
        shelf = Shelf(conn)
        for bodies, title in ((QUAKE, "Quake"), (HARBOUR, "Treaty")):
            grouped(conn, *[shelf.put(body, title=title) for body in bodies])
    engine.dispose()

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["dateline", "stories", *words])
        status = 0
        try:
            main()
        except SystemExit as stop:
            status = int(stop.code or 0)
        return status, *capsys.readouterr()

    return run


def test_from_the_command_line(call):
    listed = [json.loads(line) for line in call("list", "--json")[1].splitlines()]
    first, second = (row["story_id"] for row in listed)
    shown = json.loads(call("show", str(first), "--json")[1])
    texts = [str(row["text_id"]) for row in shown["members"]]
    assert "Quake" in call("list")[1]
    assert "no such stories" in call("list", "--since", "2030-01-01")[1]

    status, said, _ = call("split", str(first), texts[0], "--who", "ada", "--reason", "another day")
    assert status == 0
    new = max(row["story_id"] for row in map(json.loads, call("list", "--json")[1].splitlines()))
    assert f"story {new} holds them now" in said
    page = call("show", str(new))[1]
    for words in ("Quake", "decided by a person", "another day", "(ada)"):
        assert words in page
    assert "left on" in call("show", str(first), "--history")[1]

    assert f"story {first} holds them all" in call("join", str(first), str(second))[1]
    assert f"{second} was merged into it" in call("show", str(first))[1]
    assert f"merged into {first}" in call("show", str(second))[1]
    assert f"story {second} is apart from {first} again" in call("unmerge", str(second))[1]
    assert "left to the rules" in call("release", str(first), str(second))[1]
    status, _, wrong = call("unmerge", str(second))
    assert (status, "was not merged" in wrong) == (2, True)
    assert call("show", "999999")[0] == 2


@pytest.mark.parametrize("command", ["list", "show", "join", "split", "unmerge", "release"])
def test_help_shows_an_example(call, command):
    assert f"dateline stories {command}" in call(command, "--help")[1]
