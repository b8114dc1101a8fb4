"""`Parse`: one article as parallel Python lists, the only form of text the extractors see.

spaCy's `Doc` is turned into a `Parse` once (`from_docs`), with four array reads, and dropped.
The extractors then cost list look-ups rather than Token objects, a `Parse` can be pickled,
cached and built by hand in a test, and no Doc outlives its memory zone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.tokens import Doc

VERBAL = frozenset({"VERB", "AUX"})  # Universal parts of speech of verbs


@dataclass(slots=True)
class Sentence:
    """One sentence: tokens [start, end), characters [start_char, end_char) of the article."""

    ordinal: int
    start: int
    end: int
    start_char: int
    end_char: int
    paragraph: int


@dataclass(slots=True)
class Parse:
    """Tokens of one article. Token indices and character offsets are those of the article."""

    text: str
    words: list[str] = field(default_factory=list)
    lemmas: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)  # Penn Treebank
    pos: list[str] = field(default_factory=list)  # Universal
    deps: list[str] = field(default_factory=list)  # ClearNLP labels, as spaCy's English models
    heads: list[int] = field(default_factory=list)  # a root is its own head
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    sent_of: list[int] = field(default_factory=list)  # token → sentence ordinal
    sents: list[Sentence] = field(default_factory=list)
    ents: list[tuple[int, int, str]] = field(default_factory=list)  # names and times, tokens
    dateline: int | None = None  # ordinal of the sentence that is only a dateline
    _children: list[list[int]] | None = None
    _lower: list[str] | None = None

    def __len__(self) -> int:
        return len(self.words)

    def by_sentence(self, start: int, end: int) -> list[tuple[int, int]]:
        """Tokens [start, end) cut where a sentence ends: one piece for each that they touch.

        A caption's "Matt Jancer" stands apart from the "REI Co" in the line below it.
        """
        cuts = [at for at in range(start + 1, end) if self.sent_of[at] != self.sent_of[at - 1]]
        return list(zip([start, *cuts], [*cuts, end], strict=True))

    @property
    def lower(self) -> list[str]:
        """Lower-cased words, made at first use."""
        if self._lower is None:
            self._lower = [word.lower() for word in self.words]
        return self._lower

    @property
    def children(self) -> list[list[int]]:
        """Syntactic children of each token, in text order, made at first use."""
        if self._children is None:
            children: list[list[int]] = [[] for _ in self.words]
            for index, head in enumerate(self.heads):
                if head != index:
                    children[head].append(index)
            self._children = children
        return self._children

    def span_text(self, start: int, end: int) -> str:
        """The article's characters under tokens [start, end)."""
        return self.text[self.starts[start] : self.ends[end - 1]]

    def subtree(self, token: int) -> list[int]:
        """`token` and all below it, in text order."""
        children = self.children
        found, stack = [], [token]
        while stack:
            index = stack.pop()
            found.append(index)
            stack.extend(children[index])
        return sorted(found)

    def above(self, token: int) -> Iterator[int]:
        """What `token` hangs on, nearest first, up to the root."""
        while self.heads[token] != token:
            token = self.heads[token]
            yield token

    def is_infinitive(self, verb: int) -> bool:
        """Whether a verb has a "to" of its own."""
        return any(self.lower[c] == "to" and self.deps[c] == "aux" for c in self.children[verb])

    def head_of(self, start: int, end: int) -> int:
        """The token of [start, end) whose head lies outside the span (or which is the root)."""
        for index in range(start, end):
            head = self.heads[index]
            if head == index or not start <= head < end:
                return index
        return end - 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A stretch of text to parse by itself: characters [start, end) of the article."""

    start: int
    end: int
    is_dateline: bool = False


def paragraphs(text: str, *, dateline_end: int = 0) -> list[Paragraph]:
    """Cut `text` at line breaks; blank lines vanish. A dateline stands alone.

    `dateline_end` is the offset where the dateline ("SEOUL (Yonhap) — ") ends, 0 for none.
    Quotation marks of a following sentence stay out of the one before when paragraphs are
    parsed one at a time.
    """
    found: list[Paragraph] = []
    position = 0
    for line in text.split("\n"):
        start = position
        position += len(line) + 1
        if dateline_end and start < dateline_end <= start + len(line):
            _append_stripped(found, text, start, dateline_end, is_dateline=True)
            start = dateline_end
        _append_stripped(found, text, start, position - 1, is_dateline=False)
    return found


def _append_stripped(
    found: list[Paragraph], text: str, start: int, end: int, *, is_dateline: bool
) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        found.append(Paragraph(start, end, is_dateline))


Tagged = tuple[list[str], list[str]]  # parts of speech and lemmas of a Doc's tokens
Named = list[tuple[int, int, str]]  # a Doc's entities: tokens [start, end), label


def from_docs(
    text: str,
    spans: Sequence[Paragraph],
    docs: Sequence[Doc],
    tagged: Sequence[Tagged] | None = None,
) -> Parse:
    """Join the parsed paragraphs of one article. White-space tokens are dropped.

    `docs[i]` is the parse of `text[spans[i].start:spans[i].end]`; `tagged[i]` its parts of
    speech and lemmas, where the Doc does not hold them.
    """
    parse = Parse(text)
    for number, (span, doc) in enumerate(zip(spans, docs, strict=True)):
        entities = [(ent.start, ent.end, ent.label_) for ent in doc.ents]
        _append_doc(parse, number, span, doc, tagged[number] if tagged else None, entities)
    return parse


def _append_doc(
    parse: Parse, number: int, span: Paragraph, doc: Doc, tagged: Tagged | None, named: Named
) -> None:
    from spacy.attrs import DEP, HEAD, IDX, LEMMA, LENGTH, POS, SENT_START, TAG

    columns: Any = doc.to_array([IDX, LENGTH, LEMMA, TAG, POS, DEP, HEAD, SENT_START])
    rows = columns.astype("int64").tolist()
    strings = doc.vocab.strings
    names: dict[int, str] = {}

    def name(key: int) -> str:
        value = names.get(key)
        if value is None:
            value = names[key] = strings[key % (1 << 64)] if key else ""
        return value

    base = len(parse.words)
    kept: list[int] = []
    place: dict[int, int] = {}
    text = parse.text
    for position, row in enumerate(rows):
        begin = span.start + row[0]
        if text[begin : begin + row[1]].isspace():
            continue
        place[position] = base + len(kept)
        kept.append(position)
    sentence_start: list[int] = []
    for position in kept:
        row = rows[position]
        index = place[position]
        begin = span.start + row[0]
        parse.words.append(text[begin : begin + row[1]])
        parse.tags.append(name(row[3]))
        if tagged is None:
            parse.lemmas.append(name(row[2]))
            parse.pos.append(name(row[4]))
        else:
            parse.pos.append(tagged[0][position])
            parse.lemmas.append(tagged[1][position])
        parse.deps.append(name(row[5]))
        target = position + row[6]
        while target not in place and rows[target][6]:
            target += rows[target][6]
        parse.heads.append(place.get(target, index))
        parse.starts.append(begin)
        parse.ends.append(begin + row[1])
        if not sentence_start or row[7] == 1:
            sentence_start.append(index)
    end_of_doc = base + len(kept)
    for order, start in enumerate(sentence_start):
        end = sentence_start[order + 1] if order + 1 < len(sentence_start) else end_of_doc
        ordinal = len(parse.sents)
        parse.sents.append(
            Sentence(ordinal, start, end, parse.starts[start], parse.ends[end - 1], number)
        )
        parse.sent_of.extend([ordinal] * (end - start))
        if span.is_dateline:
            parse.dateline = ordinal
    for first, behind, label in named:
        inside = [place[position] for position in range(first, behind) if position in place]
        if inside:
            parse.ents.append((inside[0], inside[-1] + 1, label))
