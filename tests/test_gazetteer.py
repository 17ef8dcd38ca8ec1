from __future__ import annotations

import pytest

from dateline.annotate.gazetteer import fold, load_gazetteer
from dateline.annotate.gazetteer.patches import read_aliases, read_patches
from dateline.annotate.gazetteer.store import MAGIC, unpack
from dateline.errors import RulesError

HEAD = "name\tprecision\tcountry\tadmin1\tgeonameid\tlat\tlon\tnames\n"


@pytest.mark.parametrize(
    ("name", "geonameid", "country", "precision"),
    [
        ("Singapore", 1880251, "SGP", "country"),
        ("Georgia", 614540, "GEO", "country"),
        ("U.S.", 6252001, "USA", "country"),
        ("Burma", 1327865, "MMR", "country"),
        ("Washington", 4140963, "USA", "city"),
        ("Crimea", 703883, "UKR", "admin1"),
        ("Xinjiang", 1529047, "CHN", "admin1"),
        ("Rapides Parish", 4338356, "USA", "admin2"),
        ("Kiev", 703448, "UKR", "city"),
    ],
)
def test_a_name_means_this_first(name, geonameid, country, precision):
    entry = load_gazetteer().lookup(name)[0]
    assert (entry.geonameid, entry.country, entry.precision) == (geonameid, country, precision)


def test_accents_case_and_points_do_not_matter():
    gazetteer = load_gazetteer()
    assert gazetteer.lookup("SAO PAULO")[0] == gazetteer.lookup("São Paulo")[0]
    assert fold("St. Louis") == fold("saint louis")
    assert gazetteer.lookup("no such place at all") == ()


def test_entries_are_whole():
    gazetteer = load_gazetteer()
    count, ids = 0, set()
    for entry in gazetteer.entries():
        count += 1
        assert entry.name
        assert entry.lat is None or -90 <= entry.lat <= 90
        assert entry.country is None or len(entry.country) == 3
        if entry.geonameid is not None:
            assert entry.geonameid not in ids
            ids.add(entry.geonameid)
    assert count == len(gazetteer) > 280_000
    assert gazetteer.version


def test_a_damaged_file_says_so():
    with pytest.raises(RulesError, match=r"g\.zst: the gazetteer is damaged"):
        unpack(b"nonsense", table="g.zst")
    import zstandard

    with pytest.raises(RulesError, match="this is no gazetteer"):
        unpack(zstandard.ZstdCompressor().compress(b"x" * 100), table="g.zst")
    assert MAGIC


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("Atlantis\tcontinent\t\t\t\t0\t0\t", "2: 'continent' is no precision"),
        ("Atlantis\tfeature\tAtl\t\t\t0\t0\t", "2: 'Atl' is no ISO 3166-1 alpha-3 code"),
        ("Atlantis\tfeature\t\t\t12a\t0\t0\t", "2: '12a' is no GeoNames id"),
        ("Atlantis\tfeature\t\t\t\tnorth\t0\t", "2: 'north' is no number of degrees"),
        ("Atlantis\tfeature\t\t\t\t95\t0\t", "2: 95 degrees do not exist"),
        ("Atlantis\tfeature", "2: 2 columns where 8 belong"),
        ("\tfeature\t\t\t\t0\t0\t", "2: a place needs a name"),
    ],
)
def test_a_wrong_patch_names_its_line(row, message):
    with pytest.raises(RulesError) as caught:
        read_patches(HEAD + row + "\n", table="patches.tsv")
    assert f"patches.tsv:{message}" == caught.value.message


def test_a_wrong_alias_names_its_line():
    with pytest.raises(RulesError, match=r"aliases\.tsv:2: 'x' is no GeoNames id"):
        read_aliases("name\tgeonameid\nBurma\tx\n", table="aliases.tsv")
    with pytest.raises(RulesError, match=r"aliases\.tsv:3: 'BURMA' stands twice"):
        read_aliases("name\tgeonameid\nBurma\t1\nBURMA\t2\n", table="aliases.tsv")
