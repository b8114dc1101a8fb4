"""A project's own dictionary: actors, places, verbs and types that its owner teaches.

Rule: `read` turns the texts of its files into a `Dictionary` or names file and line of a mistake;
`touch` tells which entries an article has anything to do with. What an entry does to extraction
stands with the room it changes: `nlp/names/taught.py`, `places.py` here, `nlp/events/taught.py`.
"""
