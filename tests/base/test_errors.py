"""Errors for people: one line with where, what and what was expected."""

import pytest

from crosscut.base.errors import Problem, UserError, nearest_matches, suggestion

KNOWN = ["tin", "tungsten", "titanium", "Cobalt"]


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (Problem("it is empty"), "it is empty"),
        (Problem("it is empty", "f.yaml:3"), "f.yaml:3: it is empty"),
        (
            Problem("no year", "f.yaml:3", "a year such as 2025"),
            "f.yaml:3: no year. Expected a year such as 2025",
        ),
    ],
)
def test_a_problem_is_one_line(problem, said):
    assert str(problem) == said


def test_a_suggestion_is_a_question_and_follows_no_expected():
    said = str(Problem("unknown mineral 'tungstn'", "mineral", suggestion("tungstn", KNOWN)))
    assert said == "mineral: unknown mineral 'tungstn'. Did you mean 'tungsten'?"


def test_without_a_near_word_the_known_ones_are_listed():
    said = str(Problem("unknown mineral 'xyz'", expected=suggestion("xyz", KNOWN)))
    assert said == "unknown mineral 'xyz'. Expected one of: Cobalt, tin, titanium, tungsten"
    assert suggestion("xyz", [f"word{i}" for i in range(7)]).endswith("word5, ...")


def test_case_does_not_hide_a_match():
    assert nearest_matches("COBALT", KNOWN, n=1) == ["Cobalt"]


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("neodymium", ["indium", "rhodium", "niobium"]),
        ("lithium", ["yttrium", "rhenium"]),
        ("RSA", ["USA"]),
        ("Zaire", ["ARE"]),
        ("810194", ["810710", "810510", "810310", "810110"]),
        ("284180", ["284610"]),
        ("EU28", ["EU27"]),
        ("F51b1cc2d786", ["F51b1cc2d787"]),
        ("Deutschland", ["Netherlands", "Thailand"]),
        ("silver", ["silicon"]),
        ("", ["tin"]),
        ("!!!", ["tin"]),
    ],
)
def test_likeness_of_letters_or_digits_is_no_suggestion(word, known):
    assert nearest_matches(word, known) == []


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("tungstn", ["tungsten"]),
        ("Supplier Country", ["supplier_country"]),
        ("supplier", ["supplier_country"]),
        ("mineal", ["mineral"]),
        ("dicount", ["discount"]),
        ("quota", ["china-quota-cut"]),
    ],
)
def test_slips_and_parts_of_a_name_are_suggested(word, near):
    assert nearest_matches(word, [*near, "year", "price"]) == near


def test_a_question_after_other_words_is_a_sentence_of_its_own():
    said = str(Problem("unknown scenario 'x'", "--scenario", "a name or a file: did you mean 'y'?"))
    assert said == "--scenario: unknown scenario 'x'. Expected a name or a file. Did you mean 'y'?"
    assert "Expected did" not in said


def test_every_problem_is_told_at_once():
    error = UserError([Problem("one"), Problem("two", "f:2")])
    assert str(error) == "one\nf:2: two"
    assert [p.what for p in error.problems] == ["one", "two"]
