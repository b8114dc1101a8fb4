"""Finding raw files and reading their bytes: local paths, folders, globs, fsspec addresses."""

from __future__ import annotations

import glob
import hashlib
import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from transforms.readers import Limits, ReadError
from warehouse.errors import DatelineError

_ATTEMPTS = 3
_PAUSE_SECONDS = 0.5
_LASTING = (FileNotFoundError, PermissionError, IsADirectoryError, NotImplementedError)
_GLOB = set("*?[")
_HIDDEN = (".", "_SUCCESS")


@dataclass(frozen=True, slots=True)
class Found:
    """One raw file. `source_uri` is its absolute path, or its address where it is remote.

    `touched` is when its inode last changed, in seconds since 1970, where that is known.
    """

    source_uri: str
    size: int | None
    remote: bool = False
    touched: float | None = None


class LandingError(DatelineError):
    """A file cannot be read."""


def find(paths: Sequence[str], *, warehouse: Path | None = None) -> Iterator[Found | ReadError]:
    """Every file below the given paths once, in order of address.

    Folders are walked; hidden files are passed over, and what Dateline itself keeps beside
    `warehouse`, unless it is named.
    """
    own = _own(warehouse) if warehouse else None
    seen: set[str] = set()
    for item in sorted((f for path in paths for f in _expand(path)), key=_address):
        address = _address(item)
        if own and own.fullmatch(address) and address not in map(os.path.abspath, paths):
            continue
        if address not in seen:
            seen.add(address)
            yield item


def _own(warehouse: Path) -> re.Pattern[str]:
    """Addresses of the warehouse, its snapshots, quality pages, log and passing files."""
    path = warehouse.absolute()
    name, stem = re.escape(path.name), re.escape(path.stem)
    kept = (
        rf"{name}(\..*)?", rf"{stem}\.(snapshots/.*|serve\.lock)", r"reextract-[^/]+/.*",
        r"prefect-server\.log", r"quality/\d{8}T\d{6}-[0-9a-f]{8}\.html",
    )  # fmt: skip
    return re.compile(f"{re.escape(path.parent.as_posix().rstrip('/'))}/({'|'.join(kept)})")


def _address(item: Found | ReadError) -> str:
    return item.source_uri if isinstance(item, Found) else item.record or ""


def check(paths: Sequence[str]) -> None:
    """Raises DatelineError for a local path that does not exist or a glob without a match.

    That is a mistake of the caller, not bad data. An empty path, of a variable that is not set,
    is one too: it would be the current folder.
    """
    for path in paths:
        if not path.strip():
            raise DatelineError("an empty path; write . for this folder", subject="PATHS")
        if "://" in path:
            continue
        if _GLOB & set(path) and not Path(path).exists():
            if not _matches(path):
                raise DatelineError("no file matches", subject=path)
        elif not Path(path).exists():
            raise DatelineError("no such file or folder", subject=path)


def _matches(pattern: str) -> list[Path]:
    found = glob.glob(pattern, recursive=True)  # noqa: PTH207  (Path.glob takes no absolute one)
    return [Path(match) for match in found]


def _expand(path: str) -> Iterator[Found | ReadError]:
    if "://" in path:
        yield from _remote(path)
        return
    if _GLOB & set(path) and not Path(path).exists():
        for match in _matches(path):
            yield from _local(match)
        return
    yield from _local(Path(path))


def _local(path: Path) -> Iterator[Found | ReadError]:
    path = path.absolute()
    if path.is_dir():
        yield from _below(path.as_posix())
    else:
        yield _file(path.as_posix(), path.stat)


def _below(folder: str) -> Iterator[Found | ReadError]:
    """Files of a folder and its folders; links to folders are not followed."""
    try:
        with os.scandir(folder) as entries:
            listed = [entry for entry in entries if not entry.name.startswith(_HIDDEN)]
    except OSError as error:
        yield ReadError("unreadable", f"cannot be listed: {error.strerror}", folder)
        return
    for entry in listed:
        if entry.is_dir(follow_symlinks=False):
            yield from _below(entry.path)
        elif not (entry.is_symlink() and entry.is_dir()):
            yield _file(entry.path, entry.stat)


def _file(path: str, stat: Callable[[], os.stat_result]) -> Found | ReadError:
    try:
        about = stat()
    except OSError as error:
        return ReadError("unreadable", f"cannot be read: {error.strerror}", path)
    return Found(path, about.st_size, touched=about.st_ctime)


def _remote(address: str) -> Iterator[Found | ReadError]:
    try:
        import fsspec

        files = fsspec.open_files(address, mode="rb")
    except ImportError as error:
        raise DatelineError(
            f"needs a driver: pip install 'dateline[cloud]' ({error})", subject=address
        ) from None
    except (OSError, ValueError) as error:
        yield ReadError("unreadable", f"cannot be listed: {error}", address)
        return
    for file in files:
        yield Found(file.full_name if "://" in file.full_name else address, None, True)


def read_bytes(found: Found, limits: Limits) -> bytes:
    """The file's bytes; remote reads that fail for now are tried again. Raises LandingError."""
    if found.size is not None and found.size > limits.max_file_bytes:
        raise LandingError(
            f"{found.size >> 20} MiB, more than the {limits.max_file_bytes >> 20} MiB allowed",
            subject=found.source_uri,
        )
    for attempt in range(_ATTEMPTS):
        try:
            if not found.remote:
                return Path(found.source_uri).read_bytes()
            import fsspec

            with fsspec.open(found.source_uri, "rb") as stream:
                return bytes(stream.read(limits.max_file_bytes + 1))
        except Exception as error:  # drivers raise what they like, aiohttp and botocore their own
            if not (found.remote or isinstance(error, OSError)):
                raise
            if not found.remote or isinstance(error, _LASTING) or attempt + 1 == _ATTEMPTS:
                reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
                raise LandingError(f"cannot be read: {reason}", subject=found.source_uri) from None
            time.sleep(_PAUSE_SECONDS * 2**attempt)
    raise AssertionError


def sha256(data: bytes) -> str:
    """Hexadecimal SHA-256."""
    return hashlib.sha256(data).hexdigest()
