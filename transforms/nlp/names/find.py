"""Names: the model's NER repaired with the actor lexicons, titles and the document itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from transforms.nlp.names import shapes
from transforms.nlp.names.actors import fold, lexicon, shouted
from transforms.nlp.names.model import loud_sentences, model_names
from transforms.nlp.names.people import office_alone, people, titled, without_courtesy
from transforms.nlp.names.spans import NameSpan, Taken, held, put
from transforms.nlp.names.words import AREAS, KIN, LOCATIVE, NO_BODIES, ORG_HEADS, PERSONAL, SPEECH
from transforms.nlp.parsing.parse import Parse

Finder = Callable[[Parse, Taken], Iterable[NameSpan]]
# not in headlines in capitals
_QUIET: tuple[Finder, ...] = (
    shapes.units,
    people,
    shapes.whole_places,
    shapes.places,
    shapes.organisations,
)

__all__ = ["NameSpan", "find_names"]


def find_names(parse: Parse) -> list[NameSpan]:
    """Names of the article in text order, without overlaps."""
    taken: Taken = [None] * len(parse)

    def enter(span: NameSpan) -> None:
        # Words of a list may stand at the end of a headline and at the head of the next line.
        if parse.sent_of[span.start] == parse.sent_of[span.end - 1]:
            put(taken, span)

    loud = loud_sentences(parse)
    named = shapes.hyphened(parse, list(model_names(parse)))
    model = [span for span in named if parse.sent_of[span.start] not in loud]
    for span in _gazetteer(parse, model, loud):
        enter(span)
    for span in model:
        if all(taken[token] is None for token in range(span.start, span.end)):
            enter(span)
    for span in _labelled(parse, taken):
        enter(span)
    for find in _QUIET:
        for span in find(parse, taken):
            if parse.sent_of[span.start] not in loud:
                enter(span)
    others: tuple[Finder, ...] = (titled, shapes.short_forms, _repeated)
    for find in others:
        for span in find(parse, taken):
            enter(span)
    for span in shapes.proper_runs(parse, taken):
        if parse.sent_of[span.start] not in loud:
            enter(span)
    if _vote(parse, taken):
        for span in _repeated(parse, taken):
            enter(span)
    _leaders(parse, taken)
    return list(_kept(parse, held(taken, 0, len(taken))))


def _kept(parse: Parse, spans: list[NameSpan]) -> Iterator[NameSpan]:
    """Without ships, offices that nobody's name follows, and courtesy before a name."""
    vessels = shapes.ships(parse)
    families = {
        parse.words[span.end - 1]
        for span in spans
        if span.label == "PERSON" and span.end - span.start > 1
    }
    for span in spans:
        if office_alone(parse, span, families) or shapes.is_ship(parse, span, vessels):
            continue
        if cut := without_courtesy(parse, span):
            yield cut


def _labelled(parse: Parse, taken: Taken) -> list[NameSpan]:
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
        under = held(taken, hit.start, hit.end)
        inside = all(s.start >= hit.start and s.end <= hit.end for s in under)
        proper = parse.pos[hit.end - 1] in {"PROPN", "ADJ"} or bool(under)
        joined = hit.end < len(words) and taken[hit.end] is None and not under and (
            parse.pos[hit.end] == "PROPN" and parse.heads[hit.end - 1] == hit.end
        )  # fmt: skip
        if inside and proper and not joined and all(s.known is None for s in under):
            found.append(hit)
        index = hit.end
    return found


def _leaders(parse: Parse, taken: Taken) -> None:
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
            if parse.pos[index] not in {"PROPN", "NOUN", "ADJ"}:
                continue
        elif span.known is not None or span.end - span.start > 1:
            continue
        put(taken, NameSpan(index, index + 1, "PERSON", "surname", 0.6, lex.surnames[word]))


def _vote(parse: Parse, taken: Taken) -> bool:
    """One form, one label: unknown single words after "in" or "near" are places throughout.

    True when a full name turned out to be a person's: the surname may stand elsewhere.
    """
    people = False
    votes: dict[str, dict[str, int]] = {}
    spans = [s for s in held(taken, 0, len(taken)) if s.known is None and s.label != "NORP"]
    for span in spans:
        form = parse.span_text(span.start, span.end)
        tally = votes.setdefault(form, {})
        before = parse.lower[span.start - 1] if span.start else ""
        if before in LOCATIVE and span.end - span.start == 1:
            tally["GPE"] = tally.get("GPE", 0) + 2
        if span.label in {"GPE", "LOC", "FAC", "ORG"} and span.method != "place-list":
            speaks = _speaks(parse, span) if span.end - span.start == 1 else 0
            if not form.isupper():
                speaks = max(speaks, _is_someone(parse, span))
            if speaks and (span.label != "ORG" or not form.isupper()):
                tally["PERSON"] = tally.get("PERSON", 0) + speaks
        if _is_told_body(parse, span):
            tally["ORG"] = tally.get("ORG", 0) + 3
        weight = 2 if span.method in {"title", "place-list"} else 1
        tally[span.label] = tally.get(span.label, 0) + weight
    for span in spans:
        tally = votes[parse.span_text(span.start, span.end)]
        full = span.end - span.start in {2, 3}
        label = min(
            tally,
            key=lambda n: (-tally[n], not (full and n == "PERSON"), n != span.label, n),
        )
        if label != span.label:
            put(taken, NameSpan(span.start, span.end, label, "document", 0.65))
            people = people or (label == "PERSON" and span.end - span.start > 1)
    return people


def _is_told_body(parse: Parse, span: NameSpan) -> bool:
    """ "news agency Sana", "the company Zublin": an organisation's noun right before the name."""
    if span.label not in {"GPE", "LOC", "PERSON"} or span.method != "model":
        return False
    if not span.start or span.end - span.start > 3:
        return False
    before = parse.lower[span.start - 1]
    noun = lexicon().nouns.get(before)
    return (
        noun is not None
        and (noun.kind in {"organization", "government"} or noun.sector in {"REB", "CRM"})
        and noun.kind != "person"
        and parse.tags[span.start - 1] == "NN"
        and parse.words[span.start - 1] == before
        and before not in AREAS
        and before not in NO_BODIES
        and parse.sent_of[span.start - 1] == parse.sent_of[span.start]
    )


def _is_someone(parse: Parse, span: NameSpan) -> int:
    """Votes for a person: ", who …", "was a commander", ", the special adviser"."""
    end, size = span.end, len(parse)
    before = parse.lower[span.start - 1] if span.start else ""
    if span.method != "model" or span.label not in {"GPE", "ORG"} or before in LOCATIVE:
        return 0
    if end - span.start > 3 or parse.lower[end - 1] in ORG_HEADS:
        return 0
    after = end + (parse.words[end : end + 1] == [","])
    if after < size and parse.lower[after] == "who" and end - span.start == 1:
        return 2
    head, heads = parse.head_of(span.start, end), lexicon().title_heads
    if parse.deps[head] == "nsubj" and parse.lemmas[parse.heads[head]] == "be":
        beside = parse.children[parse.heads[head]]
        attributes = [c for c in beside if parse.deps[c] == "attr"]
    else:
        attributes = [c for c in parse.children[head] if parse.deps[c] == "appos" and c >= end]
    return 4 if any(parse.lower[c] in heads for c in attributes) else 0


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


def _listed_size(words: list[str], index: int) -> int:
    """Tokens of the longest listed place or people that begins at `index`, 0 for none."""
    for pieces, _ in lexicon().labels.get(words[index], ()):
        size = len(pieces)
        if size > 1 and tuple(words[index : index + size]) == pieces:
            return size
    return 0


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
        if (longer := _listed_size(words, index)) > 1:
            listed = forms.get(words[index], ())
            sizes = [len(p) for p, _ in listed if tuple(words[index : index + len(p)]) == p]
            if longer > max(sizes, default=0):
                index += longer  # "British Columbia", "Gulf of Mexico"
                continue
        at = shouted() if loud and parse.sent_of[index] in loud else forms
        entries = at.get(words[index].replace("’", "'"))
        hit = None
        for pieces, known in entries or ():
            size = len(pieces)
            if size == 1 or [w.replace("’", "'") for w in words[index : index + size]] == list(
                pieces
            ):
                method = "dictionary" if known.taught else "gazetteer"
                hit = NameSpan(index, index + size, known.label, method, 0.9, known)
                break
        if hit is None:
            index += 1
            continue
        outer = inside.get(index)
        if (whole := shapes.namesake_run(parse, hit)) is not None:
            found.append(whole)
            index = hit.end
            continue
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


def _repeated(parse: Parse, taken: Taken) -> list[NameSpan]:
    """A name found once is found everywhere; a person's surname too."""
    families, given = lexicon().families, lexicon().given
    places, first_names = lexicon().labels, dict[tuple[str, ...], NameSpan]()
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
            if (
                span.method != "title"
                and len(form[0]) > 3
                and surname != form[:1]
                and form[0] not in places
            ):
                first_names.setdefault(form[:1], span)  # "Retno Wulandari" is Retno
            middle = form[-2]
            if len(form) == 3 and len(middle) > 3 and middle not in given and middle.isalpha():
                votes.setdefault((middle,), span)  # "Camilo Restrepo Duque" is Restrepo
    for form, span in first_names.items():
        votes.setdefault(form, span)
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
