"""Told as done, yet no fact of the day: undone, supposed, played, ruled, habitual, figurative.

The reader's modality stands unless a row of `lexicons/unreal.tsv` or `figures.tsv` speaks against
an event told as fact. Nothing here makes an event or makes one a fact.
"""

from __future__ import annotations

from collections.abc import Iterator

from transforms.nlp.events.figures import figurative
from transforms.nlp.events.frames import framed, in_drill, told_of_a_drill, told_of_a_work
from transforms.nlp.events.habits import is_no_single_act
from transforms.nlp.events.present import is_set_in_a_work, is_told_at_large, told_by
from transforms.nlp.events.unreal_rows import (
    NO_EVENT,
    STEPS,
    TENSED,
    is_present,
    lemma,
    rows,
)
from transforms.nlp.parsing.parse import VERBAL, Parse
from transforms.plover import having

_FOUGHT_WITH_WORDS = having("fought_with_words")
_APPROVING = having("approves")
_COMPLEMENTS = frozenset({"xcomp", "ccomp", "pcomp", "dobj", "nsubjpass", "acl"})
_PAST_PLAN = frozenset({"be", "due", "suppose", "schedule", "mean"})
_NOT_GIVEN = (_FOUGHT_WITH_WORDS | having("takes_back") | {"SANCTION"}) - having("blames")
_MERELY = frozenset({"only", "just", "merely", "simply"})


def unreal(parse: Parse, token: int, event_type: str) -> str | None:
    """The modality that an event told as fact at `token` has instead, `NO_EVENT`, or None."""
    return (
        _corrected(parse, token)
        or _governed(parse, token)
        or _on_the_brink(parse, token)
        or _not_done(parse, token, event_type)
        or _marked(parse, token)
        or _of_nobody(parse, token)
        or _not_given(parse, token)
        or _sorry(parse, token, event_type)
        or _only_may(parse, token)
        or _said_to_come(parse, token)
        or _hearsay(parse, token)
        or _asked(parse, token)
        or framed(parse, token)
        or in_drill(parse, token)
        or told_of_a_work(parse, token)
        or told_of_a_drill(parse, token)
        or _bent(parse, token)
        or _never_came(parse, token)
        or (NO_EVENT if _is_of_an_office(parse, token) else None)
        or (NO_EVENT if _is_idle(parse, token, event_type) else None)
        or (NO_EVENT if is_no_single_act(parse, token) else None)
        or (NO_EVENT if is_told_at_large(parse, token, event_type) else None)
        or (NO_EVENT if is_set_in_a_work(parse, token) else None)
        or (NO_EVENT if _figure_of_speech(parse, token, event_type) else None)
    )


def _corrected(parse: Parse, token: int) -> str | None:
    sent = parse.sents[parse.sent_of[token]]
    text = parse.text[sent.start_char : sent.end_char].lower()
    return NO_EVENT if any(words in text for words in rows("remedy")) else None


def _governed(parse: Parse, token: int) -> str | None:
    aux = {parse.lower[c] for c in parse.children[token] if parse.deps[c] == "aux"}
    if {"to", "have"} <= aux and lemma(parse, parse.heads[token]) in _PAST_PLAN:
        return "negated"  # "was to have signed"
    head = parse.heads[token]
    under_way = rows("heading").get(lemma(parse, head)) if parse.tags[head] == "VBG" else None
    if under_way and parse.deps[token] != "conj" and parse.is_infinitive(token):
        return under_way[""]  # "fighters who were coming to blow it up"
    verbs = rows("verb")
    for verb, links, planned in _links(parse, token):
        slots = verbs["any"] | verbs.get(lemma(parse, verb), {})
        for link in links:
            effect = slots.get(f"plan:{link}" if planned else link)
            if effect is not None:
                return effect
    return _only_talk(parse, token)


def _only_talk(parse: Parse, token: int) -> str | None:
    """ "called talk of a raid the stuff of novels", "despite rumours of an attack"."""
    talk = rows("talk")
    for _ in range(STEPS):
        head = parse.heads[token]
        if parse.deps[token] in ("pobj", "pcomp") and parse.lower[head] == "of":
            noun = parse.heads[head]
            if slots := talk.get(lemma(parse, noun)):
                definite = any(
                    parse.lower[c] in ("the", "his", "her") for c in parse.children[noun]
                )
                return None if definite else slots[""]
        if head == token or parse.deps[token] not in ("conj", "compound", "dobj", "pobj"):
            return None
        token = head
    return None


def _links(parse: Parse, token: int) -> Iterator[tuple[int, list[str], bool]]:
    """Verbs above `token`, how it hangs on each, and whether on a noun of a plan in between."""
    plans = rows("plan")
    at, words, planned = token, list[str](), False
    gerund = parse.deps[token] == "pcomp"
    if parse.tags[token] == "VBG" and parse.deps[token] == "amod":
        at, gerund = parse.heads[token], True  # "accused of burning lorries", read as such lorries
    for _ in range(STEPS):
        head, dep = parse.heads[at], parse.deps[at]
        if dep == "relcl" and parse.is_infinitive(at):
            dep = "acl"  # "a plot to bomb"
        if head == at or dep in ("relcl", "advcl", "nsubj", "csubj", "parataxis"):
            return
        if dep == "conj":
            if parse.tags[at] in TENSED and parse.tags[head] == "VB":
                head = parse.heads[head]  # "agreed to step up exchanges and discussed ties"
            at = head
            gerund = gerund or parse.deps[at] == "pcomp"
            continue
        if dep in ("prep", "advmod"):
            words.insert(0, parse.lower[at])
        if parse.pos[head] in VERBAL or (
            parse.pos[head] == "ADJ" and (dep == "xcomp" or words == ["to"])
        ):
            parts = [
                parse.lower[c]
                for c in parse.children[head]
                if c != at and (c < token or dep == "nsubjpass")
                and (parse.deps[c] == "prt" or parse.lower[c] in ("off", "out", "away", "short"))
            ]  # fmt: skip
            whole = " ".join([*parts, *words])
            if words:
                told = " ".join(words)
                links = [whole, told] if gerund or told not in ("from", "to") else []
            elif dep in _COMPLEMENTS:
                links = [whole] if parts else []
                links.append("obj" if dep in ("dobj", "nsubjpass") else dep)
                if links[-1] == "obj":
                    links.append(f"obj:{lemma(parse, at)}")
                    links += [f"obj {beside}" for beside in _beside(parse, head)]
                if any(parse.deps[c] == "auxpass" for c in parse.children[head]):
                    links.append(f"pass:{dep}")
                if head < token:
                    links.append(f"that:{dep}")
            else:
                return
            yield head, links, planned
            if "obj" in links and lemma(parse, head) not in rows("light"):
                return  # "declined to condemn the coup": there was one
            words, planned = [], False
        elif parse.pos[head] in ("NOUN", "PROPN"):
            if dep == "acl" or (gerund and words == ["to"]):
                yield head, [words[0] if words else dep], False  # "its pledge to supply Haiti"
            if lemma(parse, head) in plans and dep in ("acl", "prep", "ccomp", "compound"):
                planned, words = True, []
            elif dep not in ("prep", "compound", "acl"):
                return
        at = head


def _beside(parse: Parse, verb: int) -> Iterator[str]:
    """ "on ice" of "put the strike on ice"."""
    for prep in parse.children[verb]:
        if parse.deps[prep] == "prep":
            for noun in parse.children[prep]:
                yield f"{parse.lower[prep]} {lemma(parse, noun)}"


def _bent(parse: Parse, token: int) -> str | None:
    """ "has no intention of expelling", "in no hurry to send", "on their way to raid"."""
    while parse.deps[token] in ("dobj", "conj"):
        token = parse.heads[token]
    noun = parse.heads[token]
    if parse.deps[token] == "pcomp" and parse.lower[noun] == "of":
        noun = parse.heads[noun]
    elif parse.deps[token] != "acl" or not parse.is_infinitive(token):
        return None
    slots = rows("bent").get(lemma(parse, noun), {})
    beside = [parse.lower[c] for c in parse.children[noun] if parse.deps[c] == "det"]
    if parse.deps[noun] == "pobj":
        beside.append(parse.lower[parse.heads[noun]])
    return next((slots[word] for word in beside if word in slots), None)


def _never_came(parse: Parse, token: int) -> str | None:
    """ "the invasion never materialised", "the truce failed to materialise"; "was to begin"."""
    if parse.pos[token] in VERBAL:
        return None
    for child in parse.children[token]:
        if (
            parse.deps[child] == "relcl"
            and lemma(parse, child) == "be"
            and any(parse.is_infinitive(c) for c in parse.children[child])
        ):
            return "planned"
    head = parse.heads[token]
    if parse.deps[token] != "nsubj":
        return None
    if lemma(parse, head) in rows("drawn") and any(
        parse.deps[c] == "dobj" and parse.lower[c] in rows("nobody") for c in parse.children[head]
    ):
        return "negated"  # "the march drew nobody"
    failed = lemma(parse, head) == "fail"
    for verb in (head, *(c for c in parse.children[head] if failed and parse.deps[c] == "xcomp")):
        negated = failed or any(parse.deps[c] == "neg" for c in parse.children[verb])
        if lemma(parse, verb) in rows("come") and negated:
            return "negated"
    return None


def _is_idle(parse: Parse, token: int, event_type: str) -> bool:
    """ "desisted from boarding", "stopped short of expelling": that verb itself is no such act."""
    below = {word for c in parse.children[token] for word in (parse.lower[c], parse.deps[c])}
    if not below.isdisjoint(rows("empty").get(lemma(parse, token), {})):
        return True
    slots = rows("idle").get(lemma(parse, token), {})
    if not slots or event_type in _FOUGHT_WITH_WORDS | having("takes_back"):
        return False
    return not below.isdisjoint(slots)


def _is_of_an_office(parse: Parse, token: int) -> bool:
    """The appeal of "the Court of Appeal"."""
    head = parse.heads[token]
    return (
        parse.words[token][0].isupper()
        and parse.lower[head] == "of"
        and lemma(parse, parse.heads[head]) in rows("office")
        and parse.words[parse.heads[head]][0].isupper()
    )


def _figure_of_speech(parse: Parse, token: int, event_type: str) -> bool:
    if figurative(parse, token, event_type):
        return True
    return lemma(parse, token) in rows("light") and any(
        parse.deps[c] == "dobj" and figurative(parse, c, event_type) for c in parse.children[token]
    )  # "launched an assault on the lira"


def _on_the_brink(parse: Parse, token: int) -> str | None:
    """ "on the brink of recalling", "within hours of ordering it", "minutes from storming it"."""
    brinks = rows("brink")
    for _ in range(STEPS):
        head = parse.heads[token]
        if parse.deps[token] in ("pcomp", "pobj") and parse.lower[head] in ("of", "from"):
            for noun in {parse.heads[head], *_attributes(parse, parse.heads[head])}:
                slots = brinks.get(lemma(parse, noun))
                if slots and noun < token:
                    above = parse.heads[noun] if parse.deps[noun] == "pobj" else None
                    effect = slots.get("-" if above is None else parse.lower[above])
                    if effect is not None:
                        return effect
        if head == token or parse.deps[token] not in ("dobj", "conj", "compound"):
            return None
        token = head
    return None


def _attributes(parse: Parse, verb: int) -> Iterator[int]:
    """What is said to be, or stands as a measure: "were minutes from storming"."""
    for child in parse.children[verb]:
        if parse.deps[child] in ("attr", "npadvmod"):
            yield child


def _not_done(parse: Parse, token: int, event_type: str) -> str | None:
    """ "has not entered"; but not what turns something down: "did not agree" may be a refusal."""
    if parse.pos[token] not in VERBAL:
        return None
    if event_type in _NOT_GIVEN and lemma(parse, token) not in rows("silent"):
        return None
    negated = any(
        parse.deps[c] == "neg" and parse.lower[c + 1] not in _MERELY for c in parse.children[token]
    )
    return "negated" if negated else None


def _marked(parse: Parse, token: int) -> str | None:
    marks = rows("mark")
    for child in parse.children[token]:
        if parse.deps[child] in ("amod", "compound", "det"):
            for word in (lemma(parse, child), parse.lower[child]):
                if word in marks:
                    return next(iter(marks[word].values()))
    return None


def _of_nobody(parse: Parse, token: int) -> str | None:
    """ "No soldiers were killed", "neither confirmed nor denied"."""
    words = rows("nobody")
    head = parse.heads[token]
    told = [c for c in parse.children[token] if parse.deps[c] in ("preconj", "cc") and c < token]
    if parse.deps[token] == "conj":
        told += [c for c in parse.children[head] if parse.deps[c] == "cc"]
    for child in parse.children[token]:
        if parse.deps[child] in ("nsubj", "nsubjpass", "dobj"):
            told.append(child)
            told += [c for c in parse.children[child] if parse.deps[c] in ("det", "preconj")]
    for one in told:
        if (slots := words.get(parse.lower[one])) and not slots.keys().isdisjoint(
            {parse.deps[one], "any"}
        ):
            return next(iter(slots.values()))
    return None


def _not_given(parse: Parse, token: int) -> str | None:
    """ "neither side gave the order", "the army has not launched its offensive"."""
    verb = told_by(parse, token)
    if verb is None or verb == token:
        return None
    if any(parse.deps[c] == "neg" for c in parse.children[verb]):
        return "negated"
    return _of_nobody(parse, verb)


def _sorry(parse: Parse, token: int, event_type: str) -> str | None:
    """ "expressed regret over the raid": nobody is backed."""
    slots = rows("sorrow").get(lemma(parse, token), {}) if event_type in _APPROVING else {}
    near = [parse.lower[c] for c in parse.children[token]]
    return next((effect for word, effect in slots.items() if word in near), None)


def _only_may(parse: Parse, token: int) -> str | None:
    """ "can be arrested", "Were Egypt to attack", "a case in which rebels seize the capital"."""
    modals, speakers = rows("modal"), rows("speaker")
    aux = [parse.lower[c] for c in parse.children[token] if parse.deps[c] in ("aux", "auxpass")]
    if "have" in aux and not rows("would").keys().isdisjoint(aux):
        return "possible"
    for child in parse.children[token]:
        if parse.deps[child] == "aux" and parse.lower[child] in modals:
            speaks = any(
                parse.lower[c] in speakers and parse.deps[c] == "nsubj"
                for c in parse.children[token]
            )  # "I can only condemn this"
            return None if speaks else "possible"
    sent = parse.sents[parse.sent_of[token]]
    ahead, behind = parse.lower[sent.start : token], parse.lower[token : sent.end]
    opens = ahead[:1] and parse.words[sent.start][0].isupper() and ahead[0] in rows("inverted")
    if opens and "," not in ahead and "," in behind:
        return "possible"
    for opening, slots in rows("suppose").items():
        told = parse.text[parse.starts[sent.start] :].lower()
        if told.startswith(tuple(f"{opening} {slot} " for slot in slots)):
            return "possible"
    while parse.deps[token] == "conj":
        token = parse.heads[token]
    head = parse.heads[token]
    if parse.deps[token] == "relcl" and _is_part(parse, head):
        return NO_EVENT
    if parse.deps[token] == "relcl" and lemma(parse, head) in rows("case"):
        return "possible" if is_present(parse, token) else None
    return None


def _said_to_come(parse: Parse, token: int) -> str | None:
    """ "further attacks were impending", "more arrests are expected"."""
    ahead, head = rows("ahead"), parse.heads[token]
    if parse.deps[token] not in ("nsubj", "nsubjpass") or parse.pos[token] in VERBAL:
        return None
    said = [c for c in parse.children[head] if parse.deps[c] in ("acomp", "oprd")]
    if parse.deps[token] == "nsubjpass" or parse.lower[head] in ahead:
        said.append(head)
    for one in said:
        slots = ahead.get(lemma(parse, one)) or ahead.get(parse.lower[one])
        if slots is not None:
            return next(iter(slots.values()))
    return None


def _is_part(parse: Parse, noun: int) -> bool:
    """ "the role of rebels who storm the palace"."""
    parts, above = rows("part"), parse.heads[noun]
    if parse.deps[noun] != "pobj":
        return False
    return parse.lower[above] in parts.get(lemma(parse, parse.heads[above]), ())


def _hearsay(parse: Parse, token: int) -> str | None:
    """ "was allegedly shot", "reportedly tied him to a car and dragged him around"."""
    adverbs = rows("hearsay")
    for _ in range(STEPS):
        for child in parse.children[token]:
            if parse.lower[child] in adverbs:
                return next(iter(adverbs[parse.lower[child]].values()))
        if parse.deps[token] != "conj" or any(
            parse.deps[c] in ("nsubj", "nsubjpass") for c in parse.children[token]
        ):
            return None
        token = parse.heads[token]
    return None


def _asked(parse: Parse, token: int) -> str | None:
    """ "it is not clear if all five were killed", "it is untrue that soldiers fired"."""
    head = parse.heads[token]
    if parse.deps[token] == "ccomp" and lemma(parse, head) == "be":
        for child in parse.children[head]:
            if parse.deps[child] in ("acomp", "attr") and lemma(parse, child) in rows("untrue"):
                return "denied"
    marks = rows("asked")
    for child in parse.children[token]:
        effect = marks.get(parse.lower[child], {}).get(parse.deps[token])
        if effect is not None and parse.deps[child] == "mark":
            return effect
    return None
