"""The table of results in docs/outlook.md, from a result: `python -m tests.studies.outlook.results_table
RESULT.json`."""

import sys

from crosscut.app import api
from crosscut.output.screens.outlook.cells import amounts, case_word, one_row, points, shares, span_of

CHANGES = (
    ("USA", "mined in CHN"),
    ("USA", "owned by CHN"),
    ("EU27", "mined in CHN"),
    ("EU27", "owned by CHN"),
    ("CHN", "mined in CHN"),
    ("CHN", "owned by CHN"),
)


def results_table(result):
    """Markdown: the change by every case in the last year against none of the plans."""
    year = span_of(result)[1]
    lines = [
        (
            f"| {year}, against none of the plans | world mines, t | oxide in EU27, % | US: mined in China |"
            " Chinese owner | EU27: mined in China | Chinese owner | China: mined in China | Chinese owner |"
        ),
        "|" + "---|" * 9,
    ]
    for case in dict.fromkeys(r["case"] for r in result["tables"]["outlook_effects"]["rows"]):

        def row(what, place, item, case=case):
            return one_row(result, "outlook_effects", case=case, year=year, what=what, place=place, item=item)

        cells = [amounts(row("mined", "WLD", ""), sign=True), points(row("price", "EU27", "oxide paid"))]
        cells += [points(row("dependence", user, item)) for user, item in CHANGES]
        lines.append(f"| {case_word(result, case)} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def levels_table(result):
    """Markdown: what three users depend on in the base year and the last, with the plans and without."""
    first, last = span_of(result)
    lines = [
        f"| share of use | {first} | {last} with the plans | {last} without | {last}, 12,000 t/y as metal |",
        "|" + "---|" * 5,
    ]
    for user, name in (("USA", "United States"), ("EU27", "EU27"), ("CHN", "China")):
        for measure, of, words in (
            ("owned by", "UNK", "mine of unknown owner"),
            ("owned by", "CHN", "mine of Chinese owner"),
            ("mined in", "CHN", "mined in China"),
            ("mined in", "KAZ", "mined in Kazakhstan"),
        ):
            key = {"user": user, "measure": measure, "of": of}
            cells = [
                shares(one_row(result, "outlook_dependence", case=case, year=year, **key))
                for case, year in (
                    ("plans", first),
                    ("plans", last),
                    ("without", last),
                    ("press-12000-t-w", last),
                )
            ]
            lines.append(f"| {name}: {words} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    found = api.read_result(sys.argv[1])
    print(results_table(found), levels_table(found), sep="\n\n")
