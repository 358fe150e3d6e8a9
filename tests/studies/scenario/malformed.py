"""Malformed scenario files: name -> (text, line of the mistake, what the message says)."""

GOOD = """\
version: 1
id: my-licences
title: Licences on refined tungsten
mineral: tungsten
year: 2024
window: {from: 2025-01-01, to: 2025-12-31}
events:
  - id: licence
    kind: export_licence
    form: refined
    origins: [CHN]
    destinations: all
    size: {mid: 0.5, low: 0.2, high: 0.8}
    leakage: 0.1
    from: 2025-02-04
"""


def changed(old: str, new: str) -> str:
    """GOOD with one thing replaced."""
    assert GOOD.count(old) == 1, old
    return GOOD.replace(old, new)


def added(text: str) -> str:
    """GOOD with lines at the end (line 16 on)."""
    return GOOD + text


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b]\n"
OTHER = """\
  - id: second
    kind: export_licence
    form: refined
    origins: [CHN]
    destinations: [JPN]
    size: 0.7
"""

MALFORMED: dict[str, tuple[str | bytes, int, str]] = {
    "empty": ("", 0, "the file is empty"),
    "only-comments": ("# nothing\n\n", 0, "the file is empty"),
    "null": ("~\n", 0, "the file is empty"),
    "list": ("- version: 1\n- id: x\n", 1, "the file holds a list"),
    "word": ("hello\n", 1, "the file holds a single value"),
    "binary": (b"\x89PNG\r\n\x1a\n\x00\x00", 1, "not a UTF-8 text file"),
    "nul-bytes": (b"version: 1\nid: a\x00b\n", 2, "a control character"),
    "latin-1": (GOOD.replace("Licences", "Licenc\xe9s").encode("latin-1"), 3, "not a UTF-8 text file"),
    "tab": (changed("    form: refined", "\tform: refined"), 10, "a tab"),
    "unclosed": (changed("[CHN]", "[CHN"), 12, "not YAML"),
    "stray-colon": (changed("title: Licences on", "title: Licences: on"), 3, "not YAML"),
    "too-large": (GOOD + "#" * 250_000, 0, "a scenario of at most 200,000 bytes"),
    "bomb": (BOMB, 1, "aliases (&a) are not read"),
    "alias": (
        changed("size: {mid: 0.5, low: 0.2, high: 0.8}", "size: *half"),
        13,
        "aliases (*half) are not read",
    ),
    "python-tag": (
        changed("title: Licences", "title: !!python/object/apply:os.system Licences"),
        3,
        "the tag",
    ),
    "own-tag": (changed("year: 2024", "year: !year 2024"), 5, "the tag '!year'"),
    "two-documents": (GOOD + "---\nversion: 1\n", 16, "a second document"),
    "deep": ("a: " + "[" * 5000 + "]" * 5000, 1, "nested more than 12 deep"),
    "duplicate-key": (
        changed("year: 2024", "year: 2024\nyear: 2023"),
        6,
        "field 'year' is given twice (first in line 5)",
    ),
    "duplicate-in-event": (
        changed("form: refined", "form: refined\n    form: scrap"),
        11,
        "field 'form' is given twice",
    ),
    "list-as-key": (added("? [a, b]\n: 1\n"), 16, "a field name must be a word"),
    "no-version": (changed("version: 1\n", ""), 1, "version is missing"),
    "version-2": (changed("version: 1", "version: 2"), 1, "2 is not known here. Expected one of: 1"),
    "no-title": (changed("title: Licences on refined tungsten\n", ""), 1, "title is missing"),
    "no-window": (changed("window: {from: 2025-01-01, to: 2025-12-31}\n", ""), 1, "window is missing"),
    "no-events": (GOOD[: GOOD.index("events:")], 1, "events is missing"),
    "empty-events": (GOOD[: GOOD.index("events:")] + "events: []\n", 7, "no events, and nothing in 'after'"),
    "events-mapping": (GOOD[: GOOD.index("events:")] + "events: {id: x}\n", 7, "a mapping is not a list"),
    "event-word": (GOOD[: GOOD.index("events:")] + "events: [licence]\n", 7, "'licence' is not a mapping"),
    "unknown-field": (
        changed("title:", "titel:"),
        3,
        "unknown field 'titel'. Did you mean 'title'?",
    ),
    "unknown-event-field": (changed("leakage:", "leakages:"), 14, "Did you mean 'leakage'?"),
    "unknown-size-field": (changed("low: 0.2", "lo: 0.2"), 13, "Expected one of: high, low, mid"),
    "unknown-kind": (changed("export_licence", "export_license"), 9, "Did you mean 'export_licence'"),
    "unknown-country": (
        changed("[CHN]", "[Chian]"),
        11,
        "unknown country or bloc 'Chian'. Did you mean 'China'",
    ),
    "unknown-bloc": (
        changed("destinations: all", "destinations: [EU72]"),
        12,
        "unknown country or bloc 'EU72'",
    ),
    "unknown-unit": (added("    unit: tonnes\n"), 16, "'tonnes' is not known here"),
    "unknown-rent": (added("    rent_to: exporter\n"), 16, "Did you mean 'exporters'"),
    "id-number": (changed("id: my-licences", "id: 7"), 2, "7 is not text"),
    "id-spaces": (
        changed("id: my-licences", "id: My licences"),
        2,
        "'My licences' is not of the form asked for",
    ),
    "title-list": (changed("title: Licences on refined tungsten", "title: [a]"), 3, "a list is not text"),
    "title-empty": (changed("title: Licences on refined tungsten", "title: ''"), 3, "empty text"),
    "year-text": (changed("year: 2024", "year: last"), 5, "'last' is not a whole number"),
    "year-fraction": (changed("year: 2024", "year: 2024.5"), 5, "2024.5 is not a whole number"),
    "year-1066": (changed("year: 2024", "year: 1066"), 5, "1066 is below 1995"),
    "draws-zero": (added("draws: 0\n"), 16, "0 is below 1"),
    "draws-many": (added("draws: 1000000000\n"), 16, "is above 100000"),
    "seed-negative": (added("seed: -1\n"), 16, "-1 is below 0"),
    "size-text": (changed("{mid: 0.5, low: 0.2, high: 0.8}", "half"), 13, "'half' is not a number"),
    "size-percent": (changed("{mid: 0.5, low: 0.2, high: 0.8}", "50%"), 13, "'50%' is not a number"),
    "size-comma": (changed("{mid: 0.5, low: 0.2, high: 0.8}", "'0,5'"), 13, "'0,5' is not a number"),
    "size-true": (changed("{mid: 0.5, low: 0.2, high: 0.8}", "true"), 13, "True is not a number"),
    "size-nan": (changed("mid: 0.5", "mid: .nan"), 13, "nan is not a finite number"),
    "size-inf": (changed("{mid: 0.5, low: 0.2, high: 0.8}", ".inf"), 13, "inf is not a finite number"),
    "size-overflow": (changed("{mid: 0.5, low: 0.2, high: 0.8}", "1e999"), 13, "inf is not a finite number"),
    "size-above-1": (changed("high: 0.8", "high: 1.8"), 13, "1.8 is outside 0 to 1"),
    "size-order": (changed("low: 0.2", "low: 0.6"), 13, "low <= size <= high"),
    "size-half-range": (changed(", high: 0.8", ""), 13, "low and high come together"),
    "size-missing": (changed("    size: {mid: 0.5, low: 0.2, high: 0.8}\n", ""), 8, "size is missing"),
    "tonnes-negative": (
        changed("kind: export_licence", "kind: export_quota").replace(
            "{mid: 0.5, low: 0.2, high: 0.8}", "-62000"
        )
        + "    unit: t\n",
        13,
        "-62000 is outside 0 or more",
    ),
    "unit-missing": (changed("kind: export_licence", "kind: export_quota"), 8, "unit is missing"),
    "unit-wrong": (added("    unit: t\n"), 16, "export_licence in 't'"),
    "leakage-above-1": (changed("leakage: 0.1", "leakage: 10"), 14, "leakage 10.0 is not a share"),
    "coverage-negative": (added("    coverage: -0.2\n"), 16, "coverage -0.2 is not a share"),
    "surcharge-alone": (changed("leakage: 0.1", "surcharge: 100"), 14, "a surcharge without leakage"),
    "form-missing": (changed("    form: refined\n", ""), 8, "form is missing"),
    "origins-missing": (changed("    origins: [CHN]\n", ""), 8, "does not say whose: origins is missing"),
    "origins-empty": (changed("origins: [CHN]", "origins: []"), 11, "origins is empty"),
    "origins-all-and-one": (changed("origins: [CHN]", "origins: [all, CHN]"), 11, "'all' beside names"),
    "origins-number": (changed("origins: [CHN]", "origins: [156]"), 11, "156 is not text"),
    "origins-twice": (changed("origins: [CHN]", "origins: [CHN, China]"), 11, "named twice"),
    "origins-too-many": (changed("[CHN]", "[" + "CHN, " * 500 + "]"), 11, "500 names"),
    "exempt-all": (added("    except: all\n"), 16, "every destination is exempt"),
    "sanction-of-nobody": (
        changed("kind: export_licence", "kind: sanction"),
        12,
        "needs destinations by name",
    ),
    "mine-of-two": (
        changed("kind: export_licence", "kind: mine")
        .replace("origins: [CHN]", "origins: [CHN, KAZ]")
        .replace("    leakage: 0.1\n", ""),
        11,
        "mine takes one country",
    ),
    "day-13": (changed("from: 2025-02-04", "from: 2025-13-04"), 15, "2025-13-04 is not a day"),
    "day-text": (changed("from: 2025-02-04", "from: February"), 15, "'February' is not a day"),
    "day-number": (changed("from: 2025-02-04", "from: 20250204"), 15, "20250204 is not a date"),
    "end-before-start": (added("    to: 2025-01-31\n"), 16, "before it starts"),
    "outside-window": (changed("from: 2025-02-04", "from: 2026-02-04"), 8, "wholly outside the window"),
    "window-reversed": (changed("to: 2025-12-31", "to: 2024-12-31"), 6, "the window ends on 2024-12-31"),
    "window-decade": (changed("to: 2025-12-31", "to: 2035-12-31"), 6, "a window of 4,017 days"),
    "same-id": (
        added(OTHER.replace("second", "licence").replace("0.7", "0.5")),
        16,
        "event id 'licence' is used twice",
    ),
    "contradiction": (added(OTHER), 16, "contradicts event 'licence' of line 8: 0.7 against 0.5"),
    "anchor-negative": (
        added(
            "anchors:\n  - {date: 2025-02-03, value: -3, unit: USD/mtu WO3, form: refined, place: EU27,"
            " series: x, source: y}\n"
        ),
        17,
        "-3 is not above 0",
    ),
    "anchor-without-source": (
        added(
            "anchors:\n  - {date: 2025-02-03, value: 3, unit: USD/mtu WO3, form: refined, place: EU27,"
            " series: x}\n"
        ),
        17,
        "source is missing",
    ),
    "limit-without-bias": (added("limits:\n  - {what: hoarding}\n"), 17, "bias is missing"),
    "tags-list": (added("tags: [a]\n"), 16, "a list is not a mapping"),
    "pooled-text": (added("    pooled: maybe\n"), 16, "'maybe' is not true or false"),
}
