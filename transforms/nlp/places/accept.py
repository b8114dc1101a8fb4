"""Whether a name of the gazetteer is a toponym where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field

from transforms.gazetteer import ALIAS, Gazetteer
from transforms.lexicons.loader import word_set
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.places.postal import codes
from transforms.nlp.places.toponym import (
    EDGES,
    HEAVY,
    Toponym,
    folded,
    form_of,
    joined_to,
    match,
)
from transforms.nlp.places.words import abbreviations, short_forms, words

Name = tuple[int, int, str]
PLACE_LABELS = {"GPE", "LOC", "FAC"}
_LOCATIVES = word_set("words/places.tsv", "accept.locatives")
_BEFORE = word_set("words/places.tsv", "accept.before")
_SIDES = word_set("words/places.tsv", "accept.sides")
_REGIONS = word_set("words/places.tsv", "accept.regions")
_ARTICLES = word_set("words/places.tsv", "accept.articles")
_SOME_ONE = {"a", "an", "another", "old"}
_PARTS = word_set("words/places.tsv", "accept.parts")
_NUMBERS = {"DATE", "TIME", "CARDINAL", "ORDINAL", "MONEY", "PERCENT", "QUANTITY"}
_KNOWN, _SOME = 300_000, 1_000
_DASHES = {"(", ",", "-", "--", "–", "—", ":", ";"}
_TAKEN = word_set("words/places.tsv", "accept.taken")


@dataclass(slots=True)
class Reading:
    """An article under reading: the names of the model, and who its people are."""

    parse: Parse
    gazetteer: Gazetteer
    owner: dict[int, Name] = field(default_factory=dict)  # token → the name it belongs to
    persons: set[str] = field(default_factory=set)  # words of names of people


def accept(reading: Reading, hit: Toponym) -> bool:
    """Whether `hit` is a place here, and no part of another name nor a word of its own."""
    parse, start, end = reading.parse, hit.start, hit.end
    span = reading.owner.get(start)
    if end - start == 1 and not _written_so(parse, hit):
        return False
    if hit.adjective:
        return _attributive(parse, hit, span)
    if end - start == 1 and (parse.words[start] in codes() or _is_division_behind(parse, hit)):
        return True
    if parse.lower[start] not in reading.persons and within_next(reading, hit):
        return True
    if end - start == 1 and hit.form in words()["common"]:
        return _dateline(parse, start, end) or (
            span is not None and span[2] == "GPE" and parse.lower[start - 1] in {"in", "near"}
        )
    if hit.form.startswith("saint ") and end < len(parse) and parse.tags[end] == "POS":
        return False  # "St. Paul's Hospital"
    label = span[2] if span is not None else ""
    if of_a_longer_name(parse, hit, label):
        return False
    if end - start == 1 and hit.form in words()["given"] and _with_surname(parse, hit, label):
        return False
    if end < len(parse) and _institution(reading, hit, span):
        return True
    known = max((c.weight for c in hit.candidates), default=0) >= 10_000
    if known and parse.lower[start] not in reading.persons and _is_taken(parse, hit, span):
        return True
    if span is None:
        return _unnamed(reading, hit)
    return _named(reading, hit, span)


def _written_so(parse: Parse, hit: Toponym) -> bool:
    """Whether a short form is written as such: "US" and "Pa.", no "us" and "BA"."""
    start = hit.start
    word = joined_to(parse.words[start]) or parse.words[start]
    if word in abbreviations() or (word in codes() and folded(word) != hit.form):
        return True
    stopped = start + 1 < len(parse) and parse.words[start + 1] == "."
    listed = len(word) > 3 and start > 0 and parse.words[start - 1] == ","
    if (stopped or listed) and f"{word}." in abbreviations():
        return True  # "Alta.", cut in two; "Rancho Mirage, Calif"
    if hit.form in short_forms():
        return False
    if len(hit.form) > 5 or not word.isupper():
        return True
    if _dateline(parse, start, hit.end):
        return True
    beside = [t for t in (start - 1, hit.end) if 0 <= t < len(parse)]
    return any(parse.words[t].isupper() and len(parse.words[t]) > 1 for t in beside)


def _is_division_behind(parse: Parse, hit: Toponym) -> bool:
    """ "Churchill, Man.": a division's short form with its stop, behind a name and a comma."""
    start = hit.start
    if start < 2 or parse.words[start - 1] != "," or not parse.words[start - 2][0].isupper():
        return False
    word = parse.words[start].rstrip(".")
    stopped = parse.words[start].endswith(".") or (
        hit.end < len(parse) and parse.words[hit.end] == "."
    )
    return (
        stopped
        and f"{word}." in abbreviations()
        and any(c.place_type == "admin1" for c in hit.candidates)
    )


def weight_of(hit: Toponym) -> int:
    """How well known the name is: a mere foreign spelling of one word counts for a quarter."""
    share = 4 if hit.end - hit.start == 1 else 1
    return max(c.weight if c.kind <= ALIAS else c.weight // share for c in hit.candidates)


def _named(reading: Reading, hit: Toponym, span: Name) -> bool:
    """A name of the gazetteer inside a name of the model."""
    parse, start, end, label = reading.parse, hit.start, hit.end, span[2]
    heaviest = weight_of(hit)
    inner = span[0] < start or span[1] > end
    if inner:
        rest = [t for t in range(span[0], span[1]) if not start <= t < end]
        inner = any(parse.lower[t] not in EDGES and parse.tags[t] != "POS" for t in rest)
    if inner and label in PLACE_LABELS:  # "the Euphrates River Valley"
        inner = any(parse.lower[t] not in (EDGES if t < start else _REGIONS | EDGES) for t in rest)
    located = locative(parse, start)
    if end - start == 1 and parse.lower[start] in reading.persons and not located:
        sure = label == "GPE" and not inner and heaviest >= _KNOWN
        return sure and hit.form not in words()["given"]
    if label in PLACE_LABELS or label == "NORP":
        if inner and not _chain(parse, span, start, end):
            return label == "GPE" and heaviest >= HEAVY
        return located or heaviest >= _SOME or end - start > 1 or _beside_known(reading, end)
    if label == "PERSON":
        moved = start > 0 and parse.lower[start - 1] in {"from", "to"} and heaviest >= HEAVY
        return not inner and (heaviest >= _KNOWN or located or moved)
    if label in _NUMBERS:
        return heaviest >= _KNOWN and parse.pos[start] == "PROPN"
    if inner and _listed_in(reading, hit, span):
        return True
    if inner and (span[1] <= end or parse.lower[end] not in words()["paper"]):
        return heaviest >= _KNOWN and all(
            c.kind <= ALIAS for c in hit.candidates if c.weight == heaviest
        )
    town = any(c.place_type not in {"region", "site"} for c in hit.candidates)
    enough = HEAVY if end - start == 1 else HEAVY // 5  # two words are seldom a chance
    town = town or parse.lower[end - 1] in words()["site"]
    sited = start > 0 and parse.lower[start - 1] in {"on", "at", "along", "off"}
    return not inner and ((heaviest >= enough and (town or sited)) or located)


def _listed_in(reading: Reading, hit: Toponym, span: Name) -> bool:
    """Whether towns were run together to a name of something else: "to Ingham or Townsville"."""
    parse = reading.parse
    before = parse.lower[span[0] - 1] if span[0] else ""
    if before not in _LOCATIVES | {"from", "to", "of", "between", "and"}:
        return False
    pieces, low = [], span[0]
    for token in range(span[0], span[1] + 1):
        if token == span[1] or parse.lower[token] in {"and", "or", ","}:
            if low < token:
                pieces.append((low, token))
            low = token + 1
    if len(pieces) < 2 or (hit.start, hit.end) not in pieces:
        return False
    forms = {form_of(parse, *piece) for piece in pieces}
    return len(forms) > 1 and all(reading.gazetteer.lookup(f, folded=True) for f in forms)


def _attributive(parse: Parse, hit: Toponym, span: Name | None) -> bool:
    """Whether a demonym qualifies a noun: no people ("Turks"), language, nor part of a name."""
    token = hit.end - 1
    following = parse.lower[hit.end] if hit.end < len(parse) else ""
    if span is not None and span[1] - span[0] > hit.end - hit.start:
        if span[2] in {"PERSON", "WORK_OF_ART"}:
            return False
        if span[2] in {"ORG", "FAC", "PRODUCT"} and span[0] <= hit.start:
            return following in words()["office"]
        if span[2] in {"ORG", "FAC"} and parse.lower[span[0]] == "the":
            return following in words()["office"]
    if parse.tags[token] in {"NNPS", "NNS"}:
        return False
    if following == "-" and hit.end + 1 < len(parse) and parse.tags[hit.end + 1] == "VBN":
        return parse.starts[hit.end] == parse.ends[token]  # "Pakistani-controlled"
    if span is not None and span[2] == "LANGUAGE" and not (
        hit.end < len(parse) and parse.heads[token] == hit.end
    ):  # fmt: skip
        return False
    if parse.deps[token] in {"amod", "compound", "nmod", "conj", "attr", "acomp", "ROOT", "nn"}:
        return True
    if any(parse.lower[c] in _SOME_ONE for c in parse.children[token] if c < token):
        return parse.deps[token] != "ROOT"  # "a Canadian", "a 34-year-old German"
    if hit.end >= len(parse) or not parse.words[hit.end][0].islower():
        return False
    if following in {"and", "or"} and hit.end + 2 < len(parse):  # "the French and Spanish fleets"
        other, noun = hit.end + 1, hit.end + 2
        return (
            parse.tags[other] == "JJ"
            and parse.words[other][0].isupper()
            and parse.pos[noun] == "NOUN"
        )
    return parse.pos[hit.end] == "NOUN"


def within_next(reading: Reading, hit: Toponym) -> bool:
    """Whether a comma joins it to a division it lies in: "Ada, Oklahoma", "Wainwright, Alta."."""
    parse, end = reading.parse, hit.end
    if end + 1 >= len(parse) or parse.words[end] != "," or not parse.words[end + 1][0].isupper():
        return False
    other = match(parse, reading.gazetteer, end + 1)
    if other is None or other.adjective:
        return False
    if other.end - other.start == 1 and not _written_so(parse, other):
        return False
    outer = {c.index for c in other.candidates if c.place_type == "admin1"}
    return any(
        c.admin1 in outer and c.index not in outer for c in hit.candidates if c.kind <= ALIAS
    )


def of_a_longer_name(parse: Parse, hit: Toponym, label: str) -> bool:
    """Whether a name before it makes another of both: "Real Madrid", "Doug Logan"."""
    before = hit.start - 1
    if before < 0 or parse.sent_of[before] != parse.sent_of[hit.start]:
        return False
    word = parse.words[before]
    if parse.pos[before] != "PROPN" or not word[0].isupper() or not word[-1].isalpha():
        return False
    if parse.lower[before] in EDGES:
        return False
    if parse.lower[before] in words()["direction"] | _LOCATIVES or word.isupper():
        return False
    if parse.deps[before] != "compound" or parse.heads[before] not in range(hit.start, hit.end):
        return False
    country = any(c.place_type == "country" for c in hit.candidates)
    return not (country and label in {"GPE", "NORP", "LOC", "ORG", ""})


def _with_surname(parse: Parse, hit: Toponym, label: str) -> bool:
    """ "Paris Hilton", "Orlando Bloom": a given name, which the model took for something else."""
    behind = hit.end
    if label in PLACE_LABELS or behind >= len(parse) or parse.tags[behind] != "NNP":
        return False
    if parse.words[behind].isupper():
        return False  # "Boston WCVB"
    word, kinds = parse.lower[behind], words()
    if any(word in kinds[kind] for kind in ("body", "settlement", "site", "paper", "common")):
        return False
    closed = behind + 1 == len(parse) or parse.tags[behind + 1][:3] != "NNP"
    return closed and parse.deps[behind - 1] == "compound" and parse.heads[behind - 1] == behind


def _institution(reading: Reading, hit: Toponym, span: Name | None) -> bool:
    """ "Enfield Council", "the Cairns police", "Puge county": a body or kind of place behind it."""
    parse, label = reading.parse, span[2] if span is not None else ""
    held, end = words(), hit.end
    word = parse.lower[end]
    local = word in held["local"] and hit.start > 0 and parse.lower[hit.start - 1] in _ARTICLES
    if not local and word not in held["body"] and word not in held["settlement"]:
        return False
    if label == "PERSON" and parse.lower[hit.start] in reading.persons:
        return False
    if parse.deps[end - 1] not in {"compound", "nmod", "amod"}:
        return False
    beyond = parse.lower[end + 1] if end + 1 < len(parse) else ""
    if settled(parse, hit.start, end) and beyond != "attorney":
        return True
    if weight_of(hit) >= _SOME:
        return True
    whole = label == "ORG" and span is not None and span[1] > end
    return whole and any(c.kind <= ALIAS for c in hit.candidates)


def _chain(parse: Parse, span: Name, start: int, end: int) -> bool:
    """Whether the model ran two places together ("Paris, Texas"; "China-Japan")."""
    before = parse.lower[start - 1] if start > span[0] else ","
    after = parse.lower[end] if end < span[1] else ","
    return before in EDGES and after in EDGES


def locative(parse: Parse, start: int) -> bool:
    """Whether "in", "near" or the like stands before a token."""
    before = start - 1
    while before >= 0 and parse.lower[before] in _BEFORE:
        before -= 1
    if before < 0:
        return False
    if parse.lower[before] != "of" or not before:
        return parse.lower[before] in _LOCATIVES
    whose = parse.lower[before - 1]  # "outside of Waterloo", "Lee, 49, of Waterloo"
    return whose in _SIDES or (whose == "," and before > 1 and parse.words[before - 2][0].isdigit())


def settled(parse: Parse, start: int, end: int) -> bool:
    """Whether words call it a settlement or division: "the town of Qatraneh", "Puge county"."""
    kinds = words()["settlement"]
    if start >= 2 and parse.lower[start - 1] == "of" and parse.lower[start - 2] in kinds:
        return True
    return end < len(parse) and parse.words[end] in kinds and parse.heads[end - 1] == end


def _unnamed(reading: Reading, hit: Toponym) -> bool:
    """A name of the gazetteer that the model saw nothing in."""
    parse, start, end = reading.parse, hit.start, hit.end
    heaviest = weight_of(hit)
    if parse.pos[end - 1] != "PROPN" and not (end - start == 1 and parse.words[start].isupper()):
        return False
    if end - start == 1 and parse.lower[start] in reading.persons:
        return False
    for token in (start - 1, end):
        if (
            0 <= token < len(parse)
            and parse.sent_of[token] == parse.sent_of[start]
            and parse.pos[token] == "PROPN"
            and parse.words[token][0].isupper()
            and parse.words[token].isupper() == parse.words[start].isupper()
            and (parse.heads[token] in range(start, end) or parse.heads[end - 1] == token)
        ):
            return False
    return (
        heaviest >= HEAVY
        or locative(parse, start)
        or settled(parse, start, end)
        or _dateline(parse, start, end)
        or _beside_known(reading, end)
    )


def _is_taken(parse: Parse, hit: Toponym, span: Name | None) -> bool:
    """ "retook Sinjar", "bombed Tyre and Sidon": the object of a verb of towns."""
    token = hit.end - 1
    if span is not None and (span[0] < hit.start or span[1] > hit.end):
        inside = {parse.lower[t] for t in range(*span[:2]) if not hit.start <= t < hit.end}
        if not inside & {"and", ","}:
            return False
    if parse.deps[token] == "conj":
        token = parse.heads[token]
    head = parse.heads[token]
    if parse.deps[token] == "pobj" and parse.lower[head] == "of":  # "captured parts of it"
        return parse.lemmas[parse.heads[head]].lower() in _PARTS
    return parse.deps[token] in {"dobj", "nsubjpass"} and parse.lemmas[head].lower() in _TAKEN


def _dateline(parse: Parse, start: int, end: int) -> bool:
    """Whether capitals open a paragraph before a dash, bracket or comma ("BANTAM — ")."""
    return (
        opens_paragraph(parse, start)
        and parse.words[start].isupper()
        and (end == len(parse) or parse.words[end] in _DASHES)
    )


def opens_paragraph(parse: Parse, token: int) -> bool:
    """Whether a token is the first of its paragraph."""
    sentence = parse.sents[parse.sent_of[token]]
    before = sentence.ordinal - 1
    return sentence.start == token and (
        before < 0 or parse.sents[before].paragraph != sentence.paragraph
    )


def _beside_known(reading: Reading, end: int) -> bool:
    """Whether a comma joins it to a place name of the model ("Innisfail, Alberta")."""
    parse, after = reading.parse, reading.owner.get(end + 1)
    return (
        end + 1 < len(parse) and parse.words[end] == "," and after is not None and after[2] == "GPE"
    )
