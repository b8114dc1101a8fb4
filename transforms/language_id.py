"""Which language a text is in: by the words that hardly any text does without, then py3langid.

A detector of letter groups takes English with foreign names in it for the names' language, the
more so the shorter the text. `lexicons/readers/stop_words.tsv` holds what is not in names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Any

from transforms.lexicons.loader import table

_WORD = re.compile(r"[^\W\d_]+")
_QUOTED = re.compile(r"\"[^\"\n]{1,1000}\"|“[^”\n]{1,1000}”|«[^»\n]{1,1000}»|„[^“”\n]{1,1000}[“”]")
_SAMPLE = 2000  # characters
_MOST = 20_000  # characters of a text of which quotations leave too little
_FEW = 4  # words that must be left without what is quoted
_STRONG = 5  # stop words of another language that outweigh what is declared
_ENGLISH = re.compile(r"\b[a-z]{3,}(?:ed|ing)\b|\b[A-Z]\w+['’]s\b")
_OWNER = re.compile(r"['’]s\b")  # its letter is a word in Czech
_LIKE_ENGLISH = ("nl", "af", "da", "no", "nb", "nn", "sv")  # where words end so as well
_NAMES = {
    "english": "en", "eng": "en", "french": "fr", "fra": "fr", "fre": "fr", "german": "de",
    "deu": "de", "ger": "de", "spanish": "es", "spa": "es", "portuguese": "pt", "por": "pt",
    "italian": "it", "ita": "it", "russian": "ru", "rus": "ru", "arabic": "ar", "ara": "ar",
    "chinese": "zh", "zho": "zh", "chi": "zh",
}  # fmt: skip


@cache
def _identifier() -> Any:
    import py3langid

    return py3langid


@cache
def _stop_words() -> dict[str, tuple[str, ...]]:
    """Stop word → the languages it is one of."""
    found: dict[str, list[str]] = {}
    seen: set[str] = set()
    for row in table("readers/stop_words.tsv", ["language", "words"]):
        if row["language"] in seen:
            raise row.error(f"{row['language']} stands twice")
        seen.add(row["language"])
        for word in set(row["words"].split()):
            if word != word.lower():
                raise row.error(f"{word!r} is not in lower case")
            found.setdefault(word, []).append(row["language"])
    return {word: tuple(languages) for word, languages in found.items()}


@cache
def _listed() -> frozenset[str]:
    return frozenset(language for listed in _stop_words().values() for language in listed)


def language_of(text: str, declared: str | None = None) -> str | None:
    """ISO 639-1 of a text; None when there is too little to tell, or no such code.

    What is `declared` (a code, "en-GB", "English") holds unless the text strongly says otherwise.
    """
    sample = _sample(text)
    words = _WORD.findall(_OWNER.sub(" ", sample).lower())
    letters = sum(map(len, words))
    said = declared_code(declared)
    if letters < 12:
        return said
    if sum(character > "\u024f" and character.isalpha() for character in sample) > letters / 2:
        return _classified(sample)  # no Latin script
    counts = _counts(words)
    english = counts.pop("en", 0)
    if english and english <= max(counts.values(), default=0):
        counts = _without_names(sample)
        english = counts.pop("en", 0)
    other, most = max(counts.items(), key=lambda item: item[1], default=("", 0))
    if said is not None and _bears(said, english, counts, len(words)):
        return said
    if english > most:
        return "en"
    told = _classified(sample)
    if most > 0:
        near = {code for code, count in counts.items() if count >= 0.7 * most}
        if told in near or (english < most and (most == 1 or told not in _listed())):
            return told
        return "en" if english == most else _two(other)
    # not a word of any: the detector may take the names for the language
    return "en" if told not in _LIKE_ENGLISH and _ENGLISH.search(sample) else told


def declared_code(declared: str | None) -> str | None:
    """ISO 639-1 of a declared language, None for what is no language."""
    name = re.split(r"[-_;, ]", (declared or "").strip().lower())[0]
    if re.fullmatch("[a-z]{2}", name):
        return None if name in ("xx", "un", "zz") else name
    return _NAMES.get(name)


def _sample(text: str) -> str:
    """The beginning of a text without what is quoted, which may be in any language."""
    bare = _QUOTED.sub(" ", text[:_MOST])[:_SAMPLE]
    words = _WORD.findall(bare.lower())
    is_enough = len(words) >= _FEW or any(_stop_words().get(word) == ("en",) for word in words)
    return bare if is_enough else text[:_SAMPLE]


def _counts(words: Iterable[str]) -> Counter[str]:
    """Language → how many of the words are its stop words."""
    found: Counter[str] = Counter()
    for word in words:
        found.update(_stop_words().get(word, ()))
    return found


def _without_names(sample: str) -> Counter[str]:
    """`_counts` without the small words inside names: "Senado de la República", "Der Spiegel"."""
    words = _WORD.findall(_OWNER.sub(" ", sample))
    kept, at = [], 0
    while at < len(words):
        end = at
        while end < len(words) and words[end].lower() in _small():
            end += 1
        if (
            end > at
            and end < len(words)
            and words[end][0].isupper()
            and (words[at][0].isupper() or (at and words[at - 1][0].isupper()))
        ):
            at = end
            continue
        kept.append(words[at].lower())
        at += 1
    return _counts(kept)


@cache
def _small() -> frozenset[str]:
    rows = table("readers/byline.tsv", ["kind", "entry"])
    return frozenset(row["entry"] for row in rows if row["kind"] == "small") | {"las", "los", "les"}


def _bears(said: str, english: int, counts: Counter[str], words: int) -> bool:
    """Whether the text may be in the language that is declared."""
    if said == "en":
        most = max(counts.values(), default=0)
        return most < _STRONG or most <= 2 * english
    if said not in _listed():
        return english < _STRONG or english < words / 6
    rivals = max((n for code, n in {**counts, "en": english}.items() if code != said), default=0)
    return rivals < _STRONG or rivals <= 2 * counts[said]


def _classified(sample: str) -> str | None:
    language = _identifier().classify(sample)[0]
    return _two(str(language)) if language else None


def _two(code: str) -> str | None:
    return code if len(code) == 2 else None
