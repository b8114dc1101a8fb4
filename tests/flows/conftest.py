"""Prefect for the tests that need its engine: a local server on a database of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def prefect_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A local Prefect server for this test process. Gives its home folder."""
    home = tmp_path_factory.mktemp("prefect")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREFECT_HOME", str(home))
        patch.delenv("PREFECT_API_URL", raising=False)
        from flows.orchestration import local_server

        with local_server.api():
            from prefect.settings import get_current_settings, temporary_settings

            url = get_current_settings().api.url
            patch.setenv("PREFECT_API_URL", str(url))
            with temporary_settings():
                yield home
            patch.delenv("PREFECT_API_URL")
