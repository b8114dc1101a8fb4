"""A toponym as it stands in a text: its tokens, its folded form, the places of that name."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.gazetteer import ADJECTIVE, Candidate, Gazetteer, fold
from transforms.lexicons.loader import word_list, word_set
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.places.postal import division_behind

_PREFIXES = tuple(f"{word} " for word in word_list("words/places.tsv", "toponym.prefixes"))

EDGES = {"the", "a", "an", "'s", "’s", "'", "’", ",", ".", "(", ")", '"', "“", "”", "-", "–"}
HEAVY = 50_000  # known well enough to be a toponym without the model's word for it
_MEMO: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Toponym:
    """One toponym: tokens [start, end), its folded form and the places it may stand for."""

    start: int
    end: int
    form: str
    candidates: tuple[Candidate, ...]
    adjective: bool

    @staticmethod
    def of(parse: Parse, gazetteer: Gazetteer, start: int, end: int) -> Toponym:
        """The toponym at tokens [start, end), edges like "the" and "'s" trimmed for look-up."""
        low, high = start, end
        while low < high - 1 and parse.lower[low] in EDGES:
            low += 1
        while high > low + 1 and parse.lower[high - 1] in EDGES:
            high -= 1
        form = form_of(parse, low, high)
        candidates = gazetteer.lookup(form, folded=True)
        if not candidates and high == low + 1 and (first := joined_to(parse.words[low])):
            held = gazetteer.lookup(folded(first), folded=True)
            if held:
                form, candidates = folded(first), held
        if not candidates:
            for generic in _PREFIXES:
                if form.startswith(generic):
                    candidates = gazetteer.lookup(form[len(generic) :], folded=True)
                    break
        if not candidates and " " in form:
            head, _, last = form.rpartition(" ")
            if last in _GENERICS:
                candidates = gazetteer.lookup(head, folded=True)
        return toponym(start, end, form, candidates)


_GENERICS = word_set("words/places.tsv", "toponym.generics")


def root_of(form: str) -> str:
    """A form without the word for its kind: "karak district" → "karak"."""
    head, _, last = form.rpartition(" ")
    return head if head and last in _GENERICS else form


def toponym(start: int, end: int, form: str, candidates: tuple[Candidate, ...]) -> Toponym:
    """The toponym of a form: its demonyms count only where no well-known place bears the name."""
    adjectives = tuple(c for c in candidates if c.kind == ADJECTIVE)
    nouns = tuple(c for c in candidates if c.kind != ADJECTIVE)
    if adjectives and (not nouns or max(c.weight for c in nouns) < HEAVY):
        return Toponym(start, end, form, adjectives, True)
    return Toponym(start, end, form, nouns, False)


def folded(word: str) -> str:
    """`fold` with a memo."""
    found = _MEMO.get(word)
    if found is None:
        if len(_MEMO) > 200_000:
            _MEMO.clear()
        found = _MEMO[word] = fold(word)
    return found


def joined_to(word: str) -> str:
    """What a dash joins to more in one token, "" where nothing: "U.S." of "U.S.-led".

    Only before a lower-case word or a double dash, so that "Bosnia-Herzegovina" stays whole.
    """
    first, dash, rest = word.partition("-")
    if not dash or len(first) < 2 or not first[0].isupper() or not rest:
        return ""  # "E-mail" and "T-shirt" join one letter
    return "" if rest[0].isupper() or rest[0].isdigit() else first


def form_of(parse: Parse, start: int, end: int) -> str:
    """The folded form of tokens [start, end)."""
    pieces = [piece for w in parse.words[start:end] if (piece := folded(w))]
    joined = " ".join(pieces)
    return joined.replace(" s ", "s ") if "s" in pieces else joined  # "Cox's Bazar"


JOINERS = {"-", "–", "'", "’"}
INSIDE = word_set("words/places.tsv", "toponym.inside")


def match(parse: Parse, gazetteer: Gazetteer, start: int, *, cased: bool = True) -> Toponym | None:
    """The longest name of the gazetteer that begins at token `start`.

    Its words begin with a capital unless the text is not `cased`.
    """
    words = parse.words
    if (coded := division_behind(words, gazetteer, start)) is not None:
        return toponym(start, start + 1, *coded)
    first = folded(joined_to(words[start]) or words[start])
    longest = gazetteer.longest(first)
    if first != folded(words[start]) and not gazetteer.lookup(folded(words[start]), folded=True):
        candidates = gazetteer.lookup(first, folded=True)
        return toponym(start, start + 1, first, candidates) if candidates else None
    if not longest:
        return None
    if longest == 1:
        candidates = gazetteer.lookup(first, folded=True)
        return toponym(start, start + 1, first, candidates) if candidates else None
    stop = parse.sents[parse.sent_of[start]].end
    best: Toponym | None = None
    pieces: list[str] = []
    for index in range(start, min(stop, start + 2 * longest)):
        word = words[index]
        piece = folded(word)
        if not piece:
            if word in JOINERS and parse.starts[index] == parse.ends[index - 1]:
                continue
            break
        if (
            index > start
            and cased
            and not (word[0].isupper() or word in INSIDE or word in {"'s", "’s"})
        ):
            joined = words[index - 1] in JOINERS and parse.starts[index] == parse.ends[index - 1]
            if not joined:
                break
        if pieces and word in {"'s", "’s"}:
            pieces[-1] += "s"  # "Cox's Bazar"
        else:
            pieces.extend(piece.split(" "))
        if len(pieces) > longest:
            break
        if index > start and not word[0].isupper() and (word in INSIDE or piece == "s"):
            continue
        form = " ".join(pieces)
        candidates = gazetteer.lookup(form, folded=True)
        if candidates:
            best = toponym(start, index + 1, form, candidates)
    return best
