"""What a lake needs now and then: small files joined, old versions let go, and after a retraction
nothing left of what went, neither in a file nor in the catalog.

DuckLake deletes rows by a list beside the file that holds them, and the file stays as long as a
version knows it. So what is to be gone is written anew without it, the versions before are expired,
and their files deleted. The catalog's own pages keep what was overwritten until it is vacuumed.
"""

from __future__ import annotations

from collections.abc import Sequence

from warehouse import sqlite_catalog, turns
from warehouse.addresses import Lake
from warehouse.connection import Connection
from warehouse.stores import Size

_GRACE = "1 hour"  # that a file nobody is to ask for stays, for queries that go on
_CATALOG = "__ducklake_metadata_lake"
_SMALL = 64 * 2**20  # bytes of a file that is better joined with others
_SIZES = f"""
SELECT coalesce(sum(f.file_size_bytes), 0), coalesce(sum(f.record_count), 0),
    coalesce(sum(d.delete_count), 0), count(*) FILTER (f.file_size_bytes < {_SMALL}),
    count(DISTINCT f.table_id) FILTER (f.file_size_bytes < {_SMALL})
FROM {_CATALOG}.ducklake_data_file f
    LEFT JOIN (FROM {_CATALOG}.ducklake_delete_file WHERE end_snapshot IS NULL) d
    USING (data_file_id)
WHERE f.end_snapshot IS NULL
"""
# DuckLake keeps the extremes of a table wide: they grow with a file, and stay when it goes.
_EXTREMES = """
UPDATE ducklake_table_column_stats SET
    min_value = (SELECT min(f.min_value {collate}) FROM ducklake_file_column_stats f
        WHERE f.table_id = ducklake_table_column_stats.table_id
            AND f.column_id = ducklake_table_column_stats.column_id),
    max_value = (SELECT max(f.max_value {collate}) FROM ducklake_file_column_stats f
        WHERE f.table_id = ducklake_table_column_stats.table_id
            AND f.column_id = ducklake_table_column_stats.column_id)
WHERE EXISTS (SELECT 1 FROM ducklake_column c
    WHERE c.table_id = ducklake_table_column_stats.table_id
        AND c.column_id = ducklake_table_column_stats.column_id AND c.column_type = 'varchar')
"""


def size(con: Connection) -> Size:
    """Bytes of the files of the newest version, and the share of their rows that is deleted, or of
    small files that would go if they were joined, whichever is larger."""
    size_bytes, rows, deleted, small, tables = con.execute(_SIZES).fetchall()[0]
    return Size(
        int(size_bytes),
        max(float(deleted / rows) if rows else 0.0, 1 - tables / small if small else 0.0),
    )


def rewrite(con: Connection, *, least_deleted: float) -> None:
    """Write files anew of which more than this share is deleted, and join small ones."""
    con.execute(f"CALL ducklake_rewrite_data_files('lake', delete_threshold => {least_deleted})")
    con.execute("CALL ducklake_merge_adjacent_files('lake')")


def expire(con: Connection, *, kept: Sequence[int]) -> None:
    """Let go of all versions but the newest and those `kept`; their files go an hour later."""
    keep = ", ".join(map(str, kept)) or "-1"
    old = [
        version
        for (version,) in con.execute(
            "SELECT snapshot_id FROM ducklake_snapshots('lake') WHERE snapshot_id < "
            "(SELECT max(snapshot_id) FROM ducklake_snapshots('lake')) "
            f"AND snapshot_id NOT IN ({keep})"
        ).fetchall()
    ]
    if old:
        con.execute(f"CALL ducklake_expire_snapshots('lake', versions => {old})")
    con.execute(
        f"CALL ducklake_cleanup_old_files('lake', older_than => now() - INTERVAL '{_GRACE}')"
    )


def drop_others(con: Connection) -> None:
    """Let go of all versions but the newest, and of every file it does not know, at once."""
    expire(con, kept=())
    con.execute("CALL ducklake_cleanup_old_files('lake', cleanup_all => true)")
    con.execute("CALL ducklake_delete_orphaned_files('lake', cleanup_all => true)")


def reckon_extremes(con: Connection, lake: Lake) -> None:
    """Take the least and greatest text of each column anew, of the files that are left.

    Other processes hold what they read of them by the number of the next file, and would write it
    back with their next rows; so a file follows, and goes.
    """
    if lake.file:
        sqlite_catalog.run(lake.file, _EXTREMES.format(collate=""))
    else:
        with turns.connect(lake) as server:
            server.execute(_EXTREMES.format(collate='COLLATE "C"'))
    con.execute("CREATE OR REPLACE TABLE passing AS SELECT 1 AS one FROM range(100)")
    con.execute("DROP TABLE passing")


def vacuum(lake: Lake) -> None:
    """Overwrite what the catalog deleted."""
    if lake.file:
        sqlite_catalog.run(lake.file, "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)")
        return
    with turns.connect(lake) as server:
        names = server.execute(
            "SELECT tablename FROM pg_tables WHERE tablename LIKE 'ducklake\\_%' "
            "AND schemaname = current_schema()"
        ).fetchall()
        for (name,) in names:
            server.execute(f'VACUUM FULL "{name}"')
