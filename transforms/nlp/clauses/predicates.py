"""The predicate lexicon: senses of `lexicons/predicates/<type>.tsv`, indexed by trigger lemma.

`predicates/README.md` states the format. Loading checks every cell, names file and line of a
mistake and happens once per process. Matching a sense against a text is `events.senses`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import PurePosixPath

from transforms.lexicons.loader import (
    Row,
    names,
    parse_table,
    read_text,
    table,
    word_set,
    word_values,
    words,
)
from transforms.plover import cameo_codes, event_types

COLUMNS = ["predicate", "pos", "mode", "cameo", "initiator", "recipient", "if", "example"]
POS = ("verb", "noun", "adjective", "light")
PREPOSITIONS = word_set("words/clauses.tsv", "predicates.prepositions")
SLOTS = frozenset({
    "subj", "obj", "iobj", "poss", "compound", "prep", "xcomp", "ccomp", "comp", "verb", "amod",
    "recip",
}) | PREPOSITIONS  # fmt: skip
BASIC_CLASSES = frozenset({
    "actor", "person", "country", "place", "org", "thing", "number", "plural", "event", "any",
    "group",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Test:
    """One condition of a sense on any of `slots`: of one of `classes`, or one of `words`.

    Neither given: presence (or absence).
    """

    slots: tuple[str, ...]
    classes: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Sense:
    """One line of the lexicon: what a predicate means, and who is who in it."""

    predicate: str
    words: tuple[str, ...]
    pos: str
    event_type: str
    mode: str | None
    cameo: str | None
    initiator: tuple[str, ...]
    recipient: tuple[str, ...]
    tests: tuple[Test, ...]
    example: str
    path: str
    line: int
    rank: tuple[int, int, int]

    @property
    def name(self) -> str:
        """How the sense is called in error analysis: type, predicate, line."""
        return f"{self.event_type}:{self.predicate}:{self.line}"


@dataclass(slots=True)
class Lexicon:
    """Senses by the lemma that triggers them, best first, and the word classes they test."""

    senses: list[Sense] = field(default_factory=list)
    verbs: dict[str, list[Sense]] = field(default_factory=dict)
    nouns: dict[str, list[Sense]] = field(default_factory=dict)
    adjectives: dict[str, list[Sense]] = field(default_factory=dict)
    lights: dict[str, list[Sense]] = field(default_factory=dict)  # by the noun
    classes: dict[str, frozenset[str]] = field(default_factory=dict)
    carriers: set[str] = field(default_factory=set)  # verbs of light predicates
    forms: dict[str, str] = field(default_factory=dict)  # inflected verb form → lemma
    light_verbs: dict[int, frozenset[str]] = field(default_factory=dict)  # id(sense) → verbs

    def has_class(self, name: str, lemma: str) -> bool:
        """Whether `lemma` is in word list `@name` (given without the @)."""
        return lemma in self.classes[name]


def class_names() -> dict[str, frozenset[str]]:
    """The word lists of `lexicons/classes`, by name."""
    return {PurePosixPath(path).stem: frozenset(words(path)) for path in names("classes", ".txt")}


def split_predicate(predicate: str) -> tuple[str, ...]:
    """Lemmas of a predicate; a hyphen parts two words as spaCy's tokenizer does."""
    return tuple(predicate.replace("-", " ").split())


def sense_of(row: Row, event_type: str, order: int, classes: Mapping[str, frozenset[str]]) -> Sense:
    """The sense on one line. Raises LexiconError where a cell breaks the format."""
    predicate, pos = row["predicate"], row["pos"]
    if not predicate or predicate != predicate.lower():
        raise row.error(f"predicate {predicate!r} must be lower-case lemmas")
    if pos not in POS:
        raise row.error(f"pos is {pos!r}, expected one of {', '.join(POS)}")
    parts = split_predicate(predicate)
    if pos == "light" and len(parts) < 2:
        raise row.error(f"a light predicate needs a verb and a noun: {predicate!r}")
    for part in parts:
        if part.startswith("@") and part[1:] not in classes:
            raise row.error(f"unknown class {part}")
    kind = event_types()[event_type]
    mode = row["mode"] or None
    if mode and mode not in kind.modes:
        raise row.error(f"{event_type} has no mode {mode!r}")
    cameo = row["cameo"] or None
    if cameo and cameo not in cameo_codes():
        raise row.error(f"unknown CAMEO code {cameo!r}")
    tests = tuple(_test(row, part, classes) for part in row["if"].split())
    if not row["example"]:
        raise row.error("no example sentence")
    words = 2 * len(parts) - sum(part.startswith("@") for part in parts)  # lists are vaguer
    weight = words + len(tests) + (pos == "light")
    return Sense(
        predicate=predicate,
        words=parts,
        pos=pos,
        event_type=event_type,
        mode=mode,
        cameo=cameo,
        initiator=_slots(row, "initiator"),
        recipient=_slots(row, "recipient"),
        tests=tests,
        example=row["example"],
        path=row.path,
        line=row.line,
        rank=(-weight, -len(cameo or ""), order),
    )


def _slots(row: Row, column: str) -> tuple[str, ...]:
    found = tuple(part for part in row[column].split("|") if part)
    for slot in found:
        _check_slot(row, slot)
    return found


def _check_slot(row: Row, slot: str) -> None:
    for part in slot.split("."):
        if part not in SLOTS:
            raise row.error(f"unknown slot {slot!r}")


def _test(row: Row, text: str, classes: Mapping[str, frozenset[str]]) -> Test:
    if text.startswith("!"):
        slot, negated, wanted = text[1:], True, ""
        if ":" in slot:
            slot, wanted = slot.split(":", 1)
    else:
        slot, _, wanted = text.partition(":")
        negated = wanted.startswith("!")
        wanted = wanted.removeprefix("!")
    slots = tuple(slot.split("|"))
    for one in slots:
        _check_slot(row, one)
    kinds = tuple(part.removeprefix("!") for part in wanted.split("|") if part)
    for kind in kinds:
        if kind.startswith("@"):
            if kind[1:] not in classes:
                raise row.error(f"unknown class {kind}")
        elif kind.startswith("="):
            continue
        elif kind not in BASIC_CLASSES and kind not in event_types():
            raise row.error(f"unknown class {kind!r}")
    named = [kind[1:] for kind in kinds if kind[0] == "="]
    words = frozenset(named)
    if not negated:
        words = words.union(*(alike().get(word, ()) for word in named))
    return Test(slots, tuple(kind for kind in kinds if kind[0] != "="), words, negated)


@cache
def alike() -> dict[str, frozenset[str]]:
    """`lexicons/alike.tsv`: word → the words that conditions take for it, itself among them."""
    found: dict[str, frozenset[str]] = {}
    for row in table("alike.tsv", ["words"]):
        group = frozenset(row["words"].split(";"))
        for word in group:
            if word in found:
                raise row.error(f"{word!r} stands twice")
            found[word] = group
    return found


def build_lexicon(
    files: Iterable[tuple[str, str]], classes: Mapping[str, frozenset[str]]
) -> Lexicon:
    """A lexicon from (path, text) pairs. The file's stem names the PLOVER type."""
    lexicon = Lexicon(classes=dict(classes))
    for path, text in files:
        event_type = PurePosixPath(path).stem.upper()
        if event_type not in event_types():
            raise ValueError(f"{path}: {event_type} is no PLOVER type")
        for row in parse_table(text, path, COLUMNS):
            order = len(lexicon.senses)
            lexicon.senses.append(sense_of(row, event_type, order, classes))
    _index(lexicon)
    return lexicon


def extended(base: Lexicon, senses: Iterable[Sense]) -> Lexicon:
    """A lexicon of the senses of `base` and more."""
    lexicon = Lexicon(senses=[*base.senses, *senses], classes=base.classes)
    _index(lexicon)
    return lexicon


def _index(lexicon: Lexicon) -> None:
    for sense in lexicon.senses:
        parts = sense.words
        if sense.pos == "verb":
            index, head = lexicon.verbs, parts[0]
        elif sense.pos == "adjective":
            index, head = lexicon.adjectives, parts[0]
        elif sense.pos == "noun":
            index, head = lexicon.nouns, parts[noun_head(parts)]
        else:
            index, head = lexicon.lights, parts[-1]
            lexicon.light_verbs[id(sense)] = _members(lexicon, parts[0])
        for lemma in _members(lexicon, head):
            index.setdefault(lemma, []).append(sense)
    for index in (lexicon.verbs, lexicon.nouns, lexicon.adjectives, lexicon.lights):
        for senses in index.values():
            senses.sort(key=lambda sense: sense.rank)
    lexicon.carriers.update(*lexicon.light_verbs.values())
    above = {lemma for lemma, pos in governors() if pos == "verb"}
    for lemma in sorted({*lexicon.verbs, *lexicon.carriers, *above}):
        for form in inflected(lemma):
            lexicon.forms.setdefault(form, lemma)


_IRREGULAR = word_values("words/clauses.tsv", "predicates.irregular")


def inflected(lemma: str) -> list[str]:
    """Regular forms of a verb, and irregular ones that the tagger tends to miss."""
    if not lemma.isalpha():
        return []
    if lemma.endswith("e"):
        stem, forms = lemma[:-1], [lemma + "s", lemma + "d"]
        forms.append((stem[:-1] + "y" if lemma.endswith("ie") else stem) + "ing")
    elif lemma.endswith("y") and lemma[-2:-1] not in "aeiou":
        forms = [lemma[:-1] + "ies", lemma[:-1] + "ied", lemma + "ing"]
    else:
        plural = "es" if lemma.endswith(("s", "x", "z", "ch", "sh")) else "s"
        forms = [lemma + plural, lemma + "ed", lemma + "ing"]
        if len(lemma) > 2 and lemma[-1] not in "aeiouwxy" and lemma[-2] in "aeiou":
            forms += [lemma + lemma[-1] + "ed", lemma + lemma[-1] + "ing"]
    return forms + _IRREGULAR.get(lemma, "").split()


def _members(lexicon: Lexicon, word: str) -> frozenset[str]:
    """The lemmas a predicate word stands for: itself, or those of its @class."""
    return lexicon.classes[word[1:]] if word.startswith("@") else frozenset([word])


def noun_head(parts: tuple[str, ...]) -> int:
    """Index of the head in a noun predicate: "state of emergency" 0, "trade war" 1."""
    for position, part in enumerate(parts[1:], start=1):
        if part in PREPOSITIONS:
            return position - 1
    return len(parts) - 1


@cache
def load_lexicon() -> Lexicon:
    """The packaged lexicon, read and checked once per process."""
    paths = names("predicates", ".tsv")
    return build_lexicon(((path, read_text(path)) for path in paths), class_names())


@cache
def governors() -> dict[tuple[str, str], tuple[str, ...]]:
    """`lexicons/governors.tsv`: (lemma, pos) → the modality it gives what it governs, and flags."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in table("governors.tsv", ["lemma", "pos", "modality", "scope"]):
        key = (row["lemma"], row["pos"])
        if key in found:
            raise row.error(f"{row['lemma']} stands twice")
        found[key] = (row["modality"], *row["scope"].split("|"))
    return found
