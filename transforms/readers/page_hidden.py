"""What no reader of a page sees: taken out of it before its story is looked for.

By element, by attribute, by style, and by a rule of the page's own style sheets. What is merely
moved out of sight, or has a class that usually hides, goes only where the page has text without it:
a story that a script shows later stays.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from transforms.lexicons.loader import table

_NEVER = frozenset((
    "template", "noscript", "noframes", "iframe", "object", "textarea", "select", "datalist",
))  # fmt: skip
_HIDING = re.compile(
    r"(?:^|[;\s])(?:display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}(?:hidden|collapse)"
    r"|content-visibility\s{0,9}:\s{0,9}hidden)\b",
    re.I,
)
_ZERO = r"0{1,3}(?:\.0{1,3})?(?:px|em|rem|pt|%|vh|vw)?\s{0,9}(?:!|;|$)"
_AWAY = re.compile(  # no size, or a place beside the screen
    rf"(?:^|[;\s])(?:font-size\s{{0,9}}:\s{{0,9}}{_ZERO}|transform\s{{0,9}}:\s{{0,9}}scale\(0\)"
    r"|(?:left|right|top|text-indent|margin-left)\s{0,9}:\s{0,9}-\d{3,}"
    r"|clip\s{0,9}:\s{0,9}rect\(\s{0,9}[01](?:px)?[\s,]"
    r"|clip-path\s{0,9}:\s{0,9}inset\((?:50|100)%)",
    re.I,
)
_FLAT = re.compile(rf"(?:^|[;\s])(?:max-)?(?:height|width)\s{{0,9}}:\s{{0,9}}{_ZERO}", re.I)
_CUT_OFF = re.compile(r"overflow(?:-[xy])?\s{0,9}:\s{0,9}(?:hidden|clip)", re.I)
_SHOWN_WIDE = re.compile(r".+:(?!hidden)\w|d-(?:sm|md|lg|xl|xxl)-(?!none)\w")
_BODY = re.compile(r"(?:article|story|post|entry)[-_]{0,2}(?:body|text|content|copy)\b", re.I)
_BRACE = re.compile(r"[{}]")
_ANY_SCREEN = re.compile(r"\s*@(?:media\s+(?:only\s+)?(?:screen|all)\s*|layer[^;()]*)")
_COMPOUND = re.compile(r"(?:[a-z][a-z0-9-]*)?((?:[.#][\w-]+|\[[\w-]+\])+)", re.I)
_PART = re.compile(r"[.#][\w-]+|\[[\w-]+\]")
_SHEET = 200_000  # characters of a style sheet that are looked at
_DEEPEST = 3  # compounds of a selector
_TEXT = 100  # characters of paragraphs without which a page has no text

# the last compound of a selector, and those above it; each a set of ".class", "#id", "[attribute]"
Selector = tuple[frozenset[str], tuple[frozenset[str], ...]]


def without_hidden(tree: Any) -> None:
    """Take out of a page what no reader of it sees. What holds the headline stays."""
    body = tree.find("body")
    if body is None:
        return
    rules = _hiding_rules(tree)
    keep = {above for head in tree.iter("h1") for above in head.iterancestors()}
    gone, doubtful = [], []
    for node in body.iterdescendants():
        if not isinstance(node.tag, str) or node in keep:
            continue
        if _hidden(node, rules):
            gone.append(node)
        elif node.attrib and _out_of_sight(node) and not _is_story(node):
            doubtful.append(node)
    _drop(gone)
    if doubtful and _text_beside(body, doubtful):
        _drop(doubtful)


def _drop(nodes: Sequence[Any]) -> None:
    for node in nodes:
        if node.getparent() is not None:
            node.drop_tree()


def _hidden(node: Any, rules: Mapping[str, Sequence[Selector]]) -> bool:
    if node.tag in _NEVER or (node.tag == "dialog" and "open" not in node.attrib):
        return True
    if not node.attrib:
        return False
    get = node.get
    if "popover" in node.attrib or ("hidden" in node.attrib and get("hidden") != "until-found"):
        return True
    style = get("style")
    if style and _HIDING.search(style):
        return True
    if not rules:
        return False
    own = _parts(node)
    return any(
        last <= own and _stand_above(node, above)
        for part in own
        for last, above in rules.get(part, ())
    )


def _parts(node: Any) -> set[str]:
    get = node.get
    found = {f".{name}" for name in (get("class") or "").split()}
    if get("id"):
        found.add(f"#{get('id')}")
    return found | {f"[{name}]" for name in node.attrib}


def _stand_above(node: Any, wanted: Sequence[frozenset[str]]) -> bool:
    """Whether elements of these compounds stand above, the nearest last. The body's own classes
    are those of a state ("no-script") and do not count."""
    left = list(wanted)
    node = node.getparent()
    while left and node is not None and node.tag not in ("body", "html"):
        if left[-1] <= _parts(node):
            left.pop()
        node = node.getparent()
    return not left


def _out_of_sight(node: Any) -> bool:
    style = node.get("style")
    if style and (_AWAY.search(style) or (_FLAT.search(style) and _CUT_OFF.search(style))):
        return True
    held = node.get("class")
    if not held:
        return False
    listed = held.split()
    return not _unseen().isdisjoint(name.lower() for name in listed) and not any(
        _SHOWN_WIDE.match(name) for name in listed
    )


@cache
def _unseen() -> frozenset[str]:
    rows = table("readers/clutter.tsv", ["kind", "name"])
    return frozenset(row["name"] for row in rows if row["kind"] == "unseen")


def _is_story(node: Any) -> bool:
    return any(
        part.tag in ("article", "main")
        or part.get("itemprop") == "articleBody"
        or _BODY.search(f"{part.get('class') or ''} {part.get('id') or ''}")
        for part in node.iter()
        if isinstance(part.tag, str)
    )


def _text_beside(body: Any, nodes: Sequence[Any]) -> bool:
    """Whether paragraphs stand in none of these."""
    out = set(nodes)
    size = 0
    for line in body.iter("p"):
        if line not in out and out.isdisjoint(line.iterancestors()):
            size += len(" ".join(line.text_content().split()))
            if size >= _TEXT:
                return True
    return False


def _hiding_rules(tree: Any) -> dict[str, list[Selector]]:
    """A part of the last compound → selectors that the page's own style sheets hide, whatever the
    screen: of classes, ids and attributes, some deep."""
    found: dict[str, list[Selector]] = defaultdict(list)
    for sheet in tree.iter("style"):
        for selectors, rule in _rules("".join(sheet.itertext())[:_SHEET]):
            if not _HIDING.search(rule):
                continue
            for selector in selectors.split(","):
                compounds = selector.replace(">", " ").split()
                parts = [_COMPOUND.fullmatch(one) for one in compounds]
                if not 0 < len(parts) <= _DEEPEST or None in parts:
                    continue
                *above, last = (frozenset(_PART.findall(one[1])) for one in parts if one)
                found[min(last)].append((last, tuple(above)))
    return found


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """(selectors, declarations) of the rules of a style sheet, none of those for some screens."""
    text = "".join(part.partition("*/")[2] if at else part
                   for at, part in enumerate(sheet.split("/*")))  # fmt: skip
    depth, last, opened = 0, 0, 0
    for brace in _BRACE.finditer(text):
        if brace[0] == "{":
            if depth == 0 and _ANY_SCREEN.fullmatch(text, last, brace.start()):
                last = brace.end()  # its rules are read as if they stood outside
                continue
            opened = opened if depth else brace.end()
            depth += 1
            continue
        depth -= 1
        if depth <= 0:
            selectors, rule = text[last : max(opened - 1, last)], text[opened : brace.start()]
            depth, last = 0, brace.end()
            if "@" not in selectors:
                yield selectors, rule
