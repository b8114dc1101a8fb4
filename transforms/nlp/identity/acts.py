"""Which words may name one and the same act: "attacked", "the attack", "a raid".

Two lemmas are of one act when they stand in one line of `lexicons/identity/acts.tsv`, or when
they differ only by an ending that makes a noun of a verb ("negotiate", "negotiation").
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache

from transforms.lexicons import loader
from transforms.lexicons.loader import word_list
from transforms.nlp.parsing.parse import Parse

PATH = "identity/acts.tsv"
COLUMNS = ("act", "words")
_LONG_ENDINGS = word_list("words/identity.tsv", "acts.long-endings")
_SHORT_ENDINGS = word_list("words/identity.tsv", "acts.short-endings")
_OBJECTS = frozenset({"dobj", "nsubjpass", "oprd", "attr"})  # "declared persona non grata"
_DESCRIBING, _RELATIVE = frozenset({"relcl", "acl"}), frozenset({"WDT", "WP"})
_LONG_LEFT, _SHORT_LEFT = 5, 3  # letters that must be left of the word
_BESIDE = 3  # tokens: "went on strike", not "went on Monday to the talks"


def words_of(rows: Iterable[loader.Row]) -> dict[str, frozenset[str]]:
    """Word → names of its acts, of the lexicon's rows. Raises LexiconError."""
    found: dict[str, set[str]] = {}
    acts: set[str] = set()
    for row in rows:
        words = row["words"].split()
        if not row["act"] or row["act"] in acts:
            raise row.error(f"act {row['act']!r} is empty or stands twice")
        if len(words) < 2 or len(set(words)) < len(words):
            raise row.error("an act needs two different words or more, none twice")
        if any(word != word.lower() for word in words):
            raise row.error("words are lemmas in lower case")
        acts.add(row["act"])
        for word in words:
            found.setdefault(word, set()).add(row["act"])
    return {word: frozenset(names) for word, names in found.items()}


@cache
def _acts() -> dict[str, frozenset[str]]:
    return words_of(loader.table(PATH, COLUMNS))


@cache
def _light_verbs() -> frozenset[str]:
    return frozenset(loader.words("identity/light_verbs.txt"))


def act_word(parse: Parse, start: int, end: int) -> str:
    """The lemma that says what was done in the trigger [start, end): "offer" of "made an offer".

    A light verb leaves that to its object, also where the object is no part of the trigger, or to
    what stands behind its preposition: "went on strike", "came under attack", or to the noun it
    describes: "the truce that both signed", "the truce signed in Doha".
    """
    first = parse.lemmas[start].lower()
    if first not in _light_verbs():
        return first
    for index in range(end - 1, start, -1):
        if parse.pos[index] == "NOUN":
            return parse.lemmas[index].lower()
    for child in parse.children[start]:
        if parse.deps[child] in _OBJECTS and parse.pos[child] == "NOUN":
            word = parse.lemmas[child].lower()
            return word if word in _acts() else first
    for child in parse.children[start]:
        if parse.deps[child] == "prep" and child < start + _BESIDE:
            for noun in parse.children[child]:
                word = parse.lemmas[noun].lower()
                if parse.deps[noun] == "pobj" and noun < child + _BESIDE and word in _acts():
                    return word
    noun = parse.heads[start]
    if parse.deps[start] in _DESCRIBING and parse.pos[noun] == "NOUN" and _is_done(parse, start):
        word = parse.lemmas[noun].lower()
        return word if word in _acts() else first
    return first


def _is_done(parse: Parse, verb: int) -> bool:
    """Is what a verb describes also what it does: "that both signed", not "that signed it"?"""
    if parse.deps[verb] == "acl":
        return parse.tags[verb] == "VBN"
    subjects = [c for c in parse.children[verb] if parse.deps[c] in ("nsubj", "nsubjpass")]
    return any(parse.deps[c] == "nsubjpass" or parse.tags[c] not in _RELATIVE for c in subjects)


@lru_cache(maxsize=20_000)
def acts_of(lemma: str) -> frozenset[str]:
    """Names of the acts that a word may stand for; its stem ("~negoti") is always one."""
    return _acts().get(lemma, frozenset()) | {f"~{stem(lemma)}"}


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A word without the ending that makes a noun or a form of it, doubled letters undone."""
    for endings, left in ((_LONG_ENDINGS, _LONG_LEFT), (_SHORT_ENDINGS, _SHORT_LEFT)):
        ending = next((e for e in endings if word.endswith(e) and len(word) - len(e) >= left), "")
        if ending:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > _SHORT_LEFT and word[-1] == word[-2] else word
