"""Parameters that several flows share, and how their descriptions reach Prefect's forms."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any, TypeVar, get_type_hints

from pydantic import Field
from pydantic.fields import FieldInfo

STEP_SECONDS = 3600

WarehousePath = Annotated[str, Field(description="The DuckDB file, or ducklake:…")]
BatchSize = Annotated[int, Field(description="Articles in one transaction", ge=1)]
Processes = Annotated[int, Field(description="Worker processes, 0 for one a core", ge=0)]
Wait = Annotated[float, Field(description="Seconds to wait while another process writes", ge=0)]

F = TypeVar("F", bound=Callable[..., Any])


def described(function: F) -> F:
    """Add an `Args:` section made of the parameters' descriptions to the docstring.

    Prefect's form takes descriptions from there and drops those of `Annotated`.
    """
    hints = get_type_hints(function, include_extras=True)
    lines = [inspect.getdoc(function) or "", "", "Args:"]
    lines += [
        f"    {name}: {item.description}"
        for name in inspect.signature(function).parameters
        for item in getattr(hints[name], "__metadata__", ())
        if isinstance(item, FieldInfo) and item.description
    ]
    function.__doc__ = "\n".join(lines)
    return function
