"""The warehouse: what its tables are, and how rows get in and out.

Rule: `schema`, `tables`, `dialects`, `numbers` and `errors` do no I/O, anyone may import them;
`store` and its neighbours hold the only DuckDB connections of the project.
"""
