"""The closed sets of values the contract names. No I/O."""

from __future__ import annotations

MODALITIES = ("asserted", "planned", "possible", "alleged", "denied", "negated")
TOLD = ("narrated", "attributed", "claimed", "disputed")
QUAD_OF_TYPE = {
    "AGREE": 1, "CONSULT": 1, "SUPPORT": 1, "CONCEDE": 1,
    "COOPERATE": 2, "AID": 2, "RETREAT": 2,
    "REQUEST": 3, "ACCUSE": 3, "REJECT": 3, "THREATEN": 3,
    "PROTEST": 4, "SANCTION": 4, "MOBILIZE": 4, "COERCE": 4, "ASSAULT": 4,
}  # fmt: skip
EVENT_TYPES = tuple(QUAD_OF_TYPE)
SECTORS = (
    "GOV", "MIL", "REB", "OPP", "PTY", "AGR", "BUS", "CRM", "CVL", "EDU", "ENV", "HLH", "HRI",
    "IGO", "JUD", "LAB", "LEG", "MED", "NGO", "REF", "REL", "SPY", "UNK",
    # PLOVER 2.0 codes the contract's "…" leaves room for
    "COP", "PRM", "UAF", "JRN", "ELI", "PRE", "SOC",
)  # fmt: skip
ENTITY_TYPES = ("person", "organization", "government", "country", "place", "group", "other")
MENTION_TYPES = ("name", "nominal", "pronoun")
TIMEX_TYPES = ("DATE", "TIME", "DURATION", "SET")
DATE_PRECISIONS = ("day", "week", "month", "quarter", "year", "unknown")
DATE_METHODS = ("explicit", "relative", "inherited", "publication", "corrected")
REPORT_METHODS = ("confirmed", "corrected", "added")
CORRECTION_KINDS = (
    "right", "wrong", "type", "modality", "party", "date", "place", "same", "apart", "one", "two",
    "undo",
)  # fmt: skip
CORRECTION_STATUSES = ("applied", "lost", "undone")
ANCHORS = ("publication", "focus", "none")
PLACE_TYPES = ("country", "admin1", "city", "region", "site")
COUNTRY_METHODS = ("named", "office", "place", "dateline", "article")
DYAD_LIMIT = 0.5  # confidence of a pair of countries from which on it counts, see docs/dyads.md
ROLES = ("initiator", "recipient", "participant")
COUNT_KINDS = ("killed", "injured", "arrested", "abducted", "displaced", "participants")
FILE_STATUSES = ("loaded", "unchanged", "duplicate", "quarantined", "retracted")
RUN_STATUSES = ("running", "completed", "partial", "failed", "crashed")
QUARANTINE_KINDS = ("file", "article", "row")
QUARANTINE_STATUSES = ("open", "replayed", "dismissed")
SEVERITIES = ("fail", "warn")
CHANGES = ("insert", "update", "delete")
