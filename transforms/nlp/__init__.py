"""From parsed text to annotations: names, coreference, dates, places, events.

Rule: every function takes a `Parse` (plain lists, no spaCy objects) and returns annotations.
"""
