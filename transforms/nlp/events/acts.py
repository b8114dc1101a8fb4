"""Acts that the form of the sentence makes out of other acts.

* Announcing one's own act is itself an act: a promise when it helps ("said it would release the
  captives" is AGREE), a threat when it hurts ("warned it would bomb the port" is THREATEN).
* Holding back a helpful act is a refusal: "will not release", "failed to reach a deal",
  "cancelled a visit" are REJECT.
* What is hoped for, doubted or considered keeps its type, and takes the CAMEO code of a comment.
* Saying what somebody else must do is a request: "said that Libya must disarm" is REQUEST; saying
  that somebody is responsible is an accusation.

An act announced for somebody else, or one that nobody announces, keeps its type.
"""

from __future__ import annotations

from transforms.lexicons.loader import word_set
from transforms.nlp.annotations import EntityLayer, EventDraft, Participant
from transforms.nlp.clauses.predicates import COMMENTS, governors
from transforms.nlp.events.gates import is_public
from transforms.nlp.events.parties import parties
from transforms.nlp.events.senses import Senses
from transforms.nlp.events.sides import entities_of
from transforms.plover import cameo_for, having, quad_class, values

_KEPT = having("kept")
_THREATS = values("threat")
_REFUSED = values("refusal")
_EASES = having("eases")
_STATE = frozenset({"GOV", "MIL", "COP", "LEG", "JUD", "SPY"})
_FUTURE = frozenset({"will", "shall", "'ll", "wo"})
_PERMITS = word_set("words/events.tsv", "acts.permits")
_WILL = word_set("words/events.tsv", "acts.will")
_HOLD_BACK = word_set("words/events.tsv", "acts.hold-back")
_MUST = frozenset({"must", "should", "ought", "need", "have"})


def as_act(event: EventDraft, senses: Senses, anchor: int) -> EventDraft:
    """`event` as the promise, threat or refusal that its form makes of it."""
    if event.modality == "negated":
        return _refusal(event, senses, anchor)
    event = _commitment(event, senses, anchor)
    if event.modality in {"possible", "planned"}:
        event.cameo_code = _comment(senses, anchor) or event.cameo_code
    return event


def _comment(senses: Senses, anchor: int) -> str | None:
    """CAMEO code of the remark that the event is only the content of: an option considered (014),
    something hoped for or doubted of others (013, 012)."""
    clauses, rules = senses.clauses, governors()
    token = anchor
    for _ in range(3):
        head, dep = clauses.above(token)
        if head == token or dep not in {"xcomp", "ccomp", "dobj", "pcomp", "pobj", "prep"}:
            return None
        pos = "verb" if senses.parse.pos[head] in {"VERB", "AUX"} else "noun"
        for flag in rules.get((clauses.lemma[head], pos), ())[1:]:
            if flag in COMMENTS and (flag == "014" or dep != "xcomp"):
                return flag
        token = head
    return None


def _commitment(event: EventDraft, senses: Senses, anchor: int) -> EventDraft:
    layer = senses.clauses.layer
    hurts = quad_class(event.event_type) == 4
    ahead = event.modality == "planned" or (
        event.modality == "possible" and hurts and senses.clauses.conditional(anchor)
    )
    if not ahead or event.event_type in _KEPT:
        return event
    mode = _THREATS[event.event_type] or None if hurts else None
    kind = "THREATEN" if hurts else "AGREE"
    acting = [layer.mentions[p.mention].entity for p in event.participants if p.role != "recipient"]
    said_by = None if event.attribution is None else layer.mentions[event.attribution].entity
    if said_by in acting:
        return _become(event, kind, mode)
    words = _FUTURE if said_by is None else _FUTURE | {"would", "'d"}
    if event.event_type in _EASES or not acting or not senses.clauses.has_auxiliary(anchor, words):
        return event
    if said_by is None or _one_side(layer, said_by, acting):
        return _become(event, kind, mode, "planned")
    return event  # what others foretell is no threat and no promise


def _one_side(layer: EntityLayer, speaker: int, acting: list[int]) -> bool:
    """Do speaker and actors belong to one government ("the premier said the army will …")?"""
    said = layer.entities[speaker]
    return any(
        said.sector in _STATE
        and layer.entities[actor].sector in _STATE
        and len({said.country_code, layer.entities[actor].country_code} - {None}) < 2
        for actor in acting
    )


def _become(
    event: EventDraft, event_type: str, mode: str | None, modality: str = "asserted"
) -> EventDraft:
    event.event_type, event.event_mode = event_type, mode
    event.modality = modality
    event.cameo_code = cameo_for(event_type, mode)
    return event


def _refusal(event: EventDraft, senses: Senses, anchor: int) -> EventDraft:
    if event.event_type not in _REFUSED or not _holds_back(senses, anchor):
        return event
    return _become(event, "REJECT", _REFUSED[event.event_type] or None)


def _holds_back(senses: Senses, anchor: int) -> bool:
    """ "will not V", "did not allow", or governed by "fail", "refuse", "cancel"."""
    parse, clauses = senses.parse, senses.clauses
    token, steps = anchor, 0
    if clauses.lemma[anchor] in _PERMITS and parse.tags[anchor] != "VBG":
        return True
    while steps < 4:
        if any(
            parse.deps[c] in {"aux", "neg"} and parse.lower[c] in _WILL
            for c in clauses.children[token]
        ):
            return True
        head, dep = clauses.above(token)
        if head == token or dep in {"advcl", "relcl", "nsubj"}:
            return False
        token, steps = head, steps + 1
        if clauses.lemma[token] in _HOLD_BACK:
            return True
    return False


def obligations(senses: Senses) -> list[tuple[int, int, list[Participant]]]:
    """(speech verb, verb that must be done, parties) of each "X said that Y must V"."""
    parse, clauses = senses.parse, senses.clauses
    layer, rules = clauses.layer, governors()
    opinions = senses.lexicon.classes.get("opinion_verb", frozenset())
    found = []
    for token, word in enumerate(parse.lower):
        if word not in _MUST or (word in {"have", "need"} and not _obliges(senses, token)):
            continue
        verb = parse.heads[token] if parse.deps[token] == "aux" else token
        head, dep = clauses.above(verb)
        if dep == "conj":
            head, dep = clauses.above(head)
        rule = rules.get((clauses.lemma[head], "verb"))
        if dep != "ccomp" or rule is None or "attribution" not in rule:
            continue
        if any(parse.lower[c] in {"if", "unless"} for c in clauses.children[verb]):
            continue
        if clauses.lemma[head] in opinions:
            continue  # what is believed or found is asked of nobody
        frame = clauses.verb(verb)
        speakers, others = _sides(senses, head, frame.obj if frame.passive else frame.subj)
        if speakers and any(is_public(layer.entities[layer.mentions[m].entity]) for m in others):
            found.append((head, verb, _told(speakers, others)))
    return found


def _sides(senses: Senses, speech: int, about: list[int]) -> tuple[list[int], list[int]]:
    """Who speaks, and of whom else."""
    mentions = senses.clauses.layer.mentions
    heads = senses.clauses.verb(speech).subj
    speakers = [m for t in heads for m in parties(senses, t, acting=True)]
    others = [m for t in about for m in parties(senses, t, acting=False)]
    taken = entities_of(senses, speakers)
    return speakers, [m for m in others if mentions[m].entity not in taken]


def _told(speakers: list[int], others: list[int]) -> list[Participant]:
    people = [Participant("initiator", m) for m in speakers]
    return people + [Participant("recipient", m) for m in others]


_BLAMED = word_set("words/events.tsv", "acts.blamed")


def charges(senses: Senses) -> list[tuple[int, int, list[Participant]]]:
    """(speech verb, copula, parties) of each "X said that Y was responsible"."""
    parse, clauses = senses.parse, senses.clauses
    rules = governors()
    found = []
    for token, word in enumerate(parse.lower):
        if word not in _BLAMED or parse.pos[parse.heads[token]] not in {"AUX", "VERB"}:
            continue
        verb = parse.heads[token]
        head, dep = clauses.above(verb)
        rule = rules.get((clauses.lemma[head], "verb"))
        if dep != "ccomp" or rule is None or "attribution" not in rule or rule[0] == "denied":
            continue
        if any(parse.deps[c] in {"neg", "aux"} for c in clauses.children[verb]):
            continue
        speakers, others = _sides(senses, head, clauses.verb(verb).subj)
        if speakers and others:
            found.append((head, verb, _told(speakers, others)))
    return found


def _obliges(senses: Senses, token: int) -> bool:
    """ "have to", "need to" as finite verbs with an infinitive."""
    return any(senses.clauses.infinitive(c) for c in senses.clauses.verb(token).xcomp)
