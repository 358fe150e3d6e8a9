"""Mineral names: symbols, languages and products lead to the mineral; likeness of letters leads nowhere."""

import csv

import pytest

from crosscut.base.bundled import bundled_text
from crosscut.base.errors import Problem
from crosscut.ledger.ask.ledger import facts_of
from crosscut.ledger.mineral_names import mineral_meant, spoken_mineral, unknown_mineral
from crosscut.ledger.minerals import all_minerals, known_or_problem
from crosscut.worlds import world
from crosscut.worlds.screening.rules import screening_rules
from tests.ledgers import BUNDLED

ROWS = list(csv.DictReader(bundled_text("indicators", "mineral_names.csv").splitlines()))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *(
            (t, "tungsten")
            for t in ("W", "wolfram", "Wolfram", "tungstène", "wolframio", "タングステン", "钨")
        ),
        *(
            (t, "tungsten")
            for t in ("APT", "ferro-tungsten", "Wolframoxid", "Ferrowolfram", "Tungsten trioxide (WO3)")
        ),
        *((t, "cobalt") for t in ("Co", "Kobalt", "钴", "cobalt hydroxide", "COBALT METAL")),
        *((t, "rare earths") for t in ("REE", "稀土", "Seltene Erden", "rare-earth oxides", "NdPr")),
        *((t, "lithium") for t in ("Li", "spodumene", "lithium carbonate", "LCE")),
        ("minerai de cuivre", "copper"),
        ("iron ore", "iron"),
        ("columbium", "niobium"),
    ],
)
def test_a_mineral_by_its_names(text, name):
    assert mineral_meant(text).name == name


def test_every_word_of_the_table_means_what_its_row_says():
    wrong = []
    for row in ROWS:
        found = mineral_meant(row["text"])
        if ";" in row["mineral"]:
            right = all(m in found.what for m in row["mineral"].split(";"))
        else:
            right = (found.name, found.part) == (row["mineral"], row["part"])
        if not right:
            wrong.append((row["text"], str(found)))
    assert wrong == []


def test_minerals_on_record_keep_their_names():
    assert {m: spoken_mineral(m) for m in {*all_minerals(), *screening_rules()}} == {
        m: m for m in {*all_minerals(), *screening_rules()}
    }
    assert len(facts_of(BUNDLED, "yttrium")) > 0  # an element of the rare earths with facts of its own


@pytest.mark.parametrize("text", ["neodymium", "Nd", "ネオジム", "Neodym"])
def test_an_element_of_the_rare_earths_is_said_to_be_counted_under_them(text):
    found = mineral_meant(text)
    assert (found.name, found.note) == ("rare earths", "neodymium is counted under rare earths")
    assert "Did you mean 'rare earths'" in str(unknown_mineral(text, "no world of", ["tin"]))


@pytest.mark.parametrize(
    "text", ["unobtainium", "kryptonite", "concentrate", "oxide", "ferro", "", "123", "Sideria"]
)
def test_an_unknown_word_leads_to_no_mineral(text):
    found = mineral_meant(text)
    assert isinstance(found, Problem)
    assert "did you mean" not in found.expected


@pytest.mark.parametrize(("text", "name"), [("tungstn", "tungsten"), ("Kobald", "cobalt"), ("tni", "tin")])
def test_a_slip_is_asked_about(text, name):
    found = mineral_meant(text)
    assert isinstance(found, Problem)
    assert found.expected == f"did you mean '{name}'?"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("PGM", ["platinum", "palladium", "rhodium"]),
        ("coal", ["lignite"]),
        ("copper-gold ore", ["copper", "gold"]),
    ],
)
def test_a_word_for_several_minerals_is_asked_about(text, names):
    found = mineral_meant(text)
    assert isinstance(found, Problem)
    assert all(n in found.what for n in names)


def test_every_entrance_knows_the_names():
    assert known_or_problem("Wolfram").name == "tungsten"
    assert world(BUNDLED, "Zinn").mineral == "tin"
    assert facts_of(BUNDLED, "tungsten").facts and spoken_mineral("W") == "tungsten"
    assert "gold" in str(unknown_mineral("gold", "no world of", ["tin"]))
