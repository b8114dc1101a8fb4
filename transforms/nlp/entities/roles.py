"""What a person or body is by the words that go with its name: roles, owners, parts of names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from transforms.lexicons.loader import word_set
from transforms.nlp.entities.phrases import is_backer, noun_phrase, phrase_country
from transforms.nlp.names.actors import lexicon
from transforms.nlp.names.spans import NameSpan
from transforms.nlp.parsing.parse import Parse

STATE = {"GOV", "MIL", "COP", "LEG", "JUD", "SPY"}
_OPEN_SECTORS = {"GOV", "UNK"}  # a noun of these takes the sector of what it belongs to
MEMBERS = word_set("words/entities.tsv", "roles.members")
_MATERIEL = word_set("words/entities.tsv", "roles.materiel")
# "Justice minister", "press secretary": of the government whatever they do.
_STATE_HEADS = word_set("words/entities.tsv", "roles.state-heads")
_GENERALS = word_set("words/entities.tsv", "roles.generals")
_AIRCRAFT = word_set("words/entities.tsv", "roles.aircraft")
_CAUSES = {"ENV", "HRI", "NGO", "LAB", "REL", "PTY", "MED", "HLH"}
_MANAGERS = word_set("words/entities.tsv", "roles.managers")
_RANKS = word_set("words/entities.tsv", "roles.ranks")
_PLAIN_BODIES = {"department", "ministry", "office"}


@dataclass(frozen=True, slots=True)
class Role:
    """A role said beside a name: "the Chinese actor", ", deputy foreign minister of Iran"."""

    noun: int  # token of its head
    title: str | None  # the office as written, when it is one
    country_code: str | None
    sector: str | None


def role_beside(parse: Parse, span: NameSpan, names: Mapping[int, NameSpan]) -> Role | None:
    """The role in the noun before the name or in an apposition on either side of it."""
    noun = _role_noun(parse, span, names)
    if noun is None:
        return None
    lex = lexicon()
    word = head_word(parse, noun)
    start, end = noun_phrase(parse, noun)
    if start <= span.start < end:
        start = span.end if noun >= span.end else start
    code = phrase_country(parse, start, NameSpan(start, end, "", "", 0.0), names)
    held = lex.nouns.get(word)
    sector = lex.title_heads.get(word) or (held.sector if held else None)
    sector = modified_sector(parse, start, noun, sector or "UNK")
    beside = owner_sector(parse, start, noun, names) or possessor_sector(parse, start + 1, names)
    beside = beside or after_sector(parse, noun, names)
    if beside and (held is not None or word in lex.title_heads):
        sector = sector_of(word, sector or "UNK", beside)
    if any(body_sector(parse, names[t]) == "MED" for t in range(start, noun) if t in names):
        code = None  # "AP photographer X" may be of any country
    elif code is None:
        code = possessor_country(parse, start + 1, names)
    title, kin = None, held is not None and held.sector == "CVL" and parse.words[noun] == word
    if kin:
        sector = "CVL"  # "her father"
    elif word in lex.title_heads:
        first = noun
        while first > start and first - 1 not in names and (
            parse.lower[first - 1] in lex.title_parts or parse.lower[first - 1] in lex.title_heads
        ):  # fmt: skip
            first -= 1
        while first < noun and parse.lower[first] == "-":
            first += 1
        title = parse.span_text(first, noun + 1)
    return Role(noun, title, code, sector)


def body_beside(parse: Parse, span: NameSpan, names: Mapping[int, NameSpan]) -> int | None:
    """The common noun that tells what a named body is: "the agency X", "X, the largest party"."""
    nouns, head = lexicon().nouns, parse.head_of(span.start, span.end)
    near = [span.start - 1] if span.start else []
    for token in range(span.start, span.end):
        near += [c for c in parse.children[token] if parse.deps[c] == "appos" and c >= span.end]
    over = parse.heads[head]
    if parse.deps[head] == "appos" and "cc" not in parse.deps[over + 1 : span.start]:
        near.append(over)  # not the army of "the army and the paramilitary X"
    for token in near:
        noun = nouns.get(parse.lower[token])
        if noun is None or token in names or parse.tags[token] != "NN":
            continue
        if noun.kind not in {"organization", "government", "group"} or noun.sector == "CVL":
            continue
        if token == span.start - 1 and parse.heads[token] != head and parse.heads[head] != token:
            continue
        if parse.sent_of[token] == parse.sent_of[span.start]:
            return token
    return None


def _role_noun(parse: Parse, span: NameSpan, names: Mapping[int, NameSpan]) -> int | None:
    lex, head = lexicon(), parse.head_of(span.start, span.end)

    def fits(token: int) -> bool:
        word = parse.lower[token]
        if token in names or parse.pos[token] not in {"NOUN", "PROPN"}:
            return False
        held = lex.nouns.get(word)
        return word in lex.title_heads or (held is not None and held.kind in {"person", "group"})

    before = span.start - 1
    if before >= 0 and parse.sent_of[before] == parse.sent_of[span.start] and fits(before):
        return before
    for child in parse.children[head]:
        if parse.deps[child] == "appos" and child >= span.end and fits(child):
            return child
    if parse.deps[head] == "appos" and fits(parse.heads[head]):
        return parse.heads[head]
    return None


def owner_sector(parse: Parse, start: int, head: int, names: Mapping[int, NameSpan]) -> str | None:
    """Sector of the body or actor noun that modifies `head` in [start, head), the nearest.

    Else of the body it is "of", "for" or "at": "a commander of Islamic State".
    """
    nouns = lexicon().nouns
    state_head = head < len(parse) and parse.lower[head] in _STATE_HEADS
    for token in range(head - 1, start - 1, -1):
        held = names.get(token)
        if held is not None:
            if not is_backer(parse, held.end) and (sector := body_sector(parse, held)):
                return sector
            continue
        noun = nouns.get(parse.lower[token])
        if state_head or parse.lower[token] in _RANKS:
            continue
        if parse.lower[token] == "fighter" and noun is not None and parse.lower[head] in _AIRCRAFT:
            continue
        if noun is not None and noun.sector not in {"UNK", "CVL", "GOV"}:
            return noun.sector
        if noun is not None and noun.sector == "GOV" and parse.lower[head] in MEMBERS:
            return noun.sector  # "council members"
    return None


def modified_sector(parse: Parse, start: int, head: int, own: str) -> str:
    """Sector of the noun `head` by the words before it: "aid workers" are NGO, `own` otherwise."""
    if parse.lower[head] in _STATE_HEADS:
        return own
    modifiers = lexicon().modifiers
    for token in range(head - 1, start - 1, -1):
        held = modifiers.get(parse.lower[token])
        if held is not None and own in held[1]:
            return held[0]
    if parse.lower[head + 1 : head + 2] == ["of"]:  # "chamber of commerce"
        held = modifiers.get(parse.lower[min(head + 2, len(parse) - 1)])
        if held is not None and own in held[1] and own not in _OPEN_SECTORS:
            return held[0]
    return own


def head_word(parse: Parse, head: int) -> str:
    """The noun that tells the office: "secretary" of "secretary general"."""
    if parse.lower[head] == "general" and head and parse.lower[head - 1] in _GENERALS:
        return parse.lower[head - 1]
    return parse.lower[head]


def after_sector(parse: Parse, head: int, names: Mapping[int, NameSpan]) -> str | None:
    """Sector of the body after "of", "for" or "at": "director of the charity X"."""
    token, size = head + 1, len(parse)
    if token + 1 >= size or parse.lower[token] not in {"of", "for", "at", "with", "from"}:
        return None
    token += 1
    nouns = lexicon().nouns
    while token < size and token - head < 7 and parse.sent_of[token] == parse.sent_of[head]:
        held = names.get(token)
        if held is not None:
            if (sector := body_sector(parse, held)) is not None:
                return sector
            token = held.end
            continue
        noun = nouns.get(parse.lower[token])
        if noun is not None and noun.kind in {"organization", "group"} and noun.sector != "UNK":
            return noun.sector
        if parse.pos[token] not in {"DET", "ADJ", "NOUN", "PROPN", "PRON", "PART", "PUNCT"}:
            return None
        token += 1
    return None


def body_sector(parse: Parse, span: NameSpan) -> str | None:
    """Sector of a named body, by the lexicon or the words of its name; None for others."""
    known = span.known
    if known is not None:
        bodies = {"organization", "group", "government", "metonym"}
        return known.sector if known.kind in bodies else None
    if span.label != "ORG":
        return None
    sector = name_sector(parse.lower[span.start : span.end])[0]
    return sector if sector != "UNK" else None


def possessor_of(parse: Parse, begin: int, names: Mapping[int, NameSpan]) -> NameSpan | None:
    """Whose "its spokesman X" is: the body that led the sentence so far, else the one before."""
    if begin < 1 or parse.lower[begin - 1] not in {"its", "their"}:
        return None
    sent = parse.sent_of[begin]
    for ordinal in (sent, sent - 1):
        if ordinal < 0:
            break
        sentence = parse.sents[ordinal]
        token = sentence.start
        while token < min(sentence.end, begin - 1):
            span = names.get(token)
            if span is None:
                token += 1
                continue
            if span.label == "ORG" or (
                span.known is not None and span.known.kind in {"country", "group", "metonym"}
            ):
                return span
            token = span.end
    return None


def possessor_sector(parse: Parse, begin: int, names: Mapping[int, NameSpan]) -> str | None:
    """Sector of the body behind "its" before the title at `begin`."""
    span = possessor_of(parse, begin, names)
    return body_sector(parse, span) if span is not None else None


def possessor_country(parse: Parse, begin: int, names: Mapping[int, NameSpan]) -> str | None:
    """Country of the body behind "its" before the title at `begin`."""
    span = possessor_of(parse, begin, names)
    if span is None:
        return None
    if span.known is not None:
        return span.known.country_code
    inner = inner_country(parse.words[span.start : span.end])
    return inner[0] if inner else None


def sector_of(word: str, own: str, owner: str) -> str:
    """Sector of an actor noun beside its owner's: "UN troops" IGO, "army chief" MIL."""
    if owner == "IGO" or own in _OPEN_SECTORS or word in MEMBERS:
        return owner
    if own == "MIL" and owner in {"REB", "CRM", "PRM"}:
        return owner  # "ELN commander"
    if own in {"OPP", "EDU", "LAB"} and owner in _CAUSES and word not in {"student", "students"}:
        return owner  # "Greenpeace activists"
    if own == "BUS" and word in _MANAGERS:
        return owner  # "director of a charity"
    return owner if word in _MATERIEL and owner in {"COP", "REB", "SPY"} else own


def inner_country(words: Sequence[str]) -> tuple[str, int, int] | None:
    """(code, start, end) of the country or nationality inside an organisation's name."""
    forms = lexicon().forms
    for index, word in enumerate(words):
        if index and words[index - 1] == "New":
            continue
        for pieces, known in forms.get(word, ()):
            if known.kind in {"country", "adjective"} and known.country_code:
                size = len(pieces)
                if tuple(words[index : index + size]) == pieces and word != "Georgia":
                    return known.country_code, index, index + size
    return None


def name_sector(words: Sequence[str]) -> tuple[str, str]:
    """(sector, entity type) of an organisation by the words of its name, lower-cased."""
    lex = lexicon()
    cut = next((i for i, w in enumerate(words) if i and w in {"of", "for"}), len(words))
    for word in (*reversed(words[:cut]), *reversed(words[cut:])):
        noun = lex.nouns.get(word) or (lex.nouns.get(word[:-1]) if word[-1:] == "s" else None)
        if noun is not None and noun.sector != "UNK":
            kind = "organization" if noun.kind == "person" else noun.kind
            sector = next((lex.name_words[w] for w in words if lex.name_words.get(w) == "REB"), "")
            return (sector, "group") if sector and noun.sector == "MIL" else (noun.sector, kind)
    for word in reversed(words):
        if word in lex.name_words:
            sector = lex.name_words[word]
            return sector, "group" if sector == "REB" else "organization"
    return "UNK", "organization"


def body_label(words: Sequence[str]) -> str:
    """One wording for a ministry: "Ministry of Foreign Affairs" and "foreign ministry" agree."""
    held = ["defense" if word == "defence" else word for word in words if word != "the"]
    if len(held) > 2 and held[0] in _PLAIN_BODIES and held[1] in {"of", "for"}:
        rest = [word for word in held[2:] if word != "affairs"] or held[2:]
        held = [*rest, held[0]]
    return " ".join(held)


def office_body(title: str, code: str | None) -> tuple[str, str] | None:
    """(entity type, label) of the body an office belongs to: foreign minister → foreign ministry.

    "" as the label means the government itself. None when the title does not tell.
    """
    words = title.lower().replace("-", " ").split()
    if not code or not words or words[-1] not in {"minister", "president", "premier", "chancellor"}:
        return None
    if "prime" in words or words[-1] != "minister":
        return ("government", "") if words[0] not in {"former", "ex"} else None
    of = [w for w in words[:-1] if w in _PORTFOLIOS]
    if not of or words[0] in {"former", "ex"}:
        return None
    return "government", body_label([*of, "ministry"])


_PORTFOLIOS = word_set("words/entities.tsv", "roles.portfolios")


def is_state(sector: str | None) -> bool:
    """Does a body of this sector belong to a state?"""
    return sector in STATE
