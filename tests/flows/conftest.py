"""Prefect for the tests that need its engine: a local server on a database of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def prefect_api(
    tmp_path_factory: pytest.TempPathFactory, prefect_home: Callable[[Path], Path]
) -> Iterator[Path]:
    """A local Prefect server for this test process. Gives its home folder."""
    home = prefect_home(tmp_path_factory.mktemp("prefect") / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREFECT_HOME", str(home))
        patch.delenv("PREFECT_API_URL", raising=False)
        from flows.orchestration import local_server

        with local_server.api():
            from prefect.settings import get_current_settings, temporary_settings

            named = get_current_settings().api
            assert named.auth_string is not None
            patch.setenv("PREFECT_API_URL", str(named.url))
            patch.setenv("PREFECT_API_AUTH_STRING", named.auth_string.get_secret_value())
            with temporary_settings():
                yield home
            patch.delenv("PREFECT_API_URL")
            patch.delenv("PREFECT_API_AUTH_STRING")
