"""CEPII BACI: bilateral trade, reconciled, as one zip of yearly CSV files with code tables.

Layout, from the owner's description of the dataset: BACI_HS92_Y<year>_V<release>.csv with the columns t
(year), i (exporter), j (importer), k (HS code), v (thousand USD), q (metric tons; blank or NA where
missing); country_codes_V*.csv and product_codes_HS92_V*.csv beside them.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import polars as pl

from crosscut.base.errors import Problem, UserError
from crosscut.ledger.reference.datasets import DATASETS
from crosscut.ledger.reference.tables import country_sums
from crosscut.ledger.sources.archive import ArchiveLimits, line_blocks, member, opened_archive
from crosscut.ledger.sources.checks import check_columns, check_label, check_years
from crosscut.ledger.sources.connector import Fetch, Imported, latest_year
from crosscut.ledger.sources.download import Download
from crosscut.ledger.sources.owners.totals import Totals

RELEASE = "202601"
TRADE = DATASETS["trade"]
COLUMNS = ("t", "i", "j", "k", "v", "q")
COUNTRY_COLUMNS = ("country_code", "country_name", "country_iso2", "country_iso3")
PRODUCT_COLUMNS = ("code", "description")
_YEAR_FILE = re.compile(r"BACI_HS92_Y(\d{4})_V(\d{6}[a-z]?)\.csv")
_MISSING = ("", "NA")
_UNSPECIFIED = r"^\d{4}[A-Z]{2}$"  # 9999AA: trade that its country files under no goods
_ZERO = r"^0+(\.0+)?$"
_PLACES = 3  # decimals of v and q


@dataclass(frozen=True)
class Baci:
    """BACI in HS 1992. `codes` are the HS codes kept; what lies outside them is counted, not kept."""

    codes: tuple[str, ...]
    release: str = RELEASE
    base: str = "https://www.cepii.fr/DATA_DOWNLOAD/baci/data/"
    block: int = 32 << 20
    id: str = "baci"
    title: str = "CEPII BACI, bilateral trade (HS 1992)"
    licence: str = "Etalab Open Licence 2.0"
    page: str = "https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=37"
    format: str = "zip of BACI_HS92_Y<year>_V<release>.csv (t,i,j,k,v,q) with country and product codes"
    datasets: tuple[str, ...] = ("trade",)

    @property
    def address(self) -> str:
        """The zip of the release, unless `base` already names a zip."""
        return self.base if self.base.endswith(".zip") else f"{self.base}BACI_HS92_V{self.release}.zip"

    def fetched(self, fetch: Fetch) -> list[Path]:
        """One zip."""
        return [fetch(Download(f"BACI_HS92_V{self.release}.zip", self.address, largest=16 << 30))]

    def parsed(self, files: Sequence[Path]) -> Imported:
        """Every year in blocks; the kept rows sorted by code, year, exporter and importer."""
        (path,) = files
        kept: list[pl.DataFrame] = []
        before: list[pl.DataFrame] = []
        outside: list[float] = [0, 0.0]
        unspecified = unweighed = 0
        # Every year's text must end where its content ends: numbers compress to a half, not to a hundredth.
        with opened_archive(path, ArchiveLimits(ratio=100.0)) as archive:
            years = _years(archive, path.name)
            names = _table(archive, r"country_codes_V\w+\.csv", COUNTRY_COLUMNS, path.name)
            products = _table(archive, r"product_codes_HS92_V\w+\.csv", PRODUCT_COLUMNS, path.name)
            for year, member_name in sorted(years.items()):
                where = PurePosixPath(member_name).name
                for text in self._blocks(archive, member_name, where):
                    wanted, others, value = _parted(text, self.codes, year, where)
                    outside = [outside[0] + others, outside[1] + value]
                    unspecified += int(text["k"].str.contains(_UNSPECIFIED).sum())
                    wanted, zeros = _without_weight(wanted)
                    unweighed += zeros
                    inside = _checked(wanted, year, where)
                    before.append(_sums(inside))
                    # Codes as numbers while they are many: they sort alike and take a quarter of the room.
                    kept.append(inside.drop("v", "q", "line").with_columns(pl.col("hs92").cast(pl.UInt32)))
        frame = _sorted(pl.concat(kept, rechunk=False))
        kept.clear()
        frame = frame.with_columns(pl.col("hs92").cast(pl.String).str.zfill(6))
        if frame.is_empty():
            raise UserError(
                Problem("has no row under the codes asked for", path.name, ", ".join(self.codes[:5]))
            )
        _check_places(frame, names, path.name)
        release = next(iter({m[2] for n in years.values() if (m := _YEAR_FILE.search(n))}))
        described = dict(products)
        codes = sorted(frame["hs92"].unique().to_list())
        absent = sorted(set(self.codes) - set(codes))
        notes = [
            f"{outside[0]:,} rows ({outside[1] / 1e6:,.2f} billion USD) lie under other HS codes and were not"
            " kept"
        ]
        if unspecified:
            notes.append(f"of these {unspecified:,} are under a code that names no goods, such as 9999AA")
        if unweighed:
            notes.append(f"{unweighed:,} rows have a value and a weight of 0: the weight counts as not known")
        if absent:
            notes.append(f"no rows under {len(absent)} codes asked for: {', '.join(absent[:8])}")
        return Imported(
            release=f"V{release}",
            tables={
                "trade": frame,
                "trade_by_country": country_sums(frame).collect(engine="streaming"),
                "trade_codes": pl.DataFrame(
                    {"hs92": codes, "description": [described.get(c, "") for c in codes]},
                    schema={"hs92": pl.String, "description": pl.String},
                ),
            },
            before={"trade": _totals(before)},
            notes=notes,
            facts={"rows_outside": outside[0], "value_outside_kusd": outside[1]},
        )

    def _blocks(self, archive: zipfile.ZipFile, name: str, where: str) -> Iterator[pl.DataFrame]:
        """The rows of a yearly file as text, with their line numbers; the header is checked and left out."""
        with member(archive, name) as stream:
            head = stream.readline(4096).decode("utf-8-sig", "replace").strip()
            check_columns([c.strip().strip('"') for c in head.split(",")], COLUMNS, f"{where}:1")
            line = 2
            for block in line_blocks(stream, self.block):
                lines = block.count(b"\n")
                try:
                    rows = pl.read_csv(
                        block,
                        has_header=False,
                        new_columns=list(COLUMNS),
                        schema=dict.fromkeys(COLUMNS, pl.String),
                        quote_char=None,
                        null_values=[],
                    )
                except pl.exceptions.PolarsError:
                    raise UserError(_broken_line(block, line, where)) from None
                if rows.height != lines or block.count(b",") != 5 * lines:
                    raise UserError(_broken_line(block, line, where))
                rows = rows.fill_null("")
                if any(
                    c in block for c in (b" ", b'"', b"\t", b"\r")
                ):  # padded or quoted cells; costly, so only then
                    rows = rows.with_columns(pl.all().str.strip_chars(' \t\r"'))
                yield rows.with_columns(pl.int_range(line, line + lines, dtype=pl.Int64).alias("line"))
                line += lines


def _years(archive: zipfile.ZipFile, where: str) -> dict[int, str]:
    found = {}
    for name in archive.namelist():
        if m := _YEAR_FILE.fullmatch(PurePosixPath(name).name):
            found[int(m[1])] = name
    if not found:
        raise UserError(
            Problem(
                "holds no yearly file",
                where,
                "members such as BACI_HS92_Y2024_V202601.csv; HS92 is the revision used",
            )
        )
    if len({m[2] for n in found.values() if (m := _YEAR_FILE.search(n))}) > 1:
        raise UserError(Problem("mixes releases", where, "one release"))
    check_years(found, latest_year(), where)
    return found


def _table(
    archive: zipfile.ZipFile, pattern: str, columns: tuple[str, ...], where: str
) -> list[tuple[str, str]]:
    """First two columns of a code table, as text."""
    name = next((n for n in archive.namelist() if re.fullmatch(pattern, PurePosixPath(n).name)), None)
    if name is None:
        raise UserError(
            Problem(f"holds no {pattern.split('_V')[0]} table", where, "the whole zip of the release")
        )
    with member(archive, name) as stream:
        text = stream.read(8 << 20).decode("utf-8-sig", "replace")
    rows = list(csv.reader(io.StringIO(text)))
    short = PurePosixPath(name).name
    check_columns(rows[0] if rows else [], columns, f"{short}:1")
    out = []
    for n, r in enumerate(rows[1:], 2):
        if len(r) != len(columns):
            raise UserError(Problem(f"{len(r)} fields", f"{short}:{n}", f"{len(columns)}"))
        out.append((r[0].strip(), check_label(r[1], f"{short}:{n}, {columns[1]}")))
    return out


def _parted(
    rows: pl.DataFrame, codes: Sequence[str], year: int, where: str
) -> tuple[pl.DataFrame, int, float]:
    """The rows under the codes that are kept; of the others, which are most of a release, how many and their
    value.

    The others are looked at in full only where a code or a value among them is not what it should be.
    """
    kept = pl.col("k").str.zfill(6).is_in(codes)
    others = rows.filter(~kept)
    if others.is_empty():
        return rows, 0, 0.0
    value = others["v"].cast(pl.Float64, strict=False)
    coded = others["k"].str.contains(rf"^\d{{1,6}}$|{_UNSPECIFIED}")
    if value.null_count() or not coded.all():
        named = pl.when(pl.col("k").str.contains(_UNSPECIFIED)).then(pl.lit("999999")).otherwise("k")
        _checked(others.with_columns(named.alias("k")), year, where)
    return rows.filter(kept), others.height, float(value.sum())


def _without_weight(rows: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """The rows with NA for a weight of 0 beside a value, which is how an unknown weight is written, and their
    number. A weight of 0 beside a value of 0 stays."""
    unknown = pl.col("q").str.contains(_ZERO) & ~pl.col("v").str.contains(_ZERO)
    count = int(rows.select(unknown.sum()).item())
    if not count:
        return rows, 0
    return rows.with_columns(pl.when(unknown).then(pl.lit("NA")).otherwise("q").alias("q")), count


def _checked(rows: pl.DataFrame, year: int, where: str) -> pl.DataFrame:
    """Typed rows of one block beside the text of v and q; UserError names file, line and field of what is
    wrong."""
    typed = rows.select(
        "line",
        "v",
        "q",
        pl.col("k").str.zfill(6).alias("hs92"),
        pl.col("i").cast(pl.Int16, strict=False).alias("exporter"),
        pl.col("j").cast(pl.Int16, strict=False).alias("importer"),
        pl.col("t").cast(pl.Int16, strict=False).alias("year"),
        _thousandths("v").alias("value_usd"),
        pl.when(~pl.col("q").is_in(_MISSING)).then(_thousandths("q")).alias("quantity_kg"),
        pl.col("k", "i", "j", "t").name.prefix("text_"),
    )
    (low_v, high_v), (low_q, high_q) = TRADE.bounds["value_usd"], TRADE.bounds["quantity_kg"]
    tests = {
        "t": (pl.col("year").is_null() | (pl.col("year") != year), "text_t", f"the year {year}"),
        "i": (pl.col("exporter").is_null() | (pl.col("exporter") < 1), "text_i", "a country code, e.g. 156"),
        "j": (pl.col("importer").is_null() | (pl.col("importer") < 1), "text_j", "a country code, e.g. 842"),
        "k": (~pl.col("hs92").str.contains(r"^[0-9]{6}$"), "text_k", "an HS code of six digits"),
        "v": (
            _no_figure("v", "value_usd", low_v, high_v),
            "v",
            "thousand USD with up to three decimals, from 0 to 1e9",
        ),
        "q": (
            ~pl.col("q").is_in(_MISSING) & _no_figure("q", "quantity_kg", low_q, high_q),
            "q",
            "tonnes with up to three decimals, from 0 to 1e10, or NA",
        ),
    }
    if typed.select(pl.any_horizontal(t for t, _, _ in tests.values()).any()).item():
        problems = []
        for field, (test, text, expected) in tests.items():
            for r in typed.filter(test).head(2).iter_rows(named=True):
                problems.append(Problem(f"{r[text][:40]!r}", f"{where}:{r['line']}, {field}", expected))
        raise UserError(problems)
    return typed.select("hs92", "exporter", "importer", "year", "value_usd", "quantity_kg", "v", "q", "line")


def _no_figure(text: str, typed: str, low: float, high: float) -> pl.Expr:
    plain = pl.col(text).str.contains(r"^\d+(\.\d{1,3})?$")
    wrong: pl.Expr = ~plain | pl.col(typed).is_null() | ~pl.col(typed).is_between(low, high)
    return wrong


def _thousandths(column: str) -> pl.Expr:
    """Whole thousandths of a number in text; null where it is none. v and q carry three decimals."""
    number = pl.col(column).cast(pl.Float64, strict=False)
    return (number * 1000.0).round().cast(pl.Int64, strict=False)


def _sums(rows: pl.DataFrame) -> pl.DataFrame:
    """Totals of a block by code, year and country, added up as decimals from the text, apart from the typed
    columns."""
    exact = rows.select(
        "hs92",
        "exporter",
        "importer",
        "year",
        pl.col("v").cast(pl.Decimal(38, _PLACES), strict=False).alias("v"),
        pl.when(~pl.col("q").is_in(_MISSING))
        .then(pl.col("q").cast(pl.Decimal(38, _PLACES), strict=False))
        .alias("q"),
    )
    parts = []
    for group in TRADE.totals:
        parts.append(
            exact.group_by(group)
            .agg(
                pl.len().cast(pl.Int64).alias("rows"),
                pl.col("v").is_null().sum().cast(pl.Int64).alias("v0"),
                pl.col("v").sum(),
                pl.col("q").is_null().sum().cast(pl.Int64).alias("q0"),
                pl.col("q").sum(),
            )
            .select(
                pl.lit("/".join(group)).alias("group"),
                pl.concat_str([pl.col(c).cast(pl.String) for c in group], separator="/").alias("key"),
                "rows",
                "v0",
                "v",
                "q0",
                "q",
            )
        )
    return pl.concat(parts)


def _sorted(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows by code, year, exporter and importer: sorted by one whole number made of the four, a quarter of
    the work."""
    wide = [pl.col(c).cast(pl.UInt64) for c in ("hs92", "year", "exporter", "importer")]
    key = wide[0] * 2**44 + wide[1] * 2**32 + wide[2] * 2**16 + wide[3]
    return rows.with_columns(key.alias("key")).sort("key").drop("key")


def _totals(parts: Sequence[pl.DataFrame]) -> Totals:
    sums = pl.concat(parts).group_by("group", "key").agg(pl.col("rows", "v0", "v", "q0", "q").sum())
    out: dict[str, dict[str, tuple[int, ...]]] = {"/".join(g): {} for g in TRADE.totals}
    for group, key, n, v0, v, q0, q in sums.iter_rows():
        out[group][key] = (n, v0, int(v * 10**_PLACES), q0, int(q * 10**_PLACES))
    return out


def _check_places(frame: pl.DataFrame, names: Sequence[tuple[str, str]], where: str) -> None:
    from crosscut.base.places import by_trade_code

    said = dict(names)
    problems = []
    for code in sorted({*frame["exporter"].unique(), *frame["importer"].unique()}):
        try:
            by_trade_code(str(code))
        except UserError:
            problems.append(
                Problem(
                    f"country code {code} ({said.get(str(code), 'not in its country table')}) has no place",
                    where,
                    "a code in places.csv; codes are mapped, never dropped",
                )
            )
    if problems:
        raise UserError(problems[:10])


def _broken_line(block: bytes, first: int, where: str) -> Problem:
    for n, line in enumerate(block.split(b"\n")[:-1], first):
        if line.count(b",") != 5 or not line.strip():
            return Problem(
                f"{line.count(b',') + 1} fields: {line[:60].decode('utf-8', 'replace')!r}",
                f"{where}:{n}",
                "six fields: t,i,j,k,v,q",
            )
    return Problem("cannot be read as a table", f"{where}:{first}", "lines of six fields: t,i,j,k,v,q")
