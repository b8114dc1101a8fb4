"""Places that a sentence or an article gives to its acts without a locative of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from transforms.lexicons.loader import word_set
from transforms.nlp.annotations import EventDraft, PlaceMention
from transforms.nlp.parsing.parse import VERBAL, Parse
from transforms.nlp.places.words import words
from transforms.plover import having

_OPENING = word_set("words/places.tsv", "scene.opening")
_AT = word_set("words/places.tsv", "scene.at")
_CONNECTING = word_set("words/places.tsv", "scene.connecting")
_MODIFIERS = frozenset(["compound", "nmod", "amod", "poss"])
_SUBJECTS = frozenset(["nsubj", "nsubjpass"])
_TOWNS = frozenset(["city", "site", "admin1", "region"])
_DEFINITE = frozenset(["the", "this", "that", "these", "those"])
_WIDE = frozenset(["country", "admin1", "region"])
_BESIDE = 6  # tokens between a town and the province or country it lies in
_PRONOUNS = frozenset(["he", "she", "they", "it"])
FORCE = having("on_the_spot")
_STANDS = word_set("words/places.tsv", "scene.stands")
_ARTICLES = word_set("words/places.tsv", "scene.articles")
_CHAIN = frozenset(["conj", "advcl", "xcomp", "pcomp", "prep", "relcl", "acl", "pobj", "dobj"])
_DEEP = 2  # verbs between an act and a place far below it
_REACH = 9  # tokens from the start of a sentence to the comma behind its opening


def opening(parse: Parse, trigger: int, at: dict[int, int]) -> int | None:
    """ "Near Palmyra, one strike destroyed a bridge and …": the place that opens the sentence.

    It holds for the acts of the main clauses, whatever the parser hangs it on; not for what
    somebody goes on to say ("In Geneva, he said that …"), nor for a relative clause.
    """
    sent = parse.sents[parse.sent_of[trigger]]
    start = sent.start
    while start < min(trigger, sent.start + 3) and parse.lower[start] in _CONNECTING:
        start += 1
    if parse.lower[start] not in _OPENING:
        return None
    kinds, found = words(), None
    for token in range(start + 1, min(start + _REACH, trigger)):
        word = parse.lower[token]
        if token in at:
            found = at[token] if found is None else found
        elif word == ",":
            break
        elif found is not None or not (
            parse.tags[token] in ("DT", "JJ") or word == "of"
            or word in kinds["settlement"] or word in kinds["direction"]
        ):  # fmt: skip
            return None
    else:
        return None
    return found if found is not None and _told_outright(parse, trigger) else None


def _told_outright(parse: Parse, token: int) -> bool:
    for _ in range(10):
        head, dep = parse.heads[token], parse.deps[token]
        if head == token:
            return parse.pos[token] in VERBAL
        if dep in ("relcl", "acl", "pobj", "dobj", "compound", "poss"):
            return False
        if dep in ("ccomp", "parataxis") and head < token:
            return False
        token = head
    return False


def of_modifier(
    parse: Parse, noun: int, at: dict[int, int], places: Sequence[PlaceMention]
) -> int | None:
    """ "at a Vancouver office", "the Geneva talks": the town that a noun is said to be of."""
    if parse.lemmas[noun].lower() in words()["named_after"]:
        return None
    for child in parse.children[noun]:
        if child in at and parse.deps[child] in _MODIFIERS:
            return at[child] if places[at[child]].place_type in _TOWNS else None
    return None


def town_of_object(
    parse: Parse, prep: int, at: dict[int, int], places: Sequence[PlaceMention]
) -> int | None:
    """ "at a Vancouver office", "on a Brooklyn street": of what a preposition of place governs."""
    word = parse.lower[prep]
    if word not in _AT:
        return None
    for child in parse.children[prep]:
        if parse.deps[child] != "pobj" or parse.pos[child] not in ("NOUN", "PROPN") or child in at:
            continue
        if word == "on" and parse.lower[child] not in words()["street"] | words()["site"]:
            continue
        held = word != "in" or parse.tags[child] == "NNS"
        if held or any(parse.lower[c] in _ARTICLES for c in parse.children[child]):
            return of_modifier(parse, child, at, places)
    return None


def lone_site(
    parse: Parse, trigger: int, at: dict[int, int], places: Sequence[PlaceMention]
) -> int | None:
    """ "captured pirates who had attacked a ship in the Gulf": the one place with a locative.

    Only below the trigger, or below the clauses it goes on from, and in no reported speech.
    """
    sent = parse.sents[parse.sent_of[trigger]]
    above = {trigger}
    token = trigger
    while parse.deps[token] in ("conj", "advcl", "xcomp") and parse.heads[token] != token:
        token = parse.heads[token]
        above.add(token)
    found: int | None = None
    for token in range(sent.start, sent.end):
        if parse.lower[token] not in _STANDS or parse.deps[token] != "prep":
            continue
        site = next((at[c] for c in parse.children[token] if c in at), None)
        if site is None:
            site = town_of_object(parse, token, at, places)
        if site is None:
            continue
        if found is not None and places[found].place_id != places[site].place_id:
            return None
        if not _leads_to(parse, token, above):
            return None
        found = site
    return found


def _leads_to(parse: Parse, token: int, above: set[int]) -> bool:
    of_object, verbs = False, 0
    for _ in range(10):
        if token in above:
            return verbs <= _DEEP
        verbs += parse.pos[token] in VERBAL
        if parse.heads[token] == token or parse.deps[token] not in _CHAIN | _SUBJECTS:
            return False
        of_object = of_object or parse.deps[token] == "dobj"
        if of_object and parse.deps[token] == "conj" and parse.pos[token] in VERBAL:
            return False  # "shot him and went on to condemn the war in Syria"
        token = parse.heads[token]
    return False


def of_local_force(
    parse: Parse, trigger: int, at: dict[int, int], places: Sequence[PlaceMention]
) -> int | None:
    """ "A Danbury judge sentenced him", "arrested by Quetta police": they act where they are."""
    for child in parse.children[trigger]:
        if parse.deps[child] == "nsubj":
            noun = child
        elif parse.deps[child] == "agent":
            noun = next((c for c in parse.children[child] if parse.deps[c] == "pobj"), child)
        else:
            continue
        if parse.lower[noun] in words()["bench"]:
            found = of_modifier(parse, noun, at, places)
            if found is not None:
                return found
    return None


def share_places(
    parse: Parse, events: Iterable[EventDraft], places: Sequence[PlaceMention]
) -> None:
    """Give acts without a place that of the happening they belong to, in the order of the text.

    "Two guards died in the attack" is where the article's one placed attack was; "they killed
    six" where the sentence before it plays. Sets `place` of `events`, which stand in text order.
    A province or country yields to the town told beside it.
    """
    events = list(events)
    for event in events:
        if event.place is not None:
            event.place = town_beside(parse, event.place, places)
    told: list[tuple[EventDraft, int]] = []
    named = {p.start for p in places if p.method != "demonym"}
    for event in events:
        if event.place is not None:
            if places[event.place].own_id is not None:
                told.append((event, event.place))
            continue
        if not told or event.event_type not in FORCE or event.modality != "asserted":
            continue
        event.place = _of_same_happening(parse, event, told, places)
        if event.place is None and not any(_in_sentence(parse, event, at) for at in named):
            event.place = _of_sentence_before(parse, event, told)


def town_beside(parse: Parse, found: int, places: Sequence[PlaceMention]) -> int:
    """ "in Aschaffenburg, in north-western Bavaria", "at Amiens in France": the town."""
    wide, kinds = places[found], words()
    if found == 0 or wide.place_type not in _WIDE:
        return found
    town = places[found - 1]
    between = parse.lower[town.end : wide.start]
    if (
        town.place_id is not None
        and town.place_type in ("city", "site")
        and town.country_code == wide.country_code
        and parse.sent_of[town.start] == parse.sent_of[wide.start]
        and 0 < len(between) <= _BESIDE
        and between[0] in (",", "in")
        and all(
            word in (",", "in", "the", "of", "-")
            or any(word in kinds[kind] for kind in ("direction", "settlement", "division"))
            or word.endswith("ern")
            for word in between
        )
    ):
        return found - 1
    return found


def _of_same_happening(
    parse: Parse,
    event: EventDraft,
    told: Sequence[tuple[EventDraft, int]],
    places: Sequence[PlaceMention],
) -> int | None:
    """Where all the force that an article has placed so far is in one place, that place.

    "In central Jordan" and "in Karak" are one, the narrower.
    """
    if not _is_known(parse, event):
        return None
    placed = [place for other, place in told if other.event_type in FORCE]
    within = {places[p].country_code for p in placed if places[p].place_type != "country"}
    placed = [
        p for p in placed
        if places[p].place_type != "country" or places[p].country_code not in within
    ]  # fmt: skip
    if len({places[place].place_id for place in placed}) != 1:
        return None
    return placed[-1]


def _is_known(parse: Parse, event: EventDraft) -> bool:
    """Whether an act is, or belongs to, a happening spoken of before: "in the attack"."""
    happening = words()["happening"]
    for token in range(event.trigger_start, event.trigger_end):
        if parse.pos[token] == "NOUN":
            if parse.lower[token] in happening and _is_definite(parse, token):
                return True
            continue
        for child in parse.children[token]:
            noun = child
            if parse.deps[child] == "prep" and parse.lower[child] in ("in", "during", "by"):
                noun = next((c for c in parse.children[child] if parse.deps[c] == "pobj"), child)
            elif parse.deps[child] not in _SUBJECTS:
                continue
            if parse.lower[noun] in happening and _is_definite(parse, noun):
                return True
    return False


def _is_definite(parse: Parse, noun: int) -> bool:
    """A bare "the attack": one with a modifier or phrase of its own may be another."""
    found = False
    for child in parse.children[noun]:
        if parse.lower[child] in _DEFINITE:
            found = True
        elif parse.deps[child] in ("prep", "relcl", "nummod", "poss", "compound"):
            return False
    return found


def _in_sentence(parse: Parse, event: EventDraft, token: int) -> bool:
    return parse.sent_of[token] == event.sent


def _of_sentence_before(
    parse: Parse, event: EventDraft, told: Sequence[tuple[EventDraft, int]]
) -> int | None:
    """The place of the act of force right before, where a pronoun carries its actor on."""
    other, place = told[-1]
    here = parse.sents[event.sent]
    if other.event_type not in FORCE or event.sent - other.sent > 1:
        return None
    if other.modality != "asserted" or parse.sents[other.sent].paragraph != here.paragraph:
        return None
    verb = event.trigger_start
    while parse.deps[verb] == "conj" and not any(
        parse.deps[c] in _SUBJECTS for c in parse.children[verb]
    ):
        verb = parse.heads[verb]
    for child in parse.children[verb]:
        if parse.deps[child] in _SUBJECTS and parse.lower[child] in _PRONOUNS:
            return place
    return None
