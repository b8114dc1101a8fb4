"""What can be said of a batch before it is settled, so that nobody has to wait for it.

Several runs may write to one lake, in turns, and what settling makes of a batch depends on the
turns before. Most of its rows do not: settling leaves them as they are, and the keys that they
refer to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from expectations.checkpoints import Outcome
from expectations.derived import referenced
from expectations.witnesses import Held
from warehouse.schema import Origin
from warehouse.tables import CONTENT, TABLES

_SETTLED = {"event_id", "cluster_id"}  # columns that settling fills
AHEAD = tuple(
    name
    for name in CONTENT
    if TABLES[name].origin is Origin.ARTICLE and _SETTLED.isdisjoint(TABLES[name].columns)
)
_WITNESSES = {"articles": ["article_id", "text", "published_at"]}  # what rules of these look at


@dataclass(frozen=True, slots=True)
class Ahead:
    """Outcomes by table in which nothing was wrong, of a batch as it was then."""

    held: Held | None = None
    outcomes: Mapping[str, list[Outcome]] = field(default_factory=dict)

    def of(self, held: Held) -> Mapping[str, list[Outcome]]:
        """The outcomes, where it is still the same batch: the same rows, and none that refers to
        what was there and is not there now. Else none, and all is to be looked at."""
        if self.held is None or held.misfits:
            return {}
        before, now = self.held.frames, held.frames
        same = all(before[name].equals(now[name]) for name in AHEAD) and all(
            before[name].select(columns).equals(now[name].select(columns))
            for name, columns in _WITNESSES.items()
        )
        return self.outcomes if same and not any(map(held.lacks, _references())) else {}


def _references() -> set[tuple[str, str, str, str]]:
    return {(name, *entry) for name in AHEAD for entry in referenced(TABLES[name])}
