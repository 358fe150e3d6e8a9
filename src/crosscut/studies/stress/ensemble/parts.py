"""Parts: a stress run shared out among machines that know nothing of each other (array jobs), and joined.

Part 17 of 64 solves its share of the chunks into a folder of its own, so that machines may share one disk or
have their folders copied together afterwards, in any order. Joining checks every part against the request
and every chunk against its sum, says by number what is missing, doubled or foreign, and gives the files of a
run on one machine, byte for byte.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from crosscut.base.errors import Problem, UserError
from crosscut.base.parallel import chunks_of, do_missing
from crosscut.base.progress import Progress
from crosscut.base.workers import WorkerPool
from crosscut.studies.stress.ensemble.chunk import chunk_solver
from crosscut.studies.stress.ensemble.ensemble import StressEnsemble
from crosscut.studies.stress.ensemble.job import StressJob
from crosscut.studies.stress.ensemble.store import MANIFEST, ChunkStore, chunk_name, manifest_of, sha256_of

DRAWS_FOLDER, PARTS_FOLDER = "draws", "parts"
LIBRARIES = ("numpy", "numba", "polars")  # the last bits of the numbers, and the bytes of the files
WORDS = {  # entries of a job's content -> what a person calls them; entries not here are hashed too
    "code": "version of crosscut",
    "worlds": "world (mineral, year, data or workspace)",
    "places": "country",
    "rates": "history of events",
    "in_force": "measures in force",
}


@dataclass(frozen=True)
class Part:
    """Part `number` (from 1) of `of`."""

    number: int
    of: int

    def __str__(self) -> str:
        """As it is typed."""
        return f"{self.number}/{self.of}"

    def chunks(self, all_chunks: Sequence[range]) -> list[range]:
        """Its share of the chunks: neighbours, and as many as any other part's give or take one.

        Parameters
        ----------
        all_chunks : Sequence[range]
            Of the whole run, in order.

        Returns
        -------
        list[range]
            In order; empty where there are more parts than chunks and this one gets none.

        Examples
        --------
        >>> Part(2, 3).chunks(chunks_of(700))
        [range(200, 300), range(300, 400)]
        """
        first, end = (k * len(all_chunks) // self.of for k in (self.number - 1, self.number))
        return list(all_chunks[first:end])


@dataclass(frozen=True)
class SolvedPart:
    """A part that is done: its draws, and the folder they lie in."""

    part: Part
    draws: range
    folder: Path

    def as_row(self) -> dict[str, str | int]:
        """For JSON; `to` is the last draw."""
        where = {"folder": str(self.folder)}
        return {"part": str(self.part), "from": self.draws.start, "to": self.draws.stop - 1, **where}


def part_of(text: str) -> Part:
    """A part as it is typed.

    Parameters
    ----------
    text : str
        Such as 17/64.

    Returns
    -------
    Part
        Number and how many.

    Raises
    ------
    UserError
        Where the text is no part.

    Examples
    --------
    >>> part_of("17/64")
    Part(number=17, of=64)
    """
    found = re.fullmatch(r"(\d{1,7})/(\d{1,7})", text.strip())
    part = Part(int(found[1]), int(found[2])) if found else Part(0, 0)
    if not 1 <= part.number <= part.of:
        raise UserError(Problem(f"{text!r} is no part", "--chunks", "such as 17/64: the 17th of 64 parts"))
    return part


def solve_part(
    job: StressJob,
    draws: int,
    part: Part,
    out: Path,
    pool: WorkerPool,
    progress: Progress | None = None,
) -> SolvedPart:
    """Solves one part into its folder below `out`; where it was begun before, what is missing of it.

    Parameters
    ----------
    job : StressJob
        The whole run.
    draws : int
        Futures in the whole run.
    part : Part
        Which share of its chunks.
    out : Path
        The folder of the run.
    pool : WorkerPool
        Who works.
    progress : Progress | None
        Called with (draws done, draws of the part).

    Returns
    -------
    SolvedPart
        Its draws, and the folder they lie in.

    Raises
    ------
    UserError
        For more parts than chunks, or where the folder holds a part of another request.
    """
    chunks = chunks_of(draws, job.chunk)
    if part.of > len(chunks):
        what = f"{part.of} parts of {draws:,} draws"
        raise UserError(
            Problem(what, "--chunks", f"at most {len(chunks)}: {job.chunk} draws are solved as a whole")
        )
    own = part.chunks(chunks)
    folder = out / PARTS_FOLDER / f"{part.number}-of-{part.of}"
    about = {"chunk": job.chunk, "part": part.number, "parts": part.of, "draws": draws, **_made_of(job)}
    key = job.key
    store = ChunkStore(folder, key, resume=True, about=about)
    do_missing(store, chunk_solver, (job, key), own, pool, name=key, progress=progress)
    return SolvedPart(part, range(own[0].start, own[-1].stop), folder)


def merged_parts(job: StressJob, draws: int, out: Path) -> StressEnsemble:
    """All parts below `out` as the run they are parts of, its chunks where one machine would have put them.

    Parameters
    ----------
    job, draws
        The whole run, as it was asked for in every part.
    out
        The folder of the run; its parts are the folders in `parts` that hold a manifest.

    Returns
    -------
    StressEnsemble
        All draws, in the files of a run on one machine.

    Raises
    ------
    UserError
        Listing, by number, every part that is missing, not finished, damaged, there twice with different
        draws, or of another request, split or version. Nothing is joined then.
    """
    chunks = chunks_of(draws, job.chunk)
    found = _Found(job, draws, out / PARTS_FOLDER)
    problems = [*found.problems, *found.doubled(), *found.unfinished(chunks), *found.missing()]
    if problems:
        raise UserError(problems)
    store = ChunkStore(out / DRAWS_FOLDER, job.key, resume=True, about={"chunk": job.chunk})
    todo = {chunk_name(c) for c in store.missing(chunks)}
    files = {name: at for name, at in found.files().items() if name in todo}
    store.redone.clear()  # what is joined again was not solved again
    store.take(files)
    return StressEnsemble(job, draws, store)


class _Found:
    """The parts in a folder that belong to a run, by number; `problems` is about those that do not."""

    def __init__(self, job: StressJob, draws: int, folder: Path) -> None:
        self.folder, self.problems = folder, list[Problem]()
        self.folders: dict[int, list[Path]] = defaultdict(list)
        self.sums: dict[Path, dict[str, str]] = {}
        manifests = dict(self._manifests())
        if not manifests:
            raise UserError(
                [*self.problems, Problem("no parts", str(folder), "the same command with --chunks 1/N first")]
            )
        self.of = Counter(m["parts"] for m in manifests.values()).most_common(1)[0][0]
        key, wanted = job.key, {"draws": draws, **_made_of(job)}
        for path, m in manifests.items():
            part = Part(m["part"], m["parts"])
            told = list(_differences(m, wanted))
            if told or m["key"] != key:
                what = f"part {part} is of another request: {'; '.join(told) or 'other inputs'}"
                self.problems.append(Problem(what, str(path), "one of this request, or the folder removed"))
            elif part.of != self.of:
                what = f"part {part} is of another split than the {self.of} parts beside it"
                self.problems.append(Problem(what, str(path), f"a part of {self.of}, or the folder removed"))
            else:
                self.folders[part.number].append(path)
                self.sums[path] = m["chunks"]

    def _manifests(self) -> Iterator[tuple[Path, dict[str, Any]]]:
        for path in sorted(p.parent for p in self.folder.glob(f"*/{MANIFEST}")):
            try:
                found = manifest_of(path)
            except UserError as e:
                self.problems += e.problems
                continue
            if found is not None and _is_of_a_part(found):
                yield path, found
            else:
                self.problems.append(
                    Problem("the manifest of no part", str(path), "the folder of a part, or it removed")
                )

    def doubled(self) -> Iterator[Problem]:
        """Parts that are there twice and differ; an equal copy does no harm."""
        for number, folders in sorted(self.folders.items()):
            if any(self.sums[f] != self.sums[folders[0]] for f in folders[1:]):
                names = " and ".join(f.name for f in folders)
                what = f"part {Part(number, self.of)} is there {len(folders)} times with different draws"
                yield Problem(what, f"{self.folder}: {names}", "one of these folders removed")

    def unfinished(self, chunks: Sequence[range]) -> Iterator[Problem]:
        """Parts without all of their chunks, or with a damaged one."""
        for number, folders in sorted(self.folders.items()):
            part, folder = Part(number, self.of), folders[0]
            names = [chunk_name(c) for c in part.chunks(chunks)]
            known = [n for n in names if n in self.sums[folder]]
            again = f"the same command with --chunks {part}"
            if len(known) < len(names):
                what = f"part {part} is not finished: {len(known)} of {len(names)} chunks"
                yield Problem(what, str(folder), again)
            for name in known:
                path = folder / name
                if not path.is_file() or sha256_of(path) != self.sums[folder][name]:
                    yield Problem(f"part {part} is damaged: {name}", str(folder), again)

    def missing(self) -> Iterator[Problem]:
        """Parts that are not there."""
        gone = [Part(n, self.of) for n in range(1, self.of + 1) if n not in self.folders]
        if gone:
            many = len(gone) > 1
            what = f"part{'s' if many else ''} {', '.join(map(str, gone))} {'are' if many else 'is'} missing"
            yield Problem(what, str(self.folder), f"the same command with --chunks {gone[0]}")

    def files(self) -> dict[str, tuple[Path, str]]:
        """Every chunk by name: where it lies, and its sum."""
        return {
            name: (folders[0] / name, sha256)
            for folders in self.folders.values()
            for name, sha256 in self.sums[folders[0]].items()
        }


def _is_of_a_part(manifest: Mapping[str, Any]) -> bool:
    """Whether a manifest says all that joining asks of it."""
    kinds = {"part": int, "parts": int, "draws": int, "inputs": dict, "libraries": dict, "chunks": dict}
    known = all(isinstance(manifest.get(name), kind) for name, kind in kinds.items())
    return known and 1 <= manifest["part"] <= manifest["parts"]


def _made_of(job: StressJob) -> dict[str, dict[str, str]]:
    """What a part's manifest says of its request and of what it was solved with, in a few characters each."""
    return {
        "inputs": {name: _short(value) for name, value in job.content.items()},
        "libraries": {name: _version_of(name) for name in LIBRARIES},
    }


def _short(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    return text if len(text) <= 16 else hashlib.sha256(text.encode()).hexdigest()[:12]


def _version_of(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "none"


def _differences(manifest: Mapping[str, Any], wanted: Mapping[str, Any]) -> Iterator[str]:
    """In words, where a part's request and libraries are not those wanted."""
    if manifest["draws"] != wanted["draws"]:
        yield f"{manifest['draws']:,} draws, not {wanted['draws']:,}"
    for kind in ("inputs", "libraries"):
        theirs, ours = manifest[kind], wanted[kind]
        for name in sorted({*theirs, *ours}):
            a, b = theirs.get(name, "none"), ours.get(name, "none")
            if a != b:
                yield f"{WORDS.get(name, name)} {a or 'none'}, not {b or 'none'}"
