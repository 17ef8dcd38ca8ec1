"""Resolving: the rules by themselves, then ids and memberships in a real store."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from uuid import UUID

import pytest
from sqlalchemy import text

from dateline.errors import RulesError, UserError
from dateline.resolve import ResolveCounts, decisions, families, happenings, resolve_texts
from dateline.resolve.acts import Mention, Place, Side, join_mentions
from dateline.resolve.rules import cluster, places_agree, sides_agree
from dateline.resolve.summary import summarize
from dateline.store import codings
from dateline.types import Actor, PubDate
from tests import factories as make
from tests import store_help as walk

DAY = date(2024, 5, 2)
USA = Side(id="USA", name="United States", country="USA", sectors=("GOV",), text="Washington")
TRUMP = Side(id="trump", name="Donald Trump", country="USA", sectors=("GOV",), text="the president")
CHINA = Side(id="CHN", name="China", country="CHN", sectors=("GOV",), text="Beijing")
CROWD = Side(id=None, name=None, country="USA", sectors=("CVL",), text="protesters")
PARIS = Place(geonameid=1, name="Paris", country="FRA", admin1=None, lat=48.85, lon=2.35, precision="city")
DENIS = Place(geonameid=2, name="Saint-Denis", country="FRA", admin1=None, lat=48.94, lon=2.36, precision="city")
LYON = Place(geonameid=3, name="Lyon", country="FRA", admin1=None, lat=45.76, lon=4.84, precision="city")
FRANCE = Place(geonameid=4, name="France", country="FRA", admin1=None, lat=46.0, lon=2.0, precision="country")

_numbers = count(1)


def mention(text_id=1, **changes):
    values = {
        "key": UUID(int=next(_numbers)), "text_id": text_id, "article_id": text_id, "happening": 0, "event_type": "SANCTION",
        "mode": None, "contexts": (), "cameo": "163", "quad": 4, "goldstein": -8.0, "modality": "asserted", "negated": False,
        "confidence": 0.9, "sentence": 0, "source": USA, "target": CHINA, "date_from": DAY, "date_to": DAY,
        "date_precision": "day", "date_published": False, "place": None, "published_on": DAY, "published_at": None,
        "story_id": None, "syndication_id": None, **changes,
    }  # fmt: skip
    return Mention(**values)


def on(day, **changes):
    """Tell of a day that the text names."""
    return {"date_from": day, "date_to": day, **changes}


def published(day, **changes):
    """Take the day of publication."""
    return {"date_from": day, "date_to": day, "date_published": True, "published_on": day, **changes}


def grouped(*mentions):
    """Return the clusters as sets of text ids."""
    return sorted(sorted({act.first.text_id for act in group}) for group in cluster(join_mentions(mentions)))


def later(days):
    return DAY + timedelta(days=days)


# -------------------------------------------------------------------------------------------------- within an article


def test_mentions_of_one_happening_are_one_act():
    full, open_side = mention(sentence=3), mention(target=None, sentence=1)
    assert [act.mentions for act in join_mentions([full, open_side])] == [(open_side, full)]


def test_dyads_happenings_and_statuses_of_an_article_are_told_apart():
    told = [
        mention(),
        mention(source=CHINA, target=USA),
        mention(happening=1),
        mention(modality="planned"),
        mention(negated=True),
    ]
    assert len(cluster(join_mentions(told))) == 5


def test_a_state_and_its_president_in_one_happening_are_one():
    assert len(cluster(join_mentions([mention(), mention(source=TRUMP)]))) == 1


# -------------------------------------------------------------------------------------------------- between articles


@pytest.mark.parametrize(
    ("one", "other", "joined"),
    [
        ({}, {}, True),
        ({}, {"event_type": "REJECT"}, False),
        ({}, {"modality": "planned"}, False),
        ({}, {"negated": True}, False),
        ({}, {"source": CHINA, "target": USA}, False),
        ({}, {"source": TRUMP}, False),
        ({}, {"target": None}, False),
        ({"mode": "tariff"}, {"mode": "embargo"}, False),
        ({"mode": "tariff"}, {}, True),
        ({}, on(later(1)), False),
        ({}, published(DAY), True),
        ({}, published(later(1)), True),
        ({}, published(later(2)), False),
        ({}, published(later(-1)), False),
        (published(DAY), published(DAY), True),
        (published(DAY), published(later(1)), False),
        ({}, {"date_to": later(30)}, False),
        ({"date_from": None, "date_to": None}, {"date_from": None, "date_to": None}, False),
        ({"place": PARIS}, {"place": DENIS}, True),
        ({"place": PARIS}, {"place": LYON}, False),
        ({"place": PARIS}, {"place": FRANCE}, True),
        ({"source": CROWD, "target": None}, {"source": CROWD, "target": None}, False),
        ({"source": CROWD, "target": None, "place": PARIS}, {"source": CROWD, "target": None, "place": PARIS}, True),
        ({"source": None, "target": None}, {"source": None, "target": None}, False),
    ],
)
def test_acts_of_different_stories(one, other, joined):
    assert grouped(mention(1, **one), mention(2, **other)) == ([[1, 2]] if joined else [[1], [2]])


@pytest.mark.parametrize(
    ("one", "other", "joined"),
    [
        ({}, {"event_type": "REJECT"}, True),
        ({}, {"event_type": "ASSAULT"}, False),
        ({}, {"source": TRUMP}, True),
        ({}, {"source": replace(TRUMP, sectors=("MIL",))}, False),
        ({}, {"target": None}, False),
        ({}, on(later(1)), False),
        ({}, published(later(3)), True),
        ({}, published(later(4)), False),
        (published(DAY), published(later(3)), True),
        (published(DAY), published(later(4)), False),
        ({}, {"date_from": date(2024, 5, 1), "date_to": date(2024, 5, 31)}, True),
        ({}, {"date_from": date(2024, 4, 1), "date_to": date(2024, 4, 30)}, False),
        ({"date_from": None, "date_to": None}, {"date_from": None, "date_to": None, "published_on": None}, True),
        ({"source": None, "target": None}, {"source": None, "target": None}, True),
        ({"place": PARIS}, {"place": LYON}, False),
    ],
)
def test_acts_of_one_story(one, other, joined):
    told = mention(1, story_id=7, **one), mention(2, story_id=7, **other)
    assert grouped(*told) == ([[1, 2]] if joined else [[1], [2]])


def test_two_named_days_are_never_bridged():
    told = [
        mention(1, **on(DAY), story_id=7),
        mention(2, **on(later(1)), story_id=7),
        mention(3, **published(later(1)), story_id=7),
    ]
    assert grouped(*told) == [[1], [2, 3]]


def test_copies_keep_the_happenings_of_their_text_apart():
    told = [
        mention(text_id, happening=happening, sentence=happening * 4, syndication_id=5, **published(DAY))
        for text_id in (1, 2, 3)
        for happening in (0, 1)
    ]
    groups = cluster(join_mentions(told))
    assert [sorted((act.first.text_id, act.first.happening) for act in group) for group in groups] == [
        [(1, 0), (2, 0), (3, 0)],
        [(1, 1), (2, 1), (3, 1)],
    ]


def test_order_does_not_matter():
    dice = random.Random(5)
    told = [
        mention(
            text_id, happening=dice.randrange(2), sentence=dice.randrange(9), story_id=dice.choice([None, 1, 2]),
            syndication_id=dice.choice([None, 3, 4]), source=dice.choice([USA, TRUMP, CROWD, None]),
            place=dice.choice([None, PARIS, LYON, FRANCE]), **dice.choice([on, published])(later(dice.randrange(4))),
        )
        for text_id in range(60)
    ]  # fmt: skip
    wanted = grouped(*told)
    assert len(wanted) < 60
    for _ in range(5):
        dice.shuffle(told)
        assert grouped(*told) == wanted


def test_what_a_person_put_together_stays_together_and_apart():
    told = [
        mention(1, event_id=10, pinned=True),
        mention(2, event_id=11, pinned=True),
        mention(3),
        mention(4, event_id=10, pinned=True, target=None),
    ]
    assert grouped(*told) == [[1, 3, 4], [2]]


def test_a_thousand_acts_of_one_hot_dyad_are_quick():
    told = [mention(text_id, story_id=text_id % 4, **published(later(text_id % 3))) for text_id in range(1_000)]
    assert len(grouped(*told)) <= 4


def test_sides_and_places():
    assert sides_agree(None, None, loose=False)
    assert not sides_agree(USA, None, loose=True)
    assert sides_agree(replace(USA, id=None), replace(USA, id=None, text="the US"), loose=False)
    assert not sides_agree(
        Side(id=None, name=None, country=None, sectors=(), text="x"),
        Side(id=None, name=None, country=None, sectors=(), text="y"),
        loose=True,
    )
    assert places_agree(PARIS, None)
    assert not places_agree(PARIS, replace(PARIS, geonameid=9, country="USA"))
    assert places_agree(replace(PARIS, geonameid=None, lat=None), replace(PARIS, lat=None))


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["family,event_type", "x,NONSENSE"], "families.csv:2"),
        (["family,event_type", "x,AID", "y,AID"], "families.csv:3"),
        (["family,event_type", "x,AID"], "no family for"),
    ],
)
def test_a_wrong_line_of_the_families_is_named(lines, message):
    with pytest.raises(RulesError, match=message):
        families.read_families(lines)


# ------------------------------------------------------------------------------------------------------- summaries


def test_an_event_is_what_most_of_its_mentions_say():
    told = [
        mention(1, event_type="REJECT", confidence=0.6, **published(later(1)), place=FRANCE, contexts=("economic",)),
        mention(2, confidence=0.7, source=replace(CROWD, country="USA"), place=PARIS, contexts=("diplomatic",)),
        mention(3, confidence=0.4, article_id=2, syndication_id=9, published_at=datetime(2024, 5, 2, 8, tzinfo=UTC)),
        mention(4, confidence=0.1, syndication_id=9, published_on=None),
    ]
    found = summarize(told)
    assert (found.event_type, found.confidence, found.source, found.place) == ("SANCTION", 0.7, USA, PARIS)
    assert (found.date_from, found.date_basis, found.contexts) == (DAY, "text", ("diplomatic", "economic"))
    assert (found.mentions, found.articles, found.independent_sources) == (4, 3, 3)
    assert (found.first_reported_on, found.last_reported_on) == (DAY, later(1))
    assert found == summarize(reversed(told))


def test_happenings_join_over_several_steps():
    pairs = [(5, "a"), (3, "a"), (3, "b"), (9, "b"), (7, "c")]
    assert happenings(pairs) == {5: 3, 3: 3, 9: 3, 7: 7}


# ------------------------------------------------------------------------------------------------------ in the store


def tell(conn, url, *events, day=0, text_=make.TEXT, **changes):
    """Store an article published some days after DAY."""
    moment = datetime(2024, 5, 2, 9, tzinfo=UTC) + timedelta(days=day)
    article = make.article(f"http://news.example/{url}", text=text_, published=PubDate(value=moment, basis="meta"))
    return walk.code(conn, article, *(events or (make.event(text_, day=later(day)),)), **changes)[0]


def run(conn, hours=0):
    return resolve_texts(conn, now=make.NOW + timedelta(hours=hours))


def live(conn):
    return conn.execute(
        text("select event_id, mentions, articles, independent_sources from dateline.event_report order by event_id")
    ).all()


def members(conn):
    return dict(
        conn.execute(text("select mention_key, event_id from dateline.event_members where valid_to is null")).all()
    )


def test_two_articles_tell_of_one_event_and_again_changes_nothing(store):
    tell(store, "a")
    tell(store, "b")
    first = run(store)
    assert (first.texts, first.mentions, first.new) == (2, 2, 1)
    ((event_id, *numbers),) = live(store)
    assert numbers == [2, 2, 2]
    before = walk.counts(store), members(store)
    assert run(store, 1) == ResolveCounts()
    store.execute(text("insert into dateline.unresolved_texts select text_id, now() from dateline.texts"))
    again = run(store, 2)
    assert (again.mentions, again.new, again.changed, again.merged, again.retired) == (0, 0, 0, 0, 0)
    assert (walk.counts(store), members(store)) == before
    assert live(store)[0][0] == event_id


def test_a_later_article_joins_the_event_that_is_there(store):
    tell(store, "a")
    run(store)
    ((event_id, *_),) = live(store)
    tell(store, "b", day=1)
    run(store, 1)
    assert len(live(store)) == 2  # the next day, and nothing says that it is one story
    group(store, "story")
    run(store, 2)
    assert live(store) == [(event_id, 2, 2, 2)]
    merged = (
        store.execute(text("select superseded_by from dateline.events where superseded_at is not null")).scalars().all()
    )
    assert merged == [event_id]
    assert store.scalar(text("select count(*) from dateline.event_members where valid_to is not null")) == 1


def group(conn, kind):
    """Put all texts into one story or syndication."""
    table, column = ("stories", "story_id") if kind == "story" else ("syndications", "syndication_id")
    id_ = conn.scalar(text(f"insert into dateline.{table} default values returning {column}"))
    conn.execute(
        text(f"insert into dateline.{kind}_members ({column}, text_id) select :id, text_id from dateline.texts"),
        {"id": id_},
    )


def test_copies_count_as_one_source(store):
    tell(store, "a")
    tell(store, "b")
    group(store, "syndication")
    run(store)
    assert [row[1:] for row in live(store)] == [(2, 2, 1)]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_the_order_of_arrival_makes_no_other_events(store, order):
    urls = [("a", 0), ("b", 0), ("c", 1)]
    for number in order:
        url, day = urls[number]
        tell(store, url, day=day)
        run(store, number)
    assert sorted(row[1:] for row in live(store)) == [(1, 1, 1), (2, 2, 2)]


def test_one_by_one_and_all_at_once_make_the_same_events(store):
    dice = random.Random(11)
    written = []
    for number in range(16):
        days = dice.randrange(4)
        moment = datetime(2024, 5, 2, 9, tzinfo=UTC) + timedelta(days=days)
        article = make.article(f"http://news.example/{number}", published=PubDate(value=moment, basis="meta"))
        ticket = walk.read(store, article)
        told = [
            make.event(
                day=dice.choice([None, later(days), later(dice.randrange(4))]), happening=n, sentence=n,
                event_type=dice.choice(["SANCTION", "REJECT"]), target=dice.choice(["Russia", None]),
                source_actor=dice.choice([make.FRANCE, replace(make.FRANCE, id=None)]), confidence=dice.random(),
            )
            for n in range(dice.randrange(1, 3))
        ]  # fmt: skip
        written += codings.save_codings(
            store, [(ticket.text_id, make.annotated(events=tuple(told)))], walk.VERSIONS, activate=False
        )
    for story in range(3):
        id_ = store.scalar(text("insert into dateline.stories default values returning story_id"))
        join = "insert into dateline.story_members (story_id, text_id) select :id, text_id from dateline.texts where text_id % 5 = :n"
        store.execute(text(join), {"id": id_, "n": story})
    found = []
    for order in (None, written[::-1], dice.sample(written, len(written))):
        attempt = store.begin_nested()
        for batch in [written] if order is None else [[coding] for coding in order]:
            codings.promote(store, batch)
            run(store)
        groups = {}
        for key, event_id in members(store).items():
            groups.setdefault(event_id, set()).add(key)
        found.append(sorted(map(sorted, groups.values())))
        attempt.rollback()
    assert len(found[0]) > 3
    assert found[1:] == found[:1] * 2


def test_what_did_not_happen_is_kept_but_not_shown(store):
    tell(store, "a", make.event(), make.event(event_type="ASSAULT", modality="denied", trigger="said", happening=1))
    run(store)
    assert len(live(store)) == 1
    assert store.scalar(text("select count(*) from dateline.events")) == 2


def test_dyads_of_one_happening_know_each_other(store):
    there, back = make.event(event_type="CONSULT"), make.event(event_type="CONSULT", source="Russia", target="France",
                                                                source_actor=make.RUSSIA, target_actor=make.FRANCE)  # fmt: skip
    tell(store, "a", there, back)
    run(store)
    rows = store.execute(text("select event_id, happening_id from dateline.events order by 1")).all()
    assert [row.happening_id for row in rows] == [rows[0].event_id] * 2


def test_a_recode_keeps_the_event_where_the_mention_stays_or_moves(store):
    ticket = tell(store, "a")
    run(store)
    ((event_id, *_),) = live(store)
    newer = replace(walk.VERSIONS, coder="coder-2")
    moved = make.annotated(events=(make.event(trigger="sanctioned Russia"),))
    codings.save_codings(store, [(ticket.text_id, moved)], newer)
    assert run(store, 1).mentions == 1
    assert live(store) == [(event_id, 1, 1, 1)]


def test_an_event_without_mentions_is_retired_and_comes_back_under_its_id(store):
    ticket = tell(store, "a")
    run(store)
    ((event_id, *_),) = live(store)
    newer = replace(walk.VERSIONS, coder="coder-2")
    empty = codings.save_codings(store, [(ticket.text_id, make.annotated(events=()))], newer)
    assert run(store, 1).retired == 1
    assert live(store) == []
    old = store.scalars(text("select coding_id from dateline.codings where coding_id <> :id"), {"id": empty[0]}).all()
    codings.promote(store, old)
    run(store, 2)
    assert live(store) == [(event_id, 1, 1, 1)]


def test_a_corrected_text_takes_its_old_events_back(store):
    tell(store, "a")
    run(store)
    tell(store, "a", make.event(event_type="REJECT"), text_=make.TEXT + " Corrected.", at=make.NOW + make.HOUR)
    run(store, 1)
    assert store.scalars(text("select event_type from dateline.event_report")).all() == ["REJECT"]


def test_a_persons_decision_survives_a_recode(store):
    tickets = [tell(store, url) for url in "abc"]
    run(store)
    ((event_id, *_),) = live(store)
    keys = {
        row.text_id: row.mention_key
        for row in store.execute(text("select text_id, mention_key from dateline.event_members"))
    }
    new = decisions.split_event(store, event_id, [keys[tickets[2].text_id]], who="ada", now=make.NOW + make.HOUR)
    run(store, 1)
    assert [row[:2] for row in live(store)] == [(event_id, 2), (new, 1)]
    newer = replace(walk.VERSIONS, coder="coder-2")
    codings.save_codings(
        store, [(t.text_id, make.annotated(events=(make.event(confidence=0.5),))) for t in tickets], newer
    )
    run(store, 2)
    assert [row[:2] for row in live(store)] == [(event_id, 2), (new, 1)]
    tell(store, "d")
    run(store, 3)
    assert [row[:2] for row in live(store)] == [(event_id, 3), (new, 1)]
    decisions.release_events(store, [event_id, new], now=make.NOW)
    run(store, 4)
    assert [row[:2] for row in live(store)] == [(event_id, 4)]


def test_a_merge_can_be_taken_back(store):
    tell(store, "a")
    tell(store, "b", day=5)
    run(store)
    (one, *_), (other, *_) = live(store)
    assert decisions.join_events(store, [other, one], who="ada", now=make.NOW + make.HOUR) == one
    run(store, 1)
    assert [row[:2] for row in live(store)] == [(one, 2)]
    decisions.unmerge_event(store, other, who="ada", now=make.NOW + 2 * make.HOUR)
    run(store, 2)
    assert [row[:2] for row in live(store)] == [(one, 1), (other, 1)]
    with pytest.raises(UserError):
        decisions.unmerge_event(store, other, who="ada", now=make.NOW)
    with pytest.raises(UserError):
        decisions.split_event(store, one, [], who="ada", now=make.NOW)


def test_the_past_can_be_shown_as_it_was(store):
    tell(store, "a")
    run(store)
    tell(store, "b", day=1)
    run(store, 1)
    group(store, "story")
    run(store, 2)
    as_of = text(
        "select count(distinct event_id) from dateline.event_members "
        "where valid_from <= :at and (valid_to is null or valid_to > :at)"
    )
    assert [store.scalar(as_of, {"at": make.NOW + timedelta(hours=n)}) for n in range(3)] == [1, 2, 1]


def test_agents_without_a_name_are_one_by_country_and_sector(store):
    agent = Actor(country="IRQ", sectors=("MIL",))
    for url in "ab":
        tell(store, url, make.event(source_actor=agent))
    run(store)
    assert [row[1:] for row in live(store)] == [(2, 2, 2)]
