"""Errors a user sees: one line that names the file, table or option at fault."""

from __future__ import annotations


class DatelineError(Exception):
    """Base of all expected errors. `subject` is the file, table or option at fault."""

    def __init__(self, reason: str, *, subject: str | None = None) -> None:
        super().__init__(f"{subject}: {reason}" if subject else reason)
        self.subject = subject
        self.reason = reason


class WarehouseBusy(DatelineError):
    """Another process holds the warehouse open for writing."""


class WarehouseMissing(DatelineError):
    """There is no warehouse at this path yet."""


class SchemaMismatch(DatelineError):
    """The warehouse was made by another version and cannot be migrated."""


class BatchRefused(DatelineError):
    """The quality gate refused a whole batch; nothing of it was loaded."""
