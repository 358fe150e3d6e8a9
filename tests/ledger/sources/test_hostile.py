"""Hostile files: each is refused with one clear message, and the figures in use stay as they were."""

from __future__ import annotations

import io
import stat
import struct
import zipfile

import polars as pl
import pytest

from crosscut.base.errors import UserError
from crosscut.ledger.reference.tables import trade
from crosscut.ledger.sources.archive import ArchiveLimits, member, opened_archive
from crosscut.ledger.sources.checks import MOST_ROWS, check_frame, check_label
from crosscut.ledger.sources.owners.baci import Baci
from crosscut.ledger.sources.owners.world_mining_data import WorldMiningData
from crosscut.ledger.sources.pull import accept, pull
from tests.ledger.sources import samples
from tests.ledgers import data_here, here

CODES = ("261100", "810110")


def everything(folder):
    """Every file of the data folder but the record of tries and locks, with its content."""
    return {
        p.relative_to(folder): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name not in ("tries.json", "lock")
    }


@pytest.fixture
def accepted(folder, tmp_path):
    """A data folder with an accepted BACI and World Mining Data."""
    good = tmp_path / "good.zip"
    good.write_bytes(samples.baci_zip(samples.trade_sample()))
    pull(data_here(), Baci(CODES), [good])
    accept(data_here(), "baci")
    pull(data_here(), WorldMiningData(), [samples.wmd_workbook(tmp_path / "good.xlsx")])
    accept(data_here(), "world-mining-data")
    return folder


def zipped(members, **more):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, body in members.items():
            z.writestr(name, body)
    return out.getvalue()


def with_member(name, body=b"x", mode=0):
    out = io.BytesIO(samples.baci_zip(samples.trade_sample()))
    with zipfile.ZipFile(out, "a") as z:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        z.writestr(info, body)
    return out.getvalue()


def bomb():
    """40 MB of rows that weigh 60 kB."""
    row = b"2024,156,842,261100,1.000,1.000\n"
    return samples.baci_zip(
        [], **{"BACI_HS92_Y2024_V202601.csv": b"t,i,j,k,v,q\n" + row * (40_000_000 // len(row))}
    )


def lying_bomb():
    """The bomb, with a directory that states ten bytes."""
    body = bytearray(bomb())
    real = zipfile.ZipFile(io.BytesIO(bytes(body))).getinfo("BACI_HS92_Y2024_V202601.csv").file_size
    return bytes(body).replace(struct.pack("<L", real), struct.pack("<L", 10))


def encrypted():
    body = bytearray(with_member("extra.csv"))
    at = body.rfind(b"PK\x01\x02")
    body[at + 8] |= 1
    return bytes(body)


HOSTILE = {
    "a zip bomb": (bomb, "would unpack to 38 MB from 0.0"),
    "a bomb that lies about its size": (lying_bomb, "is damaged|six fields|is no whole zip"),
    "a path out of the archive": (lambda: with_member("../../etc/cron.d/x"), "leads out of the archive"),
    "an absolute path": (lambda: with_member("/etc/passwd"), "leads out of the archive"),
    "a Windows path": (lambda: with_member("..\\..\\x"), "leads out of the archive"),
    "a drive": (lambda: with_member("C:\\x"), "leads out of the archive"),
    "a symbolic link": (
        lambda: with_member("link", b"/etc/passwd", stat.S_IFLNK | 0o777),
        "is a symbolic link",
    ),
    "encryption": (encrypted, "is encrypted"),
    "a crowd of members": (lambda: zipped({f"m{n}": b"" for n in range(3000)}), "3,000 members"),
    "no zip at all": (lambda: b"<html>" * 100, "is no whole zip file"),
    "nothing": (lambda: b"", "is no whole zip file"),
    "10^18 tonnes": (
        lambda: samples.baci_zip([(2024, 156, 842, 261100, "1", "1" + "0" * 18)]),
        "q: '1000000000000000000'",
    ),
    "words for numbers": (lambda: samples.baci_zip([(2024, 156, 842, 261100, "lots", "1")]), "v: 'lots'"),
    "a formula for a code": (lambda: samples.baci_zip([(2024, 156, 842, "=1+1", "1", "1")]), "k: '=1.1'"),
    "a formula for a country name": (
        lambda: zipped(
            {
                "BACI_HS92_Y2024_V202601.csv": b"t,i,j,k,v,q\n2024,156,842,261100,1,1\n",
                "country_codes_V202601.csv": (
                    b"country_code,country_name,country_iso2,country_iso3\n156,=cmd|' /C calc'!A0,CN,CHN\n"
                ),
                "product_codes_HS92_V202601.csv": b"code,description\n261100,ore\n",
            }
        ),
        "would be run as a formula",
    ),
    "a line without an end": (
        lambda: zipped(
            {
                "BACI_HS92_Y2024_V202601.csv": b"t,i,j,k,v,q\n" + b"9" * 3_000_000,
                "country_codes_V202601.csv": samples.COUNTRIES,
                "product_codes_HS92_V202601.csv": samples.PRODUCTS,
            }
        ),
        "would unpack|fields",
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_zip_leaves_everything_as_it_was(accepted, tmp_path, what):
    make, says = HOSTILE[what]
    bad = tmp_path / "bad.zip"
    bad.write_bytes(make())
    before, rows = everything(accepted), trade(here(), "261100", 2024)
    with pytest.raises(UserError, match=says) as e:
        pull(data_here(), Baci(CODES), [bad])
    assert len(e.value.problems) <= 3
    assert all(len(str(p)) < 400 for p in e.value.problems)
    assert everything(accepted) == before
    assert trade(here(), "261100", 2024).equals(rows)
    assert not list(tmp_path.glob("**/passwd"))


def test_what_a_member_states_is_not_believed(tmp_path):
    """A member longer than its directory entry is damaged, not read on."""
    path = tmp_path / "b.zip"
    path.write_bytes(lying_bomb())
    with opened_archive(path) as archive:
        assert archive.getinfo("BACI_HS92_Y2024_V202601.csv").file_size == 10
        with (
            pytest.raises(UserError, match="is damaged"),
            member(archive, "BACI_HS92_Y2024_V202601.csv") as stream,
        ):
            assert len(stream.read(1 << 30)) <= 10


def test_all_members_together_have_a_limit(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({f"{n}.csv": bytes(1000) for n in range(20)}))
    with (
        pytest.raises(UserError, match="would unpack to"),
        opened_archive(path, ArchiveLimits(all_bytes=10_000)),
    ):
        pass


def xlsx_with(tmp_path, name, body):
    path = samples.wmd_workbook(tmp_path / "bad.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as z:
        z.writestr(name, body)
    return path


def replaced(path, name, change):
    with zipfile.ZipFile(path) as z:
        parts = {n: z.read(n) for n in z.namelist()}
    parts[name] = change(parts[name])
    path.write_bytes(zipped(parts))
    return path


XLSX = {
    "links to other files": (
        lambda t: xlsx_with(t, "xl/externalLinks/externalLink1.xml", b"<externalLink/>"),
        "links to other files",
    ),
    "macros": (lambda t: xlsx_with(t, "xl/vbaProject.bin", b"x"), "carries macros"),
    "entities": (
        lambda t: replaced(
            samples.wmd_workbook(t / "bad.xlsx"),
            "xl/workbook.xml",
            lambda b: b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>' + b,
        ),
        "XML entities",
    ),
    "a bomb": (lambda t: xlsx_with(t, "xl/media/image1.xml", bytes(60_000_000)), "would unpack to"),
    "a path out of it": (lambda t: xlsx_with(t, "../x.xml", b""), "leads out of the archive"),
    "no workbook": (lambda t: _write(t, zipped({"a.xml": b"<a/>"})), "is no xlsx workbook"),
    "a broken sheet": (
        lambda t: replaced(
            samples.wmd_workbook(t / "bad.xlsx"), "xl/worksheets/sheet1.xml", lambda b: b[: len(b) // 2]
        ),
        "cannot be read",
    ),
    "too many rows": (
        lambda t: samples.wmd_workbook(
            t / "bad.xlsx", {"Tin": [["Country", "unit", 2024], *[["Peru", "metr. t", 1]] * 20_001]}
        ),
        "too many rows",
    ),
    "10^18 tonnes": (
        lambda t: samples.wmd_workbook(
            t / "bad.xlsx", {"Tin": [["Country", "unit", 2024], ["Peru", "metr. t", 10**18]]}
        ),
        "1e\\+18",
    ),
    "a formula for a mineral": (
        lambda t: samples.wmd_workbook(
            t / "bad.xlsx", {"=1+1": [["Country", "unit", 2024], ["Peru", "metr. t", 1]]}
        ),
        "would be run as a formula",
    ),
}


def _write(folder, body):
    path = folder / "bad.xlsx"
    path.write_bytes(body)
    return path


@pytest.mark.parametrize("what", XLSX)
def test_a_hostile_workbook_leaves_everything_as_it_was(accepted, tmp_path, what):
    make, says = XLSX[what]
    bad = make(tmp_path)
    before = everything(accepted)
    with pytest.raises(UserError, match=says):
        pull(data_here(), WorldMiningData(), [bad])
    assert everything(accepted) == before


def test_too_many_rows_are_refused_before_they_are_counted(monkeypatch):
    from crosscut.ledger.reference.datasets import DATASETS

    assert MOST_ROWS < 10**8
    monkeypatch.setattr("crosscut.ledger.sources.checks.MOST_ROWS", 3)
    frame = pl.DataFrame(
        [("TIN", c, 2024, 1.0, "t", "metr. t") for c in ("PER", "CHN", "IDN", "BOL")],
        schema=dict(DATASETS["production"].schema),
        orient="row",
    )
    with pytest.raises(UserError, match=r"4 rows. Expected at most 3"):
        check_frame(frame, DATASETS["production"], "t")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1.0, 1e18])
def test_no_figure_beyond_its_bounds_gets_through(value):
    from crosscut.ledger.reference.datasets import DATASETS

    frame = pl.DataFrame(
        [("Tin", "PER", 2024, value, "t", "metr. t")],
        schema=dict(DATASETS["production"].schema),
        orient="row",
    )
    with pytest.raises(UserError, match="from 0 to 2e"):
        check_frame(frame, DATASETS["production"], "t")


@pytest.mark.parametrize("text", ["=1+1", "+1", "@SUM(A1)", "\t=1", "a\x00b", "a\x1b[31m", "x" * 5000])
def test_labels_that_do_something_are_refused(text):
    with pytest.raises(UserError):
        check_label(text, "t")


@pytest.mark.parametrize("text", ["Côte d'Ivoire", "Other Asia, nes", "上凯拉克特", "Верхнее Кайракты", "-"])
def test_names_are_names(text):
    assert check_label(text, "t") == text


def test_a_link_in_place_of_a_table_is_not_followed(accepted, tmp_path):
    version = data_here().current_version("baci")
    table = data_here().version_folder("baci", version) / "trade.parquet"
    elsewhere = tmp_path / "elsewhere.parquet"
    elsewhere.write_bytes(table.read_bytes())
    table.unlink()
    table.symlink_to(elsewhere)
    from crosscut.ledger.sources.pull import check_version

    with pytest.raises(UserError, match="missing or damaged"):
        check_version(data_here(), "baci", version)
