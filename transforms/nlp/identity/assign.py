"""Which reports tell of one event.

Reports are taken in the order in which they were published and each joins the earlier report it
agrees with best (`agreement`), or begins an event of its own. The id of an event is the digest of
its first report's mention. So the result is a function of the set of reports, not of the order or
batches of loading; a report published later joins without changing an id. What this costs: when
an article is loaded that was published *before* the first report of an event it tells of, the
event takes its id from that article from then on.

What a report joined is kept, so that a batch need only be compared with the earlier reports that
share a block with it, and nothing else has to be decided again. Earlier reports are met a slice
at a time (`Linking`): memory is that of a batch and a slice, however many reports there are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from hashlib import sha256

from transforms.nlp.identity.agreement import agreement
from transforms.nlp.identity.contrast import Look
from transforms.nlp.identity.reports import ReportKey, block_keys

# How sure, whom: of several that agree equally the earliest counts, and none agrees less than 0.
_Best = tuple[float, tuple[dt.date, str, str] | None]
_NOBODY: _Best = (0.0, None)


def _is_better(sure: float, other: Look, best: _Best) -> bool:
    return sure > best[0] or (sure == best[0] and (best[1] is None or other.order < best[1]))


class Linking:
    """What a batch joins, and what joins the batch. `meet` each slice, `defend`, then `links`."""

    def __init__(self, fresh: Iterable[ReportKey], keys: Mapping[str, list[int]]) -> None:
        """`keys` holds the block keys of each fresh report."""
        self._fresh = sorted(map(Look, fresh), key=lambda look: look.order)
        self._best: dict[str, _Best] = {}
        self._challenged: dict[str, _Best] = {}
        self._blocks: dict[int, list[int]] = {}
        for number, look in enumerate(self._fresh):
            key = look.report.event_mention_id
            self._best[key] = _NOBODY
            for index in self._mates(keys[key]):
                self._consider(look, self._fresh[index])
            for block in keys[key]:
                self._blocks.setdefault(block, []).append(number)

    def _mates(self, keys: Iterable[int]) -> set[int]:
        found: set[int] = set()
        for key in keys:
            if key in self._blocks:
                found.update(self._blocks[key])
        return found

    def _consider(self, look: Look, other: Look) -> None:
        """May a fresh report join this earlier one?"""
        key, sure = look.report.event_mention_id, agreement(other, look)
        if _is_better(sure, other, self._best[key]):
            self._best[key] = (sure, other.order)

    def meet(self, settled: Iterable[ReportKey], keys: Mapping[str, list[int]]) -> None:
        """Compare earlier reports, and their block keys, with the fresh ones."""
        for report in settled:
            mates = self._mates(keys[report.event_mention_id])
            if not mates:
                continue
            look, best = Look(report), _NOBODY
            for index in mates:
                other = self._fresh[index]
                if look.order < other.order:
                    self._consider(other, look)
                    continue
                sure = agreement(other, look)
                if _is_better(sure, other, best):
                    best = (sure, other.order)
            if best[1] is not None:
                self._challenged[report.event_mention_id] = best

    @property
    def challenged(self) -> list[str]:
        """Settled reports that agree with a fresh report published before them."""
        return sorted(self._challenged)

    def defend(self, held: Iterable[tuple[ReportKey, ReportKey]]) -> None:
        """(What it joined, challenged report): those that agree better with that keep it."""
        for target, report in held:
            best = self._challenged[report.event_mention_id]
            before = Look(target)
            if best[1] is not None and not (
                best[0] > (sure := agreement(before, Look(report)))
                or (best[0] == sure and best[1] < before.order)
            ):
                del self._challenged[report.event_mention_id]

    def links(self) -> dict[str, str | None]:
        """event_mention_id → the earlier report it agrees with best, None for the first.

        Of all fresh reports, and of settled ones that now join a fresh report instead.
        """
        found = self._best | self._challenged
        return {key: order[2] if order else None for key, (_, order) in found.items()}


def links(
    fresh: Iterable[ReportKey],
    settled: Iterable[ReportKey] = (),
    joined: Mapping[str, ReportKey] | None = None,
) -> dict[str, str | None]:
    """`Linking.links` of reports that are all at hand; `joined` gives what each settled one did."""
    fresh, before, settled = list(fresh), joined or {}, list(settled)
    linking = Linking(fresh, {report.event_mention_id: block_keys(report) for report in fresh})
    linking.meet(settled, {report.event_mention_id: block_keys(report) for report in settled})
    at_stake = set(linking.challenged) & before.keys()
    by_id = {report.event_mention_id: report for report in settled}
    linking.defend((before[key], by_id[key]) for key in sorted(at_stake))
    return linking.links()


def event_ids(parents: Mapping[str, str | None]) -> dict[str, str]:
    """event_mention_id → event_id, from what each report joined: the digest of the first.

    Raises ValueError where reports join one another in a ring.
    """
    roots: dict[str, str] = {}
    for key in parents:
        path: dict[str, None] = {}
        at = key
        while at not in roots and (parent := parents.get(at)) is not None:
            if at in path:  # none joins a later one, so the rows were not written by a load
                told = [*path]
                ring = sorted(told[told.index(at) :])
                raise ValueError(f"Reports join one another in a ring: {', '.join(ring)}")
            path[at] = None
            at = parent
        root = roots.get(at, at)
        roots.update(dict.fromkeys([*path, at], root))
    return {key: sha256(f"event|{roots[key]}".encode()).hexdigest()[:32] for key in parents}


def assign(reports: Iterable[ReportKey]) -> dict[str, str]:
    """event_mention_id → event_id, of all reports at once."""
    return event_ids(links(reports))
