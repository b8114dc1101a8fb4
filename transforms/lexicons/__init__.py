"""Lexicons, gazetteers and rules: data files, and the one place that reads them.

Rule: knowledge of the language stands in these files, not in code. Each file states its
format in its head; `loader` rejects a mistake by file and line.
"""
