"""Who wrote a page: JSON-LD, `<meta>`, and the byline it shows, in that order.

A page that names only itself ("Staff", the paper's own name) is asked for its byline as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from transforms.readers.bylines import has_lead, is_desk, names_in, shown_names, unique
from transforms.readers.page_blocks import names as part_names
from transforms.readers.page_data import Linked, clean, kinds

_META = (
    "author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "byl",
    "article:author_name", "article:author", "og:article:author", "cxenseparse:author",
    "bt:author", "mrf:authors", "news_authors", "dcsext.author",
)  # fmt: skip
_BYLINE = re.compile(
    r"-(?:bylines?|authors?|writers?|reporters?|contributors?|(?:posted|written|published)-by)-"
)
_NAMED = re.compile(r"-(?:author|byline|contributor|writer)-(?:name|link)-|-fn-")
_BESIDE = re.compile(
    r"-(?:related|recirc|promo|teaser|card|recommended|popular|trending|comment|comments|footer"
    r"|sidebar|aside|newsletter|caption|credit|image|photo|picture|gallery|avatar|bio|social|share"
    r"|sharing|follow|toolbar)-"
)
_NO_BYLINE = frozenset(
    ("meta", "link", "script", "style", "img", "body", "html", "figure", "figcaption", "title")
)
_LONGEST = 160  # characters of an element that can be a byline


def authors(
    tree: Any,
    linked: Linked,
    meta: Mapping[str, Sequence[str]],
    sites: Sequence[str | None],
    lines: Sequence[tuple[str, bool]],
) -> list[str]:
    """Names of the authors. `lines` are the story's first and last lines, and whether in bold."""
    own = {_folded(site) for site in sites if site}

    def known(found: list[str]) -> bool:
        return any(_folded(name) not in own and not is_desk(name) for name in found)

    declared = _declared(linked, own)
    if known(declared):
        return declared
    shown = [name for name in _shown(tree) if _folded(name) not in own]
    named = _from_meta(meta, own)
    if known(named) and (not shown or {_folded(n) for n in named} & {_folded(n) for n in shown}):
        return named
    # the owner of the paper signs for it in <meta>; the byline is a person's
    return shown or _in_text(lines) or declared or named


def _folded(name: str) -> str:
    return re.sub(r"\W+", "", name).lower().removeprefix("the")


def _names(text: str, own: set[str]) -> list[str]:
    """Names of a byline in one text; "Amara Obi, CNN" does not name the site as an author."""
    found = names_in(clean(text))
    return [name for name in found if _folded(name) not in own] or found


def _declared(linked: Linked, own: set[str]) -> list[str]:
    for key in ("author", "creator"):
        for thing in linked.articles:
            found = unique(_people(thing.get(key), linked, own, 0))
            if found:
                return found
    return []


def _people(value: Any, linked: Linked, own: set[str], depth: int) -> list[str]:
    if depth > 4 or value is None:
        return []
    if isinstance(value, list):
        return [name for item in value for name in _people(item, linked, own, depth + 1)]
    value = linked.resolved(value)
    if isinstance(value, dict):
        if "@list" in value:
            return _people(value["@list"], linked, own, depth + 1)
        given, family = value.get("givenName"), value.get("familyName")
        name = value.get("name") or value.get("author")
        if isinstance(name, str) and any(kind.endswith("Organization") for kind in kinds(value)):
            return [clean(name)]  # "Science and Health Desk" is one
        if not name and isinstance(given, str) and isinstance(family, str):
            name = f"{given} {family}"
        return _people(name, linked, own, depth + 1)
    if not isinstance(value, str) or "://" in value.strip()[:12]:
        return []
    return _names(value, own)


def _from_meta(meta: Mapping[str, Sequence[str]], own: set[str]) -> list[str]:
    for key in _META:
        values = [v for v in meta.get(key, []) if "://" not in v and not v.startswith(("@", "/"))]
        found = unique(name for value in values for name in _names(value, own))
        if found:
            return found
    for label, value in (("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2")):
        if "".join(meta.get(label, [])).lower() in ("written by", "author", "by"):
            return _names(meta.get(value, [""])[0], own)
    return []


def _shown(tree: Any) -> list[str]:
    """Names of the first byline element behind the headline, else of the first of all."""
    head = next(tree.iter("h1"), None)
    passed = head is None
    early: list[str] = []
    for node in tree.iter():
        if node is head:
            passed = True
            continue
        found = _element_names(node) if _is_byline(node) else []
        if found and passed:
            return unique([*found, *_beside(node)])
        early = early or found
    return early


def _beside(node: Any) -> list[str]:
    """Names of the other bylines in the few words that a byline stands in."""
    block, above = node, node.getparent()
    while above is not None and len(" ".join(above.itertext())) <= _LONGEST:
        block, above = above, above.getparent()
    return [
        name
        for other in block.iter()
        if other is not node and _is_byline(other)
        for name in _element_names(other)
    ]


def _is_byline(node: Any) -> bool:
    if not isinstance(node.tag, str) or node.tag in _NO_BYLINE:
        return False
    rel, prop = node.get("rel") or "", node.get("itemprop") or ""
    marked = "author" in rel.split() or "author" in prop.split()
    said = (node.text or "").lstrip()[:3].rstrip().lower() == "by"
    if not (marked or said or (node.attrib and _BYLINE.search(part_names(node)))):
        return False
    steps = 0
    while node is not None and steps < 12 and node.tag not in ("body", "html", "main"):
        if node.tag in ("aside", "footer", "nav") or _BESIDE.search(part_names(node)):
            return False
        node, steps = node.getparent(), steps + 1
    return True


def _element_names(node: Any) -> list[str]:
    inner = [
        part
        for part in node.iter()
        if isinstance(part.tag, str)
        and part is not node
        and ("name" in (part.get("itemprop") or "").split()
             or "author" in (part.get("rel") or "").split()
             or _NAMED.search(part_names(part)))
    ]  # fmt: skip
    outer = {above for part in inner for above in part.iterancestors()}
    found = unique(
        name
        for part in inner
        if part not in outer
        for name in shown_names(clean(part.text_content()))
    )
    if found:
        return found
    pieces = [piece for text in node.itertext() if (piece := clean(text))]
    if not pieces or sum(map(len, pieces)) > _LONGEST:
        return []
    return shown_names(" ".join(pieces)) or shown_names(" | ".join(pieces))


def _in_text(lines: Sequence[tuple[str, bool]]) -> list[str]:
    """Names of a line of the story that is a byline: "By X", or two names or more in bold."""
    for line, bold in lines:
        if len(line) > _LONGEST:
            continue
        found = shown_names(line)
        if found and (has_lead(line) or (bold and len(found) > 1)):
            return found
    return []
