"""Which spans of an article are toponyms: the names layer and the gazetteer, each checked."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.dictionary.places import TaughtGazetteer
from transforms.gazetteer import ALIAS, Gazetteer
from transforms.lexicons.loader import word_set
from transforms.nlp.names.spans import is_glued
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.places.accept import (
    PLACE_LABELS,
    Name,
    Reading,
    accept,
    locative,
    of_a_longer_name,
    settled,
    weight_of,
)
from transforms.nlp.places.toponym import EDGES, HEAVY, JOINERS, Toponym, form_of, match
from transforms.nlp.places.uncased import find_uncased, is_uncased
from transforms.nlp.places.words import words

_NO_SITE = {"PERSON", "DATE", "TIME", "MONEY", "PERCENT", "WORK_OF_ART", "LAW", "LANGUAGE",
            "CARDINAL", "ORDINAL", "QUANTITY"}  # fmt: skip
_BUILT = word_set("words/places.tsv", "detect.built")
_AT = word_set("words/places.tsv", "detect.at")
_KINDS_BEHIND = word_set("words/places.tsv", "detect.kinds")
_FORMER = word_set("words/places.tsv", "detect.former")
_DISTRICTS = word_set("words/places.tsv", "detect.districts")
_DASHES = {"-", "--", "–", "—"}
_BODIES = word_set("words/places.tsv", "detect.bodies")
_RUN = 5  # words of the longest name of a street or site


def detect(
    parse: Parse, gazetteer: Gazetteer, names: Sequence[Name]
) -> tuple[list[Toponym], list[Toponym]]:
    """Toponyms in text order, without overlaps; and the names of places that are none here.

    A name that was sure somewhere in the article ("in Innisfail") is one elsewhere too ("the
    Innisfail skater"), but never inside a person's name. What is no toponym ("Texas" in the name
    of a university) still tells where an article plays.
    """
    reading = Reading(parse, gazetteer)
    for span in _cut_at_dashes(parse, names):
        for token in range(span[0], span[1]):
            reading.owner[token] = span
        if (
            span[2] == "PERSON"
            and span[1] - span[0] > 1
            and "of" not in parse.lower[span[0] : span[1]]  # "Leonard of Ada"
        ):
            reading.persons.update(parse.lower[span[0] : span[1]])
    found: list[Toponym] = []
    doubtful: list[Toponym] = []
    said: list[Toponym] = []
    words_of, size = parse.words, len(parse)
    uncased = is_uncased(parse)
    index = 0
    while index < size:
        if not words_of[index][0].isupper():
            small = find_uncased(reading, index) if uncased else None
            if small is not None:
                (found if small.sure else doubtful).append(small.toponym)
            index = index + 1 if small is None else small.toponym.end
            continue
        name = reading.owner.get(index)
        if bygone := _bygone(parse, index):
            index += bygone
            continue
        hit = match(parse, gazetteer, index)
        if hit is not None and _is_taught(gazetteer, hit, name):
            found.append(hit)
            index = hit.end
            continue
        if hit is not None and _names_no_place(parse, hit):
            site = _street_or_site(reading, index, None)
            if site is not None:
                found.append(site)
            index = hit.end if site is None else site.end
            continue
        if hit is not None and name is not None and _is_piece(parse, gazetteer, hit, name):
            unknown = _unknown(reading, name, index, found)
            if unknown is not None:
                found.append(unknown)
            index = name[1]
            continue
        site = _street_or_site(reading, index, hit)
        if site is not None:
            found.append(site)
            index = site.end
            continue
        if hit is not None:
            if accept(reading, hit):
                found.append(hit)
                index = hit.end
                continue
            label = name[2] if name is not None else ""
            if hit.adjective:
                said.append(hit)
            elif label != "PERSON" or (
                name is not None
                and name[:2] == (hit.start, hit.end)
                and parse.lower[index] not in reading.persons
            ):
                if not of_a_longer_name(parse, hit, label):
                    doubtful.append(hit)
                if name is not None and weight_of(hit) >= HEAVY:
                    said.append(hit)
            if hit.end - hit.start > 1 and label == "PERSON":
                index = hit.end
                continue
        else:
            unknown = _unknown(reading, name or _run_from(parse, index), index, found)
            if unknown is not None:
                found.append(unknown)
                index = unknown.end
                continue
        index += 1
    _beside_found(parse, found, doubtful)
    sure = {toponym.form for toponym in found if not toponym.adjective}
    taken = {token for toponym in found for token in range(toponym.start, toponym.end)}
    for toponym in doubtful:
        tokens = range(toponym.start, toponym.end)
        if toponym.form in sure and taken.isdisjoint(tokens):
            found.append(toponym)
            taken.update(tokens)
    found += _again(reading, found, taken)
    found.sort(key=lambda toponym: toponym.start)
    return found, said


def _again(reading: Reading, found: Sequence[Toponym], taken: set[int]) -> list[Toponym]:
    """Places that no list holds where they are named again: "The president toured Pangandaran"."""
    parse = reading.parse
    unknown = {tuple(parse.words[t.start : t.end]): t for t in found if not t.candidates}
    firsts = {name[0] for name in unknown}
    more: list[Toponym] = []
    for token, word in enumerate(parse.words):
        if word not in firsts:
            continue
        for name, one in unknown.items():
            tokens = range(token, token + len(name))
            owner = reading.owner.get(token)
            if (
                tuple(parse.words[token : tokens.stop]) == name
                and taken.isdisjoint(tokens)
                and not reading.persons.intersection(word.lower() for word in name)
                and (owner is None or (owner[0] == token and owner[1] <= tokens.stop))
                and not _in_longer_name(parse, token, tokens.stop)
            ):
                more.append(Toponym(token, tokens.stop, one.form, (), False))
                taken.update(tokens)
                break
    return more


def _in_longer_name(parse: Parse, start: int, end: int) -> bool:
    """Is it a part of a name: "Mr Mezzeh", "Fenton Street Singers"?"""
    sent = parse.sents[parse.sent_of[start]]
    return any(
        sent.start <= t < sent.end and parse.pos[t] == "PROPN" and parse.words[t][:1].isupper()
        for t in (start - 1, end)
    )


def _is_taught(gazetteer: Gazetteer, hit: Toponym, name: Name | None) -> bool:
    """Is the hit a place of the project's own dictionary, and no part of another's name?"""
    if not isinstance(gazetteer, TaughtGazetteer) or hit.adjective:
        return False
    if not gazetteer.is_taught(hit.form):
        return False
    return name is None or name[2] in PLACE_LABELS or (name[0] >= hit.start and name[1] <= hit.end)


def _bygone(parse: Parse, index: int) -> int:
    """Tokens of the name of a former state that begins here ("Soviet Union"), 0 for none.

    It lies in several countries of today or in a part of one, so it stays unresolved.
    """
    for size in (2, 1):
        if " ".join(parse.lower[index : index + size]) in _FORMER:
            return size
    return 0


def _is_body(parse: Parse, end: int) -> bool:
    """ "Circuit Court", "School District": a body by its last two words, no street nor site."""
    return end > 1 and " ".join(parse.lower[end - 2 : end]) in _BODIES


def _names_no_place(parse: Parse, hit: Toponym) -> bool:
    """ "the North East" of whatever country, "Eastern District of New York": no place by itself."""
    kinds, behind = words(), parse.lower[hit.end] if hit.end < len(parse) else ""
    lower = parse.lower[hit.start : hit.end]
    if behind == "of" and hit.end - hit.start > 1 and lower[-1] in _DISTRICTS:
        return parse.words[min(hit.end + 1, len(parse) - 1)][:1].isupper()
    bare = all(word in kinds["direction"] or word in JOINERS for word in lower)
    return bare and behind not in kinds["settlement"] and behind not in {",", "("}


def _is_piece(parse: Parse, gazetteer: Gazetteer, hit: Toponym, name: Name) -> bool:
    """Is the hit only the first word of an unknown place's name: "San Quirrelo", "Tall Qumbaz"?"""
    if name[2] not in {"GPE", "LOC"} or name[0] != hit.start or not hit.end < name[1]:
        return False
    if hit.end - hit.start > 1 or hit.adjective or hit.form in words()["given"]:
        return False
    kinds, rest = words(), range(hit.end, name[1])
    known = [kinds[kind] for kind in _KINDS_BEHIND]
    return all(
        is_glued(parse, t)
        or is_glued(parse, t - 1)
        or (
            parse.words[t][:1].isupper()
            and parse.words[t].isalpha()
            and not any(parse.lower[t] in kind for kind in known)
            and match(parse, gazetteer, t) is None
        )
        for t in rest
    )


def _cut_at_dashes(parse: Parse, names: Sequence[Name]) -> list[Name]:
    """Names, without what was run on behind a dash between spaces: "Mr Trump - Wisconsin and"."""
    found = []
    for start, end, label in names:
        cut = next(
            (
                t
                for t in range(start + 1, end - 1)
                if parse.words[t] in _DASHES
                and parse.starts[t] > parse.ends[t - 1]
                and parse.starts[t + 1] > parse.ends[t]
            ),
            end,
        )
        found.append((start, cut, label))
    return found


def _beside_found(parse: Parse, found: list[Toponym], doubtful: list[Toponym]) -> None:
    """Take what the parse joins to a toponym of the same country: "Kailahun and Bo"."""
    at = {token: toponym for toponym in found for token in range(toponym.start, toponym.end)}
    heads = {
        parse.heads[t]: toponym
        for t, toponym in at.items()
        if parse.deps[t] == "conj" and not toponym.adjective
    }
    for hit in doubtful:
        last = hit.end - 1
        other = heads.get(last)
        if other is None and parse.deps[last] == "conj":
            other = at.get(parse.heads[last])
        if other is None or other.adjective or hit.form in words()["common"]:
            continue
        shared = {c.country_code for c in other.candidates if c.kind <= ALIAS}
        if any(c.country_code in shared for c in hit.candidates if c.kind <= ALIAS) and not any(
            token in at for token in range(hit.start, hit.end)
        ):
            found.append(hit)
            at.update(dict.fromkeys(range(hit.start, hit.end), hit))


def _unknown(reading: Reading, span: Name, index: int, found: list[Toponym]) -> Toponym | None:
    """A place that the gazetteer does not hold: the model's, or one that words make a town."""
    toponym = _rest_of(reading, span, index)
    if toponym is None or toponym.form in words()["common"] or _is_body(reading.parse, toponym.end):
        return None
    parse, start, end = reading.parse, toponym.start, toponym.end
    if span[2] not in PLACE_LABELS:
        if span[2] in _NO_SITE or parse.tags[start][:3] != "NNP" or end - start > 3:
            return None
        beside = _joined(parse, start, found) and not found[-1].candidates
        return toponym if beside or settled(parse, start, end) else None
    plausible = (
        bool(toponym.candidates)
        or parse.lower[end - 1] in words()["site"] | words()["street"]
        or locative(parse, start)
        or settled(parse, start, end)
        or _joined(parse, start, found)
    )
    return toponym if plausible else None


def _run_from(parse: Parse, index: int) -> Name:
    """The capitals from a token on, as a name without a label."""
    end, stop = index + 1, min(len(parse), index + _RUN)
    while end < stop and parse.tags[end][:3] == "NNP" and parse.words[end][0].isupper():
        end += 1
    return index, end, ""


def _joined(parse: Parse, start: int, found: list[Toponym]) -> bool:
    """Whether "and" joins it to a place just found: "of Foua and Kfraya"."""
    if not found or found[-1].end != start - 1 or parse.words[start].isupper():
        return False
    return parse.lower[start - 1] in {"and", "or"}


def _rest_of(reading: Reading, span: Name, index: int) -> Toponym | None:
    """The rest of a name of the model from `index` on, whether or not we know it."""
    parse, start, end = reading.parse, index, span[1]
    while end > start and (parse.lower[end - 1] in EDGES or parse.tags[end - 1] == "POS"):
        end -= 1
    if span[2] not in PLACE_LABELS:
        for stop in range(start, end):  # "Haris and Varzaqan", run together
            if parse.lower[stop] in {"and", ",", "or"}:
                end = stop
                break
    if end <= start or not parse.words[start][0].isupper():
        return None
    return Toponym.of(parse, reading.gazetteer, start, end)


def _street_or_site(reading: Reading, index: int, hit: Toponym | None) -> Toponym | None:
    """ "Galliard Road", "Karak Castle": capitals that end in the word for a street or site."""
    parse = reading.parse
    if index > 0 and parse.pos[index - 1] == "PROPN" and parse.words[index - 1][0].isupper():
        return None
    if parse.tags[index][:3] != "NNP":
        return None
    end = _run_from(parse, index)[1]
    if end - index < 2 or (hit is not None and hit.end >= end):
        return None
    last = parse.lower[end - 1]
    if _is_body(parse, end):
        return None
    if last in words()["street"] and parse.deps[end - 1] != "compound":
        return Toponym(index, end, form_of(parse, index, end), (), False)
    before = parse.lower[index - 1] if index else ""
    if before == "the" and index > 1:
        before = parse.lower[index - 2]
    known = hit is not None and weight_of(hit) >= HEAVY  # "Mosul University" names Mosul
    if hit is not None and hit.end - hit.start == 1 and hit.form in words()["given"]:
        known = False  # "Victoria Embankment Gardens" names nobody's Victoria
    if last in _BUILT and before in _AT and parse.deps[end - 1] == "pobj" and not known:
        return Toponym(index, end, form_of(parse, index, end), (), False)
    return None
