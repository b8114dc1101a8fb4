"""spaCy's pipeline and what it hands on: every text becomes a `Parse`, plain lists.

Rule: the only room that knows spaCy; it knows nothing of names, dates, places or events.
"""
