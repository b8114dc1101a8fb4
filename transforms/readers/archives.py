"""gzip, zstd, zip, tar and WARC: files in files, within limits of size, depth and path."""

from __future__ import annotations

import io
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from transforms.readers.base import Item, Limits, ReadError, Undecodable

_BLOCK = 1 << 20
_FREE = 16 * 2**20  # below this, no ratio is a bomb


class Bomb(ValueError):
    """Unpacking gives more than the limits allow."""


def inflate(source: io.BufferedIOBase, packed: int, limits: Limits) -> bytes:
    """All bytes of an unpacking stream. Raises Bomb beyond the limits."""
    parts, size = [], 0
    while block := source.read(_BLOCK):
        size += len(block)
        if size > limits.max_unpacked_bytes or (
            size > _FREE and size > limits.max_ratio * max(packed, 1)
        ):
            raise Bomb(f"unpacks to more than {size >> 20} MiB from {packed >> 10} KiB")
        parts.append(block)
    return b"".join(parts)


def read_gzip(data: bytes, name: str, limits: Limits, mapping: Mapping[str, str]) -> Iterator[Item]:
    """What is in a `.gz`."""
    import gzip

    try:
        inner = inflate(gzip.GzipFile(fileobj=io.BytesIO(data)), len(data), limits)
    except Bomb as error:
        yield ReadError("archive-bomb", str(error))
        return
    except (OSError, EOFError, zlib.error) as error:
        yield ReadError("bad-archive", f"no gzip: {error}")
        return
    yield from _inside(inner, name.removesuffix(".gz"), limits, mapping, None)


def read_zstd(data: bytes, name: str, limits: Limits, mapping: Mapping[str, str]) -> Iterator[Item]:
    """What is in a `.zst`."""
    import zstandard

    try:
        with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data)) as stream:
            inner = inflate(stream, len(data), limits)  # type: ignore[arg-type]
    except Bomb as error:
        yield ReadError("archive-bomb", str(error))
        return
    except zstandard.ZstdError as error:
        yield ReadError("bad-archive", f"no zstd: {error}")
        return
    yield from _inside(inner, name.removesuffix(".zst"), limits, mapping, None)


def _escapes(member: str) -> bool:
    path = PurePosixPath(member.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in path.parts[0]


def read_zip(data: bytes, name: str, limits: Limits, mapping: Mapping[str, str]) -> Iterator[Item]:
    """Every member of a zip."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile as error:
        yield ReadError("bad-archive", f"no zip: {error}")
        return
    total = 0
    for number, info in enumerate(sorted(archive.infolist(), key=lambda i: i.filename)):
        if info.is_dir():
            continue
        if number >= limits.max_records:
            yield ReadError("too-many-records", f"more than {limits.max_records:,} members")
            return
        if _escapes(info.filename):
            yield ReadError("path-escape", "a member's path leaves the archive", info.filename)
            continue
        try:
            with archive.open(info) as stream:
                inner = inflate(stream, info.compress_size, limits)  # type: ignore[arg-type]
        except Bomb as error:
            yield ReadError("archive-bomb", str(error), info.filename)
            continue
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error) as error:
            yield ReadError("bad-archive", f"member cannot be unpacked: {error}", info.filename)
            continue
        total += len(inner)
        if total > limits.max_unpacked_bytes:
            yield ReadError("archive-bomb", "unpacks to more than is allowed")
            return
        yield from _inside(inner, info.filename, limits, mapping, info.filename)


def read_tar(data: bytes, name: str, limits: Limits, mapping: Mapping[str, str]) -> Iterator[Item]:
    """Every regular file of a tar; links and devices are refused."""
    total = 0
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            for number, member in enumerate(archive):
                if number >= limits.max_records:
                    yield ReadError("too-many-records", f"more than {limits.max_records:,} members")
                    return
                if member.isdir():
                    continue
                if not member.isfile() or _escapes(member.name):
                    yield ReadError(
                        "path-escape", "a link, a device or a path that leaves the archive",
                        member.name,
                    )  # fmt: skip
                    continue
                total += member.size
                if total > limits.max_unpacked_bytes:
                    yield ReadError("archive-bomb", "unpacks to more than is allowed")
                    return
                stream = archive.extractfile(member)
                inner = stream.read() if stream else b""
                yield from _inside(inner, member.name, limits, mapping, member.name)
    except tarfile.TarError as error:
        yield ReadError("bad-archive", f"no tar: {error}")


def read_warc(data: bytes, name: str, limits: Limits, mapping: Mapping[str, str]) -> Iterator[Item]:
    """Each HTML response of a WARC, plain or gzipped by record."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    from transforms.readers.page import decoded, page

    number = 0
    try:
        for record in ArchiveIterator(io.BytesIO(data)):
            if record.rec_type != "response":
                continue
            number += 1
            if number > limits.max_records:
                yield ReadError("too-many-records", f"more than {limits.max_records:,} records")
                return
            kind = record.http_headers.get_header("Content-Type", "") if record.http_headers else ""
            if "html" not in kind:
                continue
            try:
                body = inflate(record.content_stream(), len(data), limits)
            except Bomb as error:
                yield ReadError("archive-bomb", str(error), str(number))
                continue
            url = record.rec_headers.get_header("WARC-Target-URI")
            said = re.search(r"charset=[\"']?([\w-]+)", kind)
            try:
                text = decoded(body, said.group(1) if said else None)
            except Undecodable as error:
                yield ReadError("encoding", str(error), str(number))
                continue
            yield page(text, url=url, record=str(number))
    except (ArchiveLoadFailed, OSError, EOFError, zlib.error) as error:
        yield ReadError("bad-archive", f"no WARC: {error}")


def _inside(
    data: bytes, name: str, limits: Limits, mapping: Mapping[str, str], member: str | None
) -> Iterator[Item]:
    from dataclasses import replace

    from transforms.readers import read

    if limits.max_depth <= 0:
        yield ReadError("archive-depth", "archives nested too deep", member)
        return
    deeper = replace(limits, max_depth=limits.max_depth - 1)
    for item in read(data, name, limits=deeper, mapping=mapping):
        if member is None:
            yield item
            continue
        where = member if item.record is None else f"{member}#{item.record}"
        if isinstance(item, ReadError):
            yield ReadError(item.rule, item.reason, where)
        else:
            item.record = where
            yield item
