"""An object store as DuckDB reads and writes it, with credentials from where AWS's tools look."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

import duckdb

from warehouse import extensions
from warehouse.connection import Connection
from warehouse.dialects import quote
from warehouse.errors import DatelineError


def is_remote(data: str) -> bool:
    """Whether the data lie in an object store."""
    return "://" in data


def check(data: str) -> None:
    """Raises DatelineError for what is no folder and no `s3://bucket/prefix`."""
    if not is_remote(data):
        return
    parts = urlsplit(data)
    if parts.scheme != "s3" or not parts.hostname or parts.username or parts.query:
        raise DatelineError(
            "is no folder and no s3://bucket/prefix; other stores are named by AWS_ENDPOINT_URL",
            subject=f"DATELINE_LAKE_DATA ({parts.scheme}://…)",
        )


def grant(con: Connection, data: str) -> None:
    """Let this connection, and no other, read and write there.

    Key, token, region and endpoint come from the environment, `~/.aws` or the machine's role. They
    are held in memory and told to nobody; those of a role end with it, so ask again now and then.
    Raises DatelineError where there are none.
    """
    extensions.load(con, "httpfs")
    from botocore.exceptions import BotoCoreError
    from botocore.session import Session

    session = Session()
    try:
        credentials = session.get_credentials()
    except BotoCoreError as error:
        raise DatelineError(str(error), subject="credentials of the object store") from None
    if credentials is None:
        raise DatelineError(
            "there are none; AWS_ACCESS_KEY_ID, AWS_PROFILE or a role gives them",
            subject="credentials of the object store",
        )
    held = credentials.get_frozen_credentials()
    options = {
        "KEY_ID": held.access_key,
        "SECRET": held.secret_key,
        "SESSION_TOKEN": held.token,
        "REGION": session.get_config_variable("region") or "us-east-1",
        **_endpoint(session.get_scoped_config()),
    }
    given = ", ".join(f"{name} {quote(text)}" for name, text in options.items() if text)
    try:
        con.execute(
            f"CREATE OR REPLACE SECRET dateline_store (TYPE s3, SCOPE {quote(data)}, {given})"
        )
    except duckdb.Error:  # its message holds the statement
        raise DatelineError(
            "DuckDB did not take them", subject="credentials of the object store"
        ) from None


def _endpoint(profile: dict[str, str]) -> dict[str, str]:
    """Where another store than Amazon's answers."""
    address = (
        os.environ.get("AWS_ENDPOINT_URL_S3")
        or os.environ.get("AWS_ENDPOINT_URL")
        or profile.get("endpoint_url")
    )
    if not address:
        return {}
    parts = urlsplit(address)
    return {
        "ENDPOINT": parts.netloc + parts.path.rstrip("/"),
        "URL_STYLE": "path",
        "USE_SSL": str(parts.scheme != "http").lower(),
    }
