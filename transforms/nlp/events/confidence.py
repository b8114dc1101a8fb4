"""How sure a report is: logistic models over what the reader saw, fitted on held-apart articles.

`confidence` is the chance that type, modality and both sides are right, `type_confidence` that
type and modality are. The weights stand in the card of the reader; `training/calibrate.py` makes
them from predictions on articles that the weights had not seen. Tried and of no use for either:
where the report stands (headline, first sentences, quotation, other events beside it), how its
parties are mentioned, their distance and path, its date and place, what the lexicon says. Who else
may be a party, and whether subject and object are, help in articles and harm in single sentences.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log

from transforms.nlp.events.sides import Told
from transforms.nlp.reader.model import load
from transforms.nlp.reader.read import ReadTrigger

LOWEST, HIGHEST = 0.02, 0.98
_CHANCES = ("told", "type", "modality", "initiator", "recipient", "no_initiator", "no_recipient")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the confidence of a report rests on; chances between 0 and 1."""

    event_type: str
    told: float  # that the word tells any event
    type: float  # of the likeliest type
    modality: float
    initiator: float  # of the likeliest initiator
    recipient: float
    no_initiator: float  # that none is told
    no_recipient: float
    taken: int  # how many words are taken for parties
    told_as: str  # modality
    second_type: float
    entropy: float  # of the types and none, in nats
    weighed_initiator: float  # of the likeliest initiator, as `bearers` weighs it
    weighed_recipient: float

    @classmethod
    def of(cls, trigger: ReadTrigger, told: Told, modality: str) -> Evidence:
        """The evidence of one trigger and its sides, told with this modality."""
        types = [float(chance) for chance in trigger.types]
        return cls(
            trigger.event_type,
            1 - float(trigger.types[0]),
            float(trigger.types[1:].max()),
            float(trigger.modality.max()),
            told.initiator.best,
            told.recipient.best,
            told.initiator.none,
            told.recipient.none,
            len(told.initiator.taken) + len(told.recipient.taken),
            modality,
            sorted(types[1:])[-2],
            -sum(chance * log(chance) for chance in types if chance),
            told.initiator.weighed,
            told.recipient.weighed,
        )

    def features(self) -> dict[str, float]:
        """Feature → value, as fitted for type and modality."""
        found = {name: _logit(getattr(self, name)) for name in _CHANCES}
        return {"bias": 1.0, "parties": log(1 + self.taken), f"is:{self.event_type}": 1.0, **found}

    def all_features(self) -> dict[str, float]:
        """Those fitted for the sides too: also what else it may be, how it is told, and the chance
        that somebody is on a side and another is named."""
        sides = {
            "initiator": (self.weighed_initiator, self.no_initiator),
            "recipient": (self.weighed_recipient, self.no_recipient),
        }
        both = self.weighed_initiator * self.weighed_recipient
        return {
            **self.features(),
            **{f"weighed {side}": _logit(best) for side, (best, _) in sides.items()},
            **{f"missed {side}": (1 - none) * (1 - best) for side, (best, none) in sides.items()},
            "weighed both": _logit(both),
            f"told as:{self.told_as}": 1.0,
            "second type": _logit(self.second_type),
            "share": _logit(self.type / max(self.type, self.told)),
            "entropy": self.entropy,
        }


def confidence(evidence: Evidence) -> float:
    """Chance that type, modality and sides are right, two decimals."""
    return _chance(load().card["confidence"], evidence.all_features())


def type_confidence(evidence: Evidence) -> float:
    """Chance that type and modality are right, two decimals."""
    return _chance(load().card["type_confidence"], evidence.features())


def _chance(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    total = sum(weights.get(name, 0.0) * value for name, value in features.items())
    return round(min(HIGHEST, max(LOWEST, 1 / (1 + exp(-total)))), 2)


def _logit(chance: float) -> float:
    held = min(0.999, max(0.001, chance))
    return log(held / (1 - held))
