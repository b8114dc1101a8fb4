"""What runs in this process, for tasks to find by name.

Tasks pass numbers and names, never frames: Prefect would write down what it is given. What they
work on is put here under such a name and taken out again.
"""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


class Registry:
    """Things of this process by key."""

    def __init__(self) -> None:
        self._held: dict[str, object] = {}

    def put(self, key: str, thing: object) -> None:
        """Hold a thing."""
        self._held[key] = thing

    def get(self, key: str, kind: type[T]) -> T:
        """The thing of this key. Raises KeyError when there is none, TypeError for another kind."""
        thing = self._held[key]
        if not isinstance(thing, kind):
            raise TypeError(f"{key} is a {type(thing).__name__}, no {kind.__name__}")
        return thing

    def take(self, key: str, kind: type[T]) -> T | None:
        """The thing of this key, which is held no longer; None when there is none."""
        thing = self.get(key, kind) if key in self._held else None
        self._held.pop(key, None)
        return thing

    def forget(self, key: str) -> None:
        """Hold nothing of this key and of keys below it (`key/…`)."""
        for name in [n for n in self._held if n == key or n.startswith(f"{key}/")]:
            del self._held[name]


registry = Registry()
