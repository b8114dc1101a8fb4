"""The page of events that works without a network: its data, its templates and scripts."""
