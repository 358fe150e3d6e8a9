"""Catalogue: the kinds of files that people write, the bundled ones of each kind, and a file by name or
path."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from crosscut.base.bundled import bundled_file, bundled_text
from crosscut.base.errors import Problem, UserError, suggestion

SUFFIXES = (".yaml", ".yml")
MOST_BYTES = 200_000  # of one file


@dataclass(frozen=True)
class FileKind:
    """A kind of file: what one is called, with its article, where the bundled ones lie and what reads it.

    >>> SCENARIO.one, OUTLOOK.one, PROJECT.command
    ('a scenario', 'an outlook', 'crosscut project')
    """

    noun: str
    folder: str
    command: str
    opening: str  # the first fields, as an example

    @property
    def one(self) -> str:
        """The noun with its article."""
        return f"{'an' if self.noun[0] in 'aeiou' else 'a'} {self.noun}"


SCENARIO = FileKind("scenario", "scenarios", "crosscut run", "version, id, title, ...")
OUTLOOK = FileKind("outlook", "outlooks", "crosscut outlook", "version, kind: outlook, id, title, ...")
PROJECT = FileKind("project", "projects", "crosscut project", "version, id, title, country, ...")
KINDS = (SCENARIO, OUTLOOK, PROJECT)


@dataclass(frozen=True)
class Found:
    """A file that was found: its content, its name in messages, and the folder that other files it names are
    sought in."""

    content: bytes | str
    name: str
    folder: Path


@cache
def bundled_names(kind: FileKind) -> tuple[str, ...]:
    """List the bundled files of a kind.

    Parameters
    ----------
    kind : FileKind
        Scenario, outlook or project.

    Returns
    -------
    tuple of str
        Names without `.yaml`, in alphabetical order.

    Examples
    --------
    >>> bundled_names(OUTLOOK)
    ('kazakhstan',)
    """
    names = (f.name for f in bundled_file(kind.folder).iterdir() if f.name.endswith(".yaml"))
    return tuple(sorted(n.removesuffix(".yaml") for n in names))


def bundled_kind(name: str) -> FileKind | None:
    """Find the kind of a bundled file.

    Parameters
    ----------
    name : str
        Name without `.yaml`.

    Returns
    -------
    FileKind or None
        None where no bundled file has this name.

    Examples
    --------
    >>> bundled_kind("example-mine").noun
    'project'
    """
    return next((k for k in KINDS if name in bundled_names(k)), None)


def is_path(text: str) -> bool:
    """Whether a text can only be meant as a file, not as the name of a bundled one.

    Parameters
    ----------
    text : str
        What the user wrote.

    Returns
    -------
    bool
        True when it ends as a file does, or holds a slash or a backslash.
    """
    return text.endswith(SUFFIXES) or "/" in text or "\\" in text


def named_file(
    name_or_path: str | Path, kind: FileKind, beside: Path | None = None, where: str = ""
) -> Found:
    """The file of a kind by the name of a bundled one or by path.

    Parameters
    ----------
    name_or_path : str or Path
        A bundled name, or a file.
    kind : FileKind
        What it is read as; messages speak of that.
    beside : Path, optional
        The folder that a relative path starts from; the working folder without it.
    where : str, optional
        Who asks, for messages.

    Returns
    -------
    Found
        Its content, its name for messages, and the folder it lies in.

    Raises
    ------
    UserError
        For an unknown name (with the nearest), a bundled file of another kind (with the command that reads
        it), and a file that cannot be read.

    Examples
    --------
    >>> named_file("example-mine", PROJECT).name
    'example-mine.yaml'
    """
    text = str(name_or_path)
    if not is_path(text) and text in bundled_names(kind):
        return Found(bundled_text(kind.folder, f"{text}.yaml"), f"{text}.yaml", Path())
    if "\0" in text:
        raise UserError(Problem("not a file name", where or repr(text), f"{kind.one} by name, or a file"))
    path = (beside or Path()) / text
    try:
        exists = path.exists()
    except OSError:
        exists = is_path(text)  # reading it will say why not
    if exists:
        return Found(file_content(path, kind), str(path), path.parent)
    other = bundled_kind(text)
    if other is not None:
        raise UserError(Problem(f"{text!r} is {other.one}", where or kind.noun, f"`{other.command} {text}`"))
    known = suggestion(Path(text).name.removesuffix(".yaml").removesuffix(".yml"), bundled_names(kind))
    what = f"no such file: {path}" if is_path(text) else f"unknown {kind.noun} {text[:80]!r}"
    raise UserError(Problem(what, where, f"{kind.one} file, or a bundled {kind.noun}: {known}"))


def file_content(path: Path, kind: FileKind) -> bytes:
    """Read the bytes of a file of the user.

    Parameters
    ----------
    path : Path
        Where the file lies.
    kind : FileKind
        What it should be, for messages.

    Returns
    -------
    bytes
        At most one byte more than the `MOST_BYTES` allowed, so that the reader sees that a file is too long.

    Raises
    ------
    UserError
        For a folder, a device, a name that cannot be a file, and a file that cannot be read.
    """
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            what = "this is a folder" if stat.S_ISDIR(mode) else "this is not a file"
            raise UserError(Problem(what, str(path), f"{kind.one} file, such as my-{kind.noun}.yaml"))
        with path.open("rb") as handle:
            return handle.read(MOST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UserError(
            Problem(f"cannot be read: {reason}", str(path), f"a readable {kind.noun} file")
        ) from None
    except ValueError:
        raise UserError(Problem("not a file name", repr(str(path)), f"{kind.one} file")) from None
