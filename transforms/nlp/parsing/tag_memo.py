"""Part of speech and lemma of a token, remembered instead of worked out again.

In spaCy's English pipelines `attribute_ruler` answers from the token's tag, dependency and, for the
few forms that its rules name, form; `lemmatizer` from form, part of speech and morphology. So each
such combination is put to the real component once, in a made-up Doc, and its answer kept; where a
rule over two tokens could begin, both are put to them together. Answers are exactly theirs;
`tests/transforms/nlp/test_language.py` compares them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

COMPONENTS = ("attribute_ruler", "lemmatizer")
_LIMIT = 150_000  # answers kept; some 200 bytes each
_ATTRIBUTES = {"TAG", "LOWER", "DEP", "IS_SPACE"}
_FILLER = "x"
_UNNAMED = 0  # the form of a token that no rule names


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
        self.ruled: dict[Key, tuple[int, int, int]] = {}  # → POS, MORPH, LEMMA
        self.lemmas: dict[tuple[int, int, int], str] = {}  # ORTH, POS, MORPH →
        self.pairs: dict[tuple[Key, ...], list[tuple[str, str]]] = {}
        self.openers = self._openers()
        self.named, self.shaped = self._named()

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

        if len(self.known) + len(self.lemmas) + len(self.pairs) > _LIMIT:
            for held in (self.known, self.lemmas, self.pairs, self.lemmatizer.cache):
                held.clear()
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
            self._learn(missing)
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

    def _learn(self, keys: Collection[Key]) -> None:
        """Answer keys that are not known, from what is known of others as far as that goes."""
        strings = self.vocab.strings
        rules = {key: (self._form(key[0]), *key[1:]) for key in keys}
        self._rule({rule: key for key, rule in rules.items() if rule not in self.ruled})
        bare = [
            (key[0], pos, morph)
            for key, rule in rules.items()
            for pos, morph, lemma in [self.ruled[rule]]
            if not lemma
        ]
        self._lemmatize([key for key in dict.fromkeys(bare) if key not in self.lemmas])
        for key, rule in rules.items():
            pos, morph, lemma = self.ruled[rule]
            told = strings[lemma] if lemma else self.lemmas[key[0], pos, morph]
            self.known[key] = (strings[pos] if pos else "", told)

    def _rule(self, asked: dict[Key, Key]) -> None:
        """Put one token of each kind to the ruler."""
        from spacy.attrs import LEMMA, MORPH, POS

        doc = self.ruler(self._doc([(key,) for key in asked.values()]))
        answers = doc.to_array([POS, MORPH, LEMMA])[::2].tolist()
        self.ruled.update(zip(asked, map(tuple, answers), strict=True))

    def _lemmatize(self, keys: Sequence[tuple[int, int, int]]) -> None:
        """Put forms with part of speech and morphology to the lemmatizer."""
        import numpy as np
        from spacy.attrs import MORPH, POS
        from spacy.tokens import Doc

        if keys:
            strings = self.vocab.strings
            doc = Doc(self.vocab, words=[strings[orth] for orth, _, _ in keys])
            given: Any = np.array([key[1:] for key in keys], dtype=np.uint64)
            doc.from_array([POS, MORPH], given)
            self.lemmas.update(
                (key, token.lemma_) for key, token in zip(keys, self.lemmatizer(doc), strict=True)
            )

    def _form(self, orth: int) -> int:
        """The form as far as rules ask for it: itself where one names it, or it is space."""
        lexeme = self.vocab[orth]
        if lexeme.is_space or lexeme.lower in self.named:
            return orth
        return orth if any(shape.search(lexeme.lower_) for shape in self.shaped) else _UNNAMED

    def _named(self) -> tuple[set[int], list[re.Pattern[str]]]:
        """Hashes of the forms in lower case that rules name, and the patterns of others."""
        named: set[int] = set()
        shaped: list[re.Pattern[str]] = []
        for rule in self._forms():
            if isinstance(rule, str):
                named.add(self.vocab.strings.add(rule))
            elif isinstance(rule, dict) and rule.keys() == {"IN"}:
                named |= {self.vocab.strings.add(word) for word in rule["IN"]}
            elif isinstance(rule, dict) and rule.keys() == {"REGEX"}:
                shaped.append(re.compile(rule["REGEX"]))
            else:
                raise UnknownRule(str(rule))
        return named, shaped

    def _forms(self) -> Iterator[Any]:
        for rule in self.ruler.patterns:
            for pattern in rule["patterns"]:
                yield from (token["LOWER"] for token in pattern if "LOWER" in token)

    def _ask(self, groups: Sequence[tuple[Key, ...]]) -> list[list[tuple[str, str]]]:
        """Put runs of tokens to the real components."""
        doc = self.lemmatizer(self.ruler(self._doc(groups)))
        found, at = [], 0
        for group in groups:
            tokens = doc[at : at + len(group)]
            found.append([(token.pos_, token.lemma_) for token in tokens])
            at += len(group) + 1
        return found

    def _doc(self, groups: Sequence[tuple[Key, ...]]) -> Doc:
        """A text of these runs of tokens, with a filler behind each."""
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
        return doc

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
