"""Answers from the published snapshot: SQL, status, files, the quality page. Nothing is written
to the warehouse here, and no run is waited for.
"""
