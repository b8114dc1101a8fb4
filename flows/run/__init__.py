"""The run itself: files found, read, extracted, settled, checked and loaded, without Prefect.

Imports `resources` only. One process writes; workers read and extract.
"""
