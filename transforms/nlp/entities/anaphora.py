""" "The group", "the bloc", "the ministry": the body named before that the noun means."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from transforms.lexicons import loader
from transforms.lexicons.loader import word_set
from transforms.nlp.entities.roles import STATE
from transforms.nlp.entities.table import EntityTable
from transforms.nlp.names.actors import lexicon

_BODIES = {"organization", "government", "group", "other"}
_PLAIN = word_set("words/entities.tsv", "anaphora.plain")
_GENERAL = word_set("words/entities.tsv", "anaphora.general")
_NO_STATE = frozenset({"REB", "CRM", "OPP", "PTY"})
_NEAR = 6  # sentences


@dataclass(frozen=True, slots=True)
class Pointer:
    """What one noun can point back to, and how many sentences away."""

    words: tuple[str, ...]
    sectors: frozenset[str]
    reach: int


@lru_cache(maxsize=1)
def pointers() -> dict[str, Pointer]:
    """`actors/anaphora.tsv` by noun. Raises LexiconError."""
    found: dict[str, Pointer] = {}
    for row in loader.table("actors/anaphora.tsv", ("nouns", "words", "sectors", "reach")):
        if not row["reach"].isdigit():
            raise row.error("reach is a number of sentences")
        words = tuple(word for word in row["words"].split(";") if word)
        sectors = frozenset(sector for sector in row["sectors"].split(";") if sector)
        if not words and not sectors:
            raise row.error("neither words nor sectors")
        for noun in row["nouns"].split(";"):
            if noun in found:
                raise row.error(f"{noun!r} stands twice")
            found[noun] = Pointer(words, sectors, int(row["reach"]))
    return found


@dataclass(slots=True)
class Antecedents:
    """The bodies mentioned so far, in text order: (sentence, entity, said by name)."""

    table: EntityTable
    seen: list[tuple[int, int, bool]]

    def add(self, sent: int, entity: int, *, named: bool) -> None:
        """Remember a mention of a body."""
        if self.table.layer.entities[entity].entity_type in _BODIES:
            self.seen.append((sent, entity, named))

    def find(self, start: int, head: int) -> tuple[int, str] | None:
        """(entity, method) that the definite phrase [start, head] means; None to abstain."""
        parse = self.table.parse
        pointer = pointers().get(parse.lower[head])
        if parse.lower[start] != "the":
            return None
        if pointer is None or any(parse.lower[t] not in _PLAIN for t in range(start + 1, head)):
            return self._said_before(start, head)
        sent, best = parse.sent_of[head], None
        for where, entity, named in reversed(self.seen):
            if best is not None and where < best[0]:
                break
            near = sent - where <= pointer.reach
            if not self._fits(entity, head, pointer, named=named, near=near):
                continue
            if best is None:
                best = (where, entity)
            elif entity != best[1] and where == best[0] and self._rivals(entity, best[1], pointer):
                return None  # two bodies of one sentence fit
        return self._said_before(start, head) if best is None else (best[1], "antecedent")

    def _rivals(self, entity: int, other: int, pointer: Pointer) -> bool:
        """May the noun mean either: two firms, the armies of two countries?"""
        entities = self.table.layer.entities
        codes = {entities[entity].country_code, entities[other].country_code}
        return bool(pointer.sectors) or len(codes - {None}) > 1

    def _said_before(self, start: int, head: int) -> tuple[int, str] | None:
        """The one thing told before by a phrase with this head: "the road board … the board".

        Only a bare phrase points back so; where two were told none is meant.
        """
        parse, word = self.table.parse, self.table.parse.lower[head]
        if head != start + 1 or word in _GENERAL:
            return None
        held = {
            m.entity
            for m in self.table.layer.mentions
            if m.mention_type == "nominal"
            and m.head < start
            and parse.lower[m.head] == word
            and parse.sent_of[head] - parse.sent_of[m.head] <= _NEAR
        }
        return (next(iter(held)), "antecedent") if len(held) == 1 else None

    def _fits(self, entity: int, head: int, pointer: Pointer, *, named: bool, near: bool) -> bool:
        draft = self.table.layer.entities[entity]
        noun = lexicon().nouns.get(self.table.parse.lower[head])
        if noun is not None and noun.sector in STATE and draft.sector in _NO_STATE:
            return False  # the army is not the National Liberation Army
        for form in (draft.name, *draft.aliases[:3]):
            lowered = form.lower()
            if any(lowered.endswith(word) or f"{word} of " in lowered for word in pointer.words):
                return near and (named or draft.country_code is not None)
        if not near or not named or draft.sector not in pointer.sectors:
            return False
        last = draft.name.lower().split()[-1]
        held = lexicon().nouns.get(last)  # "the group" is no ministry
        return held is None or held.kind != "government"
