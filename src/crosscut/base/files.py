"""Write: a file appears whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def written(path: Path, content: bytes) -> Path:
    """`path` with this content, written under a temporary name and renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return path
