"""Registry, tables, agents without a name, and phrases that come alone."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dateline.annotate.actors.additions import write_csv
from dateline.annotate.actors.build import build_entries, short_names
from dateline.annotate.actors.check import findings
from dateline.annotate.actors.lexicon import load_groups, load_lexicon
from dateline.annotate.actors.normal import keys_of, words_of
from dateline.annotate.actors.phrases import resolve_phrase
from dateline.annotate.actors.registry import load_registry
from dateline.annotate.actors.tables import DATA, day_of
from dateline.annotate.actors.whereabouts import load_gazette
from dateline.annotate.actors.wordlists import load_words
from dateline.annotate.parties import load_pairs
from dateline.annotate.references.bodies import load_bodies
from dateline.annotate.references.genders import load_genders
from dateline.annotate.references.roles import load_shorthands
from dateline.cli.actors import app
from dateline.errors import RulesError

REGISTRY = load_registry()

# phrase, day, context, country, sectors
PHRASES = [
    ("Romano Prodi", "1997-03-01", None, "ITA", "GOV"),
    ("Romano Prodi", "2001-03-01", None, "IGO", ""),
    ("Colin Powell", "1991-02-01", None, "USA", "MIL"),
    ("Colin Powell", "2003-02-05", None, "USA", "GOV"),
    ("Colin Powell", "2010-02-05", None, "USA", "ELI"),
    ("Charles Taylor", "1992-01-01", None, "LBR", "REB"),
    ("Charles Taylor", "2000-01-01", None, "LBR", "GOV"),
    ("Yasser Arafat", "1988-01-01", None, "PSE", "REB"),
    ("Anwar Ibrahim", "1999-05-01", None, "MYS", "OPP"),
    ("Ariel Sharon", "2002-04-01", None, "ISR", "GOV"),
    ("Moammar Gadhafi", "2011-02-01", None, "LBY", "GOV"),
    ("former President Bill Clinton", "2005-01-01", None, "USA", "ELI"),
    ("President Kibaki", "2008-01-01", None, "KEN", "GOV"),
    ("the Danish foreign minister", None, None, "DNK", "GOV"),
    ("the army of Chad", None, None, "TCD", "MIL"),
    ("Chad's army", None, None, "TCD", "MIL"),
    ("the presidents of the European Commission", None, None, "IGO", ""),
    ("Ecuadorean police", None, None, "ECU", "COP"),
    ("hundreds of Bolivian miners", None, None, "BOL", "LAB"),
    ("dozens of Afghans", None, None, "AFG", "CVL"),
    ("Russian-backed separatists", None, None, None, "REB"),
    ("pro-Russian separatists in eastern Ukraine", None, None, "UKR", "REB"),
    ("anti-American protesters in Jakarta", None, None, "IDN", "CVL"),
    ("opposition deputies", None, None, None, "OPP"),
    ("former Latvian diplomats", None, None, "LVA", "ELI"),
    ("a spokesman for the Hungarian army", None, None, "HUN", "MIL"),
    ("an aide to President Chirac", "1999-01-01", None, "FRA", "GOV"),
    ("Hezbollah's deputy leader", None, None, "LBN", "REB"),
    ("Shiite militias", None, None, None, "PRM"),
    ("NATO pilots", None, None, "IGO", "MIL"),
    ("EU diplomats", None, None, "IGO", ""),
    ("a Reuters photographer", None, None, "GBR", "JRN"),
    ("officials in Athens, Georgia", None, None, "USA", "GOV"),
    ("Damascus, Syria", None, None, "SYR", ""),
    ("Georgia", None, "Voters in Savannah and Atlanta turned out; Georgia and Alabama decide.", "USA", ""),
    ("Georgia", None, "Russia and Georgia fought over South Ossetia.", "GEO", ""),
    ("the Labour Party", None, "Norway's Labour Party won.", "NOR", "PTY"),
    ("the Iraqi Ministry of Defence", None, None, "IRQ", "GOV"),
    ("the Kremlin's spokesman", None, None, "RUS", "GOV"),
    ("Zaire", "1996-01-01", None, "COD", ""),
    ("the Soviet Union", "1990-01-01", None, "RUS", ""),
    ("Vipin Nobody, a spokesman for the Peruvian navy", None, None, "PER", "MIL"),
    ("masked men", None, None, None, "UAF"),
    ("NUCLEAR EXPERT", None, None, None, ""),
    ("the bad weather", None, None, None, ""),
    ("", None, None, None, ""),
    ("\x00“”", None, None, None, ""),
]


@pytest.mark.parametrize(("phrase", "day", "context", "country", "sectors"), PHRASES)
def test_phrase_is_resolved(phrase, day, context, country, sectors):
    found = resolve_phrase(phrase, date=date.fromisoformat(day) if day else None, context=context)
    assert (found.actor.country if found.actor else None) == country
    assert " ".join(found.actor.sectors if found.actor else ()) == sectors
    assert found.reason


def test_reason_names_entry_and_role():
    found = resolve_phrase("Mike Pompeo", date=date(2018, 8, 24))
    assert found.reason == "registry:usa.mike-pompeo role secretary_of_state 2018-04-26..2021-01-20"
    assert found.actor.wikidata is None


def test_registry_is_as_large_as_promised():
    assert sum(1 for _ in REGISTRY.actors()) >= 2500
    assert sum(1 for _ in REGISTRY.aliases()) >= 6000
    assert len(REGISTRY.version) == 12


def test_nothing_in_the_registry_makes_no_sense():
    assert list(findings(REGISTRY)) == []


def test_no_identifier_stands_unchecked():
    assert all(actor.wikidata is None or actor.source for actor in REGISTRY.actors())


@pytest.mark.parametrize("text", ["who is it", "US and us", "the may day march", "he is a turkey"])
def test_everyday_words_are_no_names(text):
    names = [text.split()[m.first] for m in REGISTRY.matches(words_of(text)) if m.candidates[0].actor.kind != "person"]
    assert names in ([], ["US"])


def test_shouting_makes_no_acronym():
    assert not [m for m in REGISTRY.matches(words_of("THIS IS WHO WE ARE")) if m.last - m.first == 1]
    assert REGISTRY.matches(words_of("The WHO said"))


@pytest.mark.parametrize(
    ("one", "other"),
    [("Kim Jong-un", "KIM JONG UN"), ("al-Qaeda", "Al Qaeda"), ("Erdoğan", "Erdogan"), ("U.S.", "US"), ("Xi’s", "Xi")],
)
def test_spellings_compare_equal(one, other):
    assert keys_of(one) == keys_of(other)


@pytest.mark.parametrize(
    ("name", "order", "shorts"),
    [
        ("Kim Jong Un", "family_first", ["Kim"]),
        ("Bashar al-Assad", "", ["al-Assad", "Assad"]),
        ("Dominique de Villepin", "", ["de Villepin", "Villepin"]),
        ("Abiy Ahmed", "given_first_only", ["Abiy"]),
        ("Hun Sen", "whole", []),
        ("Suharto", "", []),
    ],
)
def test_short_names_follow_the_name_order(name, order, shorts):
    assert short_names(name, order) == shorts


def test_day_of_any_precision():
    assert day_of("2017", last=False) == date(2017, 1, 1)
    assert day_of("2017", last=True) == date(2017, 12, 31)
    assert day_of("2016-02", last=True) == date(2016, 2, 29)
    assert day_of("2017-12", last=True) == date(2017, 12, 31)


# table, line to append, part of the message
WRONG = [
    ("kinds.tsv", "ghost\tXXX\tORG", "unknown sector 'XXX'"),
    ("offices.tsv", "ghost\tGOV\tfirst\tghost", "rank 'first' is no number"),
    ("states.tsv", "Utopia\tUtopia", "three capitals"),
    ("states.tsv", "USA\tUnited States", "stands here twice"),
    ("states.tsv", "UTO\tUtopia\t\t\t\t\tbackwards", "is none of"),
    ("states.tsv", "UTO\tUtopia\t\t\t\t\t\t1990\t1980", "begins on"),
    ("people/usa.tsv", "UTO\tpresident\t1990\t1991\tJane Doe", "unknown country 'UTO'"),
    ("people/usa.tsv", "USA\tghost\t1990\t1991\tJane Doe", "unknown office 'ghost'"),
    ("people/usa.tsv", "USA\tpresident\t1990\t1991", "the name is missing"),
    ("people/usa.tsv", "USA\tpresident\t1991\t1990\tJane Doe", "begins on"),
    ("people/usa.tsv", "USA\tpresident\tMay 1990\t\tJane Doe", "is no date"),
    ("people/usa.tsv", "USA\tpresident\t1990\t>\tJane Doe", "no row follows"),
    ("people/usa.tsv", "USA\tpresident\t1990\t1991\tJane Doe\tJ. Doe\ttoo many", "7 cells, 6 columns"),
    ("organisations/parties.tsv", "UTO\tparty\tGhosts", "unknown country 'UTO'"),
    ("organisations/parties.tsv", "USA\tghost\tGhosts", "unknown kind 'ghost'"),
    ("organisations/parties.tsv", "USA\tparty\tRepublican Party", "stands in the tables twice"),
    ("organisations/parties.tsv", "USA\tparty\tGhosts\t\t\t2001\t2000", "begins on"),
    ("hinted.tsv", "LEAGUE", "stands here twice"),
    ("nonames.tsv", "north america", "stands here twice"),
    ("generic.tsv", "ministry", "'ministry' is no word or stands here twice"),
    ("generic.tsv", "ghostly &", "'&' is no word"),
]


@pytest.mark.parametrize(("table", "line", "message"), WRONG)
def test_a_wrong_line_is_named(tmp_path, table, line, message):
    data = tmp_path / "actors"
    shutil.copytree(DATA, data)
    path = data / table
    text = path.read_text(encoding="utf-8").rstrip("\n") + "\n" + line + "\n"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RulesError, match=message) as caught:
        build_entries(data)
    assert caught.value.table == path.name
    assert caught.value.line == text.count("\n")


class load_modifiers:  # noqa: N801 (stands beside the loaders: the lexicon reads agents.tsv first)
    @staticmethod
    def __wrapped__(folder):
        shutil.copy(DATA / "agents.tsv", folder)
        return load_lexicon.__wrapped__(folder)


@pytest.mark.parametrize(
    ("table", "text", "load", "message"),
    [
        ("agents.tsv", "noun\tsectors\tkind\nsoldier\tMIL\tvery", load_lexicon, "kind 'very' is none of"),
        ("agents.tsv", "noun\tsectors\tkind\nsoldier\tMIL\tstrong\nSoldier\tMIL\tstrong", load_lexicon, "twice"),
        ("modifiers.tsv", "word\tsectors\teffect\nformer\t\tnever", load_modifiers, "effect 'never' is none of"),
        ("modifiers.tsv", "word\tsectors\teffect\nrebel\tREB\tfirst\nRebel\tREB\tfirst", load_modifiers, "twice"),
        ("bodies.tsv", "phrase\tactor\twhere\nthe big bloc\tx\ty", load_bodies, "has not one or 2 words"),
        ("bodies.tsv", "phrase\tactor\twhere\nbloc\tigo.european-union\t", load_bodies, "must be given"),
        ("regions.tsv", "name\tcountry\nCrimea\tUKR\ncrimea\tUKR", load_gazette, "twice"),
        ("words.tsv", "list\twords\nempty\t", load_words, "is empty"),
        ("words.tsv", "list\nempty", load_words, "columns must be"),
        ("shorthands.tsv", "phrase\tcountry\twhere\nNorth\tPRK\tKOR\nnorth\tPRK\tKOR", load_shorthands, "twice"),
        ("shorthands.tsv", "phrase\tcountry\twhere\nNorth\tKorea\tKOR", load_shorthands, "is no country code"),
        ("shorthands.tsv", "phrase\tcountry\twhere\nNorth\tPRK", load_shorthands, "where: no country"),
        ("pairs.tsv", "phrase\tcountries\nKoreas\tPRK|korea", load_pairs, "is no country code"),
        ("pairs.tsv", "phrase\tcountries\nKoreas\tPRK|KOR\nkoreas\tPRK", load_pairs, "twice"),
        ("genders.tsv", "gender\tnames\nwoman\tAnn", load_genders, "neither male nor female"),
        ("genders.tsv", "gender\tnames\nfemale\tKim\nmale\tKim", load_genders, "both a woman's and a man's"),
        ("groups.tsv", "noun\ncouncil", load_groups, "columns must be"),
    ],
)
def test_a_wrong_word_table_is_named(tmp_path, table, text, load, message):
    (tmp_path / table).write_text(text, encoding="utf-8")
    with pytest.raises(RulesError, match=message) as caught:
        load.__wrapped__(tmp_path)
    assert caught.value.table == table


def test_bodies_are_actors_of_the_registry():
    for body in load_bodies().values():
        assert all(name in REGISTRY.countries or REGISTRY.get(name) is not None for name in (body.actor, *body.where))


def test_a_missing_table_is_named(tmp_path):
    with pytest.raises(RulesError, match=r"kinds\.tsv: cannot be read"):
        build_entries(tmp_path)


def own(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_user_adds_actors_aliases_and_roles(tmp_path):
    own(tmp_path, "actors.csv", "id,name,kind,country,sectors,wikidata,source\nusa.jane-doe,Jane Doe,person,USA,,,\n")
    own(tmp_path, "aliases.csv", "actor,alias,from,to\nusa.jane-doe,Calamity Jane,,\nusa,Freedonia,,\n")
    own(tmp_path, "roles.csv", "actor,office,country,sectors,from,to\nusa.jane-doe,governor,USA,GOV,2020,2021-06\n")
    during = resolve_phrase("Calamity Jane", date=date(2021, 5, 1), extra=tmp_path)
    after = resolve_phrase("Jane Doe", date=date(2023, 5, 1), extra=tmp_path)
    assert (during.actor.id, during.actor.sectors) == ("usa.jane-doe", ("GOV",))
    assert after.actor.sectors == ("ELI",)
    assert resolve_phrase("Freedonia", extra=tmp_path).actor.id == "usa"
    assert load_registry(tmp_path).version != REGISTRY.version


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("actors.csv", "id,name,kind,country,sectors,wikidata,source\nJane Doe,Jane,person,USA,,,\n", "small letters"),
        ("actors.csv", "id,name,kind,country,sectors,wikidata,source\nx.y,Jane,person,USA,,Q1,\n", "needs the source"),
        ("actors.csv", "id,name,kind,country,sectors,wikidata,source\nx.y,Jane,person,UTO,,,\n", "unknown country"),
        ("actors.csv", "id,name,kind,country,sectors,wikidata,source\nx.y,Jane,ghost,USA,,,\n", "is none of"),
        ("aliases.csv", "actor,alias,from,to\nx.y,Jane,,\n", "unknown actor 'x.y'"),
        ("aliases.csv", "actor,alias,from,to\nusa,Jane,2001,2000\n", "begins on"),
        ("roles.csv", "actor,office,country,sectors,from,to\nusa,,USA,GOV,,\n", "office is missing"),
        ("roles.csv", "actor,office\nusa,x\n", "columns must be"),
    ],
)
def test_a_wrong_line_of_a_users_file_is_named(tmp_path, name, text, message):
    own(tmp_path, name, text)
    with pytest.raises(RulesError, match=message) as caught:
        load_registry(tmp_path)
    assert caught.value.table == name


def test_export_can_be_read_back(tmp_path):
    write_csv(tmp_path, REGISTRY.actors(), (), ())
    again = load_registry(tmp_path)
    assert {a.id for a in again.actors()} == {a.id for a in REGISTRY.actors()}


def test_lookup_and_check_on_the_command_line(tmp_path, monkeypatch):
    monkeypatch.setenv("DATELINE_HOME", str(tmp_path))
    shown = CliRunner().invoke(app, ["lookup", "Mario Draghi", "--date", "2015-07-01"])
    assert shown.exit_code == 0
    assert "IGO" in shown.output
    assert "prime_minister" in shown.output
    nobody = CliRunner().invoke(app, ["lookup", "the heavy rain"])
    assert (nobody.exit_code, "nobody known" in nobody.output) == (1, True)
    assert CliRunner().invoke(app, ["check"]).exit_code == 0


def test_import_checks_first_and_then_keeps(tmp_path, monkeypatch):
    monkeypatch.setenv("DATELINE_HOME", str(tmp_path / "home"))
    own(tmp_path / "mine", "aliases.csv", "actor,alias,from,to\nusa,Freedonia,,\n")
    assert CliRunner().invoke(app, ["import", str(tmp_path / "mine")]).exit_code == 0
    assert "USA" in CliRunner().invoke(app, ["lookup", "Freedonia"]).output
    own(tmp_path / "mine", "aliases.csv", "actor,alias,from,to\nnobody,Freedonia,,\n")
    assert isinstance(CliRunner().invoke(app, ["import", str(tmp_path / "mine")]).exception, RulesError)
    assert "USA" in CliRunner().invoke(app, ["lookup", "Freedonia"]).output
