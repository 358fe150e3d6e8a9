"""The command line: what people see, exit codes 0 / 2 / 1, nothing half-written."""

import json
import subprocess
import sys

import pytest

from crosscut.app import api
from crosscut.app.cli import main as cli
from crosscut.results import Document
from tests.ledgers import BUNDLED


@pytest.fixture
def crosscut(monkeypatch, capsys):
    """Runs the command in this process: (exit code, what it printed, what it complained)."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["crosscut", *map(str, arguments)])
        monkeypatch.setenv("COLUMNS", "100")
        with pytest.raises(SystemExit) as stop:
            cli.main()
        out, err = capsys.readouterr()
        return stop.value.code, out, err

    return run


@pytest.fixture(scope="module")
def result_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("runs") / "a.json"
    path.write_text(api.run("china-controls-2025", draws=8).to_json())
    return path


def test_run_prints_the_screen_and_writes_everything(crosscut, tmp_path):
    code, out, err = crosscut("run", "china-controls-2025", "--draws", 10, "--out", tmp_path / "demo")
    assert (code, err) == (0, "")
    assert "Oxide EU27" in out
    assert "339" in out
    assert "(30 Sep 2025)" in out
    assert "Runs short" in out
    assert "Fills the gap" in out
    names = {p.name for p in (tmp_path / "demo").iterdir()}
    assert names == {"report.html", "result.json", "tables"}
    Document.from_json((tmp_path / "demo" / "result.json").read_text(), "result.json")


def test_json_is_the_python_result(crosscut):
    code, out, _ = crosscut("run", "china-quota-cut", "--draws", 5, "--seed", 0, "--json")
    assert code == 0
    ours = api.run("china-quota-cut", draws=5, seed=0)
    theirs = json.loads(out)
    assert theirs["id"] == ours["id"]
    assert theirs["tables"] == ours["tables"]


def test_the_same_seed_gives_the_same_numbers_and_another_does_not():
    a, b, c = (api.run("china-quota-cut", draws=5, seed=s) for s in (7, 7, 8))
    assert a["id"] == b["id"]
    assert a["tables"]["prices"] != c["tables"]["prices"]


def test_a_draw_does_not_depend_on_how_many_there_are():
    from crosscut.inputs.scenario.catalogue import scenario
    from crosscut.inputs.scenario.places import on_world
    from crosscut.studies.shared.ensemble import solved_ensemble
    from crosscut.worlds import world

    w = world(BUNDLED, "tungsten")
    s = on_world(scenario("china-controls-2025"), w)
    few, many = solved_ensemble(w, s, 3, 4), solved_ensemble(w, s, 3, 9)
    for a, b in zip(few.solved, many.solved, strict=False):
        assert (a.after.flows == b.after.flows).all()
        assert a.draw.sizes == b.draw.sizes


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["run", "china-control-2025"], "china-controls-2025"),
        (["run", "nothing-like-it.yaml"], "nothing-like-it.yaml"),
        (["run", "china-controls-2025", "--draws", "0"], "from 1 to 100,000"),
        (["run", "china-controls-2025", "--draws", "-3"], "from 1 to 100,000"),
        (["run", "china-controls-2025", "--draws", "many"], "--draws"),
        (["run", "china-controls-2025", "--seed", "-1"], "seed -1"),
        (["run", "china-controls-2025", "--mineral", "tungstn"], "tungsten"),
        (["run", "china-controls-2025", "--mineral", "copper", "--draws", "2"], "concentrate"),
        (["run", "china-controls-2025", "--year", "1990"], "2024"),
        (["run"], "SCENARIO"),
        (["run", "china-controls-2025", "--drws", "3"], "--drws"),
        (["exposure", "tungsten", "--country", "Japn"], "Japan"),
        (["exposure", "tungsten", "--country", ""], "no country"),
        (["exposure", "tungsten"], "--country"),
        (["exposure", "unobtainium", "--country", "JPN"], "unobtainium"),
        (["exposure", "lithium", "--country", "JPN"], "output by country is known for mines only"),
        (["exposure", "cobalt", "--country", "JPN"], "hydroxide"),
        (["facts", "tungstn"], "tungsten"),
        (["validate", "no-such-file.yaml"], "no-such-file.yaml"),
        (["validate", "."], "."),
        (["compare", "a.json", "b.json"], "cannot be read"),
        (["why", "missing.json"], "cannot be read"),
        (["nonsense"], "nonsense"),
    ],
)
def test_mistakes_are_one_plain_message_and_exit_2(crosscut, command, said):
    code, out, err = crosscut(*command)
    assert code == 2, err
    assert said.lower() in err.lower()
    assert "Traceback" not in err
    assert out == ""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not JSON"),
        (b"[]", "not a Crosscut result"),
        (b"{}", "not a Crosscut result"),
        (b'{"schema": "crosscut.result/1"}', "Field required"),
        (b"\xff\xfe\x00", "not a text file"),
        (b'{"schema": "crosscut.result/2"}', "not a Crosscut result"),
        (b'{"schema": NaN', "not JSON"),
    ],
)
def test_files_that_are_no_result(crosscut, tmp_path, content, said):
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    for command in (("why", path), ("compare", path, path)):
        code, _, err = crosscut(*command)
        assert code == 2
        assert said in err
        assert "bad.json" in err


def test_a_result_changed_by_hand_is_refused(crosscut, result_file, tmp_path):
    changed = json.loads(result_file.read_text())
    changed["inputs"]["seed"] = 99
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(changed))
    code, _, err = crosscut("why", path)
    assert code == 2
    assert "changed after it was written" in err


def test_out_onto_a_file_is_refused_before_anything_is_solved(crosscut, tmp_path):
    (tmp_path / "file").write_text("mine")
    code, _, err = crosscut("run", "china-controls-2025", "--out", tmp_path / "file")
    assert code == 2
    assert "is a file" in err
    assert (tmp_path / "file").read_text() == "mine"


def test_why_and_compare_read_what_run_wrote(crosscut, result_file, tmp_path):
    code, out, _ = crosscut("why", result_file)
    assert code == 0
    assert "licence" in out.lower()
    other = tmp_path / "b.json"
    other.write_text(api.run("china-controls-2025", draws=8, seed=5).to_json())
    code, out, _ = crosscut("compare", result_file, other)
    assert code == 0
    code, out, _ = crosscut("compare", result_file, other, "--json")
    assert json.loads(out)["kind"] == "comparison"


@pytest.mark.parametrize(
    "command",
    [
        ["minerals"],
        ["scenarios"],
        ["facts", "tungsten", "--about", "Boguty"],
        ["exposure", "tungsten", "--country", "Japan", "--draws", "3"],
        ["exposure", "copper", "--country", "CHN", "--draws", "3"],
    ],
)
def test_lists_and_exposure_in_words_and_in_json(crosscut, command):
    code, out, err = crosscut(*command)
    assert (code, err) == (0, "")
    assert len(out.splitlines()) > 3
    code, out, _ = crosscut(*command, "--json")
    assert code == 0
    assert json.loads(out)


def test_world_report_in_words_in_json_and_as_files(crosscut, tmp_path):
    code, out, err = crosscut("world", "tin", "--out", tmp_path / "tin")
    assert (code, err) == (0, "")
    assert "Screening only" in out and "rests on" in out
    assert {p.name for p in (tmp_path / "tin").iterdir()} == {"report.html", "result.json", "tables"}
    code, out, _ = crosscut("world", "tin", "--json")
    written = Document.from_json((tmp_path / "tin" / "result.json").read_text(), "result.json")
    assert json.loads(out)["id"] == written["id"] == api.world_report("tin")["id"]
    assert crosscut("world", "germanium")[0] == 2
    assert crosscut("world", "tin", "--year", 1999)[0] == 2


def test_our_fault_is_exit_1_without_a_traceback(crosscut, monkeypatch):
    monkeypatch.setattr(api, "minerals", lambda: 1 / 0)
    code, _, err = crosscut("minerals")
    assert code == 1
    assert "our fault" in err
    assert "Traceback" not in err


def test_help_names_every_command(crosscut):
    code, out, _ = crosscut("--help")
    assert code == 0
    for name in (
        "minerals",
        "facts",
        "exposure",
        "scenarios",
        "validate",
        "run",
        "compare",
        "why",
        "world",
        "data",
    ):
        assert name in out


def test_a_folder_in_the_way_is_refused_before_anything_is_solved(crosscut, tmp_path, monkeypatch):
    """With every other mistake, in one go; nothing there is touched."""
    (tmp_path / "report.html").write_text("mine")
    monkeypatch.setattr("crosscut.app.cli.command.open_context", None)  # asking would fail
    for words in (("world", "tin"), ("run", "china-quota-cut"), ("stress", "tungsten"), ("economy", "x")):
        code, _, err = crosscut(*words, "--out", tmp_path)
        assert code == 2
        assert "has files that crosscut did not write: report.html" in err
    code, _, err = crosscut("run", "china-quota-cut", "--draws", "0", "--out", tmp_path)
    assert code == 2
    assert "--draws" in err
    assert "did not write" in err
    assert (tmp_path / "report.html").read_text() == "mine"
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]


def test_a_result_is_replaced_by_its_own_command_and_it_is_said(crosscut, tmp_path):
    for n in range(2):
        code, _, err = crosscut("world", "tin", "--out", tmp_path / "tin")
        assert code == 0
        assert ("replaced the result of 20" in err) == (n == 1)
    code, _, err = crosscut("run", "china-quota-cut", "--draws", "2", "--out", tmp_path / "tin")
    assert code == 2
    assert "holds a result of `crosscut world`" in err


@pytest.mark.parametrize("about", ["banana", "shortages", "shortages/", "flows", "nothing of the kind"])
def test_why_refuses_what_nothing_answers_and_says_what_can_be_asked(crosscut, result_file, about):
    code, out, err = crosscut("why", result_file, about)
    assert code == 2
    assert out == ""
    assert "Expected a path to rows of it, such as" in err or "Expected one of prices, prices/" in err
    offered = (
        err.strip().rpartition("such as ")[2]
        if "such as" in err
        else err.split("one of prices, ")[1].split(",")[0]
    )
    assert crosscut("why", result_file, offered)[0] == 0, "what is offered can be asked"


def test_results_of_two_questions_are_not_compared(crosscut, result_file, tmp_path):
    other = tmp_path / "world.json"
    other.write_text(api.world_report("tungsten").to_json())
    code, out, err = crosscut("compare", result_file, other)
    assert (code, out) == (2, "")
    assert "`crosscut run`" in err
    assert "`crosscut world`" in err


def test_an_iamc_table_is_called_one(crosscut, tmp_path):
    path = tmp_path / "iamc.csv"
    path.write_text("Model,Scenario,Region,Variable,Unit,2020\nM,S,World,Primary Energy,EJ/yr,1\n")
    for words in (("validate", path), ("run", path), ("outlook", path), ("project", path)):
        code, _, err = crosscut(*words)
        assert code == 2
        assert "this is an IAMC table" in err
        assert "a YAML file" in err


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (PermissionError(13, "Permission denied", "/x/y"), 2, "/x/y: you may not write there"),
        (OSError(28, "No space left on device"), 2, "no space is left on the disk"),
        (MemoryError(), 2, "the memory of this machine is not enough"),
        (KeyboardInterrupt(), 130, "stopped; no result was written"),
        (ValueError("ours"), 1, "which is our fault: ValueError: ours"),
    ],
)
def test_only_a_fault_of_ours_is_called_one(crosscut, monkeypatch, error, code, says):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr("crosscut.app.cli.command.open_context", fail)
    found, _, err = crosscut("minerals")
    assert found == code
    assert says in err
    assert ("our fault" in err) == (code == 1)


def test_a_script_without_a_guard_says_so_once(tmp_path):
    """Workers that ask for workers, because they read the script anew, end without a word."""
    script = tmp_path / "script.py"
    script.write_text("import crosscut\ncrosscut.batch('china-quota-cut', draws=300, workers=2)\n")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.count("Traceback") == 1
    assert "if __name__ == '__main__':" in done.stderr.splitlines()[-1]
