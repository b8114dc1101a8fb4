"""The learned reader: one encoder pass over an article, and heads for names, triggers and sides.

Rule: it says what stands where and how sure it is; what becomes of that is for `names` and
`events`. The weights are trained by `training/` and lie in `weights/` with their card.
"""
