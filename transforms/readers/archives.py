"""gzip, zstd, zip and tar: files in files, within limits of size, depth and path.

All levels of one file share its limits; what passes them raises OverBudget, which refuses the
file. A damaged, doubtful or locked member costs only itself.
"""

from __future__ import annotations

import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from transforms.readers.base import ENDING, FREE, Item, Limits, ReadError, fault, plain_name

_BLOCK = 1 << 20


class Bomb(ValueError):
    """Unpacking a member gives far more than its size."""


def inflate(source: io.BufferedIOBase, packed: int, limits: Limits) -> bytes:
    """All bytes of an unpacking stream. Raises Bomb for one of a ratio beyond the limit, and
    OverBudget when the file unpacks to more than it may."""
    parts, size = [], 0
    while block := source.read(_BLOCK):
        size += len(block)
        if size > FREE and size > limits.max_ratio * max(packed, 1):
            raise Bomb(f"unpacks to more than {size >> 20} MiB from {packed >> 10} KiB")
        limits.unpack(len(block))
        parts.append(block)
    return b"".join(parts)


def read_gzip(data: bytes, name: str, limits: Limits, mapping: Mapping[str, str]) -> Iterator[Item]:
    """What is in a `.gz`."""
    import gzip

    limits.member()
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

    limits.member()
    try:
        with zstandard.ZstdDecompressor().stream_reader(
            io.BytesIO(data), read_across_frames=True
        ) as stream:
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
    return path.is_absolute() or ".." in path.parts or ":" in (path.parts or ("",))[0]


def read_zip(data: bytes, name: str, limits: Limits, mapping: Mapping[str, str]) -> Iterator[Item]:
    """Every member of a zip."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except ENDING:
        raise
    except Exception as error:  # struct.error, OverflowError, UnicodeDecodeError among them
        yield ReadError("bad-archive", f"no zip: {fault(error)}")
        return
    for info in sorted(archive.infolist(), key=lambda i: i.filename):
        if info.is_dir():
            continue
        limits.member()
        member = plain_name(info.filename)
        if _escapes(member):
            yield ReadError("path-escape", "a member's path leaves the archive", member)
            continue
        try:
            with archive.open(info) as stream:
                inner = inflate(stream, info.compress_size, limits)  # type: ignore[arg-type]
        except Bomb as error:
            yield ReadError("archive-bomb", str(error), member)
            continue
        except ENDING:
            raise
        except Exception as error:  # every damage has an error of its own here
            yield ReadError("bad-archive", f"member cannot be unpacked: {fault(error)}", member)
            continue
        yield from _inside(inner, member, limits, mapping, member)


def read_tar(data: bytes, name: str, limits: Limits, mapping: Mapping[str, str]) -> Iterator[Item]:
    """Every regular file of a tar; links and devices are refused."""
    try:
        archive = tarfile.TarFile(fileobj=io.BytesIO(data))
    except ENDING:
        raise
    except Exception as error:
        yield ReadError("bad-archive", f"no tar: {fault(error)}")
        return
    members = iter(archive)
    while True:
        try:
            info = next(members, None)
        except ENDING:
            raise
        except Exception as error:
            yield ReadError("bad-archive", f"the rest of the tar cannot be read: {fault(error)}")
            return
        if info is None:
            return
        if info.isdir():
            continue
        limits.member()
        member = plain_name(info.name)
        if not info.isfile() or _escapes(member):
            reason = "a link, a device or a path that leaves the archive"
            yield ReadError("path-escape", reason, member)
            continue
        try:
            stream = archive.extractfile(info)
            # a sparse member is of any size in a few bytes
            inner = inflate(stream, min(info.size, len(data)), limits) if stream else b""  # type: ignore[arg-type]
        except Bomb as error:
            yield ReadError("archive-bomb", str(error), member)
            continue
        except ENDING:
            raise
        except Exception as error:
            yield ReadError("bad-archive", f"member cannot be unpacked: {fault(error)}", member)
            continue
        yield from _inside(inner, member, limits, mapping, member)


def _inside(
    data: bytes, name: str, limits: Limits, mapping: Mapping[str, str], member: str | None
) -> Iterator[Item]:
    from transforms.readers import read_part

    if limits.max_depth <= 0:
        yield ReadError("archive-depth", "archives nested too deep", member)
        return
    deeper = replace(limits, max_depth=limits.max_depth - 1)
    for item in read_part(data, name, deeper, mapping):
        if member is None:
            yield item
            continue
        where = member if item.record is None else f"{member}#{item.record}"
        if isinstance(item, ReadError):
            yield ReadError(item.rule, item.reason, where)
        else:
            item.record = where
            yield item
