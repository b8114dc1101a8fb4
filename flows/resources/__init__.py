"""What a process opens once and holds: settings, the gazetteer, the extractor's name, memory.

Imports no other room of `flows`. The environment is read here and nowhere else, but for what
Prefect itself reads (`flows.orchestration.prefect_setup`).
"""
