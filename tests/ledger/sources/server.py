"""A local server that serves documented formats and misbehaves on request."""

from __future__ import annotations

import gzip
import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Served:
    """One path. `faults` are taken one a request: each gets the handler and may answer in its place
    (True)."""

    body: bytes
    kind: str = "application/octet-stream"
    etag: bool = True
    ranges: bool = True
    length: bool = True
    gzipped: bool = False
    faults: list[Callable[[Any, Served], bool]] = field(default_factory=list)


@dataclass
class Server:
    """Its address, what it serves by path (query included, else without), and the requests it saw."""

    url: str
    served: dict[str, Served]
    seen: list[tuple[str, dict[str, str]]]


def status(code: int, **headers: str) -> Callable[[Any, Served], bool]:
    """A fault that answers with a status."""

    def fault(handler: Any, served: Served) -> bool:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return True

    return fault


def drop_after(n: int) -> Callable[[Any, Served], bool]:
    """A fault that closes the connection after `n` bytes of the body, whole length announced."""

    def fault(handler: Any, served: Served) -> bool:
        start = handler.start_of_range(served)
        handler.head(served, start)
        handler.wfile.write(served.body[start : start + n])
        handler.wfile.flush()
        handler.close_connection = True
        return True

    return fault


def slowly(seconds: float, piece: int) -> Callable[[Any, Served], bool]:
    """A fault that sends `piece` bytes and then sleeps, again and again."""

    def fault(handler: Any, served: Served) -> bool:
        start = handler.start_of_range(served)
        handler.head(served, start)
        for at in range(start, len(served.body), piece):
            handler.wfile.write(served.body[at : at + piece])
            handler.wfile.flush()
            time.sleep(seconds)
        return True

    return fault


def held(n: int, go_on: threading.Event) -> Callable[[Any, Served], bool]:
    """A fault that sends `n` bytes and the rest when it is told to go on."""

    def fault(handler: Any, served: Served) -> bool:
        start = handler.start_of_range(served)
        handler.head(served, start)
        handler.wfile.write(served.body[start : start + n])
        handler.wfile.flush()
        go_on.wait(60)
        handler.wfile.write(served.body[start + n :])
        return True

    return fault


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Any

    def log_message(self, *args: Any) -> None:
        pass

    def start_of_range(self, served: Served) -> int:
        asked = self.headers.get("Range")
        if not (served.ranges and asked and self.headers.get("If-Range") in (None, self.tag(served))):
            return 0
        return int(asked.removeprefix("bytes=").rstrip("-"))

    def tag(self, served: Served) -> str:
        return '"' + hashlib.md5(served.body).hexdigest() + '"'

    def head(self, served: Served, start: int = 0, body: bytes | None = None) -> None:
        body = served.body if body is None else body
        self.send_response(206 if start else 200)
        self.send_header("Content-Type", served.kind)
        if served.etag:
            self.send_header("ETag", self.tag(served))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        if served.gzipped:
            self.send_header("Content-Encoding", "gzip")
        if served.length:
            self.send_header("Content-Length", str(len(body) - start))
        else:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()

    def do_GET(self) -> None:
        self.server.seen.append((self.path, dict(self.headers)))
        served = self.server.served.get(self.path) or self.server.served.get(self.path.partition("?")[0])
        try:
            if served is None:
                status(404)(self, Served(b""))
                return
            if served.faults and served.faults.pop(0)(self, served):
                return
            if served.etag and self.headers.get("If-None-Match") == self.tag(served):
                status(304)(self, served)
                return
            start = self.start_of_range(served)
            if start and start >= len(served.body):
                status(416)(self, served)
                return
            body = gzip.compress(served.body) if served.gzipped else served.body
            self.head(served, start, body)
            self.wfile.write(body[start:])
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True


@contextmanager
def running(served: dict[str, Served] | None = None) -> Iterator[Server]:
    """The server while the block runs, on a free port of 127.0.0.1."""
    http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    http.daemon_threads = True
    http.served, http.seen = served if served is not None else {}, []  # type: ignore[attr-defined]
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Server(f"http://127.0.0.1:{http.server_port}", http.served, http.seen)  # type: ignore[attr-defined]
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
