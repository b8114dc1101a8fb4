"""The other side of an event when the slots of its sense are empty."""

from __future__ import annotations

from collections.abc import Iterable

from transforms.lexicons.loader import word_list, word_set
from transforms.nlp.clauses.predicates import PREPOSITIONS
from transforms.nlp.events.parties import antecedent, owned, parties
from transforms.nlp.events.scenes import is_foe, is_scene
from transforms.nlp.events.senses import Match, Senses
from transforms.nlp.events.sides import entities_of
from transforms.plover import having, values

_NO_PARTY = {kind: frozenset(slots.split()) for kind, slots in values("no_party").items()}
_GENERIC = word_list("words/events.tsv", "fallback.generic")
_ADJUNCTS = word_set("words/events.tsv", "fallback.adjuncts")
_APART = frozenset({"according", "during"})
_CLAUSES = frozenset({"ccomp", "parataxis", "advcl", "conj"})
_STRAY = word_set("words/events.tsv", "fallback.stray")
_VERBAL = frozenset({"VERB", "AUX"})
_CONDITIONS = frozenset({"until", "till", "unless"})
_WEAK_CONDITIONS = frozenset({"if", "before"})
_YIELDS = having("takes_back")
_ABROAD = having("abroad")
_FAR = having("far")
_UP = frozenset({"xcomp", "conj", "pcomp", "prep", "pobj", "dobj", "dative"})


class OtherSide:
    """Looks for who undergoes a match around it. What belongs to the initiator is no other side."""

    def __init__(self, senses: Senses, match: Match, initiators: list[int], acting: int) -> None:
        self.senses, self.match = senses, match
        self.initiators, self.acting = initiators, acting
        self.clauses, self.parse = senses.clauses, senses.parse
        self.layer = senses.clauses.layer
        entities = self.layer.entities
        self.taken = entities_of(senses, initiators)
        self.home: set[str | None] = set()
        if match.sense.event_type in _ABROAD:  # "President Biden … American workers"
            self.home = {entities[e].country_code for e in self.taken} - {None}
        self.own = {match.token, *match.used}
        for mention in initiators:  # "by forces of the regime": the regime is no other side
            held = self.layer.mentions[mention]
            self.own.update(range(held.start, held.end))
            if held.head > match.anchor:
                self.own.update(self.parse.subtree(held.head))

    def near(self) -> tuple[list[int], str]:
        """(mention, how it was found) by the grammar, or ([], "").

        First a preposition of the sense that the parser hung elsewhere, then the party that a
        condition names, then generic slots and the complement, then the verb above.
        """
        steps = (
            ("stray", self._stray),
            ("condition", self._condition),
            ("condition", self._demanded),
            ("fallback", self._generic),
            ("fallback", self._over),
        )
        for how, step in steps:
            for mention in step():
                if self._other(mention):
                    return [self._said(mention)], how
        return [], ""

    def far(self) -> list[int]:
        """Last resort: the first country, place or named actor after the trigger in its clause."""
        if self.match.sense.event_type not in _FAR:
            return []
        mentions = self.layer.mentions
        top, steps = self.match.anchor, 0
        while steps < 5:
            head, dep = self.clauses.above(top)
            if head == top or not (dep in _UP or (dep == "acl" and self.clauses.infinitive(top))):
                break
            top, steps = head, steps + 1
        nominal: list[int] = []
        for token in self._clause_tokens(top):
            if token <= self.match.anchor or token in self.clauses.temporal:
                continue
            if self._beside_point(token, top) or self._sent(token):
                continue
            for index in self.clauses.mentions_at(token):
                if mentions[index].head != token or not self._other(index):
                    continue
                kind = self.layer.entities[mentions[index].entity].entity_type
                named = mentions[index].mention_type == "name" and kind != "other"
                if named:
                    return self._phrase(token) or [index]
                if mentions[index].mention_type == "nominal" and not owned(self.senses, token):
                    nominal.append(index)
        return [self._said(m) for m in nominal[:1]]

    def _beside_point(self, token: int, top: int) -> bool:
        """Does the word stand below "according to", "during", "by" or a participle?"""
        parse = self.parse
        while token != top and parse.heads[token] != token:
            if parse.deps[token] in {"prep", "agent"} and parse.lower[token] in _APART:
                return True
            token = parse.heads[token]
        return False

    def _phrase(self, token: int) -> list[int]:
        """The mention that a name only qualifies ("Bahraini authorities")."""
        head = self.parse.heads[token]
        if self.parse.deps[token] not in {"amod", "compound", "nmod", "poss"}:
            return []
        return [m for m in self.clauses.mentions_at(head) if self._other(m)][:1]

    def _said(self, mention: int) -> int:
        """The name that "the country" stands for."""
        anaphor = self.layer.mentions[mention].method == "anaphor"
        return antecedent(self.senses, mention) if anaphor else mention

    def _clause_tokens(self, top: int) -> list[int]:
        """The words below `top` in text order, without those of clauses with their own subject."""
        parse, found, stack = self.parse, [], [top]
        while stack:
            token = stack.pop()
            found.append(token)
            stack.extend(
                child
                for child in self.clauses.children[token]
                if parse.deps[child] not in _CLAUSES
                or not any(
                    parse.deps[c] in {"nsubj", "nsubjpass"} for c in self.clauses.children[child]
                )
            )
        return sorted(found)

    def inside(self, head: int) -> bool:
        """Does an argument name anybody, itself or in its own arguments?"""
        return any(self._other(m) for m in self._deep(head, 0))

    def beside(self) -> bool:
        """Does the predicate have a target of its own after "on", "against", "to" or "with"?"""
        anchor = self.match.anchor
        if self.parse.pos[anchor] not in _VERBAL:
            return False
        preps = self.clauses.verb(anchor).preps
        heads = self._after(preps, anchor, ("on", "against", "to", "with"))
        return any(self._other(m) for t in heads for m in self._direct(t))

    def _other(self, mention: int) -> bool:
        held = self.layer.mentions[mention]
        entity = self.layer.entities[held.entity]
        if held.head in self.own or held.entity in self.taken:
            return False
        if is_scene(self.senses, self.match, mention, self.acting, last=True):
            return False
        if is_foe(self.senses, self.match, mention):
            return False
        return not (entity.entity_type == "country" and entity.country_code in self.home)

    def _direct(self, head: int) -> list[int]:
        """Mentions at the head and its conjuncts themselves, without the side that acts."""
        return [
            m
            for t in self.clauses.conjuncts(head)
            for m in self.clauses.mentions_at(t)
            if self.layer.mentions[m].entity not in self.taken
        ]

    def partner(self) -> list[int]:
        """An actor after a "with" of the sense's that hangs elsewhere ("met for hours with Li")."""
        found = self._stray(frozenset({"with"}))
        return [m for m in found if self._other(m)]

    def _stray(self, among: frozenset[str] = _STRAY) -> list[int]:
        """An actor after one of the sense's prepositions that hangs on a word in between.

        "returned a portrait by a Belgian artist to its owner": the parser may give "to" to the
        artist.
        """
        parse = self.parse
        slots = [s.rsplit(".", 1)[-1] for s in self.match.sense.recipient]
        slots = [s for s in slots if s in among and s in PREPOSITIONS]
        if not slots:
            return []
        below = [
            t
            for t in parse.subtree(self.match.anchor)
            if t > self.match.anchor
            and parse.lower[t] in slots
            and parse.deps[t] in {"prep", "dative"}
            and self._may_stray(t)
        ]
        for slot in slots:
            for prep in below:
                if parse.lower[prep] != slot:
                    continue
                for child in self.clauses.children[prep]:
                    if (
                        parse.deps[child] == "pobj"
                        and child not in self.clauses.temporal
                        and not owned(self.senses, child)
                        and (found := self._direct(child))
                    ):
                        return found
        return []

    def _may_stray(self, prep: int) -> bool:
        """Is the preposition not that of a clause of its own ("after hearing from his wife")?"""
        parse, head = self.parse, self.parse.heads[prep]
        above, steps = head, 0
        while above != self.match.anchor and steps < 8:
            if parse.deps[above] == "prep" and parse.lower[above] in _ADJUNCTS:
                return False  # "following a meeting with police chiefs"
            above, steps = parse.heads[above], steps + 1
        return (
            parse.pos[head] not in _VERBAL
            or parse.deps[head] in {"conj", "xcomp"}
            or parse.words[prep - 1] == ","
            or self.clauses.infinitive(head)
        )

    def _condition(self) -> list[int]:
        """Whom an act waits for: "will not lift the ban until Cuba reforms" is about Cuba.

        With "if" and "before" only of an act held back; with "after" of one that yields.
        """
        parse, verb = self.parse, self.match.anchor
        if parse.pos[verb] not in _VERBAL:
            return []
        marks = set(_CONDITIONS)
        if any(parse.deps[c] == "neg" for c in self.clauses.children[verb]):
            marks |= _WEAK_CONDITIONS
        if self.match.sense.event_type in _YIELDS:
            marks.add("after")
        for clause in self.clauses.children[verb]:
            if parse.deps[clause] != "advcl" or clause < verb:
                continue
            found = {parse.lower[c] for c in self.clauses.children[clause]} & marks
            if found and not (found == {"after"} and self.clauses.verb(clause).passive):
                more = (c for c in self.clauses.children[verb] if c > clause)
                for part in (clause, *(c for c in more if parse.deps[c] == "conj")):
                    people = self._acting(part, 0)
                    if people:
                        return people
        return []

    def _demanded(self) -> list[int]:
        """Of whom protesters demand something: "rallied in Kyiv, demanding the mayor's exit"."""
        if self.match.sense.event_type != "PROTEST":
            return []
        for top in dict.fromkeys((self.match.anchor, self.match.token)):
            for verb in self.clauses.children[top]:
                inner = self.senses.best(verb) if self.parse.pos[verb] in _VERBAL else None
                if inner is None or inner.sense.event_type != "REQUEST" or verb < top:
                    continue
                for slot in inner.sense.recipient:
                    for token in self.senses.slot(inner, slot):
                        found = [
                            m for m in parties(self.senses, token, acting=False) if self._other(m)
                        ]
                        if found:
                            return found
        return []

    def _acting(self, verb: int, depth: int) -> list[int]:
        """Who acts in a clause, else who undergoes, else the same of the clauses in it."""
        frame = self.clauses.verb(verb)
        for token in (*frame.subj, *frame.obj):
            if owned(self.senses, token):
                continue
            found = [m for m in parties(self.senses, token, acting=True) if self._other(m)]
            if found:
                return found
        if depth < 2:
            for child in self.clauses.children[verb]:
                if self.parse.deps[child] in {"ccomp", "xcomp", "conj", "acomp"}:
                    found = self._acting(child, depth + 1)
                    if found:
                        return found
        return []

    def _generic(self) -> list[int]:
        without = _NO_PARTY.get(self.match.sense.event_type, frozenset())
        return self._search(self.match.anchor, self.match.token, 0, without)

    def _over(self) -> list[int]:
        """What stands with the verb over the trigger.

        "strikes hit the enclave" (subject noun), "started a hunger strike to protest against the
        court" (object noun), "called the king to express support" (purpose).
        """
        parse, clauses, child = self.parse, self.clauses, self.match.anchor
        head, dep = clauses.above(child)
        if head == child or parse.pos[head] not in _VERBAL:
            return []
        frame = clauses.verb(head)
        heads: list[int] = []
        if parse.pos[child] not in _VERBAL:
            if dep == "nsubj" and self.match.sense.event_type == "ASSAULT":
                heads = [t for t in frame.obj if t > head]
            elif dep == "dobj":
                heads = self._after(frame.preps, head, ("against", "to", "on", "with"))
                heads.extend(t for t in frame.xcomp if t != child)
        elif dep in {"advcl", "xcomp"} and clauses.infinitive(child):
            heads = [*frame.obj, *frame.iobj]
            heads += [c for c in clauses.children[head] if parse.deps[c] == "oprd"]
            heads += self._after(frame.preps, head, ("to", "with"))
        return [m for token in heads for m in self._deep(token, 1)]

    @staticmethod
    def _after(preps: dict[str, list[int]], verb: int, slots: Iterable[str]) -> list[int]:
        return [t for slot in slots for t in preps.get(slot, ()) if t > verb]

    def _search(
        self, anchor: int, token: int, depth: int, without: frozenset[str] = frozenset()
    ) -> list[int]:
        clauses, entities = self.clauses, self.layer.entities
        verb = self.parse.pos[anchor] in _VERBAL
        heads: list[int] = []
        noun = not verb or token != anchor
        for slot in _GENERIC:
            if noun and slot not in without:
                heads.extend(clauses.noun(token).preps.get(slot, []))
        for slot in _GENERIC:
            if not verb or slot in without:
                continue
            frame = clauses.verb(anchor)
            if slot == "obj" and depth and self._sends(anchor):
                continue  # "offered to send a mediator"
            if slot == "obj":
                heads.extend(t for t in frame.obj + frame.iobj if t != token)
            else:
                heads.extend(t for t in frame.preps.get(slot, []) if t > anchor)
        if verb:
            heads.extend(clauses.verb(anchor).xcomp)
            if self.match.sense.event_type == "ACCUSE":  # "what he calls an act by India"
                heads.extend(clauses.verb(anchor).ccomp)
                heads.extend(c for c in clauses.children[anchor] if self.parse.deps[c] == "oprd")
        heads.extend(clauses.noun(token).xcomp if token != anchor or not verb else [])
        actors: list[int] = []
        places: list[int] = []
        for head in heads:
            for mention in self._deep(head, depth):
                if self.layer.mentions[mention].entity in self.taken:
                    continue
                kind = entities[self.layer.mentions[mention].entity].entity_type
                side = places if kind == "place" else actors
                if mention not in side:
                    side.append(mention)
        return actors + places

    def _sent(self, token: int) -> bool:
        """Is it what somebody is to send ("offered to send a mediator")?"""
        verb = self.parse.heads[token]
        return (
            self.parse.deps[token] == "dobj"
            and verb != self.match.anchor
            and self.clauses.infinitive(verb)
            and self._sends(verb)
        )

    def _sends(self, verb: int) -> bool:
        return self.senses.lexicon.has_class("transfer_verb", self.clauses.lemma[verb])

    def _deep(self, head: int, depth: int) -> list[int]:
        """Mentions in an argument and, where it has none, in its own arguments."""
        clauses, parse = self.clauses, self.parse
        if depth > 4 or head in clauses.temporal:
            return []
        if parse.pos[head] in _VERBAL:
            return self._clause(head, depth)
        there = clauses.mentions_at(head)
        if there and all(self.layer.mentions[m].entity in self.taken for m in there):
            return []  # who acts is not to be looked into
        own = [] if self._built(head) else self._direct(head)
        own_side = owned(self.senses, head)
        if own and not own_side and parse.pos[head] != "PRON":
            return own
        found = []
        for child in clauses.children[head]:
            if parse.deps[child] == "prep" and parse.lower[child] in _ADJUNCTS:
                continue
            if parse.deps[child] == "relcl" and self.match.sense.event_type == "REJECT":
                continue  # "rejected a contract that would let the port …"
            if parse.deps[child] in {"prep", "acl", "relcl", "appos"}:
                below = clauses.children[child] if parse.deps[child] == "prep" else [child]
                for inner in below:
                    found.extend(self._deep(inner, depth + 1))
            elif parse.deps[child] in {"poss", "compound", "amod", "nmod"} and not own_side:
                found.extend(
                    m
                    for m in clauses.mentions_at(child)
                    if self.layer.mentions[m].entity not in self.taken
                )
        return [m for m in found if self.layer.mentions[m].head != head]

    def _built(self, head: int) -> bool:
        """Is the object only made by the act ("agreed to set up a force of Ghanaian troops")?"""
        parse = self.parse
        return (
            parse.deps[head] in {"dobj", "conj"}
            and self.senses.lexicon.has_class(
                "founding_verb", self.clauses.lemma[parse.heads[head]]
            )
            and any(
                parse.deps[c] in {"det", "nummod"} and parse.lower[c] != "the"
                for c in self.clauses.children[head]
            )
        )

    def _clause(self, verb: int, depth: int) -> list[int]:
        """Of a clause that an accusation is about, who acts: "claims that soldiers beat a man"."""
        what = any(self.parse.lower[t] == "what" for t in self.clauses.children[verb])
        if what:  # "what he calls an act by India"
            return [
                m
                for token in self.clauses.verb(verb).preps.get("by", ())
                for m in self._direct(token)
            ] or self._search(verb, verb, depth + 1)
        if self.match.sense.event_type == "ACCUSE" and self.parse.deps[verb] in {"acl", "ccomp"}:
            for child in self.clauses.children[verb]:
                if self.parse.deps[child] == "nsubj":
                    found = parties(self.senses, child, acting=True)
                    if found:
                        return found
        return self._search(verb, verb, depth + 1)
