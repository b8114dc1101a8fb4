"""Modality, polarity and attribution of an event: what stands over and beside its trigger."""

from __future__ import annotations

from transforms.lexicons.loader import word_set
from transforms.nlp.clauses.arguments import Clauses
from transforms.nlp.clauses.predicates import governors

_STRENGTH = {"asserted": 0, "planned": 1, "possible": 2, "alleged": 3, "negated": 4, "denied": 5}
_VERBAL = frozenset({"VERB", "AUX"})
_TOLD = frozenset({"alleged", "denied"})
_ADJUNCTS = word_set("words/statements.tsv", "modality.adjuncts")
_CARRIES = frozenset({"xcomp", "ccomp", "dobj", "pobj", "nsubjpass"})


class Modality:
    """Modality and attribution for one article."""

    def __init__(self, clauses: Clauses) -> None:
        self.clauses, self.parse = clauses, clauses.parse
        self.rules = governors()

    def of_phrase(self, anchor: int, token: int) -> tuple[str, int | None]:
        """As `of`, for a phrase of a verb (`anchor`) and the noun (`token`) that it carries."""
        if anchor == token:
            return self.of(token)
        top, below = (token, anchor) if self.parse.heads[anchor] == token else (anchor, token)
        found, source = self.of(top)
        own = self._own(below)
        return (own if _STRENGTH[own] > _STRENGTH[found] else found), source

    def of(self, token: int) -> tuple[str, int | None]:
        """(modality, speech verb or source that tells of it) for the event `token` carries."""
        parse = self.parse
        found: list[str] = [self._own(token)]
        source: int | None = None
        child, steps, inside = token, 0, True
        while steps < 12:
            head, dep = self.clauses.above(child)
            if head == child:
                break
            if dep == "ccomp" and child < head and self._complete(head):
                break  # "A accused B; C denied this" is two sentences
            rule = self._rule(head, child, dep)
            if rule is not None and (inside or "attribution" in rule[1]):
                modality, flags = rule
                if inside or modality in _TOLD:
                    found.append(modality)
                if "attribution" in flags and source is None:
                    source = self._speaker(head)
                    if found[0] == "possible" and self._future_in_past(token, head):
                        found[0] = "planned"
            if inside and dep in _CARRIES and parse.pos[head] in _VERBAL:
                plain = rule is None or rule[0] == "asserted"
                found.append(self._own(head) if plain else "asserted")
            elif inside and dep == "nsubj" and rule is None and parse.pos[head] in _VERBAL:
                found.append(self._own(head))  # "the summit will take place"
            elif inside and dep == "conj" and self._shares_auxiliary(child):
                found.append(self._own(head))
            inside = inside and self._is_content(child, dep)
            child, steps = head, steps + 1
        if self._asked(token):
            found.append("possible")
        if source is None:
            source = self._according(token)
        return max(found, key=lambda m: _STRENGTH[m]), source

    def _complete(self, verb: int) -> bool:
        """A verb with an object of its own has no clause for an object."""
        return any(self.parse.deps[c] == "dobj" for c in self.clauses.children[verb])

    def _shares_auxiliary(self, token: int) -> bool:
        """ "will meet Xi and discuss trade": the second verb has no subject or tense of its own."""
        parse = self.parse
        return (
            parse.pos[token] in _VERBAL
            and not any(
                parse.deps[c] in {"nsubj", "nsubjpass", "aux", "auxpass"}
                for c in self.clauses.children[token]
            )
            and parse.tags[token] in {"VB", "VBN", "VBG"}
        )

    def _is_content(self, token: int, dep: str) -> bool:
        """Does what is said of the governor hold for `token` too?

        A relative clause, a participle or an adverbial ("imposed after the deployment") tells
        of something that stands by itself.
        """
        if dep in {"relcl", "advcl", "parataxis", "appos", "poss", "compound"}:
            return False
        if dep == "acl":
            return self.clauses.infinitive(token) or self._that(token)
        if dep == "prep":
            return self.parse.lower[token] not in _ADJUNCTS
        return True

    def _future_in_past(self, token: int, speech: int) -> bool:
        """ "said it would leave" is a plan, unless a condition hangs on it."""
        return (
            self.clauses.has_auxiliary(token, ("would", "'d"))
            and not self.clauses.conditional(token)
            and self.parse.tags[speech] in {"VBD", "VBN"}
        )

    def _asked(self, token: int) -> bool:
        parse = self.parse
        sentence = parse.sents[parse.sent_of[token]]
        return parse.words[sentence.end - 1] == "?"

    def _own(self, token: int) -> str:
        """Tense, modal, negation, marker and modifiers on the word itself."""
        parse, rules = self.parse, self.rules
        best = "asserted"
        for child in self.clauses.children[token]:
            dep, lower = parse.deps[child], parse.lower[child]
            rule: tuple[str, ...] | None = None
            if dep in {"aux", "auxpass"}:
                rule = rules.get((lower, "aux"))
                if lower == "to" and parse.deps[token] in {"advcl", "relcl", "acl"}:
                    rule = ("planned",)
            elif (
                dep == "neg"
                or (dep == "det" and lower in {"no", "neither"})
                or (
                    dep in {"nsubj", "nsubjpass"}
                    and any(
                        parse.lower[c] in {"no", "neither"} and parse.tags[child] != "CD"
                        for c in self.clauses.children[child]
                    )
                )
            ):
                rule = ("negated",)
            elif dep in {"mark", "advmod"}:
                rule = rules.get((lower, "mark"))
            elif dep in {"amod", "compound"}:
                rule = rules.get((lower, "adjective"))
            if rule is not None and _STRENGTH[rule[0]] > _STRENGTH[best]:
                best = rule[0]
        return best

    def _rule(self, head: int, child: int, dep: str) -> tuple[str, tuple[str, ...]] | None:
        """What the governor `head` says of its dependent."""
        parse = self.parse
        scope = {
            "dobj": "obj", "xcomp": "xcomp", "ccomp": "ccomp", "nsubjpass": "obj",
            "parataxis": "ccomp", "acl": "xcomp", "nsubj": "subj", "amod": "mod",
        }.get(dep)  # fmt: skip
        if dep == "acl" and self._that(child):
            scope = "ccomp"  # "the claim that …"
        governor = head
        if dep in {"pobj", "pcomp"}:
            while parse.deps[head] == "conj" and parse.pos[parse.heads[head]] == "ADP":
                head = parse.heads[head]  # "accused Iran of shelling … and of arming …"
            scope = parse.lower[head]
            governor = parse.heads[head]
        top = self.clauses.first_conjunct(governor)
        above = parse.heads[top]
        if dep == "pcomp" and parse.deps[top] == "dobj" and parse.pos[above] in _VERBAL:
            governor = above  # "accused [the law of attacking …]", "accused A and [B of …]"
        pos = parse.pos[governor]
        kind = "verb" if pos in _VERBAL else "adjective" if pos == "ADJ" else "noun"
        rule = self.rules.get((self.clauses.lemma[governor], kind))
        if rule is None:
            return None
        if scope in rule or "any" in rule:
            return rule[0], rule[1:]
        told = kind == "verb" and rule[0] == "asserted" and {"ccomp", "attribution"} <= {*rule}
        if scope == "xcomp" and told and self.clauses.verb(governor).passive:
            return "alleged", ()  # "were reported to have fired"
        return None

    def _that(self, verb: int) -> bool:
        parse = self.parse
        return any(
            parse.deps[c] == "mark" and parse.lower[c] == "that"
            for c in self.clauses.children[verb]
        )

    def _speaker(self, verb: int) -> int | None:
        """The token that is the source of a speech verb, if any."""
        frame = self.clauses.verb(verb)
        return frame.subj[0] if frame.subj else None

    def _according(self, token: int) -> int | None:
        """X of "according to X" in the sentence of `token`."""
        parse = self.parse
        sentence = parse.sents[parse.sent_of[token]]
        for index in range(sentence.start, sentence.end - 1):
            if parse.lower[index] == "according" and parse.lower[index + 1] == "to":
                for child in self.clauses.children[index + 1]:
                    if parse.deps[child] == "pobj":
                        return child
        return None
