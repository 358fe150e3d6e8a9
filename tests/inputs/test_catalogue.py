"""Messages about a file speak of the kind of file that was asked for, and name the command that reads
another kind."""

from functools import partial

import pytest

from crosscut.base.errors import UserError
from crosscut.inputs.catalogue import (
    KINDS,
    OUTLOOK,
    PROJECT,
    SCENARIO,
    bundled_kind,
    bundled_names,
    named_file,
)
from crosscut.inputs.outlook.loader import outlook, outlook_from_text
from crosscut.inputs.project.loader import project_from_text, project_source
from crosscut.inputs.scenario.catalogue import scenario
from crosscut.inputs.scenario.loader import scenario_from_text
from tests.ledgers import BUNDLED

READERS = {SCENARIO: scenario, OUTLOOK: outlook, PROJECT: partial(project_source, BUNDLED)}


def texts(kind):
    """The reader of a text of this kind."""
    if kind is OUTLOOK:
        return lambda content, name: outlook_from_text(content, name, None)
    return scenario_from_text if kind is SCENARIO else partial(project_from_text, BUNDLED)


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.noun)
@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "{one}: "),
        ("a: 1\n---\nb: 2\n", "one {noun} per file"),
        ("a: " + "x" * 200_001, "{one} of at most 200,000 bytes"),
        ("a: " + "[" * 13 + "]" * 13, "the fields of {one}"),
    ],
)
def test_a_broken_file_is_told_what_it_should_be(kind, content, says):
    with pytest.raises(UserError) as refused:
        texts(kind)(content, "my.yaml")
    assert says.format(one=kind.one, noun=kind.noun) in str(refused.value)
    for other in set(KINDS) - {kind}:
        assert other.one not in str(refused.value)


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.noun)
def test_a_folder_and_a_missing_file_are_told_apart(kind, tmp_path):
    with pytest.raises(UserError, match=f"this is a folder.*Expected {kind.one} file"):
        READERS[kind](str(tmp_path) + "/")
    with pytest.raises(UserError, match=f"no such file.*a bundled {kind.noun}"):
        READERS[kind](tmp_path / "none.yaml")


def test_a_bundled_file_of_another_kind_is_named_with_its_command():
    for kind in KINDS:
        for other in set(KINDS) - {kind}:
            name = bundled_names(other)[0]
            assert bundled_kind(name) is other
            with pytest.raises(UserError, match=f"is {other.one}.*`{other.command} {name}`"):
                named_file(name, kind)


def test_no_name_is_bundled_twice():
    names = [n for k in KINDS for n in bundled_names(k)]
    assert len(names) == len(set(names))
