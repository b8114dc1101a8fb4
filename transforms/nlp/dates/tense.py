"""Whether a token lies behind or ahead of publication, by the words that govern it."""

from __future__ import annotations

from transforms.lexicons.loader import word_list, word_set
from transforms.nlp.dates.words import tenses
from transforms.nlp.parsing.parse import VERBAL, Parse

_PRESENT_BE = word_list("words/dates.tsv", "tense.present-be")

_PAST_AUX = word_set("words/dates.tsv", "tense.past-aux")


def direction(parse: Parse, token: int) -> int:
    """−2 surely past, −1 rather past, 0 unsaid, 1 rather future, 2 surely future.

    The verb that governs the token decides; a noun in between ("his visit in January") decides
    first where an adjective or a preposition tells, and weakens the verb where none does.
    """
    kinds = tenses()
    current, weight, prep = token, 2, ""
    for _ in range(12):
        head = parse.heads[current]
        if current != token:
            if parse.pos[current] in VERBAL or parse.lemmas[current] in ("due", "ready"):
                planned = _planned_object(parse, current, token)
                return planned or _weigh(_governed(parse, current, prep), weight)
            if parse.pos[current] == "ADP":
                word = parse.lower[current]
                if weight == 1:
                    if word in kinds["before"] or (
                        word == "of" and parse.lower[head] in kinds["before"]
                    ):
                        return 2
                    if word in kinds["after"]:
                        return -2
                else:
                    prep = prep or word
            elif parse.pos[current] == "NOUN" and parse.deps[token] != "npadvmod":
                told = _of_noun(parse, current)
                if told:
                    return told
                if prep == "for" and parse.lemmas[current].lower() in kinds["forward"]:
                    return 1
                if parse.deps[token] in ("poss", "compound", "nmod"):
                    return _of_owner(parse, current)
                weight = 1
        if head == current:
            return 0
        current = head
    return 0


def _weigh(told: int, weight: int) -> int:
    return max(-weight, min(weight, told))


def _of_owner(parse: Parse, noun: int) -> int:
    """ "Friday's vote will decide" lies ahead; "condemned Friday's attack" and others do not."""
    verb = parse.heads[noun]
    if parse.deps[noun] in ("nsubj", "nsubjpass", "dobj") and parse.pos[verb] in VERBAL:
        return of_verb(parse, verb)
    if parse.lower[verb] == "for" and parse.lemmas[parse.heads[verb]].lower() in tenses()["react"]:
        return -2  # "thanked the council for Thursday's vote"
    if parse.deps[noun] == "pobj" and parse.lower[verb] in tenses()["before"] | {"for", "of"}:
        return 0 if parse.lower[verb] == "of" else 1
    return -1


def _of_noun(parse: Parse, noun: int) -> int:
    kinds = tenses()
    for child in parse.children[noun]:
        if parse.deps[child] in ("amod", "acl", "compound"):
            word = parse.lower[child]
            if word in kinds["ahead"]:
                return 2
            if word in kinds["behind"]:
                return -2
    return 0


def _planned_object(parse: Parse, verb: int, token: int) -> int:
    """ "discussed his planned visit to China in April", where April hangs on the verb."""
    for child in parse.children[verb]:
        if verb < child < token and parse.pos[child] == "NOUN" and parse.deps[child] == "dobj":
            return max(0, _of_noun(parse, child))
    return 0


def _governed(parse: Parse, verb: int, prep: str) -> int:
    """The side of a verb's prepositional phrase."""
    kinds = tenses()
    if prep in ("until", "till", "for", "to", "through"):
        if parse.lemmas[verb].lower() in kinds["defer"]:
            return 2
        if prep != "for" and parse.is_infinitive(verb):
            return 2
        told = of_verb(parse, verb)
        return told if told or prep in ("for", "to") else 2
    if prep == "since":
        return -2
    if prep == "by":
        return of_verb(parse, verb) or 2
    return of_verb(parse, verb)


def of_verb(parse: Parse, verb: int, depth: int = 0) -> int:
    """Where the verb itself puts what it says, on the scale of `direction`."""
    kinds = tenses()
    lemma, tag = parse.lemmas[verb].lower(), parse.tags[verb]
    aux = [parse.lower[c] for c in parse.children[verb] if parse.deps[c] in ("aux", "auxpass")]
    if any(word in kinds["might"] for word in aux):
        return -2 if "have" in aux and "will" not in aux else 2
    if "to" in aux:
        if "have" in aux:
            return -2
        return _of_infinitive(parse, verb, depth)
    if any(word in _PAST_AUX for word in aux):
        if lemma in kinds["planned"] and "had" not in aux and "did" not in aux:
            return 2
        return -2
    if tag == "VBD":
        return -2
    if tag == "VBN":
        return 2 if lemma in kinds["planned"] else -2
    if tag == "VBG":
        if any(word in _PRESENT_BE for word in aux):
            return 1 if lemma not in kinds["begin"] else 2
        return _above(parse, verb, depth)
    if tag in ("VBZ", "VBP"):
        if lemma in kinds["aim"]:
            return 2
        return 1 if lemma in kinds["begin"] else 0
    if lemma in kinds["planned"] or lemma in kinds["aim"]:
        return 2
    return 0


def _of_infinitive(parse: Parse, verb: int, depth: int) -> int:
    kinds = tenses()
    head = parse.heads[verb]
    governor = parse.lemmas[head].lower() if head != verb else ""
    if governor in kinds["aim"]:
        return 2
    if governor in kinds["resolve"]:
        return 1
    if parse.pos[head] == "NOUN" or parse.deps[verb] in ("acl", "relcl"):
        return 1
    if governor in ("be", "have"):
        return 2
    above = _above(parse, verb, depth)
    return above if above < 0 else 2


def _above(parse: Parse, verb: int, depth: int) -> int:
    head = parse.heads[verb]
    for _ in range(3):
        if parse.pos[head] in VERBAL or parse.heads[head] == head:
            break
        head = parse.heads[head]
    if depth < 3 and head != verb and parse.pos[head] in VERBAL:
        return of_verb(parse, head, depth + 1)
    return 0
