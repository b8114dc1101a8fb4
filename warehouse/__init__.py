"""The warehouse: what its tables are, and how rows get in and out.

Rule: `schema`, `tables`, `dialects` and `errors` do no I/O and may be imported by anyone;
`store` and its neighbours hold the only DuckDB connections of the project.
"""
