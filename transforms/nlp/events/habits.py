"""No act of a day: what anybody does, what a rule says, what happens at some rate or in numbers."""

from __future__ import annotations

from transforms.nlp.events.present import told_by
from transforms.nlp.events.unreal_rows import PRESENT, finite, lemma, rows
from transforms.nlp.parsing.parse import VERBAL, Parse

_PARTS = ("nsubj", "nsubjpass")


def is_no_single_act(parse: Parse, token: int) -> bool:
    """Whether a word tells what is done by anybody, by rule, often, or so many times."""
    return (
        _of_anybody(parse, token)
        or _habitual(parse, token)
        or _by_rule(parse, token)
        or _in_numbers(parse, token)
        or _of_a_share(parse, token)
    )


def _of_anybody(parse: Parse, token: int) -> bool:
    words = rows("anybody")
    verb = told_by(parse, token)
    token = token if verb is None else verb
    head = parse.heads[token]
    if parse.pos[token] not in VERBAL or parse.tags[token] not in (*PRESENT, "VB"):
        return False
    if any(_is_case(parse, child) for child in parse.children[token]):
        return True
    subjects = [c for c in parse.children[token] if parse.deps[c] in _PARTS]
    if parse.deps[token] == "relcl":
        subjects.append(head)
    for subject in subjects:
        determined = [parse.lower[c] for c in parse.children[subject] if parse.deps[c] == "det"]
        if parse.lower[subject] in words or not {"any", "every"}.isdisjoint(determined):
            main = head if parse.deps[token] in ("relcl", "csubj", "csubjpass") else token
            if parse.tags[finite(parse, main)] != "VBD":
                return True
    return False


def _is_case(parse: Parse, clause: int) -> bool:
    """ "When a president declares martial law, soldiers patrol the streets"."""
    if parse.deps[clause] != "advcl" or parse.tags[clause] not in PRESENT:
        return False
    below = parse.children[clause]
    return any(parse.lower[c] in rows("whenever") for c in below) and any(
        parse.deps[c] in _PARTS
        and parse.pos[c] == "NOUN"
        and (
            any(parse.lower[d] in ("a", "an") for d in parse.children[c])
            or (parse.tags[c] == "NNS" and not parse.children[c])
        )
        for c in below
    )


def _habitual(parse: Parse, token: int) -> bool:
    """ "are arrested each year": a rate, no act."""
    each = rows("each")
    tensed = finite(parse, token)
    if _against_anybody(parse, token):
        return True
    verb = parse.heads[tensed] if parse.deps[tensed] in ("aux", "auxpass") else tensed
    begins = parse.tags[token] == "VBG" and parse.deps[token] == "pcomp"
    for child in (*parse.children[token], *(parse.children[verb] if begins else ())):
        slots = rows("usual").get(parse.lower[child], {})
        if "" in slots or ("present" in slots and parse.tags[tensed] in PRESENT):
            return True
    if parse.tags[tensed] not in PRESENT:
        return False
    first = parse.sents[parse.sent_of[token]].start
    if parse.lower[first : first + 2] == ["on", "any"]:
        return True
    if parse.lower[first] in each and lemma(parse, first + 1) in rows("turn"):
        return True
    for child in (*parse.children[verb], *parse.children[token]):
        if parse.deps[child] == "npadvmod" and any(
            parse.lower[c] in each for c in parse.children[child]
        ):
            return True
    return False


def _against_anybody(parse: Parse, token: int) -> bool:
    """ "killing a guard carries a sentence of life"."""
    if parse.tags[token] != "VBG" or parse.deps[token] not in ("csubj", "nsubj"):
        return False
    head = parse.heads[token]
    if parse.tags[finite(parse, head)] not in PRESENT or lemma(parse, head) not in rows("costs"):
        return False
    return any(
        parse.deps[c] == "dobj"
        and parse.pos[c] == "NOUN"
        and all(parse.lower[d] in ("a", "an", "any") for d in parse.children[c]
                if parse.deps[d] in ("det", "poss"))
        for c in parse.children[token]
    )  # fmt: skip


def _by_rule(parse: Parse, token: int) -> bool:
    """ "foreigners who protest are expelled under the decree"."""
    if parse.pos[token] not in VERBAL or parse.tags[finite(parse, token)] not in PRESENT:
        return False
    ruled = any(
        parse.lower[prep] == "under"
        and any("under" in rows("frame").get(lemma(parse, c), {}) for c in parse.children[prep])
        for prep in parse.children[token]
        if parse.deps[prep] == "prep"
    )
    return ruled and any(
        parse.tags[c] == "NNS"
        and not any(parse.deps[d] in ("det", "poss", "nummod") for d in parse.children[c])
        for c in parse.children[token]
        if parse.deps[c] in _PARTS
    )


def _in_numbers(parse: Parse, token: int) -> bool:
    """ "the number of attacks", "killings fell by a third", "90 arrests a night"."""
    plural = _is_plural(parse, token)
    if parse.pos[token] != "NOUN" and not plural:
        return False
    if any(
        parse.deps[c] == "npadvmod"
        and lemma(parse, c) in rows("turn")
        and any(parse.lower[d] in ("a", "an", *rows("each")) for d in parse.children[c])
        for c in parse.children[token]
    ):
        return True
    head = parse.heads[token]
    words = {parse.lower[c] for c in parse.children[token]}
    if parse.deps[token] == "pobj" and parse.lower[head] == "of":
        counter = parse.heads[head]
        slots = rows("count").get(lemma(parse, counter), {})
        told = {parse.lower[c] for c in parse.children[counter]}
        return "" in slots or any(slot in told | words for slot in slots)
    if not plural or parse.deps[token] != "nsubj":
        return False
    if lemma(parse, head) in rows("trend"):
        return not any(parse.deps[c] == "dobj" for c in parse.children[head])
    return lemma(parse, head) == "be" and any(
        _is_level(parse, c) for c in parse.children[head] if c > head
    )


def _is_plural(parse: Parse, token: int) -> bool:
    """Also the first word of a sentence, which may be read as a name: "Killings fell"."""
    first = token == parse.sents[parse.sent_of[token]].start
    named = first and parse.tags[token] in ("NNP", "NNPS") and parse.lower[token].endswith("s")
    return parse.tags[token] == "NNS" or named


def _is_level(parse: Parse, token: int) -> bool:
    """ "are up from last year", "are at a record high"."""
    levels = rows("level")
    if parse.deps[token] == "prep":
        return any(parse.lower[token] in levels.get(lemma(parse, c), {})
                   for c in parse.children[token])  # fmt: skip
    return "" in levels.get(parse.lower[token], {})


def _of_a_share(parse: Parse, token: int) -> bool:
    """ "three in ten have been attacked", "a quarter of women are beaten", "in a typical year"."""
    if parse.pos[token] not in VERBAL or parse.tags[finite(parse, token)] not in PRESENT:
        return False
    return any(
        (parse.deps[c] in _PARTS and _is_share(parse, c))
        or (parse.deps[c] == "prep" and parse.lower[c] == "in" and _is_typical(parse, c))
        for c in parse.children[token]
    )


def _is_share(parse: Parse, subject: int) -> bool:
    preps = [c for c in parse.children[subject] if parse.deps[c] == "prep"]
    if parse.pos[subject] != "NUM":
        slots = rows("share").get(lemma(parse, subject), {})
        return any(parse.lower[prep] in slots for prep in preps)
    return any(
        parse.pos[c] == "NUM" or any(parse.deps[d] == "nummod" for d in parse.children[c])
        for prep in preps
        if parse.lower[prep] == "in"
        for c in parse.children[prep]
    )


def _is_typical(parse: Parse, prep: int) -> bool:
    return any(
        lemma(parse, noun) in rows("turn")
        and any(parse.lower[c] in rows("typical") for c in parse.children[noun])
        for noun in parse.children[prep]
    )
