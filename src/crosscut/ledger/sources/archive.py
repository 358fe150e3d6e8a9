"""Archive: zip files from outside, read without being believed.

Nothing is unpacked under a name that the archive chose, and nothing is read that is larger than its limits,
whatever the directory of the archive states.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO

from crosscut.base.errors import Problem, UserError

MEGABYTE = 1 << 20


@dataclass(frozen=True)
class ArchiveLimits:
    """What an archive may hold: members, bytes of one member and of all, and how far a large one may
    expand."""

    members: int = 2000
    member_bytes: int = 4 << 30
    all_bytes: int = 64 << 30
    ratio: float = 200.0
    ratio_from: int = 16 * MEGABYTE


@contextmanager
def opened_archive(path: Path, limits: ArchiveLimits | None = None) -> Iterator[zipfile.ZipFile]:
    """The archive, its directory checked. UserError names the member that is refused, and why."""
    limits = limits or ArchiveLimits()
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, NotImplementedError) as e:
        raise UserError(
            Problem(f"is no whole zip file ({e})", path.name, "the file its owner serves")
        ) from None
    with archive:
        _checked(archive, path.name, limits)
        yield archive


def _checked(archive: zipfile.ZipFile, name: str, limits: ArchiveLimits) -> None:
    members = archive.infolist()
    if len(members) > limits.members:
        raise UserError(Problem(f"{len(members):,} members", name, f"at most {limits.members:,}"))
    seen = set()
    for m in members:
        where = f"{name}: {m.filename!r}"
        posix, windows = PurePosixPath(m.filename), PureWindowsPath(m.filename)
        if (
            posix.is_absolute()
            or windows.is_absolute()
            or windows.drive
            or ".." in (*posix.parts, *windows.parts)
        ):
            raise UserError(Problem("leads out of the archive", where, "plain member names"))
        if stat.S_ISLNK(m.external_attr >> 16):
            raise UserError(Problem("is a symbolic link", where, "files only"))
        if m.flag_bits & 0x1:
            raise UserError(Problem("is encrypted", where, "a readable archive"))
        if m.filename in seen:
            raise UserError(Problem("appears twice", where, "one member of each name"))
        seen.add(m.filename)
        if m.file_size > limits.member_bytes or (
            m.file_size > limits.ratio_from and m.file_size > limits.ratio * max(m.compress_size, 1)
        ):
            raise UserError(
                Problem(
                    f"would unpack to {m.file_size / MEGABYTE:,.0f} MB from"
                    f" {m.compress_size / MEGABYTE:,.2f} MB",
                    where,
                    f"at most {limits.member_bytes / MEGABYTE:,.0f} MB and {limits.ratio:g} times",
                )
            )
    total = sum(m.file_size for m in members)
    if total > limits.all_bytes:
        raise UserError(
            Problem(
                f"would unpack to {total / MEGABYTE:,.0f} MB",
                name,
                f"at most {limits.all_bytes / MEGABYTE:,.0f} MB",
            )
        )


@contextmanager
def member(archive: zipfile.ZipFile, name: str) -> Iterator[IO[bytes]]:
    """A member as a stream that ends in UserError where its content is damaged or longer than stated."""
    where = f"{Path(archive.filename or '').name}: {name!r}"
    try:
        with archive.open(name) as stream:
            yield stream
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as e:
        raise UserError(
            Problem(f"is damaged ({e})", where, "the file its owner serves; pull it again")
        ) from None


def line_blocks(
    stream: IO[bytes], size: int = 32 * MEGABYTE, longest_line: int = MEGABYTE
) -> Iterator[bytes]:
    """The stream in blocks of about `size` bytes that end with a line; a last line without an end gets one.

    >>> import io
    >>> list(line_blocks(io.BytesIO(b"a\\nbc\\nd"), size=3))
    [b'a\\n', b'bc\\n', b'd\\n']
    """
    rest = b""
    while block := stream.read(size):
        block = rest + block
        cut = block.rfind(b"\n") + 1
        if not cut and len(block) > longest_line + size:
            raise UserError(Problem("a line of more than a megabyte", "table", "a table of short lines"))
        rest = block[cut:]
        if cut:
            yield block[:cut]
    if rest:
        yield rest + b"\n"
