"""Rows of `lexicons/unreal.tsv`, and which verb tells the tense of a word."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from transforms.lexicons.loader import table
from transforms.nlp.parsing.parse import VERBAL, Parse

NO_EVENT = "none"  # the effect that leaves nothing of an act
PRESENT = ("VBZ", "VBP")
TENSED = (*PRESENT, "VBD")
STEPS = 7


@cache
def rows(kind: str) -> dict[str, dict[str, str]]:
    """Word → slot → effect of the rows of one kind. Raises LexiconError on one told twice."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in table("unreal.tsv", ["kind", "words", "slot", "effect"]):
        if row["kind"] == kind:
            for word in row["words"].split(";"):
                for slot in row["slot"].split("|"):
                    if slot in found[word]:
                        raise row.error(f"{kind} {word!r} stands twice with {slot!r}")
                    found[word][slot] = row["effect"]
    return dict(found)


def lemma(parse: Parse, token: int) -> str:
    return parse.lemmas[token].lower()


def finite(parse: Parse, token: int) -> int:
    """The verb that carries the tense of `token`."""
    for _ in range(STEPS):
        if parse.pos[token] in VERBAL and parse.tags[token] in (*TENSED, "MD"):
            return token
        for child in parse.children[token]:
            if parse.deps[child] in ("aux", "auxpass") and parse.tags[child] != "TO":
                return child
        if parse.heads[token] == token:
            return token
        token = parse.heads[token]
    return token


def is_present(parse: Parse, token: int) -> bool:
    """Whether a word is told in the present tense, or under a modal verb."""
    verb = finite(parse, token)
    return parse.tags[verb] in (*PRESENT, "MD") or is_misread_present(parse, verb)


def is_misread_present(parse: Parse, verb: int) -> bool:
    """ "the police arrest him", read as an infinitive; the past of "soldiers come and beat him"."""
    if parse.tags[verb] == "VB":
        told = [parse.deps[c] for c in parse.children[verb]]
        return "nsubj" in told and "aux" not in told
    head = parse.heads[verb]
    same = parse.deps[verb] == "conj" and parse.lower[verb] == lemma(parse, verb)
    return same and parse.tags[head] in PRESENT
