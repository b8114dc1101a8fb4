"""Prefect: one file a flow, thin tasks around `flows.run`, and the servers that run the flows.

Nothing here decides about rows; what a flow does is a plain function of `flows.run`.
"""
