"""Measurements: extraction quality against gold data, and speed as ratios in one run."""
