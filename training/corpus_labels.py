"""The corpus and its labels as text files: loading, and a check that names file and line.

`corpus/texts/*.txt` holds articles: a line `=== id`, header lines `date:`, `source:`, `title:`, a
blank line, then one paragraph a line. `corpus/sentences.tsv` says where the sentences stand
(`id`, `start`, `end`: characters of the text), so that labels do not move when a model changes.
`corpus/labels/*.txt` holds, below the same `=== id` lines, one line a label:

    E s|trigger|TYPE/ALSO|modality|initiators|recipients|date|place|who says|flags
    N type|canonical name|s:mention|s:mention|…

`s` numbers sentences from 0. Parties are joined by ` ; ` and stand as in their sentence, with `^`
where they stand in another one and `~` where they are things. `flags` holds words: `optional` (not
core), `reciprocal`, `n=2` (second occurrence of the trigger in its sentence). The meaning of all
this is `running_guide.md`'s. `N` lines are entities: type `person`, `organization`, `government`,
`country`, `place`, `group`; mentions are names (without title), nominals and pronouns;
`s:mention#2` is the second occurrence in the sentence. `-` alone means: read, nothing to label.

Run: `python -m training.corpus_labels check|number|counts [FILE …]`.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from transforms.nlp.reader import features

CORPUS = Path(__file__).resolve().parent / "corpus"
TYPES = frozenset(features.TYPES)
MODALITIES = frozenset(features.MODALITIES)
ENTITIES = frozenset(features.KINDS) - {"other"}


class LabelError(ValueError):
    """A line of a corpus or label file that cannot be read; the message names file and line."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path.name}:{line}: {reason}")
        self.path, self.line = path, line


@dataclass(slots=True)
class CorpusArticle:
    """One article of the corpus; `sentences` are character spans of `text`."""

    doc: str
    date: str
    source: str
    title: str
    text: str
    sentences: list[tuple[int, int]] = field(default_factory=list)

    def sentence(self, number: int) -> str:
        start, end = self.sentences[number]
        return self.text[start:end]


@dataclass(slots=True)
class ArticleLabels:
    """The labels of one article: events as records of the guide, entities with mentions."""

    doc: str
    events: list[dict[str, Any]] = field(default_factory=list)
    entities: list[dict[str, Any]] = field(default_factory=list)


def articles(corpus: Path = CORPUS) -> dict[str, CorpusArticle]:
    """All articles by id. Raises LabelError."""
    found: dict[str, CorpusArticle] = {}
    for path in sorted((corpus / "texts").glob("*.txt")):
        _read_texts(path, found)
    spans = corpus / "sentences.tsv"
    if spans.exists():
        for number, line in enumerate(spans.read_text("utf-8").splitlines()[1:], 2):
            doc, start, end = line.split("\t")
            if doc not in found:
                raise LabelError(spans, number, f"no article {doc}")
            found[doc].sentences.append((int(start), int(end)))
    return found


def _read_texts(path: Path, found: dict[str, CorpusArticle]) -> None:
    article: CorpusArticle | None = None
    body: list[str] = []
    for number, line in enumerate([*path.read_text("utf-8").splitlines(), "=== "], 1):
        if line.startswith("=== "):
            if article is not None:
                article.text = "\n\n".join(body)
                found[article.doc] = article
            doc = line[4:].strip()
            if doc in found:
                raise LabelError(path, number, f"article {doc} stands twice")
            article, body = CorpusArticle(doc, "", "", "", ""), []
        elif (
            article is not None
            and not body
            and line.partition(":")[0]
            in {
                "date",
                "source",
                "title",
            }
        ):
            key, _, value = line.partition(":")
            if not getattr(article, key):
                setattr(article, key, value.strip())
            else:
                body.append(line.strip())
        elif line.strip():
            if article is None:
                raise LabelError(path, number, "text before the first === line")
            body.append(line.strip())


def labels(
    paths: list[Path] | None = None, corpus: Path = CORPUS
) -> tuple[dict[str, ArticleLabels], list[LabelError]]:
    """Labels by article id, and every fault found; a faulty line is left out."""
    texts = articles(corpus)
    found: dict[str, ArticleLabels] = {}
    faults: list[LabelError] = []
    for path in paths or sorted((corpus / "labels").glob("*.txt")):
        here: ArticleLabels | None = None
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            try:
                if line.startswith("=== "):
                    here = None
                    doc = line[4:].strip()
                    if doc not in texts:
                        raise LabelError(path, number, f"no article {doc}")
                    if doc in found:
                        raise LabelError(path, number, f"labels of {doc} stand twice")
                    here = found[doc] = ArticleLabels(doc)
                elif line.startswith(("E ", "N ")):
                    if here is None:
                        raise LabelError(path, number, "label without an article")
                    reason = (_event if line[0] == "E" else _entity)(
                        line[2:], texts[here.doc], here
                    )
                    if reason:
                        raise LabelError(path, number, f"{here.doc}: {reason}")
                elif line.strip() not in {"", "-"}:
                    raise LabelError(path, number, f"neither E nor N: {line[:40]!r}")
            except LabelError as error:
                faults.append(error)
    return found, faults


def _event(line: str, article: CorpusArticle, into: ArticleLabels) -> str | None:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) not in {9, 10}:
        return f"{len(parts)} fields, not 10: {line[:60]!r}"
    number, trigger, types, modality, doers, targets, date, place, source = parts[:9]
    flags = parts[9].split() if len(parts) == 10 else []
    if not number.isdigit() or int(number) >= len(article.sentences):
        return f"no sentence {number}"
    sentence = article.sentence(int(number))
    nth = next((int(f[2:]) for f in flags if f.startswith("n=")), 1)
    if not trigger or sentence.count(trigger) < nth:
        return f"trigger {trigger!r} (n={nth}) is not in sentence {number}: {sentence[:60]!r}"
    kinds = types.split("/")
    if bad := [kind for kind in kinds if kind not in TYPES]:
        return f"type {bad[0]!r}"
    if modality not in MODALITIES:
        return f"modality {modality!r}"
    if bad := [f for f in flags if f not in {"optional", "reciprocal"} and not f.startswith("n=")]:
        return f"flag {bad[0]!r}"
    sides: list[list[str]] = []
    for text in (doers, targets):
        side = [party.strip() for party in text.split(" ; ") if party.strip()]
        for party in side:
            bare = party.lstrip("~")
            if not bare.startswith("^") and bare not in sentence:
                return f"party {party!r} is not in sentence {number}"
        sides.append(side)
    if place and place.lstrip("^") not in article.text and place.lstrip("^") not in article.title:
        return f"place {place!r} is not in the text"
    if source and not source.startswith("^") and source not in sentence:
        return f"source {source!r} is not in sentence {number}"
    into.events.append(
        {
            "s": int(number),
            "trigger": trigger,
            "n": nth,
            "type": kinds[0],
            "modality": modality,
            "initiators": sides[0],
            "recipients": sides[1],
            "reciprocal": "reciprocal" in flags,
            "date": date,
            "place": place,
            "who_says": source,
            "core": "optional" not in flags,
            "also": kinds[1:],
        }
    )
    return None


def _entity(line: str, article: CorpusArticle, into: ArticleLabels) -> str | None:
    kind, name, *mentions = (part.strip() for part in line.split("|"))
    if kind not in ENTITIES:
        return f"entity type {kind!r}"
    spans: list[tuple[int, int]] = []
    for mention in mentions:
        number, _, text = mention.partition(":")
        text, _, nth = text.partition("#")
        text = text.strip()
        if not number.strip().isdigit() or int(number) >= len(article.sentences):
            return f"no sentence {number!r} ({mention!r})"
        start, end = article.sentences[int(number)]
        at = start - 1
        for _ in range(int(nth) if nth.isdigit() else 1):
            at = article.text.find(text, at + 1, end)
            while at >= 0 and not _whole(article.text, at, at + len(text)):
                at = article.text.find(text, at + 1, end)
            if at < 0 or not text:
                return f"mention {mention!r} is not in its sentence"
        spans.append((at, at + len(text)))
    into.entities.append({"type": kind, "name": name, "spans": spans})
    return None


def _whole(text: str, start: int, end: int) -> bool:
    """Does the span begin and end at the edge of a word?"""
    before = start and text[start - 1].isalnum() and text[start].isalnum()
    behind = end < len(text) and text[end].isalnum() and text[end - 1].isalnum()
    return not before and not behind


def _number(paths: list[Path]) -> None:
    wanted = {path.stem for path in paths}
    for doc, article in articles().items():
        if doc[0] in wanted or doc in wanted:
            print(f"=== {doc}\ndate: {article.date}  source: {article.source}")
            print(f"title: {article.title}")
            for number in range(len(article.sentences)):
                print(f"{number}: {article.sentence(number)}")
            print()


def main() -> int:
    """`check` labels, print articles with numbered sentences (`number`), or `counts`."""
    task, *names = sys.argv[1:] or ["check"]
    paths = [Path(name) for name in names]
    if task == "number":
        _number(paths)
        return 0
    found, faults = labels(paths or None)
    for fault in faults:
        print(fault)
    events = [event for item in found.values() for event in item.events]
    mentions = sum(len(e["spans"]) for item in found.values() for e in item.entities)
    print(
        f"{'ok' if not faults else f'{len(faults)} bad'}: {len(events)} events, "
        f"{mentions} mentions in {len(found)} articles"
    )
    if task == "counts":
        print(Counter(event["type"] for event in events))
        print(Counter(event["modality"] for event in events))
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
