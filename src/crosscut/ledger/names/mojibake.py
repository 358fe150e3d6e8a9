"""Mojibake: texts that were decoded with the wrong table, and what they may have been, pure."""

from __future__ import annotations

from collections.abc import Iterator

# The table a text was read with, and the one it was written in.
_WRONG = ("cp1252", "latin-1", "cp1251", "koi8-r", "cp866", "cp437", "gbk", "shift_jis", "euc-kr", "cp949")
_RIGHT = ("utf-8", "cp1251", "koi8-r", "cp866", "gbk", "big5", "shift_jis", "euc-jp", "euc-kr")
LOST = "\ufffd"


def unscrambled(text: str, rounds: int = 2) -> Iterator[str]:
    """Texts that `text` may have been before it was decoded wrongly.

    Parameters
    ----------
    text : str
        A text that may be garbled.
    rounds : int
        How often it may have been decoded wrongly, one after the other.

    Yields
    ------
    str
        Each candidate once. Most are nonsense: the caller keeps the one that means something. A letter that
        is lost stands as `LOST`.

    Examples
    --------
    >>> "Верхнее" in list(unscrambled("Ð’ÐµÑ€Ñ…Ð½ÐµÐµ"))
    True
    """
    seen = {text}
    layer = [text]
    for _ in range(rounds):
        found = []
        for t in layer:
            for wrong in _WRONG:
                data = _bytes(t, wrong)
                if data is None:
                    continue
                for right in _RIGHT:
                    repaired = _text(data, right)
                    if repaired is not None and repaired not in seen:
                        seen.add(repaired)
                        found.append(repaired)
                        yield repaired
        layer = found[:40]


def _bytes(text: str, table: str) -> bytes | None:
    """`text` back in bytes; a code that the Windows table leaves open stands for itself, as decoders do."""
    out = bytearray()
    for c in text:
        try:
            out += c.encode(table)
        except UnicodeEncodeError:
            if c == LOST:
                out.append(0x3F)
                continue
            if ord(c) > 0xFF or table not in ("cp1252", "cp1251"):
                return None
            out.append(ord(c))
    return bytes(out)


def _text(data: bytes, table: str) -> str | None:
    if not any(b > 0x7F for b in data):
        return None
    try:
        return data.decode(table)
    except UnicodeDecodeError:
        lossy = data.decode(table, errors="replace") if table == "utf-8" else ""
        return lossy if lossy and lossy.count(LOST) <= max(1, len(lossy) // 8) else None
