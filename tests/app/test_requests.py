"""Requests: the command line and Python ask the same, refuse the same, and show the same options."""

import inspect
import json
import sys

import pytest
import typer

import crosscut
from crosscut.app import api
from crosscut.app.cli import main as cli
from crosscut.base.errors import UserError
from crosscut.studies.request import leaves
from crosscut.studies.stress.request import Sampling, StressRequest

QUESTIONS = {name: call for name, call in vars(api).items() if hasattr(call, "request")}


@pytest.fixture
def command(monkeypatch, capsys):
    """Runs the command in this process: (exit code, what it printed, what it complained)."""

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["crosscut", *map(str, words)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        return stop.value.code, *capsys.readouterr()

    return run


def refused(call, **given):
    with pytest.raises(UserError) as why:
        QUESTIONS[call](**given)
    return [(p.what, p.where, p.expected) for p in why.value.problems]


TIN = {"mineral": "tin", "country": "JPN"}

#: (words of the command, Python call, its parameters): every rule that joins fields, and every kind of bound
RULES = [
    (
        "stress tin --country JPN --from a --in-force",
        "stress",
        TIN | {"measures_held": "a", "in_force": True},
    ),
    ("stress tin --country JPN --resume", "stress", TIN | {"resume": True}),
    ("stress tin --country JPN --merge", "stress", TIN | {"merge": True}),
    (
        "stress tin --country JPN --merge --resume --out x",
        "stress",
        TIN | {"merge": True, "resume": True, "out": "x"},
    ),
    ("stress tin --country JPN --scheduler tcp://x:1", "stress", TIN | {"scheduler": "tcp://x:1"}),
    (
        "stress tin --country JPN --draws 0 --years 99 --sampler odd --resume",
        "stress",
        TIN | {"draws": 0, "years": 99, "sampler": "odd", "resume": True},
    ),
    ("stress tin", "stress", {"mineral": "tin"}),
    ("stress --country JPN", "stress", {"country": "JPN"}),
    ("stress --all-minerals", "ranking", {}),
    (
        "stress --all-minerals --country JPN --executor dask",
        "ranking",
        {"country": "JPN", "executor": "dask"},
    ),
    (
        "stress tin --country JPN --chunks 1/2 --out x --from a --in-force",
        "stress_part",
        TIN | {"chunks": "1/2", "out": "x", "measures_held": "a", "in_force": True},
    ),
    ("economy io", "economy", {"table": "io"}),
    ("economy io --shock DEU/ore=1 --result r", "economy", {"table": "io", "shocks": ["x"], "result": "r"}),
    ("economy io --result r", "economy", {"table": "io", "result": "r"}),
    ("economy io --shock x --lasting 0", "economy", {"table": "io", "shocks": ["x"], "lasting": 0}),
    ("forecast --score f", "score_forecast", {"path": "f"}),
    (
        "forecast --score f --outcomes o --id abc",
        "score_forecast",
        {"path": "f", "outcomes": "o", "published": "abc"},
    ),
    ("forecast --draws 1", "forecast", {"draws": 1}),
    ("data pull --release 1", "data_pull", {"release": "1"}),
    ("data diff baci --draws -1", "data_diff", {"source": "baci", "draws": -1}),
    ("run x --draws 0 --seed -1", "run", {"scenario": "x", "draws": 0, "seed": -1}),
    ("outlook x --draws 0", "outlook", {"outlook": "x", "draws": 0}),
    ("project x --draws 0", "project", {"project": "x", "draws": 0}),
    ("project costs --seed -1", "costs", {"seed": -1}),
    ("exposure tin", "exposure", {"mineral": "tin"}),
    ("backtest --track C", "backtest", {"track": "C"}),
    ("indicators tin --window 0", "indicators", {"minerals": "tin", "window": 0}),
]


@pytest.mark.parametrize(("words", "call", "given"), RULES, ids=[r[0] for r in RULES])
def test_both_entrances_refuse_the_same(command, words, call, given):
    """Every mistake in order; only the name of a field differs, as the person wrote it."""
    model = QUESTIONS[call].request
    shown = {x.name: x.shown for x in leaves(model)}
    python = refused(call, **given)
    code, out, err = command(*words.split())
    assert (code, out) == (2, "")
    lines = err.splitlines()
    assert len(lines) == len(python)
    for line, (_, where, _) in zip(lines, python, strict=True):
        assert line.startswith(f"crosscut: {shown.get(where, where)}: "), (line, where)


SAME = [
    ("exposure tin --country JPN --draws 2", "exposure", {"mineral": "tin", "country": "JPN", "draws": 2}),
    ("world tin", "world_report", {"mineral": "tin"}),
    ("indicators tin --year 2022", "indicators", {"minerals": "tin", "years": [2022]}),
    ("facts tin", "facts", {"mineral": "tin"}),
    ("facts tungsten --sources", "sources_beside", {"mineral": "tungsten"}),
    ("project costs", "costs", {}),
    ("stress tin --country JPN --draws 8 --executor serial", "stress", TIN | {"draws": 8}),
]


@pytest.mark.parametrize(("words", "call", "given"), SAME, ids=[s[0] for s in SAME])
def test_both_entrances_answer_the_same(command, words, call, given):
    code, out, _ = command(*words.split(), "--json")
    assert code == 0
    printed, answer = json.loads(out), QUESTIONS[call](**given)
    if isinstance(printed, dict) and "id" in printed:
        assert printed["id"] == answer["id"]
    else:
        assert len(printed) == len(answer)


def test_a_request_is_asked_as_its_fields_are():
    asked = StressRequest(mineral="tin", country="JPN", sampling=Sampling(draws=8))
    assert crosscut.stress(asked)["id"] == crosscut.stress("tin", "JPN", draws=8)["id"]
    with pytest.raises(UserError, match="one StressRequest"):
        crosscut.stress(asked, draws=3)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("stress tin --all-minerals --country JPN", "'tin' beside --all-minerals"),
        ("stress --all-minerals --country JPN --loss 3", "--loss with --all-minerals"),
        ("exposure tin --purchases x.csv", "'tin' beside --purchases"),
        ("facts tungsten --claims --about x", "--about with --claims"),
        ("project costs --draws 3", "--draws with costs"),
    ],
)
def test_an_option_of_another_question_is_refused(command, words, says):
    code, _, err = command(*words.split())
    assert code == 2 and says in err


def _commands(group, prefix=""):
    for name, one in group.commands.items():
        full = f"{prefix} {name}".strip()
        yield from _commands(one, full) if hasattr(one, "commands") else [(full, one)]


#: options that say how an answer is shown, not what is asked
ENTRANCE = {"--json", "--out", "--workspace", "--assumptions", "--help"}
#: options that choose between the questions behind a command
CHOOSING = {"--all-minerals", "--map", "--claims", "--alarms", "--sources", "--template", "--unlikely"}


@pytest.mark.parametrize(
    ("name", "one"),
    list(_commands(typer.main.get_command(cli.app))),
    ids=lambda x: x if type(x) is str else "",
)
def test_every_option_comes_from_a_request(name, one):
    options = {o for p in one.params for o in p.opts if o.startswith("--")}
    declared = {x.shown for call in QUESTIONS.values() for x in leaves(call.request) if x.asked.listed}
    assert options <= declared | ENTRANCE | CHOOSING


def test_a_signature_is_that_of_the_request():
    for name, call in QUESTIONS.items():
        *fields, context = inspect.signature(call).parameters.values()
        assert context.name == "context"
        assert {f.name for f in fields} == {x.name for x in leaves(call.request)}, name
