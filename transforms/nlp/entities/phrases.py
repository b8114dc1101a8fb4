"""The words around a name or an actor noun: titles, modifiers, countries, acronyms."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from transforms.lexicons.loader import word_set
from transforms.nlp.names.actors import Known, lexicon
from transforms.nlp.names.spans import NameSpan
from transforms.nlp.parsing.parse import Parse

_LEFT = {"det", "amod", "compound", "poss", "nummod", "quantmod", "nmod", "advmod", "predet"}

_SMALL = word_set("words/entities.tsv", "phrases.small")
_BACKED = word_set("words/entities.tsv", "phrases.backed")
_SKIPPED = word_set("words/entities.tsv", "phrases.skipped")
_BELONGING = word_set("words/entities.tsv", "phrases.belonging")
_SPEAKING = word_set("words/entities.tsv", "phrases.speaking-for")
_OFFICES = word_set("words/entities.tsv", "phrases.foreign-offices")
_JOINERS = word_set("words/entities.tsv", "phrases.joiners")
_GUESTS = word_set("words/entities.tsv", "phrases.guests")
_GUEST_WORDS = word_set("words/entities.tsv", "phrases.guest-words")


def title_before(parse: Parse, start: int, names: Mapping[int, NameSpan]) -> int:
    """First token of the title that ends at `start`; `start` when there is none."""
    lex, lower = lexicon(), parse.lower
    sentence = parse.sents[parse.sent_of[start]].start
    index, office = start, False
    while index > sentence:
        word = lower[index - 1]
        if word in lex.title_heads or word in lex.honorifics:
            office = True
        elif word not in lex.title_parts and not (
            office and ((index - 1) in names or parse.tags[index - 1] == "POS")
        ):
            break
        index -= 1
    while index < start and (parse.tags[index] == "POS" or lower[index] == "-"):
        index += 1
    return index if office else start


def title_sector(parse: Parse, begin: int, end: int) -> str | None:
    """Sector of the office in the title [begin, end)."""
    heads = lexicon().title_heads
    words = parse.lower[begin:end]
    if "general" in words and ("secretary" in words or "attorney" in words):
        return "JUD" if "attorney" in words else None  # of whatever body it is
    for word in reversed(words):
        if word in heads:
            return heads[word]
    return None


def phrase_country(
    parse: Parse, begin: int, span: NameSpan, names: Mapping[int, NameSpan]
) -> str | None:
    """Country that modifies the phrase from `begin`: inside it, as owner, or after of/in."""
    for token in range(span.end - 1, begin - 1, -1):  # the nearest to the head
        held = names.get(token)
        if held is not None and is_backer(parse, held.end):
            continue
        code = _code_at(names, token)
        if code:
            return code
        if held is not None and held.known is not None and held.known.sector == "IGO":
            return None
    if begin > 1 and parse.tags[begin - 1] == "POS":
        code = _code_at(names, begin - 2)
        if code:
            return code
    if begin > 0 and (code := _code_at(names, begin - 1)) and span.label != "PERSON":
        return code
    end, words = span.end, parse.lower
    after = {"of"} if span.label == "PERSON" else {"of", "in"}  # "X in Moscow" may be anybody
    if end + 1 < len(words) and words[end] in after:
        step = end + 1
        while step < len(words) - 1 and words[step] in _SKIPPED:
            step += 1
        held = names.get(step)
        known = held.known if held is not None else None
        if span.label == "PERSON" and known is not None and known.kind == "capital":
            return None
        if words[end] == "in" and is_guest(parse, begin, end) and not _is_country(known):
            return None
        return _code_at(names, step)
    return None


def is_guest(parse: Parse, begin: int, end: int) -> bool:
    """Is the phrase of people or states that may be far from home: "allies", "foreign workers",
    "African leaders"?

    They are told where they meet: "envoys in Geneva" are not Switzerland's.
    """
    if parse.lower[end - 1] in _GUESTS:
        return True
    words = parse.lower[begin:end]
    if parse.lower[end - 1] in _OFFICES:
        words = [word for word in words if word != "foreign"]  # "the foreign ministry"
    phrase = f" {' '.join(words)} "
    return any(f" {words} " in phrase for words in _GUEST_WORDS)


def _is_country(known: Known | None) -> bool:
    return known is not None and known.kind == "country"


def phrase_countries(
    parse: Parse, begin: int, span: NameSpan, names: Mapping[int, NameSpan]
) -> list[str]:
    """Every country that a phrase in the plural is told of, the nearest to its head first.

    "Iraqi and Turkish officials", "Egypt's and Sudan's envoys", "ministers of Peru and Chile",
    "envoys of the governments of Sudan and Chad". What owns something of its own is none
    ("ministers of Peru and Chile's president"). Empty where `phrase_country` finds none.
    """
    head = span.end - 1
    if parse.tags[head] not in {"NNS", "NNPS"}:
        return []
    found = _listed_before(parse, head, begin, names) or _listed_after(parse, head, begin, names)
    return list(dict.fromkeys(found))


def listed_owners(
    parse: Parse, head: int, begin: int, names: Mapping[int, NameSpan]
) -> list[NameSpan]:
    """Whose each of "British and EU negotiators" are, the nearest first.

    Only where states are listed with bodies or groups; empty elsewhere, as for one owner.
    """
    if parse.tags[head] not in {"NNS", "NNPS"}:
        return []
    token, found = head - 1, list[NameSpan]()
    while token >= begin and token not in names and parse.pos[token] in {"NOUN", "ADJ"}:
        token -= 1  # "trade negotiators"
    sentence = parse.sents[parse.sent_of[head]].start
    while token >= sentence and (held := names.get(token)) is not None:
        if (
            held.known is None
            or held.label not in {"NORP", "GPE", "ORG"}
            or is_backer(parse, held.end)
        ):
            break
        if found and held.label == "GPE" and not _is_below(parse, token, head):
            break
        found.append(held)
        token = joined = held.start - 1
        while token >= sentence and parse.lower[token] in _JOINERS:
            token -= 1
        if token == joined:
            break
    kinds = {held.label == "ORG" for held in found}
    return found if len(kinds) == 2 else []


def _listed_before(parse: Parse, head: int, begin: int, names: Mapping[int, NameSpan]) -> list[str]:
    """Countries of a list that ends before the head: "Finnish, Swedish and Norwegian envoys"."""
    owned = begin > 1 and parse.tags[begin - 1] == "POS"
    token, first = head - 1, begin - 2 if owned else begin
    while token >= first and _code_at(names, token) is None:
        token -= 1
    if token < first or is_backer(parse, names[token].end):
        return []
    owned = parse.tags[names[token].end] == "POS"
    found: list[str] = []
    sentence = parse.sents[parse.sent_of[head]].start
    while token >= sentence:
        code = _code_at(names, token)
        if code is None:
            break
        listed = names[token].label == "NORP" or owned or _is_below(parse, token, head)
        if found and not listed:
            break
        found.append(code)
        token = names[token].start - 1
        while token >= sentence and parse.pos[token] == "NUM":
            token -= 1  # "two Indian and three Chinese traders"
        joined = token
        while token >= sentence and parse.lower[token] in _JOINERS:
            token -= 1
        if token == joined:
            break
        if parse.tags[token] == "POS":
            token -= 1
        elif owned:
            break  # "Iran and Iraq's envoys" may be Iran and the envoys
    return found


def _is_below(parse: Parse, token: int, head: int) -> bool:
    return head in islice(parse.above(token), 4)


def _listed_after(parse: Parse, head: int, begin: int, names: Mapping[int, NameSpan]) -> list[str]:
    """Countries of a list behind "of", "from" or "in"."""
    step, size, found = head + 1, len(parse), list[str]()
    for _ in range(3):  # "envoys of the governments of …"
        belongs = step + 1 < size and (
            parse.lower[step] in _BELONGING
            or (parse.lower[step] == "for" and parse.lower[step - 1] in _SPEAKING)
        )
        if not belongs:
            return []
        over = parse.heads[step]
        if over < step - 1 and parse.lower[step] != "of":
            return []  # "shield civilians from Russia"
        step += 1
        while step < size - 1 and parse.lower[step] in _SKIPPED:
            step += 1
        if step in names or parse.lower[step] not in lexicon().nouns:
            break
        step += 1
    apart = parse.lower[head + 1] == "in" and is_guest(parse, begin, head + 1)
    while step < size and (code := _code_at(names, step)) is not None:
        span, end = names[step], names[step].end
        if apart and not _is_country(span.known):
            break
        adjective = span.label == "NORP"
        if end < size and not adjective and found:
            noun = parse.tags[end][:2] == "NN" and parse.heads[end - 1] == end
            if parse.tags[end] == "POS" or noun:
                break
        if found and adjective and not _is_all_adjectives(names, step, head):
            break
        found.append(code)
        step = end
        while step < size and parse.lower[step] in _JOINERS | {"the"}:
            step += 1
        if step == end:
            break
    return found


def _is_all_adjectives(names: Mapping[int, NameSpan], step: int, head: int) -> bool:
    """Are all names from the head to `step` adjectives: "of the Peruvian and Chilean navies"?"""
    return all(names[t].label == "NORP" for t in range(head + 1, step) if t in names)


def is_backer(parse: Parse, end: int) -> bool:
    """Does "-backed" or the like follow at `end`? Then the name before it is not the owner's."""
    return end + 1 < len(parse) and parse.words[end] == "-" and parse.lower[end + 1] in _BACKED


def _code_at(names: Mapping[int, NameSpan], token: int) -> str | None:
    span = names.get(token)
    if span is None or span.known is None or span.label == "PERSON":
        return None
    return span.known.country_code


def noun_phrase(parse: Parse, head: int) -> tuple[int, int]:
    """[start, end) of the noun phrase up to its head, with determiners and modifiers."""
    start = head
    for child in reversed(parse.children[head]):
        if child < head and parse.deps[child] in _LEFT:
            start = min(start, child if parse.deps[child] != "poss" else parse.subtree(child)[0])
            if parse.deps[child] in {"nummod", "amod", "compound"}:
                start = min(start, parse.subtree(child)[0])
    if start and parse.deps[start] == "amod" and parse.pos[start - 1] == "VERB":
        start += start + 1 < head and parse.deps[start + 1] == "nummod"  # "shot dead two men"
    return start, head + 1


def is_acting(parse: Parse, start: int, end: int, names: Mapping[int, NameSpan]) -> bool:
    """Does this capital act (subject, agent, with a partner) rather than locate?"""
    head = parse.head_of(start, end)
    dep, over = parse.deps[head], parse.heads[head]
    acting = lexicon().acting
    if dep == "nsubj":
        return True
    if dep == "poss":
        if over in names:
            return names[over].label == "ORG"
        noun = lexicon().nouns.get(parse.lower[over])
        return parse.lower[over] in acting["owned"] or (
            noun is not None and noun.sector == "GOV" and noun.kind == "government"
        )
    if dep == "pobj":
        word = parse.lower[over]
        if word in acting["with"]:
            return True
        above = parse.heads[over]
        words = acting.get(word, frozenset())
        return parse.lemmas[above].lower() in words or parse.lower[above] in words
    if dep == "conj":
        return is_acting(parse, over, over + 1, names)
    verb = parse.lemmas[over].lower()
    if dep in {"dobj", "iobj", "dative"} or (dep == "nsubjpass" and verb != "base"):
        return verb in acting["object"]
    return False


def acronym_of(parse: Parse, names: list[NameSpan]) -> dict[str, NameSpan]:
    """Acronym → the name it abbreviates: "Long Name (LN)", else the one body with its initials."""
    found: dict[str, NameSpan] = {}
    words = parse.words
    bodies: dict[str, dict[str, NameSpan]] = {}
    for span in names:
        end = span.end
        if end + 2 < len(words) and words[end] == "(" and words[end + 2] == ")":
            short = words[end + 1]
            initials = "".join(w[0] for w in words[span.start : span.end] if w[:1].isupper())
            if short.isupper() and len(short) > 1 and short[0] == initials[:1]:
                found.setdefault(short, span)
        if span.label == "ORG" and end - span.start > 1:
            parts = [
                w for w in words[span.start : end] if w[0].isalpha() and w.lower() not in _SMALL
            ]
            for initials in {
                "".join(w[0] for w in parts if w[0].isupper()),
                "".join(w[0] for w in words[span.start : end] if w[0].isalpha()).upper(),
            }:
                full = " ".join(words[span.start : end])
                if 2 <= len(initials) <= 6:
                    bodies.setdefault(initials, {}).setdefault(full, span)
    for initials, spans in bodies.items():
        if initials not in found and len(spans) == 1:
            found[initials] = next(iter(spans.values()))
    return found
