"""Pure transformations: values in, values out.

Rule: nothing in this package reads a clock, draws a random number, touches the network or a
database, or imports Prefect. Files are read only by `transforms.lexicons` (packaged data).
"""
