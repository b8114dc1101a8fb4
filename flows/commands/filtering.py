"""The options of `flows.resources.filters` on a command, alike on each."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

import typer

from flows.resources.filters import OPTIONS, choose, shown_in_words

_SHOWN_HELP = f"Only what is shown first: {shown_in_words()}; or all"


def filtered(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the filter options; it gets them as the `Filter` `chosen`."""
    added = {
        option.key: Annotated[
            list[str] | None if option.several else str | None,
            typer.Option(option.flag, help=option.help, rich_help_panel="Filters"),
        ]
        for option in OPTIONS
    }
    shown = Annotated[
        bool, typer.Option("--shown/--all", help=_SHOWN_HELP, rich_help_panel="Filters")
    ]
    signature = inspect.signature(command, eval_str=True)
    own = [item for name, item in signature.parameters.items() if name != "chosen"]
    keyword = inspect.Parameter.KEYWORD_ONLY

    @wraps(command)
    def wrapper(**options: Any) -> Any:
        values = {option.key: options.pop(option.key) for option in OPTIONS}
        chosen = choose(shown=options.pop("shown"), **values)
        return command(**options, chosen=chosen)

    kinds = {**added, "shown": shown}
    new = [
        inspect.Parameter(key, keyword, default=False if key == "shown" else None, annotation=kind)
        for key, kind in kinds.items()
    ]
    made: Any = wrapper
    made.__signature__ = signature.replace(parameters=[*own, *new])
    made.__annotations__ = {item.name: item.annotation for item in [*own, *new]}
    return wrapper
