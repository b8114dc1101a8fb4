"""Heads of arguments in one article: coordination, relatives, quantities, mentions, actors."""

from __future__ import annotations

from transforms.lexicons.loader import word_set
from transforms.nlp.annotations import EntityLayer, Mention
from transforms.nlp.clauses.predicates import Lexicon
from transforms.nlp.parsing.parse import Parse

_PRONOUNS = word_set("words/clauses.tsv", "heads.pronouns")

RELATIVES = frozenset({"who", "which", "that", "whom", "whose"})
QUANTITIES = word_set("words/clauses.tsv", "heads.quantities")
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON"})
_BODIES = frozenset({"organization", "government", "country", "group"})
_ACTING = frozenset({"person", "organization", "government", "country", "group"})


class Heads:
    """What the heads of an article stand for."""

    def __init__(self, parse: Parse, layer: EntityLayer, lexicon: Lexicon) -> None:
        self.parse, self.layer, self.lexicon = parse, layer, lexicon
        self.children = parse.children
        self._held: dict[int, list[int]] = {}  # token → mentions, of `_counted` mentions in all
        self._counted = 0
        self._cut: set[int] = set()  # conjuncts that belong to the next clause
        self.lemma = self._lemmas()
        self.dateline = self._datelines()
        self.temporal = {
            token
            for start, end, label in parse.ents
            if label in {"DATE", "TIME"}
            for token in range(start, end)
        }

    def _lemmas(self) -> list[str]:
        """Lower-case lemmas; a verb form whose lemma no lexicon knows is looked up by form."""
        found = [lemma.lower() for lemma in self.parse.lemmas]
        verbs, carriers, forms = self.lexicon.verbs, self.lexicon.carriers, self.lexicon.forms
        for token, pos in enumerate(self.parse.pos):
            if pos == "VERB" and found[token] not in verbs and found[token] not in carriers:
                found[token] = forms.get(self.parse.lower[token], found[token])
        return found

    def _datelines(self) -> set[int]:
        """Tokens of "MANILA, Philippines --" before the first words of a sentence."""
        parse, found = self.parse, set[int]()
        for sentence in parse.sents:
            for index in range(sentence.start + 1, min(sentence.start + 9, sentence.end)):
                if parse.words[index] in {"--", "—", "–", "-"} or (
                    parse.words[index] == ":" and index - sentence.start < 3
                ):
                    before = range(sentence.start, index)
                    dated = any(parse.pos[t] == "NUM" for t in before)
                    if (dated or parse.words[sentence.start].isupper()) and all(
                        parse.pos[t] in {"PROPN", "PUNCT", "NUM", "X", "NOUN", "ADP", "DET"}
                        for t in before
                    ):
                        found.update(before)
                    break
        return found

    def antecedent(self, token: int) -> list[int]:
        """What a relative pronoun or a quantity stands for; other tokens stand for themselves."""
        parse = self.parse
        if self.lemma[token] in QUANTITIES or parse.pos[token] == "NUM":
            for child in self.children[token]:
                if parse.deps[child] == "prep" and parse.lower[child] == "of":
                    below = [c for c in self.children[child] if parse.deps[c] == "pobj"]
                    if below:
                        return below
            return [token]
        if parse.lower[token] not in RELATIVES or parse.tags[token] not in {"WP", "WDT", "WP$"}:
            return [token]
        up, steps = parse.heads[token], 0
        while steps < 6 and parse.deps[up] != "relcl" and parse.heads[up] != up:
            up, steps = parse.heads[up], steps + 1
        return [parse.heads[up]] if parse.deps[up] == "relcl" else [token]

    def above(self, token: int) -> tuple[int, str]:
        """(governor, relation) of a token; a finite verb is not coordinated with an infinitive.

        In "agreed to meet and discussed" the parser hangs "discussed" on "meet"; it goes to
        "agreed".
        """
        parse = self.parse
        head, dep = parse.heads[token], parse.deps[token]
        if dep == "conj" and parse.tags[token] in {"VBD", "VBZ", "VBP"}:
            steps = 0
            while steps < 4 and parse.is_infinitive(head) and parse.heads[head] != head:
                head, steps = parse.heads[head], steps + 1
        return head, dep

    def first_conjunct(self, token: int) -> int:
        """The noun that `token` is coordinated with, or `token`."""
        parse, steps = self.parse, 0
        while steps < 8 and parse.pos[token] in _NOMINAL:
            if parse.deps[token] != "conj" and not (
                parse.deps[token] == "appos" and self._in_list(parse.heads[token], token)
            ):
                break
            token, steps = parse.heads[token], steps + 1
        return token

    def conjuncts(self, token: int) -> list[int]:
        """`token` and what is coordinated with it; what a dateline hides instead of it."""
        found = [token]
        if token in self.dateline:
            found = [
                c
                for c in self.parse.subtree(token)
                if c not in self.dateline
                and self.parse.heads[c] in self.dateline
                and self.parse.pos[c] in {"NOUN", "PROPN", "PRON"}
            ]
        for item in found:
            for child in self.children[item]:
                if self.parse.deps[child] == "nmod" and self._coordinated(child):
                    found.append(child)
                if self.parse.deps[child] == "compound":  # "[Li and Georgia Gov.] Brian Kemp"
                    found.extend(
                        c
                        for c in self.children[child]
                        if self.parse.deps[c] == "nmod" and self._coordinated(c)
                    )
                if child in self._cut:
                    continue
                dep = self.parse.deps[child]
                listed = dep == "appos" and (self._and_before(child) or self._in_list(item, child))
                if (dep == "conj" or listed) and (
                    self.parse.pos[child] in {"NOUN", "PROPN", "PRON", "NUM", "ADJ"}
                ):
                    found.append(child)
        return found

    def _in_list(self, first: int, second: int) -> bool:
        """ "The army, the police and the militia": bodies listed, the second parsed as apposed."""
        below = self.children[second]
        if not any(self.parse.deps[c] == "conj" for c in below) or any(
            self.parse.lower[c] in {"a", "an"} for c in below
        ):
            return False
        kinds = [
            {self.layer.entities[self.layer.mentions[m].entity].entity_type for m in found}
            for found in (self.mentions_at(first), self.mentions_at(second))
        ]
        return all(kind and kind <= _BODIES for kind in kinds)

    def _and_before(self, child: int) -> bool:
        """ "Park, left, and Ma, right, met": Ma may be parsed as an apposition of Park."""
        first = self.parse.subtree(child)[0]
        return self.parse.pos[child] == "PROPN" and self.parse.deps[first - 1] == "cc"

    def _coordinated(self, token: int) -> bool:
        """ "Minister Park and Minister Ma" may be parsed with Park as a modifier of Ma."""
        return self.parse.pos[token] == "PROPN" and any(
            self.parse.deps[c] == "cc" for c in self.children[token]
        )

    def mentions_at(self, token: int) -> list[int]:
        """Mentions whose head is `token`, else the widest ones that cover it."""
        mentions = self.layer.mentions
        if self._counted != len(mentions):  # a party was added
            self._counted = len(mentions)
            self._held.clear()
        found = self._held.get(token)
        if found is None:
            found = self._held[token] = self._mentions_at(token)
        return found

    def _mentions_at(self, token: int) -> list[int]:
        mentions = self.layer.mentions
        covering = [m for m in self.layer.at(token) if not self._made(mentions[m], token)]
        if not covering:
            return []
        exact = [m for m in covering if mentions[m].head == token]
        chosen = exact or covering
        first = mentions[chosen[0]]
        return [
            m for m in chosen if (mentions[m].start, mentions[m].end) == (first.start, first.end)
        ]

    def _made(self, mention: Mention, token: int) -> bool:
        """Was the mention only made for a party that is a happening ("condemned the attack")?"""
        return mention.method == "argument" and (
            mention.head != token or self.lemma[token] in self.lexicon.nouns
        )

    def is_proper(self, token: int) -> bool:
        """A proper noun, or an acronym that the tagger takes for a common one ("ICE")."""
        word = self.parse.words[token]
        return self.parse.pos[token] == "PROPN" or (
            self.parse.pos[token] == "NOUN" and word.isupper() and len(word) > 1
        )

    def acts(self, token: int) -> bool:
        """Is the head an actor: a person, body, country, group, or a pronoun for one?"""
        for index in self.mentions_at(token):
            mention = self.layer.mentions[index]
            entity = self.layer.entities[mention.entity]
            machine = entity.sector == "MIL"  # "the jets"
            if entity.entity_type in _ACTING or (
                entity.entity_type == "other" and (machine or mention.mention_type == "name")
            ):
                return True
        if self.is_proper(token) and not self.mentions_at(token):
            return True
        return self.parse.lower[token] in _PRONOUNS
