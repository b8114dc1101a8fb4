"""The type of the act between two given spans: for scoring, where abstaining loses.

From the surest to the weakest evidence: an event whose parties lie in both spans; an event with
one party in its span; a sense on the path between the spans; the senses of the words on the
path, conditions set aside; any sense of the sentence; any word of the lexicon.
"""

from __future__ import annotations

from collections import Counter

from benchmarks.annotate import annotate
from transforms.nlp.annotations import EntityLayer, EventDraft
from transforms.nlp.clauses.arguments import Clauses
from transforms.nlp.clauses.predicates import Lexicon
from transforms.nlp.events.senses import Senses
from transforms.nlp.parsing.parse import Parse

Span = tuple[int, int]
EASES = frozenset({"CONSULT", "SUPPORT", "COOPERATE", "AID"})  # planned, AGREE in PLOVER
_PRIOR = "ACCUSE"  # the type of most verbs of saying


def type_given_spans(
    parse: Parse, source_span: Span | None, target_span: Span | None, lexicon: Lexicon
) -> str | None:
    """PLOVER type of what the source does to the target, tokens [start, end) each.

    A planned CONSULT, SUPPORT, COOPERATE or AID is given as AGREE, as PLOVER has it.
    """
    notes = annotate(parse)
    layer, events = notes.entities, notes.events
    senses = Senses(Clauses(parse, layer, lexicon), lexicon)
    best: tuple[tuple[float, ...], str] | None = None
    path = _path(parse, source_span, target_span)
    for event in events:
        first = _touches(event, layer, source_span, "recipient")
        second = _touches(event, layer, target_span, "initiator")
        swapped = _touches(event, layer, target_span, "recipient") and _touches(
            event, layer, source_span, "initiator"
        )
        near = path.get(event.trigger_start, path.get(event.trigger_end - 1, 9))
        inside = _inside(event.trigger_start, source_span) or _inside(
            event.trigger_start, target_span
        )
        rank = (
            2.0 * (first and second) + first + second + 0.5 * swapped - 0.15 * near - 0.7 * inside,
            event.confidence,
        )
        if best is None or rank > best[0]:
            best = (rank, _collapsed(event))
    if best is not None and best[0][0] > -0.8:
        return best[1]
    relaxed = _relaxed(senses, path)
    if relaxed is not None:
        return relaxed
    if best is not None:
        return best[1]
    return _relaxed(senses, dict.fromkeys(range(len(parse)), 1)) or _PRIOR


def _collapsed(event: EventDraft) -> str:
    if event.modality == "planned" and event.event_type in EASES:
        return "AGREE"
    return event.event_type


def _touches(event: EventDraft, layer: EntityLayer, span: Span | None, without: str) -> bool:
    if span is None:
        return False
    for party in event.participants:
        mention = layer.mentions[party.mention]
        if party.role != without and mention.start < span[1] and span[0] < mention.end:
            return True
    return False


def _inside(token: int, span: Span | None) -> bool:
    return span is not None and span[0] <= token < span[1]


def _path(parse: Parse, source: Span | None, target: Span | None) -> dict[int, float]:
    """Tokens on the tree path between the spans, with their distance from the source."""
    chains = []
    for span in (source, target):
        if span is None:
            continue
        token = parse.head_of(*span)
        chain = [token]
        while parse.heads[token] != token and len(chain) < 25:
            token = parse.heads[token]
            chain.append(token)
        chains.append(chain)
    if not chains:
        return {}
    if len(chains) == 1:
        return {token: float(i) for i, token in enumerate(chains[0])}
    first, second = chains
    shared = next((token for token in first if token in second), first[-1])
    found = {}
    for i, token in enumerate(first[: first.index(shared) + 1] if shared in first else first):
        found[token] = float(i)
    below = second[: second.index(shared)] if shared in second else second
    for i, token in enumerate(reversed(below)):
        found.setdefault(token, 1.0 + i)
    return found


def _relaxed(senses: Senses, path: dict[int, float]) -> str | None:
    """The commonest type among all senses of the words on the path, nearest word first."""
    lex, parse = senses.lexicon, senses.parse
    tally: Counter[str] = Counter()
    for token, distance in path.items():
        lemma, pos = senses.clauses.lemma[token], parse.pos[token]
        held = []
        if pos in {"VERB", "AUX"}:
            held = lex.verbs.get(lemma, [])
        elif pos in {"NOUN", "PROPN"}:
            held = lex.nouns.get(lemma, []) or lex.lights.get(lemma, [])
        elif pos == "ADJ":
            held = lex.adjectives.get(lemma, [])
        for sense in held:
            weight = 1.0 if len(sense.words) == 1 else 0.3
            tally[sense.event_type] += weight / len(held) / (1.0 + distance)  # type: ignore[assignment]
    if not tally:
        return None
    return min(tally, key=lambda kind: (-tally[kind], kind))
