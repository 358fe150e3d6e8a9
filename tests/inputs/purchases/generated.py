"""Files of purchases made by chance, with the truth behind each: locale, separator, encoding, language of the
headings, where units and currencies stand, titles, totals, workbooks.

The truth is worked out here from the figures as they are written, with constants of its own; it shares
nothing with the reader.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date

from tests.inputs.purchases.languages import LANGUAGES, Language
from tests.inputs.purchases.reading import workbook

# t of one unit (NIST Handbook 44); the words for it
UNITS = {
    "t": (1.0, ("t", "MT", "tonnes")),
    "kg": (1e-3, ("kg", "KG", "kgs")),
    "lb": (0.45359237e-3, ("lb", "lbs")),
    "short ton": (0.90718474, ("short ton", "short tons")),
}
PER_USD = {  # averages as the US Internal Revenue Service prints them
    ("USD", 2023): 1.0,
    ("USD", 2024): 1.0,
    ("EUR", 2023): 0.924,
    ("EUR", 2024): 0.924,
    ("JPY", 2023): 140.511,
    ("JPY", 2024): 151.353,
    ("CNY", 2023): 7.075,
    ("CNY", 2024): 7.189,
    ("GBP", 2023): 0.804,
    ("GBP", 2024): 0.783,
    ("CHF", 2023): 0.899,
    ("CHF", 2024): 0.881,
    ("INR", 2023): 82.572,
    ("INR", 2024): 83.677,
}
CODES = {
    "tungsten": ("8101.94", "2841.80", "81011000"),
    "cobalt": ("810520", "8105.20.00"),
    "antimony": ("811010",),
    "tin": ("8001.10",),
    "nickel": ("750210",),
    "copper": ("7403 11 00",),
}
PRICE = {"tungsten": 33000, "cobalt": 28000, "antimony": 14000, "tin": 29000, "nickel": 17000, "copper": 9000}


@dataclass(frozen=True)
class Truth:
    """What a line of a file says: tonnes as bought and USD, from the figures as they are written."""

    line: int
    country: str
    mineral: str
    tonnes: float
    usd: float
    year: int


@dataclass
class MadeFile:
    """A file and the truth behind it."""

    name: str
    raw: bytes
    truths: list[Truth] = field(default_factory=list)
    told: str = ""


def written(rng: random.Random, value: float, decimals: int, mark: str, group: str) -> tuple[str, float]:
    """A number as a locale writes it, and the number that is then written."""
    text = f"{value:.{decimals}f}"
    number = float(text)
    whole, _, fraction = text.partition(".")
    if group == "lakh":
        head, tail = whole[:-3], whole[-3:]
        while len(head) > 2:
            head, tail = head[:-2], f"{head[-2:]},{tail}"
        whole = f"{head},{tail}" if head else tail
    elif group:
        parts = []
        while len(whole) > 3:
            whole, part = whole[:-3], whole[-3:]
            parts.insert(0, part)
        whole = group.join([whole, *parts])
    return whole + (mark + fraction if fraction else ""), number


def made_file(seed: int) -> MadeFile:
    """The file of a seed."""
    rng = random.Random(seed)
    language = rng.choice(LANGUAGES)
    style = _Style(rng, language)
    rows: list[tuple[list[str], tuple[str, str, float, float, int], list[object]]] = []
    for _ in range(rng.randint(3, 8)):
        rows.append(style.row())
    return style.workbook(rows) if style.is_workbook else style.text(rows)


class _Style:
    """How one file is written."""

    def __init__(self, rng: random.Random, language: Language) -> None:
        self.rng, self.language = rng, language
        self.is_workbook = rng.random() < 0.2
        self.mark = language.mark
        self.group = rng.choice(language.groups)
        if rng.random() < 0.15:  # a program of another country made the file
            other = rng.choice(LANGUAGES)
            self.mark, self.group = other.mark, rng.choice(other.groups)
        self.by_code = rng.random() < 0.15
        self.by_iso = rng.choice([0, 0, 0, 2, 3])
        self.thousands = rng.random() < 0.1
        usual = ";" if self.mark == "," or language.code == "ch" else ","
        self.separator = usual if rng.random() < 0.7 else rng.choice([",", ";", "\t", "|"])
        self.encoding = rng.choice([e for e in language.encodings if self._fits(e)])
        self.unit = rng.choice(list(UNITS))
        self.unit_at = rng.choice(["column", "heading", "cell"])
        self.currency = rng.choice(language.currencies)
        self.currency_at = "heading" if self.thousands else rng.choice(["column", "heading", "cell"])
        self.has_date = rng.random() < 0.4
        self.day_format = rng.choice(language.days)
        self.quantity_decimals = rng.choice([0, 0, 1, 2, 3])
        self.value_decimals = rng.choice([0, 0, 2])
        self.order = ["country", "product", "quantity", "value", "year"]
        if self.unit_at == "column":
            self.order.append("unit")
        if self.currency_at == "column":
            self.order.append("currency")
        if rng.random() < 0.5:
            self.order.append("note")
        rng.shuffle(self.order)
        self.unit_word = rng.choice(UNITS[self.unit][1])

    def headings(self) -> list[str]:
        """The row of headings."""
        out = []
        for part in self.order:
            words = self.language.headings["date" if part == "year" and self.has_date else part]
            text = self.rng.choice(words)
            if part == "product" and self.by_code:
                text = (
                    "海关编码"
                    if self.language.code == "zh"
                    else self.rng.choice(["HS Code", "HS", "Zolltarifnummer"])
                )
            bracket = self.rng.choice(["({})", "[{}]", "({})"])
            if part == "quantity" and self.unit_at == "heading":
                text += " " + bracket.format(self.unit_word)
            if part == "value" and self.currency_at == "heading":
                scales = ["thousand {}", "k{}", "{} 1000", "1000 {}", "T{}"] if self.thousands else ["{}"]
                text += " " + bracket.format(self.rng.choice(scales).format(self.currency))
            out.append(text)
        return out

    def row(self) -> tuple[list[str], tuple[str, str, float, float, int], list[object]]:
        """(cells as text, truth without the line, cells of a workbook) of one purchase."""
        rng, language = self.rng, self.language
        country, mineral = rng.choice(list(language.countries)), rng.choice(list(PRICE))
        year = rng.choice([2023, 2024])
        tonnes = 10 ** rng.uniform(-0.5, 2.5)
        amount = tonnes / UNITS[self.unit][0]
        usd = tonnes * PRICE[mineral] * rng.uniform(0.7, 1.4)
        quantity, number = written(rng, amount, self.quantity_decimals, self.mark, self.group)
        if number == 0:
            quantity, number = written(rng, 5.0, self.quantity_decimals, self.mark, self.group)
            usd = 5.0 * UNITS[self.unit][0] * PRICE[mineral]
        rate = PER_USD[self.currency, year]
        scale = 1000 if self.thousands else 1
        value, paid = written(rng, usd * rate / scale, self.value_decimals, self.mark, self.group)
        if paid == 0:
            value, paid = written(rng, 1.0, self.value_decimals, self.mark, self.group)
        day = date(year, rng.randint(1, 12), rng.randint(1, 28))
        cells: dict[str, str] = {
            "country": self._country(country),
            "product": rng.choice(CODES[mineral] if self.by_code else language.products[mineral]),
            "quantity": f"{quantity} {self.unit_word}" if self.unit_at == "cell" else quantity,
            "value": f"{self.currency} {value}" if self.currency_at == "cell" else value,
            "year": day.strftime(self.day_format) if self.has_date else str(year),
            "unit": self.unit_word,
            "currency": self.currency,
            "note": rng.choice(["", "ok", "see mail", "4711", 'a "b" c']),
        }
        numbers: dict[str, object] = {
            **cells,
            "quantity": (number, f'#,##0.000 "{self.unit_word}"') if self.unit_at == "cell" else number,
            "value": (paid, f"[${self.currency}] #,##0.00") if self.currency_at == "cell" else paid,
            "year": day if self.has_date else year,
        }
        truth = (country, mineral, number * UNITS[self.unit][0], paid * scale / rate, year)
        return [cells[p] for p in self.order], truth, [numbers[p] for p in self.order]

    def _fits(self, encoding: str) -> bool:
        """Whether an encoding has the mark that groups figures."""
        try:
            self.group.encode(encoding)
        except UnicodeEncodeError:
            return False
        return True

    def _country(self, code: str) -> str:
        two = {"CHN": "CN", "TUR": "TR", "CIV": "CI", "COD": "CD", "USA": "US", "JPN": "JP", "AUT": "AT"}
        two |= {"PRT": "PT", "DEU": "DE", "ESP": "ES", "RUS": "RU", "VNM": "VN"}
        if self.by_iso:
            return two[code] if self.by_iso == 2 else code
        return self.language.countries[code]

    def text(
        self, rows: list[tuple[list[str], tuple[str, str, float, float, int], list[object]]]
    ) -> MadeFile:
        """A CSV."""
        rng = self.rng
        lines: list[str] = []
        if rng.random() < 0.25:
            lines += [self._line(["Purchasing report"] + [""] * (len(self.order) - 1)), ""]
        lines.append(self._line(self.headings()))
        truths = []
        for cells, truth, _ in rows:
            while rng.random() < 0.1:
                lines.append("")
            truths.append(Truth(len(lines) + 1, *truth))
            lines.append(self._line(cells))
        if rng.random() < 0.25:
            lines.append(self._line([self.language.total] + [""] * (len(self.order) - 1)))
        if rng.random() < 0.15:
            lines = [line + self.separator * 2 if line else line for line in lines]
        end = rng.choice(["\n", "\r\n", "\r\n"])
        raw = (end.join(lines) + end).encode(self.encoding)
        return MadeFile("made.csv", raw, truths, self._told())

    def workbook(
        self, rows: list[tuple[list[str], tuple[str, str, float, float, int], list[object]]]
    ) -> MadeFile:
        """An XLSX, half of them with numbers as text."""
        as_text = self.rng.random() < 0.3
        body = [list(cells) if as_text else numbers for cells, _, numbers in rows]
        title = [["Purchasing report"], []] if self.rng.random() < 0.3 else []
        raw = workbook(("Notes", [["nothing"]]), ("Buys", [*title, self.headings(), *body]))
        first = len(title) + 2
        truths = [Truth(first + k, *truth) for k, (_, truth, _) in enumerate(rows)]
        return MadeFile("made.xlsx", raw, truths, self._told())

    def _line(self, cells: list[str]) -> str:
        out = []
        for c in cells:
            quoted = self.separator in c or '"' in c or self.rng.random() < 0.05
            out.append('"' + c.replace('"', '""') + '"' if quoted else c)
        return self.separator.join(out)

    def _told(self) -> str:
        return (
            f"{self.language.code} {self.encoding} separator {self.separator!r} mark {self.mark!r} group"
            f" {self.group!r} {self.unit} at {self.unit_at} {self.currency} at {self.currency_at}"
            f" thousands {self.thousands} workbook {self.is_workbook}"
        )
