"""Technical: the sheet of tonnes, formula by formula as `crosscut.finance.mine.schedule` computes them."""

from __future__ import annotations

from crosscut.finance.mine.project import Project
from crosscut.output.workbook.cells import Book

SHEET = "Schedule"


def fill_schedule(book: Book, p: Project) -> None:
    """Ore mined and milled by type, waste, WO3, mtu sold, the last year of ore."""
    kinds = range(len(p.ore))
    book.yearly(
        SHEET,
        "mine_room",
        "Ore that may be mined",
        "t",
        "{mine_plan}" if book.has("mine_plan") else "{$mine_capacity}*{mine_ramp}",
    )
    mill = "{$mill_capacity}*{mill_ramp}" if book.has("mill_capacity") else "IF({mill_ramp}>0,1E+300,0)"
    book.yearly(SHEET, "mill_room", "Ore that may be milled", "t", mill)
    for k, o in enumerate(p.ore):
        ground = "0" if o.surface else f"{{$tonnes_{k}}}"
        taken = "".join(f"-{{mined_{j}}}" for j in range(k))
        book.yearly(
            SHEET,
            f"mined_{k}",
            f"Mined {o.id}",
            "t",
            f"MAX(0,MIN({ground}-SUM({{mined_{k}:before}}),{{mine_room}}{taken}))",
        )
    for k, o in enumerate(p.ore):
        heap = f"{{$tonnes_{k}}}" if o.surface else "0"
        taken = "".join(f"-{{fed_{j}}}" for j in range(k))
        book.yearly(
            SHEET,
            f"fed_{k}",
            f"Milled {o.id}",
            "t",
            f"MAX(0,MIN({heap}+SUM({{mined_{k}:upto}})-SUM({{fed_{k}:before}}),{{mill_room}}{taken}))",
        )
    book.yearly(SHEET, "mined", "Ore mined", "t", "+".join(f"{{mined_{k}}}" for k in kinds))
    book.yearly(SHEET, "waste", "Waste moved", "t", "+".join(f"{{mined_{k}}}*{{strip_{k}}}" for k in kinds))
    book.yearly(SHEET, "milled", "Ore milled", "t", "+".join(f"{{fed_{k}}}" for k in kinds))
    book.yearly(
        SHEET,
        "contained",
        p.unit.named("WO3 in ore milled"),
        "t",
        "+".join(f"{{fed_{k}}}*{{grade_{k}}}" for k in kinds),
    )
    made = "+".join(f"{{fed_{k}}}*{{grade_{k}}}*{{recovery_{k}}}" for k in kinds)
    book.yearly(SHEET, "concentrate", p.unit.named("WO3 in concentrate"), "t", f"({made})*{{recovery_ramp}}")
    refined = "*{refined}" if book.has("refined") else ""
    book.yearly(SHEET, "sold", p.unit.named("WO3 sold"), "mtu", f"{{concentrate}}*100{refined}")
    book.yearly(SHEET, "active", "Milling (1) or not (0)", "", "IF({milled}>0,1,0)")
    book.yearly(SHEET, "active_year", "Year if milling", "", "{active}*{year}")
    book.single(SHEET, "last_year", "Last year of ore", "", "MAX({active_year:all})")
