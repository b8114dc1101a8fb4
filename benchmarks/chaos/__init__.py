"""Kills, full disks, damaged inputs and bombs: `make chaos`. Outside CI, some twenty minutes.

Each part gives rows of one table. A row is a fault when content differs, something crashed or hung
for more than a minute, or a process took more than 1.5 GB.
"""
