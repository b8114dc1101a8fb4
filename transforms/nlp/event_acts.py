"""Announcing one's own act is itself an act: a promise when it helps, a threat when it hurts.

PLOVER codes what was done by the announcement: "said it would release the captives" is AGREE,
"warned it would bomb the port" THREATEN. An act announced for somebody else, or one that
nobody announces, keeps its type and is planned.
"""

from __future__ import annotations

from transforms.nlp.annotations import EntityLayer, EventDraft
from transforms.plover import cameo_for, quad_class

_KEPT = frozenset({"AGREE", "REQUEST", "REJECT", "THREATEN", "ACCUSE", "CONSULT"})
_THREAT_MODES = {
    "ASSAULT": "violence", "COERCE": "restrict", "SANCTION": "restrict", "MOBILIZE": "violence",
    "PROTEST": None,
}  # fmt: skip


def as_commitment(event: EventDraft, layer: EntityLayer) -> EventDraft:
    """`event` as the promise or threat that its announcement is, where it is one."""
    if event.modality != "planned" or event.attribution is None or event.event_type in _KEPT:
        return event
    speaker = layer.mentions[event.attribution].entity
    if not any(
        layer.mentions[p.mention].entity == speaker and p.role != "recipient"
        for p in event.participants
    ):
        return event
    hurts = quad_class(event.event_type) == 4
    event.event_mode = _THREAT_MODES[event.event_type] if hurts else None
    event.event_type = "THREATEN" if hurts else "AGREE"
    event.modality = "asserted"
    event.attribution = None
    event.cameo_code = cameo_for(event.event_type, event.event_mode)
    return event
