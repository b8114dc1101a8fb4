"""Numbers that an article tells apart from the act: "the death toll rose to 34".

They belong to the act they are the toll of. Of several tolls of one act the last one told counts,
unless it is said to be a former one, and a number that a later sentence says again of another act
of the article counts once.
"""

from __future__ import annotations

from collections.abc import Sequence

from transforms.lexicons.loader import word_set, word_values
from transforms.nlp.annotations import Count, EventDraft, PlaceMention
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.statements.counts import amount
from transforms.plover import values

_TOLLS = word_values("words/statements.tsv", "tolls.nouns")
_HEADCOUNTS = word_set("words/statements.tsv", "tolls.headcounts")
_OF = word_values("words/statements.tsv", "tolls.of")
_MOVES = word_set("words/statements.tsv", "tolls.moves")
_BEHIND = word_set("words/statements.tsv", "tolls.behind")
_REACHED = word_set("words/statements.tsv", "tolls.reached")
_FORMER = word_set("words/statements.tsv", "tolls.former")
_TOLL_OF = values("toll")  # event type → kinds of counts, parted by "+"
_REACH = 20  # tokens between a toll and its number
_SAME = 3  # from so many people on a number told twice is one


def tell_tolls(
    parse: Parse, events: Sequence[EventDraft], places: Sequence[PlaceMention] = ()
) -> None:
    """Set `counts` of the events of one article, in text order, from what tells a toll apart."""
    for sent in range(len(parse.sents)):
        for count in _tolls(parse, sent):
            act = _act_of(parse, events, sent, count)
            if act is not None and not _was_told_before(parse, act, sent, count):
                act.counts = [c for c in act.counts if c.kind != count.kind] + [count]
    _once(parse, events, places)


def _was_told_before(parse: Parse, act: EventDraft, sent: int, count: Count) -> bool:
    """ "police first gave the toll as six", of an act whose number is known."""
    start = parse.sents[sent].start
    if parse.lower[count.start - 1] == "to":
        return False
    former = not _FORMER.isdisjoint(parse.lower[start : count.start])
    return former and any(held.kind == count.kind for held in act.counts)


def _tolls(parse: Parse, sent: int) -> list[Count]:
    """The tolls of a sentence: the last number behind each noun for a toll."""
    where, found = parse.sents[sent], list[Count]()
    for token in range(where.start, where.end):
        kind = _kind(parse, token)
        if kind is None:
            continue
        number = _number_of(parse, token, where.end)
        if number is not None:
            low, high = amount(parse, number) or (0, 0)
            found.append(Count(kind, low, high, number, number + 1))
    return found


def _kind(parse: Parse, token: int) -> str | None:
    """What is counted by "the toll", "the number of people killed", "fatalities"."""
    lemma = parse.lemmas[token].lower()
    if parse.pos[token] not in ("NOUN", "PROPN"):
        return None
    if lemma in _TOLLS:
        return _TOLLS[lemma]
    if lemma not in _HEADCOUNTS:
        return None
    for below in parse.subtree(token):
        if below > token:
            kind = _OF.get(parse.lower[below])
            if kind is not None:
                return kind
    return None


def _number_of(parse: Parse, noun: int, end: int) -> int | None:
    """ "to 34" behind a verb of rising, "of 34" behind the noun, "put the toll at 34"."""
    former: int | None = None
    for token in range(noun + 1, min(end, noun + _REACH)):
        if amount(parse, token) is None or parse.lower[token] in ("a", "an", "one", "no"):
            continue
        if _reached(parse, noun, token):
            return token
        above = parse.heads[token]
        while parse.deps[above] not in ("prep", "ROOT") and parse.heads[above] != above:
            if parse.lower[above] in _BEHIND:
                break
            above = parse.heads[above]
        word = parse.lower[above]
        if word not in _BEHIND or above > token:
            continue
        over = parse.heads[above]
        if over == noun and word in ("of", "at"):
            return token
        if word != "of" and parse.lemmas[over].lower() in _MOVES:
            if word == "to" or _FORMER.isdisjoint(parse.lower[noun:token]):
                return token
            former = token if former is None else former  # "first given as 20, rose to 34"
    return former


def _reached(parse: Parse, noun: int, token: int) -> bool:
    """ "The number of people killed has reached 61"."""
    verb = parse.heads[token]
    return (
        parse.lemmas[verb].lower() in _REACHED
        and parse.deps[token] in ("dobj", "npadvmod", "attr", "nummod")
        and parse.heads[noun] == verb
    )


def _act_of(
    parse: Parse, events: Sequence[EventDraft], sent: int, count: Count
) -> EventDraft | None:
    """The act of that kind in the sentence, else the nearest before, else the first behind."""
    fit = [
        event
        for event in events
        if count.kind in _TOLL_OF.get(event.event_type, "").split("+")
        and event.modality in ("asserted", "alleged")
    ]
    here = [event for event in fit if event.sent == sent]
    if here:
        return min(here, key=lambda event: abs(event.trigger_start - count.start))
    before = [event for event in fit if event.sent < sent]
    counted = [e for e in before if any(c.kind == count.kind for c in e.counts)]
    if before:
        return (counted or before)[-1]
    return fit[0] if fit else None


def _once(parse: Parse, events: Sequence[EventDraft], places: Sequence[PlaceMention]) -> None:
    """Take a number away from an act where an earlier one of the article, nowhere else, has it.

    One or two people may be others, unless they are "the two".
    """
    told: dict[tuple[str, int, int], list[EventDraft]] = {}
    for event in events:
        kept = []
        for count in event.counts:
            key = (count.kind, count.low, count.high)
            earlier = told.setdefault(key, [])
            other = count.high < _SAME and not _definite(parse, count)
            if other or all(_apart(event, other, places) for other in earlier):
                kept.append(count)
                earlier.append(event)
        event.counts = kept


def _definite(parse: Parse, count: Count) -> bool:
    return "the" in parse.lower[max(0, count.start - 1) : count.end]


def _apart(one: EventDraft, two: EventDraft, places: Sequence[PlaceMention]) -> bool:
    """In two places, on two days, or one told as fact and one not."""
    if one.sent == two.sent:
        return True
    where = [places[e.place].place_id for e in (one, two) if e.place is not None]
    if len(where) == 2 and where[0] != where[1]:
        return True
    days = [
        e.date.date_start
        for e in (one, two)
        if e.date is not None and e.date.date_method in ("explicit", "relative")
    ]
    return (len(days) == 2 and days[0] != days[1]) or one.modality != two.modality
