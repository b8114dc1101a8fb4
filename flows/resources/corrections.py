"""The file of decisions, `corrections.jsonl`: read whole, and only ever added to."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from transforms.corrections.decisions import Decision, read_line
from warehouse.errors import DatelineError

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Held:
    """The decisions of a file, by id, in the order of its lines, and the line each stands on."""

    file: Path
    decisions: dict[str, Decision] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def lines(self) -> tuple[str, ...]:
        """What they say, for other processes."""
        return tuple(held.line() for held in self.decisions.values())


def read_corrections(file: Path) -> Held:
    """The decisions of the file, none where there is no file. Lines may end in CRLF or be blank.

    Raises DatelineError that names the file and the line.
    """
    try:
        raw = file.read_bytes().removeprefix(_BOM)
    except FileNotFoundError:
        return Held(file)
    except OSError as error:
        raise DatelineError(f"cannot be read: {error.strerror}", subject=str(file)) from None
    held = Held(file)
    for number, line in enumerate(raw.split(b"\n"), start=1):  # no other sign ends a line
        try:
            text = line.decode("utf-8").strip()
            made = read_line(text) if text else None
        except UnicodeDecodeError:
            raise DatelineError("no UTF-8", subject=f"{file}:{number}") from None
        except ValueError as error:
            raise DatelineError(str(error), subject=f"{file}:{number}") from None
        if made is not None:
            held.decisions[made.correction_id] = made
            held.numbers[made.correction_id] = number
    return held


def add_corrections(file: Path, decisions: Iterable[Decision]) -> None:
    """Add a line for each at the end of the file, all or none. Raises DatelineError."""
    text = "".join(f"{held.line()}\n" for held in decisions)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a+b") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            end = stream.seek(0, os.SEEK_END)
            if end:
                stream.seek(end - 1)
                if stream.read(1) != b"\n":  # somebody's editor left the last line open
                    text = "\n" + text
            stream.write(text.encode("utf-8"))
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise DatelineError(f"cannot be written: {error.strerror}", subject=str(file)) from None
