"""Who stands in which slot of a verb or a noun, and the lexicon of predicates that asks.

Rule: grammar only; what is done to whom is for `events`.
"""
