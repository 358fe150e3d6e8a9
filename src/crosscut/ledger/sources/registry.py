"""Registry: every source that figures can be pulled from."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

import polars as pl

from crosscut.base.errors import Problem, UserError, suggestion
from crosscut.ledger.sources.connector import Connector, Options, checked_codes
from crosscut.ledger.sources.owners.baci import Baci
from crosscut.ledger.sources.owners.comtrade import Comtrade
from crosscut.ledger.sources.owners.geopolrisk import GeopolriskWheel
from crosscut.ledger.sources.owners.geopolrisk_databases import reference_folder
from crosscut.ledger.sources.owners.mcs import Mcs
from crosscut.ledger.sources.owners.wgi import Wgi
from crosscut.ledger.sources.owners.world_mining_data import WorldMiningData

SOURCES = ("baci", "comtrade", "geopolrisk", "usgs-mcs", "wgi", "world-mining-data")


def bundled_codes() -> tuple[str, ...]:
    """The HS codes of the bundled trade data: the minerals this project knows."""
    return tuple(pl.read_parquet(reference_folder() / "trade_codes.parquet")["hs92"].to_list())


def connector(source: str, options: Options | None = None, address: str = "") -> Connector:
    """The connector of a source; `address` replaces the official one (a mirror, a newer release).

    Raises UserError for an unknown source, and for options it has no use for.
    """
    o = options or Options()
    if source not in SOURCES:
        raise UserError(Problem(f"no source {source!r}", "data", suggestion(source, SOURCES)))
    if address and urlsplit(address).scheme not in ("http", "https"):
        raise UserError(Problem(f"{address!r} is no address", "--from", "https://... or a file that exists"))
    uses = {"baci": {"release", "codes"}, "comtrade": {"codes", "years"}}.get(source, set())
    given = {n for n in ("release", "codes", "years") if getattr(o, n)}
    if given - uses:
        raise UserError(
            [
                Problem(f"--{n} means nothing to {source}", "data pull", "no such option")
                for n in sorted(given - uses)
            ]
        )
    codes = checked_codes(o.codes)
    built: Connector
    if source == "baci":
        baci = Baci(codes or bundled_codes())
        built = replace(baci, release=o.release or baci.release, base=address or baci.base)
    elif source == "comtrade":
        comtrade = Comtrade(years=o.years)
        built = replace(comtrade, codes=codes or comtrade.codes, base=address or comtrade.base)
    elif source == "wgi":
        built = replace(Wgi(), base=address or Wgi().base)
    elif source == "usgs-mcs":
        built = replace(Mcs(), address=address or Mcs().address)
    elif source == "world-mining-data":
        built = replace(WorldMiningData(), address=address or WorldMiningData().address)
    else:
        built = GeopolriskWheel()
    return built
