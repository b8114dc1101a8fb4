"""Common-noun actors: "the foreign ministry", "two diplomats", "rebels", "the group"."""

from __future__ import annotations

from transforms.lexicons.loader import word_set
from transforms.nlp.annotations import EntityDraft, Mention
from transforms.nlp.entities.anaphora import Antecedents
from transforms.nlp.entities.people import person_key
from transforms.nlp.entities.phrases import (
    is_backer,
    listed_owners,
    noun_phrase,
    phrase_countries,
    phrase_country,
)
from transforms.nlp.entities.pronouns import Pronouns
from transforms.nlp.entities.roles import (
    MEMBERS,
    after_sector,
    body_label,
    head_word,
    modified_sector,
    owner_sector,
    possessor_country,
    possessor_sector,
    sector_of,
)
from transforms.nlp.entities.table import EntityTable
from transforms.nlp.names.actors import Known, fold, lexicon
from transforms.nlp.names.spans import NameSpan

_INDEFINITE = word_set("words/entities.tsv", "nominals.indefinite")
_DEFINITE = word_set("words/entities.tsv", "nominals.definite")
_GOVERNMENT = {"government", "administration", "authorities", "regime"}
_NATIONAL = {"federal", "central", "national"}
# what a country has one of: "the army" of an article told from there
_ONE_EACH = word_set("words/entities.tsv", "nominals.one-each")


_AT_HOME = {"COP", "JUD", "LEG"}  # act where they are
_OWNING = {"its", "their", "his", "her"}
_DASHES = {"-", "--", "–", "—"}


def _singular(word: str) -> str:
    """ "armies" → "army", "governments" → "government"."""
    return f"{word[:-3]}y" if word.endswith("ies") else word.removesuffix("s")


def add_nominals(table: EntityTable) -> None:
    """Mentions of the article's common-noun actors, after those by name."""
    _Nominals(table).add()


class _Nominals:
    def __init__(self, table: EntityTable) -> None:
        self.table, self.parse = table, table.parse
        self.named = {m.start: m.entity for m in table.layer.mentions if m.mention_type == "name"}
        self.offices: dict[str, set[int]] = {}
        for position in table.layer.positions:
            self.offices.setdefault(position.title.lower().split()[-1], set()).add(position.entity)

    def add(self) -> None:
        """One mention for each actor noun that stands for somebody."""
        parse, table, nouns = self.parse, self.table, lexicon().nouns
        beside = {r.noun: self.named[s] for s, r in table.roles.items() if s in self.named}
        beside |= {n: self.named[s] for n, s in table.bodies.items() if s in self.named}
        antecedents, later = Antecedents(table, []), iter(sorted(self.named.items()))
        upcoming = next(later, None)
        for index, word in enumerate(parse.lower):
            while upcoming is not None and upcoming[0] <= index:
                antecedents.add(parse.sent_of[upcoming[0]], upcoming[1], named=True)
                upcoming = next(later, None)
            noun = nouns.get(word)
            if noun is None or index in table.name_at or parse.pos[index] not in {"NOUN", "PROPN"}:
                continue
            if index in table.in_title or self._is_modifier(index):
                continue
            start, end = noun_phrase(parse, index)
            start = self._after_dash(start, index)
            whole = NameSpan(start, end, "", "", 0.0)
            owners = listed_owners(parse, index, start, table.name_at)
            if owners and index not in beside:
                self._of_each(index, start, word, owners, antecedents)
                continue
            codes = phrase_countries(parse, start, whole, table.name_at) or self._owners(
                start, index
            )
            if len(codes) > 1 and index not in beside:
                self._one_each(index, start, word, codes, antecedents)
                continue
            code = self._country(index, start, end) or next(iter(codes), None)
            definite = parse.lower[start] in _DEFINITE
            entity, method = None, "nominal"
            held = self.offices.get(word, set())
            if index in beside:
                entity, method = beside[index], "apposition"
            elif code and (known := self._taught_holder(start, index, code)) is not None:
                entity, method = self._person(known), "office"
            elif (twin := self._apposed(index, code)) is not None:
                entity, method = twin, "apposition"
            elif definite and noun.kind == "person" and code is None and len(held) == 1:
                entity, method = next(iter(held)), "office"
            elif (
                code is not None
                and parse.lower[start] == "the"
                and parse.tags[index] == "NN"
                and noun.kind == "person"
                and (holder := self._holder(held, code)) is not None
            ):
                entity, method = holder, "office"  # "the Turkish president"
            elif code is None and (found := antecedents.find(start, index)) is not None:
                entity, method = found
            if entity is None:
                if code is None and word in _ONE_EACH and parse.lower[start] == "the":
                    plain = all(w in _NATIONAL for w in parse.lower[start + 1 : index])
                    code = table.home or table.only if plain else None
                entity = self._nominal(index, start, word, code)
                if code and word in lexicon().title_heads and parse.tags[index] == "NN":
                    self.offices.setdefault(word, set()).add(entity)  # "Russia's president"
            antecedents.add(parse.sent_of[index], entity, named=False)
            table.layer.mentions.append(
                Mention(start, end, index, entity, "nominal", None, method, 0.6)
            )

    def _owners(self, start: int, head: int) -> list[str]:
        """Countries of whom "its" means in "its army"."""
        parse, entities = self.parse, self.table.layer.entities
        if parse.lower[start] not in _OWNING or not lexicon().nouns[parse.lower[head]].stable:
            return []
        owner = Pronouns(parse, self.table.layer.mentions, self.table.layer).referent(start)
        found = [
            entities[e].country_code
            for e in (owner.entities if owner is not None else ())
            if entities[e].entity_type in {"country", "government", "person"}
        ]
        return [code for code in found if code is not None]

    def _apposed(self, index: int, code: str | None) -> int | None:
        """The noun told before that this one only tells more of: "the rulers, five colonels"."""
        parse, layer = self.parse, self.table.layer
        if parse.deps[index] != "appos" or parse.heads[index] > index:
            return None
        for mention in reversed(layer.mentions):
            if mention.mention_type != "nominal" or mention.head != parse.heads[index]:
                continue
            held = layer.entities[mention.entity]
            kinds = {held.entity_type, lexicon().nouns[parse.lower[index]].kind}
            alike = len(kinds) == 1 or kinds <= {"person", "group"}
            number = parse.tags[index][-1] == parse.tags[mention.head][-1]
            told = code in {None, held.country_code} or held.country_code is None
            return mention.entity if alike and number and told else None
        return None

    def _after_dash(self, start: int, head: int) -> int:
        """Where the phrase begins behind a dateline: "Oct 16 (Wire) - Officials"."""
        words = self.parse.words
        dashes = [t for t in range(start, head) if words[t] in _DASHES and self._is_apart(t)]
        return dashes[-1] + 1 if dashes else start

    def _is_apart(self, token: int) -> bool:
        parse = self.parse
        return token == 0 or parse.starts[token] > parse.ends[token - 1]

    def _one_each(
        self, index: int, start: int, word: str, codes: list[str], antecedents: Antecedents
    ) -> None:
        """One mention of the phrase for each of its countries: "the armies of India and Nepal"."""
        nouns, one = lexicon().nouns, _singular(word)
        word = one if one in nouns and one in _GOVERNMENT | _ONE_EACH else word
        for code in codes:
            entity = self._nominal(index, start, word, code)
            antecedents.add(self.parse.sent_of[index], entity, named=False)
            mention = Mention(start, index + 1, index, entity, "nominal", None, "nominal", 0.6)
            self.table.layer.mentions.append(mention)

    def _of_each(
        self, index: int, start: int, word: str, owners: list[NameSpan], antecedents: Antecedents
    ) -> None:
        """One mention for each state and body: "British and EU negotiators"."""
        start = min(start, *(owner.start for owner in owners))
        for span in owners:
            code = span.known.country_code if span.known is not None else None
            entity = self._nominal(index, start, word, code, span.known)
            antecedents.add(self.parse.sent_of[index], entity, named=False)
            mention = Mention(start, index + 1, index, entity, "nominal", None, "nominal", 0.6)
            self.table.layer.mentions.append(mention)

    def _holder(self, held: set[int], code: str) -> int | None:
        """The one of these office holders who is of that country."""
        entities = self.table.layer.entities
        fitting = [e for e in held if entities[e].country_code == code]
        one = len(fitting) == 1 and entities[fitting[0]].entity_type == "person"
        return fitting[0] if one else None

    def _taught_holder(self, start: int, index: int, code: str) -> Known | None:
        """Who holds the office by the project's dictionary: "Norway's foreign minister".

        Beside the title the phrase has its country and an article alone, so that a former holder
        and a deputy are nobody's.
        """
        parse, table = self.parse, self.table
        if parse.tags[index] not in {"NN", "NNP"}:
            return None
        for title, holders in lexicon().offices.items():
            first = index - (title.index("of") - 1 if "of" in title else len(title) - 1)
            if first < start or tuple(parse.lower[first : first + len(title)]) != title:
                continue
            if all(
                t in table.name_at or parse.pos[t] in {"DET", "PART"} for t in range(start, first)
            ):
                return holders.get(code)
        return None

    def _person(self, known: Known) -> int:
        key = f"person:{person_key(known.name)}|{known.country_code or ''}"
        draft = EntityDraft(key, known.name, "person", known.country_code, known.sector)
        return self.table.entity(draft)

    def _is_modifier(self, index: int) -> bool:
        parse = self.parse
        over = parse.heads[index]
        if parse.deps[index] != "compound" or over <= index:
            return False
        if lexicon().nouns[parse.lower[index]].kind == "other":
            return True  # "artillery systems"
        return parse.lower[over] in lexicon().nouns or over in self.table.name_at

    def _country(self, index: int, start: int, end: int) -> str | None:
        """Country of the phrase: inside it, its owner's, or that of the person before it."""
        table, noun = self.table, lexicon().nouns[self.parse.lower[index]]
        code = phrase_country(self.parse, start, NameSpan(start, end, "", "", 0.0), table.name_at)
        if code is None and self._is_modifier_of_thing(index):
            site = self.parse.heads[index] + 1  # "an army base in western Afghanistan"
            whole = NameSpan(site - 1, site, "", "", 0.0)
            code = phrase_country(self.parse, site, whole, table.name_at)
        if code is None and noun.stable and index > start:
            owner = self._owner(index - 1)
            code = table.layer.entities[owner].country_code if owner is not None else None
        if code is None and noun.stable:
            code = possessor_country(self.parse, start + 1, table.name_at)
        if code is None and noun.sector in _AT_HOME and index - start < 2:
            code = self._opening_country(index)
        return code

    def _opening_country(self, index: int) -> str | None:
        """ "In Ghana, police arrested four miners"."""
        parse = self.parse
        first = parse.sents[parse.sent_of[index]].start
        held = self.table.name_at.get(first + 1) if parse.lower[first] == "in" else None
        if held is None or held.known is None or held.known.kind != "country":
            return None
        return held.known.country_code if parse.words[held.end : held.end + 1] == [","] else None

    def _is_modifier_of_thing(self, index: int) -> bool:
        parse, over = self.parse, self.parse.heads[index]
        return parse.deps[index] == "compound" and over == index + 1 and parse.pos[over] == "NOUN"

    def _owner(self, token: int) -> int | None:
        """The person named just before an actor noun ("the Lee administration")."""
        span = self.table.name_at.get(token)
        if span is None or span.label != "PERSON":
            return None
        return self.named.get(span.start)

    def _people(self, start: int, head: int) -> str:
        """The people or region without a country that a phrase tells of: "Kurdish", "African"."""
        for token in range(start, head):
            span = self.table.name_at.get(token)
            if span is not None and span.known is None and span.label in {"NORP", "LOC", "GPE"}:
                return self.parse.span_text(span.start, min(span.end, head))
        return ""

    def _body(self, start: int, head: int) -> str:
        """The body whose members a phrase without a country tells of: "NMU members"."""
        for token in range(start, head):
            span = self.table.name_at.get(token)
            if span is not None and span.label == "ORG" and span.end <= head:
                owner = self.parse.tags[span.end] == "POS" or is_backer(self.parse, span.end)
                return "" if owner else self.table.text(span)
        return ""

    def _is_named(self, start: int, head: int, code: str | None) -> bool:
        """Does the phrase itself name the country: "Iraqi Kurdish fighters"?"""
        held = (self.table.name_at.get(token) for token in range(start, head))
        return any(span.known.country_code == code for span in held if span and span.known)

    def _nominal(
        self, index: int, start: int, word: str, code: str | None, whose: Known | None = None
    ) -> int:
        """The actor of a noun; `whose` it is where the phrase lists several owners."""
        noun, parse, table = lexicon().nouns[word], self.parse, self.table
        modifiers = [
            parse.lower[t]
            for t in range(start, index)
            if t not in table.name_at
            and parse.pos[t] in {"NOUN", "ADJ", "PROPN"}
            and not (word in _GOVERNMENT and parse.lower[t] in _NATIONAL)
            and parse.lower[t][:1].isalpha()
        ]
        people = "" if whose is not None else self._people(start, index)
        owned = "" if whose is not None or code else self._body(start, index)
        label = body_label([*people.split(), *owned.split(), *modifiers, word])
        told = lexicon().nouns.get(head_word(parse, index), noun).sector
        sector = modified_sector(parse, start, index, told)
        body = whose is not None and whose.label == "ORG"
        if whose is not None:
            owner = whose.sector if body else None
        else:
            owner = owner_sector(parse, start, index, table.name_at)
            owner = owner or possessor_sector(parse, start + 1, table.name_at)
        if owner is None and whose is None and (noun.kind == "person" or word in MEMBERS):
            owner = after_sector(parse, index, table.name_at)
        if owner:
            sector = sector_of(word, sector, owner)
        # what governs stands for the country by its name ("China side")
        naming = lexicon().countries if noun.kind == "government" else lexicon().adjectives
        named = naming.get(code, code) if code else ""
        if whose is not None and body:
            named = whose.name
        if people and not self._is_named(start, index, code):
            named = ""  # "Kurdish activists in Ankara" are no Turkish ones
        indefinite = any(w in _INDEFINITE for w in parse.lower[start:index])
        if noun.stable and code and not indefinite and not body:
            if word in _GOVERNMENT and not modifiers:
                return table.government(code)
            key = f"{noun.kind}:{fold(label)}|{code}"
            return table.entity(EntityDraft(key, f"{named} {label}", noun.kind, code, sector))
        scope = whose.name if whose is not None and body else code or ""
        key = f"{noun.kind}:{fold(label)}|{scope}|{table.digest}"
        if indefinite:
            key += f"|{start}"
        name = f"{named} {label}".strip()
        return table.entity(EntityDraft(key, name, noun.kind, code, sector))
