"""The page on which people decide about events: it reads what is published, and writes lines."""
