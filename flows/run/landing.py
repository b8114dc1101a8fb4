"""Finding raw files and reading their bytes: local paths, folders, globs, fsspec addresses."""

from __future__ import annotations

import glob
import hashlib
import os
import re
import stat as modes
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from transforms.readers import Limits, ReadError
from warehouse.addresses import place_of
from warehouse.errors import DatelineError

_ATTEMPTS = 3
_PAUSE_SECONDS = 0.5
_LASTING = (FileNotFoundError, PermissionError, IsADirectoryError, NotImplementedError)
_GLOB = set("*?[")
_HIDDEN = (".", "_SUCCESS")
_BYTE = re.compile(r"\\x([89a-f][0-9a-f])")  # a byte of a name that is no UTF-8, as `shown`
# What a name in a folder can be beside a file. A pipe is waited on for ever, a device never ends.
_KINDS = (
    (modes.S_ISFIFO, "a named pipe"),
    (modes.S_ISSOCK, "a socket"),
    (modes.S_ISCHR, "a device"),
    (modes.S_ISBLK, "a device"),
    (modes.S_ISDIR, "a folder"),
)


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
    """A file cannot be read. `rule` is what it is refused for."""

    def __init__(self, reason: str, *, subject: str, rule: str = "unreadable") -> None:
        super().__init__(reason, subject=subject)
        self.rule = rule


def find(paths: Sequence[str], *, warehouse: Path | None = None) -> Iterator[Found | ReadError]:
    """Every file below the given paths once, in order of address.

    Folders are walked; hidden files are passed over, and what Dateline itself keeps beside
    `warehouse`, unless it is named.
    """
    own = _own(warehouse) if warehouse else None
    named = {*map(shown, map(os.path.abspath, paths))}
    seen: set[str] = set()
    for item in sorted((f for path in paths for f in _expand(path)), key=address):
        where = address(item)
        if own and own.fullmatch(where) and where not in named:
            continue
        if where not in seen:
            seen.add(where)
            yield item


def _own(warehouse: Path) -> re.Pattern[str]:
    """Addresses of the warehouse, its snapshots, quality pages, log and passing files."""
    path = Path(shown(str(place_of(warehouse).absolute())))
    name, stem = re.escape(path.name), re.escape(path.stem)
    kept = (
        rf"{name}(\..*)?", rf"{stem}\.((snapshots|data)/.*|serve\.lock)", r"reextract-[^/]+/.*",
        r"prefect-server\.log", rf"exchange/{stem}-[0-9a-f]{{12}}/.*",
        r"quality/\d{8}T\d{6}-[0-9a-f]{8}\.html",
    )  # fmt: skip
    return re.compile(f"{re.escape(path.parent.as_posix().rstrip('/'))}/({'|'.join(kept)})")


def address(item: Found | ReadError) -> str:
    """Where it lies, also of what cannot be read."""
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
        elif not Path(_real(path)).exists():
            raise DatelineError("no such file or folder", subject=path)


def _matches(pattern: str) -> list[Path]:
    found = glob.glob(pattern, recursive=True)  # noqa: PTH207  (Path.glob takes no absolute one)
    return [Path(match) for match in found]


def shown(path: str) -> str:
    """A path as text: bytes of a name that are no UTF-8 as `\\xe9`. `_real` turns it back."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _real(address: str) -> str:
    """The path that `shown` gave as an address."""
    if not _BYTE.search(address) or os.path.lexists(address):
        return address
    raw = _BYTE.sub(lambda m: chr(0xDC00 + int(m[1], 16)), address)
    return raw if os.path.lexists(raw) else address


def exists(address: str) -> bool:
    """Whether a file that was seen is still there; remote ones are taken to be."""
    return "://" in address or Path(_real(address)).exists()


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
    path = Path(_real(str(path.absolute())))
    if path.is_dir():
        yield from _below(path.as_posix())
    else:
        yield _file(path.as_posix(), path.stat)


def _below(folder: str) -> Iterator[Found | ReadError]:
    """Files of a folder and its folders; links to folders are not followed."""
    waiting = [folder]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                listed = [entry for entry in entries if not entry.name.startswith(_HIDDEN)]
        except OSError as error:
            yield ReadError("unreadable", f"cannot be listed: {error.strerror}", shown(folder))
            continue
        for entry in listed:
            try:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                    continue
                if entry.is_symlink() and entry.is_dir():
                    continue
            except OSError:  # a link that leads to itself; `stat` says so
                pass
            yield _file(entry.path, entry.stat)


def _file(path: str, stat: Callable[[], os.stat_result]) -> Found | ReadError:
    try:
        about = stat()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return ReadError("unreadable", f"cannot be read: {reason}", shown(path))
    if (kind := _no_file(about.st_mode)) is not None:
        return ReadError("not-a-file", f"{kind}; only files are read", shown(path))
    return Found(shown(path), about.st_size, touched=about.st_ctime)


def _no_file(mode: int) -> str | None:
    """What it is, when it is no regular file."""
    if modes.S_ISREG(mode):
        return None
    return next((name for fits, name in _KINDS if fits(mode)), "no regular file")


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
        raise _too_large(found, f"{found.size >> 20} MiB", limits)
    for attempt in range(_ATTEMPTS):
        try:
            data = _remote_bytes(found, limits) if found.remote else _local_bytes(found, limits)
        except LandingError:
            raise
        except Exception as error:  # drivers raise what they like, aiohttp and botocore their own
            if not found.remote or isinstance(error, _LASTING) or attempt + 1 == _ATTEMPTS:
                reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
                raise LandingError(f"cannot be read: {reason}", subject=found.source_uri) from None
            time.sleep(_PAUSE_SECONDS * 2**attempt)
            continue
        if len(data) > limits.max_file_bytes:
            raise _too_large(found, "it goes on", limits)
        return data
    raise AssertionError


def _too_large(found: Found, size: str, limits: Limits) -> LandingError:
    reason = f"{size}, more than the {limits.max_file_bytes >> 20} MiB allowed"
    return LandingError(reason, subject=found.source_uri, rule="too-large")


def _remote_bytes(found: Found, limits: Limits) -> bytes:
    import fsspec

    with fsspec.open(found.source_uri, "rb") as stream:
        return bytes(stream.read(limits.max_file_bytes + 1))


def _local_bytes(found: Found, limits: Limits) -> bytes:
    """At most one byte more than allowed, and of a regular file only: what was one a moment ago
    may be a pipe by now."""
    handle = os.open(_real(found.source_uri), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(handle, "rb") as stream:  # noqa: PTH123  (a descriptor, no path)
        if (kind := _no_file(os.fstat(handle).st_mode)) is not None:
            reason = f"{kind}; only files are read"
            raise LandingError(reason, subject=found.source_uri, rule="not-a-file")
        return stream.read(limits.max_file_bytes + 1)


def sha256(data: bytes) -> str:
    """Hexadecimal SHA-256."""
    return hashlib.sha256(data).hexdigest()
