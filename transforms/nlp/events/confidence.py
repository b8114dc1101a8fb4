"""How sure an event is: a logistic model over a few features, fitted on the dev sentences.

The weights stand in `lexicons/event_confidence.tsv`; `benchmarks/fit_confidence.py` makes them
and `benchmarks/score_events.py` prints how often events of each confidence are right.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from math import exp

from transforms.lexicons.loader import table
from transforms.nlp.annotations import Participant
from transforms.nlp.events.senses import Match, Senses

LOWEST, HIGHEST = 0.05, 0.97


@cache
def weights() -> dict[str, float]:
    """Feature → weight. Raises LexiconError where a weight is no number."""
    found: dict[str, float] = {}
    for row in table("event_confidence.tsv", ["feature", "weight"]):
        try:
            found[row["feature"]] = float(row["weight"])
        except ValueError:
            raise row.error(f"weight {row['weight']!r} is no number") from None
    return found


def confidence(names: Iterable[str]) -> float:
    """Chance that type and parties are right, 0.05 to 0.97, two decimals."""
    held = weights()
    total = held.get("bias", 0.0) + sum(held.get(name, 0.0) for name in names)
    return round(min(HIGHEST, max(LOWEST, 1 / (1 + exp(-total)))), 2)


def features(
    senses: Senses, match: Match, people: list[Participant], how: set[str], modality: str
) -> list[str]:
    """What the confidence of a lexicon event rests on."""
    sense, layer = match.sense, senses.clauses.layer
    found = [f"pos:{sense.pos}", f"type:{sense.event_type}", *(f"how:{h}" for h in sorted(how))]
    found.append(f"tests:{min(2, len(sense.tests))}")
    if len(sense.words) > 1 and sense.pos != "light":
        found.append("phrase")
    roles = {p.role for p in people}
    if "participant" in roles:
        found.append("reciprocal")
    else:
        missing = [role for role in ("initiator", "recipient") if role not in roles]
        if "initiator" in missing and _by_weapon(senses, match.anchor):
            missing.remove("initiator")  # "the bomb killed five": nobody is wanting in the sentence
        found.extend(f"no:{role}" for role in missing)
    for role in ("initiator", "recipient"):
        held = [layer.mentions[p.mention] for p in people if p.role == role]
        if held and layer.entities[held[0].entity].entity_type in {"place", "other"}:
            found.append(f"{role}:{layer.entities[held[0].entity].entity_type}")
        if len(held) > 1:
            found.append(f"{role}:several")
    if modality != "asserted":
        found.append(f"modality:{modality}")
    dep = senses.parse.deps[match.anchor]
    found.append(f"dep:{dep}" if dep in {"ROOT", "ccomp", "xcomp", "conj", "advcl", "acl",
                                         "relcl", "pcomp"} else "dep:other")  # fmt: skip
    return found


def _by_weapon(senses: Senses, anchor: int) -> bool:
    """Is the verb's subject a thing that kills and destroys, for whoever used it?"""
    clauses = senses.clauses
    if senses.parse.pos[anchor] != "VERB":
        return False
    things = senses.lexicon.classes["strike_thing"]
    return any(clauses.lemma[token] in things for token in clauses.verb(anchor).subj)


def said_features(people: list[Participant]) -> list[str]:
    """The same for an event made of a statement ("said that Libya must disarm")."""
    return ["pos:said"] + (["recipient:several"] if len(people) > 2 else [])
