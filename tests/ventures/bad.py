"""The example file with one thing spoiled in it: what it is, what it becomes, what must be said."""

from importlib.resources import files

GOOD = files("crosscut.ventures").joinpath("bundled", "example-mine.yaml").read_text()

GRADE = "grade: {mid: 0.0020, low: 0.0017, high: 0.0022}"

# (name, from, to, field, value as shown, hint)
SPOILED = [
    ("grade in percent", GRADE, "grade: 0.20", "ore[pit].grade", "0.2, which is 20% WO3", "0.002 if 0.2 is a percentage"),
    ("grade in percent by year", GRADE, "grade: {2030: 0.002, 2031: 0.21}", "ore[pit].grade", "0.21, which is 21% WO3",
     "0.0021 if 0.21 is a percentage"),
    ("grade of a year missing", GRADE, "grade: {2030: 0.002, 2032: 0.0021}", "ore[pit].grade",
     "2031 is missing between 2030 and 2032", "a number for every year"),
    ("ore above resource", "resource: 40.0e6", "resource: 20.0e6", "ore[pit].tonnes", "30,000,000 t", "at most 20,000,000 t"),
    ("debt above capital", "share: 0.5\n      rate", "amount: 900.0e6\n      rate", "finance.loans[export-credit]",
     "900,000,000 USD on a capital cost of 175,000,000", "at most"),
    ("negative tenor", "tenor: 10", "tenor: -10", "finance.loans[export-credit].tenor", "-10", "years of repayment"),
    ("missing year", "{mid: 400, low: 280, high: 700}", "{2030: 300, 2032: 400}", "prices.apt",
     "2031 is missing between 2030 and 2032", "a number for every year"),
    ("missing years", "overhead: 4.5e6", "overhead: {2030: 4.5e6, 2034: 5e6}", "costs.overhead",
     "2031 to 2033 is missing", "a number for every year"),
    ("real and nominal mixed", "prices:\n", "prices:\n  basis: nominal\n", "prices.basis",
     "prices are nominal, money is real", "real, as money.basis"),
    ("recovery in percent", "recovery: {mid: 0.72, low: 0.62, high: 0.78}", "recovery: 72", "ore[pit].recovery", "72",
     "0.72 if 72 is a percentage"),
    ("rate in percent", "discount: {rate: 0.08", "discount: {rate: 8", "discount.rate", "8", "0.08 if 8 is a percentage"),
    ("range upside down", "{mid: 0.78, low: 0.70, high: 0.85}", "{mid: 0.78, low: 0.80, high: 0.85}", "product.payable",
     "0.8 <= 0.78 <= 0.85", "low <= mid <= high"),
    ("shares of a year", "years: {2028: 0.4, 2029: 0.6}}", "years: {2028: 0.4, 2029: 0.7}}", "capital.items[plant].years",
     "add up to 1.1", "add up to 1"),
    ("capital before the first year", "years: {2029: 1.0}, asset", "years: {2019: 1.0}, asset", "capital.items[pit].years",
     "year 2019", "years from 2028"),
    ("production before spending", "production: 2030", "production: 2020", "years.production", "2020", "2028 or later"),
    ("owners hold too much", "share: 0.7,", "share: 0.8,", "finance.owners", "hold 1.1", "add up to 1"),
    ("equity after the start", "finance:\n", "finance:\n  equity: [{id: late, amount: 5.0e6, years: {2031: 1.0}}]\n",
     "finance.equity[late].years", "equity in 2031", "years before production"),
    ("unknown regime", "regime: kazakhstan-2026}", "regime: kazakstan-2026}", "taxes.regime", "'kazakstan-2026'",
     "did you mean 'kazakhstan-2026'"),
    ("unknown fact", "fact: F018", "fact: F0018", "costs.levies.fact", "'F0018'", "F018"),
    ("unknown field", "  overhead: 4.5e6", "  overheads: 4.5e6", "costs.overheads", "'overheads'", "did you mean 'overhead'"),
    ("unknown country", "country: KAZ\nmineral", "country: Kazakstan\nmineral", "country", "'Kazakstan'", "Kazakhstan"),
    ("plant is missing", "form: concentrate", "form: graphite", "product.form", "'graphite'", "concentrate"),
    ("negative cost", "mining: {mid: 2.5, low: 2.0, high: 3.2, fact: P059}", "mining: -2.5", "costs.mining", "-2.5", "0 or more"),
    ("no tax at all", "taxes: {regime: kazakhstan-2026}", "taxes: {dividends: 0.1}", "taxes", "no income tax", "regime"),
    ("not finite", "overhead: 4.5e6", "overhead: .nan", "costs.overhead", "nan", "finite"),
    ("sculpting asked of an annuity", "repayment: sculpted", "repayment: annuity", "finance.loans[export-credit].dscr",
     "dscr without sculpting", "sculpted"),
    ("money without a rate", "currency: USD", "currency: AUD", "money", "AUD without a rate", "per_usd"),
    ("no years in a series", "{mid: 400, low: 280, high: 700}", "{by_year: {}}", "prices.apt", "neither a number", "340"),
    ("nothing is ever spent", "years: {2029: 1.0}, asset", "years: {}, asset", "capital.items[pit].years", "add up to 0", "add up to 1"),
    ("no ore in any year", "mine: {capacity: 2.2e6, ramp: [0.5, 1.0]}", "mine: {by_year: {}}", "mine", "a capacity, or ore by year", "capacity"),
    ("precedent that is none", "    - id: export-credit\n", "    - id: export-credit\n      like: {}\n",
     "finance.loans[export-credit].like", "no precedent", "perpetua"),
    ("worthless dollar", "currency: USD\n", "currency: AUD\n  per_usd: 0\n", "money.per_usd", "a rate of 0", "above 0"),
    ("alternative of nothing", "taxes.regime: kazakhstan-2026-product-base", "'capital.items[mill].amount': 3",
     "alternatives[seven-point-eight].set.capital.items[mill].amount", "'mill'", "plant"),
]  # fmt: skip
