"""The documentation's pages build without a warning and ask for nothing that lies elsewhere."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

pytest.importorskip("sphinx")
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("docs") / "site"
    done = subprocess.run(
        [sys.executable, "docs/site.py", str(target)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{target / 'index.html'}\n"
    return target


class Fetched(HTMLParser):
    """What a browser would fetch for a page by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        if tag in ("script", "img", "iframe", "source") and held.get("src"):
            self.addresses.append(str(held["src"]))
        if tag == "link" and held.get("rel") in ("stylesheet", "icon", "preload", "preconnect"):
            self.addresses.append(str(held.get("href")))


def test_no_page_asks_for_anything_outside(site: Path) -> None:
    pages = sorted(site.glob("*.html"))
    assert len(pages) > 12
    for page in pages:
        fetched = Fetched()
        fetched.feed(page.read_text("utf-8"))
        assert fetched.addresses, page.name
        for address in fetched.addresses:
            assert not re.match(r"[a-z]+:|//", address), f"{page.name} asks for {address}"
            assert (site / address.partition("?")[0]).exists(), f"{page.name}: {address}"
    for sheet in site.rglob("*.css"):
        asked = re.findall(r"(?:url\(|@import)\s*['\"]?((?:https?:)?//[^'\")]*)", sheet.read_text())
        assert not asked, sheet.name


def test_every_guide_command_and_module_has_its_place(site: Path) -> None:
    commands = (site / "commands.html").read_text("utf-8")
    for name in ("dateline run", "dateline dictionary check", "dateline compare gdelt"):
        assert f"<h2>{name}" in commands, name
    assert "--min-confidence" in commands
    python = (site / "python.html").read_text("utf-8")
    assert 'id="dateline.extraction.extract"' in python and 'id="dateline.store.Warehouse' in python
    modules = (site / "modules.html").read_text("utf-8")
    assert "transforms.nlp.events.coder" in modules and "Who did what to whom" in modules


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_search_works_from_a_file(site: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=9000",
         f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom",
         f"file://{site}/search.html?q=reextract"],
        capture_output=True, text=True, timeout=300, check=True,
    )  # fmt: skip
    assert re.search(r'<a href="[^"]*(?:commands|guide|dictionary)\.html', done.stdout)
    assert 'class="search-summary"' in done.stdout


def test_links_to_pages_stay_and_others_keep_their_words(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("site_pages", ROOT / "docs" / "site.py")
    assert spec is not None and spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    text = "[a](CONTRIBUTING.md#recipes) [b](flows) [c](https://e.org) [d](#here) [`e`](docs/x.md)"
    assert module._linked(text, Path("README.md"), tmp_path) == (
        "[a](contributing.md#recipes) b [c](https://e.org) [d](#here) `e`"
    )
