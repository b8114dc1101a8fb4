"""Which entries of a dictionary an article has to do with, by the words in its text.

An article's `extractor_version` names the entries that touch it and no others, so a changed entry
makes stale what holds its words, and nothing else. An entry may touch what it then does not change;
never the other way round.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from transforms.lexicons.loader import word_list, word_values

_WORD = re.compile(r"[^\W_]+")
_IRREGULAR = word_values("words/dictionary.tsv", "touch.irregular")
_PREFIXES = word_list("words/dictionary.tsv", "touch.prefixes")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a dictionary, as far as texts are concerned.

    It touches a text that holds one of `phrases`, word by word, or one word of each of `sets`.
    """

    content: str  # what the line says, without its example
    phrases: tuple[tuple[str, ...], ...] = ()
    sets: tuple[frozenset[str], ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        """Words of which a text that it touches holds at least one."""
        first = frozenset(phrase[0] for phrase in self.phrases)
        return first | (min(self.sets, key=len) if self.sets else frozenset())


def plain(text: str) -> str:
    """`text` in lower case without accents, as words are compared."""
    lower = text.lower()
    if lower.isascii():
        return lower
    split = unicodedata.normalize("NFKD", lower)
    return "".join(char for char in split if not unicodedata.combining(char))


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, plain."""
    return tuple(_WORD.findall(plain(text)))


def forms_of(lemma: str) -> frozenset[str]:
    """The word and every form it may stand in: as a verb, a noun, an adjective.

    Too many rather than too few.
    """
    found = {lemma, *_IRREGULAR.get(lemma, "").split()}
    for prefix in _PREFIXES:  # "overflew"
        if lemma.startswith(prefix):
            below = _IRREGULAR.get(lemma.removeprefix(prefix), "")
            found |= {prefix + form for form in below.split()}
    if lemma.isalpha():
        stem = lemma.removesuffix("e")
        found |= {lemma + "s", lemma + "es", lemma + "ed", lemma + "ing", lemma + "d"}
        found |= {stem + "ed", stem + "ing", stem + lemma[-1] + "ed", stem + lemma[-1] + "ing"}
        found |= {lemma + lemma[-1] + "er", lemma + "er", lemma + "r", lemma + "est"}
        if lemma.endswith("y"):
            found |= {lemma[:-1] + end for end in ("ies", "ied", "ier", "iest")}
        if lemma.endswith("ie"):
            found.add(lemma[:-2] + "ying")
        if lemma.endswith("f"):
            found.add(lemma[:-1] + "ves")
        if lemma.endswith("fe"):
            found.add(lemma[:-2] + "ves")
        if lemma.endswith("man"):
            found.add(lemma[:-2] + "en")
        if lemma.endswith("is"):
            found.add(lemma[:-2] + "es")
    return frozenset(plain(form) for form in found)


class Touching:
    """Answers for one dictionary."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        self._digests = [_digest([entry.content]) for entry in entries]
        self._by_key: dict[str, list[int]] = {}
        for number, entry in enumerate(entries):
            for key in entry.keys:
                self._by_key.setdefault(key, []).append(number)

    @property
    def keys(self) -> list[str]:
        """Words of which every touched text holds at least one, sorted."""
        return sorted(self._by_key)

    def digest(self) -> str:
        """Eight digits for the whole dictionary."""
        return _digest(sorted(self._digests))

    def mark(self, text: str) -> str:
        """Eight digits for the entries that touch `text`, "" where none does."""
        words = words_of(text)
        held = set(words)
        maybe = {n for key in self._by_key.keys() & held for n in self._by_key[key]}
        if not maybe:
            return ""
        joined = f" {' '.join(words)} "
        found = sorted(
            self._digests[number]
            for number in maybe
            if _touches(self._entries[number], held, joined)
        )
        return _digest(found) if found else ""


def _touches(entry: Entry, held: set[str], joined: str) -> bool:
    if entry.sets and all(not one.isdisjoint(held) for one in entry.sets):
        return True
    return any(f" {' '.join(phrase)} " in joined for phrase in entry.phrases)


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8]
