"""Events that a project teaches: where its phrases stand, and where a word it ignores stands.

A phrase is matched as a sense of the predicate lexicon is, by the tree; words that the tagger has
no notion of ("gheraoed") also by how they are written, one behind the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from transforms.dictionary.entries import Dictionary
from transforms.dictionary.read import sense_row
from transforms.dictionary.touch import forms_of, plain
from transforms.nlp.clauses.predicates import (
    Lexicon,
    Sense,
    class_names,
    extended,
    governors,
    load_lexicon,
    noun_head,
    sense_of,
)
from transforms.nlp.events.senses import Match, Senses
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.reader.features import TYPES
from transforms.nlp.reader.read import Reading, ReadTrigger

SURE = 0.98  # that the phrase tells an event, and of its type
_FIRST = 1000  # by so much an own sense stands before all packaged ones


@dataclass(slots=True)
class Taught:
    """What a dictionary says of events; made once a process."""

    lexicon: Lexicon
    senses: frozenset[Sense] = frozenset()
    heads: frozenset[str] = frozenset()  # lemmas that a sense of its own may stand at
    written: dict[str, list[tuple[tuple[frozenset[str], ...], Sense]]] = field(default_factory=dict)
    ignored: tuple[tuple[tuple[str, ...], str | None], ...] = ()
    nobody: frozenset[str] = frozenset()  # ignored actors, plain

    @classmethod
    def of(cls, dictionary: Dictionary) -> Taught:
        """From a checked dictionary."""
        base = load_lexicon()
        classes = class_names()
        own = []
        for order, phrase in enumerate(dictionary.phrases):
            sense = sense_of(sense_row(phrase), phrase.event_type, order, classes)
            rank = (sense.rank[0] - _FIRST, *sense.rank[1:])
            own.append(replace(sense, mode=phrase.mode, rank=rank))
        written: dict[str, list[tuple[tuple[frozenset[str], ...], Sense]]] = {}
        for sense in own:
            plain_words = all(word[0] != "@" for word in sense.words)
            if plain_words and sense.pos != "light":
                forms = tuple(forms_of(word) for word in sense.words)
                for form in forms[0]:
                    written.setdefault(form, []).append((forms, sense))
        lexicon, alone = extended(base, own), extended(Lexicon(classes=base.classes), own)
        for verb in {*alone.verbs, *alone.carriers}:  # "overflew", which the tagger leaves as it is
            for form in forms_of(verb):
                lexicon.forms.setdefault(form, verb)
        heads = {*alone.verbs, *alone.nouns, *alone.adjectives, *alone.lights}
        return cls(
            lexicon,
            frozenset(own),
            frozenset(heads),
            written,
            tuple(
                (tuple(one.words.replace("-", " ").split()), one.event_type)
                for one in dictionary.ignored
                if one.kind == "event"
            ),
            frozenset(plain(words) for words in dictionary.left_out("actor")),
        )

    def ignores(self, senses: Senses, trigger: ReadTrigger) -> bool:
        """Whether an ignored word or phrase stands at a trigger."""
        if not self.ignored:
            return False
        return any(
            wanted in (None, trigger.event_type) and _covers(senses, words, trigger.token)
            for words, wanted in self.ignored
        )

    def matches(self, senses: Senses) -> list[Match]:
        """Where phrases of its own stand, one a place; the tree goes before what is written."""
        parse, lemmas = senses.parse, senses.clauses.lemma
        found: list[Match] = []
        for token in range(len(parse)):
            if lemmas[token] in self.heads or parse.lower[token] in self.heads:
                match = senses.best(token)
                if match is not None and match.sense in self.senses:
                    found.append(match)
        taken = {token for match in found for token in (match.token, *match.used)}
        for token in range(len(parse)):
            written = None if token in taken else self._written(parse, token)
            if written is not None and written.token not in taken and senses.holds(written):
                found.append(written)
                taken.update((written.token, *written.used))
        return found

    def _written(self, parse: Parse, token: int) -> Match | None:
        for forms, sense in self.written.get(plain(parse.lower[token]), ()):
            end = token + len(forms)
            known = parse.lemmas[token].lower() == sense.words[0]
            if known and parse.pos[token] in _OTHER[sense.pos]:
                continue  # "the raids" is no verb
            words = [plain(word) for word in parse.lower[token:end]]
            if len(words) == len(forms) and all(
                word in held for word, held in zip(words, forms, strict=True)
            ):
                head = token + (noun_head(sense.words) if sense.pos == "noun" else 0)
                return Match(sense, head, head, tuple(t for t in range(token, end) if t != head))
        return None


_OTHER = {
    "verb": ("NOUN", "PROPN", "ADJ"), "noun": ("VERB", "AUX"), "adjective": ("NOUN", "VERB"),
    "light": (),
}  # fmt: skip


def taught_triggers(
    reading: Reading, senses: Senses, taught: Taught
) -> tuple[list[ReadTrigger], dict[int, Match]]:
    """The reader's triggers without what is ignored, and with each own phrase as a sure one.

    A trigger that the reader has inside or right beside a phrase gives way to it. Returns them in
    text order, and the own ones by token.
    """
    held = [one for one in reading.triggers if not taught.ignores(senses, one)]
    own = {match.token: match for match in taught.matches(senses)}
    for token, match in own.items():
        made = reading.trigger(token, TYPES.index(match.sense.event_type), SURE)
        if made is None:
            continue
        covered = {token, *match.used}
        held = [
            one
            for one in held
            if one.token not in covered
            and not (abs(one.token - token) == 1 and one.event_type == match.sense.event_type)
        ]
        held.append(made)
    return sorted(held, key=lambda one: one.token), own


def helped(parse: Parse, token: int) -> str | None:
    """The modality that an auxiliary or "not" gives a verb that the reader has no notion of."""
    below = [child for child in parse.children[token] if child < token]
    if any(parse.deps[child] == "neg" for child in below):
        return "negated"
    for child in below:
        told = governors().get((parse.lower[child], "aux"))
        if told is not None and parse.deps[child] == "aux":
            return told[0]
    return None


def _covers(senses: Senses, words: Sequence[str], token: int) -> bool:
    """Whether the words stand one behind the other, and one of them at `token`."""
    parse, lemmas = senses.parse, senses.clauses.lemma
    size = len(words)
    for first in range(max(0, token - size + 1), min(token, len(parse) - size) + 1):
        if all(
            word in (lemmas[first + k], plain(parse.lower[first + k]))
            for k, word in enumerate(words)
        ):
            return True
    return False
