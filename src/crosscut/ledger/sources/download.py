"""Download: one file from its owner, resumed where it broke off, politely, whole or not at all.

Politeness: one request at a time, a gap between requests to one host, waits that double with jitter,
`Retry-After` obeyed. Resumption: bytes go to NAME.part; the next try asks for the rest (`Range` with
`If-Range`), and only where the owner gave a validator (ETag or Last-Modified), so halves of two releases
never meet. What arrives is counted against the stated length, hashed, compared with the owner's checksum
where there is one, and renamed last.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from crosscut.base.errors import Problem, UserError
from crosscut.base.files import disk_is_full, write_file
from crosscut.base.machine import stamp
from crosscut.base.progress import Arriving
from crosscut.base.version import __version__
from crosscut.ledger.sources.transport import (
    Manners,
    Offline,
    Transport,
    TryAgainError,
    host_of,
    patiently,
    refusal,
)

if TYPE_CHECKING:
    import httpx

CHUNK = 1 << 18
MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Download:
    """One file to fetch: kept as `name`, refused above `largest` bytes.

    `checksum` is what the owner publishes, as "md5:..." or "sha256:...". `secrets` are headers that carry a
    key: sent to the first host only and never written down.
    """

    name: str
    url: str
    largest: int = 4 << 30
    checksum: str = ""
    secrets: Mapping[str, str] = field(default_factory=dict)
    compressible: bool = False


class Downloader:
    """Fetches into one folder. `progress(name, bytes, total)` is called as bytes arrive."""

    def __init__(
        self,
        folder: Path,
        manners: Manners | None = None,
        progress: Arriving | None = None,
        since: float | None = None,
    ) -> None:
        """`since`: files fetched after that time (seconds since 1970) belong to an unfinished pull and are
        kept."""
        self.folder, self.manners, self.since = folder, manners or Manners(), since
        self._progress = progress or (lambda name, done, total: None)
        self._transport = Transport(self.manners)

    def __call__(self, d: Download) -> Path:
        """The file, whole. Raises Offline without a network and UserError where asking again is of no use."""
        if urlsplit(d.url).scheme not in ("https", "http"):
            raise UserError(Problem(f"{d.url!r} is no web address", d.name, "https://..."))
        if Path(d.name).name != d.name or d.name.startswith("."):
            raise ValueError(f"not a plain file name: {d.name!r}")
        self.folder.mkdir(parents=True, exist_ok=True)
        final = self.folder / d.name
        if self._kept(d, final):
            return final
        tries = 0

        def attempt() -> Path:
            nonlocal tries
            tries += 1
            self._attempt(d, final)
            return final

        try:
            return patiently(attempt, lambda: _size(self._part(d)), self.manners, d.url)
        except TryAgainError as e:
            raise _given_up(d, e, tries) from None

    def _part(self, d: Download) -> Path:
        return self.folder / f"{d.name}.part"

    def _memo(self, d: Download) -> Path:
        return self.folder / f"{d.name}.json"

    def _kept(self, d: Download, final: Path) -> bool:
        """Whether the file came with this, unfinished, pull."""
        memo = _loaded(self._memo(d))
        whole = final.is_file() and memo.get("url") == d.url and memo.get("bytes") == _size(final)
        return bool(whole and self.since is not None and memo.get("fetched", 0) >= self.since)

    def _attempt(self, d: Download, final: Path) -> None:
        part, memo = self._part(d), _loaded(self.folder / f"{d.name}.part.json")
        offset = _size(part) if memo.get("url") == d.url and memo.get("validator") else 0
        headers = {
            "User-Agent": f"crosscut/{__version__}",
            "Accept-Encoding": "gzip" if d.compressible else "identity",
        }
        if offset:
            headers |= {"Range": f"bytes={offset}-", "If-Range": memo["validator"]}
        elif final.is_file() and (known := _loaded(self._memo(d))).get("url") == d.url:
            if known.get("etag"):
                headers["If-None-Match"] = known["etag"]
            elif known.get("last_modified"):
                headers["If-Modified-Since"] = known["last_modified"]
        try:
            with self._transport.answer(d.url, headers, d.secrets) as response:
                status = response.status_code
                if status == HTTPStatus.NOT_MODIFIED and final.is_file():
                    return
                if status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                    part.unlink(missing_ok=True)
                    raise TryAgainError("the part kept from before does not fit the file")
                if not response.is_success:
                    raise refusal(status, d.url, response.headers.get("Retry-After"), bool(d.secrets))
                self._take(d, final, response, offset)
        except OSError as e:
            if disk_is_full(e):
                raise UserError(Problem("no space left to download", str(self.folder))) from None
            raise TryAgainError(f"the connection broke off ({type(e).__name__})") from None

    def _take(self, d: Download, final: Path, response: httpx.Response, offset: int) -> None:
        """Reads the body of a good answer into the part file and finishes when it is whole."""
        h = response.headers
        if h.get("Content-Type", "").partition(";")[0].strip().lower() == "text/html":
            raise UserError(
                Problem(
                    "a web page came back instead of data",
                    d.url,
                    "the file itself; sign-in pages of a network, and moved addresses, look like this",
                )
            )
        coding = (h.get("Content-Encoding") or "identity").lower()
        if coding not in ("identity", "gzip", ""):
            raise UserError(Problem(f"sent as {coding!r}", d.url, "gzip or nothing"))
        length = int(h["Content-Length"]) if (h.get("Content-Length") or "").isdigit() else None
        total = length
        if response.status_code == HTTPStatus.PARTIAL_CONTENT:
            found = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+|\*)", (h.get("Content-Range") or "").strip())
            if not found or int(found[1]) != offset:
                self._part(d).unlink(missing_ok=True)
                raise TryAgainError("another range came back than was asked for")
            total = int(found[3]) if found[3] != "*" else (offset + length if length is not None else None)
        else:
            offset = 0
        if total is not None and total > d.largest:
            self._part(d).unlink(missing_ok=True)
            raise _too_large(d)
        etag = h.get("ETag") or ""
        modified = h.get("Last-Modified") or ""
        # A weak tag promises the same meaning, not the same bytes: no halves are joined on it.
        strong = etag if etag and not etag.startswith("W/") else ""
        validator = (strong or modified) if coding in ("identity", "") else ""
        if not offset:
            write_file(
                self.folder / f"{d.name}.part.json",
                json.dumps({"url": d.url, "validator": validator}).encode(),
            )
        done = self._written_body(d, response, offset, total)
        if total is not None and done < total:
            raise TryAgainError(f"broke off after {done:,} of {total:,} bytes")
        if total is not None and done > total:
            self._part(d).unlink(missing_ok=True)
            raise TryAgainError(f"{done:,} bytes came, {total:,} were announced")
        self._finished(d, final, gzipped=coding == "gzip", etag=etag, modified=modified)

    def _written_body(self, d: Download, response: httpx.Response, offset: int, total: int | None) -> int:
        done, m = offset, self.manners
        window, window_bytes = time.monotonic(), 0
        with self._part(d).open("r+b" if offset else "wb", buffering=0) as out:
            out.seek(offset)
            out.truncate()
            for block in response.iter_raw():
                out.write(block)
                done += len(block)
                window_bytes += len(block)
                if done > d.largest:
                    break
                self._progress(d.name, done, total)
                elapsed = time.monotonic() - window
                if elapsed > m.slow_after:
                    if window_bytes < m.slowest * elapsed:
                        raise TryAgainError(f"only {window_bytes / elapsed:,.0f} bytes a second")
                    window, window_bytes = time.monotonic(), 0
        if done > d.largest:
            self._part(d).unlink()
            raise _too_large(d)
        return done

    def _finished(self, d: Download, final: Path, gzipped: bool, etag: str, modified: str) -> None:
        part = self._part(d)
        if gzipped:
            part = _unpacked(part, self.folder / f"{d.name}.unpacked", d)
        sha256 = file_hash(part, "sha256")
        kind, _, stated = d.checksum.partition(":")
        if stated and (found := file_hash(part, kind)) != stated.lower():
            part.unlink()
            raise TryAgainError(f"{kind} is {found}, the owner publishes {stated.lower()}")
        size = _size(part)
        with part.open("rb") as f:
            os.fsync(f.fileno())
        os.replace(part, final)
        write_file(
            self._memo(d),
            json.dumps(
                {
                    "url": d.url,
                    "bytes": size,
                    "sha256": sha256,
                    "etag": etag,
                    "last_modified": modified,
                    "fetched": time.time(),
                    "fetched_utc": stamp(),
                }
            ).encode(),
        )
        self._part(d).unlink(missing_ok=True)
        (self.folder / f"{d.name}.part.json").unlink(missing_ok=True)


def file_hash(path: Path, kind: str = "sha256") -> str:
    """Hexadecimal digest of a file."""
    with path.open("rb") as f:
        return hashlib.file_digest(f, kind).hexdigest()


def _unpacked(part: Path, out: Path, d: Download) -> Path:
    """The gzip stream opened, up to the largest size allowed."""
    unzip, size = zlib.decompressobj(wbits=31), 0
    try:
        with part.open("rb") as source, out.open("wb") as target:
            while block := source.read(CHUNK):
                while block:
                    plain = unzip.decompress(block, MEGABYTE)
                    size += len(plain)
                    if size > d.largest:
                        raise _too_large(d)
                    target.write(plain)
                    block = unzip.unconsumed_tail
            target.write(unzip.flush())
        if not unzip.eof:
            raise TryAgainError("the compressed answer broke off")
    except zlib.error as e:
        raise TryAgainError(f"the compressed answer is damaged ({e})") from None
    except BaseException:
        out.unlink(missing_ok=True)
        raise
    return out


def _given_up(d: Download, e: TryAgainError, tries: int) -> UserError:
    if e.offline:
        return Offline(
            Problem(f"no connection to {host_of(d.url)} ({e})", d.name, "a network; the figures in use stay")
        )
    return UserError(
        Problem(
            f"not fetched after {tries} tries: {e}",
            d.url,
            "a better moment: the same command goes on from there",
        )
    )


def _too_large(d: Download) -> UserError:
    return UserError(
        Problem(f"larger than {d.largest / MEGABYTE:,.0f} MB", d.url, "the file its owner documents")
    )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _loaded(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
