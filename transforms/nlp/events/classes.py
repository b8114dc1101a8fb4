"""Of which class an argument head is: actor, person, country, a word list, a PLOVER type."""

from __future__ import annotations

from transforms.lexicons.loader import word_set
from transforms.nlp.clauses.arguments import Clauses
from transforms.nlp.clauses.predicates import Lexicon
from transforms.plover import event_types

_PERSONAL = word_set("words/events.tsv", "classes.personal")


class Classes:
    """Answers the classes that conditions of the lexicon ask for, in one article."""

    def __init__(self, clauses: Clauses, lexicon: Lexicon) -> None:
        self.clauses, self.lexicon, self.parse = clauses, lexicon, clauses.parse

    def type_at(self, token: int) -> str | None:
        """PLOVER type of the predicate at `token`; known to the subclass that has senses."""
        del token
        return None

    def is_class(self, token: int, kind: str) -> bool:
        """Is the argument head of class `kind` (an @list, a PLOVER type or a basic class)?"""
        clauses, parse = self.clauses, self.parse
        if kind[0] == "@":
            entries = self.lexicon.classes[kind[1:]]
            return clauses.lemma[token] in entries or parse.lower[token] in entries
        if kind in event_types():
            return self.type_at(token) == kind
        if kind == "any":
            return True
        if kind == "actor":
            return clauses.acts(token) or self._is_place(token)
        if kind == "thing":
            return not clauses.acts(token)
        if kind == "plural":
            return self.is_plural(token)
        if kind == "number":
            return parse.tags[token] == "CD" or any(
                parse.tags[c] == "CD" for c in clauses.children[token]
            )
        if kind == "event":
            return clauses.lemma[token] in self.lexicon.nouns
        kinds = {
            clauses.layer.entities[clauses.layer.mentions[m].entity].entity_type
            for m in clauses.mentions_at(token)
        }
        if kind == "person":
            return (
                bool(kinds & {"person", "group"})
                or self._bare_name(token)
                or parse.lower[token] in _PERSONAL
            )
        if kind == "country":
            return bool(kinds & {"country", "government"})
        if kind == "place":
            return bool(kinds & {"place", "country"})
        if kind == "org":
            return bool(kinds & {"organization", "government"})
        return "group" in kinds

    def _bare_name(self, token: int) -> bool:
        """A capitalised word of unknown kind may be a surname."""
        parse, layer = self.parse, self.clauses.layer
        if parse.pos[token] != "PROPN":
            return False
        found = self.clauses.mentions_at(token)
        return all(
            layer.entities[layer.mentions[m].entity].sector in {None, "UNK"}
            and layer.entities[layer.mentions[m].entity].entity_type in {"other", "organization"}
            for m in found
        )

    def _is_place(self, token: int) -> bool:
        layer = self.clauses.layer
        return any(
            layer.entities[layer.mentions[m].entity].entity_type == "place"
            for m in self.clauses.mentions_at(token)
        )

    def is_plural(self, token: int) -> bool:
        """More than one: plural tag, coordination, or a group mention of several entities."""
        return (
            self.parse.tags[token] in {"NNS", "NNPS"}
            or len(self.clauses.conjuncts(token)) > 1
            or len(self.clauses.mentions_at(token)) > 1
            or self.parse.lower[token] in {"they", "them", "we", "both"}
        )
