"""What a warehouse is to those who write and read it, whatever it lies on."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from warehouse.connection import Connection


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What readers see: its name, and how many bytes it takes."""

    name: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Size:
    """Bytes of a warehouse, and the share of it that `compact` would save."""

    size_bytes: int
    free_share: float


class Store(Protocol):
    """One warehouse. A writer commits batches; readers see the state that was last published.

    Connections are at the tables: `con.execute("FROM articles")`. Whoever asks for one closes it.
    Whatever is committed is committed in a `turn`, and what decides about it is read in the same.
    """

    @property
    def address(self) -> str:
        """As people name it."""

    def exists(self) -> bool:
        """Whether anything was ever written."""

    def turn(self, wait: float | None = None) -> AbstractContextManager[None]:
        """Alone in writing, for the length of a `with`. Waits for ever, or `wait` seconds.

        Raises WarehouseBusy. Not to be nested.
        """

    @property
    def is_shared(self) -> bool:
        """Whether others may write at the same time, in turns of theirs."""

    def reading(self, con: Connection) -> AbstractContextManager[None]:
        """For the length of a `with` that writes nothing: what is read is of one state."""

    def present(self, run_id: str) -> AbstractContextManager[None]:
        """Be among those `alive` for the length of a `with`, however it ends."""

    def alive(self, run_ids: Sequence[str]) -> set[str]:
        """Those of these runs that are under way in some process."""

    def writer(
        self, *, memory_limit: str = "1GB", threads: int = 1, wait: float = 0.0
    ) -> Connection:
        """A connection that may write, on the current schema; the warehouse is made when missing.

        Raises WarehouseBusy when another process still writes after `wait` seconds, SchemaMismatch
        when a later version made it.
        """

    def reader(self) -> Connection:
        """A read-only connection to what is published, or to what is written when nothing is, or
        when a retraction broke off that the published state does not know of.

        Raises WarehouseMissing when there is neither, WarehouseBusy while the first run loads.
        """

    def is_published(self, con: Connection) -> bool:
        """Whether there is anything that readers see, and nothing in it that was retracted."""

    def publish(self, con: Connection, *, keep: int, is_changed: bool | None = None) -> Snapshot:
        """Let readers see what is written, unless they do. `keep` states stay, after a retraction
        the newest alone.

        Who knows that it `is_changed` since need not have it looked through. `con` is the writer's
        connection, outside a transaction.
        """

    def expire(self, keep: int) -> int:
        """Delete all but the `keep` newest published states. Returns how many went. In no turn."""

    def begin_retraction(self, con: Connection, target: str) -> None:
        """Say, before it is committed, that something leaves the warehouse: until the next
        `publish` what is published may still hold it, also when this process is killed."""

    def retraction(self, con: Connection) -> str | None:
        """What is being retracted and not gone from what is published yet, None when nothing is."""

    def size(self, con: Connection) -> Size:
        """How large it is, by a writer's connection, once all that was written is in its place."""

    def compact(self, *, memory_limit: str = "1GB") -> int:
        """Rewrite it without what deleted rows left. In no turn; of a file nobody may
        hold it. Returns bytes saved."""
