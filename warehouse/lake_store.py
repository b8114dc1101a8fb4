"""A warehouse as a DuckLake: a catalog in PostgreSQL or SQLite, rows as Parquet where `data` says.

Every commit is a version. Publishing names one, in the message of a commit that changes nothing
else, and readers attach the version named last: nothing is copied, and who reads an old version
keeps it. What is named and what is not goes with `expire`.

Rows are never put into the catalog but those of `_INLINED`: what stands there is copied by whoever
backs it up, and stays after a retraction. DuckLake also keeps the least and greatest value of each
column there, of texts their first 256 letters; `warehouse.lake_upkeep` sees that they go too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse import (
    extensions,
    lake_layout,
    lake_upkeep,
    object_store,
    sqlite_catalog,
    store,
    turns,
)
from warehouse.addresses import Lake
from warehouse.connection import Connection, value
from warehouse.dialects import quote
from warehouse.errors import DatelineError, WarehouseMissing
from warehouse.stores import Size, Snapshot

_AUTHOR = "dateline"
_PUBLISHED, _RETRACTING = "published", "retracting"
# Tables of which every batch rewrites a row or two; none of them holds a word of an article.
_INLINED = ("runs", "schema_version")
_DATA_PATH = "SELECT value FROM ducklake_metadata WHERE key = 'data_path'"
_MARKS = f"""
SELECT snapshot_id, commit_message, commit_extra_info FROM ducklake_snapshots('lake')
WHERE author = '{_AUTHOR}' ORDER BY snapshot_id
"""


@dataclass(frozen=True, slots=True)
class LakeStore:
    """As `warehouse.stores.Store` says. Any number of processes write, in turns, and read."""

    lake: Lake
    data: str | None = None

    @property
    def address(self) -> str:
        return str(self.lake)

    def exists(self) -> bool:
        return self._known_data() is not None

    @contextmanager
    def turn(self, wait: float | None = None) -> Iterator[None]:
        with turns.turn(self.lake, wait=wait):
            yield

    @property
    def is_shared(self) -> bool:
        return True

    def reading(self, con: Connection) -> AbstractContextManager[None]:
        return store.transaction(con)  # else each statement asks the catalog what there is

    @contextmanager
    def present(self, run_id: str) -> Iterator[None]:
        with turns.turn(self.lake, run_id):
            yield

    def alive(self, run_ids: Sequence[str]) -> set[str]:
        return turns.held(self.lake, run_ids)

    def writer(
        self, *, memory_limit: str = "1GB", threads: int = 1, wait: float = 0.0
    ) -> Connection:
        known = self._known_data()
        data = known or self._new_data()
        options = ["DATA_INLINING_ROW_LIMIT 0"]
        if known is None:
            if self.lake.file:
                sqlite_catalog.prepare(self.lake.file)
            options.append(f"DATA_PATH {quote(data)}")
        con = self._connect(data)
        try:
            con.execute(f"SET memory_limit = '{memory_limit}'")
            con.execute(f"SET threads = {int(threads)}")
            self._attach(con, *options)
            is_new = store.schema_version(con) == 0
            store.ensure_schema(con)
            if is_new:
                for name in _INLINED:
                    con.execute(
                        "CALL lake.set_option('data_inlining_row_limit', 10, "
                        f"table_name => {quote(name)})"
                    )
                lake_layout.arrange(con)
        except (duckdb.IOException, duckdb.HTTPException) as error:
            con.close()
            raise DatelineError(str(error).splitlines()[0], subject=self.address) from None
        except BaseException:
            con.close()
            raise
        return con

    def reader(self) -> Connection:
        data = self._known_data()
        if data is None:
            raise WarehouseMissing(
                "no warehouse here yet; `dateline run PATH` makes one", subject=self.address
            )
        con = self._connect(data)
        con.execute("SET python_enable_replacements = false")
        try:
            while True:
                self._attach(con, "READ_ONLY")
                version = _shown(con)
                if version is None:
                    return con
                _detach(con)
                try:
                    self._attach(con, "READ_ONLY", f"SNAPSHOT_VERSION {version}")
                    return con
                except DatelineError:
                    _detach(con)
                    if not self._is_gone(con, version):
                        raise
        except BaseException:
            con.close()
            raise

    def is_published(self, con: Connection) -> bool:
        return _shown(con) is not None

    def publish(self, con: Connection, *, keep: int, is_changed: bool | None = None) -> Snapshot:
        target = self.retraction(con)
        if target is not None:
            self._forget(con, target)
        elif (shown := _shown(con)) is not None and shown == _newest(con):
            return self._snapshot(con, shown)
        _mark(con, _PUBLISHED)
        version = _newest(con)
        if target is not None:
            lake_upkeep.drop_others(con)
            lake_upkeep.vacuum(self.lake)
        return self._snapshot(con, version)

    def _forget(self, con: Connection, target: str) -> None:
        """Leave nothing of what was deleted, nor a moment in which nobody knows that it goes."""
        lake_upkeep.rewrite(con, least_deleted=0.0)
        self.begin_retraction(con, target)  # the mark before goes with its version
        lake_upkeep.drop_others(con)
        lake_upkeep.reckon_extremes(con, self.lake)

    def expire(self, keep: int) -> int:
        with self.turn(), self._writing() as con:
            named = [version for version, said, _ in _marks(con) if said == _PUBLISHED]
            lake_upkeep.expire(con, kept=named[-keep:])
            return len(named[:-keep])

    def begin_retraction(self, con: Connection, target: str) -> None:
        _mark(con, _RETRACTING, target.encode("utf-8", "surrogateescape").hex())

    def retraction(self, con: Connection) -> str | None:
        marks = _marks(con)
        if not marks or marks[-1][1] != _RETRACTING:
            return None
        return bytes.fromhex(marks[-1][2] or "").decode("utf-8", "surrogateescape")

    def size(self, con: Connection) -> Size:
        return lake_upkeep.size(con)

    def compact(self, *, memory_limit: str = "1GB") -> int:
        with self.turn(), self._writing(memory_limit) as con:
            before, is_shown = lake_upkeep.size(con).size_bytes, _shown(con) == _newest(con)
            lake_layout.arrange(con)
            lake_upkeep.rewrite(con, least_deleted=0.0)
            if is_shown:  # the same rows, in fewer files
                _mark(con, _PUBLISHED)
            return before - lake_upkeep.size(con).size_bytes

    @contextmanager
    def _writing(self, memory_limit: str = "1GB") -> Iterator[Connection]:
        con = self.writer(memory_limit=memory_limit)
        try:
            yield con
        finally:
            con.close()

    def _known_data(self) -> str | None:
        """Where it keeps its rows, by its catalog; None where no lake was made yet."""
        if self.lake.file:
            return sqlite_catalog.answer(self.lake.file, _DATA_PATH)
        with turns.connect(self.lake) as con:
            if con.execute("SELECT to_regclass('ducklake_metadata')").fetchone()[0] is None:
                return None
            row = con.execute(_DATA_PATH).fetchone()
            return str(row[0]) if row else None

    def _new_data(self) -> str:
        """Where a lake that is made is to keep its rows."""
        if self.data:
            object_store.check(self.data)
            remote = object_store.is_remote(self.data)
            return self.data if remote else str(Path(self.data).absolute())
        if self.lake.file is None:
            raise DatelineError(
                "names where a new lake keeps its rows, e.g. s3://bucket/dateline",
                subject="DATELINE_LAKE_DATA",
            )
        return str(self.lake.file.absolute().with_suffix(".data"))

    def _connect(self, data: str) -> Connection:
        con = duckdb.connect(
            config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
        )
        try:
            scanner = "sqlite_scanner" if self.lake.file else "postgres_scanner"
            extensions.load(con, "ducklake", scanner)
            if object_store.is_remote(data):
                object_store.grant(con, data)
            con.execute("SET preserve_insertion_order = true")
            con.execute("SET enable_progress_bar = false")
        except BaseException:
            con.close()
            raise
        return con

    def _attach(self, con: Connection, *options: str) -> None:
        catalog = quote(f"ducklake:{self.lake.kind}:{self.lake.place}")
        try:
            con.execute(f"ATTACH {catalog} AS lake ({', '.join(options)})")
        except duckdb.Error as error:
            raise DatelineError(str(error).splitlines()[0], subject=self.address) from None
        con.execute("USE lake")

    def _is_gone(self, con: Connection, version: int) -> bool:
        """Whether this version was expired since it was asked for."""
        with suppress(DatelineError):
            self._attach(con, "READ_ONLY")
            gone = version not in {number for number, *_ in _marks(con)}
            _detach(con)
            return gone
        return False

    def _snapshot(self, con: Connection, version: int) -> Snapshot:
        return Snapshot(f"{self.address}, version {version}", lake_upkeep.size(con).size_bytes)


def _detach(con: Connection) -> None:
    con.execute("USE memory")
    con.execute("DETACH DATABASE IF EXISTS lake")


def _marks(con: Connection) -> list[tuple[int, str, str | None]]:
    """(version, what its commit says, of what) of commits that say something; in order."""
    return con.execute(_MARKS).fetchall()


def _shown(con: Connection) -> int | None:
    """The version readers are to see; None for the newest, when none is named or a retraction
    broke off that the named one does not know of."""
    marks = _marks(con)
    return marks[-1][0] if marks and marks[-1][1] == _PUBLISHED else None


def _newest(con: Connection) -> int:
    return int(value(con, "SELECT max(snapshot_id) FROM ducklake_snapshots('lake')"))


def _mark(con: Connection, said: str, what: str | None = None) -> None:
    """A commit that says something and changes nothing."""
    with store.transaction(con):
        extra = f", extra_info => {quote(what)}" if what else ""
        con.execute(f"CALL lake.set_commit_message({quote(_AUTHOR)}, {quote(said)}{extra})")
        con.execute("UPDATE schema_version SET views = views")
