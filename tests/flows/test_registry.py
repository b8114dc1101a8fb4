"""What tasks find by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.orchestration.registry import Registry


def test_a_thing_is_found_taken_and_forgotten_with_what_hangs_below_it() -> None:
    held = Registry()
    held.put("r1", Path("one"))
    held.put("r1/1", "batch")
    held.put("r10", Path("ten"))
    assert held.get("r1", Path) == Path("one")
    with pytest.raises(TypeError, match=r"r1 is a .*Path, no str"):
        held.get("r1", str)
    held.forget("r1")
    with pytest.raises(KeyError):
        held.get("r1/1", str)
    assert held.take("r10", Path) == Path("ten") and held.take("r10", Path) is None
