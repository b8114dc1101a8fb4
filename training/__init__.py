"""Training of the reader: the corpus with its labels, the model, the export of its weights.

Nothing here is imported by the product; `make train` runs it in an environment of its own.
"""
