"""What must hold of every batch, checked by Great Expectations before anything is loaded.

Rule: sees frames and the declarations of `warehouse` only; no DuckDB, no Prefect. Great
Expectations is imported on first use, never with this package.
"""
