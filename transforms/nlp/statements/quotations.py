"""Quoted and reported statements: who said what, in which characters.

Direct speech is what stands between quotation marks (at least three words); reported speech is
the clause that a speech verb governs, or the sentence an "according to" belongs to.
"""

from __future__ import annotations

from transforms.nlp.annotations import EntityLayer, QuotationDraft
from transforms.nlp.clauses.arguments import Clauses
from transforms.nlp.clauses.predicates import Lexicon, governors
from transforms.nlp.parsing.parse import Parse, Sentence
from transforms.nlp.parsing.quoted import quoted

_MIN_WORDS = 3
_SPEAKING = frozenset({"person", "organization", "government", "country", "group", "place"})


def find_quotations(parse: Parse, layer: EntityLayer) -> list[QuotationDraft]:
    """Every quotation of the article, in text order."""
    clauses = Clauses(parse, layer, Lexicon())
    direct = quoted(parse)
    found = _spoken(clauses, direct)
    covered = {token for start, end in direct for token in range(start, end)}
    rules = governors()
    for token, lemma in enumerate(clauses.lemma):
        rule = rules.get((lemma, "verb"))
        if rule is None or "attribution" not in rule or parse.pos[token] != "VERB":
            continue
        found.extend(_reported(clauses, token, covered))
    found.extend(_according(clauses, covered))
    found.sort(key=lambda quote: (quote.start_char, quote.end_char))
    return found


def direct_quotations(clauses: Clauses) -> list[QuotationDraft]:
    """What stands between quotation marks, in text order."""
    return _spoken(clauses, quoted(clauses.parse))


def _spoken(clauses: Clauses, direct: list[tuple[int, int]]) -> list[QuotationDraft]:
    parse, found = clauses.parse, list[QuotationDraft]()
    last: tuple[int, int | None] = (-9, None)  # paragraph and speaker of the quotation before
    for start, end in direct:
        cue, speaker = _who(clauses, start, end)
        paragraph = parse.sents[parse.sent_of[start]].paragraph
        if speaker is None and 0 <= paragraph - last[0] <= 1:
            speaker = last[1]  # the statement goes on
        last = (paragraph, speaker)
        found.append(
            QuotationDraft(
                parse.sent_of[start], speaker, parse.starts[start], parse.ends[end - 1], cue, True
            )
        )
    return found


def _who(clauses: Clauses, start: int, end: int) -> tuple[str | None, int | None]:
    """(cue, speaker) of direct speech: the speech verb over it, else one beside it."""
    parse, rules = clauses.parse, governors()
    sentences = {parse.sent_of[start], parse.sent_of[end - 1]}
    candidates: list[tuple[int, int]] = []
    for ordinal in sorted(sentences):
        sentence: Sentence = parse.sents[ordinal]
        for token in range(sentence.start, sentence.end):
            if start <= token < end or parse.pos[token] != "VERB":
                continue
            rule = rules.get((clauses.lemma[token], "verb"))
            if rule is not None and "attribution" in rule and "ccomp" in rule:
                distance = start - token if token < start else token - end
                candidates.append((distance, token))
    for _, token in sorted(candidates):
        speaker = speaker_of(clauses, token)
        if speaker is not None:
            return parse.words[token], speaker
    ordinal = parse.sent_of[start]
    for cue, head in _sources(clauses, parse.sents[ordinal]):
        return cue, _mention(clauses, head)
    return None, None


def speaker_of(clauses: Clauses, verb: int) -> int | None:
    """The mention that is the subject of a speech verb."""
    for token in clauses.verb(verb).subj:
        mention = _mention(clauses, token)
        if mention is not None:
            return mention
    return None


def _mention(clauses: Clauses, token: int) -> int | None:
    layer = clauses.layer
    for mention in clauses.mentions_at(token):
        if layer.entities[layer.mentions[mention].entity].entity_type in _SPEAKING:
            return mention
    return None


def _reported(clauses: Clauses, verb: int, covered: set[int]) -> list[QuotationDraft]:
    """The that-clause of a speech verb outside quotation marks."""
    parse = clauses.parse
    speaker = speaker_of(clauses, verb)
    if speaker is None or verb in covered:
        return []
    found = []
    for clause in clauses.verb(verb).ccomp:
        tokens = [
            t for t in parse.subtree(clause) if t != verb and parse.words[t] not in {",", "."}
        ]
        if len(tokens) < _MIN_WORDS or sum(t in covered for t in tokens) * 2 > len(tokens):
            continue
        if parse.lower[tokens[0]] == "that":
            tokens = tokens[1:]
        found.append(
            QuotationDraft(
                parse.sent_of[verb],
                speaker,
                parse.starts[tokens[0]],
                parse.ends[tokens[-1]],
                parse.words[verb],
                False,
            )
        )
    return found


def _sources(clauses: Clauses, sentence: Sentence) -> list[tuple[str, int]]:
    """(cue, head) of every "according to X" in a sentence."""
    parse = clauses.parse
    return [
        ("according to", child)
        for token in range(sentence.start, sentence.end - 1)
        if parse.lower[token] == "according" and parse.lower[token + 1] == "to"
        for child in clauses.children[token + 1]
        if parse.deps[child] == "pobj"
    ]


def _according(clauses: Clauses, covered: set[int]) -> list[QuotationDraft]:
    """Sentences told after "according to X", without quotation marks."""
    parse = clauses.parse
    found = []
    for sentence in parse.sents:
        if any(token in covered for token in range(sentence.start, sentence.end)):
            continue
        for cue, head in _sources(clauses, sentence):
            speaker = _mention(clauses, head)
            if speaker is not None:
                found.append(
                    QuotationDraft(
                        sentence.ordinal,
                        speaker,
                        sentence.start_char,
                        sentence.end_char,
                        cue,
                        False,
                    )
                )
    return found
