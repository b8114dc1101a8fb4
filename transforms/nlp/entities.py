"""Entities of one article: names, nominals and pronouns as mentions of people and bodies."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from transforms.nlp.annotations import (
    EntityDraft,
    EntityLayer,
    Mention,
    PlaceMention,
    Position,
)
from transforms.nlp.coreference import add_pronouns, add_sides
from transforms.nlp.entity_lexicon import Known, fold, lexicon
from transforms.nlp.entity_phrases import (
    acronym_of,
    is_acting,
    noun_phrase,
    phrase_country,
    title_before,
    title_sector,
)
from transforms.nlp.entity_roles import (
    Role,
    body_label,
    inner_country,
    is_state,
    name_sector,
    office_body,
    owner_sector,
    role_beside,
    sector_of,
)
from transforms.nlp.names import NameSpan
from transforms.nlp.parse import Parse

_INDEFINITE = {"a", "an", "some", "several", "many", "another", "two", "three", "dozens"}


def build_layer(
    parse: Parse,
    names: list[NameSpan],
    *,
    places: Sequence[PlaceMention] = (),
    published: dt.date | None = None,
) -> EntityLayer:
    """Entities, mentions and positions of the article. Keys depend on content only.

    `places` gives the gazetteer ids and countries of toponyms; `published` is reserved for
    offices that change hands and decides nothing yet.
    """
    builder = _Builder(parse, names, places)
    builder.add_names()
    builder.add_nominals()
    add_sides(parse, builder.layer)
    add_pronouns(parse, builder.layer)
    builder.layer.mentions.sort(key=lambda m: (m.start, m.end, m.entity))
    return builder.layer


class _Builder:
    def __init__(self, parse: Parse, names: list[NameSpan], places: Sequence[PlaceMention]) -> None:
        self.parse, self.names = parse, names
        self.layer = EntityLayer()
        self.index: dict[str, int] = {}
        self.digest = hashlib.sha256(parse.text.encode()).hexdigest()[:16]
        self.places = {p.start: p for p in places}
        self.name_at: dict[int, NameSpan] = {}
        for span in names:
            for token in range(span.start, span.end):
                self.name_at[token] = span
        self.people = [s for s in names if s.label == "PERSON" and s.end - s.start > 1]
        self.in_title: set[int] = set()
        self.title_country: dict[str, str] = {}
        self.namesakes: dict[str, str] = {}
        self.title_sectors: dict[str, str] = {}
        self.roles: dict[int, Role] = {}  # by first token of the name

    def entity(self, draft: EntityDraft, alias: str = "") -> int:
        """Index of the entity with this key; made at first sight."""
        found = self.index.get(draft.key)
        if found is None:
            found = self.index[draft.key] = len(self.layer.entities)
            self.layer.entities.append(draft)
        held = self.layer.entities[found]
        if alias and alias != held.name and alias not in held.aliases:
            held.aliases.append(alias)
        return found

    # names ---------------------------------------------------------------------------------

    def add_names(self) -> None:
        """Mentions of names, the full names of people first so that surnames find them."""
        parse = self.parse
        heads: dict[str, list[str]] = {}
        for span in self.people:
            full = self._text(span)
            last = fold(full).split()
            heads.setdefault(last[-1], []).append(full)
            heads.setdefault(last[0], []).append(full)
            begin = title_before(parse, span.start, self.name_at)
            country = phrase_country(parse, begin, span, self.name_at)
            if country:
                self.title_country.setdefault(fold(full), country)
            if begin < span.start and (sector := title_sector(parse, begin, span.start)):
                self.title_sectors.setdefault(fold(full), sector)
            role = role_beside(parse, span, self.name_at)
            if role is not None:
                self.roles[span.start] = role
                if role.country_code:
                    self.title_country.setdefault(fold(full), role.country_code)
                if role.sector not in {None, "UNK"}:
                    self.title_sectors.setdefault(fold(full), role.sector or "UNK")
        full_of = {part: min(set(v)) for part, v in heads.items() if len({fold(x) for x in v}) == 1}
        acronyms = acronym_of(parse, self.names)
        for span in self.names:
            if span.label == "ORG" and span.known is None:
                code = phrase_country(parse, span.start, span, self.name_at)
                if code:
                    self.namesakes.setdefault(fold(self._text(span)), code)
        for span in self.names:
            target = self._named(span, full_of, acronyms)
            if target is not None:
                self._mention_name(span, target)

    def _text(self, span: NameSpan) -> str:
        return " ".join(self.parse.words[span.start : span.end]).replace(" - ", "-")

    def _mention_name(self, span: NameSpan, entity: int) -> None:
        parse, title = self.parse, None
        if span.label == "PERSON":
            begin = title_before(parse, span.start, self.name_at)
            if begin < span.start:
                cut = begin
                self.in_title.update(range(begin, span.start))
                while cut < span.start and (cut in self.name_at or parse.tags[cut] == "POS"):
                    cut += 1
                title = parse.span_text(cut, span.start) if cut < span.start else None
            if title and title.lower().rstrip(".") in {"mr", "mrs", "ms", "dr", "sir"}:
                title = None
            role = self.roles.get(span.start)
            title = title or (role.title if role is not None else None)
            if title:
                self._position(entity, title, parse.sent_of[span.start])
        head = parse.head_of(span.start, span.end)
        self.layer.mentions.append(
            Mention(span.start, span.end, head, entity, "name", title, span.method, span.confidence)
        )

    def _position(self, entity: int, title: str, sent: int) -> None:
        """The office `title` of a person, with the body it belongs to where the title tells."""
        code = self.layer.entities[entity].country_code
        body, found = office_body(title, code), None
        if body is not None and code:
            kind, label = body
            name = f"{lexicon().countries[code]} {label}"
            draft = EntityDraft(f"{kind}:{fold(label)}|{code}", name, kind, code, "GOV")
            found = self.entity(draft) if label else self.government(code)
        self.layer.positions.append(Position(entity, title, found, code, sent))

    def _named(
        self, span: NameSpan, full_of: Mapping[str, str], acronyms: Mapping[str, NameSpan]
    ) -> int | None:
        text = self._text(span)
        if span.label == "PERSON":
            return self._person(span, text, full_of)
        known = span.known
        bare = span.label == "ORG" and known is None and span.end - span.start == 1
        if bare and (whole := self._whole_of(span)) is not None:
            return self._named(whole, full_of, acronyms)
        if known is not None:
            return self._known(span, known, text)
        expansion = acronyms.get(text)
        if expansion is not None:
            text_of = self._text(expansion)
            return self._organisation(expansion, text_of, text)
        if span.label in {"GPE", "LOC", "FAC"}:
            place = self.places.get(span.start)
            code = place.country_code if place else None
            kb_id = place.place_id if place else None
            key = f"place:{kb_id or fold(text)}"
            return self.entity(EntityDraft(key, text, "place", code, None, [], kb_id), text)
        if span.label == "NORP":
            noun = lexicon().nouns.get(text.lower())
            sector = noun.sector if noun is not None else "UNK"
            return self.entity(
                EntityDraft(f"group:{fold(text)}", text, "group", None, sector), text
            )
        return self._organisation(span, text, text)

    def _whole_of(self, short: NameSpan) -> NameSpan | None:
        """The one body named before whose name ends in this word ("the Commission")."""
        word = self.parse.words[short.start]
        fitting = {
            self._text(s): s
            for s in self.names
            if s.end < short.start
            and s.label == "ORG"
            and s.end - s.start > 1
            and self.parse.words[s.end - 1] == word
        }
        return next(iter(fitting.values())) if len(fitting) == 1 else None

    def _known(self, span: NameSpan, known: Known, text: str) -> int:
        code = known.country_code
        if known.kind in {"country", "adjective", "people"}:
            return self.country(code or "", text if known.kind == "country" else "")
        if known.kind == "capital":
            if code and is_acting(self.parse, span.start, span.end):
                return self.government(code)
            place = self.places.get(span.start)
            kb_id = place.place_id if place else None
            key = f"place:{kb_id or fold(text)}"
            where = place.country_code if place and place.country_code else code
            return self.entity(EntityDraft(key, text, "place", where, None, [], kb_id), text)
        key = f"{known.kind}:{fold(known.name)}|{code or ''}"
        return self.entity(EntityDraft(key, known.name, known.kind, code, known.sector), text)

    def country(self, code: str, alias: str = "") -> int:
        """The country as an actor."""
        name = lexicon().countries[code]
        return self.entity(EntityDraft(f"country:{code}", name, "country", code, "GOV"), alias)

    def government(self, code: str) -> int:
        """The government of a country."""
        name = f"Government of {lexicon().countries[code]}"
        return self.entity(EntityDraft(f"government:{code}", name, "government", code, "GOV"))

    def _organisation(self, span: NameSpan, text: str, alias: str) -> int:
        parse = self.parse
        inner = inner_country(parse.words[span.start : span.end])
        code = inner[0] if inner else phrase_country(parse, span.start, span, self.name_at)
        lower = parse.lower[span.start : span.end]
        sector, kind = name_sector(lower)
        if code is None:
            code = self.namesakes.get(fold(text))
        if inner is not None and is_state(sector):
            lower = lower[: inner[1]] + lower[inner[2] :]
        label = body_label(lower) if code and is_state(sector) and len(lower) else fold(text)
        scope = code or ""
        if not code and is_state(sector):
            scope = f"?{self.digest}"  # a ministry of an unknown country never merges
        if span.method == "proper-noun":
            scope = f"?{self.digest}"  # may be a bare surname, which must not merge either
            kind = "other" if sector == "UNK" else kind
        key = f"{kind}:{fold(label)}|{scope}"
        return self.entity(EntityDraft(key, text, kind, code, sector), alias)

    def _person(self, span: NameSpan, text: str, full_of: Mapping[str, str]) -> int:
        lex = lexicon()
        full, known = text, span.known
        if span.end - span.start == 1:
            resolved = full_of.get(fold(text))
            if resolved is not None:
                full = resolved
            elif known is None and fold(text) not in {
                fold(w) for s in self.people for w in self.parse.words[s.start : s.end]
            }:
                leader = lex.surnames.get(text)
                if leader is not None and self._leader_fits(span, leader):
                    known, full = leader, leader.name
        exact = lex.by_form.get(fold(full))
        if exact is not None and exact.kind == "person":
            known = exact
        if known is not None and known.kind == "person":
            key = f"person:{fold(known.name)}|{known.country_code or ''}"
            draft = EntityDraft(key, known.name, "person", known.country_code, known.sector)
            return self.entity(draft, text)
        code = self.title_country.get(fold(full))
        sector = self.title_sectors.get(fold(full), "UNK")
        if " " not in fold(full):
            key = f"person:{fold(full)}|{self.digest}"
        else:
            key = f"person:{fold(full)}"
        return self.entity(EntityDraft(key, full, "person", code, sector), text)

    def _leader_fits(self, span: NameSpan, leader: Known) -> bool:
        begin = title_before(self.parse, span.start, self.name_at)
        if begin < span.start:
            code = phrase_country(self.parse, begin, span, self.name_at)
            return code is None or code == leader.country_code
        return any(s.known and s.known.country_code == leader.country_code for s in self.names)

    # nominals ------------------------------------------------------------------------------

    def add_nominals(self) -> None:
        """Common-noun actors: "the foreign ministry", "two diplomats", "rebels"."""
        parse, nouns = self.parse, lexicon().nouns
        named = {m.start: m.entity for m in self.layer.mentions if m.mention_type == "name"}
        beside = {r.noun: named[s] for s, r in self.roles.items() if s in named}
        offices: dict[str, set[int]] = {}
        for position in self.layer.positions:
            offices.setdefault(position.title.lower().split()[-1], set()).add(position.entity)
        for index, word in enumerate(parse.lower):
            noun = nouns.get(word)
            if noun is None or index in self.name_at or parse.pos[index] not in {"NOUN", "PROPN"}:
                continue
            if parse.deps[index] == "compound" and parse.heads[index] > index:
                follower = parse.lower[parse.heads[index]]
                if follower in nouns or parse.heads[index] in self.name_at:
                    continue
            if index in self.in_title:
                continue
            start, end = noun_phrase(parse, index)
            code = phrase_country(parse, start, NameSpan(start, end, "", "", 0.0), self.name_at)
            if code is None and noun.stable and index > start:
                owner = self._owner(index - 1)
                code = self.layer.entities[owner].country_code if owner is not None else None
            definite = parse.lower[start] in {"the", "this", "that", "his", "her", "its", "their"}
            entity = None
            method = "nominal"
            held = offices.get(word, set())
            if index in beside:
                entity, method = beside[index], "apposition"
            elif definite and noun.kind == "person" and code is None and len(held) == 1:
                entity, method = next(iter(held)), "office"
            if entity is None:
                entity = self._nominal(index, start, word, code)
                if code and word in lexicon().title_heads and parse.tags[index] == "NN":
                    offices.setdefault(word, set()).add(entity)  # "Russia's president"
            self.layer.mentions.append(
                Mention(start, end, index, entity, "nominal", None, method, 0.6)
            )

    def _owner(self, token: int) -> int | None:
        """The person named just before an actor noun ("the Lee administration")."""
        span = self.name_at.get(token)
        if span is None or span.label != "PERSON":
            return None
        for mention in self.layer.mentions:
            if mention.start == span.start and mention.end == span.end:
                return mention.entity
        return None

    def _nominal(self, index: int, start: int, word: str, code: str | None) -> int:
        noun, parse = lexicon().nouns[word], self.parse
        modifiers = [
            parse.lower[t]
            for t in range(start, index)
            if t not in self.name_at
            and parse.pos[t] in {"NOUN", "ADJ", "PROPN"}
            and parse.lower[t][:1].isalpha()
        ]
        label = body_label([*modifiers, word])
        sector = noun.sector
        if owner := owner_sector(parse, start, index, self.name_at):
            sector = sector_of(word, sector, owner)
        named = lexicon().countries[code] if code else ""
        indefinite = any(w in _INDEFINITE for w in parse.lower[start:index])
        if noun.stable and code and not indefinite:
            if word in {"government", "administration", "authorities", "regime"} and not modifiers:
                return self.government(code)
            key = f"{noun.kind}:{fold(label)}|{code}"
            return self.entity(EntityDraft(key, f"{named} {label}", noun.kind, code, sector))
        key = f"{noun.kind}:{fold(label)}|{code or ''}|{self.digest}"
        if indefinite:
            key += f"|{start}"
        name = f"{named} {label}".strip()
        return self.entity(EntityDraft(key, name, noun.kind, code, sector))


def merge_evidence(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The one `entities` row for all evidence rows of one entity, whatever their order.

    Each row gives `article_id`, `name`, `entity_type`, `country_code`, `sector`, `kb_id`,
    `aliases` and `mention_count`. Every column goes to the value with most mentions, then most
    articles, then the first in the alphabet; NULL and UNK lose to any value. Aliases are united,
    sorted, without the name. Raises ValueError without rows.
    """
    held = list(rows)
    if not held:
        raise ValueError("merge_evidence needs at least one row")
    merged: dict[str, Any] = {}
    for column in ("name", "entity_type", "country_code", "sector", "kb_id"):
        mentions: Counter[str] = Counter()
        articles: dict[str, set[str]] = {}
        for row in held:
            value = row[column]
            if value is not None and value != "UNK":
                mentions[value] += int(row.get("mention_count") or 1)
                articles.setdefault(value, set()).add(str(row["article_id"]))
        fallback = "UNK" if any(row[column] == "UNK" for row in held) else None
        merged[column] = min(
            mentions, key=lambda v: (-mentions[v], -len(articles[v]), v), default=fallback
        )
    aliases = {a for row in held for a in row["aliases"] or ()} | {row["name"] for row in held}
    merged["aliases"] = sorted(aliases - {merged["name"]})
    return merged
