"""The gazetteer: names of places in, rows of places out, from one flat block of bytes.

No I/O here: `Gazetteer` reads any buffer (bytes, a memory map) that `encode` made. Opening it
costs a few casts, so every worker process opens the same mapped file (`flows.resources.gazetteer`).

Layout, little-endian: the magic, a 4-byte length, a JSON header {section: [offset, bytes, type]},
then the sections, each aligned to 8 bytes. Names are kept as sorted 64-bit digests of their
folded form; with some 10^6 of them a false hit has a chance of about 10^-13 a look-up.
"""

from __future__ import annotations

import hashlib
import json
import struct
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MAGIC = b"DLGAZ002"
TYPES = ("country", "admin1", "city", "region", "site")
NONE = 0xFFFFFFFF
MEMO_LIMIT = 200_000

# How a name belongs to a place, the best first; two bits of a posting.
PRIMARY, ALIAS, FOREIGN, ADJECTIVE = 0, 1, 2, 3

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th",
     "ə": "e", "ħ": "h"}
)  # fmt: skip
_DROPPED = str.maketrans("-–‐/", "    ", ".'’‘ʻʼ`´ʿʾ\"“”,()")
_WORDS = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort", "&": "and"}


class GazetteerError(ValueError):
    """The bytes are no gazetteer of this format."""


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One row of the contract's `places`: coordinates in degrees, population in persons."""

    place_id: str
    name: str
    place_type: str
    country_code: str | None
    admin1: str | None
    latitude: float | None
    longitude: float | None
    population: int | None


@dataclass(slots=True)
class SourcePlace:
    """One place on its way into the gazetteer. `parent` and `admin1` are other places' ids.

    `weight` stands for how well known a place is, on the scale of a population.
    """

    place_id: str
    name: str
    place_type: str
    country_code: str
    latitude: float | None
    longitude: float | None
    population: int
    weight: int
    admin1: str = ""
    parent: str = ""
    names: dict[str, int] = field(default_factory=dict)  # name → PRIMARY, ALIAS, …


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place that a name may stand for; `index` is its number in the gazetteer."""

    index: int
    kind: int  # PRIMARY, ALIAS, FOREIGN, ADJECTIVE
    place_type: str
    country_code: str
    admin1: int  # index of the admin-1, NONE for none
    parent: int
    latitude: float
    longitude: float
    weight: int


def fold(name: str) -> str:
    """`name` lower-cased without accents, points and hyphens: "St.-Étienne" → "saint etienne"."""
    text = name.lower()
    if not text.isascii():
        text = text.translate(_LETTERS)
        text = "".join(
            c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)
        )
    words = text.translate(_DROPPED).split()
    return " ".join([_WORDS.get(word, word) for word in words])


def digest(folded: str) -> int:
    """The 64-bit digest under which a folded name is kept."""
    return int.from_bytes(hashlib.blake2b(folded.encode(), digest_size=8).digest(), "little")


def encode(places: Sequence[SourcePlace]) -> bytes:
    """The gazetteer of `places` as bytes. Equal input gives equal bytes.

    Raises GazetteerError when two places share an id or a type is unknown.
    """
    places = sorted(places, key=lambda place: id_key(place.place_id))
    index = {place.place_id: number for number, place in enumerate(places)}
    if len(index) != len(places):
        raise GazetteerError("two places share one id")
    countries = sorted({place.country_code for place in places})
    country_number = {code: number for number, code in enumerate(countries)}
    columns: dict[str, tuple[str, list[Any]]] = {
        "country": ("H", []), "type": ("B", []), "admin1": ("I", []), "parent": ("I", []),
        "lat": ("f", []), "lon": ("f", []), "population": ("I", []), "weight": ("I", []),
        "text_offset": ("I", [0]),
    }  # fmt: skip
    text = bytearray()
    postings: dict[int, dict[int, int]] = {}
    firsts: dict[int, int] = {}
    nothing = float("nan")
    for number, place in enumerate(places):
        if place.place_type not in TYPES:
            raise GazetteerError(f"{place.place_id}: unknown type {place.place_type!r}")
        located = place.latitude is not None and place.longitude is not None
        row = {
            "country": country_number[place.country_code], "type": TYPES.index(place.place_type),
            "admin1": index.get(place.admin1, NONE), "parent": index.get(place.parent, NONE),
            "lat": place.latitude if located else nothing,
            "lon": place.longitude if located else nothing,
            "population": min(place.population, NONE - 1), "weight": min(place.weight, NONE - 1),
        }  # fmt: skip
        for column, value in row.items():
            columns[column][1].append(value)
        text += f"{place.place_id}\t{place.name}".encode()
        columns["text_offset"][1].append(len(text))
        for name, kind in place.names.items():
            folded = fold(name)
            if not folded:
                continue
            held = postings.setdefault(digest(folded), {})
            held[number] = min(held.get(number, 3), kind)
            words = folded.split(" ")
            first = digest(words[0])
            firsts[first] = max(firsts.get(first, 0), min(len(words), 255))
    hashes = sorted(postings)
    starts: list[int] = [0]
    entries: list[int] = []
    for key in hashes:
        entries.extend(number << 2 | kind for number, kind in sorted(postings[key].items()))
        starts.append(len(entries))
    first_keys = sorted(firsts)
    columns |= {
        "hash": ("Q", hashes), "posting_offset": ("I", starts), "posting": ("I", entries),
        "first": ("Q", first_keys), "first_words": ("B", [firsts[key] for key in first_keys]),
    }  # fmt: skip
    sections = {
        name: (code, struct.pack(f"<{len(values)}{code}", *values))
        for name, (code, values) in columns.items()
    }
    sections["text"] = ("B", bytes(text))
    sections["countries"] = ("B", "\t".join(countries).encode())
    return _assemble(sections)


def _assemble(sections: Mapping[str, tuple[str, bytes]]) -> bytes:
    def header(base: int) -> bytes:
        offsets, position = {}, base
        for name, (code, data) in sections.items():
            offsets[name] = [position, len(data), code]
            position += -(-len(data) // 8) * 8
        return json.dumps(offsets).encode()

    base = 4096
    packed = header(base)
    if len(MAGIC) + 4 + len(packed) > base:
        raise GazetteerError("the header outgrew its page")
    blob = bytearray(MAGIC + struct.pack("<I", len(packed)) + packed).ljust(base, b"\0")
    for _, data in sections.values():
        blob += data
        blob += b"\0" * (-len(data) % 8)
    return bytes(blob)


class Gazetteer:
    """Places by name and by id, read from the bytes `encode` made.

    `buffer` must stay open as long as the gazetteer. Raises GazetteerError on other bytes.
    """

    def __init__(self, buffer: Any) -> None:
        view = memoryview(buffer)
        if bytes(view[: len(MAGIC)]) != MAGIC:
            raise GazetteerError("not a gazetteer of this version")
        size = struct.unpack_from("<I", view, len(MAGIC))[0]
        header = json.loads(bytes(view[len(MAGIC) + 4 : len(MAGIC) + 4 + size]))
        self._column: dict[str, memoryview] = {
            name: view[start : start + length].cast("B").cast(code)
            for name, (start, length, code) in header.items()
        }
        self._countries = bytes(self._column["countries"]).decode().split("\t")
        self._hash, self._first = self._column["hash"], self._column["first"]
        self._lookups: dict[str, tuple[Candidate, ...]] = {}
        self._longest: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._column["type"])

    def longest(self, first: str) -> int:
        """Words of the longest name whose first folded word is `first`; 0 when there is none."""
        found = self._longest.get(first)
        if found is None:
            if len(self._longest) >= MEMO_LIMIT:
                self._longest.clear()
            key = digest(first)
            position = bisect_left(self._first, key)
            hit = position < len(self._first) and self._first[position] == key
            found = self._longest[first] = self._column["first_words"][position] if hit else 0
        return found

    def lookup(self, name: str, *, folded: bool = False) -> tuple[Candidate, ...]:
        """Every place that bears `name`, in any spelling of `fold`; empty when unknown."""
        key = name if folded else fold(name)
        found = self._lookups.get(key)
        if found is None:
            if len(self._lookups) >= MEMO_LIMIT:
                self._lookups.clear()
            found = self._lookups[key] = tuple(self._read(key))
        return found

    def _read(self, folded: str) -> Iterable[Candidate]:
        key = digest(folded)
        position = bisect_left(self._hash, key)
        if position == len(self._hash) or self._hash[position] != key:
            return
        starts, entries = self._column["posting_offset"], self._column["posting"]
        for entry in entries[starts[position] : starts[position + 1]]:
            yield self.candidate(entry >> 2, entry & 3)

    def candidate(self, index: int, kind: int = PRIMARY) -> Candidate:
        """The place number `index` as a candidate for a name of `kind`."""
        column = self._column
        return Candidate(
            index,
            kind,
            TYPES[column["type"][index]],
            self._countries[column["country"][index]],
            column["admin1"][index],
            column["parent"][index],
            column["lat"][index],
            column["lon"][index],
            column["weight"][index],
        )

    def id_of(self, index: int) -> str:
        """The place id of place number `index`."""
        return self._text(index)[0]

    def place(self, place_id: str) -> PlaceRow:
        """The row of `places` for `place_id`. Raises KeyError when it is unknown."""
        index = self.index_of(place_id)
        column = self._column
        identifier, name = self._text(index)
        admin1, latitude = column["admin1"][index], column["lat"][index]
        located = latitude == latitude  # no NaN
        return PlaceRow(
            identifier,
            name,
            TYPES[column["type"][index]],
            self._countries[column["country"][index]] or None,
            self._text(admin1)[1] if admin1 != NONE else None,
            round(latitude, 5) if located else None,
            round(column["lon"][index], 5) if located else None,
            column["population"][index] or None,
        )

    def index_of(self, place_id: str) -> int:
        """The number of `place_id`, by bisection (rows stand in order of id). KeyError if none."""
        low, high = 0, len(self)
        wanted = id_key(place_id)
        while low < high:
            middle = (low + high) // 2
            if id_key(self.id_of(middle)) < wanted:
                low = middle + 1
            else:
                high = middle
        if low == len(self) or self.id_of(low) != place_id:
            raise KeyError(place_id)
        return low

    def _text(self, index: int) -> tuple[str, str]:
        offsets = self._column["text_offset"]
        raw = bytes(self._column["text"][offsets[index] : offsets[index + 1]]).decode()
        identifier, _, name = raw.partition("\t")
        return identifier, name


def id_key(place_id: str) -> tuple[str, int, str]:
    """Sorting key of place ids: the scheme, then the number, then the text."""
    scheme, _, rest = place_id.partition(":")
    return (scheme, int(rest) if rest.isdigit() else -1, rest)
