"""Hundreds of files by chance: every line of each is read right or refused, and no line is read wrong."""

import random

import pytest

from crosscut.base.errors import UserError
from tests.inputs.purchases.generated import MadeFile, made_file
from tests.inputs.purchases.reading import read


def misread(made: MadeFile) -> tuple[list[str], int]:
    """(lines that were read as something else than they say, lines read right) of a file."""
    try:
        found = read(made.raw)
    except UserError:
        return [], 0
    truths = {t.line: t for t in made.truths}
    wrong, right = [], 0
    for p in found.rows:
        t = truths.get(p.line)
        if t is None:
            wrong.append(f"line {p.line} is no purchase: {p}")
            continue
        same = (
            (p.supplier, p.mineral.name, p.year) == (t.country, t.mineral, t.year)
            and p.tonnes == pytest.approx(t.tonnes, rel=1e-6)
            and p.usd == pytest.approx(t.usd, rel=1e-6)
        )
        right += same
        if not same:
            wrong.append(f"{t} was read as {p}")
    lost = set(truths) - {p.line for p in found.rows} - {r.line for r in found.refused}
    return [*wrong, *(f"line {n} was passed over" for n in sorted(lost))], right


def check(seeds):
    lines = right = 0
    for seed in seeds:
        made = made_file(seed)
        wrong, good = misread(made)
        assert not wrong, (seed, made.told, wrong)
        lines += len(made.truths)
        right += good
    return right / lines


def test_no_line_of_a_made_file_is_read_wrong():
    """Most are read, so that refusing everything is no way out."""
    assert check(range(100)) > 0.85


@pytest.mark.soak
def test_no_line_of_many_made_files_is_read_wrong():
    assert check(range(100, 5000)) > 0.85


def damaged(raw: bytes, rng: random.Random) -> bytes:
    """A file with bytes changed, lost, put in and repeated."""
    out = bytearray(raw)
    for _ in range(rng.choice([1, 3, 20])):
        at = rng.randrange(len(out))
        match rng.randrange(4):
            case 0:
                out[at] = rng.randrange(256)
            case 1:
                del out[at : at + rng.randint(1, 12)]
            case 2:
                out[at:at] = rng.choice(
                    [b'"', b",", b";", b"\t", b"\n", b"%", b"1e400", b"\0", b"-", b"=1/0"]
                )
            case _:
                other = rng.randrange(len(out))
                out[at:at] = out[other : other + 20]
    return bytes(out)


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_file_is_read_or_refused_and_never_fails(seed):
    rng = random.Random(seed)
    try:
        found = read(damaged(made_file(seed).raw, rng))
    except UserError as refusal:
        assert all(p.what for p in refusal.problems)
    else:
        assert all(p.usd > 0 and p.year > 1900 for p in found.rows)
