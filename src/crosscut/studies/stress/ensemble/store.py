"""Store: the chunks of an ensemble on disk. Each appears whole under its name or not at all; a manifest
holds its sha256.

A run that was killed goes on where it stopped: whole chunks are kept, damaged ones are solved again, none is
solved twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from shutil import copyfile
from typing import Any

import numpy as np
import polars as pl

from crosscut.base.errors import Problem, UserError
from crosscut.base.files import write_file
from crosscut.studies.stress.ensemble.chunk import Chunk

MANIFEST = "manifest.json"
FORMAT = "crosscut.stress-chunks/2"


class ChunkStore:
    """Chunks of one job in a folder; see the module. `key` is that of the job; `about` is kept in the
    manifest for whoever reads it."""

    def __init__(
        self, folder: Path, key: str, *, resume: bool, about: Mapping[str, object] | None = None
    ) -> None:
        self.folder, self.key, self.about = folder, key, dict(about or {})
        self.sums: dict[str, str] = {}
        self.redone: list[str] = []
        found = manifest_of(folder)
        if found is not None and not resume:
            raise UserError(
                Problem(
                    f"{folder} holds the draws of another run",
                    "--out",
                    "an empty folder, or --resume to go on",
                )
            )
        if found is not None and found.get("key") != key:
            raise UserError(
                Problem(
                    f"{folder} holds draws of other inputs (mineral, country, seed, years, data or version)",
                    "--out",
                    "the inputs it was begun with, or another folder",
                )
            )
        _tried(lambda: folder.mkdir(parents=True, exist_ok=True), folder)
        if found is not None:
            self.sums = dict(found.get("chunks", {}))
        else:
            self._write_manifest()

    def missing(self, chunks: Iterable[range]) -> list[range]:
        """Chunks that have to be solved: not there, or not what the manifest says (then removed).

        Parameters
        ----------
        chunks : Iterable[range]
            Ranges of draws.

        Returns
        -------
        list[range]
            In the order given.
        """
        out = []
        for chunk in chunks:
            name = chunk_name(chunk)
            path = self.folder / name
            if path.is_file() and sha256_of(path) == self.sums.get(name):
                continue
            if name in self.sums:
                self.redone.append(name)
                del self.sums[name]
            path.unlink(missing_ok=True)
            out.append(chunk)
        return out

    def add(self, chunk: range, values: Chunk) -> None:
        """Writes a chunk and its sum.

        Parameters
        ----------
        chunk : range
            Range of draws.
        values : Chunk
            Columns by name.

        Raises
        ------
        UserError
            When the disk is full; what is there stays whole.
        """
        name = chunk_name(chunk)
        path = self.folder / name
        _tried(lambda: write_file(path, frame_of(values).write_parquet), path)
        self.sums[name] = sha256_of(path)
        self._write_manifest()

    def take(self, files: Mapping[str, tuple[Path, str]]) -> None:
        """Copies chunks solved elsewhere.

        Parameters
        ----------
        files : Mapping[str, tuple[Path, str]]
            By name of the chunk: where it lies, and its sha256.

        Raises
        ------
        UserError
            When a file cannot be written.
        """
        for name, (path, sha256) in files.items():
            to = self.folder / name
            _tried(partial(write_file, to, partial(copyfile, path)), to)
            self.sums[name] = sha256
        self._write_manifest()

    def read(self, chunk: range, columns: Sequence[str] | None = None) -> Chunk:
        """A chunk that is there, or some of its columns.

        Parameters
        ----------
        chunk : range
            Range of draws that is there.
        columns : Sequence[str] | None
            Names; None for all.

        Returns
        -------
        Chunk
            Columns by name, one element a draw and year.
        """
        frame = pl.read_parquet(
            self.folder / chunk_name(chunk), columns=None if columns is None else list(columns)
        )
        return {name: frame[name].to_numpy() for name in frame.columns}

    def sum_of(self, chunks: Iterable[range]) -> str:
        """One sha256 over the sums of the chunks: equal where every draw is the same to the bit.

        Parameters
        ----------
        chunks : Iterable[range]
            Ranges of draws that are there.

        Returns
        -------
        str
            64 hexadecimal digits.
        """
        names = [chunk_name(c) for c in chunks]
        return hashlib.sha256("\n".join(f"{n} {self.sums[n]}" for n in names).encode()).hexdigest()

    def _write_manifest(self) -> None:
        text = json.dumps(
            {
                "format": FORMAT,
                "key": self.key,
                **self.about,
                "chunks": dict(sorted(self.sums.items())),
            },
            indent=1,
        )
        path = self.folder / MANIFEST
        _tried(lambda: write_file(path, text + "\n"), path)


class MemoryStore:
    """Chunks kept in memory as they would be read back."""

    def __init__(self) -> None:
        self.chunks: dict[int, Chunk] = {}
        self.redone: list[str] = []

    def missing(self, chunks: Iterable[range]) -> list[range]:
        """Those that have to be solved.

        Parameters
        ----------
        chunks : Iterable[range]
            Ranges of draws.

        Returns
        -------
        list[range]
            In the order given.
        """
        return [c for c in chunks if c.start not in self.chunks]

    def add(self, chunk: range, values: Chunk) -> None:
        """Keeps a chunk.

        Parameters
        ----------
        chunk : range
            Range of draws.
        values : Chunk
            Columns by name.
        """
        self.chunks[chunk.start] = values

    def read(self, chunk: range, columns: Sequence[str] | None = None) -> Chunk:
        """A chunk that is there, or some of its columns.

        Parameters
        ----------
        chunk : range
            Range of draws that is there.
        columns : Sequence[str] | None
            Names; None for all.

        Returns
        -------
        Chunk
            Columns by name, one element a draw and year.
        """
        found = self.chunks[chunk.start]
        return found if columns is None else {c: found[c] for c in columns}

    def sum_of(self, chunks: Iterable[range]) -> str:
        """As that of a store on disk would be, of the values alone.

        Parameters
        ----------
        chunks : Iterable[range]
            Ranges of draws that are there.

        Returns
        -------
        str
            64 hexadecimal digits.
        """
        sums = (hashlib.sha256(b"".join(_bytes(self.chunks[c.start]))).hexdigest() for c in chunks)
        return hashlib.sha256("\n".join(sums).encode()).hexdigest()


Store = ChunkStore | MemoryStore


def _bytes(chunk: Chunk) -> Iterator[bytes]:
    for values in chunk.values():
        text = values.dtype == np.object_
        yield "\n".join(map(str, values)).encode() if text else np.ascontiguousarray(values).tobytes()


def chunk_name(chunk: range) -> str:
    """The file of a chunk.

    Parameters
    ----------
    chunk : range
        Range of draws.

    Returns
    -------
    str
        Name with the first and the last draw.

    Examples
    --------
    >>> chunk_name(range(500, 1000))
    'draws-0000500-0000999.parquet'
    """
    return f"draws-{chunk.start:07d}-{chunk.stop - 1:07d}.parquet"


def frame_of(values: Chunk) -> pl.DataFrame:
    """A chunk as a frame.

    Parameters
    ----------
    values : Chunk
        Columns by name, of one length.

    Returns
    -------
    pl.DataFrame
        With the same columns.
    """
    return pl.DataFrame({k: v.tolist() if v.dtype == np.object_ else v for k, v in values.items()})


def sha256_of(path: Path) -> str:
    """The sum of a file.

    Parameters
    ----------
    path : Path
        A file that is there.

    Returns
    -------
    str
        sha256, 64 hexadecimal digits.
    """
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def manifest_of(folder: Path) -> dict[str, Any] | None:
    """The manifest in a folder.

    Parameters
    ----------
    folder : Path
        Need not exist.

    Returns
    -------
    dict[str, Any] | None
        None where there is none.

    Raises
    ------
    UserError
        Where it is not the manifest of a stress run.
    """
    path = folder / MANIFEST
    if not path.is_file():
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise UserError(
            Problem("not the manifest of a stress run", str(path), "another --out, or the folder removed")
        )
    return found


def _tried(write: Callable[[], object], path: Path) -> None:
    try:
        write()
    except OSError as e:
        what = e.strerror or "cannot be written"
        raise UserError(
            Problem(
                f"{what}: {path.name} was not written",
                str(path.parent),
                "room on the disk; then the same command with --resume, nothing solved is lost",
            )
        ) from None
    except pl.exceptions.PolarsError as e:
        raise UserError(
            Problem(f"{e}", str(path.parent), "room on the disk; then the same command with --resume")
        ) from None
