"""A browser for tests: the system's Chromium through chromedriver, with the standard library only."""

from __future__ import annotations

import base64
import json
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


NAMES = ("chromium", "chromium-browser", "google-chrome")


def missing_browser() -> str:
    """What is not installed or does not start; '' when a browser test can run."""
    browser = next((n for n in NAMES if shutil.which(n)), "")
    if not browser:
        return "no Chromium on this machine"
    if not shutil.which("chromedriver"):
        return "no chromedriver on this machine"
    for name in (browser, "chromedriver"):
        if subprocess.run([name, "--version"], capture_output=True, check=False).returncode:
            return f"{name} on this machine does not start"
    return ""


class Browser:
    """One headless browser window. `with Browser() as b: b.open(path); b.run("return document.title")`."""

    def __enter__(self) -> Browser:
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        self._driver = subprocess.Popen(
            ["chromedriver", f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._base = f"http://127.0.0.1:{port}"
        options = {
            "binary": next(filter(None, map(shutil.which, NAMES))),
            "args": [*FLAGS, f"--user-data-dir={self._profile.name}"],
        }
        wanted = {
            "capabilities": {
                "alwaysMatch": {
                    "goog:chromeOptions": options,
                    "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
                }
            }
        }
        try:
            self._wait_until_ready()
            self._base += "/session/" + self._call("POST", "/session", wanted)["sessionId"]
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, e: BaseException | None, trace: TracebackType | None
    ) -> None:
        if "/session/" in self._base:
            self._call("DELETE", "")
        self._driver.terminate()
        self._driver.wait(timeout=20)
        self._profile.cleanup()

    def _wait_until_ready(self) -> None:
        for _ in range(150):
            try:
                if self._call("GET", "/status")["ready"]:
                    return
            except urllib.error.URLError:
                time.sleep(0.1)
        raise TimeoutError("chromedriver did not start")

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if method != "POST" else json.dumps(body or {}).encode()
        request = urllib.request.Request(
            self._base + path, data, {"Content-Type": "application/json"}, method=method
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def command(self, name: str, **params: Any) -> Any:
        """A command of the DevTools protocol."""
        return self._call("POST", "/goog/cdp/execute", {"cmd": name, "params": params})

    def look(self, width: int, height: int = 900, *, dark: bool = False, reduced: bool = False) -> None:
        """Sets the window's size, colour scheme and wish for motion."""
        self.command(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        features = [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if reduced else "no-preference"},
        ]
        self.command("Emulation.setEmulatedMedia", features=features)

    def open(self, path: Path) -> None:
        """Opens a file."""
        self._call("POST", "/url", {"url": path.resolve().as_uri()})

    def run(self, script: str) -> Any:
        """What a script returns; use `return`."""
        return self._call("POST", "/execute/sync", {"script": script, "args": []})

    def log(self, kind: str = "browser") -> list[dict[str, Any]]:
        """Entries of a log since the last call: "browser" (console and policy) or "performance"
        (requests)."""
        entries: list[dict[str, Any]] = self._call("POST", "/se/log", {"type": kind})
        return entries

    def picture(self, path: Path, y: int = 0, height: int = 1200, width: int | None = None) -> None:
        """A picture of a stretch of the whole page."""
        width = width or int(self.run("return innerWidth"))
        clip = {"x": 0, "y": y, "width": width, "height": height, "scale": 1}
        shot = self.command("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))
