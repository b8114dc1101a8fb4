"""From parsed text to annotations, a room a step, in this order: `parsing`, `names`, `dates`,
`places`, `entities`, `clauses`, `statements`, `events`, `identity`. `extract` composes them.

Rule: a room sees only `annotations` and the rooms before it. Every function takes a `Parse` (plain
lists, no spaCy objects) and returns annotations.
"""
