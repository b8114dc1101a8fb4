"""A page cut into blocks of text, and the names its parts give themselves.

A block is a paragraph, a list item, a cell, or a run of text between two breaks. Elements that
hold no story by their tag (scripts, navigation, figures) are not read at all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from transforms.lexicons.loader import table
from transforms.readers.page_hidden import without_hidden

_SKIP_ROLES = frozenset(("navigation", "complementary", "contentinfo", "dialog", "search", "menu"))
_INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn",
    "em", "font", "i", "img", "ins", "kbd", "mark", "nobr", "q", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
))  # fmt: skip
_LOOSE = frozenset(("div", "section", "article", "main"))  # a span in these is a part of its own
HEADS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_PARAGRAPHS = frozenset(("p", "li", "h1", "h2", "h3", "h4"))
_NOTES = frozenset(("span", "small", "cite", "i", "em"))
_KIND = {"a": "links", "b": "strong", "strong": "strong", "em": "slanted", "i": "slanted"}
_PROSE = 60  # bytes from which a block counts as prose
_LITTLE = 300  # characters of prose that are no page
_LONG_LINE = 200  # characters of a line that is a paragraph where one break ends it
_SPLIT = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")


@dataclass(slots=True, eq=False)
class Block:
    """One run of text. `links`, `strong` and `slanted` are shares of its characters, 0 to 1."""

    node: Any  # the block element that holds it
    text: str
    links: float
    strong: float
    slanted: float
    prose: bool  # long enough for a sentence, and no list of links


class _Run:
    """The text being read, and how much of it stands in links, bold and slanted."""

    def __init__(self, found: list[Block]) -> None:
        self.found = found
        self.depth = dict.fromkeys(("links", "strong", "slanted"), 0)
        self._clear()

    def _clear(self) -> None:
        self.parts: list[str] = []
        self.share = dict.fromkeys(self.depth, 0)
        self.size = 0
        self.broken = False

    def add(self, text: str | None) -> None:
        if not text:
            return
        self.parts.append(text)
        size = len(text) if text.isalnum() else len("".join(text.split()))
        if size:
            self.broken = False
            self.size += size
            for kind, depth in self.depth.items():
                if depth:
                    self.share[kind] += size

    def line(self, holder: Any) -> None:
        """A `<br>`: two in a row end the block, or one behind a long line with a full stop."""
        if self.broken or (
            self.size > _LONG_LINE and self.parts[-1].rstrip().endswith((".", "”", '"', "。"))
        ):
            self.flush(holder)
        self.parts.append(" ")
        self.broken = True

    def mark(self, tag: str, step: int) -> None:
        kind = _KIND.get(tag)
        if kind:
            self.depth[kind] += step

    def flush(self, holder: Any) -> None:
        if self.size:
            links, strong, slanted = (count / self.size for count in self.share.values())
            text = " ".join("".join(self.parts).split())
            # in bytes, as a sentence of Chinese or Arabic has fewer characters
            prose = links < 0.5 and len(text.encode("utf-8", "replace")) >= _PROSE
            self.found.append(Block(holder, text, links, strong, slanted, prose))
        self._clear()


def blocks(tree: Any) -> list[Block]:
    """All blocks of the page in order."""
    from lxml.etree import iterwalk

    root = tree.find("body")
    root = tree if root is None else root
    found: list[Block] = []
    run = _Run(found)
    holders = [root]
    run.add(root.text)
    walker = iterwalk(root, events=("start", "end"))
    next(walker)
    for event, node in walker:
        tag = node.tag
        # elements of a site's own make are parts of a sentence where they stand in one
        inline = tag in _INLINE or ("-" in tag and holders[-1].tag in _PARAGRAPHS)
        if event == "start":
            if _skipped(node, tag):
                walker.skip_subtree()
                if not inline:
                    run.flush(holders[-1])
            elif tag == "br":
                run.line(holders[-1])
            else:
                if inline:
                    run.mark(tag, 1)
                else:
                    run.flush(holders[-1])
                    holders.append(node)
                run.add(node.text)
            continue
        if node is holders[-1]:
            run.flush(node)
            holders.pop()
        elif tag in _KIND and inline and not _skipped(node, tag):
            run.mark(tag, -1)
        if holders:
            run.add(node.tail)
    return found


def fragment_lines(html: str) -> list[str]:
    """Lines of a fragment of HTML, as of a feed or a mail, without what is hidden in it."""
    import lxml.html

    tree = lxml.html.document_fromstring(f"<html><body>{html}</body></html>")
    without_hidden(tree)
    return [block.text for block in blocks(tree)]


def _skipped(node: Any, tag: str) -> bool:
    if tag in _tags():
        # some systems put the whole page into one form
        return tag != "form" or node.find(".//h1") is None
    if not node.attrib:
        return False
    if "hidden" in node.attrib or node.get("role") in _SKIP_ROLES:
        return True
    if tag not in _NOTES or "class" not in node.attrib:
        return False
    parent = node.getparent()
    loose = parent is not None and parent.tag in _LOOSE
    return bool(_clutter()["box" if loose else "note"].search(names(node)))


@cache
def _entries() -> dict[str, list[str]]:
    kinds: dict[str, list[str]] = {"tag": [], "box": [], "far": [], "note": [], "unseen": []}
    for row in table("readers/clutter.tsv", ["kind", "name"]):
        if row["kind"] not in kinds:
            raise row.error(f"unknown kind {row['kind']!r}")
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["name"]):
            raise row.error(f"{row['name']!r} is not words joined by hyphens")
        if row["name"] in kinds[row["kind"]]:
            raise row.error(f"{row['name']} stands twice")
        kinds[row["kind"]].append(row["name"])
    return kinds


@cache
def _tags() -> frozenset[str]:
    return frozenset(_entries()["tag"])


@cache
def _clutter() -> dict[str, re.Pattern[str]]:
    # "has-sidebar", "no-comments" and "comments-open" are said of what is around them
    before, behind = r"(?<!-has)(?<!-no)(?<!-with)(?<!-without)", "(?!open|closed|enabled|disabled)"
    return {
        kind: re.compile(f"{before}-(?:{'|'.join(entries)})-{behind}")
        for kind, entries in _entries().items()
    }


def names(node: Any) -> str:
    """Words of an element's class, id, component and test id: "-article-body-|-wide-|".

    Classes that WordPress gives an article for its tags and authors are none of its own.
    """
    get = node.get
    return "".join(
        _name(name)
        for key in ("class", "id", "data-component", "data-testid", "data-area")
        if (value := get(key)) and (key != "class" or "type-post" not in value)
        for name in value.split()[:30]
    )


@lru_cache(maxsize=8192)
def _name(name: str) -> str:
    return f"-{'-'.join(part.lower() for part in _SPLIT.split(name[:120]) if part)}-|"


def mass(found: Iterable[Block]) -> Counter[Any]:
    """Element → characters of prose in it, for every element above a block of prose."""
    above: Counter[Any] = Counter()
    for block in found:
        if block.prose:
            size = len(block.text)
            node = block.node
            while node is not None:
                above[node] += size
                node = node.getparent()
    return above


def without_clutter(
    tree: Any, found: list[Block], *, body_name: re.Pattern[str], title: str | None
) -> tuple[list[Block], list[Any]]:
    """Blocks that stand in no part named as something else, and the parts spared for their size.

    A part that holds more than half of the page's prose is spared whatever it is called, and so
    are those around the headline. Names stand in `lexicons/readers/clutter.tsv`.
    """
    heads = list(tree.iter("h1"))
    named = [head for head in heads if title and " ".join(head.text_content().split()) == title]
    around = {node for head in (named or heads)[:1] for node in head.iterancestors()}
    around.update(tree.iter("html", "body", "main"))
    near = _outside(found, lambda node: node in around, _clutter()["far"])
    if sum(len(block.text) for block in near if block.prose) < _LITTLE:
        near = found  # all the page's prose is no comment and no dialogue
    weight = mass(near)
    total = sum(len(block.text) for block in near if block.prose)
    under: Counter[str] = Counter()
    for node, size in weight.items():
        under[names(node)] += size
    heavy: list[Any] = []

    def spared(node: Any) -> bool:
        if node in around or node.get("itemprop") == "articleBody":
            return True
        name = names(node)
        if under[name] > total / 2:
            heavy.append(node)
            return True
        return weight[node] > total / 5 and bool(body_name.search(name))

    return _outside(near, spared, _clutter()["box"]), heavy


def outside(found: list[Block], parts: Iterable[Any]) -> list[Block]:
    """Blocks that stand in none of the elements."""
    gone = set(parts)
    return [b for b in found if b.node not in gone and gone.isdisjoint(b.node.iterancestors())]


def _outside(found: list[Block], spared: Any, pattern: re.Pattern[str]) -> list[Block]:
    inside: dict[Any, bool] = {}

    def dropped(node: Any) -> bool:
        path = []
        while node is not None and node not in inside:
            path.append(node)
            node = node.getparent()
        answer = inside[node] if node is not None else False
        for step in reversed(path):
            answer = answer or (bool(pattern.search(names(step))) and not spared(step))
            inside[step] = answer
        return answer

    return [block for block in found if not dropped(block.node)]
