"""Who stands in which slot of a predicate, after voice, relatives, control and conjunction.

`Clauses` answers for one article: the frame of a verb, the frame of a noun, and (`Heads`) what an
argument head stands for. Frames are made at first use and kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from transforms.lexicons.loader import word_set
from transforms.nlp.annotations import EntityLayer
from transforms.nlp.clauses.heads import Heads
from transforms.nlp.clauses.predicates import Lexicon, governors
from transforms.nlp.parsing.parse import VERBAL, Parse

SUBJECTS = frozenset({"nsubj", "csubj"})
PASSIVE_SUBJECTS = frozenset({"nsubjpass", "csubjpass"})
_PREP_DEPS = frozenset({"prep", "agent", "dative"})
_OBJECT_CONTROL_PREPS = word_set("words/clauses.tsv", "arguments.object-control-preps")
_OBJECT_CONTROL = word_set("words/clauses.tsv", "arguments.object-control")
_SUBJECT_CONTROL = word_set("words/clauses.tsv", "arguments.subject-control")
_BARE = word_set("words/clauses.tsv", "arguments.bare")
_INTRANSITIVE = word_set("words/clauses.tsv", "arguments.intransitive")


@dataclass(slots=True)
class Frame:
    """Argument heads (tokens) of one predicate, by slot."""

    subj: list[int] = field(default_factory=list)
    obj: list[int] = field(default_factory=list)
    iobj: list[int] = field(default_factory=list)
    preps: dict[str, list[int]] = field(default_factory=dict)
    parts: dict[str, int] = field(default_factory=dict)  # particles, adverbs, complements
    xcomp: list[int] = field(default_factory=list)
    ccomp: list[int] = field(default_factory=list)
    poss: list[int] = field(default_factory=list)
    compound: list[int] = field(default_factory=list)
    amod: list[int] = field(default_factory=list)
    verb: list[int] = field(default_factory=list)
    passive: bool = False
    particle: str = ""


class Clauses(Heads):
    """Frames of one article, beside its heads."""

    def __init__(self, parse: Parse, layer: EntityLayer, lexicon: Lexicon) -> None:
        super().__init__(parse, layer, lexicon)
        self.governors = governors()
        self._verbs: dict[int, Frame] = {}
        self._nouns: dict[int, Frame] = {}
        self._busy: set[int] = set()
        # quotations have a lexicon without classes
        self._transfers, self._lodges, self._tells = (
            lexicon.classes.get(name, frozenset())
            for name in ("transfer_verb", "lodging_verb", "telling_verb")
        )

    # verbs ---------------------------------------------------------------------------------

    def verb(self, token: int) -> Frame:
        """Frame of a verb; `subj` is who acts and `obj` who undergoes, whatever the voice."""
        found = self._verbs.get(token)
        if found is not None:
            return found
        if token in self._busy:
            return Frame()
        self._busy.add(token)
        frame = self._own_verb(token)
        self._inherit(token, frame)
        self._busy.discard(token)
        self._verbs[token] = frame
        return frame

    def _own_verb(self, token: int) -> Frame:
        deps, lower = self.parse.deps, self.parse.lower
        frame = Frame()
        surface: list[int] = []
        split = self._split_subject(token)
        for child in self.children[token]:
            dep = deps[child]
            if dep in SUBJECTS:
                surface.append(child if split is None else split[1])
            elif dep in PASSIVE_SUBJECTS:
                surface.append(child)
                frame.passive = True
            elif dep == "auxpass":
                frame.passive = True
            elif dep == "dobj":
                if not frame.obj or self.parse.words[self.parse.subtree(child)[0] - 1] != ",":
                    frame.obj.append(child)  # a second one after a comma is an apposition
            elif dep == "dative" and self.parse.pos[child] != "ADP":
                frame.iobj.append(child)
            elif dep in _PREP_DEPS:
                self._prep(child, frame)
            elif dep == "prt":
                frame.parts[lower[child]] = child
                frame.particle = lower[child]
            elif dep in {"advmod", "acomp", "attr", "oprd", "amod", "intj", "npadvmod"}:
                frame.parts.setdefault(lower[child], child)
                if dep == "advmod":
                    for below in self.children[child]:
                        if deps[below] == "prep":
                            self._prep(below, frame)
            elif dep == "xcomp":
                frame.xcomp.append(child)
            elif dep in {"ccomp", "advcl", "xcomp"} and self.parse.pos[child] == "ADJ":
                frame.obj.extend(c for c in self.children[child] if deps[c] in {*SUBJECTS, "dobj"})
                frame.parts.setdefault(lower[child], child)  # "found him guilty"
            elif dep == "conj" and self.parse.pos[child] in {"NOUN", "PROPN"}:
                frame.obj.append(child)  # "moved vehicles and about 600 troops"
            elif dep == "ccomp" and (split_below := self._split_subject(child)) is not None:
                frame.obj.append(split_below[0])
            elif dep == "ccomp":
                bare = self.parse.is_infinitive(child) or (
                    self.lemma[token] in _BARE
                    and self.parse.tags[child] == "VB"
                    and any(deps[c] == "nsubj" for c in self.children[child])
                )
                (frame.xcomp if bare else frame.ccomp).append(child)
                if bare:
                    frame.obj.extend(c for c in self.children[child] if deps[c] in SUBJECTS)
                    frame.obj.extend(c for c in self.children[child] if deps[c] in PASSIVE_SUBJECTS)
            elif dep == "advcl" and self.parse.is_infinitive(child):
                frame.xcomp.append(child)
        if token > 1 and self.parse.words[token - 1] == "-":
            frame.parts.setdefault(lower[token - 2], token - 2)  # "test-fired"
        if frame.obj and "to" not in frame.preps and self.lemma[token] in self._transfers:
            self._reattach(token, frame)
        if surface:
            surface[:0] = self._listed_before(token, surface[0])
        if not frame.passive and not surface and not frame.obj:
            frame.passive = self._reduced_passive(token)
        (frame.obj if frame.passive else frame.subj).extend(surface)
        if surface and not frame.passive and not frame.obj and self.parse.deps[token] == "amod":
            frame.obj.append(self.parse.heads[token])  # "Doha hosted talks" parsed as a phrase
        if frame.passive:
            agents = self._agents(token)
            for child in frame.xcomp if not agents else ():  # "were let go by the guards"
                agents.extend(self._agents(child))
            frame.subj.extend(agents)
        frame.subj = [r for t in frame.subj for r in self.antecedent(t)]
        frame.obj = [r for t in frame.obj for r in self.antecedent(t)]
        for word, tokens in frame.preps.items():
            frame.preps[word] = [r for t in tokens for r in self.antecedent(t)]
        return frame

    def _reattach(self, verb: int, frame: Frame) -> None:
        """Give a verb of transfer the last "to" below its object that can be its own.

        Not one that a participle or adjective asks for ("a statue belonging to Iran"), unless
        a comma or another "to" stands between.
        """
        parse, deps = self.parse, self.parse.deps
        for prep in reversed(parse.subtree(verb)):
            if parse.lower[prep] != "to" or deps[prep] not in {"prep", "dative"} or prep < verb:
                continue
            above = parse.heads[prep]
            noun = parse.pos[above] in {"NOUN", "PROPN", "NUM"} or deps[above] == "appos"
            if not noun and not (
                parse.words[prep - 1] == ","
                or any(parse.lower[t] == "to" and above < t < prep for t in parse.subtree(above))
            ):
                continue
            found = [c for c in self.children[prep] if deps[c] == "pobj" and self.mentions_at(c)]
            if found:
                frame.preps["to"] = found
                return

    def _listed_before(self, verb: int, subject: int) -> list[int]:
        """Names that a headline lists before its subject: "EU, Japan sign accord"."""
        parse = self.parse
        start = parse.sents[parse.sent_of[verb]].start
        found: list[int] = []
        for child in self.children[verb]:
            if child >= subject or not (
                parse.deps[child] in {"npadvmod", "nsubj", "dep"}
                and parse.pos[child] == "PROPN"
                and parse.words[child + 1] == ","
                and parse.subtree(child)[0] == start
            ):
                break
            found.append(child)
            start = child + 2
        return found if found and parse.subtree(subject)[0] == start else []

    def _split_subject(self, verb: int) -> tuple[int, int] | None:
        """(object of the clause before, own subject) of a clause glued to the one before.

        "Armenia freed eight soldiers and Azerbaijan released six men" may be parsed as if
        Armenia freed that soldiers and Azerbaijan released them.
        """
        parse = self.parse
        head = parse.heads[verb]
        if parse.deps[verb] != "ccomp" or parse.pos[verb] != "VERB" or head > verb:
            return None
        if "attribution" in self.governors.get((self.lemma[head], "verb"), ()):
            return None
        children = self.children[verb]
        if any(parse.deps[c] in {"mark", "aux"} for c in children):
            return None
        for child in children:
            if parse.deps[child] == "nsubj":
                second = [c for c in self.children[child] if parse.deps[c] == "conj"]
                if len(second) == 1 and parse.pos[child] in {"NOUN", "PROPN"}:
                    self._cut.add(second[0])
                    return child, second[0]
        return None

    def _prep(self, prep: int, frame: Frame) -> None:
        deps, lower = self.parse.deps, self.parse.lower
        if lower[prep] in {"according", "due", "owing"}:
            return
        for child in self.children[prep]:
            dep = deps[child]
            if dep in {"pobj", "pcomp"}:
                if child not in self.temporal:
                    frame.preps.setdefault(lower[prep], []).append(child)
            elif dep == "prep":
                frame.parts.setdefault(lower[prep], prep)  # "pulled out of"
                self._prep(child, frame)

    def _agents(self, token: int) -> list[int]:
        return [
            below
            for child in self.children[token]
            if self.parse.deps[child] == "agent" or self.parse.lower[child] == "by"
            for below in self.children[child]
            if self.parse.deps[below] == "pobj"
        ]

    def _reduced_passive(self, token: int) -> bool:
        parse = self.parse
        if parse.tags[token] != "VBN":
            return False
        if any(parse.deps[c] == "aux" for c in self.children[token]):
            return False
        dep = parse.deps[token]
        if dep == "acl" and parse.deps[parse.heads[token]] == "ROOT":
            return self.lemma[token] not in _INTRANSITIVE  # "Relatives protested", no main verb
        if dep in {"acl", "advcl", "amod"}:
            return True
        if dep == "conj":
            return self.verb(parse.heads[token]).passive
        return dep in {"ROOT", "ccomp"} and bool(self._agents(token))

    def _inherit(self, token: int, frame: Frame) -> None:
        """Fill the missing subject (or the object of a passive) from the governing clause."""
        parse = self.parse
        head, dep = self.above(token)
        filled = frame.obj if frame.passive else frame.subj
        if head == token:
            return
        if dep == "relcl":
            self._relative(token, head, frame)
            return
        if filled:
            return
        if dep == "acl":
            finite = self.lemma[token] in _INTRANSITIVE
            active = bool(frame.obj) and parse.tags[token] == "VBN"  # "a mob hacked him to death"
            if frame.passive or finite or active or parse.tags[token] in {"VBG", "VBD"}:
                filled.append(head)
            elif parse.pos[head] in {"NOUN", "PROPN"}:  # "a decision to withdraw"
                filled.extend(self.owner(head))
        elif dep == "conj" and parse.pos[head] in VERBAL:
            above = self.verb(head)
            if above.passive and not frame.passive:
                filled.extend(above.obj)
            else:
                filled.extend(above.obj if frame.passive and above.passive else above.subj)
        elif dep in {"xcomp", "advcl", "ccomp"} and parse.pos[head] in VERBAL:
            if dep == "ccomp" and not self.parse.is_infinitive(token):
                return
            above = self.verb(head)
            controlled = dep == "xcomp" or (dep == "advcl" and self._asked(head))
            if self.lemma[head] == "summon" and self._voices(token):
                filled.extend(above.subj)
            elif above.passive:
                filled.extend(above.obj or above.subj)
            elif controlled and above.obj and self.lemma[head] not in _SUBJECT_CONTROL:
                filled.extend(above.obj)
            elif controlled and self._asked(head):
                filled.extend(self._asked(head))
            else:
                filled.extend(above.subj)
        elif dep in {"xcomp", "acomp"} and parse.pos[head] == "ADJ":
            filled.extend(self._copular(head))
        elif dep == "pcomp":
            self._gerund(token, head, filled)

    def _voices(self, verb: int) -> bool:
        """Is the clause what an envoy is summoned to hear: "summoned him to lodge a protest"?"""
        return self.lemma[verb] in self._lodges

    def _asked(self, verb: int) -> list[int]:
        """X of "called on X to leave", "appealed to X to leave"."""
        frame = self._verbs.get(verb) or self.verb(verb)
        if self.lemma[verb] in {"call", "appeal", "prevail", "rely", "count"}:
            return frame.preps.get("on") or frame.preps.get("upon") or frame.preps.get("to") or []
        return []

    def _copular(self, adjective: int) -> list[int]:
        head = self.parse.heads[adjective]
        return self.verb(head).subj if self.parse.pos[head] in {"AUX", "VERB"} else []

    def _gerund(self, token: int, prep: int, filled: list[int]) -> None:
        parse = self.parse
        above, steps = parse.heads[prep], 0
        while parse.deps[above] == "prep" and steps < 3:
            above, steps = parse.heads[above], steps + 1
        above = self.first_conjunct(above)  # "accused [A and [B of shelling …]]"
        if parse.pos[above] in VERBAL:
            frame = self.verb(above)
            if frame.passive or (frame.obj and parse.lower[prep] in _OBJECT_CONTROL_PREPS):
                filled.extend(frame.obj)
            else:
                filled.extend(frame.subj)
        elif parse.deps[above] in {"dobj", "nsubjpass"} and (
            self.acts(above) or self.lemma[parse.heads[above]] in _OBJECT_CONTROL
        ):
            filled.append(above)  # "accused [the rebels of shelling]"
        elif parse.pos[above] in {"NOUN", "PROPN"}:
            filled.extend(self.owner(above))
        elif parse.pos[above] == "ADJ":  # "are guilty of violating the truce"
            filled.extend(self._copular(above))

    def owner(self, noun: int) -> list[int]:
        """Who has the plan, decision or attempt that `noun` names."""
        parse = self.parse
        poss = [c for c in self.children[noun] if parse.deps[c] == "poss"]
        if poss:
            return poss
        head = parse.heads[noun]
        if parse.deps[noun] in {"dobj", "attr", "pobj"}:
            while parse.deps[head] == "prep" and parse.heads[head] != head:
                head = parse.heads[head]
            if parse.pos[head] in VERBAL:
                return list(self.verb(head).subj)
        return []

    def _relative(self, token: int, head: int, frame: Frame) -> None:
        parse = self.parse
        if not (frame.obj if frame.passive else frame.subj):
            (frame.obj if frame.passive else frame.subj).append(head)
        elif (
            not frame.obj
            and not frame.passive
            and head not in frame.subj
            and not any(head in tokens for tokens in frame.preps.values())
            and parse.tags[token] != "VBN"
        ):
            frame.obj.append(head)

    # nouns ---------------------------------------------------------------------------------

    def noun(self, token: int) -> Frame:
        """Frame of a noun: possessor, compounds, prepositional objects, governing verb."""
        found = self._nouns.get(token)
        if found is not None:
            return found
        parse, deps = self.parse, self.parse.deps
        frame = self._nouns[token] = Frame()
        for child in self.children[token]:
            dep = deps[child]
            if dep == "poss":
                frame.poss.append(child)
            elif dep in {"compound", "nmod"}:
                frame.compound.append(child)
                frame.compound.extend(c for c in self.children[child] if deps[c] == "compound")
            elif dep in {"amod", "nummod"}:
                frame.amod.append(child)
                for below in self.children[child]:
                    if deps[below] in {"npadvmod", "compound"} or (
                        deps[below] == "amod" and parse.words[below + 1] == "-"
                    ):  # "the French-German summit"
                        frame.compound.append(below)
            elif dep in _PREP_DEPS:
                self._prep(child, frame)
            elif dep in {"acl", "relcl"}:
                if dep == "acl" and self.parse.is_infinitive(child):
                    frame.xcomp.append(child)
                elif dep == "acl" and parse.tags[child] in {"VBN", "VBD"}:
                    told = self.lemma[child] in self._tells
                    for below in self.children[child]:
                        if deps[below] in _PREP_DEPS and not (told and deps[below] == "agent"):
                            self._prep(below, frame)  # no doer: "condemned by the UN"
                else:
                    frame.ccomp.append(child)
        head = parse.heads[token]
        while deps[head] == "prep" and parse.heads[head] != head:
            head = parse.heads[head]
        if head != token and parse.pos[head] in VERBAL:
            frame.verb.append(head)
        for word, tokens in frame.preps.items():
            frame.preps[word] = [r for t in tokens for r in self.antecedent(t)]
        frame.poss = [r for t in frame.poss for r in self.antecedent(t)]
        return frame
