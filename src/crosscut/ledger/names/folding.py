"""Folding: a name reduced to what all its spellings share, pure.

Unicode NFKC, case, accents; Cyrillic (Russian and Kazakh) to Latin; transliterations of one sound to one
letter; words of direction to one word; words that only say "mine" or "deposit" left out; kana without marks
of length.
"""

from __future__ import annotations

import re
import unicodedata

_CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "e",
            "zh",
            "z",
            "i",
            "i",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "h",
            "ts",
            "ch",
            "sh",
            "sch",
            ".",
            "i",
            ".",
            "e",
            "iu",
            "ia",
            "a",
            "g",
            "k",
            "n",
            "o",
            "u",
            "u",
            "h",
            "i",
        ],
        strict=True,
    )
)
_LATIN = {"ı": "i", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ß": "ss"}
# Traditional characters that occur in names of mines, to their simplified form.
_SIMPLIFIED = str.maketrans(
    "鎢礦鑛凱騰東廠龍鐵蒼興嶺蓮錫業銅陽欒納羅爾達爾喬內葉",
    "钨矿矿凯腾东厂龙铁苍兴岭莲锡业铜阳栾纳罗尔达尔乔内叶",
)
_SOUNDS = (
    (r"kh", "h"),
    (r"[yj]", "i"),
    (r"ie", "e"),
    (r"ck", "k"),
    (r"q", "k"),
    (r"w", "v"),
    (r"x", "ks"),
    (r"ph", "f"),
    (r"(.)\1+", r"\1"),
)
_ENDINGS = re.compile(r"(?<=...)n?sk(oe|oi|ii|i|aia|a)$")  # Russian adjectives: Kairaktinskoye is Kairakty
# Written as folded: "upper" is "uper" once doubled letters are single.
_DIRECTIONS = {
    "uper": ("uper", "verhne", "verhnii", "verhni", "verhnei", "zhogargi", "zhogari", "jogargi"),
    "north": ("north", "northern", "severn", "severni", "severnii", "severo", "sever", "soltustik"),
    "south": ("south", "southern", "iuzhni", "iuzhnii", "ontustik"),
    "lower": ("lower", "nizhne", "nizhni", "nizhnii", "tomengi"),
    "east": ("east", "eastern", "vostochni", "shigis"),
    "west": ("west", "western", "zapadni", "batis"),
}
# What is shortened before a name: Mt, Mt. and Mount are one, and so are St, Saint and Sankt.
_SHORTENED = {
    "mt": "mount",
    "mtn": "mountain",
    "mont": "mount",
    "st": "saint",
    "ste": "saint",
    "sankt": "saint",
    "nth": "north",
    "sth": "south",
    "ft": "fort",
}
_DIRECTION_OF = {w: k for k, words in _DIRECTIONS.items() for w in words}
_PREFIXES = {w: _DIRECTION_OF[w] for w in ("verhne", "nizhne", "severo")}
_GENERIC = frozenset(
    [
        "mine",
        "mines",
        "deposit",
        "deposits",
        "project",
        "plant",
        "tungsten",
        "volfram",
        "vaw",
        "the",
        "of",
        "de",
        "mestorozhdene",
        "mestorozhdenie",
        "rudnik",
        "gok",
        "works",
        "ore",
        "field",
        "mining",
    ]
)
_CJK_GENERIC = re.compile(r"(タングステン)?(鉱山|鉱床|プロジェクト)$|(钨)?(矿床|矿山|矿业|矿|项目)$|광산$")


def tokens(text: str) -> tuple[str, ...]:
    """The folded words of a name.

    Parameters
    ----------
    text : str
        A name in any script.

    Returns
    -------
    tuple of str
        In their order; words that only say "mine" or "deposit" are left out unless nothing else is left.

    Examples
    --------
    >>> tokens("Verkhneye Kayrakty") == tokens("Верхнее Кайракты") == tokens("Upper Kairaktinskoye deposit")
    True
    >>> tokens("ｶﾀﾊﾟﾙ"), tokens("上凱拉克特")
    (('カタパル',), ('上凯拉克特',))
    """
    plain = re.findall(r"[^\W_]+", _plain(text))
    words = [w for raw in plain for w in _word(raw)]
    spoken = [w for raw in plain if raw not in _GENERIC for w in _word(raw) if w not in _GENERIC]
    return tuple(spoken or words)


def says_little(word: str) -> bool:
    """Whether a folded word stands in so many names that it is none by itself: a direction, Mount, Saint.

    Parameters
    ----------
    word : str
        One of `tokens`.

    Returns
    -------
    bool
        True for such a word.
    """
    return word in _DIRECTIONS or word in _SHORTENED.values()


def other_lengths(text: str) -> tuple[str, ...]:
    """A name with its first shortened word written out, and its first long one shortened.

    Parameters
    ----------
    text : str
        A name in Latin letters; any other has none.

    Returns
    -------
    tuple of str
        Other ways of writing it.

    Examples
    --------
    >>> other_lengths("Mt Carbine"), other_lengths("Mount Mulgine"), other_lengths("Dolphin")
    (('Mount Carbine',), ('Mt Mulgine', 'Mt. Mulgine'), ())
    """
    out = []
    for short, long in (("Mt", "Mount"), ("St", "Saint")):
        if re.search(rf"\b{long}\b", text):
            out += [re.sub(rf"\b{long}\b", s, text, count=1) for s in (short, f"{short}.")]
        elif re.search(rf"\b{short}\b", text):
            out.append(re.sub(rf"\b{short}\b\.?", long, text, count=1))
    return tuple(out)


def key(text: str) -> str:
    """The folded words in alphabetical order: two names with one key are written alike.

    Parameters
    ----------
    text : str
        A name in any script.

    Returns
    -------
    str
        Words with a space between them; empty where the text has no letter or digit.

    Examples
    --------
    >>> key("Katpar, North") == key("Северный Катпар") == key("Severnyy Katpar")
    True
    """
    return " ".join(sorted(tokens(text)))


def run_together(text: str) -> str:
    """The folded words without spaces, for names split or joined in other places.

    Parameters
    ----------
    text : str
        A name in any script.

    Returns
    -------
    str
        The words in their order; empty where the text has no letter or digit.

    Examples
    --------
    >>> run_together("Upper-Kairakty") == run_together("UpperKairakty")
    True
    """
    return "".join(tokens(text))


def is_east_asian(text: str) -> bool:
    """Whether a folded name is in Chinese, Japanese or Korean script.

    Parameters
    ----------
    text : str
        A name, or a word of one.

    Returns
    -------
    bool
        True where at least one character is of these scripts.
    """
    return any("\u3040" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7a3" for c in text)


def _plain(text: str) -> str:
    """NFKC, lower case, Latin letters without accents, Cyrillic in Latin, katakana without length and middle
    dots."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"[''ʼ`´ʹ]", "", text)
    out = []
    for c in text:
        if "\u3041" <= c <= "\u3096":
            c = chr(ord(c) + 0x60)  # hiragana to katakana
        if c in _CYRILLIC:
            out.append(_CYRILLIC[c].replace(".", ""))
        elif c in _LATIN:
            out.append(_LATIN[c])
        elif c in "ー・‐":
            continue
        elif ord(c) < 0x250 or 0x300 <= ord(c) < 0x370 or 0x1E00 <= ord(c) < 0x1F00:
            out += [p for p in unicodedata.normalize("NFD", c) if not unicodedata.combining(p)]
        else:
            out.append(c)
    return "".join(out).translate(_SIMPLIFIED)


def _word(raw: str) -> list[str]:
    if is_east_asian(raw):
        return [_CJK_GENERIC.sub("", raw) or raw]
    for pattern, sound in _SOUNDS:
        raw = re.sub(pattern, sound, raw)
    raw = _DIRECTION_OF.get(_SHORTENED.get(raw, raw), _SHORTENED.get(raw, raw))
    for prefix, direction in _PREFIXES.items():
        if raw.startswith(prefix) and len(raw) > len(prefix) + 3:
            return [direction, _ENDINGS.sub("", raw.removeprefix(prefix))]
    if raw in _DIRECTIONS:
        return [raw]
    return [_ENDINGS.sub("", raw)]
