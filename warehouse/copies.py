"""Bringing a copy of a DuckDB file to the state of the file, at the cost of what differs.

Where the file system can share blocks (btrfs, XFS) a copy costs nothing. Elsewhere an old copy that
nobody has open is brought up to date: a DuckDB file is a row of blocks of one size, each of which
begins with a checksum of its content, so two files differ where their checksums do. Of a file of
10 GB 300 kB are compared, and the blocks that a batch wrote are copied. A first copy, one of a file
of another kind, or where somebody still reads the old one, takes all bytes.
"""

from __future__ import annotations

import fcntl
import os
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

_CHUNK = 4 * 2**20
_FICLONE = 0x40049409  # Linux's; others say that they do not know it
# A file of DuckDB: three headers of 4096 bytes, then blocks. The first header has the magic bytes
# and the version of the storage, the others the size of a block.
_HEADERS = 3 * 4096
_MAGIC = struct.Struct("<8x4sQ")
_SIZE_AT, _SIZE = 4096 + 40, struct.Struct("<Q")
_VERSIONS = range(64, 70)  # of the storage, in which a block begins with its checksum
# Where the system knows of everybody who has a file open: those of one machine.
LOCAL = {"ext2", "ext3", "ext4", "xfs", "f2fs", "tmpfs", "overlay"}
_HELD: dict[tuple[int, int], int] = {}  # (device, inode) → descriptor; see `_held`


def copy(source: Path, target: Path, spare: Path | None = None) -> int:
    """Make `target` a copy of the DuckDB file. It comes to the disk under another name first.

    `spare` is an earlier copy that is no longer wanted: it becomes the new one, if nobody has it
    open, and is gone in any case. Nobody may write to `source` meanwhile. Returns how many bytes
    were written.
    """
    part = target.with_name(f"{target.name}.part")
    part.touch()
    if spare is not None:
        mode = part.stat().st_mode
        spare.replace(part)  # from now on nobody new comes to it
        if is_free(part):
            part.chmod(mode)  # of a file that is made now, not of one of before
        else:
            part.unlink()  # who reads it keeps it
            part.touch()
    with open(_held(source), "rb", closefd=False) as reading, part.open("r+b") as writing:
        written = _fill(reading, writing)
        writing.flush()
        os.fsync(writing.fileno())
    part.replace(target)
    sync(target.parent)
    return written


def sync(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    with suppress(OSError):  # not every system lets a folder be synced
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def is_free(path: Path) -> bool:
    """Whether surely no process has this file open: a lease to write is given for no other."""
    if not hasattr(fcntl, "F_SETLEASE") or file_system(path) not in LOCAL:
        return False
    descriptor = os.open(path, os.O_RDWR)
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return path.stat().st_nlink == 1


def file_system(path: Path) -> str | None:
    """Which kind of file system the file lies in, None where that cannot be told."""
    device = path.stat().st_dev
    try:
        mounts = Path("/proc/self/mountinfo").read_text("utf-8", "replace")
    except OSError:
        return None
    for line in mounts.splitlines():
        fields, _, rest = line.partition(" - ")
        if fields.split()[2] == f"{os.major(device)}:{os.minor(device)}":
            return rest.split()[0]
    return None


def _fill(reading: IO[bytes], writing: IO[bytes]) -> int:
    source, target = reading.fileno(), writing.fileno()
    size, written = os.fstat(source).st_size, 0
    stale = [] if _clone(reading, writing) else _stale(source, target) or [(0, size)]
    os.ftruncate(target, size)
    for first, last in stale:
        while first < last:
            part = os.pread(source, min(_CHUNK, last - first), first)
            os.pwrite(target, part, first)
            first += len(part)
            written += len(part)
    return written


def _clone(reading: IO[bytes], writing: IO[bytes]) -> bool:
    """Share the blocks of the file. Returns whether the file system could."""
    try:
        fcntl.ioctl(writing.fileno(), _FICLONE, reading.fileno())
    except OSError:
        return False
    return True


def _stale(source: int, target: int) -> list[tuple[int, int]] | None:
    """Stretches of bytes in which the target must become as the source; None for everywhere."""
    size = _block_size(source)
    if size is None or size != _block_size(target):
        return None
    new, old = _checksums(source, size), _checksums(target, size)
    if new is None or old is None:
        return None
    differs = np.ones(len(new), bool)
    both = min(len(new), len(old))
    differs[:both] = new[:both] != old[:both]
    return [(0, _HEADERS), *_stretches(np.flatnonzero(differs), size)]


def _stretches(blocks: npt.NDArray[np.int64], size: int) -> Iterator[tuple[int, int]]:
    for run in np.split(blocks, np.flatnonzero(np.diff(blocks) > 1) + 1):
        if len(run):
            yield _HEADERS + int(run[0]) * size, _HEADERS + (int(run[-1]) + 1) * size


def _block_size(file: int) -> int | None:
    head = os.pread(file, _HEADERS, 0)
    if len(head) < _HEADERS:
        return None
    magic, version = _MAGIC.unpack_from(head)
    if magic != b"DUCK" or version not in _VERSIONS:
        return None
    size = int(_SIZE.unpack_from(head, _SIZE_AT)[0])
    return size if size >= 4096 and size & (size - 1) == 0 else None


def _checksums(file: int, size: int) -> npt.NDArray[np.uint64] | None:
    count, rest = divmod(os.fstat(file).st_size - _HEADERS, size)
    if rest:
        return None
    places = range(_HEADERS, _HEADERS + count * size, size)
    with suppress(AttributeError, OSError):  # let the disk see all that is asked for at once
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_RANDOM)
        for place in places:
            os.posix_fadvise(file, place, 8, os.POSIX_FADV_WILLNEED)
    return np.frombuffer(b"".join(os.pread(file, 8, place) for place in places), "<u8")


def _held(path: Path) -> int:
    """A descriptor of the file that stays open as long as the file exists.

    POSIX drops every lock a process has on a file when the process closes any descriptor of it.
    To open, copy and close the warehouse would let the next process write to it beside us.
    """
    for key, descriptor in list(_HELD.items()):
        if os.fstat(descriptor).st_nlink == 0:  # deleted, or replaced by its compacted self
            os.close(_HELD.pop(key))
    status = path.stat()
    key = (status.st_dev, status.st_ino)
    if key not in _HELD:
        _HELD[key] = os.open(path, os.O_RDONLY)
    return _HELD[key]
