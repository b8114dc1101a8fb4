"""Which reports tell of one event, in one article and across articles.

Rule: sees reports, never texts; `assign` is the way in.
"""
