"""Entities of one article: names, nominals and pronouns as mentions of people and bodies."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.lexicons.loader import word_set
from transforms.nlp.annotations import (
    EntityDraft,
    EntityLayer,
    Mention,
    PlaceMention,
    Position,
)
from transforms.nlp.entities.coreference import add_sides
from transforms.nlp.entities.nominals import add_nominals
from transforms.nlp.entities.people import Office, People, leaders, office_of, person_key
from transforms.nlp.entities.phrases import (
    acronym_of,
    is_acting,
    noun_phrase,
    phrase_country,
    title_before,
)
from transforms.nlp.entities.pronouns import add_pronouns
from transforms.nlp.entities.roles import (
    Role,
    body_beside,
    body_label,
    inner_country,
    is_state,
    modified_sector,
    name_sector,
    office_body,
    role_beside,
)
from transforms.nlp.entities.table import EntityTable
from transforms.nlp.names.actors import Known, fold, lexicon
from transforms.nlp.names.spans import NameSpan
from transforms.nlp.parsing.parse import Parse

_LOCAL = word_set("words/entities.tsv", "layer.local")


def build_layer(
    parse: Parse,
    names: list[NameSpan],
    *,
    places: Sequence[PlaceMention] = (),
) -> EntityLayer:
    """Entities, mentions and positions of the article. Keys depend on content only.

    `places` gives the gazetteer ids and countries of toponyms.
    """
    table = EntityTable(parse, names, places)
    _Names(table).add()
    add_nominals(table)
    add_sides(parse, table.layer)
    add_pronouns(parse, table.layer)
    table.layer.mentions.sort(key=lambda m: (m.start, m.end, m.entity))
    return table.layer


class _Names:
    """Mentions by name, the full names of people first so that surnames find them."""

    def __init__(self, table: EntityTable) -> None:
        self.table, self.parse = table, table.parse
        full = [s for s in table.names if s.label == "PERSON" and s.end - s.start > 1]
        self.people = People((table.text(span), span.start) for span in full)
        self.acronyms = acronym_of(self.parse, table.names)
        self.offices: dict[str, Office] = {}  # by key of the person
        for span in full:
            role = role_beside(self.parse, span, table.name_at)
            if role is not None:
                table.roles[span.start] = role
            office = self._office(span, role)
            name = self.people.full(table.text(span), span.start) or table.text(span)
            held = self.offices.setdefault(person_key(name), office)
            if held is not office:
                held.join(office)
        parse_words = set(self.parse.words)
        # names of the article that spell out a form known by its initials only
        self.spelled: dict[str, Known] = {}
        for short, span in self.acronyms.items():
            known = lexicon().by_form.get(fold(short))
            if known is None or known.name != short or span.known is not None:
                continue
            if known.kind in {"organization", "group"} and short in parse_words:
                self.spelled[table.text(span)] = known
        self.written = {table.text(span) for span in table.names if span.label == "ORG"}
        self.told: dict[str, str] = {}  # body → sector told by a noun beside it
        for span in table.names:
            if span.label == "ORG" and (noun := body_beside(self.parse, span, table.name_at)):
                table.bodies[noun] = span.start
                start, _ = noun_phrase(self.parse, noun)
                own = lexicon().nouns[self.parse.lower[noun]].sector
                sector = modified_sector(self.parse, start, noun, own)
                if sector != "UNK":
                    self.told.setdefault(fold(table.text(span)), sector)
        self.namesakes: dict[str, str] = {}  # body → country told where it stands once
        for span in table.names:
            if span.label == "ORG" and span.known is None:
                code = phrase_country(self.parse, span.start, span, table.name_at)
                if code:
                    self.namesakes.setdefault(fold(table.text(span)), code)
                continue
            known = span.known
            if known is None or known.country_code is not None or not is_state(known.sector):
                continue
            if code := self._owner_capital(span):
                self.namesakes.setdefault(fold(known.name), code)

    def _office(self, span: NameSpan, role: Role | None) -> Office:
        table = self.table
        return office_of(self.parse, span, table.name_at, role, table.home, self.acronyms)

    def add(self) -> None:
        """All names of the article."""
        for span in self.table.names:
            self._mention(span, self._target(span))

    def _mention(self, span: NameSpan, entity: int) -> None:
        parse, table, title = self.parse, self.table, None
        if span.label == "PERSON":
            begin = title_before(parse, span.start, table.name_at)
            if begin < span.start:
                cut = begin
                table.in_title.update(range(begin, span.start))
                while cut < span.start and (cut in table.name_at or parse.tags[cut] == "POS"):
                    cut += 1
                title = parse.span_text(cut, span.start) if cut < span.start else None
            if title and title.lower() in lexicon().honorifics:
                title = None
            role = table.roles.get(span.start)
            title = title or (role.title if role is not None else None)
            if title:
                self._position(entity, title, parse.sent_of[span.start])
        head = parse.head_of(span.start, span.end)
        table.layer.mentions.append(
            Mention(span.start, span.end, head, entity, "name", title, span.method, span.confidence)
        )

    def _position(self, entity: int, title: str, sent: int) -> None:
        """The office `title` of a person, with the body it belongs to where the title tells."""
        table = self.table
        code = table.layer.entities[entity].country_code
        body, found = office_body(title, code), None
        if body is not None and code:
            kind, label = body
            name = f"{lexicon().countries[code]} {label}"
            draft = EntityDraft(f"{kind}:{fold(label)}|{code}", name, kind, code, "GOV")
            found = table.entity(draft) if label else table.government(code)
        table.layer.positions.append(Position(entity, title, found, code, sent))

    def _target(self, span: NameSpan) -> int:
        table, text = self.table, self.table.text(span)
        if span.label == "PERSON":
            return self._person(span, text)
        if span.known is not None and span.known.taught:
            return self._known(span, span.known, text)
        expansion = self.acronyms.get(text) if span.label != "NORP" else None
        if expansion is not None and expansion is not span and self._is_acronym(span, expansion):
            found = self._target(expansion)
            return table.entity(table.layer.entities[found], text)
        bare = span.label == "ORG" and span.end - span.start == 1
        whole = self._whole_of(span) if bare else None
        if span.known is not None:
            if whole is not None and whole.known is not span.known and span.known.name != text:
                return self._target(whole)  # "the Congress" behind "the Nepali Congress"
            return self._known(span, span.known, text)
        if (short := self.spelled.get(text)) is not None:
            return self._known(span, short, text)
        if whole is not None:
            return self._target(whole)
        if span.label in {"GPE", "LOC", "FAC"}:
            return self._place(span, text)
        if span.label == "NORP":
            noun = lexicon().nouns.get(text.lower())
            sector = noun.sector if noun is not None else "UNK"
            return table.entity(
                EntityDraft(f"group:{fold(text)}", text, "group", None, sector), text
            )
        return self._organisation(span, text, text)

    def _is_acronym(self, span: NameSpan, expansion: NameSpan) -> bool:
        """A known form ("CBI") yields to the one body with these initials that is spelled out."""
        if span.known is None:
            return span.end - span.start == 1 and self.parse.words[span.start].isupper()
        if span.known.kind not in {"organization", "group", "government"}:
            return False
        name = span.known.name
        if name == self.parse.words[span.start]:
            return False  # the lexicon does not know it spelled out: "AMD"
        return name not in self.written and self.table.text(expansion) != name

    def _whole_of(self, short: NameSpan) -> NameSpan | None:
        """The one body named before whose name ends in this word ("the Commission")."""
        before = short.start - 1
        if before >= 0 and self.parse.tags[before] == "POS":
            return None  # somebody's own: "Kenya's Court"
        word = self.parse.words[short.start]
        fitting = {
            self.table.text(s): s
            for s in self.table.names
            if s.end < short.start
            and s.label == "ORG"
            and s.end - s.start > 1
            and self.parse.words[s.end - 1] == word
        }
        return next(iter(fitting.values())) if len(fitting) == 1 else None

    def _place(self, span: NameSpan, text: str, code: str | None = None) -> int:
        """The place of a toponym; `code` is its country where the gazetteer tells none."""
        place = self.table.places.get(span.start)
        kb_id = place.own_id if place else None
        code = place.country_code if place and place.country_code else code
        key = f"place:{kb_id or fold(text)}"
        return self.table.entity(EntityDraft(key, text, "place", code, None, [], kb_id), text)

    def _known(self, span: NameSpan, known: Known, text: str) -> int:
        table, code = self.table, known.country_code
        if known.kind in {"country", "adjective", "people"}:
            return table.country(code or "", text if known.kind == "country" else "")
        if known.kind == "metonym" and code:
            return table.government(code, known.name)
        if known.kind == "place":
            return self._place(span, text)
        if known.kind == "capital":
            place = table.places.get(span.start)
            elsewhere = place is not None and place.country_code not in {None, code}
            elsewhere = elsewhere and code not in table.told
            acting = not elsewhere and is_acting(self.parse, span.start, span.end, table.name_at)
            if code and acting:  # and not London, Ky.
                return table.government(code)
            return self._place(span, text, code)
        label = known.name
        if code and is_state(known.sector):  # "Indian Navy" and "India's navy" are one
            words = known.name.split()
            if inner := inner_country(words):
                lower = known.name.lower().split()
                label = body_label(lower[: inner[1]] + lower[inner[2] :])
        elif not code and is_state(known.sector):  # "Joint Chiefs of Staff", "Senate"
            code = self.namesakes.get(fold(known.name)) or phrase_country(
                self.parse, span.start, span, table.name_at
            )
            code = code or table.home
        key = f"{known.kind}:{fold(label)}|{code or ''}"
        named = None if known.taught else ("organization", known.name)
        kb_id = lexicon().wikidata.get(named) if named else None
        draft = EntityDraft(key, known.name, known.kind, code, known.sector, [], kb_id)
        return table.entity(draft, text)

    def _owner_capital(self, span: NameSpan) -> str | None:
        """ "Seoul's Joint Chiefs of Staff"."""
        if span.start > 1 and self.parse.tags[span.start - 1] == "POS":
            owner = self.table.name_at.get(span.start - 2)
            if owner is not None and owner.known is not None:
                return owner.known.country_code
        return None

    def _place_inside(self, span: NameSpan) -> str | None:
        """The country of the toponym that a body's name begins with, where another place is in it.

        "Cleveland Police" among English towns are not of Ohio.
        """
        table, parse = self.table, self.parse
        place = table.places.get(span.start)
        if place is None or place.end >= span.end or place.place_id is None:
            return None
        first = parse.lower[span.start]
        others = {
            other.country_code
            for other in table.places.values()
            if parse.lower[other.start] != first
        }
        return place.country_code if place.country_code in others else None

    def _of_place(self, span: NameSpan) -> str | None:
        """The country of the place that a name says it is of: "University of Damascus"."""
        for token in range(span.start + 2, span.end):
            place = self.table.places.get(token)
            held = place is not None and place.place_id is not None and place.end <= span.end
            if place and held and self.parse.lower[token - 1] == "of":
                return place.country_code
        return None

    def _organisation(self, span: NameSpan, text: str, alias: str) -> int:
        parse, table = self.parse, self.table
        inner = inner_country(parse.words[span.start : span.end])
        code = inner[0] if inner else phrase_country(parse, span.start, span, table.name_at)
        lower = parse.lower[span.start : span.end]
        sector, kind = name_sector(lower)
        if (code is None or sector == "EDU") and kind == "organization":
            code = self._of_place(span) or code
        told = self.told.get(fold(text))
        if told is not None and sector in {"UNK", "CVL"}:
            sector, kind = told, "group" if told in {"REB", "CRM"} else "organization"
        if code is None:
            code = self.namesakes.get(fold(text))
        local = False
        if code is None and is_state(sector):
            code = self._place_inside(span)  # "Georgia National Guard", "Bristol Police"
        if code is None and is_state(sector) and span.end - span.start > 1:
            code = table.home
            local = any(word in _LOCAL for word in lower)
        if inner is not None and is_state(sector):
            lower = lower[: inner[1]] + lower[inner[2] :]
        label = body_label(lower) if code and is_state(sector) and len(lower) else fold(text)
        scope = code or ""
        if (not code and is_state(sector)) or local:
            scope = f"?{table.digest}"  # a ministry of an unknown country never merges
        if span.method == "proper-noun":
            scope = f"?{table.digest}"  # may be a bare surname, which must not merge either
            kind = "other" if sector == "UNK" else kind
        key = f"{kind}:{fold(label)}|{scope}"
        return table.entity(EntityDraft(key, text, kind, code, sector), alias)

    def _person(self, span: NameSpan, text: str) -> int:
        lex, table = lexicon(), self.table
        full, known = self.people.full(text, span.start), span.known
        if full is None:
            full = text
            single = span.end - span.start == 1
            if single and known is None and not self.people.shared(text):
                leader = lex.surnames.get(text)
                if leader is not None and self._leader_fits(span, leader):
                    known, full = leader, leader.name
        known = leaders().get(person_key(full), known)
        if known is not None and known.kind == "person":
            key = f"person:{person_key(known.name)}|{known.country_code or ''}"
            draft = EntityDraft(key, known.name, "person", known.country_code, known.sector)
            return table.entity(draft, text)
        key = person_key(full)
        office = self.offices.get(key)
        if office is None and title_before(self.parse, span.start, table.name_at) < span.start:
            office = self._office(span, None)
            self.offices[key] = office  # "King Abdulaziz"
        code = office.country_code if office else None
        sector = office.sector if office else None
        scoped = f"person:{key}" if " " in key else f"person:{key}|{table.digest}"
        return table.entity(EntityDraft(scoped, full, "person", code, sector or "UNK"), text)

    def _leader_fits(self, span: NameSpan, leader: Known) -> bool:
        name_at = self.table.name_at
        begin = title_before(self.parse, span.start, name_at)
        if begin < span.start:
            code = phrase_country(self.parse, begin, span, name_at)
            return code is None or code == leader.country_code
        names = self.table.names
        return any(s.known and s.known.country_code == leader.country_code for s in names)
