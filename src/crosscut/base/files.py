"""Files: a file appears whole under its name or not at all, and what has its name is on the disk.

Tests: tests/base/test_files.py, tests/output/test_result_folder.py
"""

from __future__ import annotations

import errno
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from threading import Lock

Writer = Callable[[Path], object]


def write_file(path: Path, content: bytes | str | Writer) -> Path:
    """Write a file under a temporary name beside it, flush it to the disk, and rename it.

    A process that is killed, or a power cut, leaves the old file or the new one, never a half; at worst a
    file whose name begins with a point stays behind.

    Parameters
    ----------
    path : Path
        The file; folders above it are made.
    content : bytes | str | Writer
        Bytes, text (written as UTF-8), or a function that writes the file at the path it is given.

    Returns
    -------
    Path
        `path`.

    Raises
    ------
    OSError
        Where it cannot be written; nothing is left behind, and a file that was there stays.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_file(Path(folder, "answers", "price.txt"), "320 USD").read_text()
    '320 USD'
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        if isinstance(content, str):
            content = content.encode()
        if isinstance(content, bytes):
            temporary.write_bytes(content)
        else:
            content(temporary)
        temporary.chmod(0o666 & ~_umask())
        with temporary.open("r+b") as f:
            os.fsync(f.fileno())  # before it has its name: a power cut leaves no empty file
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def disk_is_full(error: OSError) -> bool:
    """Whether a file could not be written for want of space, on the disk or of the user's share of it.

    Parameters
    ----------
    error : OSError
        What writing raised.

    Returns
    -------
    bool
        True for want of space.
    """
    return error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))


# What the system says of a place to write, in words; the error is the user's to mend, not ours.
_WORDS = {
    errno.ENOSPC: "no space is left on the disk",
    getattr(errno, "EDQUOT", errno.ENOSPC): "your share of the disk is used up",
    errno.EFBIG: "the file would be larger than the system allows",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "you may not write there",
    errno.EPERM: "the system does not allow it",
    errno.ENOTDIR: "a part of the path is a file",
    errno.EISDIR: "a folder has that name",
    errno.ENAMETOOLONG: "the name is too long",
    errno.EMFILE: "too many files are open",
    errno.EIO: "the disk cannot be read or written",
}


def what_is_wrong(error: BaseException) -> str:
    """Why a file could not be written or read, in words, where the place or the machine is the reason.

    Libraries that write for us wrap the error of the system in one of their own; its number is then looked
    for in their text.

    Parameters
    ----------
    error : BaseException
        What writing or reading raised.

    Returns
    -------
    str
        Without a full stop; empty for an error of another kind, which is a fault of a program.

    Examples
    --------
    >>> what_is_wrong(PermissionError(13, "Permission denied")), what_is_wrong(ValueError("no"))
    ('you may not write there', '')
    """
    number = error.errno if isinstance(error, OSError) else None
    if number is None and (found := re.search(r"\b(?:os error|Errno) (\d+)\b", str(error))):
        number = int(found[1])
    return _WORDS.get(number, "") if number is not None else ""


_asking = Lock()


def _umask() -> int:
    """What new files may not allow. The system tells it only when it is set, so one thread asks at a time."""
    with _asking:
        mask = os.umask(0o077)
        os.umask(mask)
    return mask
