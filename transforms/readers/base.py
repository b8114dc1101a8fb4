"""What every reader gives and gets: raw articles, errors, limits, and decoding of bytes."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from warehouse.wording import counted


@dataclass(slots=True)
class RawArticle:
    """One article as its file gives it; nothing is cleaned or believed yet."""

    text: str | None = None
    title: str | None = None
    authors: list[str] = field(default_factory=list)
    source: str | None = None
    url: str | None = None
    published: str | None = None
    published_method: str = "field"
    modified: str | None = None
    language: str | None = None
    declared_id: str | None = None
    part: str | None = None  # which part of the page at `url`, of a page of several articles
    retracted: bool = False
    record: str | None = None  # which part of the file: "3", "a/b.html", "a/b.jsonl#3"


@dataclass(frozen=True, slots=True)
class ReadError:
    """Something that cannot be read. `record` says which part of the file, None for all of it.

    `whole`: what was read of the file before is refused with it.
    """

    rule: str
    reason: str
    record: str | None = None
    whole: bool = False


class OverBudget(BaseException):
    """A file took more than it may; all of it is refused by `rule`.

    No Exception, so that no library that survives its own errors survives this one.
    """

    def __init__(self, rule: str, reason: str) -> None:
        super().__init__(reason)
        self.rule, self.reason = rule, reason


# What ends a reader whatever it was about; all else costs a file or a record.
ENDING = (OverBudget, MemoryError, KeyboardInterrupt, SystemExit, GeneratorExit)


@dataclass(slots=True)
class Spent:
    """What one file has taken so far, over all files in it."""

    bytes: int = 0
    records: int = 0
    members: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """What a reader may be made to do by one file, with all that is packed into it.

    Sizes in bytes. `spent` counts over all levels and is new for each file.
    """

    max_file_bytes: int = 512 * 2**20
    max_line_chars: int = 10 * 2**20
    max_records: int = 1_000_000
    max_members: int = 100_000  # files in archives
    max_unpacked_bytes: int = 512 * 2**20
    max_ratio: int = 200  # of unpacked to packed size, beyond the first 16 MiB
    max_depth: int = 3  # archives in archives
    size: int = 0  # of the file itself
    spent: Spent = field(default_factory=Spent, compare=False)

    def unpack(self, count: int) -> None:
        """Count unpacked bytes. Raises OverBudget."""
        self.spent.bytes += count
        total = self.spent.bytes
        if total > self.max_unpacked_bytes or (
            total > FREE and total > self.max_ratio * max(self.size, 1)
        ):
            reason = f"unpacks to more than {total >> 20} MiB from {self.size >> 10} KiB"
            raise OverBudget("archive-bomb", reason)

    def member(self) -> None:
        """Count a file in an archive. Raises OverBudget."""
        self.spent.members += 1
        if self.spent.members > self.max_members:
            raise OverBudget(
                "too-many-records", f"more than {counted(self.max_members, 'file')} in it"
            )

    def record(self) -> None:
        """Count an article or an error. Raises OverBudget."""
        self.spent.records += 1
        if self.spent.records > self.max_records:
            raise OverBudget("too-many-records", f"more than {counted(self.max_records, 'record')}")


FREE = 16 * 2**20  # unpacked bytes below which no ratio is a bomb


def fault(error: BaseException) -> str:
    """An error in one line: its class and what it says."""
    return f"{type(error).__name__}: {error}".replace("\n", " ")[:300]


def plain_name(name: str) -> str:
    """A name out of an archive as text: bytes that are no UTF-8 as `\\xe9`."""
    try:
        return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:  # other halves of pairs
        return name.encode("utf-8", "backslashreplace").decode()


Item = RawArticle | ReadError
Reader = Callable[[bytes, str, Limits, Mapping[str, str]], Iterator[Item]]


def guarded(items: Iterator[Item], record: str | None) -> Iterator[Item]:
    """The items of one part of a file; a fault in reading it costs the other parts nothing."""
    try:
        yield from items
    except ENDING:
        raise
    except BaseException as error:
        yield ReadError("reader-error", fault(error), record)


_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = frozenset(range(32)) - {9, 10, 12, 13, 27}
_SAMPLE = 65536
_JUNK_SHARE = 0.02
_ACCENTS = 0.15  # share of bytes beyond ASCII; other scripts have three times as many
_HIGH = bytes(range(0x80, 0x100))
_ODD = re.compile("[\udc80-\udcff]")  # bytes that are no UTF-8
_WESTERN = frozenset(
    "".join(map(chr, range(0xC0, 0x100))).replace("×", "").replace("÷", "")
    + "ŠšŽžŒœŸ‘’“”‚„…–—•·€£¥§°«»©®™¼½¾¿¡\xa0"
)


class Undecodable(ValueError):
    """The bytes are no text in any encoding we can tell."""


def is_binary(data: bytes) -> bool:
    """Whether the bytes hold control characters no text has (UTF-16 and -32 need a BOM)."""
    if any(data.startswith(bom) for bom, _ in _BOMS):
        return False
    sample = data[:_SAMPLE]
    bad = sum(sample.count(bytes([code])) for code in _CONTROLS)
    return bad > _JUNK_SHARE * len(sample) or b"\x00\x00" in sample


def decode(data: bytes) -> str:
    """Text of the bytes: by BOM, as UTF-8, as Windows-1252, else by charset-normalizer's guess.

    Raises Undecodable for binary data and where no guess reads like text.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            try:
                return data.decode(name)
            except UnicodeDecodeError:
                raise Undecodable(f"starts like {name} but is not") from None
    if is_binary(data):
        raise Undecodable("binary data, no text")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if (western := _western(data)) is not None:
        return western
    if (mixed := _mixed(data)) is not None:
        return mixed
    from charset_normalizer import from_bytes

    best = from_bytes(data[: 4 * _SAMPLE]).best()
    if best is None or best.chaos > 0.15:
        raise Undecodable("not UTF-8, and no other encoding reads like text")
    try:
        return data.decode(best.encoding)
    except UnicodeDecodeError:
        raise Undecodable(f"looks like {best.encoding} but is not throughout") from None


def _western(data: bytes) -> str | None:
    """The bytes as Windows-1252 where every sign beyond ASCII is one that Western text has.

    A few accented names give a detector too little: it takes `Lefèvre` for Czech. Czech and Polish
    have letters that are no letters here, so they are still told by the detector.
    """
    high = len(data) - len(data.translate(None, _HIGH))
    if high > _ACCENTS * len(data):
        return None
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    return text if {char for char in set(text) if char > "\x7f"} <= _WESTERN else None


def _mixed(data: bytes) -> str | None:
    """UTF-8 with a few bytes of Windows-1252 in it, as where two files were joined."""
    text = data.decode("utf-8", "surrogateescape")
    odd = _ODD.findall(text)
    signs = sum(char > "\x7f" for char in text) - len(odd)
    if 2 * len(odd) > signs:  # by chance other encodings hold some UTF-8
        return None
    try:
        return _ODD.sub(lambda one: bytes([ord(one[0]) - 0xDC00]).decode("cp1252"), text)
    except UnicodeDecodeError:
        return None


def long_line(text: str, limits: Limits) -> ReadError | None:
    """An error when a line is longer than any article has."""
    if len(text) <= limits.max_line_chars:
        return None
    longest = max(map(len, text.split("\n")))
    if longest <= limits.max_line_chars:
        return None
    return ReadError("line-too-long", f"a line of {longest:,} characters, no article has that")
