"""Every field of the format in one file, ranges everywhere: it loads, adds up, and its answer is a valid
document."""

import pytest

from crosscut.finance.answers.valuation import lenders_terms, valuation
from crosscut.finance.cash.statements import unaccounted
from crosscut.inputs.project.loader import project_from_text
from crosscut.studies.project.build import project_of
from crosscut.studies.project.run import project_result
from crosscut.studies.project.sampling import Draws
from tests.ledgers import BUNDLED, IN_THIS_PROCESS

EVERYTHING = """
version: 1
kind: project
id: everything
title: Every field at once
country: AUS
region: Tasmania
mineral: tungsten
study: true
seed: 7
draws: 40
years: {first: 2027, production: 2030, last: 2044}
money:
  currency: AUD
  basis: real
  year: 2025
  inflation: {mid: 0.025, low: 0.02, high: 0.04}
  per_usd: {by_year: {2027: 1.5, 2028: 1.52, 2029: 1.55}, low: 0.9, high: 1.1}
  local: {currency: CNY, inflation: 0.03, depreciation: {mid: 0.01, low: 0.0, high: 0.03},
          share_of_costs: 0.4, share_of_capital: 0.2}
discount: {rate: {mid: 0.08, low: 0.06, high: 0.10}, basis: nominal, equity: 0.13, state: 0.05,
           date: 2028, flows: middle}
ore:
  - {id: pit, tonnes: {mid: 6.0e6, low: 5.0e6, high: 7.0e6}, resource: 9.0e6, grade: 0.004,
     recovery: {mid: 0.75, low: 0.7, high: 0.8}, strip: 3}
  - {id: heap, tonnes: 2.0e6, grade: 0.0015, recovery: 0.6, origin: stockpile}
mine: {by_year: {2029: 0.1e6, 2030: 0.5e6, 2031: 0.8e6, 2032: 0.8e6,
                 2033: 0.8e6, 2034: 0.8e6, 2035: 0.8e6, 2036: 0.8e6, 2037: 0.4e6}}
mill: {capacity: {mid: 0.7e6, low: 0.6e6, high: 0.75e6}, ramp: [0.6, 1.0], recovery_ramp: [0.9, 1.0]}
by_products:
  - {id: tin, per_ore: 0.0003, price: {by_year: {2030: 30000, 2031: 31000}, low: 0.8, high: 1.3},
     payable: 0.95}
  - {id: sand, a_year: 50000, price: 12}
product:
  form: apt
  content: 0.6
  payable: 0.8
  treatment: 5
  penalties: 3
  freight: 100
  refining:
    recovery: 0.97
    capex: {mid: 40.0e6, low: 30.0e6, high: 60.0e6}
    years: {2028: 0.5, 2029: 0.5}
    power: 60
    power_price: 0.1
    reagents: 20
    other: 10
    fixed: 2.0e6
    payable: 0.98
    freight: 150
    scale_exponent: 0.6
prices: {basis: real, apt: {by_year: {2027: 380, 2028: 370, 2029: 360}, low: 0.7, high: 1.6},
         volatility: 0.2, persistence: 0.6}
costs: {basis: real, mining: 4, processing: {mid: 25, low: 20, high: 32},
        overhead: 5.0e6, per_mtu: 6, levies: 0.01}
capital:
  basis: real
  items:
    - {id: plant, amount: {mid: 120.0e6, low: 105.0e6, high: 160.0e6},
       years: {2027: 0.2, 2028: 0.4, 2029: 0.4}}
    - {id: pit, amount: 20.0e6, years: {2029: 1.0}, asset: preparation}
    - {id: camp, amount: 8.0e6, years: {2028: 1.0}, asset: building}
    - {id: second-line, amount: 15.0e6, years: {2033: 1.0}, kind: expansion}
  sustaining: {per_ore: 1, a_year: 1.0e6}
  closure: {amount: 12.0e6, years: 3, salvage: 4.0e6}
working_capital: {receivable_days: 45, inventory_days: 30, payable_days: 40}
taxes:
  regime: australia-tasmania
  royalties:
    - {id: state, base: net_revenue, rate: {mid: 0.05, low: 0.019, high: 0.0535}, holiday: 1}
    - {id: by-price, base: product_revenue, steps: [[0, 0.0], [500, 0.02]]}
    - {id: holder, base: revenue, rate: 0.01, to: private, last: 2040}
    - {id: per-tonne, base: ore, rate: 0.5, first: 2031}
  income: {rate: {by_year: {2027: 0.30, 2028: 0.28}}, loss_years: 12, loss_cap: 0.8, holiday: 2,
           depletion: 0.1, plant: {method: declining, rate: 0.2, years: 8},
           building: {method: straight, years: 20}, preparation: {method: units}}
  export_duty: 0.01
  dividends: 0.05
finance:
  owners: [{party: Home Mining, share: 0.5, country: AUS}, {party: Buyer Co, share: 0.3, country: AUT}]
  state: {party: State Fund, share: 0.2, carried: loan, rate: 0.07}
  equity_first: true
  equity: [{id: first-close, amount: {mid: 30.0e6, low: 20.0e6, high: 40.0e6}, years: {2027: 0.6, 2028: 0.4}}]
  loans:
    - {id: eca, like: sangdong, amount: {mid: 50.0e6, low: 40.0e6, high: 55.0e6}, probability: 0.6}
    - {id: bank, like: commercial, signed: true, share: 0.25, tenor: 6}
  covenants: {lock_up: 1.2, default: 1.05, llcr: 1.3}
  reserve: {months: 6}
  sweep: 0.25
  minimum_cash: 3.0e6
  shareholder_loans: {share: 0.4, rate: 0.09, deductible: false}
  grants: [{id: grant, giver: Government, amount: 8.0e6, years: {2028: 1.0}}]
  streams: [{id: stream, buyer: Streamer, amount: 15.0e6, year: 2029,
             share: 0.05, price_share: 0.3, until_mtu: 80000}]
  prepayments: [{id: advance, buyer: Buyer Co, amount: 10.0e6, year: 2029, rate: 0.07, tenor: 4}]
  offtakes:
    - {id: floor, buyer: Buyer Co, share: 0.6, floor: 300, cap: 700, discount: 0.02, first: 2030, last: 2040}
  completion: {guarantor: Buyer Co, amount: 12.0e6, until: 2032}
alternatives:
  - {id: no-grant, title: Without the grant, set: {finance.grants: []}}
  - {id: nominal, title: The figures are nominal, set:
    {money.basis: nominal, prices.basis: nominal, costs.basis: nominal, capital.basis: nominal}}
limits: [{what: Nothing, bias: none}]
"""


@pytest.fixture(scope="module")
def source():
    return project_from_text(BUNDLED, EVERYTHING, "everything.yaml")


def test_it_adds_up_in_every_draw(source):
    terms = lenders_terms(project_of(source))
    v = valuation(project_of(source, Draws(7, range(200))), terms)
    scale = abs(v.operations.revenue).max() * len(v.project.years)
    assert abs(unaccounted(v.lines, v.cash)).max() < 1e-9 * scale
    assert abs(v.statements.gap).max() < 1e-9 * scale
    assert {"Buyer Co", "State Fund", "Streamer", "Government", "royalty holders", "KfW IPEX"} <= set(
        v.received
    )


def test_its_answer_is_a_document(source):
    result = project_result(IN_THIS_PROCESS, source)
    assert {r["alternative"] for r in result["tables"]["project_alternatives"]["rows"]} == {
        "middle",
        "no-grant",
        "nominal",
    }
    assert result["status"]["certificate"]["waterfall"] < 1e-3
    assert all(r["unit"] for r in result["tables"]["project_measures"]["rows"])


def test_a_nominal_file_with_a_real_rate_and_back(source):
    text = EVERYTHING.replace("basis: real", "basis: nominal").replace(
        "basis: nominal, equity", "basis: real, equity"
    )
    assert project_result(IN_THIS_PROCESS, project_from_text(BUNDLED, text, "x.yaml"), draws=5)["status"][
        "ok"
    ]
