"""Who did what to whom: senses of words, the parties to them, and which of them are public acts.

Rule: takes all that the rooms before it found and gives `EventDraft`s; `coder` is the way in.
"""
