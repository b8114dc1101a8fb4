"""Words of violence that are figures of speech or accidents (`lexicons/figures.tsv`)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from transforms.lexicons.loader import table
from transforms.nlp.parsing.parse import VERBAL, Parse
from transforms.plover import having

_FOUGHT_WITH_WORDS = having("fought_with_words")
_SCORE = re.compile(r"(?<![\d-])\d{1,2}[-–]\d{1,2}(?= (?:in|at|on|to|away)\b|[.,;]|$)")
_OF_WORDS = frozenset({"obj", "mod"})


def figurative(parse: Parse, token: int, event_type: str) -> bool:
    """Whether a word is one: "bombarded with questions", "killed when their bus overturned"."""
    for slots, nouns in _figures().get(parse.lemmas[token].lower(), ()):
        if event_type in _FOUGHT_WITH_WORDS and slots <= _OF_WORDS:
            continue  # "attacked the plan" is blame, "killed the bill" a refusal
        if "score" in slots and _tells_score(parse, token):
            return True
        for one in _at(parse, token, slots):
            # "Commuters" at the beginning may be read as a name
            if not nouns.isdisjoint(
                (parse.lemmas[one].lower(), parse.lower[one].removesuffix("s"))
            ):
                return True
    return False


def _at(parse: Parse, token: int, slots: frozenset[str]) -> Iterator[int]:
    """Words in `slots` of an event's word, and of the verb that a noun hangs on."""
    heads = [token]
    if parse.pos[token] == "NOUN" and parse.deps[token] in ("dobj", "pobj"):
        up = parse.heads[token]
        up = parse.heads[up] if parse.pos[up] == "ADP" else up
        if parse.pos[up] in VERBAL:
            heads.append(up)
    for head in heads:
        for child in parse.children[head]:
            dep = parse.deps[child]
            if child == token:
                continue
            if (
                ("subj" in slots and dep == "nsubj")
                or ("obj" in slots and dep in ("dobj", "nsubjpass") and head == token)
                or ("mod" in slots and dep in ("amod", "compound", "nmod") and head == token)
            ):
                yield child
                yield from (c for c in parse.children[child] if parse.deps[c] == "conj")
            elif dep == "advcl" and "clause" in slots:
                if not any(_is_cause(parse, c) for c in parse.children[child]):
                    yield child
            elif dep in ("prep", "agent") and parse.lower[child] in slots:
                yield from (c for c in parse.children[child] if parse.deps[c] == "pobj")


def _tells_score(parse: Parse, token: int) -> bool:
    """ "demolished Wales 5-0"."""
    sent = parse.sents[parse.sent_of[token]]
    return bool(_SCORE.search(parse.text, parse.ends[token], sent.end_char))


def _is_cause(parse: Parse, token: int) -> bool:
    """ "when their house collapsed after an air strike": no accident."""
    return parse.deps[token] in ("advcl", "agent") or (
        parse.deps[token] == "prep" and parse.lower[token] in ("after", "under", "during")
    )


@cache
def _figures() -> dict[str, list[tuple[frozenset[str], frozenset[str]]]]:
    """Lemma → (slots, nouns) that make it a figure of speech."""
    found: dict[str, list[tuple[frozenset[str], frozenset[str]]]] = defaultdict(list)
    for row in table("figures.tsv", ["words", "slot", "nouns"]):
        for word in row["words"].split(";"):
            nouns = frozenset(row["nouns"].split(";"))
            found[word].append((frozenset(row["slot"].split("|")), nouns))
    return dict(found)
