"""Where the build of a sentence says who acts and who undergoes, whatever the reader takes for it.

The reader weighs words by what they stand beside; who received is not who gave, whoever is blamed
for a killing is not the killed, and whom the next clause speaks of is no party to this one. Each
construction moves or lessens the chances of a trigger's words; none adds a word of its own but the
donor behind "from", the author of what is blamed, and the speaker of a quotation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from transforms.lexicons.loader import word_set
from transforms.nlp.events.bearers import Read
from transforms.nlp.events.senses import Senses
from transforms.nlp.parsing.parse import VERBAL
from transforms.nlp.reader.read import Reading, ReadTrigger
from transforms.nlp.statements.quotations import direct_quotations
from transforms.plover import having

Chances = dict[int, float]

_GIVEN, _BLAMING, _DEEDS = having("given"), having("blames"), having("deed")
_MUTUAL, _OF_LAW = having("mutual"), having("of_law")
_CRIMES, _OF_WORDS = having("crime"), having("at_a_distance")
_RECEIVING = word_set("words/events.tsv", "constructions.receiving")
_TAKEN = word_set("words/events.tsv", "constructions.taken")
_CIRCUMSTANCE = word_set("words/events.tsv", "constructions.circumstance")
_CONDITION = word_set("words/events.tsv", "constructions.condition")
_FIRST_PERSON = word_set("words/events.tsv", "constructions.first-person")
_STOPPING = word_set("words/events.tsv", "constructions.stopping")
_DENYING = word_set("words/events.tsv", "constructions.denying")
_CONTENTS = frozenset({"ccomp", "xcomp", "pcomp"})
_OWNING = word_set("words/events.tsv", "constructions.owning")
_ADDRESSING = word_set("words/events.tsv", "constructions.addressing")
_BLAMED_FOR = frozenset({"for", "over"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_OBJECTS = frozenset({"dobj", "nsubjpass"})
_LIKELY = 0.3  # from which on a word is an event, or bears a role of it
_SURE = 0.8  # chance of a word that a construction puts on a side
_ASIDE = 0.4  # what is left of a chance beside the clause: 18 of 55 in a hundred where 33 were told
_OVER = 0.5  # of one that is not the subject, where that acts: 47 where 68 were told
_UNDERGOING = 0.2  # of who undergoes what is blamed


class Constructions:
    """The constructions of one article.

    `read` gives what the reader says of a trigger's roles.
    """

    def __init__(
        self, reading: Reading, senses: Senses, read: Callable[[ReadTrigger], Read]
    ) -> None:
        self.senses, self.read = senses, read
        self.parse, self.clauses = reading.parse, senses.clauses
        self.triggers = {trigger.token: trigger for trigger in reading.triggers}
        self.quotes = [q for q in direct_quotations(senses.clauses) if q.speaker is not None]

    def mend(
        self, trigger: ReadTrigger, event_type: str, first: Chances, second: Chances
    ) -> tuple[Chances, Chances]:
        """The chances of words as initiators and recipients, best first."""
        token = trigger.token
        first, second = dict(first), dict(second)
        self._receiving(token, event_type, first, second)
        if event_type in _BLAMING or self.clauses.lemma[token] in _STOPPING:
            self._blamed(token, first, second)
        elif event_type in _DEEDS:
            self._blamer(token, first)
            if event_type in _CRIMES:
                self._suspected(token, first, second)
        if event_type not in _MUTUAL:
            self._own(token, first)
        self._between(token, first, second)
        self._denied(token, second)
        self._beside(token, first, second)
        self._joined(token, event_type, first, second)
        if event_type in _MUTUAL:
            self._apart(token, first, second)
        return _sorted(first), _sorted(second)

    # who received, who gave ----------------------------------------------------------------------

    def _receiving(self, token: int, event_type: str, first: Chances, second: Chances) -> None:
        """ "Ukraine received tanks from Poland", "took delivery of", "got a shipment"."""
        verb = self._receiver(token, event_type)
        if verb is None:
            return
        frame = self.clauses.verb(verb)
        donors = frame.preps.get("from") or self.clauses.noun(token).preps.get("from", [])
        for below in () if donors else frame.obj:
            donors = donors or self._from_below(below)
        for taker in self._all(frame.subj):
            second[taker] = max(first.pop(taker, 0.0), second.get(taker, 0.0), _LIKELY)
        for donor in self._all(donors):
            first[donor] = max(second.pop(donor, 0.0), first.get(donor, 0.0), _SURE)

    def _receiver(self, token: int, event_type: str) -> int | None:
        lemma, parse = self.clauses.lemma, self.parse
        if parse.pos[token] in VERBAL:
            if event_type not in _GIVEN or self.clauses.verb(token).passive:
                return None
            objects = [lemma[t] for t in self.clauses.verb(token).obj]
            taken = lemma[token] == "take" and not _TAKEN.isdisjoint(objects)
            return token if lemma[token] in _RECEIVING or taken else None
        if event_type in _MUTUAL:
            return None
        return next(
            (verb for verb, prep in self.senses.governors(token)
             if prep is None and lemma[verb] in _RECEIVING and not self.clauses.verb(verb).passive),
            None,
        )  # fmt: skip

    def _from_below(self, noun: int) -> list[int]:
        preps = self.clauses.noun(noun).preps
        found = preps.get("from", [])
        for inner in preps.get("of", ()):
            found = found or self.clauses.noun(inner).preps.get("from", [])
        return found

    def _all(self, tokens: list[int]) -> Iterator[int]:
        for token in tokens:
            if self.clauses.mentions_at(token):
                yield from self.clauses.conjuncts(token)

    # who is blamed for a deed --------------------------------------------------------------------

    def _blamed(self, token: int, first: Chances, second: Chances) -> None:
        """ "condemned the killing of two nuns in Congo by rebels": the rebels."""
        for deed in self._deeds(token):
            act = self.read(self.triggers[deed])
            done, undergone = act.first.words, act.second.words
            for word in list(second):
                if undergone.get(word, 0.0) >= max(_LIKELY, done.get(word, 0.0)):
                    second[word] *= _UNDERGOING
            for word, chance in done.items():
                if chance >= _LIKELY and first.get(word, 0.0) < _LIKELY:
                    second[word] = max(second.get(word, 0.0), _SURE * chance)

    def _blamer(self, token: int, first: Chances) -> None:
        """Who condemns or stops a raid has not made it."""
        for stopping in (v for v, _ in self.senses.governors(token) if self._stops(v, token)):
            for word in self._all(self.clauses.verb(stopping).subj):
                if word in first:
                    first[word] *= _UNDERGOING
        for over, trigger in self.triggers.items():
            blame = 1 - trigger.types[0] >= _LIKELY and trigger.event_type in _BLAMING
            if blame and self.clauses.lemma[over] not in _OWNING and token in self._deeds(over):
                self._lessen(first, self.read(trigger).first.words, token)

    def _suspected(self, token: int, first: Chances, second: Chances) -> None:
        """ "was arrested after the killing of his son": whoever the law takes has not done it."""
        over = self.parse.heads[token]
        if self.parse.pos[token] != "NOUN" or self.parse.lower[over] not in _CIRCUMSTANCE:
            return
        for other, trigger in self.triggers.items():
            if other == token or self.parse.sent_of[other] != self.parse.sent_of[token]:
                continue
            if 1 - trigger.types[0] < _LIKELY or trigger.event_type not in _OF_LAW:
                continue
            for words in (first, second):
                self._lessen(words, self.read(trigger).second.words, token)

    def _lessen(self, words: Chances, others: Mapping[int, float], token: int) -> None:
        """Lessen those of `words` that bear a role of another act, but for what is the deed's."""
        for word in words:
            if others.get(word, 0.0) >= _LIKELY and not self._below(word, token):
                words[word] *= _UNDERGOING

    def _stops(self, verb: int, deed: int) -> bool:
        return self.clauses.lemma[verb] in _STOPPING and deed in self.clauses.verb(verb).obj

    def _deeds(self, token: int) -> list[int]:
        """The nouns of deeds that a word of blame is about."""
        parse = self.parse
        found = []
        for child in parse.children[token]:
            nouns = [child] if parse.deps[child] in _OBJECTS else []
            if parse.lower[child] in _BLAMED_FOR:
                nouns = [c for c in parse.children[child] if parse.deps[c] == "pobj"]
            for noun in nouns:
                found += [t for t in self.clauses.conjuncts(noun) if self._is_deed(t)]
        if parse.deps[token] in {"acl", "relcl"} and self._is_deed(parse.heads[token]):
            found.append(parse.heads[token])  # "the attack, condemned by Germany"
        return found

    def _is_deed(self, token: int) -> bool:
        trigger = self.triggers.get(token)
        return (
            trigger is not None
            and self.parse.pos[token] == "NOUN"
            and 1 - trigger.types[0] >= _LIKELY
            and trigger.event_type in _DEEDS
        )

    # whose clause it is --------------------------------------------------------------------------

    def _own(self, token: int, first: Chances) -> None:
        """ "following India's strike": nobody else's."""
        parse = self.parse
        owners = [c for c in parse.children[token] if parse.deps[c] == "poss"]
        if parse.pos[token] in VERBAL:
            owners = [c for c in parse.children[token] if parse.deps[c] == "nsubj"]
        held = [t for t in owners if first.get(t, 0.0) >= _LIKELY and self._is_actor(t)]
        for word in list(first) if held else ():
            if not any(self._below(word, owner) for owner in held):
                first[word] *= _OVER

    def _between(self, token: int, first: Chances, second: Chances) -> None:
        """ "a meeting between Obama and Netanyahu": nobody else's."""
        if self.parse.pos[token] in VERBAL:
            return
        held = set(self._all(self.clauses.noun(token).preps.get("between", [])))
        two = sum(len(self.clauses.mentions_at(one)) for one in held) > 1
        for words in (first, second) if two else ():
            for word in words.keys() - held:
                words[word] *= _ASIDE

    def _denied(self, token: int, second: Chances) -> None:
        """ "denied that her officers had fired": not them."""
        if self.clauses.lemma[token] not in _DENYING:
            return
        for child in self.parse.children[token]:
            if self.parse.deps[child] in _CONTENTS and self.parse.pos[child] in VERBAL:
                for word in self.parse.subtree(child):
                    if word in second:
                        second[word] *= _UNDERGOING

    def _is_actor(self, token: int) -> bool:
        layer = self.clauses.layer
        return self.parse.pos[token] != "PRON" and any(
            layer.entities[layer.mentions[m].entity].entity_type != "other"
            for m in self.clauses.mentions_at(token)
        )

    def _beside(self, token: int, first: Chances, second: Chances) -> None:
        """Words of a clause beside the trigger's, which has parties of its own."""
        parse = self.parse
        if parse.pos[token] not in VERBAL:
            return
        sides = []
        if any(parse.deps[c] == "nsubj" for c in parse.children[token]):
            sides.append(first)
        if any(
            parse.deps[c] in _OBJECTS or parse.lower[c] in _ADDRESSING
            for c in parse.children[token]
        ):
            sides.append(second)
        for child in parse.children[token] if sides else ():
            if not self._is_aside(child):
                continue
            subjects = [c for c in parse.children[child] if parse.deps[c] in _SUBJECTS]
            acting = {t for c in subjects for t in parse.subtree(c)}
            joined = parse.deps[child] == "conj"
            for word in parse.subtree(child):
                for words in sides:
                    if word in words:  # the subject of a clause joined to it is no subject of it
                        words[word] *= _UNDERGOING if joined and word in acting else _ASIDE

    def _joined(self, token: int, event_type: str, first: Chances, second: Chances) -> None:
        """ "Chad stayed away, but Mali and Niger met": whose clause the other is, is no party."""
        parse, over = self.parse, self.parse.heads[token]
        if parse.deps[token] != "conj" or parse.pos[token] not in VERBAL:
            return
        if not any(parse.deps[c] == "nsubj" for c in parse.children[token]):
            return
        others = [c for c in parse.children[over] if parse.deps[c] in _SUBJECTS]
        for words in (first, second) if event_type in _MUTUAL else (first,):
            for word in words:
                if any(self._below(word, other) for other in others):
                    words[word] *= _UNDERGOING

    def _is_aside(self, child: int) -> bool:
        parse, dep = self.parse, self.parse.deps[child]
        if parse.lower[child] in _CIRCUMSTANCE and dep == "prep":
            return True
        if dep == "conj" and parse.pos[child] in VERBAL:
            return True
        below = parse.children[child]
        if any(parse.lower[c] in _CONDITION for c in below):
            return False  # "will not leave until Kosovo frees them": it is put to Kosovo
        return dep == "advcl" and any(parse.deps[c] in _SUBJECTS for c in below)

    # who meets whom ------------------------------------------------------------------------------

    def _apart(self, token: int, first: Chances, second: Chances) -> None:
        """Who met with two has met each, not they each other."""
        hosts, guests = self._meeting(token)
        guests = list(self._all(guests))
        layer = self.clauses.layer
        codes = {
            layer.entities[layer.mentions[m].entity].country_code
            for t in guests
            for m in self.clauses.mentions_at(t)
        }
        acting = [t for t in self._all(hosts) if max(first.get(t, 0), second.get(t, 0)) >= _LIKELY]
        if len(codes - {None}) < 2 or not acting:
            return
        for words, others, side in ((first, second, acting), (second, first, guests)):
            for word in side:
                if chance := max(others.pop(word, 0.0), words.get(word, 0.0)):
                    words[word] = chance

    def _meeting(self, token: int) -> tuple[list[int], list[int]]:
        """(who, with whom) of a verb or noun of meeting."""
        clauses = self.clauses
        if self.parse.pos[token] in VERBAL:
            frame = clauses.verb(token)
            return frame.subj, frame.preps.get("with", [])
        guests = clauses.noun(token).preps.get("with", [])
        for verb, _ in self.senses.governors(token):
            frame = clauses.verb(verb)
            if frame.subj:
                return frame.subj, guests or frame.preps.get("with", [])
        return [], []

    # who speaks ----------------------------------------------------------------------------------

    def speaker(self, token: int) -> int | None:
        """The mention of whoever says "I" or "we" at a word of a quotation."""
        if not self.speaks(token):
            return None
        at = self.parse.starts[token]
        return next((q.speaker for q in self.quotes if q.start_char <= at < q.end_char), None)

    def speaks(self, token: int) -> bool:
        """Is the word a pronoun of the first person?"""
        return self.parse.lower[token] in _FIRST_PERSON

    def is_somebody(self, token: int) -> bool:
        """Does the word do or undergo what only somebody can: "urged them to pay", "they said"?"""
        parse, over = self.parse, self.parse.heads[token]
        dep, below = parse.deps[token], parse.deps[over]
        if dep == "nsubj" and below in _CONTENTS and parse.lower[over - 1] == "to":
            return self._is_of_words(parse.heads[over])
        if not self._is_of_words(over):
            return False
        asked = any(
            parse.deps[c] == "xcomp" or (parse.deps[c] == "prep" and parse.lower[c] == "of")
            for c in parse.children[over]
        )
        return dep == "nsubj" or (dep == "dobj" and asked)

    def is_talked_of(self, token: int) -> bool:
        """Is the word an act that another only speaks of: "condemned a coup", "blamed for it"?"""
        over, dep = self.parse.heads[token], self.parse.deps[token]
        if dep == "pobj" and self.parse.lower[over] in _BLAMED_FOR:
            over = self.parse.heads[over]
        elif dep != "dobj":
            return False
        return token in self.triggers and self._is_of_words(over)

    def _is_of_words(self, token: int) -> bool:
        trigger = self.triggers.get(token)
        verb = self.parse.pos[token] in VERBAL
        return verb and trigger is not None and trigger.event_type in _OF_WORDS

    def _below(self, word: int, over: int) -> bool:
        return word == over or over in self.parse.above(word)


def _sorted(words: Chances) -> Chances:
    return dict(sorted(words.items(), key=lambda one: (-one[1], one[0])))
