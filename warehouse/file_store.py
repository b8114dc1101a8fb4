"""A warehouse in one DuckDB file, with read-only snapshots beside it."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from warehouse import compaction, snapshots, store
from warehouse.connection import Connection
from warehouse.errors import DatelineError, WarehouseBusy, WarehouseMissing
from warehouse.stores import Size, Snapshot


@dataclass(frozen=True, slots=True)
class FileStore:
    """As `warehouse.stores.Store` says. One process may write the file, and none reads it then."""

    path: Path

    @property
    def address(self) -> str:
        return str(self.path)

    def exists(self) -> bool:
        return self.path.exists()

    def turn(self, wait: float | None = None) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext()  # whoever has the file open for writing is alone

    @property
    def is_shared(self) -> bool:
        return False

    def reading(self, con: Connection) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext()  # a transaction holds temporary tables until its end

    def present(self, run_id: str) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext()

    def alive(self, run_ids: Sequence[str]) -> set[str]:
        return set()

    def writer(
        self, *, memory_limit: str = "1GB", threads: int = 1, wait: float = 0.0
    ) -> Connection:
        return store.open_writer(self.path, memory_limit=memory_limit, threads=threads, wait=wait)

    def reader(self) -> Connection:
        if snapshots.retraction(self.path) is not None and self.path.exists():
            with contextlib.suppress(WarehouseBusy):  # whoever writes there publishes it first
                return store.open_reader(self.path)
        while True:
            snapshot = snapshots.latest(self.path)
            if snapshot is None:
                break
            try:
                return store.open_reader(snapshot)
            except DatelineError:
                if snapshot.exists():  # else it was the oldest kept, and a newer one took its place
                    raise
        if not self.path.exists():
            raise WarehouseMissing(
                "no warehouse here yet; `dateline run PATH` makes one", subject=self.address
            )
        return store.open_reader(self.path)

    def is_published(self, con: Connection) -> bool:
        return snapshots.latest(self.path) is not None and self.retraction(con) is None

    def publish(self, con: Connection, *, keep: int, is_changed: bool | None = None) -> Snapshot:
        made = snapshots.publish(con, self.path, keep=keep, is_changed=is_changed)
        return Snapshot(str(made), made.stat().st_size)

    def expire(self, keep: int) -> int:
        old = snapshots.published(self.path)[keep:]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def begin_retraction(self, con: Connection, target: str) -> None:
        snapshots.begin_retraction(self.path, target)

    def retraction(self, con: Connection) -> str | None:
        return snapshots.retraction(self.path)

    def size(self, con: Connection) -> Size:
        return Size(self.path.stat().st_size, compaction.free_share(con))

    def compact(self, *, memory_limit: str = "1GB") -> int:
        return compaction.compact(self.path, memory_limit=memory_limit)
