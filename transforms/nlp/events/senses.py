"""Which sense of the lexicon a word carries here: words, slots and conditions against the text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from transforms.lexicons.loader import word_set
from transforms.nlp.clauses.arguments import Clauses, Frame
from transforms.nlp.clauses.predicates import PREPOSITIONS, Lexicon, Sense, Test, noun_head
from transforms.nlp.events.classes import Classes
from transforms.nlp.parsing.parse import VERBAL
from transforms.plover import having

_NOMINAL = frozenset({"NOUN", "PROPN"})
SUPPORT = word_set("words/events.tsv", "senses.support")

_INSIDE = word_set("words/events.tsv", "senses.inside")
_STRIKES = having("strikes")
TAKES_BACK = having("takes_back")


@dataclass(slots=True)
class Match:
    """A sense that fires: its trigger token, the tokens it is made of and where its slots are."""

    sense: Sense
    token: int  # the word that carries the event
    anchor: int  # the verb or noun that stands for the whole phrase in the tree
    used: tuple[int, ...] = ()
    prep: list[int] = field(default_factory=list)


def needs_object(sense: Sense) -> bool:
    """Whether a verb of one word means this only with an object."""
    return (
        len(sense.words) == 1
        and sense.event_type in _STRIKES
        and sense.recipient[:1] == ("obj",)
        and sense.pos == "verb"
    )


class Senses(Classes):
    """Matches senses in one article."""

    def __init__(self, clauses: Clauses, lexicon: Lexicon) -> None:
        super().__init__(clauses, lexicon)
        self._best: dict[int, Match | None] = {}
        self._busy: set[int] = set()
        self._words: dict[int, set[str]] = {}

    def triggers(self) -> list[Match]:
        """Every match of the article, in text order; a light verb and its noun are one."""
        lex, clauses, parse = self.lexicon, self.clauses, self.parse
        found: list[Match] = []
        for token, (lemma, pos) in enumerate(zip(clauses.lemma, parse.pos, strict=True)):
            if pos in VERBAL:
                hit = lemma in lex.verbs or parse.lower[token] in lex.adjectives
            elif pos in _NOMINAL:
                hit = lemma in lex.nouns or lemma in lex.lights
            elif pos == "ADJ":
                hit = lemma in lex.adjectives or lemma in lex.verbs
            else:
                hit = False
            if hit:
                match = self.best(token)
                if match is not None:
                    found.append(match)
                    if match.sense.pos == "light" and match.sense.event_type in TAKES_BACK:
                        under = self._first(token, lex.nouns.get(lemma, ()), self.noun_words)
                        if under is not None:
                            found.append(under)
        return found

    def type_at(self, token: int) -> str | None:
        """PLOVER type of the best sense at `token`."""
        found = self.best(token)
        return found.sense.event_type if found is not None else None

    def best(self, token: int) -> Match | None:
        """The best sense at `token`, or None."""
        if token in self._best:
            return self._best[token]
        if token in self._busy:
            return None
        self._busy.add(token)
        match = self._find(token)
        self._busy.discard(token)
        self._best[token] = match
        return match

    def _find(self, token: int) -> Match | None:
        lex, lemma, pos = self.lexicon, self.clauses.lemma[token], self.parse.pos[token]
        if pos in VERBAL:
            found = self._first(token, lex.verbs.get(lemma, ()), self.verb_words)
            if self.parse.tags[token] in {"VBN", "VBG"}:  # "is committed to", tagged as a verb
                senses = lex.adjectives.get(self.parse.lower[token], ())
                other = self._first(token, senses, self.adjective_words)
                if other is not None and (found is None or other.sense.rank < found.sense.rank):
                    return other
            return found
        if pos in _NOMINAL:
            light = self._first(token, lex.lights.get(lemma, ()), self.light_words)
            if light is not None:
                return light
            return self._first(token, lex.nouns.get(lemma, ()), self.noun_words)
        if pos == "ADJ":
            return self._first(token, lex.adjectives.get(lemma, ()), self.adjective_words)
        return None

    def _first(
        self, token: int, senses: Sequence[Sense], words: Callable[[int, Sense], Match | None]
    ) -> Match | None:
        for sense in senses:
            match = words(token, sense)
            if match is not None and self.holds(match):
                return match
        return None

    def is_word(self, token: int, word: str) -> bool:
        """Is the token this word of a predicate (a lemma or an @class)?"""
        lemma = self.clauses.lemma[token]
        if word[0] == "@":
            return lemma in self.lexicon.classes[word[1:]]
        return lemma == word or self.parse.lower[token] == word

    # the words of a predicate ----------------------------------------------------------------

    def verb_words(self, token: int, sense: Sense) -> Match | None:
        """Are the particles, prepositions and fixed words of a verb predicate there?"""
        clauses = self.clauses
        frame = clauses.verb(token)
        if frame.particle and frame.particle not in sense.words:
            return None  # "shelled out", "took over a base in" are other verbs
        if len(sense.words) == 1:
            if clauses.lemma[token] == "call" and any(
                self.parse.deps[c] == "oprd" for c in clauses.children[token]
            ):
                return None  # "called her a dealmaker"
            if needs_object(sense) and not frame.obj:
                return None  # "attacked from the first whistle"
            return Match(sense, token, token)
        held = self._said(self.parse.sent_of[token])
        if any(word[0] != "@" and word not in held for word in sense.words):
            return None  # the quick way out: most phrases of a verb stand nowhere near it
        frames = [frame]
        used: list[int] = []
        prep: list[int] = []
        for word, after in zip(sense.words[1:], (*sense.words[2:], ""), strict=True):
            for place in frames:
                if word in place.parts:
                    used.append(place.parts[word])
                    break
                if word in place.preps:
                    prep = place.preps[word]
                    break
                objects = [t for t in (*place.obj, *place.iobj, *prep) if self.is_word(t, word)]
                if objects:
                    used.append(objects[0])
                    frames.insert(0, clauses.noun(objects[0]))
                    prep = []
                    break
                modifiers = [t for t in (*place.amod, *place.compound) if self.is_word(t, word)]
                if modifiers:
                    used.append(modifiers[0])
                    break
            else:
                prep = self._misplaced(frame, word) or self._phrase(frame, word, after)
                if not prep and not self._fixed_before(token, word, sense, used):
                    return None
        return Match(sense, token, token, tuple(used), prep)

    def _said(self, sentence: int) -> set[str]:
        """The words of a sentence, as lemmas and as written in lower case."""
        found = self._words.get(sentence)
        if found is None:
            span = self.parse.sents[sentence]
            found = {*self.clauses.lemma[span.start : span.end]}
            found.update(self.parse.lower[span.start : span.end])
            self._words[sentence] = found
        return found

    def _misplaced(self, frame: Frame, word: str) -> list[int]:
        """Objects of a preposition hung on the object by the parser: "hit [the bank with a fine]".

        So it is when the object is an actor, or a gerund follows ("accused [the law of hurting]").
        """
        if word in PREPOSITIONS:
            for token in frame.obj:
                found = self.clauses.noun(token).preps.get(word, [])
                gerund = any(self.parse.tags[below] == "VBG" for below in found)
                if found and (gerund or self.clauses.acts(token)):
                    return found
        return []

    def _phrase(self, frame: Frame, word: str, after: str) -> list[int]:
        """A fixed phrase hung on the object: "ran [the raid in concert] with Spain"."""
        if not after or word not in PREPOSITIONS or after in PREPOSITIONS:
            return []
        found = (self.clauses.noun(token).preps.get(word, ()) for token in frame.obj)
        return [below for tokens in found for below in tokens if self.is_word(below, after)]

    def _fixed_before(self, token: int, word: str, sense: Sense, used: list[int]) -> bool:
        """A fixed word that modifies the object named later ("give green light")."""
        for child in self.clauses.verb(token).obj:
            for below in self.clauses.children[child]:
                if word not in PREPOSITIONS and self.is_word(below, word):
                    used.append(below)
                    return True
        return False

    def noun_words(self, token: int, sense: Sense) -> Match | None:
        """Are the modifiers and the fixed tail of a noun predicate there?"""
        if len(sense.words) == 1:
            return Match(sense, token, token)
        clauses, frame = self.clauses, self.clauses.noun(token)
        at = noun_head(sense.words)
        used: list[int] = []
        for word in sense.words[:at]:
            hits = [t for t in (*frame.compound, *frame.amod, *frame.poss) if self.is_word(t, word)]
            if not hits:
                return None
            used.append(hits[0])
        prep: list[int] = []
        for word in sense.words[at + 1 :]:
            if word in PREPOSITIONS:
                if word not in frame.preps:
                    return None
                prep = frame.preps[word]
            else:
                hits = [t for t in prep if self.is_word(t, word)]
                if not hits:
                    return None
                used.append(hits[0])
                frame = clauses.noun(hits[0])
        return Match(sense, token, token, tuple(used), prep)

    def adjective_words(self, token: int, sense: Sense) -> Match | None:
        """An adjective predicate with its fixed preposition."""
        frame = self.clauses.verb(token)
        prep: list[int] = []
        for word in sense.words[1:]:
            if word not in frame.preps:
                return None
            prep = frame.preps[word]
        return Match(sense, token, token, (), prep)

    def light_words(self, token: int, sense: Sense) -> Match | None:
        """Does a verb of a light predicate govern this noun?"""
        verbs = self.lexicon.light_verbs[id(sense)]
        for verb, path in self.governors(token):
            if self.clauses.lemma[verb] not in verbs or self.parse.pos[verb] not in VERBAL:
                continue
            used = [verb]
            for word in sense.words[1:-1]:
                if path is not None and self.parse.lower[path] == word:
                    continue
                if word in self.clauses.verb(verb).parts:
                    continue
                hits = [c for c in self.clauses.children[token] if self.is_word(c, word)]
                if not hits:
                    break
                used.extend(hits)
            else:
                if path is not None and self.parse.lower[path] not in sense.words:
                    continue
                return Match(sense, token, verb, tuple(used))
        return None

    def governors(self, noun: int) -> list[tuple[int, int | None]]:
        """Verbs that may carry `noun`: its head, its participle or relative clause."""
        parse, deps = self.parse, self.parse.deps
        found: list[tuple[int, int | None]] = []
        top = noun
        while deps[top] == "conj" and parse.pos[parse.heads[top]] in _NOMINAL:
            top = parse.heads[top]
        head, dep = parse.heads[top], deps[top]
        if dep in {"dobj", "nsubjpass", "attr", "dative"}:
            found.append((head, None))
        elif dep == "pobj":
            verb = parse.heads[head]
            found.append((verb, head))
            series = self.clauses.lemma[verb] not in self.lexicon.classes.get("ending_noun", ())
            if parse.lower[head] == "of" and deps[verb] in {"dobj", "nsubjpass"} and series:
                found.append((parse.heads[verb], None))  # "held a series of talks"
        elif dep == "nsubj" and parse.is_infinitive(head):
            found.append((parse.heads[head], None))  # "declared a curfew to begin at dusk"
        below = (c for c in self.clauses.children[noun] if deps[c] in {"acl", "relcl"})
        found.extend((child, None) for child in below)
        return found

    # slots -----------------------------------------------------------------------------------

    def slot(self, match: Match, name: str) -> list[int]:
        """Argument heads in slot `name` ("subj", "obj.poss", "with") of a match."""
        first, _, rest = name.partition(".")
        tokens = self._slot(match, first)
        while rest:
            part, _, rest = rest.partition(".")
            tokens = [below for t in tokens for below in self._below(t, part)]
        return tokens

    def _slot(self, match: Match, name: str) -> list[int]:
        clauses, sense = self.clauses, match.sense
        if name == "prep" and match.prep:
            return match.prep
        if sense.pos == "noun":
            return self._noun_slot(match.token, name)
        if sense.pos == "adjective":
            return self._adjective_slot(match.token, name)
        frame = clauses.verb(match.anchor)
        if sense.pos == "light":
            inner = clauses.noun(match.token)
            if name in {"poss", "compound", "amod"}:
                return self.possessors(inner) if name == "poss" else getattr(inner, name)
            if name == "obj":
                return [t for t in frame.obj if t != match.token] or frame.iobj
            if name in PREPOSITIONS:
                return (
                    inner.preps.get(name)
                    or self._preposition(frame, name)
                    or (frame.iobj if name in {"to", "for", "on", "with"} else [])
                )
            if name == "xcomp":
                return inner.xcomp or frame.xcomp
            if name in {"ccomp", "comp"}:
                return inner.ccomp or frame.ccomp
        if name in {"subj", "obj", "iobj", "ccomp"}:
            return _slot(frame, name)
        if name == "xcomp":
            return frame.xcomp
        if name == "comp":
            return frame.ccomp or frame.xcomp
        if name in PREPOSITIONS:
            return self._preposition(frame, name)
        return []

    def _preposition(self, frame: Frame, word: str) -> list[int]:
        found = frame.preps.get(word)
        if found:
            return found
        for token in frame.obj:
            inner = self.clauses.noun(token).preps
            found = inner.get(word)
            for below in inner.get("of", ()):  # "a team of experts to Iran"
                found = found or self.clauses.noun(below).preps.get(word)
            if found:
                return found
        if word in {"with", "against", "to", "for", "on"}:
            for tokens in frame.preps.values():
                for token in tokens:
                    if self.parse.pos[token] in _NOMINAL:
                        found = self.clauses.noun(token).preps.get(word)
                        if found:
                            return found
        return []

    def _noun_slot(self, token: int, name: str) -> list[int]:
        clauses = self.clauses
        frame = clauses.noun(token)
        if name == "poss":
            return self.possessors(frame)
        if name in {"compound", "amod", "verb", "xcomp"}:
            return _slot(frame, name)
        if name in {"ccomp", "comp"}:
            return frame.ccomp or frame.xcomp
        support = [v for v, _ in self.governors(token) if clauses.lemma[v] in SUPPORT]
        if name == "subj":
            for verb in support:
                subjects = [t for t in clauses.verb(verb).subj if t != token]
                if subjects:
                    return subjects
            return []
        if name in PREPOSITIONS:
            found = frame.preps.get(name)
            if found:
                return found
            if name in _INSIDE:
                # "an exchange of views between", "an attack by rebels on"
                for inner in (*frame.preps.get("of", ()), *frame.preps.get("by", ())):
                    found = clauses.noun(inner).preps.get(name)
                    if found and self.parse.pos[inner] in _NOMINAL:
                        return found
            for verb in support or frame.verb:
                found = clauses.verb(verb).preps.get(name)
                if found and token not in found and name not in {"in", "at", "of", "by"}:
                    return found
        return []

    def possessors(self, frame: Frame) -> list[int]:
        actors = [t for t in (*frame.compound, *frame.amod) if self.clauses.mentions_at(t)]
        return [*frame.poss, *actors] if frame.poss else actors

    def _adjective_slot(self, token: int, name: str) -> list[int]:
        parse, clauses = self.parse, self.clauses
        head, dep = parse.heads[token], parse.deps[token]
        if name == "subj":
            if parse.pos[token] in VERBAL:
                frame = clauses.verb(token)
                return frame.obj if frame.passive else frame.subj
            if dep in {"acomp", "attr", "oprd", "xcomp"}:
                return clauses.verb(head).subj
            return [head] if dep == "amod" else []
        frame = clauses.verb(token)
        if name == "xcomp":
            return frame.xcomp
        if name in {"ccomp", "comp"}:
            return frame.ccomp or frame.xcomp
        return frame.preps.get(name, [])

    def _below(self, token: int, part: str) -> list[int]:
        """Slot `part` of an argument head: a noun's possessor or preposition, a verb's subject."""
        clausal = any(self.parse.deps[c] == "nsubj" for c in self.clauses.children[token])
        if self.parse.pos[token] in VERBAL or clausal:
            frame = self.clauses.verb(token)
            if part in {"subj", "obj", "iobj", "xcomp", "ccomp"}:
                return _slot(frame, part)
            return self._preposition(frame, part)
        frame = self.clauses.noun(token)
        if part == "poss":
            return self.possessors(frame)
        if part in {"compound", "amod", "xcomp", "ccomp"}:
            return _slot(frame, part)
        return frame.preps.get(part, [])

    # conditions ------------------------------------------------------------------------------

    def holds(self, match: Match) -> bool:
        """Do all conditions of the sense hold?"""
        return all(self.meets(match, test) for test in match.sense.tests)

    def meets(self, match: Match, test: Test) -> bool:
        """Does one condition of the sense hold?"""
        tokens = [token for slot in test.slots for token in self.slot(match, slot)]
        if not test.classes and not test.words:
            return bool(tokens) != test.negated
        hit = any(self._meets(t, test) for token in tokens for t in self.clauses.conjuncts(token))
        return hit != test.negated

    def _meets(self, token: int, test: Test) -> bool:
        """Is the token one of the words of a condition, or of one of its classes?"""
        if self.clauses.lemma[token] in test.words or self.parse.lower[token] in test.words:
            return True
        return any(self.is_class(token, kind) for kind in test.classes)


def _slot(frame: Frame, name: str) -> list[int]:
    """The tokens of a slot of that name."""
    tokens: list[int] = getattr(frame, name)
    return tokens
