"""Part of speech and lemma of a token, remembered instead of worked out again.

In spaCy's English pipelines `attribute_ruler` and `lemmatizer` answer from the token's form, tag
and dependency alone, but for a few rules over two tokens. So each (form, tag, dependency) is put
to the real components once, in a made-up Doc, and its answer kept; where a rule over two
tokens could begin, both are put to them together. Answers are exactly theirs;
`tests/transforms/nlp/test_language.py` compares them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

COMPONENTS = ("attribute_ruler", "lemmatizer")
_LIMIT = 150_000  # answers kept; some 200 bytes each
_ATTRIBUTES = {"TAG", "LOWER", "DEP", "IS_SPACE"}
_FILLER = "x"


class UnknownRule(ValueError):
    """A rule over two tokens that the memo cannot foresee."""


Key = tuple[int, int, int]  # ORTH, TAG, DEP


class TagMemo:
    """Answers of `attribute_ruler` and `lemmatizer` for one pipeline."""

    def __init__(self, nlp: Language) -> None:
        self.vocab = nlp.vocab
        self.ruler: Any = nlp.get_pipe("attribute_ruler")
        self.lemmatizer: Any = nlp.get_pipe("lemmatizer")
        self.known: dict[Key, tuple[str, str]] = {}
        self.pairs: dict[tuple[Key, ...], list[tuple[str, str]]] = {}
        self.openers = self._openers()

    @classmethod
    def of(cls, nlp: Language) -> TagMemo | None:
        """A memo, or None where the pipeline's rules look at more than a token's own features."""
        if any(name not in nlp.pipe_names for name in COMPONENTS):
            return None
        try:
            memo = cls(nlp)
        except UnknownRule:
            return None
        tokens = [t for r in memo.ruler.patterns for p in r["patterns"] for t in p]
        if any(set(token) - _ATTRIBUTES for token in tokens):
            return None
        if getattr(memo.lemmatizer, "mode", None) != "rule":
            return None
        return memo

    def fill(self, docs: Sequence[Doc]) -> list[tuple[list[str], list[str]]]:
        """(parts of speech, lemmas) of each Doc's tokens."""
        from spacy.attrs import DEP, LOWER, ORTH, TAG

        if len(self.known) + len(self.pairs) > _LIMIT:
            self.known.clear()
            self.pairs.clear()
        lowers, deps = self.openers
        rows: list[list[Key]] = []
        opened: list[list[int]] = []
        for doc in docs:
            columns = doc.to_array([ORTH, TAG, DEP, LOWER]).T.tolist()
            rows.append(list(zip(*columns[:3], strict=True)))
            if lowers.isdisjoint(columns[3]) and deps.isdisjoint(columns[2]):
                opened.append([])
                continue
            begins = zip(columns[3], columns[2], strict=True)
            opened.append(
                [n for n, (low, dep) in enumerate(begins) if low in lowers or dep in deps]
            )
        known, pairs = self.known, self.pairs
        missing = {key for keys in rows for key in keys if key not in known}
        if missing:
            singles = [(key,) for key in sorted(missing)]
            for group, answers in zip(singles, self._ask(singles), strict=True):
                self.known[group[0]] = answers[0]
        two = {
            (keys[n], keys[n + 1])
            for keys, starts in zip(rows, opened, strict=True)
            for n in starts
            if n + 1 < len(keys) and (keys[n], keys[n + 1]) not in pairs
        }
        if two:
            groups = sorted(two)
            self.pairs.update(zip(groups, self._ask(groups), strict=True))
        found = []
        for keys, starts in zip(rows, opened, strict=True):
            answers = [known[key] for key in keys]
            for n in starts:
                if n + 1 < len(keys):
                    answers[n : n + 2] = pairs[keys[n], keys[n + 1]]
            found.append(([pos for pos, _ in answers], [lemma for _, lemma in answers]))
        return found

    def _ask(self, groups: Sequence[tuple[Key, ...]]) -> list[list[tuple[str, str]]]:
        """Put runs of tokens to the real components, with a filler between any two runs."""
        from spacy.tokens import Doc

        strings = self.vocab.strings
        words: list[str] = []
        for group in groups:
            words += [*(strings[key[0]] for key in group), _FILLER]
        doc = Doc(self.vocab, words=words)
        at = 0
        for group in groups:
            for key in group:
                doc[at].tag, doc[at].dep = key[1], key[2]
                at += 1
            doc[at].tag_ = "NN"
            at += 1
        self.lemmatizer(self.ruler(doc))
        found, at = [], 0
        for group in groups:
            tokens = doc[at : at + len(group)]
            found.append([(token.pos_, token.lemma_) for token in tokens])
            at += len(group) + 1
        return found

    def _openers(self) -> tuple[set[int], set[int]]:
        """Hashes of the forms and dependencies that the rules over two tokens begin with."""
        lowers: set[int] = set()
        deps: set[int] = set()
        longer = [p for r in self.ruler.patterns for p in r["patterns"] if len(p) > 1]
        if any(len(pattern) > 2 for pattern in longer):
            raise UnknownRule("a rule over three tokens")
        for opener in (pattern[0] for pattern in longer):
            lower, dep = opener.get("LOWER"), opener.get("DEP")
            if isinstance(lower, str):
                lowers.add(self.vocab.strings.add(lower))
            elif lower is None and isinstance(dep, str):
                deps.add(self.vocab.strings.add(dep))
            elif lower == {"REGEX": "^y'?$"}:
                lowers |= {self.vocab.strings.add(word) for word in ("y", "y'")}
            else:
                raise UnknownRule(str(opener))
        return lowers, deps
