"""The house keeps its rules: sizes of files and folders, what pure rooms may import, no circles, one
formatter."""

import ast
import re
import sys
from collections import Counter

import pytest
from tools.measure_house import circles, imports, modules, parameters

from tests.paths import ROOT

PACKAGE = ROOT / "src" / "crosscut"
SOURCES = modules(ROOT)
MOST_LINES, MOST_FILES, FEWEST_LINES, MOST_PARAMETERS = 400, 15, 60, 7

# Pure rooms: arrays and dataclasses in, arrays and dataclasses out.
PURE = {
    "market": {"numpy"},
    "finance": {"numpy", "scipy"},
    "games": {"numpy", "scipy"},
    "decisions": {"numpy"},
}
KERNEL = {"numpy", "numba", "llvmlite"}

# Shorter than a file should be, and why each stands alone.
SHORT = {
    "crosscut.studies.scenario.paired_tonnes": "what flows and outputs share, and nothing else",
    "crosscut.base.arrays": "names of types that every room uses",
    "crosscut.base.bundled": "the one place that knows where the package's data lie",
    "crosscut.base.version": "named by all rooms and names none of them",
    "crosscut.inputs.text_file": "read by three studies for files of other forms",
    "crosscut.ledger.ask.about": "a question in words, over facts and names of facilities alike",
    "crosscut.ledger.ask.stockpile": "two studies count the same stock",
    "crosscut.ledger.sources.lock": "the operating systems differ in it and in nothing else here",
    "crosscut.market.kernel.block_order": "an order of places that only compiled code asks for",
    "crosscut.market.kernel.compile_all": "names every routine, so none of them may name it",
    "crosscut.output.document_output": "chooses by the kind of the document, loads only what that needs",
    "crosscut.output.notebook": "one file a way of showing",
    "crosscut.output.screens.plain_table": "the cells of all screens",
    "crosscut.output.workbook.technical": "one file a sheet",
    "crosscut.results.tables.columns": "every list of tables is declared with it",
    "crosscut.results.tables.declared": "joins the lists, so none of them may name it",
    "crosscut.results.tables.economy": "one file a kind of document",
    "crosscut.studies.backtest.fit.behaviour": "types that the fits share",
    "crosscut.studies.backtest.market_classes": "the forecast asks for it too",
    "crosscut.studies.context": "handed to every question",
    "crosscut.studies.outlook.cases": "what is compared, before anything is drawn",
    "crosscut.studies.outlook.check": "what is refused before a year is solved",
    "crosscut.studies.outlook.owners": "read by the check and by the years",
    "crosscut.studies.project.middle_case": "what a spreadsheet shows, which draws nothing",
    "crosscut.studies.project.price_paths": "shared by the project's own prices and an outlook's",
    "crosscut.studies.shared.cited_facts": "reads the ledger, which economies may not",
}
# Every room of studies has these, however short, so that a reader finds the same names everywhere.
SAME_EVERYWHERE = ("request", "study")


def test_no_file_is_too_long():
    assert {m: n for m, s in SOURCES.items() if (n := len(s.splitlines())) > MOST_LINES} == {}


def test_no_folder_is_too_full():
    files = Counter(p.parent for p in PACKAGE.rglob("*.py") if p.name != "__init__.py")
    assert {str(f.relative_to(PACKAGE)): n for f, n in files.items() if n > MOST_FILES} == {}


def test_short_files_say_why():
    short = {m for m, s in SOURCES.items() if len(s.splitlines()) < FEWEST_LINES and not _is_head(m)}
    assert sorted(short - set(SHORT)) == []
    assert sorted(set(SHORT) - short) == [], "not short any more"


def _is_head(module):
    """A package's own file, the door of `python -m`, or one of the names that every study has."""
    if module.startswith("crosscut.studies.") and module.rpartition(".")[2] in SAME_EVERYWHERE:
        return True
    return (PACKAGE.parent / module.replace(".", "/")).is_dir() or module.endswith("__main__")


def test_no_module_waits_for_one_that_waits_for_it():
    assert circles(SOURCES) == []


def test_nobody_opts_out_of_the_formatter():
    found = [
        f"{p.relative_to(ROOT)}:{i}"
        for folder in ("src", "tests", "tools", "benchmarks")
        for p in sorted((ROOT / folder).rglob("*.py"))
        for i, line in enumerate(p.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"# fmt: (skip|off)", line)
    ]
    assert found == []


@pytest.mark.parametrize("room", [r for r in PURE if (PACKAGE / r).is_dir()])
def test_pure_rooms_import_arrays_and_the_standard_library_alone(room):
    wrong = []
    for module, source in SOURCES.items():
        if module.split(".")[1:2] != [room]:
            continue
        allowed = KERNEL if module.startswith("crosscut.market.kernel") else PURE[room]
        for n in ast.walk(ast.parse(source)):
            names = [a.name for a in n.names] if isinstance(n, ast.Import) else []
            names += [n.module] if isinstance(n, ast.ImportFrom) and n.module else []
            for name in names:
                top, *rest = name.split(".")
                own = top == "crosscut" and rest[:1] in ([room], ["base"])
                if not own and top not in sys.stdlib_module_names and top not in allowed:
                    wrong.append(f"{module} imports {name}")
    assert wrong == []


def test_nothing_in_the_package_imports_its_tools():
    assert [m for m, s in SOURCES.items() if re.search(r"^\s*(from|import) (tools|tests)\b", s, re.M)] == []


def test_private_names_stay_in_their_room():
    known = frozenset(SOURCES)
    assert [
        f"{m} takes {x} from {t}"
        for m, s in SOURCES.items()
        for t, x in imports(s, known)
        if x.startswith("_") and not x.startswith("__") and t.split(".")[1:2] != m.split(".")[1:2]
    ] == []


def test_no_function_takes_more_than_a_few_parameters():
    wide = {
        m: max(n)
        for m, s in SOURCES.items()
        if not m.startswith("crosscut.market.kernel")
        and max(n := [0, *parameters(ast.parse(s))]) > MOST_PARAMETERS
    }
    assert wide == {}


def test_no_module_hides_behind_a_word_that_says_nothing():
    vague = re.compile(r"(^|_)(utils?|helpers?|misc|common|stuff|v\d+)$")
    assert [m for m in SOURCES if vague.search(m.rpartition(".")[2])] == []
