"""Whether a token lies in the past, the present or the future, by the verb that governs it."""

from __future__ import annotations

from transforms.nlp.parse import Parse

_FUTURE_AUX = {"will", "'ll", "’ll", "shall", "may", "might", "can", "could", "should", "must"}
_PLANNING = frozenset(
    [
        "plan",
        "schedule",
        "expect",
        "set",
        "due",
        "intend",
        "prepare",
        "hope",
        "want",
        "agree",
        "promise",
        "pledge",
        "vow",
        "slate",
        "aim",
        "bind",
        "arrange",
        "decide",
        "announce",
        "invite",
        "threaten",
        "ready",
        "likely",
    ]
)


def direction(parse: Parse, token: int) -> int:
    """−1 past, 1 future, 0 when the grammar does not say."""
    current, steps = token, 0
    while steps < 12:
        head = parse.heads[current]
        if parse.pos[current] in ("VERB", "AUX") and current != token:
            return _of_verb(parse, current)
        if parse.pos[current] == "NOUN" and current != token and parse.deps[token] == "pobj":
            return 0  # "his visit in January": the visit may lie ahead of the verb
        if head == current:
            return 0
        current, steps = head, steps + 1
    return 0


def _of_verb(parse: Parse, verb: int) -> int:
    aux = [parse.lower[c] for c in parse.children[verb] if parse.deps[c] in ("aux", "auxpass")]
    tag = parse.tags[verb]
    if any(word in _FUTURE_AUX for word in aux):
        return 1
    if any(word in ("had", "was", "were", "did", "has", "have", "'ve", "’ve") for word in aux):
        lemma = parse.lemmas[verb].lower()
        if lemma in _PLANNING and "had" not in aux and "did" not in aux:
            return 1
        return -1
    if "to" in aux:
        head = parse.heads[verb]
        if head != verb and parse.lemmas[head].lower() in _PLANNING:
            return 1
        above = _of_verb(parse, head) if head != verb and parse.pos[head] == "VERB" else 1
        return 1 if above >= 0 or parse.deps[verb] in ("acl", "relcl") else above
    if tag == "VBD":
        return -1
    if tag == "VBN":
        return 1 if parse.lemmas[verb].lower() in _PLANNING else -1
    if tag == "VBG" and any(word in ("is", "are", "'s", "'re", "’s", "’re") for word in aux):
        return 1
    if tag in ("VBZ", "VBP"):
        return 1 if parse.lemmas[verb].lower() in _PLANNING else 0
    if tag == "VBG":
        head = parse.heads[verb]
        return _of_verb(parse, head) if head != verb and parse.pos[head] == "VERB" else 0
    return 0
