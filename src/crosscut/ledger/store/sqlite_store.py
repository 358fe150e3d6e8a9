"""Store: all facts in one SQLite file, written once under a name that is the hash of what went in, then only
read.

Tables: `source`, `unit`, `evidence_status` (relative errors), `same` (facts that state one
thing in other words), `fact` (the one schema), `fact_text` (FTS5 over everything a row says), `table_row`
(the rows as text), `before` (facts that a correction or retraction replaced). The file is in WAL mode, so
that a reader never waits; readers open it immutable, which works on a read-only disk.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field, fields
from pathlib import Path

from crosscut.ledger.own_tables import ENTRIES
from crosscut.ledger.store.fact import Fact, Source
from crosscut.ledger.store.validate_rows import UnitText, Vocabulary

FORMAT = 4  # raise when the tables below change: old files are then not opened but rebuilt
_COLUMNS = tuple(f.name for f in fields(Fact))
_SCHEMA = f"""
CREATE TABLE source (id TEXT PRIMARY KEY, title TEXT, url TEXT, published TEXT, accessed TEXT,
  directness TEXT, licence TEXT);
CREATE TABLE unit (text TEXT PRIMARY KEY, kind TEXT, means TEXT, note TEXT);
CREATE TABLE fact (seq INTEGER PRIMARY KEY, {", ".join(f'"{c}"' for c in _COLUMNS)}, row_id TEXT,
  "column" TEXT, overlay TEXT);
CREATE TABLE before (seq INTEGER PRIMARY KEY, {", ".join(f'"{c}"' for c in _COLUMNS)}, action TEXT,
  reason TEXT, "where" TEXT, after TEXT);
CREATE TABLE table_row (seq INTEGER PRIMARY KEY, "table" TEXT, row_id TEXT, content TEXT);
CREATE TABLE evidence_status (evidence_status TEXT PRIMARY KEY, error REAL);
CREATE TABLE same (fact TEXT PRIMARY KEY, subject_kind TEXT, subject_id TEXT, attribute TEXT, period TEXT,
  unit TEXT, why TEXT);
CREATE VIRTUAL TABLE fact_text USING fts5(text, content='', columnsize=0, detail=none, tokenize='trigram');
CREATE TABLE plain_text (seq INTEGER PRIMARY KEY, text TEXT);
"""
_INDEXES = """
CREATE INDEX fact_mineral ON fact (mineral, seq);
CREATE INDEX fact_id ON fact (id);
CREATE INDEX fact_row ON fact (row_id);
CREATE INDEX fact_about ON fact (subject_id, attribute, period);
CREATE INDEX row_table ON table_row ("table", seq);
"""


@dataclass(frozen=True)
class Change:
    """A fact that was corrected or retracted: what it was, the action, why, where that is written, the id
    after."""

    fact: Fact
    action: str
    reason: str
    where: str
    after: str


@dataclass(frozen=True)
class StoreContent:
    """What a store holds, before it is written.

    `facts` are (fact, id of its row, column of the row, overlay: "" for a bundled fact, else where it was
    added), `texts` what a search looks in, one for each fact; `rows` are (table, row).
    """

    vocabulary: Vocabulary
    facts: Sequence[tuple[Fact, str, str, str]]
    texts: Sequence[str]
    rows: Sequence[tuple[str, Mapping[str, str]]]
    changes: Sequence[Change] = ()
    same: Sequence[tuple[str, ...]] = ()
    errors: Mapping[str, float] = field(default_factory=dict)


class FactStore:
    """The facts behind every question, on one connection; safe to share between threads that only read."""

    def __init__(self, connection: sqlite3.Connection, key: str) -> None:
        self._db = connection
        self.key = key

    def facts(self, mineral: str) -> tuple[Fact, ...]:
        """The facts of one mineral or topic, in table order."""
        return self._facts("WHERE mineral = ? ORDER BY seq", (mineral,))

    def facts_with_ids(self, ids: Iterable[str]) -> dict[str, Fact]:
        """Facts by the id asked for; the id of a row stands for its first value, an old id for what replaced
        it."""
        wanted = list(dict.fromkeys(ids))
        out: dict[str, Fact] = {}
        for part in (wanted[k : k + 400] for k in range(0, len(wanted), 400)):
            marks = ",".join("?" * len(part))
            # From weak to strong, so that the fact with the very id wins over the first value of a row.
            for column, order in (("row_id", "seq DESC"), ("supersedes", "seq"), ("id", "seq")):
                names = ", ".join(f'"{c}"' for c in _COLUMNS)
                for key, *values in self._db.execute(
                    f'SELECT "{column}", {names} FROM fact WHERE "{column}" IN ({marks}) ORDER BY {order}',
                    part,
                ):
                    out[key] = Fact(*values)
        return out

    def about(self, mineral: str, text: str) -> set[str]:
        """Ids of the facts of a mineral whose row holds every word of `text`, whole or in the plural.

        Case is ignored. Two words count as well where the row writes them as one (Viet Nam, Vietnam). A part
        of a word counts in scripts alone that leave no gaps between words.
        """
        words = text.casefold().split()
        long = [w for w in words if len(w) >= 3]
        sql = "SELECT f.id, p.text FROM fact f JOIN plain_text p ON p.seq = f.seq WHERE f.mineral = ?"
        args: list[str] = [mineral]
        if long:
            # The index finds candidates by trigrams (it holds no positions); the words decide.
            trigrams = {w[k : k + 3] for w in long for k in range(len(w) - 2)}
            sql += " AND f.seq IN (SELECT rowid FROM fact_text WHERE fact_text MATCH ?)"
            args.append(" AND ".join('"' + t.replace('"', '""') + '"' for t in sorted(trigrams)))
        for w in words:
            sql += " AND instr(p.text, ?) > 0"
            args.append(w)
        whole = [re.compile(_as_words(words, k)) for k in range(len(words))]
        return {i for i, row in self._db.execute(sql, args) if all(w.search(row) for w in whole)}

    def rows(self, table: str) -> tuple[dict[str, str], ...]:
        """The rows of a table as text with `fact_id`, in file order."""
        found = self._db.execute('SELECT content FROM table_row WHERE "table" = ? ORDER BY seq', (table,))
        return tuple(json.loads(content) for (content,) in found)

    def sources(self) -> dict[str, Source]:
        """Every source by id."""
        return {r[0]: Source(*r) for r in self._db.execute("SELECT * FROM source ORDER BY rowid")}

    def units(self) -> dict[str, UnitText]:
        """The unit vocabulary by text."""
        return {r[0]: UnitText(*r) for r in self._db.execute("SELECT * FROM unit ORDER BY rowid")}

    def minerals(self) -> tuple[str, ...]:
        """Every mineral or topic with facts."""
        return tuple(m for (m,) in self._db.execute("SELECT DISTINCT mineral FROM fact ORDER BY mineral"))

    def known_minerals(self) -> tuple[str, ...]:
        """Every mineral described by more than a sum or an elasticity, those with own tables first."""
        found = self._db.execute(
            """SELECT DISTINCT mineral FROM fact WHERE "table" LIKE 'minerals/%' AND "table" NOT IN
            ('minerals/elasticities', 'minerals/world_totals', 'minerals/deviations') ORDER BY mineral"""
        )
        return (*ENTRIES, *(m for (m,) in found if m not in ENTRIES))

    def facts_by_mineral(self, source_id: str) -> dict[str, int]:
        """How many facts of each mineral a source states."""
        found = self._db.execute(
            "SELECT mineral, count(*) FROM fact WHERE source_id = ? GROUP BY mineral ORDER BY mineral",
            (source_id,),
        )
        return dict(found)

    def columns(self) -> dict[str, tuple[str, str]]:
        """Id of every fact -> (id of its row, column of the row)."""
        return {
            i: (row, column) for i, row, column in self._db.execute('SELECT id, row_id, "column" FROM fact')
        }

    def errors(self) -> dict[str, float]:
        """Relative error of a figure by its evidence status."""
        return dict(self._db.execute("SELECT evidence_status, error FROM evidence_status ORDER BY rowid"))

    def same(self) -> dict[str, tuple[str, str, str, str, str]]:
        """Id of a fact -> (subject kind, subject id, attribute, period, unit) under which others state the
        same."""
        found = self._db.execute("SELECT fact, subject_kind, subject_id, attribute, period, unit FROM same")
        return {i: (kind, id, attribute, period, unit) for i, kind, id, attribute, period, unit in found}

    def overlays(self) -> dict[str, str]:
        """Id of every fact that an overlay added or corrected -> where that is written."""
        return dict(self._db.execute("SELECT id, overlay FROM fact WHERE overlay <> ''"))

    def changes(self, mineral: str | None = None) -> tuple[Change, ...]:
        """What corrections and retractions replaced, in the order they were applied."""
        where, args = ("WHERE mineral = ?", (mineral,)) if mineral else ("", ())
        names = ", ".join(f'"{c}"' for c in _COLUMNS)
        found = self._db.execute(
            f'SELECT {names}, action, reason, "where", after FROM before {where} ORDER BY seq', args
        )
        n = len(_COLUMNS)
        return tuple(Change(Fact(*r[:n]), *r[n:]) for r in found)

    def _facts(self, where: str, args: Sequence[str]) -> tuple[Fact, ...]:
        names = ", ".join(f'"{c}"' for c in _COLUMNS)
        return tuple(Fact(*r) for r in self._db.execute(f"SELECT {names} FROM fact {where}", args))


def write(content: StoreContent, connection: sqlite3.Connection) -> None:
    """Fills an empty database with the content of a store, in one transaction; indexes follow.

    Parameters
    ----------
    content : StoreContent
        Everything the store holds.
    connection : sqlite3.Connection
        An open database without tables.
    """
    marks = ",".join("?" * len(_COLUMNS))
    connection.executescript(_SCHEMA)
    with connection:
        connection.executemany(
            "INSERT INTO source VALUES (?,?,?,?,?,?,?)",
            [astuple(s) for s in content.vocabulary.sources.values()],
        )
        connection.executemany(
            "INSERT INTO unit VALUES (?,?,?,?)", [astuple(u) for u in content.vocabulary.units.values()]
        )
        connection.executemany(
            f"INSERT INTO fact VALUES (?,{marks},?,?,?)",
            [
                (k, *_values(f), row, column, overlay)
                for k, (f, row, column, overlay) in enumerate(content.facts)
            ],
        )
        connection.executemany(
            f"INSERT INTO before VALUES (?,{marks},?,?,?,?)",
            [
                (k, *_values(c.fact), c.action, c.reason, c.where, c.after)
                for k, c in enumerate(content.changes)
            ],
        )
        connection.executemany(
            "INSERT INTO table_row VALUES (?,?,?,?)",
            [
                (k, table, r["fact_id"], json.dumps(r, ensure_ascii=False, separators=(",", ":")))
                for k, (table, r) in enumerate(content.rows)
            ],
        )
        connection.executemany(
            "INSERT INTO fact_text (rowid, text) VALUES (?,?)", list(enumerate(content.texts))
        )
        connection.executemany("INSERT INTO plain_text VALUES (?,?)", list(enumerate(content.texts)))
        connection.executemany("INSERT INTO evidence_status VALUES (?,?)", list(content.errors.items()))
        connection.executemany("INSERT INTO same VALUES (?,?,?,?,?,?,?)", content.same)
        connection.execute(f"PRAGMA user_version = {FORMAT}")
    connection.executescript(_INDEXES)


def _values(f: Fact) -> tuple[object, ...]:
    return tuple(getattr(f, c) for c in _COLUMNS)


def opened(path: Path, key: str) -> FactStore | None:
    """The store in a file, opened immutable: no lock, no journal, no write.

    Parameters
    ----------
    path : Path
        The file.
    key : str
        Hash of what went in, kept as the key of the store; it is not compared with the file.

    Returns
    -------
    FactStore or None
        None where the file is of another format, cut short or damaged.
    """
    try:
        db = sqlite3.connect(f"file:{_quoted(path)}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version != FORMAT:
            db.close()
            return None
        (pages,), (size,) = (
            db.execute("PRAGMA page_count").fetchone(),
            db.execute("PRAGMA page_size").fetchone(),
        )
        if path.stat().st_size < int(pages) * int(size):  # cut short: the first page may still be whole
            db.close()
            return None
        db.execute("SELECT id FROM fact LIMIT 1").fetchone()
    except (sqlite3.Error, OSError):
        return None
    return FactStore(db, key)


def _quoted(path: Path) -> str:
    from urllib.parse import quote

    return quote(str(path))


def _as_words(words: Sequence[str], at: int) -> str:
    """The pattern of one of several words, by itself or run together with the one before or after it."""
    joined = ("".join(words[k : k + 2]) for k in (at - 1, at) if 0 <= k < len(words) - 1)
    return "|".join(map(_as_a_word, (words[at], *joined)))


def _as_a_word(word: str) -> str:
    """The pattern of a word that stands by itself or in the plural; Chinese and Japanese have no gaps."""
    if any(ord(c) > 0x2E7F for c in word):
        return re.escape(word)
    before = r"(?<![^\W_])" if word[0].isalnum() else ""
    return before + re.escape(word) + (r"(?:e?s)?(?![^\W_])" if word[-1].isalnum() else "")
