"""The report in a real browser: nothing is fetched, what is drawn is what the document says, and it can be
read."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crosscut.app import api
from crosscut.output.page.report import report_html
from tests.output.browser import Browser, missing_browser
from tests.output.sample import sample_result, sample_tables

pytestmark = pytest.mark.skipif(bool(missing_browser()), reason=missing_browser() or "browser found")

Show = Callable[..., Browser]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as b:
        yield b


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Show:
    def opened(result: dict[str, Any], width: int = 1280, **look: bool) -> Browser:
        path = tmp_path / "report.html"
        path.write_text(report_html(result), encoding="utf-8")
        browser.look(width, **look)
        browser.log()
        browser.log("performance")
        browser.open(path)
        return browser

    return opened


def rows(b: Browser, section: str) -> list[list[str]]:
    found: list[list[str]] = b.run(
        f"return [...document.querySelector('#{section} table').tBodies[0].rows]"
        ".map(r => [...r.cells].map(c => c.innerText.trim()))"
    )
    return found


def choose(b: Browser, view: str, form: str) -> None:
    b.run(
        f"document.querySelector('input[value={view}]').click();"
        f" document.querySelector('input[value={form}]').click()"
    )


def test_nothing_is_fetched_and_nothing_is_refused(show: Show) -> None:
    b = show(sample_result())
    assert b.run("return document.querySelectorAll('main section').length") > 8
    sent = [json.loads(e["message"])["message"] for e in b.log("performance")]
    urls = {m["params"]["request"]["url"] for m in sent if m["method"] == "Network.requestWillBeSent"}
    assert len(urls) == 1, urls
    assert urls.pop().startswith("file:")
    assert b.log() == []


@pytest.mark.parametrize("form", ["concentrate", "refined"])
@pytest.mark.parametrize("view", ["before", "after", "change"])
def test_arcs_are_the_flows_of_the_document(show: Show, view: str, form: str) -> None:
    b = show(sample_result())
    choose(b, view, form)
    drawn = b.run(
        "return [...document.querySelectorAll('[data-arc]')].map(e => "
        "[e.dataset.arc, +e.dataset.tonnes, +e.getAttribute('stroke-width'), e.parentNode.textContent])"
    )
    flows = {
        f"{f['form']}/{f['origin']}/{f['destination']}": f
        for f in sample_tables()["flows"]["rows"]
        if f["origin"] != f["destination"] and f["form"] == form
    }
    value = {
        "before": lambda f: f["base"],
        "after": lambda f: f["median"],
        "change": lambda f: f["median"] - f["base"],
    }
    expected = {key: value[view](f) for key, f in flows.items()}
    assert len(drawn) == 50
    assert {key: t for key, t, _, _ in drawn} == {key: pytest.approx(expected[key]) for key, *_ in drawn}
    smallest = min(abs(t) for _, t, _, _ in drawn)
    left_out = [abs(t) for key, t in expected.items() if key not in {k for k, *_ in drawn}]
    assert max(left_out) <= smallest, "the largest flows are drawn"
    thick = [(abs(t), w) for _, t, w, _ in drawn if w > 0.7]
    assert {round(w / t, 9) for t, w in thick} == {round(thick[0][1] / thick[0][0], 9)}, (
        "width is linear in tonnes"
    )
    assert all("t before" in title and "t after" in title for *_, title in drawn)


def test_every_place_of_the_sample_is_on_the_map(show: Show) -> None:
    b = show(sample_result())
    for form in ("concentrate", "refined"):
        choose(b, "before", form)
        nodes = set(b.run("return [...document.querySelectorAll('[data-node]')].map(e => e.dataset.node)"))
        flows = [f for f in sample_tables()["flows"]["rows"] if f["form"] == form]
        assert nodes == {f["origin"] for f in flows} | {f["destination"] for f in flows}
    text = b.run("return document.querySelector('.map figcaption').innerText")
    assert "de facto" in text
    assert "Not placed" not in text


def test_sankey_ends_add_up_to_the_document(show: Show) -> None:
    b = show(sample_result())
    links = b.run(
        "return [...document.querySelectorAll('.sankeys figure')].map(f => "
        "[...f.querySelectorAll('[data-link]')].reduce((s, e) => s + +e.dataset.tonnes, 0))"
    )
    flows = [f for f in sample_tables()["flows"]["rows"] if f["form"] == "refined"]
    assert links == [
        pytest.approx(sum(f["base"] for f in flows)),
        pytest.approx(sum(f["median"] for f in flows)),
    ]


def test_missing_is_a_dash_with_the_reason_in_words(show: Show) -> None:
    tables = sample_tables()
    tables["prices"]["rows"][0].update(p10=None, median=None, p90=None, status="no_supply")
    for f in tables["flows"]["rows"]:
        if f["form"] == "refined" and f["origin"] == "CHN":
            f.update(p10=None, median=None, p90=None)
    b = show(sample_result(tables=tables))
    first = b.run("return document.querySelector('.price').innerText")
    assert "–" in first
    assert "no supply" in first
    short = rows(b, "shortages")[0]
    assert short[0] == "Philippines"
    assert short[3:] == ["– no supply", "–", "– no supply", "no supply"]
    china = next(r for r in rows(b, "flows") if r[0] == "China" and r[1] == "United States")
    assert china[3:] == ["– not computed", "–", "–"]
    b.run("document.querySelector('#exporters .more').click()")
    sold = next(r for r in rows(b, "exporters") if r[:2] == ["China", "Refined"])
    assert sold[2] == "– no value after"
    assert sold[4] == "– no value after"


def test_headline_and_quotations_are_drawn_with_their_verdicts(show: Show) -> None:
    b = show(sample_result())
    strip = b.run(
        "return document.querySelector('[data-price=\"refined/EU27/paid\"]').innerText + "
        "document.querySelector('[data-price=\"refined/EU27/paid\"] svg').textContent"
    )
    for part in (
        "339",
        "512",
        "348 to 738",
        "USD/mtu WO₃",
        "615",
        "30\u00a0Sep\u00a02025",
        "inside",
        "above",
    ):
        assert part in strip
    band, seen = b.run(
        "const s = document.querySelector('[data-price=\"refined/EU27/paid\"]');"
        "const r = e => { const q = e.getBoundingClientRect(); return [q.left, q.right] };"
        "return [r(s.querySelector('.band')), [...s.querySelectorAll('path.seen')].map(e => "
        "[(r(e)[0] + r(e)[1]) / 2, e.classList.contains('inside')])]"
    )
    assert len(seen) == 4
    assert [band[0] <= x <= band[1] for x, _ in seen] == [inside for _, inside in seen]


def test_tables_sort_by_their_heads(show: Show) -> None:
    b = show(sample_result())
    assert b.run(
        "return document.querySelector('#money th[aria-sort=ascending] button').innerText"
    ).startswith("Gain or loss")
    losers = [r[0] for r in rows(b, "money")]
    b.run("document.querySelector('#money th[aria-sort=ascending] button').click()")
    winners = [r[0] for r in rows(b, "money")]
    assert winners[0] == "China"
    assert losers[0] != winners[0]
    assert b.run("return document.querySelectorAll('#money th[aria-sort=descending]').length") == 1


def test_a_place_on_the_map_works_by_keyboard(show: Show) -> None:
    b = show(sample_result())
    choose(b, "before", "refined")
    b.run(
        "const n = document.querySelector('[data-node=JPN]'); n.focus();"
        "n.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}))"
    )
    arcs = b.run("return [...document.querySelectorAll('[data-arc]')].map(e => e.dataset.arc)")
    assert arcs
    assert all("JPN" in a.split("/")[1:] for a in arcs)
    assert b.run("return document.querySelector('[data-node=JPN]').getAttribute('aria-pressed')") == "true"


def test_hostile_text_is_shown_not_run(show: Show) -> None:
    title = "</script><script>window.hacked=1</script><img src=x onerror='window.hacked=2'>"
    inputs = sample_result()["inputs"]
    b = show(
        sample_result(
            inputs={**inputs, "scenario": {"id": "x", "hash": "c" * 64, "title": title}},
            places={**sample_result()["places"], "JPN": title},
        )
    )
    assert b.run("return window.hacked ?? null") is None
    assert b.run("return document.querySelector('h1').textContent") == title
    assert b.run("return document.images.length") == 0
    links = b.run("return [...document.querySelectorAll('a')].map(a => a.getAttribute('href'))")
    assert [x for x in links if not re.match(r"#|https://example\.org/", x)] == [], "no javascript: address"


def test_a_screening_world_says_so(show: Show) -> None:
    inputs, tables = sample_result()["inputs"], sample_tables()
    tables["welfare"] = {**tables["welfare"], "rows": []}
    b = show(sample_result(inputs={**inputs, "world": {**inputs["world"], "grade": "C"}}, tables=tables))
    assert "Screening only" in b.run("return document.querySelector('header').innerText")
    assert "too few facts" in b.run("return document.querySelector('#money').innerText")


def test_other_kinds_show_their_tables_as_they_are(show: Show) -> None:
    extra = {
        "columns": ["form", "origin", "hhi"],
        "units": {"hhi": "0 to 1"},
        "rows": [
            {"form": "refined", "origin": "CHN", "hhi": 0.613},
            {"form": "ore", "origin": "USA", "hhi": None},
        ],
    }
    b = show(sample_result(kind="exposure", tables={"reliance": extra}, observed=[]))
    assert rows(b, "table-reliance") == [["Refined", "China", "0.613"], ["Ore", "United States", "– missing"]]
    assert b.log() == []


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_can_be_read(show: Show, width: int, dark: bool) -> None:
    b = show(sample_result(), width, dark=dark)
    assert b.run("return document.documentElement.scrollWidth") <= width
    b.run("document.querySelectorAll('details').forEach(d => d.open = true)")
    faults = b.run(_FAULTS)
    assert faults == []


_FAULTS = """
const out = [];
const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
if (new Set(ids).size !== ids.length) out.push('ids occur twice');
const each = (which, good, fault) => {
  for (const e of document.querySelectorAll(which)) if (!good(e)) out.push(fault(e));
};
each('table', t => t.caption && t.caption.innerText, () => 'table without caption');
each('main section', s => s.querySelector('h2'), () => 'section without heading');
each('nav a', a => document.querySelector(a.getAttribute('href')), a => 'dead link ' + a.href);
each('input, select', i => i.labels.length, () => 'field without label');
each('svg[role=img], svg[role=group], [role=button]', e => e.getAttribute('aria-label'), () => 'no label');
const levels = [...document.querySelectorAll('h1, h2, h3')].map(h => +h.tagName[1]);
levels.forEach((l, i) => { if (i && l > levels[i - 1] + 1) out.push('heading level skipped'); });

const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
const rgb = c => {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = c;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data];
};
const light = c => {
  const [r, g, b] = c.map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const behind = e => {
  for (; e; e = e.parentElement) {
    const c = rgb(getComputedStyle(e).backgroundColor);
    if (c[3] === 255) return c;
  }
  return rgb('white');
};
const seen = new Set();
for (const e of document.querySelectorAll('#crosscut-report *')) {
  if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
  if (e.closest('title, noscript, .sr, .skip')) continue;
  const svg = e.closest('svg');
  const ink = rgb(svg ? getComputedStyle(e).fill : getComputedStyle(e).color);
  const paper = behind(svg ? svg.parentElement : e);
  const [a, b] = [light(ink), light(paper)].sort((x, y) => y - x);
  const contrast = (a + 0.05) / (b + 0.05);
  if (contrast < 4.5) seen.add(`${e.tagName}.${e.getAttribute('class')} contrast ${contrast.toFixed(2)}`);
}
return [...out, ...seen];
"""


def test_no_motion_for_those_who_do_not_want_it(show: Show) -> None:
    b = show(sample_result(), reduced=True)
    assert b.run("return getComputedStyle(document.querySelector('.arc')).transitionDuration") in ("0s", "")
    assert b.run("return getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_print_unfolds_and_drops_the_controls(show: Show) -> None:
    b = show(sample_result())
    b.run("window.dispatchEvent(new Event('beforeprint'))")
    assert b.run("return [...document.querySelectorAll('details')].every(d => d.open)")
    b.command("Emulation.setEmulatedMedia", media="print")
    try:
        assert b.run("return getComputedStyle(document.querySelector('.controls')).display") == "none"
    finally:
        b.command("Emulation.setEmulatedMedia", media="")


def test_without_scripts_the_table_is_there(show: Show) -> None:
    b = show(sample_result())
    b.command("Emulation.setScriptExecutionDisabled", value=True)
    try:
        b.command("Page.reload")
        text = b.command("DOM.getOuterHTML", nodeId=b.command("DOM.getDocument")["root"]["nodeId"])[
            "outerHTML"
        ]
    finally:
        b.command("Emulation.setScriptExecutionDisabled", value=False)
    assert "scripts are off" in text


@pytest.fixture(scope="module")
def real_result() -> dict[str, Any]:
    found: dict[str, Any] = api.run("china-controls-2025", draws=4)
    return found


def test_parts_of_a_price_are_drawn_and_add_up(show: Show, real_result: dict[str, Any]) -> None:
    b = show(real_result)
    head = next(r for r in real_result["tables"]["prices"]["rows"] if r["headline"])
    steps = [
        r
        for r in real_result["tables"]["price_steps"]["rows"]
        if (r["form"], r["place"], r["side"]) == (head["form"], head["place"], "buyer")
    ]
    paid = next(r for r in steps if r["basis"] == "paid")
    bars = b.run(
        "return [...document.querySelectorAll('#steps .stack')].map(s => "
        "[...s.querySelectorAll('[data-value]')].map(p => +p.dataset.value))"
    )
    assert [sum(parts) for parts in bars] == [pytest.approx(paid["before"]), pytest.approx(paid["after"])]
    shown = rows(b, "steps")
    assert len(shown) == len(steps)
    assert [r[0].startswith("=") for r in shown] == [s["basis"] is not None for s in steps]
    form = next(r["form"] for r in real_result["tables"]["limits"]["rows"] if r["event"] == "licence")
    seller = b.run(
        f"const s = document.querySelector('#steps select'); s.value = '{form}/CHN/seller'; "
        "s.dispatchEvent(new Event('change', {bubbles: true})); return s.value"
    )
    assert seller == f"{form}/CHN/seller"
    assert "feed, at the price of the marginal tonne" in b.run(
        "return document.querySelector('#steps').innerText"
    )
    assert "work against each other" in b.run("return document.querySelector('#steps').innerText")


def test_limits_account_and_utilisation_are_in_the_report(show: Show, real_result: dict[str, Any]) -> None:
    b = show(real_result)
    why = b.run("return document.querySelector('#why').innerText")
    assert "Limits in force" in why and "production quota" in why
    money = b.run("return document.querySelector('#money').innerText")
    assert "Rents of exporters" in money and "in nobody's hands" in money
    used = rows(b, "utilisation")
    assert any(r[0] == "China" for r in used)
    assert b.log() == []
    assert show(real_result, 390).run("return document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("mineral", ["tungsten", "antimony"])
def test_a_world_report_shows_one_state_and_what_it_rests_on(show: Show, mineral: str) -> None:
    report = api.world_report(mineral)
    b = show(report)
    heads = b.run("return [...document.querySelectorAll('h2')].map(h => h.innerText)")
    assert heads[:2] == ["What it rests on", "Chain"]
    assert {"Flows", "Trade balance", "Makers", "Users", "Coverage", "What is missing"} <= set(heads)
    assert b.run("return document.querySelectorAll('input[name=flow-view]').length") == 0
    assert b.run("return document.querySelectorAll('.sankeys figure').length") == 1
    links = b.run(
        "return [...document.querySelectorAll('[data-link]')].reduce((s, e) => s + +e.dataset.tonnes, 0)"
    )
    form = b.run("return document.querySelector('input[name=flow-form]:checked').value")
    made = next(r["made"] for r in report["tables"]["chain"]["rows"] if r["form"] == form)
    assert links == pytest.approx(made, rel=1e-6)
    banner = b.run("return document.querySelector('header').innerText")
    assert "Screening only" in banner  # both are grade C
    assert "draws" not in banner.lower()
    assert b.log() == []
    assert show(report, 390).run("return document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("in_force", [False, True])
def test_a_stress_report_says_where_it_starts_and_holds_a_narrow_screen(show: Show, in_force: bool) -> None:
    result = api.stress("tungsten", "Japan", draws=120, in_force=in_force)
    b = show(result, 400)
    assert b.run("return document.documentElement.scrollWidth") <= 400
    first = b.run("return document.querySelector('#stress .start').innerText")
    assert first.startswith("Starts from as-of-2026" if in_force else "Starts from the calm base year")
    table = rows(b, "stress")
    stands = {r["measure"]: r for r in result["tables"]["stress_in_force"]["rows"]}
    assert table[0][0] == "Loss of users already taken"
    assert float(table[0][1].replace(",", "")) == float(
        f"{stands['loss of users already taken']['value']:.2g}"
    )
    drawn = b.run("return [...document.querySelectorAll('#stress svg .tick')].map(t => t.textContent)")
    assert "million USD" in drawn and any("once in so many years" in t for t in drawn)
    assert b.run("return document.querySelectorAll('#stress svg line.span').length") >= 1
    headings = b.run("return [...document.querySelectorAll('#stress th .unit')].map(u => u.textContent)")
    assert "million USD" in headings


def test_a_ranking_shows_money_where_it_may_and_a_rank_without_it_elsewhere(show: Show) -> None:
    result = api.ranking("USA", draws=20)
    b = show(result)
    ranked = [r["mineral"] for r in result["tables"]["stress_ranking"]["rows"] if r["rank"] is not None]
    assert [r[1].lower() for r in rows(b, "stress")] == ranked
    left = b.run("return [...document.querySelectorAll('#stress table')].at(-1).innerText")
    assert "Antimony" in left and "grade D" in left
