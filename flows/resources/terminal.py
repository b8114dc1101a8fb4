"""What a terminal is told: texts of strangers without the signs that steer it.

A title, an address or a file's name may hold escape sequences that move the cursor, change the
window's title or hide what stands before. They are shown as `\\x1b`, as Python writes them.
"""

from __future__ import annotations

import logging
import re
import sys

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """The text with control characters, but tab and line feed, and marks of direction spelt out."""
    return _CONTROL.sub(lambda m: m[0].encode("unicode_escape").decode("ascii"), text)


def say(text: object, *, err: bool = False) -> None:
    """One line on standard output, or on standard error."""
    stream = sys.stderr if err else sys.stdout
    stream.write(plain(str(text)) + "\n")
    stream.flush()


class PlainFormatter(logging.Formatter):
    """Log lines with the time of day."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s  %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        return plain(super().format(record))
