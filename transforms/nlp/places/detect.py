"""Which spans of an article are toponyms: the names layer and the gazetteer, each checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from transforms.gazetteer import ADJECTIVE, Candidate, Gazetteer, fold
from transforms.nlp.parse import Parse

_PLACE_LABELS = {"GPE", "LOC", "FAC"}
_JOINERS = {"-", "–", "'", "’"}
_INSIDE = {"of", "the", "and", "de", "la", "le", "al", "el", "du", "des", "di", "da", "do", "del",
           "upon", "on", "am", "an", "der", "sur", "en", "es"}  # fmt: skip
_EDGES = {"the", "a", "an", "'s", "’s", "'", "’", ",", ".", "(", ")", '"', "“", "”", "-", "–"}
_LOCATIVES = {"in", "near", "outside", "at", "from", "to", "across", "around", "into", "toward",
              "towards", "through", "throughout", "within", "inside", "of"}  # fmt: skip
_HEAVY = 50_000  # known well enough to be a toponym without the model's word for it
_ABBREVIATIONS = {
    "us",
    "uk",
    "dc",
    "bc",
    "la",
    "un",
    "eu",
    "nt",
    "act",
    "ga",
    "pa",
    "va",
    "wa",
    "ma",
    "al",
}
_MEMO: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Toponym:
    """One toponym: tokens [start, end), its folded form and the places it may stand for."""

    start: int
    end: int
    form: str
    candidates: tuple[Candidate, ...]
    adjective: bool

    @staticmethod
    def of(parse: Parse, gazetteer: Gazetteer, start: int, end: int) -> Toponym:
        """The toponym at tokens [start, end), edges like "the" and "'s" trimmed for look-up."""
        low, high = start, end
        while low < high - 1 and parse.lower[low] in _EDGES:
            low += 1
        while high > low + 1 and parse.lower[high - 1] in _EDGES:
            high -= 1
        form = _form(parse, low, high)
        candidates = gazetteer.lookup(form, folded=True)
        if not candidates and high == low + 1 and (first := _joined_to(parse.words[low])):
            held = gazetteer.lookup(_folded(first), folded=True)
            if held:
                form, candidates = _folded(first), held
        if not candidates:
            for generic in ("city of ", "town of ", "province of ", "state of ", "greater ",
                            "downtown ", "central ", "northern ", "southern ", "eastern ",
                            "western ", "north ", "south ", "east ", "west "):  # fmt: skip
                if form.startswith(generic):
                    candidates = gazetteer.lookup(form[len(generic) :], folded=True)
                    break
        if not candidates and " " in form:
            head, _, last = form.rpartition(" ")
            if last in _GENERICS:
                candidates = gazetteer.lookup(head, folded=True)
        return _toponym(parse, start, end, form, candidates)


_GENERICS = {"province", "region", "state", "district", "city", "county", "governorate", "oblast",
             "prefecture", "territory", "island", "islands", "peninsula", "republic", "town",
             "co"}  # fmt: skip


def _toponym(
    parse: Parse, start: int, end: int, form: str, candidates: tuple[Candidate, ...]
) -> Toponym:
    adjectives = tuple(c for c in candidates if c.kind == ADJECTIVE)
    nouns = tuple(c for c in candidates if c.kind != ADJECTIVE)
    if adjectives and (not nouns or max(c.weight for c in nouns) < _HEAVY):
        return Toponym(start, end, form, adjectives, True)
    return Toponym(start, end, form, nouns, False)


def _folded(word: str) -> str:
    found = _MEMO.get(word)
    if found is None:
        if len(_MEMO) > 200_000:
            _MEMO.clear()
        found = _MEMO[word] = fold(word)
    return found


def _joined_to(word: str) -> str:
    """What a dash joins to more in one token, "" where nothing: "U.S." of "U.S.-led".

    Only before a lower-case word or a double dash, so that "Bosnia-Herzegovina" stays whole.
    """
    first, dash, rest = word.partition("-")
    if not dash or len(first) < 2 or not first[0].isupper() or not rest:
        return ""  # "E-mail" and "T-shirt" join one letter
    return "" if rest[0].isupper() or rest[0].isdigit() else first


def _form(parse: Parse, start: int, end: int) -> str:
    return " ".join([piece for w in parse.words[start:end] if (piece := _folded(w))])


def detect(
    parse: Parse, gazetteer: Gazetteer, names: Sequence[tuple[int, int, str]]
) -> list[Toponym]:
    """Toponyms in text order, without overlaps.

    A name that was sure somewhere in the article ("in Innisfail") is one elsewhere too ("the
    Innisfail skater"), but never inside a person's name.
    """
    owner: dict[int, tuple[int, int, str]] = {}
    persons: set[str] = set()
    for span in names:
        for token in range(span[0], span[1]):
            owner[token] = span
        if span[2] == "PERSON" and span[1] - span[0] > 1:
            persons.update(parse.lower[span[0] : span[1]])
    found: list[Toponym] = []
    doubtful: list[Toponym] = []
    words, size = parse.words, len(parse)
    index = 0
    while index < size:
        if not words[index][0].isupper():
            index += 1
            continue
        name = owner.get(index)
        hit = _match(parse, gazetteer, index, name)
        if hit is not None:
            if _accept(parse, hit, name, owner, persons):
                found.append(hit)
                index = hit.end
                continue
            if not hit.adjective and (name is None or name[2] != "PERSON"):
                doubtful.append(hit)
        elif name is not None and name[2] in _PLACE_LABELS:
            unknown = _named(parse, gazetteer, name, index)
            if unknown is not None and _plausible(parse, unknown):
                found.append(unknown)
                index = unknown.end
                continue
        index += 1
    sure = {toponym.form for toponym in found if not toponym.adjective}
    taken = {token for toponym in found for token in range(toponym.start, toponym.end)}
    for toponym in doubtful:
        tokens = range(toponym.start, toponym.end)
        if toponym.form in sure and taken.isdisjoint(tokens):
            found.append(toponym)
            taken.update(tokens)
    found.sort(key=lambda toponym: toponym.start)
    return found


_SITES = {"road", "street", "avenue", "highway", "airport", "hospital", "bridge", "boulevard",
          "lane", "drive", "square", "station", "river", "lake", "island", "islands", "mountain",
          "mountains", "valley", "park", "church", "cathedral", "university", "museum", "close",
          "crescent", "bay", "beach", "hill", "province", "district", "county", "region", "camp",
          "village", "port", "harbour", "harbor", "desert", "peninsula", "castle", "stadium",
          "theatre", "theater", "court", "prison", "jail"}  # fmt: skip


def _plausible(parse: Parse, toponym: Toponym) -> bool:
    """Whether a name that we do not know, but the model calls a place, may be kept as one."""
    return (
        bool(toponym.candidates)
        or parse.lower[toponym.end - 1] in _SITES
        or _locative(parse, toponym.start)
    )


def _named(
    parse: Parse, gazetteer: Gazetteer, span: tuple[int, int, str], index: int
) -> Toponym | None:
    """The rest of a place name of the model from `index` on, whether or not we know it."""
    start, end = index, span[1]
    while end > start and (parse.lower[end - 1] in _EDGES or parse.tags[end - 1] == "POS"):
        end -= 1
    if end <= start or not parse.words[start][0].isupper():
        return None
    return Toponym.of(parse, gazetteer, start, end)


def _match(
    parse: Parse, gazetteer: Gazetteer, start: int, span: tuple[int, int, str] | None
) -> Toponym | None:
    """The longest name of the gazetteer that begins at token `start`."""
    words = parse.words
    first = _folded(_joined_to(words[start]) or words[start])
    longest = gazetteer.longest(first)
    if first != _folded(words[start]) and not gazetteer.lookup(_folded(words[start]), folded=True):
        candidates = gazetteer.lookup(first, folded=True)
        return _toponym(parse, start, start + 1, first, candidates) if candidates else None
    if not longest:
        return None
    if longest == 1:
        candidates = gazetteer.lookup(first, folded=True)
        return _toponym(parse, start, start + 1, first, candidates) if candidates else None
    stop = parse.sents[parse.sent_of[start]].end
    best: Toponym | None = None
    pieces: list[str] = []
    for index in range(start, min(stop, start + 2 * longest)):
        word = words[index]
        piece = _folded(word)
        if not piece:
            if word in _JOINERS and parse.starts[index] == parse.ends[index - 1]:
                continue
            break
        if index > start and not (word[0].isupper() or word in _INSIDE):
            joined = words[index - 1] in _JOINERS and parse.starts[index] == parse.ends[index - 1]
            if not joined:
                break
        pieces.extend(piece.split(" "))
        if len(pieces) > longest:
            break
        if index > start and not word[0].isupper() and word in _INSIDE:
            continue
        form = " ".join(pieces)
        candidates = gazetteer.lookup(form, folded=True)
        if candidates:
            best = _toponym(parse, start, index + 1, form, candidates)
    return best


def _accept(
    parse: Parse,
    hit: Toponym,
    span: tuple[int, int, str] | None,
    owner: dict[int, tuple[int, int, str]],
    persons: set[str],
) -> bool:
    start, end = hit.start, hit.end
    word = _joined_to(parse.words[start]) or parse.words[start]
    if end - start == 1:
        if (
            len(word) < 4
            and not (word.isupper() or word.endswith("."))
            and hit.form in _ABBREVIATIONS
        ):
            return False
        if hit.form in _ABBREVIATIONS and not word.isupper() and not word.endswith("."):
            return False
    if hit.adjective:
        return _attributive(parse, hit, span)
    heaviest = max(c.weight for c in hit.candidates)
    if span is None:
        return _unnamed(parse, hit, heaviest, owner, persons)
    label, inner = span[2], span[0] < start or span[1] > end
    if inner:
        rest = [t for t in range(span[0], span[1]) if not start <= t < end]
        inner = any(parse.lower[t] not in _EDGES and parse.tags[t] != "POS" for t in rest)
    located = _locative(parse, start)
    if end - start == 1 and parse.lower[start] in persons and not located:
        return False
    if label in _PLACE_LABELS or label == "NORP":
        if inner and not _chain(parse, span, start, end):
            return label == "GPE" and heaviest >= _HEAVY
        return located or heaviest >= 1_000 or _beside_known(parse, start, end, owner)
    if label == "PERSON":
        moved = start > 0 and parse.lower[start - 1] in {"from", "to"} and heaviest >= _HEAVY
        return not inner and (heaviest >= 300_000 or located or moved)
    if label in {"DATE", "TIME", "CARDINAL", "ORDINAL", "MONEY", "PERCENT", "QUANTITY"}:
        return heaviest >= 300_000 and parse.pos[start] == "PROPN" and not _calendar(parse, start)
    if inner and (span[1] <= end or parse.lower[end] not in _PAPERS):
        return heaviest >= 300_000 and all(
            c.kind <= 1 for c in hit.candidates if c.weight == heaviest
        )
    return not inner and (heaviest >= _HEAVY or located)


_PAPERS = {"post", "times", "globe", "herald", "journal", "tribune", "gazette", "daily", "news",
           "review", "mirror", "telegraph", "chronicle", "star", "sun"}  # fmt: skip


def _attributive(parse: Parse, hit: Toponym, span: tuple[int, int, str] | None) -> bool:
    """Whether a demonym qualifies a noun: no people ("Turks"), language, nor part of a name."""
    token = hit.end - 1
    if span is not None and span[1] - span[0] > hit.end - hit.start:
        if span[2] in {"PERSON", "WORK_OF_ART"}:
            return False
        if span[2] in {"ORG", "FAC", "PRODUCT"} and span[0] <= hit.start:
            return False
    if parse.tags[token] in {"NNPS", "NNS"}:
        return False
    return parse.deps[token] in {"amod", "compound", "nmod", "conj", "attr", "acomp", "ROOT", "nn"}


_CALENDAR = {"january", "february", "march", "april", "may", "june", "july", "august", "september",
             "october", "november", "december", "monday", "tuesday", "wednesday", "thursday",
             "friday", "saturday", "sunday"}  # fmt: skip


def _calendar(parse: Parse, token: int) -> bool:
    return parse.lower[token].rstrip(".") in _CALENDAR


def _chain(parse: Parse, span: tuple[int, int, str], start: int, end: int) -> bool:
    """Whether the model ran two places together ("Paris, Texas"; "China-Japan")."""
    before = parse.lower[start - 1] if start > span[0] else ","
    after = parse.lower[end] if end < span[1] else ","
    return before in _EDGES and after in _EDGES


def _locative(parse: Parse, start: int) -> bool:
    before = start - 1
    while before >= 0 and parse.lower[before] in {"the", "downtown", "central", "nearby"}:
        before -= 1
    return before >= 0 and parse.lower[before] in _LOCATIVES - {"of", "to", "from", "at"}


def _unnamed(
    parse: Parse,
    hit: Toponym,
    heaviest: int,
    owner: dict[int, tuple[int, int, str]],
    persons: set[str],
) -> bool:
    """A name of the gazetteer that the model saw nothing in."""
    start, end = hit.start, hit.end
    if parse.pos[end - 1] != "PROPN" and not (
        hit.end - hit.start == 1 and parse.words[start].isupper()
    ):
        return False
    if _calendar(parse, start) or (end - start == 1 and parse.lower[start] in persons):
        return False
    neighbours = [t for t in (start - 1, end) if 0 <= t < len(parse)]
    for token in neighbours:
        if (
            parse.sent_of[token] == parse.sent_of[start]
            and parse.pos[token] == "PROPN"
            and parse.words[token][0].isupper()
            and parse.words[token].isupper() == parse.words[start].isupper()
            and (parse.heads[token] in range(start, end) or parse.heads[end - 1] == token)
        ):
            return False
    return (
        heaviest >= _HEAVY
        or _locative(parse, start)
        or _dateline(parse, start, end)
        or _beside_known(parse, start, end, owner)
    )


def _dateline(parse: Parse, start: int, end: int) -> bool:
    """Whether capitals open a paragraph before a dash, bracket or comma ("BANTAM — ")."""
    sentence = parse.sents[parse.sent_of[start]]
    opens = sentence.start == start and (
        sentence.ordinal == 0 or parse.sents[sentence.ordinal - 1].paragraph != sentence.paragraph
    )
    return (
        opens
        and parse.words[start].isupper()
        and (end == len(parse) or parse.words[end] in {"(", ",", "-", "--", "–", "—", ":", ";"})
    )


def _beside_known(
    parse: Parse, start: int, end: int, owner: dict[int, tuple[int, int, str]]
) -> bool:
    """Whether a comma joins it to a place name of the model ("Innisfail, Alberta")."""
    after = owner.get(end + 1)
    return (
        end + 1 < len(parse) and parse.words[end] == "," and after is not None and after[2] == "GPE"
    )
