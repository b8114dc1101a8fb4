"""Mode and CAMEO code of an event whose type is known, from the senses of its word."""

from __future__ import annotations

from transforms.nlp.events.senses import Senses
from transforms.plover import cameo_for


def mode_of(senses: Senses, token: int, event_type: str) -> tuple[str | None, str]:
    """(mode, CAMEO code) of the event of `event_type` told at `token`.

    The sense that fires there decides when it is of the type; else the first sense of the word
    alone that is; else mode None and the code of the type.
    """
    match = senses.best(token)
    if match is not None and match.sense.event_type == event_type:
        sense = match.sense
        return sense.mode, cameo_for(event_type, sense.mode, sense.cameo)
    lexicon, lemma = senses.lexicon, senses.clauses.lemma[token]
    for table in (lexicon.verbs, lexicon.nouns, lexicon.lights, lexicon.adjectives):
        for sense in table.get(lemma, ()):
            if sense.event_type == event_type and len(sense.words) == 1:
                return sense.mode, cameo_for(event_type, sense.mode, sense.cameo)
    return None, cameo_for(event_type, None)
