"""Random scenario files over every kind of event: mostly sensible, some nonsense, all of them well formed
YAML."""

from datetime import date, timedelta

from crosscut.inputs.scenario.chokepoints import chokepoints
from crosscut.market.events.event_rules import RULES, Acts, Needs
from crosscut.market.events.events import EventKind

PLACES = ["CHN", "USA", "JPN", "EUO", "OTH", "KAZ", "EU27", "FRA", "China", "G7", "NOR", "HKG", "Atlantis"]
FORMS = {
    Acts.FORM: ["concentrate", "scrap", "refined", "refined"],
    Acts.PRIMARY: ["concentrate", "scrap", "concentrate", "refined"],
    Acts.PROCESS: ["refining", "recycling", "refining", "smelting"],
    Acts.NOTHING: [""],
}
SIZES = {
    "fraction": (0.0, 1.2),
    "t": (0.0, 1200.0),
    "USD/t": (0.0, 60_000.0),
    "x": (0.2, 6.0),
    "weeks": (0.0, 20.0),
}


def _some(rng, names, most):
    return [str(x) for x in rng.choice(names, size=int(rng.integers(1, most + 1)), replace=False)]


def _places(rng, needs, sane):
    if needs is Needs.NONE:
        return None if rng.random() < sane else _some(rng, PLACES, 1)
    pool = PLACES[:6] if rng.random() < sane else PLACES
    if needs is Needs.ONE and rng.random() < sane:
        return _some(rng, pool, 1)
    if needs is Needs.ANY and rng.random() < 0.3:
        return "all"
    return _some(rng, pool, 3)


def _day(rng, sane):
    """A day before or within the window, now and then after it."""
    return (
        date(2024, 6, 1) + timedelta(days=int(rng.integers(0, 550 if rng.random() < sane else 900)))
    ).isoformat()


def random_event(rng, name, sane=0.97):
    """One event; each choice is a sensible one with chance `sane`."""
    kind = EventKind(rng.choice([k.value for k in EventKind]))
    rule = RULES[kind]
    units = list(rule.units) if rng.random() < sane else list(SIZES)
    unit = str(rng.choice(units))
    low, high = SIZES[unit]
    size = (
        float(rng.uniform(low, high))
        if rng.random() < 0.85
        else float(rng.choice([0.0, 1.0, -0.3, 1e9, 1e-9]))
    )
    if unit in rule.units and rng.random() < sane:
        size = min(max(size, rule.units[unit][0]), min(rule.units[unit][1], 1e9))
    out = {"id": name, "kind": kind.value, "size": size, "unit": unit}
    form = str(rng.choice(FORMS[rule.acts]))
    if form:
        out["form"] = form
    for field, needs in (("origins", rule.origins), ("destinations", rule.destinations)):
        places = _places(rng, needs, sane)
        if unit == "t" and needs is Needs.ANY and places is not None and rng.random() < sane:
            places = _some(rng, PLACES[:6], 1)
        if places is not None:
            out[field] = places
    if rng.random() < 0.3 and size > 0:
        lowest, highest = rule.units.get(unit, (0.0, 1e9)) if rng.random() < sane else (0.0, 1e9)
        out["size"] = {
            "mid": size,
            "low": max(size * float(rng.uniform(0, 1)), min(lowest, size)),
            "high": min(size * float(rng.uniform(1, 1.6)), max(highest, size)),
        }
    for field in rule.needs:
        if rng.random() < sane:
            out[field] = (
                float(rng.uniform(1.01, 3))
                if kind is EventKind.SUBSTITUTION
                else float(rng.uniform(2e4, 1e5))
            )
    if "width" in rule.may and rng.random() < 0.5:
        out["width"] = (
            float(rng.uniform(0.01, 0.5)) if kind is EventKind.SUBSTITUTION else float(rng.uniform(1e2, 1e4))
        )
    extras = {
        "coverage": lambda: float(rng.uniform(0, 1)),
        "leakage": lambda: float(rng.uniform(0, 1)),
        "surcharge": lambda: float(rng.uniform(0, 2e4)),
        "pooled": lambda: True,
        "rent_to": lambda: str(rng.choice(["exporters", "exporting_state", "importers", "nobody"])),
        "except": lambda: _some(rng, PLACES[:6], 2),
        "except_origins": lambda: _some(rng, PLACES[:6], 1),
        "uses": lambda: _some(rng, ["hardmetal", "other"], 1),
        "duty_basis": lambda: str(rng.choice(["fob", "cif"])),
        "from": lambda: _day(rng, sane),
        "to": lambda: _day(rng, sane),
        "phase_in": lambda: int(rng.integers(0, 800)),
        "ramp": lambda: [[0, float(rng.uniform(0, 1))], [float(rng.uniform(1, 30)), 1]],
        "probability": lambda: float(rng.uniform(0.01, 1)),
        "via": lambda: str(rng.choice(list(chokepoints()))),
        "trigger": lambda: float(rng.uniform(-1, 1e5)),
    }
    fits = {
        "coverage": rule.partial,
        "leakage": rule.partial,
        "surcharge": "leakage" in out,
        "pooled": False,
        "except": rule.destinations is not Needs.NONE,
        "except_origins": rule.origins is Needs.ANY,
        "uses": "uses" in rule.may,
        "duty_basis": "duty_basis" in rule.may,
        "ramp": "ramp" in rule.may,
        "via": "via" in rule.may,
        "to": False,
        "trigger": False,
    }
    for field, value in extras.items():
        if rng.random() < (0.2 if fits.get(field, True) else (1 - sane) / 4):
            out[field] = value()
    return out


def random_scenario(rng, sane=0.97):
    """A scenario file as a mapping."""
    n = int(rng.integers(1, 6))
    return {
        "version": 1,
        "id": "random",
        "title": "Random",
        "mineral": "tungsten",
        "year": 2024,
        "window": {"from": "2025-01-01", "to": "2025-12-31"},
        "events": [random_event(rng, f"e{k}", sane) for k in range(n)],
    }
