"""Which tokens are names, and of what: the model's recogniser, repaired by lexicons and shape.

Rule: a name is a span with a label; who bears it is for `entities`.
"""
