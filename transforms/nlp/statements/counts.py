"""Numbers said of an event: killed, injured, arrested, abducted, displaced, taking part."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.lexicons.loader import word_set, word_values
from transforms.nlp.annotations import Count, EventDraft
from transforms.nlp.clauses.arguments import Clauses
from transforms.nlp.parsing.parse import VERBAL, Parse

_UNITS = {
    word: int(value) for word, value in word_values("words/statements.tsv", "counts.units").items()
}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}
_VAGUE = {
    "dozens": (24, 99), "scores": (40, 99), "hundreds": (200, 999),
    "thousands": (2000, 9999), "millions": (2_000_000, 9_999_999),
}  # fmt: skip
_KINDS = word_values("words/statements.tsv", "counts.kinds")
_STATES = word_values("words/statements.tsv", "counts.states")
_FOUND_DEAD = word_set("words/statements.tsv", "counts.found-dead")
_INTRANSITIVE = word_set("words/statements.tsv", "counts.intransitive")

_THINGS = word_set("words/statements.tsv", "counts.things")
_CLAUSES = frozenset({"advcl", "conj", "acl", "relcl", "xcomp", "ccomp", "pcomp"})
_DOZEN = 12
_REACH = 3  # clauses below the trigger in which a number may stand


def each_once(events: Sequence[EventDraft]) -> None:
    """Leave a number told of several events of a sentence with the one whose word is nearest."""
    nearest: dict[tuple[str, int], tuple[int, int]] = {}
    for index, event in enumerate(events):
        for count in event.counts:
            key = (count.kind, count.end)
            held = (abs(event.trigger_start - count.end), index)
            nearest[key] = min(held, nearest.get(key, held))
    for index, event in enumerate(events):
        event.counts = [c for c in event.counts if nearest[c.kind, c.end][1] == index]


def counts_of(clauses: Clauses, trigger: int) -> list[Count]:
    """Counts in the clause of `trigger` and in the clauses under it, one a kind and number."""
    parse = clauses.parse
    found: list[Count] = []
    verbs = [trigger]
    head = parse.heads[trigger]
    if parse.pos[trigger] in {"NOUN", "PROPN"}:
        while parse.deps[head] == "prep" and parse.heads[head] != head:
            head = parse.heads[head]
        if parse.pos[head] in VERBAL:
            verbs.append(head)
    level = list(verbs)
    for _ in range(_REACH):
        level = [
            child
            for token in level
            for child in _below(clauses, token)
            if parse.deps[child] in _CLAUSES and child not in verbs
        ]
        verbs.extend(level)
    for verb in verbs:
        found.extend(count for count in _of_verb(clauses, verb) if count not in found)
    elliptic = _elliptic(parse, trigger, {count.kind for count in found})
    taken = {count.end for count in elliptic}  # "15 were killed, nine wounded": no nine killed
    return [count for count in found if count.end not in taken] + elliptic


def _elliptic(parse: Parse, trigger: int, told: set[str]) -> list[Count]:
    """ "eleven were killed and 24 wounded": a number before a state, whatever the parse says."""
    found: list[Count] = []
    for token in parse.subtree(trigger) if "killed" in told or "injured" in told else ():
        kind, number = _STATES.get(parse.lower[token]), token - 1
        if kind is None or kind in told or number <= trigger:
            continue
        range_ = amount(parse, number)
        before, behind = parse.lower[number - 1], parse.pos[token + 1 : token + 2]
        if range_ and before in ("and", ",") and behind not in (["NOUN"], ["PROPN"]):
            found.append(Count(kind, *range_, number, number + 1))
            told = told | {kind}
    return found


def _below(clauses: Clauses, token: int) -> list[int]:
    found = list(clauses.children[token])
    for child in clauses.children[token]:
        if clauses.parse.deps[child] in {"dobj", "prep", "pobj", "nsubj"}:
            found.extend(clauses.children[child])
    return found


def _of_verb(clauses: Clauses, verb: int) -> list[Count]:
    kind = _KINDS.get(clauses.lemma[verb])
    if kind is None and _is_deadly(clauses, verb):
        kind = "killed"
    frame = clauses.verb(verb)
    found: list[Count] = []
    before = amount(clauses.parse, verb - 1) if verb and kind is not None else None
    if kind is not None and before and clauses.parse.deps[verb] == "conj":
        return [Count(kind, *before, verb - 1, verb)]  # "40 were arrested and half a dozen injured"
    if kind is not None and clauses.parse.pos[verb] != "ADJ":
        slot = frame.obj
        if clauses.lemma[verb] in _INTRANSITIVE or (kind == "participants" and not slot):
            slot = frame.subj
        found.extend(_ranges(clauses, verb, kind))
        for token in slot:
            for head in clauses.conjuncts(token):
                count = _number(clauses, head, kind)
                if count is not None and _people(clauses, head):
                    found.append(count)
    elif clauses.lemma[verb] == "leave":  # "left 12 people dead and 30 injured"
        found.extend(_left(clauses, verb))
    return found


def _is_deadly(clauses: Clauses, verb: int) -> bool:
    """ "shot dead seven men", "shot twelve of them dead", but no "found dead"."""
    parse = clauses.parse
    behind = parse.lower[verb + 1 : verb + 2] == ["dead"] or any(
        parse.lower[c] == "dead" and c > verb for c in clauses.children[verb]
    )
    if not behind or parse.pos[verb] != "VERB":
        return False
    return clauses.lemma[verb] not in _FOUND_DEAD


def _ranges(clauses: Clauses, verb: int, kind: str) -> list[Count]:
    """ "killed between 12 and 15 people", where the parse takes "between" for a preposition."""
    parse = clauses.parse
    for child in clauses.children[verb]:
        if parse.lower[child] != "between":
            continue
        told = [t for t in parse.subtree(child) if t > child and amount(parse, t) is not None]
        if len(told) > 1 and parse.lower[told[1] - 1] == "and" and _people(clauses, told[1] + 1):
            low, high = amount(parse, told[0]), amount(parse, told[1])
            if low is not None and high is not None and low[0] < high[1]:
                return [Count(kind, low[0], high[1], told[0], told[1] + 1)]
    return []


def _people(clauses: Clauses, head: int) -> bool:
    """Is what is counted people? A number alone may be ("nine were killed")."""
    parse = clauses.parse
    if parse.lower[head].removesuffix("s") in _THINGS:  # also where it is read as a name
        return False
    if parse.tags[head] == "CD" or parse.pos[head] in {"NUM", "PRON", "PROPN"}:
        below = [c for c in clauses.children[head] if parse.lower[c] == "of"]
        return all(
            _people(clauses, inner)
            for prep in below
            for inner in clauses.children[prep]
            if parse.deps[inner] == "pobj"
        )
    lemma = clauses.lemma[head]
    return lemma not in _THINGS and parse.lower[head] not in _THINGS


def _left(clauses: Clauses, verb: int) -> list[Count]:
    parse = clauses.parse
    found: list[Count] = []
    for token in parse.subtree(verb):
        if token < verb:
            continue
        kind = _STATES.get(parse.lower[token])
        if kind:
            number = _nearest(clauses, token, verb)
            if number is not None:
                found.append(Count(kind, *number))
    return found


def _nearest(clauses: Clauses, token: int, verb: int) -> tuple[int, int, int, int] | None:
    """The last number before `token` and behind `verb`."""
    for index in range(token - 1, verb, -1):
        if clauses.parse.lower[index] in _STATES:
            return None
        value = amount(clauses.parse, index)
        if value is not None:
            return (*value, index, index + 1)
    return None


def _number(clauses: Clauses, head: int, kind: str) -> Count | None:
    """The number that quantifies an argument head, or the head that is itself a number."""
    parse = clauses.parse
    value = amount(parse, head)
    if value is not None:
        low, high = value
        return Count(kind, low, high, _start(clauses, head), head + 1)
    above = parse.heads[head]  # "dozens of students"
    if parse.deps[head] == "pobj" and parse.lower[above] == "of":
        quantity = parse.heads[above]
        value = amount(parse, quantity)
        if value is not None:
            return Count(kind, *value, _start(clauses, quantity), quantity + 1)
    for child in clauses.children[head]:
        if parse.deps[child] in {"nummod", "det", "amod", "quantmod", "nmod"}:
            value = amount(parse, child)
            if value is not None and parse.lower[child] != "no":
                low, high = value
                if parse.deps[child] == "det" and parse.tags[head] != "NN":
                    continue
                return Count(kind, low, high, _start(clauses, child), child + 1)
    return None


def _start(clauses: Clauses, token: int) -> int:
    inside = [c for c in clauses.children[token] if c < token]
    return min([token, *inside])


def amount(parse: Parse, token: int) -> tuple[int, int] | None:
    """(low, high) of a number word with its quantifiers, or None: "at least 40" is (40, 40)."""
    word = parse.lower[token]
    if token and parse.lower[token - 1] == "not":  # "27 villagers, not 40"
        return None
    if word in _VAGUE:
        return _VAGUE[word]
    if word in {"a", "an"} and parse.deps[token] != "det":
        return None
    if parse.tags[token] != "CD" and word not in _UNITS:
        return None
    value = _value(word)
    if value is None or (parse.lower[token + 1 : token + 2] == ["-"] and _tens(parse, token + 2)):
        return None
    if dozens := _dozens(parse, token):
        return dozens, dozens
    first = token
    if tens := _tens(parse, token):  # "thirty-three", cut in three
        value, first = value + tens, token - 2
    scale = [c for c in parse.children[token] if parse.tags[c] == "CD"]
    high = value
    if word in _SCALES:
        factor = _value(parse.lower[scale[0]]) if scale else 1
        value = high = int((factor or 1) * _SCALES[word])
    else:
        for other in _between(parse, first):
            low = _value(parse.lower[other])
            if low is not None and low < value:
                value = low
    return int(value), int(high)


def _dozens(parse: Parse, token: int) -> int:
    """What "two dozen" and "half a dozen" make, at either word; 0 for no dozen of so many."""
    dozen = token + 1 if parse.lower[token] != "dozen" else token
    if dozen >= len(parse) or parse.lower[dozen] != "dozen":
        return 0
    before = parse.lower[dozen - 1] if dozen else ""
    if before in ("a", "-"):
        return _DOZEN // 2 if parse.lower[max(0, dozen - 2)] == "half" else 0
    number = _value(before)
    return int(number * _DOZEN) if number and number > 1 else 0


def _tens(parse: Parse, token: int) -> int:
    """The tens that a hyphen joins to the ones at `token`, 0 for none: "thirty-three"."""
    if not 2 <= token < len(parse) or parse.lower[token - 1] != "-":
        return 0
    tens, ones = (_UNITS.get(parse.lower[t], 0) for t in (token - 2, token))
    return int(tens) if 20 <= tens < 100 and not tens % 10 and 0 < ones < 10 else 0


def _between(parse: Parse, token: int) -> list[int]:
    """The lower bound of "between 12 and 15 people", "12 to 15", "12-15"."""
    if token < 2 or parse.lower[token - 1] not in {"-", "to", "–", "and", "or"}:
        return []
    word = parse.lower[token - 1]
    if word == "and" and "between" not in parse.lower[max(0, token - 4) : token - 2]:
        return []
    return [token - 2] if parse.tags[token - 2] == "CD" else []


def _value(word: str) -> float | None:
    if word in _UNITS:
        return _UNITS[word]
    if word in _SCALES:
        return _SCALES[word]
    plain = word.replace(",", "")
    try:
        return float(plain) if "." in plain else int(plain)
    except ValueError:
        parts = plain.split("-")
        if len(parts) == 2 and all(part in _UNITS for part in parts):
            return _UNITS[parts[0]] + _UNITS[parts[1]]
    return None


def value_of(word: str) -> float | None:
    """The number a word stands for ("twelve", "1,200"), or None."""
    return _value(word)
