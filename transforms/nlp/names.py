"""Names: the model's NER repaired with the actor lexicons, titles and the document itself."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.nlp.entity_lexicon import Known, fold, lexicon, shouted
from transforms.nlp.name_words import (
    CALENDAR,
    KIN,
    LOCATIVE,
    NOT_NAMES,
    ORG_HEADS,
    PERSONAL,
    SHIPS,
    SHORT,
    SITES,
    SPEECH,
    WORKS,
)
from transforms.nlp.parse import Parse

_KEPT = {"PERSON", "ORG", "GPE", "LOC", "NORP", "FAC"}
_EDGE = {"the", "a", "an", "'s", "’s", "'", "’", '"', "“", "”", ",", ".", "-", "–", "—", "(", ")"}
_ACTOR_DEPS = {"nsubj", "nsubjpass", "dobj", "dative"}


@dataclass(frozen=True, slots=True)
class NameSpan:
    """One name: tokens [start, end). `method` says how it was found."""

    start: int
    end: int
    label: str  # PERSON, ORG, GPE, LOC, NORP, FAC
    method: str
    confidence: float
    known: Known | None = None


def find_names(parse: Parse) -> list[NameSpan]:
    """Names of the article in text order, without overlaps."""
    taken: list[NameSpan | None] = [None] * len(parse)
    loud = _loud(parse)
    model = [
        span
        for ent in parse.ents
        if (span := _clean(parse, ent)) is not None and parse.sent_of[span.start] not in loud
    ]
    for span in _gazetteer(parse, model, loud):
        _put(taken, span)
    for span in model:
        for piece in _free_pieces(taken, span):
            _put(taken, piece)
    for span in _labelled(parse, taken):
        _put(taken, span)
    for span in _organisations(parse, taken):
        if parse.sent_of[span.start] not in loud:
            _put(taken, span)
    for span in _titled(parse, taken):
        _put(taken, span)
    for span in _short_forms(parse, taken):
        _put(taken, span)
    for span in _repeated(parse, taken):
        _put(taken, span)
    for span in _proper_runs(parse, taken):
        if parse.sent_of[span.start] not in loud:
            _put(taken, span)
    _vote(parse, taken)
    _leaders(parse, taken)
    found = {id(span): span for span in taken if span is not None}
    return sorted(found.values(), key=lambda span: span.start)


def _labelled(parse: Parse, taken: list[NameSpan | None]) -> list[NameSpan]:
    """Well-known cities, regions and peoples, where no longer name of the model covers them."""
    labels, words, found, index = lexicon().labels, parse.words, [], 0
    while index < len(words):
        hit = None
        for pieces, label in labels.get(words[index], ()):
            size = len(pieces)
            if size == 1 or tuple(words[index : index + size]) == pieces:
                hit = NameSpan(index, index + size, label, "place-list", 0.8)
                break
        if hit is None:
            index += 1
            continue
        held = {id(s): s for s in taken[hit.start : hit.end] if s is not None}.values()
        inside = all(s.start >= hit.start and s.end <= hit.end for s in held)
        proper = parse.pos[hit.end - 1] in {"PROPN", "ADJ"} or bool(held)
        joined = hit.end < len(words) and taken[hit.end] is None and not held and (
            parse.pos[hit.end] == "PROPN" and parse.heads[hit.end - 1] == hit.end
        )  # fmt: skip
        if inside and proper and not joined and all(s.known is None for s in held):
            found.append(hit)
        index = hit.end
    return found


def _leaders(parse: Parse, taken: list[NameSpan | None]) -> None:
    """A surname known by itself ("Trump") is that person unless the article has a namesake."""
    lex = lexicon()
    full = {
        parse.words[span.end - 1]
        for span in taken
        if span is not None and span.label == "PERSON" and span.end - span.start > 1
    }
    for index, word in enumerate(parse.words):
        if word not in lex.plain_surnames or word in full:
            continue
        span = taken[index]
        if span is None:
            if parse.pos[index] != "PROPN":
                continue
        elif span.known is not None or span.end - span.start > 1:
            continue
        _put(taken, NameSpan(index, index + 1, "PERSON", "surname", 0.6, lex.surnames[word]))


def _proper_runs(parse: Parse, taken: list[NameSpan | None]) -> list[NameSpan]:
    """Runs of proper nouns that act or are acted on, which neither model nor lexicon named."""
    lex, found, index = lexicon(), [], 0
    while index < len(parse):
        start = index
        while (
            index < len(parse)
            and parse.pos[index] == "PROPN"
            and taken[index] is None
            and parse.words[index][:1].isupper()
            and parse.sent_of[index] == parse.sent_of[start]
        ):
            index += 1
        if index == start:
            index += 1
            continue
        while start < index - 1 and parse.lower[start] in LOCATIVE:
            start += 1
        head = parse.head_of(start, index)
        word = parse.lower[index - 1]
        if (
            parse.deps[head] in _ACTOR_DEPS
            and word not in lex.nouns
            and word not in lex.title_heads
            and word not in CALENDAR
            and word not in NOT_NAMES
            and parse.lower[start] not in WORKS
            and word not in WORKS
        ):
            found.append(NameSpan(start, index, "ORG", "proper-noun", 0.4))
    return found


def _vote(parse: Parse, taken: list[NameSpan | None]) -> None:
    """One form, one label: unknown single words after "in" or "near" are places throughout."""
    votes: dict[str, dict[str, int]] = {}
    spans = {id(s): s for s in taken if s is not None and s.known is None and s.label != "NORP"}
    for span in spans.values():
        form = parse.span_text(span.start, span.end)
        tally = votes.setdefault(form, {})
        before = parse.lower[span.start - 1] if span.start else ""
        if before in LOCATIVE and span.end - span.start == 1:
            tally["GPE"] = tally.get("GPE", 0) + 2
        if span.label in {"GPE", "LOC", "FAC", "ORG"} and span.end - span.start == 1:
            speaks = _speaks(parse, span)
            if speaks and (span.label != "ORG" or not form.isupper()):
                tally["PERSON"] = tally.get("PERSON", 0) + speaks
        weight = 2 if span.method in {"title", "place-list"} else 1
        tally[span.label] = tally.get(span.label, 0) + weight
    for span in spans.values():
        tally = votes[parse.span_text(span.start, span.end)]
        label = min(tally, key=lambda name: (-tally[name], name != span.label, name))
        if label != span.label:
            _put(taken, NameSpan(span.start, span.end, label, "document", 0.65))


def _speaks(parse: Parse, span: NameSpan) -> int:
    """Votes for a person: one who feels, dies or is kin; a body or place does none of that."""
    head = span.start
    over = parse.heads[head]
    if parse.deps[head] == "nsubj" and parse.lemmas[over].lower() in PERSONAL:
        return 2
    if parse.deps[head] == "nsubj" and parse.lemmas[over].lower() in SPEECH:
        return 1 if span.label == "ORG" else 2
    if parse.deps[head] == "poss" and parse.lower[over] in KIN:
        return 2
    return 0


def _put(taken: list[NameSpan | None], span: NameSpan) -> None:
    for token in range(span.start, span.end):
        old = taken[token]
        if old is not None:
            for other in range(old.start, old.end):
                taken[other] = None
    taken[span.start : span.end] = [span] * (span.end - span.start)


def _free_pieces(taken: list[NameSpan | None], span: NameSpan) -> list[NameSpan]:
    if any(taken[token] is not None for token in range(span.start, span.end)):
        return []
    return [span]


def _clean(parse: Parse, ent: tuple[int, int, str]) -> NameSpan | None:
    start, end, label = ent
    if label not in _KEPT:
        return None
    lower, lex = parse.lower, lexicon()
    while start < end and lower[start] in _EDGE:
        start += 1
    while end > start and (lower[end - 1] in _EDGE or parse.tags[end - 1] == "POS"):
        end -= 1
    if start < end - 1 and lower[start] in LOCATIVE:
        start, label = start + 1, "GPE"
    if end - start == 1 and lower[start] in NOT_NAMES:
        return None
    first = parse.words[start - 1] if start else ""
    if start < end and (first in SHIPS or parse.words[start] in SHIPS) and label != "ORG":
        return None
    if label == "PERSON":
        for pieces, _ in lex.labels.get(parse.words[start], ()) if start < end else ():
            if len(pieces) > 1 and tuple(parse.words[start : start + len(pieces)]) == pieces:
                start += len(pieces)  # "for the Middle East Tobias Ellwood"
                break
        while end - start > 1 and (
            lower[start] in lex.title_heads
            or lower[start] in lex.honorifics
            or lower[start] in lex.title_parts
        ):
            start += 1
        while (
            end + 1 < len(lower)
            and parse.words[end] == "-"
            and parse.starts[end] == parse.ends[end - 1]
            and parse.starts[end + 1] == parse.ends[end]
            and parse.sent_of[end + 1] == parse.sent_of[start]
        ):
            end += 2  # "Park Yoon" + "-" + "joo"
    if end - start > 1 and label in {"ORG", "PERSON"} and lower[end - 1] in SITES:
        label = "FAC"
    if start >= end or not any(word[:1].isupper() for word in parse.words[start:end]):
        return None
    return NameSpan(start, end, label, "model", 0.7)


def _loud(parse: Parse) -> set[int]:
    """Sentences in capitals throughout: the model reads them as one long name."""
    found = set()
    for sentence in parse.sents:
        words = [w for w in parse.words[sentence.start : sentence.end] if w[0].isalpha()]
        if len(words) > 3 and all(word.isupper() for word in words):
            found.add(sentence.ordinal)
    return found


def _gazetteer(parse: Parse, model: list[NameSpan], loud: set[int]) -> list[NameSpan]:
    """Known forms, unless they lie inside a longer name of the model that is not made of them."""
    forms, words = lexicon().forms, parse.words
    inside: dict[int, NameSpan] = {}
    for span in model:
        for token in range(span.start, span.end):
            inside[token] = span
    found: list[NameSpan] = []
    index = 0
    while index < len(words):
        at = shouted() if loud and parse.sent_of[index] in loud else forms
        entries = at.get(words[index].replace("’", "'"))
        hit = None
        for pieces, known in entries or ():
            size = len(pieces)
            if size == 1 or [w.replace("’", "'") for w in words[index : index + size]] == list(
                pieces
            ):
                hit = NameSpan(index, index + size, known.label, "gazetteer", 0.9, known)
                break
        if hit is None:
            index += 1
            continue
        outer = inside.get(index)
        longer = (
            outer is not None
            and (outer.end > hit.end or outer.start < hit.start)
            and outer.label in {"PERSON", "ORG", "FAC", "LOC"}
            and not any(words[t] in {"-", "–", "/"} for t in range(outer.start, outer.end))
        )
        if not longer or (hit.end - hit.start > 1 and hit.label == "PERSON"):
            found.append(hit)
        index = hit.end
    return found


def _organisations(parse: Parse, taken: list[NameSpan | None]) -> list[NameSpan]:
    """ "Ministry of Foreign Affairs", "Foreign Ministry": capitalised words with an office head."""
    words, lower, pos, found = parse.words, parse.lower, parse.pos, []
    for index, word in enumerate(lower):
        if word not in ORG_HEADS or not words[index][0].isupper() or taken[index] is not None:
            continue
        start, end = index, index + 1
        while (
            start > 0
            and words[start - 1][:1].isupper()
            and pos[start - 1] in {"PROPN", "ADJ"}
            and (taken[start - 1] is None)
            and parse.sent_of[start - 1] == parse.sent_of[index]
        ):
            start -= 1
        if end + 1 < len(words) and lower[end] in {"of", "for"}:
            last = end + 1
            while (
                last < len(words)
                and (words[last][:1].isupper() or (lower[last] in {"and", "the"} and last > end))
                and taken[last] is None
            ):
                last += 1
            while last > end and lower[last - 1] in {"and", "the", "of", "for"}:
                last -= 1
            end = max(end, last)
        if end - start > 1:
            found.append(NameSpan(start, end, "ORG", "pattern", 0.75))
    return found


def _short_forms(parse: Parse, taken: list[NameSpan | None]) -> list[NameSpan]:
    """ "the Coalition", "the Commission": a capitalised body noun amid a sentence."""
    found = []
    for index, word in enumerate(parse.words):
        if word in SHORT and taken[index] is None and index and parse.lower[index - 1] == "the":
            after = index + 1 < len(parse) and parse.words[index + 1][:1].isupper()
            if not after and taken[index - 1] is None:
                found.append(NameSpan(index, index + 1, "ORG", "short-form", 0.6))
    return found


def _titled(parse: Parse, taken: list[NameSpan | None]) -> list[NameSpan]:
    """A capitalised proper name right after a title is a person, whatever the model said."""
    lex, words, lower = lexicon(), parse.words, parse.lower
    found = []
    for index in range(len(words) - 1):
        word = lower[index]
        if word not in lex.title_heads and word not in lex.honorifics:
            continue
        start = end = index + 1
        while (
            end < len(words)
            and end - start < 4
            and parse.pos[end] == "PROPN"
            and words[end][:1].isupper()
            and lower[end] not in lex.title_parts
            and lower[end] not in lex.title_heads
        ):
            end += 1
        span = taken[start] if start < len(words) else None
        if end == start or (span is not None and (span.known is not None or span.end > end)):
            continue
        if span is not None and span.label == "PERSON":
            continue
        if words[index][0].isupper() or word in lex.honorifics:
            found.append(NameSpan(start, end, "PERSON", "title", 0.8))
    return found


def _repeated(parse: Parse, taken: list[NameSpan | None]) -> list[NameSpan]:
    """A name found once is found everywhere; a person's surname too."""
    families = lexicon().families
    votes: dict[tuple[str, ...], NameSpan] = {}
    for span in taken:
        if span is None or span.label == "NORP":
            continue
        form = tuple(parse.words[span.start : span.end])
        if len(form) > 1 or span.label != "PERSON":
            votes.setdefault(form, span)
        if span.label == "PERSON" and len(form) > 1 and len(form[-1]) > 1:
            surname = form[:1] if form[0] in families else form[-1:]
            votes[surname] = span
    by_first: dict[str, list[tuple[tuple[str, ...], NameSpan]]] = {}
    for form, span in votes.items():
        if form[0][:1].isupper() and fold(form[0]):
            by_first.setdefault(form[0], []).append((form, span))
    found = []
    for index, word in enumerate(parse.words):
        if word not in by_first:
            continue
        here = taken[index]
        if here is not None:
            single = (s for f, s in by_first[word] if len(f) == 1)
            person = next((s for s in single if s.label == "PERSON"), None)
            if person and here.known is None and here.end - here.start == 1:
                found.append(NameSpan(index, index + 1, "PERSON", "document", 0.75, person.known))
            continue
        for form, span in sorted(by_first[word], key=lambda item: -len(item[0])):
            end = index + len(form)
            if (
                tuple(parse.words[index:end]) == form
                and all(taken[t] is None for t in range(index, end))
                and parse.pos[end - 1] in {"PROPN", "NOUN", "ADJ"}
            ):
                found.append(NameSpan(index, end, span.label, "document", 0.75, span.known))
                break
    return found
