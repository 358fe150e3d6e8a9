"""A run killed in the middle of a file: OUT BYTES atomic|plain; the system ends it when a file passes BYTES
bytes.

`plain` makes the writer work on the file's own name, as one that is not atomic would, to show that the test
sees it.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import tempfile
from pathlib import Path

from crosscut.app.cli import main as cli


def main() -> None:
    """Runs the command with the writer watched."""
    out, size, writer = Path(sys.argv[1]).resolve(), int(sys.argv[2]), sys.argv[3]

    def the_writer_has_begun(event: str, arguments: tuple[object, ...]) -> None:
        """From the first file opened for writing in OUT on, no file may grow beyond BYTES."""
        if event == "open" and isinstance(arguments[0], str) and arguments[0].startswith(f"{out}{os.sep}"):
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    if writer == "plain":
        tempfile.mkstemp = on_its_own_name
    sys.addaudithook(the_writer_has_begun)
    sys.argv = ["crosscut", "run", "china-quota-cut", "--draws", "2", "--workers", "1", "--out", str(out)]
    cli.main()


def on_its_own_name(
    suffix: str = "", prefix: str = "", dir: object = None, text: bool = False
) -> tuple[int, str]:
    """In place of `tempfile.mkstemp`: the file that is wanted in the end."""
    path = Path(str(dir)) / prefix.strip(".")
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600), str(path)


if __name__ == "__main__":
    main()
