"""What people decided about events and entities, and applying it to an article. Pure.

A decision names characters of a text, not ids: it holds for whatever reads them, in whichever
warehouse they stand.
"""
