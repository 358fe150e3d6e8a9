"""Download: one file from its owner, resumed where it broke off, politely, whole or not at all.

Politeness: one request at a time, a gap between requests to one host, waits that double with jitter,
`Retry-After` obeyed. Resumption: bytes go to NAME.part; the next try asks for the rest (`Range` with
`If-Range`), and only where the owner gave a validator (ETag or Last-Modified), so halves of two releases
never meet. What arrives is counted against the stated length, hashed, compared with the owner's checksum
where there is one, and renamed last.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import random
import re
import socket
import ssl
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crosscut.base.errors import Problem, UserError
from crosscut.base.files import write_file
from crosscut.base.version import __version__

CHUNK = 1 << 18
AGAIN = frozenset({408, 429, 500, 502, 503, 504})
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


@dataclass(frozen=True)
class Manners:
    """How patient and how polite: seconds, tries and bytes a second."""

    gap: float = 1.0
    tries: int = 6
    most_tries: int = 60
    first_wait: float = 1.0
    longest_wait: float = 60.0
    longest_obeyed: float = 900.0
    timeout: float = 30.0
    slowest: float = 512.0
    slow_after: float = 60.0


class Offline(UserError):
    """No network, or nobody at the address; what was there before stays."""


class _AgainError(Exception):
    """This try failed in a way that another one may mend."""

    def __init__(self, why: str, wait: float | None = None, offline: bool = False) -> None:
        super().__init__(why)
        self.wait, self.offline = wait, offline


Progress = Callable[[str, int, int | None], None]


class Downloader:
    """Fetches into one folder. `progress(name, bytes, total)` is called as bytes arrive."""

    def __init__(
        self,
        folder: Path,
        manners: Manners | None = None,
        progress: Progress | None = None,
        since: float | None = None,
    ) -> None:
        """`since`: files fetched after that time (seconds since 1970) belong to an unfinished pull and are
        kept."""
        self.folder, self.manners, self.since = folder, manners or Manners(), since
        self._progress = progress or (lambda name, done, total: None)
        self._last: dict[str, float] = {}
        self._opener = urllib.request.OpenerDirector()
        for handler in (
            urllib.request.ProxyHandler(),
            urllib.request.HTTPHandler(),
            urllib.request.HTTPSHandler(),
            urllib.request.HTTPDefaultErrorHandler(),
            urllib.request.HTTPErrorProcessor(),
            _Redirects(),
        ):
            self._opener.add_handler(handler)

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
        failures = 0
        for total in range(1, self.manners.most_tries + 1):
            before = _size(self._part(d))
            try:
                self._attempt(d, final)
                return final
            except _AgainError as e:
                failures = 1 if _size(self._part(d)) > before else failures + 1
                most = 2 if e.offline else self.manners.tries
                if failures >= most or total == self.manners.most_tries:
                    raise _given_up(d, e, total) from None
                self._wait(d, e, failures)
        raise AssertionError("unreachable")

    def _part(self, d: Download) -> Path:
        return self.folder / f"{d.name}.part"

    def _memo(self, d: Download) -> Path:
        return self.folder / f"{d.name}.json"

    def _kept(self, d: Download, final: Path) -> bool:
        """Whether the file came with this, unfinished, pull."""
        memo = _loaded(self._memo(d))
        whole = final.is_file() and memo.get("url") == d.url and memo.get("bytes") == _size(final)
        return bool(whole and self.since is not None and memo.get("fetched", 0) >= self.since)

    def _wait(self, d: Download, e: _AgainError, failures: int) -> None:
        m = self.manners
        if e.wait is not None:
            if e.wait > m.longest_obeyed:
                raise UserError(
                    Problem(
                        f"{_host(d.url)} asks to wait {e.wait:,.0f} s",
                        d.name,
                        "the same command after that time",
                    )
                )
            time.sleep(e.wait)
        else:
            time.sleep(random.uniform(0.5, 1.0) * min(m.longest_wait, m.first_wait * 2 ** (failures - 1)))

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
        request = urllib.request.Request(d.url, headers=headers)
        for name, secret in d.secrets.items():
            request.add_unredirected_header(name, secret)
        self._keep_gap(d.url)
        try:
            with self._opener.open(request, timeout=self.manners.timeout) as response:
                self._take(d, final, response, offset)
        except urllib.error.HTTPError as e:
            with e:
                if e.code == 304 and final.is_file():
                    return
                if e.code == 416:
                    part.unlink(missing_ok=True)
                    raise _AgainError("the part kept from before does not fit the file") from None
                raise _refusal(d, e) from None
        except _AgainError:
            raise
        except ssl.SSLError as e:
            raise UserError(Problem(f"the connection is not safe ({e.reason})", _host(d.url))) from None
        except urllib.error.URLError as e:
            if isinstance(e.reason, ssl.SSLError):
                raise UserError(
                    Problem(f"the connection is not safe ({e.reason.reason})", _host(d.url))
                ) from None
            offline = isinstance(e.reason, socket.gaierror | ConnectionRefusedError) or _unreachable(e.reason)
            raise _AgainError(str(e.reason), offline=offline) from None
        except (OSError, http.client.HTTPException) as e:
            if isinstance(e, OSError) and e.errno in (28, 122):  # no space, over quota
                raise UserError(Problem("no space left to download", str(self.folder))) from None
            raise _AgainError(f"the connection broke off ({type(e).__name__})") from None

    def _keep_gap(self, url: str) -> None:
        host = _host(url)
        left = self._last.get(host, float("-inf")) + self.manners.gap - time.monotonic()
        if left > 0:
            time.sleep(left)
        self._last[host] = time.monotonic()

    def _take(self, d: Download, final: Path, response: Any, offset: int) -> None:
        """Reads the body of a good answer into the part file and finishes when it is whole."""
        h = response.headers
        if (h.get_content_type() or "") == "text/html":
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
        if response.status == 206:
            found = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+|\*)", (h.get("Content-Range") or "").strip())
            if not found or int(found[1]) != offset:
                self._part(d).unlink(missing_ok=True)
                raise _AgainError("another range came back than was asked for")
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
            raise _AgainError(f"broke off after {done:,} of {total:,} bytes")
        if total is not None and done > total:
            self._part(d).unlink(missing_ok=True)
            raise _AgainError(f"{done:,} bytes came, {total:,} were announced")
        self._finished(d, final, gzipped=coding == "gzip", etag=etag, modified=modified)

    def _written_body(self, d: Download, response: Any, offset: int, total: int | None) -> int:
        done, m = offset, self.manners
        window, window_bytes = time.monotonic(), 0
        with self._part(d).open("r+b" if offset else "wb", buffering=0) as out:
            out.seek(offset)
            out.truncate()
            while block := response.read1(CHUNK):
                out.write(block)
                done += len(block)
                window_bytes += len(block)
                if done > d.largest:
                    break
                self._progress(d.name, done, total)
                elapsed = time.monotonic() - window
                if elapsed > m.slow_after:
                    if window_bytes < m.slowest * elapsed:
                        raise _AgainError(f"only {window_bytes / elapsed:,.0f} bytes a second")
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
            raise _AgainError(f"{kind} is {found}, the owner publishes {stated.lower()}")
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
                    "fetched_utc": datetime.now(UTC).isoformat(timespec="seconds"),
                }
            ).encode(),
        )
        self._part(d).unlink(missing_ok=True)
        (self.folder / f"{d.name}.part.json").unlink(missing_ok=True)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows up to five redirects, never from https to http; keys stay with the first host."""

    max_redirections = 5

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        if new.scheme not in ("http", "https") or (old.scheme == "https" and new.scheme != "https"):
            raise UserError(Problem(f"redirected to {newurl}", req.full_url, "an https address"))
        return super().redirect_request(req, fp, code, msg, headers, newurl)


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
            raise _AgainError("the compressed answer broke off")
    except zlib.error as e:
        raise _AgainError(f"the compressed answer is damaged ({e})") from None
    except BaseException:
        out.unlink(missing_ok=True)
        raise
    return out


def _refusal(d: Download, e: urllib.error.HTTPError) -> Exception:
    if e.code in AGAIN:
        return _AgainError(f"the server answers {e.code}", _retry_after(e.headers.get("Retry-After")))
    if e.code in (401, 403):
        what = "the key is not accepted" if d.secrets else "access is refused"
        return UserError(
            Problem(f"{what} ({e.code})", d.url, "a valid key" if d.secrets else "a public address")
        )
    if e.code in (404, 410):
        return UserError(
            Problem(
                f"nothing is there any more ({e.code})",
                d.url,
                "another release (--release) or address (--from)",
            )
        )
    return UserError(Problem(f"the server answers {e.code}", d.url))


def _retry_after(text: str | None) -> float | None:
    """Seconds in a Retry-After header, as a number or a date; None where it says nothing usable.

    >>> _retry_after("120"), _retry_after("soon")
    (120.0, None)
    """
    if not text:
        return None
    if text.strip().isdigit():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None


def _given_up(d: Download, e: _AgainError, tries: int) -> UserError:
    if e.offline:
        return Offline(
            Problem(f"no connection to {_host(d.url)} ({e})", d.name, "a network; the figures in use stay")
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


def _unreachable(reason: Any) -> bool:
    return isinstance(reason, OSError) and reason.errno in (101, 113, 110, 51, 65)


def _host(url: str) -> str:
    return urlsplit(url).netloc


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
