"""A frame as a temporary table of the writer's connection, for the length of a `with`."""

from __future__ import annotations

import polars as pl

from warehouse.connection import Connection
from warehouse.loading import stage


class Staged:
    """Use: `with Staged(con, "s_name", frame): …`. The table is dropped at the end."""

    def __init__(self, con: Connection, name: str, frame: pl.DataFrame) -> None:
        self.con, self.name = con, name
        stage(con, name, frame)

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        self.con.execute(f'DROP TABLE IF EXISTS "{self.name}"')
