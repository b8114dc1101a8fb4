"""Pages that we make ourselves: a room's templates, styles and scripts, in its `templates/`."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any


@cache
def template(package: str, name: str) -> Any:
    """A Jinja template of a package; what is put into it is escaped."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(package), autoescape=True, trim_blocks=True
    )
    return environment.get_template(name)


def asset(package: str, name: str) -> str:
    """A style sheet or script beside the templates of a package, as it stands."""
    return (resources.files(package) / "templates" / name).read_text("utf-8")
