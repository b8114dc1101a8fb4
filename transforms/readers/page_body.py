"""The story of a news page by its structure: the blocks of text that stand together.

Blocks in parts that name themselves as something else fall away; then the container is sought
that holds most of the prose left, and in it the blocks that stand as most of them do. Boxes,
lists of links, subheadings, pull quotes and signatures are left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from transforms.lexicons.loader import words
from transforms.readers.bylines import has_lead, shown_names
from transforms.readers.page_blocks import (
    HEADS,
    Block,
    blocks,
    mass,
    names,
    outside,
    without_clutter,
)

_ASIDE = HEADS | frozenset(("dt", "dd", "th", "caption", "address", "summary"))
_LISTS = frozenset(("ul", "ol"))
_BODY_NAME = re.compile(
    r"-(?:article|story|post|entry)-(?:body|text|content|copy)-|-articlebody-|-storybody-"
    r"|-body-(?:text|copy|content)-|-bodycopy-|-storytext-|-articletext-"
)
_BOX_STYLE = re.compile(
    r"(?:background(?:-color)?|border)\s*:\s*(?!none|0|transparent|inherit)", re.I
)
_RULE = re.compile(r"[\s_*#~=•·.+–—-]{1,30}")
_ENDS = re.compile(r"[.!?…。！？؟।][\"'”’»)\]」』]*$")
_LIST_ENDS = re.compile(r"[.!?…;,:。！？；؟।][\"'”’»)\]]*(?:\s*(?:and|or))?$")
_DIGITS = re.compile(r"\d+")
_NOT_WORD = re.compile(r"\W+")
_DESCEND = 0.7  # share of a container's prose that one child must hold
_TAIL = 0.2  # share of the story a signature may make up

Sign = tuple[str, str, str]


@dataclass(slots=True)
class Story:
    """Paragraphs of a story; its first and last lines, and whether in bold (a byline is one)."""

    lines: list[str] = field(default_factory=list)
    edges: list[tuple[str, bool]] = field(default_factory=list)
    sure: bool = False  # whether the page itself says that its article stands here

    @property
    def size(self) -> int:
        """Characters of the text."""
        return sum(map(len, self.lines))


def story(tree: Any, *, title: str | None = None) -> Story:
    """The page's story, an empty one where its structure shows none."""
    kept, heavy = without_clutter(tree, blocks(tree), body_name=_BODY_NAME, title=title)
    if heavy:
        # a box may be longer than its story ("the speech in full"), but it stands inside of it
        found = _in_container(tree, outside(kept, heavy), title)
        boxed = max(mass(kept)[part] for part in heavy)
        if found and all(_within(part, found[0]) for part in heavy) and found[1].size > boxed / 2:
            return found[1]
    found = _in_container(tree, kept, title)
    return found[1] if found else Story()


def _in_container(tree: Any, found: Sequence[Block], title: str | None) -> tuple[Any, Story] | None:
    container = _container(tree, found, title)
    if container is None:
        return None
    inside = [block for block in found if _within(block.node, container)]
    main = _main(inside)
    if main is None:
        return None
    if not _is_named(container):
        container = _around(block for block in inside if _sign(block) == main and block.prose)
        inside = [block for block in inside if _within(block.node, container)]
    start = next(n for n, block in enumerate(inside) if _sign(block) == main and block.prose)
    edges = [*inside[max(start - 6, 0) : start + 2], *inside[-3:]]
    return container, Story(
        lines=_lines(_standing(inside, main, start)),
        edges=[(block.text, block.strong > 0.9) for block in edges],
        sure=any(
            n.tag == "article" or _is_named(n) for n in (container, *container.iterancestors())
        ),
    )


def _around(found: Iterable[Block]) -> Any:
    """The innermost element around all of the blocks."""
    paths = ([*block.node.iterancestors()] for block in found)
    path = next(paths)
    for other in paths:
        held = set(other)
        path = [node for node in path if node in held]
    return path[0]


def _within(node: Any, container: Any) -> bool:
    while node is not None:
        if node is container:
            return True
        node = node.getparent()
    return False


def _container(tree: Any, found: Sequence[Block], title: str | None) -> Any:
    """The innermost element that holds most of the prose, an article body by name if there is."""
    weight = mass(found)
    node = tree.find("body")
    node = tree if node is None else node
    if not weight[node]:
        return None
    total = weight[node]
    path = [node]
    while True:
        children = [child for child in node if weight[child]]
        if not children:
            break
        best = max(children, key=lambda child: weight[child])
        alike = [c for c in children if c.tag == best.tag and c.get("class") == best.get("class")]
        if weight[best] < _DESCEND * weight[node] or best.tag in ("p", "li"):
            break
        if len(alike) > 1 and weight[best] < 0.9 * weight[node]:
            break
        node = best
        path.append(node)
    named = [n for n in path if _is_named(n)]
    if named:
        node = [n for n in named if weight[n] >= 0.85 * weight[named[0]]][-1]
    else:
        bodies = [n for n in weight if weight[n] >= 200 and _is_named(n)]
        outer = [n for n in bodies if not set(bodies).intersection(n.iterancestors())]
        if len(outer) == 1 and weight[outer[0]] >= total / 5:
            node = outer[0]
    return _first_of_many(node, title)


def _is_named(node: Any) -> bool:
    return node.get("itemprop") == "articleBody" or bool(_BODY_NAME.search(names(node)))


def _first_of_many(node: Any, title: str | None) -> Any:
    """Of several stories in one page, each with its headline, the one the page is about."""
    stories = [
        article
        for article in node.iter("article")
        if article is not node and len(list(article.iter("h1"))) == 1
    ]
    if len(stories) < 2:
        return node
    for article in stories:
        head = next(article.iter("h1"))
        if title and " ".join(head.text_content().split()) == title:
            return article
    return stories[0]


def _sign(block: Block) -> Sign:
    """How a block stands: its tag, and the tag and class of what it stands in."""
    parent = block.node.getparent()
    if parent is None:
        return block.node.tag, "", ""
    name = _DIGITS.sub("", parent.get("class") or "")
    return block.node.tag, parent.tag, name or f"at depth {len(list(parent.iterancestors()))}"


def _main(found: Sequence[Block]) -> Sign | None:
    """How most of the prose stands; list items only where nothing else is long."""
    share: Counter[Sign] = Counter()
    for block in found:
        if block.prose and block.node.tag not in _ASIDE:
            share[_sign(block)] += len(block.text) // (4 if block.node.tag == "li" else 1)
    return max(share, key=lambda sign: share[sign]) if share else None


def _standing(found: Sequence[Block], main: Sign, first: int) -> list[Block]:
    """The blocks of the main kind, and others that belong between them."""
    mains = [block for block in found if _sign(block) == main]
    holders = {block.node for block in mains}
    above = {node for block in mains for node in block.node.iterancestors()}
    size = sum(len(block.text) for block in mains)
    styled = sum(len(block.text) for block in mains if _boxed(block.node))
    told = _NOT_WORD.sub("", "".join(block.text for block in mains)).lower()
    parts, part_of = _odd_parts(found, holders | above, above)
    boxes = _boxes(parts, size, set(found[:first]))
    kept = []
    for index, block in enumerate(found):
        tag = block.node.tag
        if tag in _ASIDE:
            continue
        if block.node in holders:
            if styled < size / 5 and _boxed(block.node):
                continue
            if index < first and not _ENDS.search(block.text):
                continue
        elif block in part_of:
            if part_of[block] in boxes:
                continue
            if tag not in ("p", "li", "blockquote") and (main[0] == "p" or not block.prose):
                continue  # captions of pictures, more often than not
            if len(block.text) > 20 and _NOT_WORD.sub("", block.text).lower() in told:
                continue  # a pull quote
        elif len(block.text) < 25 or not _ENDS.search(block.text):
            continue  # loose text between the paragraphs
        kept.append(block)
    return kept


def _odd_parts(
    found: Sequence[Block], ours: set[Any], above: set[Any]
) -> tuple[dict[Any, list[Block]], dict[Block, Any]]:
    """The largest parts that hold no main block → their blocks; and the part of each block."""
    parts: dict[Any, list[Block]] = {}
    part_of: dict[Block, Any] = {}
    for block in found:
        node = block.node
        if node in ours:
            continue
        parent = node.getparent()
        while parent is not None and parent not in above:
            node, parent = parent, parent.getparent()
        part_of[block] = node
        parts.setdefault(node, []).append(block)
    return parts, part_of


def _boxes(parts: dict[Any, list[Block]], size: int, before: set[Block]) -> set[Any]:
    """Parts that stand beside the story: by their kind, or small ones between its paragraphs.

    `size` is of the main blocks in characters, `before` the blocks before the first of them.
    """
    found = {part for part, inner in parts.items() if _is_box(part, inner, size)}
    found |= {part for part, inner in parts.items() if part.tag in _LISTS and inner[0] in before}
    small = {
        part: sum(len(block.text) for block in inner)
        for part, inner in parts.items()
        if part not in found and inner[0] not in before
        and part.tag not in ("p", "blockquote", *_LISTS)
    }  # fmt: skip
    small = {part: text for part, text in small.items() if text < size / 10}
    if sum(small.values()) < size / 4:
        found.update(small)
    return found


def _boxed(node: Any) -> bool:
    style = node.get("style")
    return bool(style and _BOX_STYLE.search(style))


def _is_box(root: Any, inner: Sequence[Block], size: int) -> bool:
    """Whether a part that holds no main block is something beside the story."""
    if root.tag in ("table", "dl") or _boxed(root):
        return True
    text = sum(len(block.text) for block in inner)
    linked = sum(len(block.text) * block.links for block in inner)
    if linked > 0.4 * text:
        return True
    items = [block for block in inner if block.node.tag not in _ASIDE]
    if root.tag in _LISTS:
        ended = sum(bool(_LIST_ENDS.search(block.text)) for block in items)
        return text < 40 * len(items) or 2 * ended < len(items)
    titled = inner[0].node.tag in HEADS or (inner[0].strong > 0.9 and len(inner) > 1)
    return titled and root.tag not in HEADS and text < size / 2


def _lines(found: Sequence[Block]) -> list[str]:
    """Texts without subheadings, lines that are one link, furniture and signatures."""
    kept: list[Block] = []
    seen: set[str] = set()
    for block in found:
        text = block.text
        if len(text) > 40 and text in seen:
            continue
        seen.add(text)
        if is_furniture(text) or _heading(block) or (block.links > 0.9 and text[-1] != "."):
            continue
        if not kept and has_lead(text) and shown_names(text):
            continue
        kept.append(block)
    return [block.text for block in kept[: _signature(kept)] if not _RULE.fullmatch(block.text)]


def _heading(block: Block) -> bool:
    return (
        block.strong > 0.95
        and len(block.text.split()) <= 14
        and not _ENDS.search(block.text.rstrip(":"))
    )


def _signature(found: Sequence[Block]) -> int:
    """How many blocks come before the slanted notes, or a rule and few lines, at the end."""
    total = sum(len(block.text) for block in found)
    end, tail = len(found), 0
    while end > 1 and (found[end - 1].slanted > 0.9 or is_ending(found[end - 1].text)):
        tail += len(found[end - 1].text)
        if tail > _TAIL * total:
            return len(found)
        end -= 1
    tail = 0
    for index in range(end - 1, max(end - 8, 0), -1):
        tail += len(found[index].text)
        if tail > _TAIL * total:
            break
        if _RULE.fullmatch(found[index].text):
            return index
    return end


@cache
def _furniture() -> dict[str, re.Pattern[str]]:
    kinds: dict[str, list[str]] = {"start": [], "end": []}
    for entry in words("readers/furniture.txt"):
        kinds["end" if entry.startswith("…") else "start"].append(entry.removeprefix("…"))
    return {
        kind: re.compile("|".join(f"(?:{entry})" for entry in entries), re.I)
        for kind, entries in kinds.items()
    }


def is_furniture(line: str) -> bool:
    """Whether a line calls to sign up, follow, share or read more, or credits a picture."""
    return bool(_furniture()["start"].match(line))


def is_ending(line: str) -> bool:
    """Whether a line that ends a story says who reported, edited or first published it."""
    return bool(_furniture()["end"].search(line))
