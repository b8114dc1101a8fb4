"""Everything with effects: settings, files, worker processes, Prefect flows and the command line.

Arrows point from here to `expectations`, `transforms` and `warehouse`, never back.
"""
