"""Reading remote files: what fails for now is tried again with growing pauses, the rest is not."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import fsspec
import pytest

from flows import landing
from transforms.readers import Limits


class Flaky(fsspec.AbstractFileSystem):
    """A file system whose reads raise `failures` in turn before they succeed."""

    protocol = "flaky"
    cachable = False
    failures: list[Exception] = []  # noqa: RUF012  (set by each test)
    reads = 0

    def _open(self, path: str, mode: str = "rb", **_: Any) -> io.BytesIO:
        type(self).reads += 1
        if self.failures:
            raise self.failures.pop(0)
        return io.BytesIO(b"date 2026-01-01 The minister met his colleague.")

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        return {"name": path, "size": 47, "type": "file"}


class DriverError(Exception):
    """What a driver raises that knows nothing of OSError."""


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    fsspec.register_implementation("flaky", Flaky, clobber=True)
    monkeypatch.setattr(Flaky, "reads", 0)
    slept: list[float] = []
    monkeypatch.setattr(landing.time, "sleep", slept.append)
    yield slept


FOUND = landing.Found("flaky://bucket/a.txt", None, True)


@pytest.mark.parametrize("error", [OSError("connection reset"), DriverError("503 slow down")])
def test_a_passing_failure_is_tried_again(
    error: Exception, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Flaky, "failures", [error, error])
    assert landing.read_bytes(FOUND, Limits()).startswith(b"date 2026")
    assert Flaky.reads == 3
    assert pauses == [0.5, 1.0]


def test_after_the_last_try_the_file_is_named(
    pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Flaky, "failures", [DriverError("503 slow down")] * 9)
    with pytest.raises(landing.LandingError, match=r"flaky://bucket/a\.txt: .*503 slow down"):
        landing.read_bytes(FOUND, Limits())
    assert Flaky.reads == 3


@pytest.mark.parametrize("error", [FileNotFoundError("gone"), PermissionError("no")])
def test_a_lasting_failure_is_not_tried_again(
    error: Exception, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Flaky, "failures", [error] * 9)
    with pytest.raises(landing.LandingError):
        landing.read_bytes(FOUND, Limits())
    assert (Flaky.reads, pauses) == (1, [])
