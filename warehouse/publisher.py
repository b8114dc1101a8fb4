"""When a run that goes on lets readers see what it has done."""

from __future__ import annotations

import time

import duckdb

from warehouse.connection import Connection
from warehouse.stores import Store

_SHARE = 20  # a run publishes for at most one second in so many


class Publisher:
    """Publishes while a run goes on: at once when there is nothing yet, then every `every` seconds
    after a batch, less often where copying is slow. 0 publishes at the end of a run only.
    """

    def __init__(self, store: Store, *, keep: int, every: float) -> None:
        self.store, self.keep, self.every = store, keep, every
        self.due = time.monotonic() + every

    def begin(self, con: Connection) -> None:
        """So that nobody has to wait for the end of the first run of all, and nothing stays that
        was retracted."""
        if not self.store.is_published(con):
            self._publish(con)

    def after_batch(self, con: Connection) -> None:
        """`con` must be outside a transaction."""
        if self.every and time.monotonic() >= self.due:
            try:
                self._publish(con)
            except duckdb.TransactionException:  # somebody reads just now: after another batch
                self.due = time.monotonic() + 1

    def _publish(self, con: Connection) -> None:
        clock = time.monotonic()
        self.store.publish(con, keep=self.keep)
        now = time.monotonic()
        self.due = now + max(self.every, _SHARE * (now - clock))
