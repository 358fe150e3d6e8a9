"""The command: a folder in pymrio's layout in, value added at risk out, mistakes named."""

import json
import sys

import pytest

from crosscut.app.cli import main as cli


def saved(folder, name="my economy", unit="M.EUR"):
    """The economy of Miller and Blair as two sectors of one region, in the layout that pymrio writes."""
    folder.mkdir()
    head = "region\t\tDEU\tDEU\nsector\t\tore\ttools\nregion\tsector\t\t\n"
    (folder / "Z.txt").write_text(head + "DEU\tore\t150\t500\nDEU\ttools\t200\t100\n")
    (folder / "Y.txt").write_text(
        "region\t\tDEU\ncategory\t\thouseholds\nregion\tsector\t\nDEU\tore\t350\nDEU\ttools\t1700\n"
    )
    (folder / "x.txt").write_text("region\tsector\tindout\nDEU\tore\t1000\nDEU\ttools\t2000\n")
    (folder / "unit.txt").write_text(f"region\tsector\tunit\nDEU\tore\t{unit}\nDEU\ttools\t{unit}\n")
    (folder / "metadata.json").write_text(json.dumps({"name": name, "description": ""}))
    return folder


def called(monkeypatch, capsys, *words):
    monkeypatch.setattr(sys, "argv", ["crosscut", "economy", *map(str, words)])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    out, err = capsys.readouterr()
    return stop.value.code, out, err


def test_a_shock_in_the_table_s_own_money(tmp_path, monkeypatch, capsys):
    folder = saved(tmp_path / "io")
    code, out, _ = called(monkeypatch, capsys, folder, "--shock", "DEU/ore=0.1", "--json")
    assert code == 0
    rows = {(r["reading"], r["region"]): r for r in json.loads(out)["tables"]["economy"]["rows"]}
    assert rows["direct", "all"]["middle"] == pytest.approx(65.0)  # a tenth of 650
    # tools lose (200/1000)(100) / (1 - 100/2000) of output, 0.7 of it value added
    assert rows["upstream", "all"]["middle"] == pytest.approx(65.0 + 0.7 * 0.2 * 100 / 0.95)
    assert rows["downstream", "all"]["middle"] == pytest.approx(65.0 + 0.7 * (500 / 1000) * 100 / 0.95)
    assert rows["direct", "all"]["unit"] == "M.EUR"


def test_a_synthetic_table_prints_no_money(tmp_path, monkeypatch, capsys):
    folder = saved(tmp_path / "io", name="testmrio", unit="Mill USD")
    code, out, _ = called(monkeypatch, capsys, folder, "--shock", "DEU/ore=0.1..0.2")
    assert code == 0
    assert "SYNTHETIC" in out
    assert "USD" not in out


@pytest.mark.parametrize(
    "file, text, says",
    [
        ("Z.txt", None, "no Z.txt"),
        ("Z.txt", "a\tb\n", "not in pymrio's layout"),
        (
            "Z.txt",
            "region\t\tDEU\tDEU\nsector\t\tore\ttools\nregion\tsector\t\t\nDEU\tore\t150\tx\nDEU\ttools\t200\t100\n",
            "Z.txt:4: 'x'",
        ),
        ("x.txt", "region\tsector\tindout\nDEU\tore\t1000\n", "rows are not those"),
        ("unit.txt", "region\tsector\tunit\nDEU\tore\tM.EUR\nDEU\ttools\tUSD\n", "units differ"),
    ],
)
def test_what_is_wrong_with_a_folder_is_said(tmp_path, monkeypatch, capsys, file, text, says):
    folder = saved(tmp_path / "io")
    (folder / file).unlink() if text is None else (folder / file).write_text(text)
    code, _, err = called(monkeypatch, capsys, folder, "--shock", "DEU/ore=0.1")
    assert code == 2
    assert says in err


def test_reads_what_pymrio_writes(tmp_path):
    pymrio = pytest.importorskip("pymrio")
    from crosscut.studies.economy.pymrio_folder import saved_table

    io = pymrio.load_test()
    io.calc_system()
    io.save_all(tmp_path / "io", table_format="txt")
    found = saved_table(tmp_path / "io")
    assert found.synthetic
    assert len(found.industries) == 48
    assert abs(found.x - io.x.to_numpy()[:, 0]).max() < 1e-3


def test_files_are_written(tmp_path, monkeypatch, capsys):
    folder = saved(tmp_path / "io")
    code, _, _ = called(monkeypatch, capsys, folder, "--shock", "DEU/ore=0.1", "--out", tmp_path / "out")
    assert code == 0
    assert (tmp_path / "out" / "tables" / "economy_days.csv").read_text().count("\n") == 366


def test_metadata_that_cannot_be_read_are_refused(tmp_path, monkeypatch, capsys):
    """They may say that the table is synthetic, and a synthetic table must print no money."""
    folder = saved(tmp_path / "io")
    (folder / "metadata.json").write_text('{"name": "synthetic')
    code, _, err = called(monkeypatch, capsys, folder, "--shock", "DEU/ore=0.1")
    assert code == 2 and "metadata.json" in err
