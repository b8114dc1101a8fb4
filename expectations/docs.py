"""Great Expectations' own Data Docs of a batch, built on request into a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import polars as pl

from expectations import checkpoints
from expectations.gate import suites
from expectations.rules import witness_rules
from expectations.witnesses import Held, Known, with_witnesses
from warehouse.tables import CONTENT


def data_docs(frames: Mapping[str, pl.DataFrame], folder: Path, *, known: Known) -> Path:
    """Validate every table of `frames` (declared types) and write the pages. Returns the index.

    The pages of a table read well offline; the index needs a CDN for its tables, so links to
    the pages stand above these.
    """
    import great_expectations as gx

    folder.mkdir(parents=True, exist_ok=True)
    context = gx.get_context(mode="ephemeral")
    context.add_data_docs_site(
        "dateline",
        {
            "class_name": "SiteBuilder",
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            "store_backend": {
                "class_name": "TupleFilesystemStoreBackend",
                "base_directory": str(folder.resolve()),
            },
        },
    )
    found = suites()
    made = checkpoints.build(found, context)
    held = Held(frames, known, {})
    for name in CONTENT:
        if not frames[name].is_empty():
            rows = witness_rules(name, with_witnesses(name, held), held)
            checkpoints.passed(made[name].full, rows.select(checkpoints.looked_at(found[name])))
    context.build_data_docs(site_names=["dateline"])
    return _with_links(folder / "index.html")


def _with_links(index: Path) -> Path:
    """Put plain links to the pages into the index, those of the last validation of each table."""
    last = {path.stem: path for path in sorted((index.parent / "validations").rglob("*.html"))}
    items = "".join(
        f'<li><a href="{quote(path.relative_to(index.parent).as_posix())}">{name}</a></li>'
        for name in CONTENT
        if (path := last.get(f"dateline-{name}"))
    )
    text = index.read_text("utf-8")
    links = f"<h1>What was checked, by table</h1><ul>{items}</ul>"
    index.write_text(text.replace("<body>", f"<body>{links}", 1), "utf-8")
    return index
