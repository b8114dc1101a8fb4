"""Which clause an expression belongs to, by the tree: what dates one act and not another."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from transforms.lexicons.loader import word_set
from transforms.nlp.annotations import TimeMention
from transforms.nlp.dates.words import tenses
from transforms.nlp.parsing.parse import VERBAL, Parse

NOWHERE = 99
_CLAUSE = frozenset(["relcl", "advcl", "acl", "csubj", "parataxis"])
_SHARING = frozenset(["xcomp", "conj", "pcomp"])
_SKIPPED = word_set("words/dates.tsv", "clauses.skipped")
MODIFYING = frozenset(["compound", "nmod", "poss", "amod", "nummod", "appos"])
_SUBJECTS = frozenset(["nsubj", "nsubjpass", "expl"])
_SAME_TIME = frozenset(["as", "while", "when"])
_RELATIVES = frozenset(["that", "which", "who"])
_WHEREAT = frozenset(["at", "during", "in", "on", "amid"])


def steps_to(parse: Parse, trigger: int, time: TimeMention) -> int:
    """How far an expression is from the trigger in the tree; `NOWHERE` when it is another's."""
    chain = chain_of(parse, head_of_time(parse, time))
    up, cost = trigger, 0
    for _ in range(10):
        if up in chain:
            between = chain[: chain.index(up)]
            if _another(parse, trigger, up, between) or _of_a_noun(parse, time, up, between):
                return NOWHERE
            return cost + len(between)
        if parse.deps[up] == "relcl":
            return _of_antecedent(parse, up, chain, cost)
        if parse.heads[up] == up or not _shares(parse, up):
            return NOWHERE
        cost += 1 if parse.pos[up] in VERBAL and parse.deps[up] not in _SHARING else 2
        up = parse.heads[up]
    return NOWHERE


def head_of_time(parse: Parse, time: TimeMention) -> int:
    """The token by which an expression hangs in its sentence; an article does not count."""
    start = time.start
    while start < time.end - 1 and parse.deps[start] in ("det", "punct"):
        start += 1
    return parse.head_of(start, time.end)


def _another(parse: Parse, trigger: int, up: int, between: list[int]) -> bool:
    """Whether an expression that hangs under `up` dates something else there."""
    if any(parse.lower[t] in _SKIPPED and parse.deps[t] in ("prep", "mark") for t in between):
        return True
    if any(_opens(parse, token) and not _reduced(parse, token, up) for token in between):
        return up != trigger or not _in_setting(parse, between)
    return up != trigger and _claimed(parse, between)


def _shares(parse: Parse, token: int) -> bool:
    """Whether a clause takes its time from the one above it."""
    dep = parse.deps[token]
    if dep == "advcl":
        marks = [
            parse.lower[c] for c in parse.children[token] if parse.deps[c] in ("mark", "advmod")
        ]
        if any(mark in _SAME_TIME for mark in marks):
            return True
        return parse.tags[token] == "VBG" and not marks and not _has_subject(parse, token)
    if dep == "ccomp" or (dep in _CLAUSE and dep != "acl"):
        return False
    return not (dep == "conj" and _has_subject(parse, token))


def _of_antecedent(parse: Parse, verb: int, chain: list[int], cost: int) -> int:
    """ "the attack on Friday that killed ten": the date of the noun is that of the clause."""
    noun = parse.heads[verb]
    if noun not in chain or verb in chain or parse.pos[noun] != "NOUN":
        return NOWHERE
    if not any(
        parse.lower[c] in _RELATIVES and parse.deps[c] == "nsubj" for c in parse.children[verb]
    ):
        return NOWHERE
    between = chain[: chain.index(noun)]
    if len(between) > 3 or _another(parse, noun, noun, between):
        return NOWHERE
    return cost + 2 + len(between)


def governors(parse: Parse, trigger: int) -> Iterator[int]:
    """The verbs over the trigger's clause that tell it or frame it, the nearest first."""
    token = trigger
    for _ in range(8):
        head, dep = parse.heads[token], parse.deps[token]
        if head == token or dep in ("relcl", "acl"):
            return
        if parse.pos[head] in VERBAL and dep in ("ccomp", "advcl", "parataxis"):
            yield head
        token = head


def chain_of(parse: Parse, token: int) -> list[int]:
    """A token and what it hangs on, upwards."""
    return [token, *islice(parse.above(token), 11)]


def _has_subject(parse: Parse, verb: int) -> bool:
    return any(parse.deps[c] in _SUBJECTS for c in parse.children[verb])


def _opens(parse: Parse, token: int) -> bool:
    """Whether a token heads a clause of its own, whose dates stay inside."""
    if parse.pos[token] not in VERBAL:
        return False
    dep = parse.deps[token]
    if dep == "conj":
        return _has_subject(parse, token)
    return dep in _CLAUSE or dep in ("ccomp", "xcomp", "pcomp")


def _reduced(parse: Parse, token: int, trigger: int) -> bool:
    """A clause at the trigger itself: "an agreement reached in 2008", "an attack that killed"."""
    if parse.heads[token] != trigger:
        return False
    if parse.deps[token] == "acl":
        return parse.tags[token] == "VBN"
    if parse.deps[token] != "relcl" or parse.lemmas[token].lower() not in tenses()["occur"]:
        return False
    return any(parse.lower[c] in ("that", "which") for c in parse.children[token])


def _in_setting(parse: Parse, between: list[int]) -> bool:
    """ "In a letter released on Friday, he accused": a date of what an act was made in or at."""
    if len(between) < 3:
        return False
    prep, noun, clause = between[-1], between[-2], between[-3]
    return (
        parse.deps[prep] == "prep"
        and parse.lower[prep] in _WHEREAT
        and parse.deps[noun] == "pobj"
        and _reduced(parse, clause, noun)
        and not any(_opens(parse, token) for token in between[:-3])
    )


def _claimed(parse: Parse, between: list[int]) -> bool:
    """Whether the date belongs to a noun with an event of its own ("the visit in January")."""
    for token in between[1:]:
        if parse.pos[token] == "NOUN" and parse.deps[token] not in ("npadvmod", "nmod"):
            return True
    return False


def _of_a_noun(parse: Parse, time: TimeMention, verb: int, between: list[int]) -> bool:
    """Whether the date is part of a noun phrase that the verb only acts on.

    "Condemned Tuesday's attack" and "the 1950s star died" do not date the verb, "Monday's attack
    killed ten" and "agreed at the 2008 summit" do, but not "charged in the 2008 bombing".
    """
    if len(between) < 2 or parse.deps[between[0]] not in MODIFYING:
        return False
    noun = between[1]
    if parse.pos[noun] not in ("NOUN", "PROPN") or parse.deps[noun] == "npadvmod":
        return False
    if noun >= time.start and noun < time.end:
        return False
    if parse.deps[noun] in _SUBJECTS and time.date_start and time.date_end:
        return (time.date_end - time.date_start).days > 366
    if parse.deps[noun] == "pobj" and parse.lower[parse.heads[noun]] in _WHEREAT:
        return parse.lemmas[verb].lower() in tenses()["charge"]
    return True
