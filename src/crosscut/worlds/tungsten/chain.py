"""Chain: the forms and processes of tungsten as deep as the facts of 2024 carry, with yields.

Where the facts stop: no trade or output of carbide tools and wrought metal (HS 8207, 8209, 8101.9x beyond
unwrought), so hardmetal, mill products and heavy alloy are end uses; powder is metal and carbide powder and
unwrought metal together, because trade is recorded for the first and last only; scrap that steel makers melt
directly is in no record.
"""

from __future__ import annotations

from crosscut.base.units.tonnage import content
from crosscut.market.model.chain import Chain, Form, Process, TradeCode, UseScrap
from crosscut.worlds.evidence import BasePrice
from crosscut.worlds.tungsten.ore import CONTENT
from crosscut.worlds.tungsten.uses import HARDMETAL, MILL

CONVERSION_YIELD = 0.95  # 0.93 (Viet Nam) to 0.96 (China, Austria): notes of the 2024 balance
RECYCLING_YIELD = 0.90  # chemical route: notes of the 2024 balance
ZINC_YIELD = 0.95  # assumed, 0.90 to 0.98; no figure found
REDUCTION_YIELD = 0.98  # assumed, 0.96 to 0.99; the one figure for APT to powder was taken out as unsourced
SMELTING_YIELD = 0.95  # assumed, 0.92 to 0.98; no figure found
# New scrap of makers, sold into the next year; assumed, 0.05 to 0.20. A popular source says a tenth is lost
# in making.
MAKERS_SCRAP = 0.10


def tungsten_chain(prices: tuple[BasePrice, ...]) -> Chain:
    """Make the chain: concentrate and scrap into oxide, powder and ferrotungsten.

    Parameters
    ----------
    prices : tuple of BasePrice
        A reference price in USD per t W for each of the five forms.

    Returns
    -------
    Chain
        Forms with their trade codes and W content, processes with their yields.
    """
    usd = {p.form: p.value for p in prices}
    return Chain(
        "tungsten",
        (
            Form("concentrate", "Concentrate", usd["concentrate"], (TradeCode("HS92", "261100", CONTENT),)),
            Form("scrap", "Scrap and residue", usd["scrap"], (TradeCode("HS92", "810191", None),)),
            Form(
                "oxide",
                "APT, other tungstates and oxides",
                usd["oxide"],
                (
                    TradeCode("HS92", "284180", content("APT").value),
                    TradeCode("HS92", "282590", content("WO3").value),
                ),
                primary=False,
            ),
            Form(
                "powder",
                "Metal and carbide powder, unwrought metal",
                usd["powder"],
                (
                    TradeCode("HS92", "810110", content("powder").value),
                    TradeCode("HS92", "284990", content("WC").value),
                    TradeCode("HS2002", "810194", None),
                ),
                primary=False,
            ),
            Form(
                "ferro",
                "Ferrotungsten",
                usd["ferro"],
                (TradeCode("HS92", "720280", content("FeW").value),),
                primary=False,
            ),
        ),
        (
            Process(
                "conversion",
                "Conversion to APT and oxide",
                {"concentrate": 1.0},
                {"oxide": CONVERSION_YIELD},
                0.1,
            ),
            Process(
                "smelting", "Smelting of ferrotungsten", {"concentrate": 1.0}, {"ferro": SMELTING_YIELD}, 0.1
            ),
            Process(
                "recycling", "Chemical recycling of scrap", {"scrap": 1.0}, {"oxide": RECYCLING_YIELD}, 0.1
            ),
            Process(
                "zinc_process",
                "Zinc process and other direct recycling",
                {"scrap": 1.0},
                {"powder": ZINC_YIELD},
                0.1,
            ),
            Process(
                "reduction", "Reduction and carburisation", {"oxide": 1.0}, {"powder": REDUCTION_YIELD}, 0.05
            ),
        ),
        headline="oxide",
        use_scrap=tuple(UseScrap(use, "powder", "scrap", MAKERS_SCRAP) for use in (HARDMETAL, MILL)),
    )
