"""Are `flows`, `transforms`, `warehouse` and `expectations` our own? Imported for the check alone.

Other projects use such names as well: a Prefect project has a `flows/` of its own.
"""

from importlib.util import find_spec
from pathlib import Path

for _name in ("flows", "transforms", "warehouse", "expectations"):
    _spec = find_spec(_name)
    _place = next(iter((_spec and _spec.submodule_search_locations) or []), None)
    if _place is None or Path(_place).parent != Path(__file__).parent.parent:
        raise ImportError(
            f"another package named {_name} ({_place}) stands before Dateline's own; "
            "start Python in another folder, or put that one behind it on sys.path"
        )
