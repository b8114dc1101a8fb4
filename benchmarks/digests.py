"""Whether a change left every annotation and every row as it was: digests, written and compared.

    python -m benchmarks.digests write before.json [--gold ../shared/gold]
    python -m benchmarks.digests compare before.json after.json

`write` takes every text of the gold files, of `examples/articles` and of the predicate lexicon's
examples through the production extractors and runs `dateline run examples/articles` into a
warehouse that is thrown away. Columns that say when or by whom a row was written are left out.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks.annotate import gazetteer
from benchmarks.parses import GOLD, ROOT, parses
from transforms.nlp.extract import Resources, annotate
from warehouse.addresses import lake_of
from warehouse.opening import store_at
from warehouse.store import open_reader

EXAMPLES = ROOT / "examples" / "articles"
PUBLISHED = dt.date(2024, 6, 12)  # of texts without a day of their own
VOLATILE = {
    "run_id", "loaded_at", "seen_at", "changed_at", "created_at", "quarantine_id",
    "extractor_version",
}  # fmt: skip
OF_THE_RUN = ("runs", "quality", "schema_", "migration", "snapshot", "stage", "publication")


def texts(gold: Path) -> Iterator[tuple[str, str, dt.date]]:
    """(label, text, publication day) of all there is to annotate."""
    for path in sorted(gold.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            item = json.loads(line) if line.strip() else {}
            if text := item.get("text") or item.get("sentence"):
                yield path.stem, text, day_of(item)
    for path in sorted(EXAMPLES.glob("*.txt")):
        yield "examples", path.read_text("utf-8", "replace"), PUBLISHED
    for path in sorted((ROOT / "transforms" / "lexicons" / "predicates").glob("*.tsv")):
        for line in path.read_text("utf-8").splitlines()[1:]:
            if not line.startswith("#") and "\t" in line:
                yield "lexicon", line.split("\t")[-1].strip(), PUBLISHED


def day_of(record: dict[str, Any]) -> dt.date:
    """The publication day of a gold record."""
    try:
        return dt.date.fromisoformat(str(record.get("date") or "")[:10])
    except ValueError:
        return PUBLISHED


def plain(value: Any) -> Any:
    """Dataclasses as lists of their public fields, so that no cache, line or module counts."""
    if dataclasses.is_dataclass(value):
        fields = [f.name for f in dataclasses.fields(value) if not f.name.startswith("_")]
        return [(name, plain(getattr(value, name))) for name in fields if name != "sense"]
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def annotation_digests(gold: Path) -> dict[str, str]:
    """Digest of the annotations by label and digest of the text."""
    resources = Resources.load(gazetteer())
    items = list(dict.fromkeys(texts(gold)))
    found = {}
    read = parses([text for _, text, _ in items], label="digests")
    for (label, text, published), parse in zip(items, read, strict=True):
        key = f"{label} {hashlib.sha256(f'{published} {text}'.encode()).hexdigest()[:16]}"
        made = repr(plain(annotate(parse, resources, published=published)))
        found[key] = hashlib.sha256(made.encode()).hexdigest()[:16]
    return found


def table_digests() -> dict[str, str]:
    """Rows and their digest by table of a warehouse of `examples/articles`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "w.duckdb"
        command = [sys.executable, "-m", "flows.commands.cli", "run", str(EXAMPLES)]
        done = subprocess.run([*command, "--warehouse", str(path)], cwd=ROOT, capture_output=True)
        if done.returncode not in (0, 3):  # 3: some of the examples are broken on purpose
            raise SystemExit(done.stderr.decode()[-2000:])
        return digests_of(path)


def digests_of(warehouse: Path) -> dict[str, str]:
    """Rows and their digest by table of a warehouse, of a lake as it was last published."""
    found = {}
    with closing(_reader(warehouse)) as con:
        listed = con.execute(
            "SELECT table_name, list(column_name ORDER BY column_name) FROM duckdb_columns() "
            "JOIN duckdb_tables() USING (database_name, table_name) "
            "WHERE database_name = current_database() GROUP BY 1 ORDER BY 1"
        ).fetchall()
        for table, columns in listed:
            if table.startswith(OF_THE_RUN):
                continue
            rows, digest = digest_of(con, table, [c for c in columns if c not in VOLATILE])
            found[f"table {table}"] = f"{rows} rows {digest}"
    return found


def _reader(warehouse: Path) -> Any:
    return store_at(warehouse).reader() if lake_of(warehouse) else open_reader(warehouse)


def digest_of(con: Any, table: str, columns: Iterable[str]) -> tuple[int, str]:
    """(rows, digest of them in these columns, whatever their order) of a table."""
    kept = ", ".join(f'"{name}"' for name in columns)
    rows = con.execute(f'SELECT {kept} FROM "{table}" ORDER BY ALL').fetchall()
    return len(rows), hashlib.sha256(repr(rows).encode()).hexdigest()[:16]


def total(found: dict[str, str]) -> str:
    """One digest of all."""
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()[:16]


def compare(before: dict[str, str], after: dict[str, str]) -> int:
    """Prints what differs; the number of texts and tables that do."""
    shared = before.keys() & after.keys()
    changed = sorted(key for key in shared if before[key] != after[key])
    for key in changed:
        print(f"{key}: {before[key]} → {after[key]}")
    lost, new = len(before.keys() - shared), len(after.keys() - shared)
    print(f"{len(shared)} in both, {len(changed)} differ; only before {lost}, only after {new}")
    return len(changed)


def main() -> int:
    """Write or compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("write", "compare"))
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--gold", type=Path, default=GOLD)
    options = parser.parse_args()
    if options.what == "compare":
        before, after = (json.loads(path.read_text("utf-8")) for path in options.files)
        return int(compare(before, after) > 0)
    noted, tables = annotation_digests(options.gold), table_digests()
    options.files[0].write_text(json.dumps(noted | tables, indent=0, sort_keys=True), "utf-8")
    print(f"annotations of {len(noted)} texts {total(noted)}, {len(tables)} tables {total(tables)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
