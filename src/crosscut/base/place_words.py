"""Place words: what the many ways of writing a country have in common, pure.

"Congo, Dem. Rep.", "Dem. Rep. of the Congo" and "DEMOCRATIC REPUBLIC OF THE CONGO" hold the same words: case,
accents, dots, order, articles and abbreviations are put aside. Words of rank ("Republic of", "Kingdom of")
are put aside only where the name without them is known, for the Congos and the Koreas differ by them alone.
Tests: tests/base/test_places.py.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import OSA

# What statistics shorten, and one spelling for words of one meaning.
_LONG = {
    "rep": "republic",
    "repub": "republic",
    "republik": "republic",
    "republique": "republic",
    "republica": "republic",
    "repubblica": "republic",
    "республика": "republic",
    "республики": "republic",
    "dem": "democratic",
    "democratique": "democratic",
    "democratica": "democratic",
    "demokratische": "democratic",
    "демократическая": "democratic",
    "ppl": "peoples",
    "people": "peoples",
    "volksrepublik": "peoples republic",
    "fed": "federal",
    "fedl": "federal",
    "federated": "federal",
    "federation": "federal",
    "federative": "federal",
    "федерация": "federal",
    "sts": "state",
    "states": "state",
    "isl": "island",
    "islds": "island",
    "isds": "island",
    "is": "island",
    "islands": "island",
    "st": "saint",
    "br": "british",
    "terr": "territory",
    "territories": "territory",
    "utd": "united",
    "northern": "north",
    "southern": "south",
    "n": "north",
    "s": "south",
    "eq": "equatorial",
    "fmr": "former",
    "dpr": "democratic peoples republic",
    "pdr": "peoples democratic republic",
    "pr": "peoples republic",
    "dr": "democratic republic",
    "arabic": "arab",
    "nes": "not elsewhere specified",
}
_SILENT = frozenset(
    [
        "the",
        "of",
        "and",
        "de",
        "la",
        "le",
        "les",
        "el",
        "los",
        "las",
        "du",
        "des",
        "del",
        "d",
        "l",
        "von",
        "der",
        "die",
        "das",
        "da",
        "do",
        "dos",
        "und",
        "et",
        "y",
    ]
)
_RANK = frozenset(
    [
        "republic",
        "democratic",
        "peoples",
        "federal",
        "state",
        "kingdom",
        "sultanate",
        "emirate",
        "principality",
        "commonwealth",
        "islamic",
        "arab",
        "plurinational",
        "bolivarian",
        "socialist",
        "independent",
        "hashemite",
        "cooperative",
        "co",
        "operative",
        "united",
        "union",
        "federal",
        "rb",
        "sar",
        "royaume",
        "konigreich",
        "reino",
        "regno",
        "emirates",
        "estado",
        "staat",
        "etat",
        "grand",
        "duchy",
        "incl",
        "including",
        "королевство",
        "государство",
    ]
)
# Names that a word of rank tells apart: they are known only as written on record.
_RANK_MATTERS = frozenset(
    ["congo", "kongo", "конго", "korea", "coree", "corea", "корея", "china", "chine", "germany", "yemen"]
)
_NOTE_MARKS = re.compile(r"[\u00b9\u00b2\u00b3\u2070-\u209f*†‡]+")
_LETTERS = {"ß": "ss", "ø": "o", "ł": "l", "ı": "i", "đ": "d", "æ": "ae", "œ": "oe", "ё": "е"}
_NEAR_FROM, _NEARER_FROM = 4, 10  # letters from which one, and two, of them may be wrong


@lru_cache(maxsize=20_000)
def place_tokens(text: str) -> tuple[str, ...]:
    """The words of a name, folded and written out, in their order.

    Parameters
    ----------
    text : str
        A name in any script.

    Returns
    -------
    tuple of str
        Without articles and the like, unless nothing else is left.

    Examples
    --------
    >>> place_tokens("Congo, Dem. Rep."), place_tokens("U.S.A."), place_tokens("Côte d’Ivoire")
    (('congo', 'democratic', 'republic'), ('usa',), ('cote', 'ivoire'))
    """
    words = _written_out(_single_letters_joined(re.findall(r"[^\W_]+", _folded(text))))
    spoken = tuple(w for i, w in enumerate(words) if w not in _SILENT or (i == 0 and w in ("de", "do", "et")))
    return spoken or tuple(words)


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKC", _NOTE_MARKS.sub("", text)).casefold()
    text = re.sub(r"['’‘ʼ`´]s\b", "s", text)
    out = []
    for c in text:
        if c in _LETTERS:
            out.append(_LETTERS[c])
        elif ord(c) < 0x370 or 0x1E00 <= ord(c) < 0x2000:  # Latin accents; Й and ガ keep theirs
            out += [p for p in unicodedata.normalize("NFD", c) if not unicodedata.combining(p)]
        else:
            out.append(c)
    return "".join(out)


def _single_letters_joined(words: list[str]) -> list[str]:
    """U, S, A are one word; a letter alone (the d of d'Ivoire) stays."""
    out: list[str] = []
    run = ""
    for w in [*words, ""]:
        if len(w) == 1 and w.isascii() and w.isalpha():
            run += w
            continue
        if run:
            out.append(run)
        run = ""
        if w:
            out.append(w)
    return out


def _written_out(words: Iterable[str]) -> list[str]:
    return [part for w in words for part in _LONG.get(w, w).split()]


class PlaceIndex:
    """Names of places by their words: what a text means, and what a slip of the pen may have meant.

    Parameters
    ----------
    names : iterable of (str, frozenset of str)
        Each name with the codes that it means: one, or several where it is ambiguous. Where two rows hold the
        same words the first counts.

    Examples
    --------
    >>> index = PlaceIndex([("Korea, Rep.", frozenset({"KOR"})), ("Chile", frozenset({"CHL"}))])
    >>> sorted(index.meant("Republic of Korea")), sorted(index.meant("Republic of Chile"))
    (['KOR'], ['CHL'])
    >>> index.near("Chlie"), index.meant("Kor")
    ('CHL', frozenset())
    """

    def __init__(self, names: Iterable[tuple[str, frozenset[str]]]) -> None:
        self._keys: dict[tuple[str, ...], frozenset[str]] = {}
        self._joined: dict[str, frozenset[str]] = {}
        for text, codes in names:
            for spelling in dict.fromkeys((text, _umlauts_in_two_letters(text))):
                words = place_tokens(spelling)
                if words:
                    self._keys.setdefault(tuple(sorted(words)), codes)
                    self._joined.setdefault("".join(words), codes)

    def meant(self, text: str, *, in_part: bool = True) -> frozenset[str]:
        """The codes that a text can mean: none where it is unknown, several where it is ambiguous.

        Parameters
        ----------
        text : str
            A name, perhaps with a second one in brackets or after a slash.
        in_part : bool
            Whether a name is known too where what stands in the brackets is not.

        Returns
        -------
        frozenset of str
            Both names of a pair must allow what is returned; of two that contradict each other all are.
        """
        if found := self._whole(text):
            return found
        parts = [p for p in re.split(r"[()（）\[\]/]", text) if p.strip()]
        if len(parts) < 2 or not (first := self._whole(parts[0])):
            return frozenset()
        others = [self._whole(p) for p in parts[1:]]
        if not in_part and not all(others):
            return frozenset()
        for other in filter(None, others):
            if not first & other:
                return first | other
            first &= other
        return first

    def _whole(self, text: str) -> frozenset[str]:
        words = place_tokens(text)
        if found := self._keys.get(tuple(sorted(words))) or self._joined.get("".join(words)):
            return found
        bare = tuple(w for w in words if w not in _RANK)
        if not bare or bare == words or _RANK_MATTERS & set(bare):
            return frozenset()
        return self._keys.get(tuple(sorted(bare)), frozenset())

    def near(self, text: str) -> str:
        """The one place whose name a text misses by a letter (by two from ten letters on), "" for none.

        Parameters
        ----------
        text : str
            A name that is not known.

        Returns
        -------
        str
            Its code; "" where two places are as near, for a guess between them may be wrong.
        """
        wanted = "".join(place_tokens(text))
        if len(wanted) < _NEAR_FROM or any(c.isdigit() for c in wanted):
            return ""
        allowed = 2 if len(wanted) >= _NEARER_FROM else 1
        best: dict[str, int] = {}
        for known, codes in self._joined.items():
            if abs(len(known) - len(wanted)) > allowed or known[0] != wanted[0] or len(known) < 5:
                continue
            off = OSA.distance(wanted, known, score_cutoff=allowed)
            if off <= allowed:
                for code in codes:
                    best[code] = min(off, best.get(code, off))
        nearest = [c for c, off in best.items() if off == min(best.values())]
        return nearest[0] if len(nearest) == 1 else ""

    def beginning(self, text: str) -> tuple[str, ...]:
        """The places with a name that begins with a text of at least three letters.

        Parameters
        ----------
        text : str
            The beginning of a name.

        Returns
        -------
        tuple of str
            Their codes, in the order of the names.
        """
        wanted = "".join(place_tokens(text))
        if len(wanted) < 3 or any(c.isdigit() for c in wanted):
            return ()
        return tuple(
            dict.fromkeys(
                c for known, codes in self._joined.items() if known.startswith(wanted) for c in sorted(codes)
            )
        )


def _umlauts_in_two_letters(text: str) -> str:
    """Österreich as Oesterreich."""
    return text.translate(
        {ord(a): b for a, b in zip("äöüÄÖÜ", ("ae", "oe", "ue", "Ae", "Oe", "Ue"), strict=True)}
    )
